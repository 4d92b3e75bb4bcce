//! The commands of a call, word for word: what a standing answer of the owner is compared with.
//!
//! Two readings, since two different mistakes have to be kept out. What is *allowed* has to be all that the call does, so
//! [`exactly`] reads only what can mean one thing, and nothing else of the call may say anything. What is *denied* has to be
//! found wherever it stands, so [`Scene::heard`] tells every command that could be seen: in chains and substitutions, behind
//! `sudo` and its kin, in scripts within scripts.

use super::call::{self, Key};
use super::role::Role;
use super::shell::{self, Dialect};
use super::{Scene, command::Heard};
use crate::event::{Json, Tool};

/// A program and its arguments.
pub type Words = Vec<String>;

/// The commands of a shell script, one after the other, where it is so plain that it can mean one thing only: words of plain
/// characters or in quotes, with `;`, `&&`, `||`, `|` and line ends between commands. None for everything else: variables,
/// substitutions, patterns, redirections, escapes, comments, groups.
#[must_use]
pub fn commands(script: &str) -> Option<Vec<Words>> {
    let plain = Plain::default().read(script)?;
    // INVARIANT: the reader that tells effects and this one agree on every word, or nothing is exact.
    if shell::looks_windows(script) {
        return None;
    }
    let split = shell::split(script, Dialect::Posix, 0);
    let bare = |command: &shell::Command| {
        command.assignments.is_empty()
            && command.redirects.is_empty()
            && command.inputs.is_empty()
            && command.programs <= 1
            && !command.calls_itself
    };
    let agrees = !split.unclear
        && split.variables.is_empty()
        && split.commands.len() == plain.len()
        && split.commands.iter().zip(&plain).all(|(command, words)| bare(command) && command.words == *words);
    agrees.then_some(plain)
}

/// All commands that a call runs, where it runs commands of a shell and nothing else, and each of them can be read exactly.
///
/// The tool's name says that it is a shell; its arguments are the script, or hold it under one key, with nothing beside it but
/// a timeout or a description. A folder, a host or variables would make it another call.
#[must_use]
pub fn exactly(tool: &Tool) -> Option<Vec<Words>> {
    let role = Role::of(&tool.name);
    let other = role.windows || role.code || role.database || role.network || role.removes || role.system;
    if !role.shell || other {
        return None;
    }
    match &tool.arguments {
        Json::String(script) => commands(script),
        Json::Object(members) => {
            let mut script = None;
            for (name, value) in members {
                match (Key::of(name), value) {
                    (Key::Command, Json::String(text)) if script.is_none() => script = Some(text),
                    (_, Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) if says_nothing(name) => {}
                    _ => return None,
                }
            }
            commands(script?)
        }
        _ => None,
    }
}

/// What may stand beside a command without changing what it does.
fn says_nothing(key: &str) -> bool {
    let known = ["description", "explanation", "justification", "purpose", "reason", "summary", "thought", "timeout"];
    known.contains(&key.trim_end_matches("_ms").to_ascii_lowercase().as_str())
}

impl Scene {
    /// Every command that can be seen in a call, as often as it is seen, with all wrappers around it and without them. None where
    /// there are more than are remembered. Costs a reading of the call.
    #[must_use]
    pub fn heard(&self, tool: &Tool) -> Option<Vec<Words>> {
        match call::hear(self, tool) {
            Heard::All(commands) => Some(commands),
            Heard::TooMany | Heard::Nothing => None,
        }
    }
}

/// Reads a plain script.
#[derive(Default)]
struct Plain {
    commands: Vec<Words>,
    words: Words,
    word: Option<String>,
}

impl Plain {
    fn read(mut self, script: &str) -> Option<Vec<Words>> {
        let mut rest = script.trim_matches([' ', '\t', '\n']).chars().peekable();
        // Whether the last thing read joins two commands, so that another one must follow.
        let mut joined = false;
        while let Some(letter) = rest.next() {
            let ends = matches!(letter, ';' | '\n' | '|' | '&');
            match letter {
                ' ' | '\t' => self.end_word(),
                '\'' => loop {
                    match rest.next()? {
                        '\'' => break self.push_str(""),
                        letter if letter.is_control() => return None,
                        letter => self.push(letter),
                    }
                },
                '"' => loop {
                    match rest.next()? {
                        '"' => break self.push_str(""),
                        '$' | '`' | '\\' | '!' => return None,
                        letter if letter.is_control() => return None,
                        letter => self.push(letter),
                    }
                },
                '\n' if joined => {}
                ';' | '\n' => self.end_command()?,
                '|' => {
                    let _ = rest.next_if_eq(&'|');
                    self.end_command()?;
                }
                '&' => {
                    rest.next_if_eq(&'&')?;
                    self.end_command()?;
                }
                // `=x` is a program's path to zsh.
                '=' if self.word.is_some() => self.push('='),
                '-' | '_' | '.' | '/' | ':' | ',' | '+' | '@' | '%' => self.push(letter),
                letter if letter.is_alphanumeric() => self.push(letter),
                _ => return None,
            }
            if !matches!(letter, ' ' | '\t' | '\n') {
                joined = ends && letter != ';';
            }
        }
        if joined {
            return None;
        }
        self.end_word();
        if !self.words.is_empty() {
            self.end_command()?;
        }
        // A first word with `=` sets a variable.
        let sets = |words: &Words| words.first().is_none_or(|program| program.is_empty() || program.contains('='));
        (!self.commands.is_empty() && !self.commands.iter().any(sets)).then_some(self.commands)
    }

    fn push(&mut self, letter: char) {
        self.word.get_or_insert_default().push(letter);
    }

    fn push_str(&mut self, text: &str) {
        self.word.get_or_insert_default().push_str(text);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    /// Ends a command, which must not be empty.
    fn end_command(&mut self) -> Option<()> {
        self.end_word();
        let words = std::mem::take(&mut self.words);
        (!words.is_empty()).then(|| self.commands.push(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::{LinkSettings, ToolSettings};

    fn joined(script: &str) -> Option<String> {
        let lines = commands(script)?.iter().map(|words| words.join("·")).collect::<Vec<_>>();
        Some(lines.join(" ⏎ "))
    }

    #[test]
    fn plain_scripts_are_read_word_for_word() {
        let cases = [
            ("ls", "ls"),
            ("  ls  -l \n", "ls·-l"),
            ("git commit -m 'a b; c'", "git·commit·-m·a b; c"),
            ("echo \"it's\"", "echo·it's"),
            ("ls && rm -rf /", "ls ⏎ rm·-rf·/"),
            ("ls; rm -rf /", "ls ⏎ rm·-rf·/"),
            ("ls\nrm -rf /", "ls ⏎ rm·-rf·/"),
            ("ls | wc -l || pwd", "ls ⏎ wc·-l ⏎ pwd"),
            ("ls &&\n pwd", "ls ⏎ pwd"),
            ("printf ''", "printf·"),
            ("make A=b", "make·A=b"),
            ("sudo ls", "sudo·ls"),
            ("time ls", "time·ls"),
        ];
        for (script, expected) in cases {
            assert_eq!(joined(script).as_deref(), Some(expected), "{script:?}");
        }
    }

    #[test]
    fn what_may_mean_something_else_is_not_exact() {
        let cases = [
            "",
            " ",
            "ls $HOME",
            "ls \"$HOME\"",
            "ls `pwd`",
            "ls $(pwd)",
            "ls *",
            "ls ?",
            "ls [a]",
            "ls ~",
            "ls {a,b}",
            "ls > x",
            "ls < x",
            "ls <<x\ny\nx",
            "ls &",
            "ls & rm x",
            "ls |& cat",
            "ls # x",
            "ls \\\n-l",
            "l\\s",
            "(ls)",
            "{ ls; }",
            "if ls; then pwd; fi",
            "for x in a; do ls; done",
            "! ls",
            "X=1 ls",
            "X=1",
            "'X=1'",
            "=ls",
            "ls ;; pwd",
            "ls &&",
            "ls ||",
            "&& ls",
            "ls 'x",
            "ls \"x",
            "ls\r\nrm x",
            "ls\u{0}x",
            "ls ^x",
            "echo \"a!b\"",
            "f() { ls; }",
            "C:\\x",
            "Get-Item x",
            "echo %PATH% %X%",
            "ls \u{202e}x",
            "'' x",
        ];
        for script in cases {
            assert_eq!(joined(script), None, "{script:?}");
        }
    }

    #[test]
    fn beside_the_command_nothing_may_stand_that_changes_it() {
        let cases = [
            ("bash", r#""ls""#, true),
            ("bash", r#"{"command":"ls"}"#, true),
            ("exec", r#"{"command":"ls","timeout":5,"description":"look"}"#, true),
            ("bash", r#"{"command":"ls","timeout_ms":5}"#, true),
            ("bash", r#"{"command":"ls","cwd":"/"}"#, false),
            ("bash", r#"{"command":"ls","env":{"PATH":"/tmp"}}"#, false),
            ("bash", r#"{"command":"ls","host":"gateway"}"#, false),
            ("bash", r#"{"command":"ls","args":["-l"]}"#, false),
            ("bash", r#"{"command":"ls","cmd":"rm x"}"#, false),
            ("bash", r#"{"command":["ls"]}"#, false),
            ("bash", r#"{"command":"ls","stdin":"x"}"#, false),
            ("bash", "{}", false),
            ("read_file", r#"{"command":"ls"}"#, false),
            ("powershell", r#"{"command":"ls"}"#, false),
        ];
        for (name, arguments, exact) in cases {
            let mut tool = Tool::default();
            (tool.name, tool.arguments) = (name.to_owned(), Json::parse(arguments).unwrap());
            assert_eq!(exactly(&tool).is_some(), exact, "{name} {arguments}");
        }
    }

    #[test]
    fn what_is_denied_is_heard_wherever_it_stands() {
        let scene = Scene::new(&ToolSettings::default(), &LinkSettings::default());
        let words = ["rm", "-rf", "/"].map(str::to_owned).to_vec();
        for script in [
            "rm -rf /",
            "rm  -rf   '/'",
            "sudo rm -rf /",
            "ls && sudo -n rm -rf /",
            "bash -c 'rm -rf /'",
            "echo $(rm -rf /)",
            "/bin/rm -rf /",
            "X=rm; $X -rf /",
            "if true; then rm -rf /; fi",
            "rm -rf / > log",
        ] {
            let mut tool = Tool::default();
            (tool.name, tool.arguments) = ("bash".to_owned(), Json::String(script.to_owned()));
            assert!(scene.heard(&tool).unwrap().contains(&words), "{script}");
        }
        let mut tool = Tool::default();
        (tool.name, tool.arguments) = ("bash".to_owned(), Json::String("rm -rf /tmp; rm -fr /".to_owned()));
        assert!(!scene.heard(&tool).unwrap().contains(&words), "other words are another command");
    }

    proptest::proptest! {
        /// What can be allowed can be denied: each command that is exact is heard too, whatever the script.
        #[test]
        fn every_exact_command_is_heard(script in "(rm|ls|sudo|bash -c|git|env|time|if|do| |  |;|&&|\\|\\||\\||&|\n|'|\"|a|-x|/|=|\\$|\\\\|\\*|#|>|é){0,14}") {
            let mut tool = Tool::default();
            (tool.name, tool.arguments) = ("bash".to_owned(), Json::String(script.clone()));
            let heard = Scene::new(&ToolSettings::default(), &LinkSettings::default()).heard(&tool).unwrap();
            for words in exactly(&tool).unwrap_or_default() {
                proptest::prop_assert!(heard.contains(&words), "{:?}: {:?} is not among {:?}", script, words, heard);
            }
        }
    }
}
