//! The arguments of a program that may be files or addresses.

use super::super::effect::Effects;
use super::super::scene::Access;
use super::super::shell::{MADE, UNKNOWN};
use super::super::table::{
    self,
    uses::{self, Use, WRITING_OPTIONS, WRITING_PROGRAMS},
};
use super::Judge;
use super::run::is_assignment;

impl Judge<'_> {
    /// Looks at every argument of a program.
    pub(super) fn arguments(&mut self, name: &str, arguments: &[String]) {
        if arguments.iter().any(|argument| argument.contains(MADE)) {
            self.effects |= Effects::UNCLEAR;
        }
        let mut use_of = uses::use_of(name);
        // `sed -i` and `perl -i` write what they read.
        let in_place = matches!(name, "sed" | "gsed" | "perl" | "ruby" | "yq" | "awk" | "gawk")
            && arguments.iter().any(|argument| {
                argument.starts_with("-i") || argument.starts_with("--in-place") || argument.starts_with("-pi")
            });
        if use_of == Use::Nothing {
            return;
        }
        let below = uses::goes_below(name, arguments);
        let writes_option = WRITING_PROGRAMS.contains(&name);
        let extracts =
            matches!(name, "tar" | "gtar" | "bsdtar") && arguments.iter().any(|argument| argument.contains('x'));
        let texts = uses::takes_text(name);
        let positional = arguments.iter().filter(|argument| !table::is_option(argument)).count();
        let mut seen = 0;
        let mut words = arguments.iter().peekable();
        let mut pattern_given = false;
        while let Some(word) = words.next() {
            if table::is_option(word) {
                pattern_given |=
                    matches!(word.as_str(), "-e" | "-f" | "--regexp" | "--expression" | "--file" | "--files");
                let option = word.split('=').next().unwrap_or(word);
                let writes = writes_option && WRITING_OPTIONS.contains(&option);
                if word.contains('=') && !texts.contains(&option) {
                    self.value(word, writes);
                } else if let Some(attached) = attached(word) {
                    self.text(attached, if writes_option { Access::BOTH } else { Access::READS });
                }
                if option == word && texts.contains(&option) && option != "--" {
                    words.next();
                } else if option == word && (writes || (extracts && option == "-C")) {
                    if let Some(file) = words.next() {
                        self.text(file, Access::WRITES);
                        self.wrote(file, None);
                    }
                } else if option == word
                    && matches!(name, "docker" | "podman" | "nerdctl")
                    && matches!(option, "-v" | "--volume" | "--mount")
                    && let Some(volume) = words.next()
                {
                    self.path(host_folder(volume), Access::BOTH.below(true));
                }
                continue;
            }
            seen += 1;
            if seen == 1 && matches!(use_of, Use::ReadsAfterFirst | Use::WritesAfterFirst) && !pattern_given {
                continue;
            }
            if use_of == Use::ReadsAfterFirst && pattern_given {
                use_of = Use::Reads;
            }
            let last = seen == positional && positional > 1;
            let access = match use_of {
                Use::Names | Use::Nothing => Access::NAMES,
                Use::Reads | Use::ReadsAfterFirst if in_place => Access::BOTH,
                Use::Reads | Use::ReadsAfterFirst | Use::ByPrefix => Access::READS,
                Use::Writes | Use::WritesAfterFirst => Access::WRITES,
                Use::Copies if last => Access::WRITES,
                Use::Copies => Access::READS,
                Use::Moves => Access::BOTH,
            };
            // Deleting, too, goes through what it deletes.
            let access = access.below(below);
            self.operand(word, access, use_of == Use::ByPrefix);
            if uses::FILLS.contains(&name) {
                self.wrote(word, None);
            }
        }
        if matches!(use_of, Use::Copies | Use::Moves) {
            self.copied(arguments);
        }
        if matches!(name, "wget" | "curl" | "aria2c" | "git" | "unzip" | "tar" | "scp" | "sftp" | "rsync") {
            self.fetched(arguments);
        }
    }

    /// What the call has written stays so under another name.
    fn copied(&mut self, arguments: &[String]) {
        let files = || arguments.iter().filter(|argument| !table::is_option(argument));
        if files().any(|file| self.has_written(file)) {
            for file in files() {
                self.wrote(file, None);
            }
        }
    }

    /// An argument that is no option.
    fn operand(&mut self, word: &str, access: Access, by_prefix: bool) {
        if by_prefix {
            match word.split_once('=') {
                Some(("of", file)) => {
                    self.path(file, Access::WRITES);
                    self.wrote(file, None);
                }
                Some((_, file)) => self.path(file, Access::READS),
                None => {}
            }
            return;
        }
        if word.contains("://") {
            self.address(word);
        } else if let Some(file) = word.strip_prefix('@') {
            self.path(file, Access::READS);
        } else if is_assignment(word) || word.contains("=@") {
            self.value(word, access.writes);
            self.path(word, access);
        } else {
            self.path(word, access);
        }
    }

    /// What stands behind `=` or `@` in an argument.
    fn value(&mut self, word: &str, writes: bool) {
        let value = word.split_once('=').map_or(word, |(_, value)| value);
        let value = value.strip_prefix('@').unwrap_or(value);
        self.text(value, if writes { Access::WRITES } else { Access::READS });
        if writes {
            self.wrote(value, None);
        }
    }

    /// Files that come with a name of their own: the last part of an address.
    fn fetched(&mut self, arguments: &[String]) {
        for address in arguments.iter().filter(|word| word.contains("://")) {
            let path = address.split(['?', '#']).next().unwrap_or(address);
            if let Some((_, file)) = path.rsplit_once('/').filter(|(_, file)| file.contains('.')) {
                self.wrote(file, None);
            }
        }
    }
}

/// The folder of the machine that a container gets: of `/a:/b`, or of `type=bind,source=/a,target=/b`.
fn host_folder(volume: &str) -> &str {
    let folder = volume.split(':').next().unwrap_or(volume);
    folder.split("source=").last().unwrap_or(folder).split(',').next().unwrap_or(folder)
}

/// What stands right behind an option of one letter, if it looks like a place: `-f/etc/passwd`, `-d@file`.
fn attached(word: &str) -> Option<&str> {
    let value = word.get(2..).filter(|value| !value.is_empty() && !word.starts_with("--"))?;
    let value = value.strip_prefix('@').unwrap_or(value);
    (value.starts_with(['/', '~', '.', UNKNOWN]) || value.contains("://")).then_some(value)
}
