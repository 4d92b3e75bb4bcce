//! What the commands of a script would do.

mod arguments;
mod inner;
mod run;

use std::collections::BTreeMap;

use super::code;
use super::effect::Effects;
use super::path::{Path, is_pattern};
use super::scene::{Access, Scene};
use super::shell::{self, Dialect, MADE, MOST_NESTED, Script, UNKNOWN};
use super::table::uses::is_secret_variable;
use super::{link, sql};

/// Folders that a script may run in, as far as they are followed.
const MOST_FOLDERS: usize = 8;
/// Scripts within scripts are read for this many bytes a byte of the call, and for [`LEAST_READ`] more.
pub(super) const MOST_READ: usize = 16;
pub(super) const LEAST_READ: usize = 256 * 1024;
/// Bytes that a script counts for besides its own.
const A_SCRIPT: usize = 64;
/// Patterns among paths that are compared with the tables, and the longest of them.
const MOST_PATTERNS: usize = 256;
const MOST_PATTERN: usize = 64;
/// Folders within each other that a script is followed into.
const MOST_PARTS: usize = 64;
/// Programs that one command may be.
const MOST_PROGRAMS: usize = 16;
/// Files written by a script that are remembered, to see whether it runs them.
const MOST_WRITTEN: usize = 256;

/// Commands that are remembered for whoever wants to hear them.
const MOST_HEARD: usize = 8_192;

/// The commands that were seen, word for word.
#[derive(Debug)]
pub(super) enum Heard {
    /// Nobody wants to know.
    Nothing,
    /// All of them.
    All(Vec<Vec<String>>),
    /// There were more than are remembered.
    TooMany,
}

/// Gathers the effects of everything that one call runs.
pub(super) struct Judge<'a> {
    scene: &'a Scene,
    pub(super) effects: Effects,
    /// Simple commands so far.
    pub(super) commands: usize,
    /// Bytes of scripts and code that were read, those within others again.
    pub(super) read_bytes: usize,
    /// How many there may be.
    most_bytes: usize,
    /// Patterns that were compared.
    patterns: usize,
    /// The folders that a command may run in: where the call begins, and wherever it has gone.
    folders: Vec<Path>,
    /// Files that the call has written, by name, and what it has written into them; none where that is not told.
    written: BTreeMap<String, Option<Vec<String>>>,
    pub(super) heard: Heard,
}

impl<'a> Judge<'a> {
    pub(super) fn new(scene: &'a Scene) -> Self {
        Self {
            scene,
            effects: Effects::NONE,
            commands: 0,
            read_bytes: 0,
            most_bytes: LEAST_READ,
            patterns: 0,
            folders: vec![Path::here()],
            written: BTreeMap::new(),
            heard: Heard::Nothing,
        }
    }

    /// One that also remembers the commands themselves.
    pub(super) fn listening(scene: &'a Scene) -> Self {
        Self { heard: Heard::All(Vec::new()), ..Self::new(scene) }
    }

    /// Remembers a command, as it is written and by the bare name of its program.
    fn hear(&mut self, name: &str, words: &[String]) {
        let Heard::All(commands) = &mut self.heard else { return };
        if commands.len() + 2 > MOST_HEARD {
            self.heard = Heard::TooMany;
            return;
        }
        commands.push(words.to_vec());
        if words.first().is_some_and(|program| program != name) {
            let arguments = words.iter().skip(1).cloned();
            commands.push(std::iter::once(name.to_owned()).chain(arguments).collect());
        }
    }

    /// Allows for a text that comes from outside.
    fn allow(&mut self, text: &str) {
        self.most_bytes = self.most_bytes.saturating_add(text.len().saturating_mul(MOST_READ));
    }

    /// Takes a text from the budget; `false`, and told, where it is spent.
    ///
    /// INVARIANT: everything that reads a whole text asks here first, so that variables and scripts within scripts cannot
    /// make more work than a bounded number of passes over the call.
    fn spend(&mut self, text: &str) -> bool {
        let spent = self.read_bytes.saturating_add(text.len()).saturating_add(A_SCRIPT);
        if spent > self.most_bytes {
            self.effects |= Effects::UNCLEAR;
            return false;
        }
        self.read_bytes = spent;
        true
    }

    /// What was found.
    pub(super) fn reading(&self) -> super::Reading {
        super::Reading {
            effects: self.effects.without(Effects::FILES),
            files: self.effects.has(Effects::FILES),
            commands: self.commands,
            read_bytes: self.read_bytes,
        }
    }

    /// A script that comes from outside.
    pub(super) fn script(&mut self, text: &str) {
        let (text, marks) = shell::clean(text);
        if marks {
            self.effects |= Effects::UNCLEAR;
        }
        self.allow(&text);
        self.split(&text, Dialect::Posix, 0);
        if shell::looks_windows(&text) {
            // Backslashes are escapes in one family of shells and parts of paths in the other. The second reading adds what
            // it sees, and nothing of what it cannot read.
            let before = self.effects;
            self.split(&text, Dialect::Windows, 0);
            let unread = Effects::UNCLEAR | Effects::RUNS_CODE;
            self.effects = self.effects.without(unread) | (before.and(unread));
        }
    }

    /// A script of PowerShell or `cmd` that comes from outside.
    pub(super) fn windows_script(&mut self, text: &str) {
        let (text, marks) = shell::clean(text);
        if marks {
            self.effects |= Effects::UNCLEAR;
        }
        self.allow(&text);
        self.split(&text, Dialect::Windows, 0);
    }

    /// Program and arguments that come from outside, one word each.
    pub(super) fn argv(&mut self, words: &[&str]) {
        let words: Vec<String> = words.iter().map(|word| word.replace(shell::is_mark, "")).collect();
        words.iter().for_each(|word| self.allow(word));
        self.commands += 1;
        self.run(&words, None, 0);
    }

    /// A script within `depth` others.
    fn split(&mut self, text: &str, dialect: Dialect, depth: usize) {
        if !self.spend(text) {
            return;
        }
        let script = shell::split(text, dialect, depth);
        if script.unclear {
            self.effects |= Effects::UNCLEAR;
        }
        for name in &script.variables {
            if is_secret_variable(name) {
                self.effects |= Effects::READS_SECRETS;
            }
            if name.starts_with("SLUICEGATE") {
                self.effects |= Effects::TOUCHES_GATE;
            }
        }
        for place in 0..script.commands.len() {
            self.command(&script, place, depth);
        }
    }

    fn command(&mut self, script: &Script, place: usize, depth: usize) {
        let Some(command) = script.commands.get(place) else { return };
        for (name, value) in &command.assignments {
            self.assignment(name, value, depth);
        }
        for redirect in &command.redirects {
            let access = if redirect.writes { Access::WRITES } else { Access::READS };
            self.path(&redirect.target, access);
            if redirect.writes {
                self.wrote(&redirect.target, inner::written_out(command));
            }
        }
        if command.words.is_empty() {
            return;
        }
        self.commands += 1;
        if command.calls_itself && command.piped {
            // A function that calls itself twice fills the machine.
            self.effects |= Effects::DESTRUCTIVE;
        }
        let within = Some((script, place));
        let Some((programs, arguments)) =
            command.words.split_at_checked(command.programs).filter(|(programs, _)| programs.len() > 1)
        else {
            self.run(&command.words, within, depth);
            return;
        };
        // Which of several values its variable has depends on what runs, so each of them is a program.
        if programs.len() > MOST_PROGRAMS {
            self.effects |= Effects::UNCLEAR;
        }
        for program in programs.iter().take(MOST_PROGRAMS) {
            let mut words = vec![program.clone()];
            words.extend_from_slice(arguments);
            self.run(&words, within, depth);
        }
    }

    /// A variable that is set.
    fn assignment(&mut self, name: &str, value: &str, depth: usize) {
        use super::table::uses::{CODE_VARIABLES, COMMAND_VARIABLES};
        if name.starts_with("SLUICEGATE") {
            self.effects |= Effects::TOUCHES_GATE;
        }
        if COMMAND_VARIABLES.contains(&name) && depth < MOST_NESTED {
            self.split(value, Dialect::Posix, depth + 1);
        }
        let harmless = name == "NODE_OPTIONS" && !value.contains("require") && !value.contains("import");
        if CODE_VARIABLES.contains(&name) && !harmless && !value.is_empty() {
            self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
        }
    }

    /// Code of another language.
    pub(super) fn code(&mut self, text: &str) {
        self.allow(text);
        self.code_within(text, 0);
    }

    fn code_within(&mut self, text: &str, depth: usize) {
        self.effects |= Effects::RUNS_CODE;
        if text.contains([UNKNOWN, MADE]) {
            self.effects |= Effects::UNCLEAR;
        }
        if !self.spend(text) {
            return;
        }
        let code = code::read(text);
        self.effects |= code.effects;
        if sql::destroys(text) {
            self.effects |= Effects::DESTRUCTIVE;
        }
        let access = Access { reads: true, writes: code.writes, below: code.effects.has(Effects::DESTRUCTIVE) };
        for string in code.strings {
            self.text(string, access);
            if code.runs && depth < MOST_NESTED && string.contains([' ', '/']) {
                self.split(string, Dialect::Posix, depth + 1);
            }
        }
    }

    /// A text that may be a path or an address.
    pub(super) fn text(&mut self, text: &str, access: Access) {
        if text.contains("://") {
            self.address(text);
        } else {
            self.path(text, access);
        }
    }

    /// An address, or the name of a host alone.
    pub(super) fn address_or_host(&mut self, text: &str) {
        if text.contains("://") {
            self.address(text);
        } else {
            self.effects |= Effects::NETWORK;
            if link::is_metadata(link::host(text)) {
                self.effects |= Effects::READS_SECRETS;
            }
        }
    }

    /// The folder that the call begins in.
    pub(super) fn begin_in(&mut self, folder: &str) {
        self.path(folder, Access::NAMES);
        self.go(folder);
    }

    /// A variable that the call is given.
    pub(super) fn variable(&mut self, name: &str, value: &str) {
        self.assignment(name, value, 0);
    }

    /// An address.
    pub(super) fn address(&mut self, text: &str) {
        let Some((scheme, rest)) = text.split_once("://") else { return };
        if scheme.to_ascii_lowercase().ends_with("file") {
            self.path(rest, Access::READS);
            return;
        }
        self.effects |= Effects::NETWORK;
        if link::is_metadata(link::host(rest)) {
            self.effects |= Effects::READS_SECRETS;
        }
    }

    /// A path.
    pub(super) fn path(&mut self, text: &str, access: Access) {
        if text.contains(MADE) {
            self.effects |= Effects::UNCLEAR;
        }
        if text.starts_with("/dev/tcp/") || text.starts_with("/dev/udp/") {
            self.effects |= Effects::NETWORK;
            return;
        }
        if let Some(path) = Path::parse(text) {
            let patterns = path.parts.iter().filter(|part| is_pattern(part));
            self.patterns += patterns.clone().count();
            if self.patterns > MOST_PATTERNS || patterns.clone().any(|part| part.len() > MOST_PATTERN) {
                self.effects |= Effects::UNCLEAR;
                return;
            }
            self.effects |= self.scene.effects(&path, access, &self.folders);
        }
    }

    /// Remembers a file that the call writes.
    fn wrote(&mut self, file: &str, texts: Option<Vec<String>>) {
        let Some(path) = Path::parse(file) else { return };
        if self.written.len() >= MOST_WRITTEN {
            self.effects |= Effects::UNCLEAR;
            return;
        }
        match (self.written.entry(path.name().to_owned()).or_insert(Some(Vec::new())), texts) {
            (Some(before), Some(texts)) => before.extend(texts),
            (slot, _) => *slot = None,
        }
    }

    /// Whether the call has written a file, by its name.
    fn has_written(&self, file: &str) -> bool {
        !self.written.is_empty() && Path::parse(file).is_some_and(|path| self.written.contains_key(path.name()))
    }

    /// What the call has written into a file that it runs now, by the file's name. What is not told makes the call unclear.
    /// Each file is read once.
    fn written_text(&mut self, file: &str) -> Option<Vec<String>> {
        if self.written.is_empty() {
            return None;
        }
        let slot = self.written.get_mut(Path::parse(file)?.name())?;
        match slot {
            Some(texts) => Some(std::mem::take(texts)),
            None => {
                self.effects |= Effects::RUNS_CODE | Effects::UNCLEAR;
                None
            }
        }
    }

    /// The command goes into another folder.
    fn go(&mut self, text: &str) {
        let Some(path) = Path::parse(text) else { return };
        if matches!(path.root, super::path::Root::Here(_)) {
            for folder in &mut self.folders {
                *folder = path.from(folder);
                if folder.parts.len() > MOST_PARTS {
                    // Every path is put behind the folder, so a folder that grows and grows would cost its length each time.
                    folder.parts.truncate(MOST_PARTS);
                    self.effects |= Effects::UNCLEAR;
                }
            }
        } else if !self.folders.contains(&path) {
            // Which of them it is in depends on what succeeds, so all of them count from here on.
            self.folders.push(path);
        }
        if self.folders.len() > MOST_FOLDERS {
            self.effects |= Effects::UNCLEAR;
            self.folders.truncate(MOST_FOLDERS);
        }
    }
}
