//! The arguments of a call, walked.

use super::command::{Heard, Judge};
use super::effect::Effects;
use super::role::Role;
use super::scene::Access;
use super::{Reading, Scene, sql};
use crate::event::{Json, Tool};

/// JSON within strings within JSON.
const MOST_NESTED: usize = 4;

/// What a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// A command line.
    Command,
    /// The program of a command whose arguments stand elsewhere.
    Program,
    /// Arguments of a program.
    Arguments,
    /// Code of a language.
    Code,
    /// Statements for a database.
    Statement,
    /// A file or folder.
    Path,
    /// The folder to run in.
    Folder,
    /// An address.
    Address,
    /// Changes to files, each named within.
    Patch,
    /// Text for people, or a number of no meaning.
    Text,
    /// Anything else.
    Other,
}

impl Key {
    /// What a key means. Letter case, dots, dashes and underscores do not tell keys apart.
    pub(super) fn of(key: &str) -> Self {
        let key: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(48).collect();
        match key.as_str() {
            "command" | "cmd" | "commandline" | "script" | "shell" | "bash" | "sh" | "exec" | "run" | "commands"
            | "cmds" | "shellcommand" | "cmdline" | "shellscript" | "bashcommand" | "powershell" | "rawcommand"
            | "terminalcommand" => Self::Command,
            "program" | "executable" | "binary" | "exe" | "bin" | "argv0" => Self::Program,
            "args" | "argv" | "arguments" | "params" | "parameters" | "options" | "flags" => Self::Arguments,
            "code" | "python" | "javascript" | "js" | "pythoncode" | "sourcecode" | "expression" | "function"
            | "cell" | "snippet" => Self::Code,
            "sql" | "statement" | "statements" | "sqlquery" => Self::Statement,
            "path" | "filepath" | "file" | "filename" | "directory" | "dir" | "folder" | "root" | "source" | "src"
            | "destination" | "dest" | "dst" | "target" | "paths" | "files" | "filepaths" | "sourcepath"
            | "destinationpath" | "targetpath" | "oldpath" | "newpath" | "absolutepath" | "relativepath"
            | "targetfile" | "notebookpath" | "inputfile" | "outputfile" | "outputpath" | "inputpath" | "savepath"
            | "localpath" | "pathname" | "fpath" | "from" | "attachments" | "attachment" | "imagepath" => Self::Path,
            "cwd" | "workdir" | "workingdirectory" | "workingdir" | "currentdirectory" => Self::Folder,
            "url" | "uri" | "href" | "link" | "endpoint" | "webhook" | "address" | "urls" | "baseurl" | "host" => {
                Self::Address
            }
            "patch" | "diff" | "unifieddiff" => Self::Patch,
            "text" | "content" | "contents" | "body" | "message" | "description" | "title" | "subject" | "note"
            | "prompt" | "comment" | "reason" | "explanation" | "summary" | "purpose" | "justification" | "thought"
            | "name" | "label" | "newstring" | "oldstring" | "newtext" | "oldtext" | "filecontent" | "filetext"
            | "timeout" | "sessionid" | "id" | "language" | "lang" | "encoding" | "query" | "pattern" | "regex"
            | "newstr" | "oldstr" | "html" | "markdown" | "data" | "stdin" | "replacement" => Self::Text,
            _ => Self::Other,
        }
    }
}

/// Reads a call.
pub(super) fn read(scene: &Scene, tool: &Tool) -> Reading {
    walk(Judge::new(scene), tool).reading()
}

/// Reads a call for the commands that can be seen in it.
pub(super) fn hear(scene: &Scene, tool: &Tool) -> Heard {
    walk(Judge::listening(scene), tool).heard
}

fn walk<'a>(judge: Judge<'a>, tool: &'a Tool) -> Judge<'a> {
    let mut walk = Walk { role: Role::of(&tool.name), tool: &tool.name, judge };
    let role = walk.role;
    for (is, effect) in [
        (role.network, Effects::NETWORK),
        (role.removes, Effects::DESTRUCTIVE),
        (role.system, Effects::CHANGES_SYSTEM),
        (tool.name.to_lowercase().contains("sluicegate"), Effects::TOUCHES_GATE),
    ] {
        if is {
            walk.judge.effects |= effect;
        }
    }
    walk.top(&tool.arguments);
    walk.judge
}

struct Walk<'a> {
    role: Role,
    tool: &'a str,
    judge: Judge<'a>,
}

impl Walk<'_> {
    fn top(&mut self, arguments: &Json) {
        match arguments {
            // All arguments in one list: the words of one command.
            Json::Array(elements) => self.list(Key::Arguments, elements, 0),
            Json::String(text) => self.string(if self.role.shell { Key::Command } else { Key::Other }, text, 0),
            other => self.value(Key::Other, other, 0),
        }
    }

    fn value(&mut self, key: Key, value: &Json, depth: usize) {
        match value {
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
            Json::String(text) => self.string(key, text, depth),
            Json::Array(elements) => self.list(key, elements, depth),
            Json::Object(members) => {
                // Where the command runs comes first, wherever it is written.
                for (name, value) in members {
                    if let (Key::Folder, Json::String(folder)) = (Key::of(name), value) {
                        self.judge.begin_in(folder);
                    }
                }
                self.program(members.iter().map(|(name, value)| (Key::of(name), value)));
                for (name, value) in members {
                    let inner = match Key::of(name) {
                        // What stands below a key that says something is meant as it says.
                        Key::Other if key != Key::Other && depth > 0 => key,
                        own => own,
                    };
                    self.name(name, value);
                    self.value(inner, value, depth + 1);
                }
            }
        }
    }

    /// A name of a variable, in `env` and the like.
    fn name(&mut self, name: &str, value: &Json) {
        if let Json::String(value) = value
            && name.len() > 2
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        {
            self.judge.variable(name, value);
        }
    }

    /// A program whose arguments stand under a key of their own.
    fn program<'j>(&mut self, members: impl Iterator<Item = (Key, &'j Json)> + Clone) {
        let program = members.clone().find_map(|(key, value)| match (key, value) {
            (Key::Program | Key::Command, Json::String(program)) => Some(program.as_str()),
            _ => None,
        });
        let arguments = members.clone().find_map(|(key, value)| match (key, value) {
            (Key::Arguments, Json::Array(elements)) => Some(elements),
            _ => None,
        });
        if let (Some(program), Some(elements)) = (program, arguments) {
            let mut words = vec![program];
            words.extend(strings(elements));
            self.judge.argv(&words);
        }
    }

    fn list(&mut self, key: Key, elements: &[Json], depth: usize) {
        let words: Vec<&str> = strings(elements).collect();
        if matches!(key, Key::Command | Key::Arguments | Key::Program) && !words.is_empty() {
            // The words of one command, a program of the tool's own name with its arguments, or a list of commands: it may
            // be any of these.
            let mut named = vec![self.tool];
            named.extend(&words);
            self.judge.argv(&named);
            if key == Key::Command || self.role.shell {
                self.judge.argv(&words);
                for word in words.iter().filter(|word| word.contains([' ', ';', '|', '&', '\n', '$', '`'])) {
                    self.script(word);
                }
            }
        }
        for element in elements {
            match element {
                Json::String(_) if matches!(key, Key::Command | Key::Arguments | Key::Program) => {}
                other => self.value(key, other, depth + 1),
            }
        }
    }

    fn script(&mut self, text: &str) {
        if self.role.windows { self.judge.windows_script(text) } else { self.judge.script(text) }
    }

    fn string(&mut self, key: Key, text: &str, depth: usize) {
        if depth <= MOST_NESTED && self.nested(key, text, depth) {
            return;
        }
        let files = self.role.files;
        match key {
            Key::Command => self.script(text),
            Key::Arguments if self.role.shell => self.script(text),
            Key::Program => self.judge.argv(&[text]),
            Key::Code if self.role.shell && !self.role.code => self.script(text),
            Key::Code => self.judge.code(text),
            Key::Statement => self.statement(text),
            Key::Path => self.judge.text(text, files),
            // Where the command runs has been looked at before.
            Key::Folder => {}
            Key::Address => self.judge.address_or_host(text),
            Key::Patch => self.patch(text),
            Key::Text if self.role.database => self.statement(text),
            Key::Text => {}
            Key::Arguments | Key::Other => self.other(text),
        }
    }

    /// A text under a key that says nothing.
    fn other(&mut self, text: &str) {
        if self.role.code {
            self.judge.code(text);
        } else if self.role.shell {
            self.script(text);
        } else if text.starts_with("*** Begin Patch") || text.starts_with("--- ") {
            self.patch(text);
        } else if looks_like_place(text) {
            self.judge.text(text, self.role.files);
        } else if self.role.database {
            self.statement(text);
        }
    }

    fn statement(&mut self, text: &str) {
        if sql::destroys(text) {
            self.judge.effects |= Effects::DESTRUCTIVE;
        }
    }

    /// JSON that is written in a string, as some gateways hand arguments on.
    fn nested(&mut self, key: Key, text: &str, depth: usize) -> bool {
        let begins = text.trim_start();
        let may_be_json = begins.starts_with('{') || (begins.starts_with('[') && key == Key::Other);
        // The text of a file or of a message is no arguments, JSON or not.
        if key == Key::Text || !may_be_json {
            return false;
        }
        match Json::parse(text) {
            Ok(value @ (Json::Object(_) | Json::Array(_))) => {
                self.value(key, &value, depth + 1);
                // To a shell, it is a command all the same.
                !self.role.shell
            }
            Ok(_) => false,
            Err(_) => {
                // What should be arguments and cannot be read may be anything.
                if depth == 0 {
                    self.judge.effects |= Effects::UNCLEAR;
                }
                false
            }
        }
    }

    /// A patch: the files that its headers name.
    fn patch(&mut self, text: &str) {
        const HEADERS: [&str; 9] = [
            "*** Update File: ",
            "*** Add File: ",
            "*** Move to: ",
            "--- a/",
            "+++ b/",
            "--- ",
            "+++ ",
            "rename to ",
            "rename from ",
        ];
        for line in text.lines() {
            if let Some(file) = line.strip_prefix("*** Delete File: ") {
                self.judge.effects |= Effects::DESTRUCTIVE;
                self.judge.path(file.trim(), Access::WRITES);
            } else if let Some(file) = HEADERS.iter().find_map(|header| line.strip_prefix(header)) {
                let file = file.split('\t').next().unwrap_or(file).trim();
                self.judge.path(file, Access::WRITES);
            }
        }
    }
}

fn strings(elements: &[Json]) -> impl Iterator<Item = &str> {
    elements.iter().filter_map(|element| match element {
        Json::String(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Whether a text can hardly be anything but a path or an address.
fn looks_like_place(text: &str) -> bool {
    let text = text.trim();
    let drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    text.len() <= 4096
        && !text.contains('\n')
        && (drive
            || text.starts_with(['/', '~', '.', '\\'])
            || text.split(' ').next().is_some_and(|word| word.contains("://")))
}
