//! The reader of PowerShell and of `cmd`, as far as telling commands, quotes and pipes apart goes.

use super::word::UNKNOWN;
use super::{Command, MOST_COMMANDS, Redirect, Script};

/// Variables of either shell that name the home folder.
const HOME: &[&str] = &["home", "userprofile", "homepath"];

/// Whether a script may be one of PowerShell or `cmd`: a drive, a `%variable%`, `$env:`, a backtick within a word, or a
/// name of the form Verb-Noun at the beginning. It costs one pass.
pub(in crate::tool) fn looks_windows(text: &str) -> bool {
    let bytes = text.as_bytes();
    let percents = text.matches('%').take(2).count();
    let pair = |window: &[u8]| matches!(window, [letter, b':', b'\\'] if letter.is_ascii_alphabetic());
    let noun = |window: &[u8]| matches!(window, [a, b'-', b] if a.is_ascii_lowercase() && b.is_ascii_uppercase());
    let carets = bytes
        .windows(3)
        .any(|window| matches!(window, [a, b'^' | b'`', b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()));
    percents > 1
        || carets
        || text.contains("$env:")
        || text.contains("$Env:")
        || bytes.windows(3).any(|window| pair(window) || noun(window))
}

/// Splits a script of PowerShell or `cmd`.
pub(super) fn read(text: &str) -> Script {
    let mut reader = Reader { rest: text, script: Script::default(), now: Command::default(), writes: false };
    reader.read();
    reader.script
}

struct Reader<'a> {
    rest: &'a str,
    script: Script,
    now: Command,
    /// Whether the next word is a file that is written.
    writes: bool,
}

impl Reader<'_> {
    fn read(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            match c {
                ' ' | '\t' | ',' => self.skip(1),
                '\n' | '\r' | ';' | '&' | '{' | '}' | '(' | ')' => {
                    self.skip(1);
                    self.end(false);
                }
                '|' => {
                    self.skip(1);
                    self.end(!self.rest.starts_with('|'));
                }
                '#' => self.skip(self.rest.find('\n').unwrap_or(self.rest.len())),
                '>' => {
                    self.skip(1);
                    self.writes = true;
                }
                '@' if self.rest.starts_with("@'") || self.rest.starts_with("@\"") => self.skip(1),
                '@' | '<' | '!' => self.skip(1),
                _ => self.word(),
            }
            if self.script.commands.len() > MOST_COMMANDS {
                self.script.unclear = true;
                return;
            }
        }
        self.end(false);
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.skip(c.len_utf8());
        Some(c)
    }

    fn word(&mut self) {
        let mut word = String::new();
        let mut quote: Option<char> = None;
        while let Some(c) = self.rest.chars().next() {
            match c {
                '`' | '^' if quote != Some('\'') => {
                    self.skip(1);
                    let escaped = self.take();
                    word.extend(escaped.filter(|c| !matches!(c, '\n' | '\r')));
                    continue;
                }
                '\'' | '"' if quote.is_none() => quote = Some(c),
                _ if quote == Some(c) => quote = None,
                '$' | '%' if quote != Some('\'') => {
                    self.variable(&mut word);
                    continue;
                }
                ' ' | '\t' | ',' | '\n' | '\r' | ';' | '&' | '|' | '{' | '}' | '(' | ')' | '>' if quote.is_none() => {
                    break;
                }
                other => word.push(other),
            }
            self.skip(c.len_utf8());
        }
        self.script.unclear |= quote.is_some();
        if std::mem::take(&mut self.writes) {
            self.now.redirects.push(Redirect { writes: true, target: word });
        } else if word == "=" {
            // `$x = …`: what stands before was no program.
            self.now.words.clear();
        } else if !word.bytes().all(|byte| byte.is_ascii_digit()) || !self.rest.starts_with('>') {
            self.now.words.push(word);
        }
    }

    /// `$name`, `$env:NAME`, `${…}`, `$(…)`, `%NAME%`.
    fn variable(&mut self, word: &mut String) {
        let percent = self.rest.starts_with('%');
        self.skip(1);
        let rest = self.rest;
        if !percent && rest.starts_with('(') {
            // The commands in brackets are read as commands of their own.
            word.push(UNKNOWN);
            return;
        }
        let end = if percent {
            match rest.find(['%', ' ', '\n']) {
                Some(end) if rest.get(end..).is_some_and(|rest| rest.starts_with('%')) => end,
                _ => {
                    word.push('%');
                    return;
                }
            }
        } else {
            let braces = usize::from(rest.starts_with('{'));
            let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            braces + rest.get(braces..).unwrap_or_default().find(|c| !part(c)).unwrap_or(rest.len() - braces)
        };
        let name = rest.get(..end).unwrap_or_default().trim_start_matches('{');
        let name = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
        let closes = percent || rest.get(end..).is_some_and(|rest| rest.starts_with('}') && self.rest.starts_with('{'));
        self.skip(end + usize::from(closes));
        match name.as_str() {
            name if HOME.contains(&name) => word.push('~'),
            "appdata" => word.push_str("~/appdata/roaming"),
            "localappdata" => word.push_str("~/appdata/local"),
            "systemroot" | "windir" => word.push_str("c:/windows"),
            "null" => word.push_str("/dev/null"),
            _ => {
                word.push(UNKNOWN);
                self.script.variables.insert(name.to_ascii_uppercase());
            }
        }
    }

    fn end(&mut self, piped: bool) {
        let mut command = std::mem::take(&mut self.now);
        if !command.words.is_empty() || !command.redirects.is_empty() {
            command.piped = piped;
            self.script.commands.push(command);
        }
        self.writes = false;
        if piped {
            self.now.reads_from = self.script.commands.len().checked_sub(1);
        }
    }
}
