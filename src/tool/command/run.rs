//! One simple command: its program, and what the tables say of it.

use super::super::effect::Effects;
use super::super::scene::Access;
use super::super::shell::{Dialect, MADE, MOST_NESTED, PROCESS, Script, UNKNOWN};
use super::super::sql;
use super::super::table::{self, uses};
use super::Judge;

/// Wrappers around one command.
const MOST_WRAPPERS: usize = 16;
/// Databases whose clients take statements as arguments.
const DATABASES: &[&str] = &[
    "psql",
    "mysql",
    "mariadb",
    "sqlite3",
    "sqlite",
    "sqlcmd",
    "cqlsh",
    "clickhouse-client",
    "duckdb",
    "mongosh",
    "mongo",
    "cockroach",
    "bq",
    "snowsql",
    "isql",
    "usql",
    "pgcli",
    "mycli",
    "invoke-sqlcmd",
    "sqlplus",
    "wrangler",
    "turso",
    "prisma",
];

/// The script that a command stands in, and its place there.
pub(super) type Within<'s> = Option<(&'s Script, usize)>;

impl Judge<'_> {
    /// A program with its arguments, within `depth` scripts.
    pub(super) fn run(&mut self, words: &[String], within: Within<'_>, depth: usize) {
        if depth > MOST_NESTED {
            self.effects |= Effects::UNCLEAR;
            return;
        }
        let mut words = words;
        for _ in 0..MOST_WRAPPERS {
            let Some((program, arguments)) = words.split_first() else { return };
            if is_unknown(program) {
                // It may be anything, `sudo` too, so what follows is looked at as well.
                self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
                let known = arguments.iter().position(|word| !is_unknown(word)).unwrap_or(arguments.len());
                words = arguments.get(known..).unwrap_or_default();
                continue;
            }
            let name = base_name(program);
            self.hear(&name, words);
            self.program_file(program, depth);
            if name == "env"
                && !arguments.iter().any(|argument| !table::is_option(argument) && !is_assignment(argument))
            {
                self.effects |= Effects::READS_SECRETS;
            }
            match uses::wrapper_named(&name).and_then(|wrapper| self.unwrapped(wrapper, &name, arguments, depth)) {
                Some(inner) => words = inner,
                None => {
                    self.program(&name, arguments, within, depth);
                    return;
                }
            }
        }
        if !words.is_empty() {
            self.effects |= Effects::UNCLEAR;
        }
    }

    /// The file that a program is.
    fn program_file(&mut self, program: &str, depth: usize) {
        if program.contains("://") {
            self.address(program);
        } else if program.contains(['/', '\\']) {
            // The folders of the system's programs are no place that a call goes to.
            self.effects |= self.gate_only(program);
            if let Some(texts) = self.written_text(program) {
                texts.iter().for_each(|text| self.split(text, Dialect::Posix, depth + 1));
            }
        }
    }

    fn gate_only(&self, text: &str) -> Effects {
        let path = super::Path::parse(text);
        let all = path.map_or(Effects::NONE, |path| self.scene.effects(&path, Access::NAMES, &self.folders));
        if all.has(Effects::TOUCHES_GATE) { Effects::TOUCHES_GATE } else { Effects::NONE }
    }

    /// A program that is no wrapper.
    fn program(&mut self, name: &str, arguments: &[String], within: Within<'_>, depth: usize) {
        let before = self.effects;
        self.effects |= table::effects(name, arguments);
        if family(name) != name {
            self.effects |= table::effects(family(name), arguments);
        }
        if matches!(name, "rm" | "unlink" | "del" | "erase" | "remove-item" | "ri" | "rimraf")
            && !before.has(Effects::DESTRUCTIVE)
        {
            self.forgive_scratch(arguments);
        }
        if uses::SHELLS.contains(&name) {
            self.shell(arguments, within, depth);
        } else if uses::WINDOWS_SHELLS.contains(&name) {
            self.windows_shell(name, arguments, within, depth);
        } else if let Some(options) = interpreter(name) {
            self.interpreter(name, options, arguments, within, depth);
        } else {
            self.builtin(name, arguments, within, depth);
        }
        if DATABASES.contains(&name) {
            self.statements(arguments, within);
        }
        self.command_options(name, arguments, depth);
        self.arguments(name, arguments);
    }

    /// Deleting scratch files loses nothing, as long as every file is told.
    fn forgive_scratch(&mut self, arguments: &[String]) {
        let mut files = arguments.iter().filter(|argument| !table::is_option(argument)).peekable();
        let scratch = |file: &String| {
            !file.contains(MADE)
                && super::Path::parse(file).is_some_and(|path| path.parts.len() > 1 && super::Scene::is_scratch(&path))
        };
        if files.peek().is_some() && files.all(scratch) {
            self.effects = self.effects.without(Effects::DESTRUCTIVE);
        }
    }

    /// Statements for a database, in arguments or in the input.
    fn statements(&mut self, arguments: &[String], within: Within<'_>) {
        let inputs =
            within.and_then(|(script, place)| script.commands.get(place)).map(|command| command.inputs.as_slice());
        let piped = self.upstream_text(within).unwrap_or_default();
        if arguments.iter().chain(inputs.unwrap_or_default()).chain(&piped).any(|text| sql::destroys(text)) {
            self.effects |= Effects::DESTRUCTIVE;
        }
    }

    /// What the shell does itself, and programs with a syntax of their own.
    fn builtin(&mut self, name: &str, arguments: &[String], within: Within<'_>, depth: usize) {
        match name {
            "cd" | "pushd" | "chdir" | "set-location" | "sl" | "push-location" => {
                match arguments.iter().find(|argument| !table::is_option(argument)) {
                    Some(folder) => {
                        self.path(folder, Access::NAMES);
                        self.go(folder);
                    }
                    None if arguments.iter().any(|argument| argument == "-") => {}
                    None if matches!(name, "cd" | "chdir") => {
                        self.path("~", Access::NAMES);
                        self.go("~");
                    }
                    None => {}
                }
            }
            "trap" => {
                if let Some(script) = arguments.iter().find(|argument| !table::is_option(argument)) {
                    self.split(script, Dialect::Posix, depth + 1);
                }
            }
            "alias" | "set-alias" => {
                for (_, script) in arguments.iter().filter_map(|argument| argument.split_once('=')) {
                    self.split(script, Dialect::Posix, depth + 1);
                }
            }
            "export" | "declare" | "typeset" | "local" | "readonly" => {
                for (name, value) in arguments.iter().filter_map(|argument| argument.split_once('=')) {
                    self.assignment(name, value, depth);
                }
            }
            "." | "source" => {
                if let Some(file) = arguments.first() {
                    self.script_file(file, within, depth);
                }
            }
            "su" | "sudo" | "doas" | "runuser" | "login" | "newgrp" => self.fed_shell(within, depth),
            "find" | "fd" | "fdfind" | "gfind" => self.find(arguments, depth),
            "git" => self.git(arguments, depth),
            "tar" | "gtar" | "bsdtar" => {
                for (_, action) in arguments.iter().filter_map(|argument| argument.split_once("exec=")) {
                    self.split(action, Dialect::Posix, depth + 1);
                    self.effects |= Effects::RUNS_CODE;
                }
            }
            name if uses::SCRIPTED.contains(&name) => self.scripted(name, arguments),
            _ => {}
        }
    }

    /// `awk` and `sed`: programs that can run commands.
    fn scripted(&mut self, name: &str, arguments: &[String]) {
        let sed = name.ends_with("sed");
        for argument in arguments {
            let runs = if sed {
                // `s/x/y/e` and `1e command`.
                substitutes_and_runs(argument)
                    || argument
                        .strip_prefix(|c: char| c.is_ascii_digit() || c == '$')
                        .is_some_and(|rest| rest.starts_with('e'))
                    || argument.starts_with("e ")
            } else {
                argument.contains("system")
                    || argument.contains("getline")
                    || argument.contains("| \"")
                    || argument.contains("|\"")
                    || argument.contains("@load")
            };
            if runs {
                self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
            }
        }
    }

    /// `git`, whose configuration can hold commands.
    fn git(&mut self, arguments: &[String], depth: usize) {
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if word == "-c" {
                let Some(setting) = words.next() else { return };
                self.git_setting(setting, depth);
            } else if word == "-C" {
                words.next();
            } else if !table::is_option(word) {
                break;
            }
        }
        for setting in arguments {
            if setting.starts_with('!') {
                // `git config alias.x '!command'`.
                self.effects |= Effects::RUNS_CODE;
                self.split(setting.trim_start_matches('!'), Dialect::Posix, depth + 1);
            }
        }
    }

    fn git_setting(&mut self, setting: &str, depth: usize) {
        let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
        let key = key.to_ascii_lowercase();
        let commands = [
            "sshcommand",
            "pager",
            "editor",
            "fsmonitor",
            "askpass",
            "helper",
            "program",
            "textconv",
            "command",
            "cmd",
            "proxy",
            "clean",
            "smudge",
            "hookspath",
            "tool",
            "driver",
        ];
        if key.starts_with("alias.") || key.starts_with("pager.") || commands.iter().any(|name| key.ends_with(name)) {
            self.effects |= Effects::RUNS_CODE;
            self.split(value.trim_start_matches('!'), Dialect::Posix, depth + 1);
        }
    }

    /// `find`, which can delete and run.
    fn find(&mut self, arguments: &[String], depth: usize) {
        let options = ["-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch"];
        let mut words = arguments;
        let mut first = true;
        if arguments.iter().any(|word| word == "-delete") {
            for start in arguments.iter().take_while(|word| !word.starts_with(['-', '(', '!'])) {
                self.path(start, Access::WRITES.below(true));
            }
        }
        while let Some(at) = words.iter().position(|word| options.contains(&word.as_str())) {
            if std::mem::take(&mut first) {
                // What is run for each file reads or changes everything below where the search begins.
                let (starts, _) = arguments.split_at_checked(at).unwrap_or_default();
                for start in starts.iter().take_while(|word| !word.starts_with(['-', '(', '!'])) {
                    self.path(start, Access::READS.below(true));
                }
            }
            let rest = words.get(at + 1..).unwrap_or_default();
            let end = rest.iter().position(|word| word == ";" || word == "+").unwrap_or(rest.len());
            let inner: Vec<String> = rest
                .get(..end)
                .unwrap_or_default()
                .iter()
                .map(|word| word.replace("{}", UNKNOWN.to_string().as_str()))
                .collect();
            self.run(&inner, None, depth + 1);
            words = rest.get(end..).unwrap_or_default();
        }
    }
}

/// Whether a command of `sed` is `s/x/y/e`, which runs what comes out.
fn substitutes_and_runs(command: &str) -> bool {
    let Some(by) = command.strip_prefix('s').and_then(|rest| rest.chars().next()) else { return false };
    let flags = command.rsplit(by).next().unwrap_or_default();
    by.is_ascii_punctuation() && flags.len() < 5 && flags.contains('e')
}

/// Whether a word is not known enough to tell which program it is.
fn is_unknown(word: &str) -> bool {
    word.contains([UNKNOWN, MADE, PROCESS, '*', '?']) || (word.contains('[') && word.contains(']'))
}

/// Whether an argument sets a variable.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// The name of a program without its folder and ending, in lower case.
pub(super) fn base_name(program: &str) -> String {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let name = name.trim_matches(['"', '\'', '\r']).to_lowercase();
    for ending in [".exe", ".cmd", ".bat", ".com"] {
        if let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return stem.to_owned();
        }
    }
    name
}

/// A name without the version behind it: `python3.11` is `python`.
fn family(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-').trim_end_matches('w')
}

/// The options of an interpreter that take code; none if the program is no interpreter.
fn interpreter(name: &str) -> Option<&'static [&'static str]> {
    let is = |names: &[&str]| names.contains(&name) || names.contains(&family(name));
    uses::INTERPRETERS.iter().find(|(names, _)| is(names)).map(|(_, options)| *options)
}
