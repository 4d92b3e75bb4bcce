//! Commands within commands: wrappers, shells, interpreters.

use super::super::effect::Effects;
use super::super::shell::{Command, Dialect, MADE, MOST_NESTED, PROCESS, UNKNOWN};
use super::super::table;
use super::super::table::uses::{COMMAND_OPTIONS, Wrapper};
use super::Judge;
use super::run::{Within, base_name, is_assignment};

/// What a shell or an interpreter takes its script from, if it stands in no argument.
const INPUT: &[&str] = &["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

impl Judge<'_> {
    /// The command that a wrapper runs; none where it runs none, or where its words have been looked at as a script.
    pub(super) fn unwrapped<'w>(
        &mut self,
        wrapper: &Wrapper,
        name: &str,
        arguments: &'w [String],
        depth: usize,
    ) -> Option<&'w [String]> {
        let mut skips = wrapper.skips;
        let mut subcommand = wrapper.subcommands.is_empty();
        let mut at = 0;
        while let Some(word) = arguments.get(at) {
            at += 1;
            if word == "--" {
                if skips > 0 && matches!(name, "kubectl" | "oc") {
                    skips = 0;
                }
                continue;
            }
            if name == "command" && matches!(word.as_str(), "-v" | "-V") {
                return Some(&[]);
            }
            if table::is_option(word) {
                if wrapper.valued.contains(&word.as_str()) {
                    at += 1;
                }
                continue;
            }
            if is_assignment(word) && matches!(name, "env" | "sudo" | "doas") {
                let (variable, value) = word.split_once('=').unwrap_or((word, ""));
                self.assignment(variable, value, depth);
                continue;
            }
            if !subcommand {
                if !wrapper.subcommands.contains(&word.as_str()) {
                    return None;
                }
                subcommand = true;
                continue;
            }
            if skips > 0 {
                skips -= 1;
                continue;
            }
            let inner = arguments.get(at - 1..).unwrap_or_default();
            // What the wrapper itself does besides.
            let own = arguments.get(..at - 1).unwrap_or_default();
            self.effects |= table::effects(name, own);
            self.command_options(name, own, depth);
            if wrapper.joins {
                self.split(&inner.join(" "), Dialect::Posix, depth + 1);
                return Some(&[]);
            }
            if matches!(name, "xargs" | "gxargs" | "parallel") {
                self.fed(inner, name, depth);
                return Some(&[]);
            }
            return Some(inner);
        }
        None
    }

    /// The command of `xargs`, which gets further words from elsewhere.
    fn fed(&mut self, inner: &[String], name: &str, depth: usize) {
        if name == "parallel" && inner.len() == 1 {
            for script in inner {
                self.split(script, Dialect::Posix, depth + 1);
            }
            return;
        }
        let mut words: Vec<String> =
            inner.iter().map(|word| word.replace("{}", UNKNOWN.to_string().as_str())).collect();
        words.push(UNKNOWN.to_string());
        self.commands += 1;
        self.run(&words, None, depth + 1);
    }

    /// A shell: a script in an argument, in a file, or in the input.
    pub(super) fn shell(&mut self, arguments: &[String], within: Within<'_>, depth: usize) {
        let mut takes_script = false;
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let letters = word.strip_prefix(['-', '+']).filter(|letters| !letters.is_empty());
            match letters {
                Some(letters) if letters.starts_with('-') => {
                    takes_script |= matches!(letters, "-command" | "-commands");
                    if matches!(letters, "-rcfile" | "-init-file") {
                        words.next();
                        self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
                    }
                }
                Some(letters) if letters.contains('s') && !letters.contains('c') && word.starts_with('-') => {
                    // What follows are arguments of the script, which comes in by the input.
                    self.input_script(within, depth);
                    return;
                }
                Some(letters) => {
                    takes_script |= letters.contains('c');
                    if letters.ends_with(['o', 'O']) {
                        words.next();
                    }
                }
                None if takes_script => {
                    self.split(word, Dialect::Posix, depth + 1);
                    return;
                }
                None if word != "-" => {
                    self.script_file(word, within, depth);
                    return;
                }
                None => {}
            }
        }
        if takes_script {
            self.effects |= Effects::UNCLEAR;
            return;
        }
        if arguments.iter().any(|word| word == "--version" || word == "--help") {
            return;
        }
        self.input_script(within, depth);
    }

    /// A shell script in a file.
    pub(super) fn script_file(&mut self, file: &str, within: Within<'_>, depth: usize) {
        if INPUT.contains(&file) {
            self.input_script(within, depth);
        } else if file.contains([PROCESS, MADE]) {
            self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
        } else if let Some(texts) = self.written_text(file) {
            texts.iter().for_each(|text| self.split(text, Dialect::Posix, depth + 1));
        }
    }

    /// A file with code for an interpreter.
    fn code_file(&mut self, file: &str, depth: usize) {
        if file.contains([PROCESS, MADE]) || file.contains("://") {
            self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
        } else if let Some(texts) = self.written_text(file) {
            texts.iter().for_each(|text| self.code_within(text, depth));
        }
    }

    /// A shell without a command of its own: what it runs comes in by its input, if anything does.
    pub(super) fn fed_shell(&mut self, within: Within<'_>, depth: usize) {
        let fed = within
            .and_then(|(script, place)| script.commands.get(place))
            .is_some_and(|command| command.reads_from.is_some() || !command.inputs.is_empty());
        if fed {
            self.input_script(within, depth);
        }
    }

    /// A script in the input of a shell.
    fn input_script(&mut self, within: Within<'_>, depth: usize) {
        let Some((script, place)) = within else {
            self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
            return;
        };
        let Some(command) = script.commands.get(place) else { return };
        let mut known = false;
        for text in &command.inputs {
            known = true;
            self.split(text, Dialect::Posix, depth + 1);
        }
        if let Some(texts) = self.upstream_text(within) {
            self.effects |= Effects::RUNS_CODE;
            known = true;
            for text in texts {
                self.split(&text, Dialect::Posix, depth + 1);
            }
        }
        for redirect in command.redirects.iter().filter(|redirect| !redirect.writes) {
            known = true;
            self.script_file(&redirect.target, None, depth);
        }
        // A shell all by itself waits for somebody who types; with anything around it, the input comes from there.
        if !known && (script.commands.len() > 1 || depth > 0) {
            self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
        }
    }

    /// The text that the command before in the pipe writes, if it stands there in full.
    pub(super) fn upstream_text(&self, within: Within<'_>) -> Option<Vec<String>> {
        let (script, place) = within?;
        let command = script.commands.get(place)?;
        written_out(script.commands.get(command.reads_from?)?)
    }

    /// PowerShell or `cmd`.
    pub(super) fn windows_shell(&mut self, name: &str, arguments: &[String], within: Within<'_>, depth: usize) {
        if depth >= MOST_NESTED {
            self.effects |= Effects::UNCLEAR;
            return;
        }
        let mut words = arguments.iter().enumerate();
        while let Some((at, word)) = words.next() {
            let rest = || arguments.get(at + 1..).unwrap_or_default().join(" ");
            let option = word.to_ascii_lowercase();
            let Some(letters) = option.strip_prefix(['-', '/']) else {
                // PowerShell takes words without an option for a command.
                let script = arguments.get(at..).unwrap_or_default().join(" ");
                self.split(&script, Dialect::Windows, depth + 1);
                return;
            };
            let letters = letters.trim_start_matches('-');
            if name == "cmd" || name == "command" {
                if matches!(letters.get(..1), Some("c" | "k" | "r")) {
                    let script = [word.get(2..).unwrap_or_default(), " ", &rest()].concat();
                    self.split(&script, Dialect::Windows, depth + 1);
                    return;
                }
                continue;
            }
            if !letters.is_empty()
                && ("encodedcommand".starts_with(letters) || letters == "ec" || letters == "encodedarguments")
            {
                self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
                return;
            }
            if letters.starts_with('c') && "commandwithargs".starts_with(letters) {
                self.split(&rest(), Dialect::Windows, depth + 1);
                return;
            }
            if letters.starts_with('f') && "file".starts_with(letters) {
                if let Some((_, file)) = words.next() {
                    self.script_file(file, within, depth);
                }
                return;
            }
            let valued = [
                "executionpolicy",
                "ep",
                "windowstyle",
                "w",
                "version",
                "outputformat",
                "inputformat",
                "psconsolefile",
                "workingdirectory",
                "configurationname",
            ];
            if valued.iter().any(|known| known.starts_with(letters) && !letters.is_empty()) && letters != "noprofile" {
                words.next();
            }
        }
        if within.is_some_and(|(script, place)| {
            script.commands.get(place).is_some_and(|command| command.reads_from.is_some())
        }) {
            self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
        }
    }

    /// An interpreter of another language.
    pub(super) fn interpreter(
        &mut self,
        name: &str,
        options: &[&str],
        arguments: &[String],
        within: Within<'_>,
        depth: usize,
    ) {
        let mut words = arguments.iter();
        let mut has_code = false;
        while let Some(word) = words.next() {
            let (option, value) = word.split_once('=').unwrap_or((word, ""));
            let long = option.starts_with("--");
            let takes_code = if long {
                options.contains(&option)
            } else {
                // Options of one letter may stand together, and the code right behind them.
                options.contains(&word.as_str())
                    || (table::is_option(word)
                        && options.iter().any(|option| {
                            option.len() == 2 && word.get(1..).is_some_and(|letters| cluster(letters, option))
                        }))
            };
            if takes_code {
                has_code = true;
                let attached = word
                    .get(1..)
                    .unwrap_or_default()
                    .split_once(['e', 'c', 'r', 'p', 'E'])
                    .map_or("", |(_, code)| code);
                let code = if long && !value.is_empty() { Some(value) } else { words.next().map(String::as_str) };
                if !long && attached.len() > 1 {
                    self.code_within(attached, depth);
                }
                match code {
                    Some(code) => self.code_within(code, depth),
                    None => self.effects |= Effects::RUNS_CODE,
                }
                continue;
            }
            if word == "-m" && name.starts_with("py") {
                let module: Vec<String> = words.cloned().collect();
                let known = [
                    "pip",
                    "http.server",
                    "pytest",
                    "venv",
                    "json.tool",
                    "unittest",
                    "build",
                    "black",
                    "mypy",
                    "ruff",
                    "flake8",
                    "timeit",
                    "pdb",
                ];
                let pip = module.first().is_some_and(|module| module == "pip");
                if pip || module.first().is_some_and(|module| !known.contains(&module.as_str())) {
                    self.run(&module, None, depth + 1);
                }
                return;
            }
            if table::is_option(word) {
                continue;
            }
            if has_code {
                return;
            }
            if name == "deno" || name == "bun" {
                if word == "eval" {
                    if let Some(code) = words.next() {
                        self.code_within(code, depth);
                    }
                    return;
                }
                if matches!(word.as_str(), "run" | "x" | "exec") {
                    continue;
                }
            }
            if !INPUT.contains(&word.as_str()) {
                self.code_file(word, depth);
                return;
            }
        }
        let plain = arguments
            .iter()
            .all(|word| !table::is_option(word) || word == "-" || word == "-u" || word == "-B" || word == "-i");
        if !has_code && plain {
            self.input_code(within, depth);
        }
    }

    /// Code in the input of an interpreter.
    fn input_code(&mut self, within: Within<'_>, depth: usize) {
        let Some((script, place)) = within else { return };
        let Some(command) = script.commands.get(place) else { return };
        for text in &command.inputs {
            self.code_within(text, depth);
        }
        match self.upstream_text(within) {
            Some(texts) => texts.iter().for_each(|text| self.code_within(text, depth)),
            None if command.reads_from.is_some() => self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR,
            None => {}
        }
        for redirect in command.redirects.iter().filter(|redirect| !redirect.writes) {
            self.code_file(&redirect.target, depth);
        }
    }

    /// Options whose value is a command.
    pub(super) fn command_options(&mut self, name: &str, arguments: &[String], depth: usize) {
        let Some((_, options)) = COMMAND_OPTIONS.iter().find(|(names, _)| names.contains(&name)) else { return };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let (option, value) = word.split_once('=').unwrap_or((word, ""));
            if !options.contains(&option) {
                continue;
            }
            let script = if value.is_empty() { words.next().map_or("", String::as_str) } else { value };
            self.split(script, Dialect::Posix, depth + 1);
        }
    }
}

/// What a command writes, if it stands there in full.
pub(super) fn written_out(command: &Command) -> Option<Vec<String>> {
    let (program, arguments) = command.words.split_first()?;
    match base_name(program).as_str() {
        // With options or escapes, what comes out is not what is written there.
        "echo" | "printf" if !arguments.iter().any(|word| word.contains(['\\', '%']) || table::is_option(word)) => {
            Some(vec![arguments.join(" ")])
        }
        "cat" if arguments.is_empty() && !command.inputs.is_empty() && command.reads_from.is_none() => {
            Some(command.inputs.clone())
        }
        _ => None,
    }
}

/// Whether letters that stand together hold an option, as `-pe` holds `-e`.
fn cluster(letters: &str, option: &str) -> bool {
    let Some(letter) = option.chars().nth(1) else { return false };
    let known = letters.chars().take_while(char::is_ascii_alphabetic);
    letters.len() <= 8 && known.clone().any(|given| given == letter) && known.count() == letters.chars().count()
}
