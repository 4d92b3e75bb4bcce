//! The reader of sh, bash and zsh.

use std::collections::HashMap;

use super::heredoc::Pending;
use super::word::{CLOSE, COMMA, MADE, OPEN, PROCESS, Raw, UNKNOWN};
use super::{Command, MOST_COMMANDS, MOST_NESTED, Redirect, Script};

/// Values that a variable is followed through.
const MOST_VALUES: usize = 8;
/// Bytes of a value that is followed.
const MOST_VALUE: usize = 1024;

/// Splits `text`, which lies within `depth` other scripts.
pub(super) fn read(text: &str, depth: usize) -> Script {
    let mut reader = Reader::new(text, depth, HashMap::new());
    reader.list(false);
    reader.script
}

/// What ends a command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    End,
    Pipe,
}

/// A command that is being read.
#[derive(Default)]
pub(super) struct Building {
    pub(super) command: Command,
    /// The here-documents that belong to it, by their number.
    pub(super) heredocs: Vec<usize>,
}

/// Reads one script.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) script: Script,
    pub(super) pending: Vec<Pending>,
    /// What the script has set its variables to so far: every value, since which one holds depends on what runs.
    pub(super) values: HashMap<String, Vec<String>>,
    /// The function that each open group is the body of.
    pub(super) frames: Vec<Option<String>>,
    /// The function whose body comes next.
    pub(super) defining: Option<String>,
    /// Bytes that words may still be expanded to.
    pub(super) budget: usize,
    /// Whether a `((` was found that is never closed; others are not looked for then.
    pub(super) no_arithmetic: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, depth: usize, values: HashMap<String, Vec<String>>) -> Self {
        Self {
            text,
            at: 0,
            depth,
            script: Script::default(),
            pending: Vec::new(),
            values,
            frames: Vec::new(),
            defining: None,
            budget: text.len().saturating_mul(4).saturating_add(4_096),
            no_arithmetic: false,
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn peek_after(&self, count: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at.saturating_add(count)).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes one character.
    pub(super) fn take(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Ends the reading: what is left is not read.
    pub(super) fn give_up(&mut self) {
        self.script.unclear = true;
        self.at = self.text.len();
    }

    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | 0x0b | 0x0c) => self.at += 1,
                Some(b'\\') if self.peek_after(1) == Some(b'\n') => self.at += 2,
                Some(b'\\') if self.rest().starts_with("\\\r\n") => self.at += 3,
                _ => return,
            }
        }
    }

    pub(super) fn lines(&mut self) {
        loop {
            self.blanks();
            match self.peek() {
                Some(b'\n' | b'\r') => {
                    self.at += 1;
                    self.heredocs();
                }
                Some(b'#') => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    /// Reads commands up to the end of the text, or to the bracket that closes them.
    pub(super) fn list(&mut self, in_brackets: bool) {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            self.give_up();
        }
        self.list_within(in_brackets);
        self.depth -= 1;
    }

    fn list_within(&mut self, in_brackets: bool) {
        let mut now = Building::default();
        // One for each open `case`: whether a pattern comes next.
        let mut cases: Vec<bool> = Vec::new();
        let mut in_test = false;
        loop {
            self.blanks();
            let Some(byte) = self.peek() else {
                self.script.unclear |= in_brackets;
                break;
            };
            let in_pattern = cases.last() == Some(&true);
            match byte {
                b'&' | b'|' | b'(' | b')' | b'<' | b'>' | b'\n' if in_test => self.at += 1,
                b'\n' | b'\r' => {
                    self.at += 1;
                    self.end(&mut now, Joint::End);
                    self.heredocs();
                }
                b';' => {
                    let length = self.rest().bytes().take(3).take_while(|byte| matches!(byte, b';' | b'&')).count();
                    self.at += length;
                    self.end(&mut now, Joint::End);
                    if let Some(pattern) = cases.last_mut().filter(|_| length > 1) {
                        *pattern = true;
                    }
                }
                b'&' if self.peek_after(1) == Some(b'>') => self.redirect(&mut now),
                b'&' => {
                    self.at += if self.peek_after(1) == Some(b'&') { 2 } else { 1 };
                    self.end(&mut now, Joint::End);
                }
                b'|' if in_pattern => {
                    self.at += 1;
                    now.command.words.clear();
                }
                b'|' => {
                    let or = self.peek_after(1) == Some(b'|');
                    self.at += if or || self.peek_after(1) == Some(b'&') { 2 } else { 1 };
                    self.end(&mut now, if or { Joint::End } else { Joint::Pipe });
                }
                b'(' if in_pattern => self.at += 1,
                b'(' => self.open(&mut now),
                b')' => {
                    self.at += 1;
                    if let Some(pattern) = cases.last_mut().filter(|pattern| **pattern) {
                        *pattern = false;
                        now.command.words.clear();
                        continue;
                    }
                    self.end(&mut now, Joint::End);
                    if in_brackets {
                        return;
                    }
                    self.script.unclear = true;
                }
                b'<' | b'>' if self.peek_after(1) != Some(b'(') => self.redirect(&mut now),
                b'#' => self.comment(),
                _ => self.next_word(&mut now, &mut cases, &mut in_test),
            }
            if self.script.commands.len() > MOST_COMMANDS {
                self.give_up();
            }
        }
        self.end(&mut now, Joint::End);
    }

    fn next_word(&mut self, now: &mut Building, cases: &mut Vec<bool>, in_test: &mut bool) {
        let begun = self.at;
        let raw = self.word();
        if self.at == begun {
            // Nothing that a word could begin with; never stay where we are.
            self.take();
            self.script.unclear = true;
            return;
        }
        let text = raw.text.as_str();
        let fd = !raw.is_quoted() && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if fd && matches!(self.peek(), Some(b'<' | b'>')) {
            return;
        }
        if *in_test {
            *in_test = text != "]]";
            return;
        }
        let first = now.command.words.is_empty() && now.command.assignments.is_empty();
        if first && !raw.is_quoted() && self.keyword(text, now, cases, in_test) {
            return;
        }
        if now.command.words.is_empty()
            && let Some((name, value)) = raw.assignment()
        {
            let name = name.to_owned();
            if value.is_empty() && self.peek() == Some(b'(') {
                self.array();
                now.command.assignments.push((name, UNKNOWN.to_string()));
            } else {
                let skip = raw.text.len() - value.len();
                let value = Raw::of(raw.text.get(skip..).unwrap_or_default());
                let (values, whole) = value.values();
                self.script.unclear |= !whole;
                for value in values {
                    now.command.assignments.push((name.clone(), value));
                }
            }
            return;
        }
        let program = now.command.words.is_empty() && raw.choices;
        let words = self.expand(raw);
        now.command.words.extend(words);
        if program {
            now.command.programs = now.command.words.len();
        }
    }

    /// `<`, `>` and their kin, with the word after them.
    fn redirect(&mut self, now: &mut Building) {
        let operator_length =
            self.rest().bytes().take(3).take_while(|byte| matches!(byte, b'<' | b'>' | b'&' | b'|')).count();
        let operator = self.rest().get(..operator_length).unwrap_or_default();
        // `>>&`, `<>|` and the like: as much as is an operator.
        let operators = ["<<<", "&>>", "<<", ">>", "<>", ">|", ">&", "<&", "&>", "<", ">"];
        let operator = operators.into_iter().find(|known| operator.starts_with(known)).unwrap_or("<");
        self.at += operator.len();
        let strip = operator == "<<" && self.peek() == Some(b'-');
        self.at += usize::from(strip);
        self.blanks();
        let raw = self.word();
        if raw.is_empty() {
            self.script.unclear = true;
            return;
        }
        match operator {
            "<<" => {
                let number = self.pending.len();
                now.heredocs.push(number);
                self.pending.push(Pending { delimiter: raw.whole(), strip, expands: !raw.is_quoted(), command: None });
            }
            "<<<" => now.command.inputs.push(raw.whole()),
            ">&" | "<&" if raw.text.trim_end_matches('-').bytes().all(|byte| byte.is_ascii_digit()) => {}
            _ => {
                for target in self.expand(raw) {
                    now.command
                        .redirects
                        .push(Redirect { writes: !operator.starts_with('<') || operator == "<>", target });
                }
            }
        }
    }

    /// The words that a raw word makes, within the budget.
    pub(super) fn expand(&mut self, raw: Raw) -> Vec<String> {
        let (words, whole) = raw.words();
        self.script.unclear |= !whole;
        let bytes: usize = words.iter().map(|word| word.len() + 1).sum();
        if let Some(left) = self.budget.checked_sub(bytes) {
            self.budget = left;
            words
        } else {
            self.give_up();
            Vec::new()
        }
    }

    /// Follows a variable.
    pub(super) fn set(&mut self, name: &str, value: String) {
        let values = self.values.entry(name.to_owned()).or_default();
        if values.contains(&value) {
            return;
        }
        if values.len() >= MOST_VALUES || value.len() > MOST_VALUE {
            let made = MADE.to_string();
            if !values.contains(&made) {
                values.push(made);
            }
        } else {
            values.push(value);
        }
    }

    fn end(&mut self, now: &mut Building, joint: Joint) {
        let Building { mut command, heredocs } = std::mem::take(now);
        let empty = command.words.is_empty()
            && command.assignments.is_empty()
            && command.redirects.is_empty()
            && command.inputs.is_empty()
            && heredocs.is_empty();
        if !empty {
            self.follow(&command);
            command.piped = joint == Joint::Pipe;
            let name = command.words.first();
            command.calls_itself = name.is_some() && self.frames.iter().any(|function| function.as_ref() == name);
            for number in heredocs {
                if let Some(pending) = self.pending.get_mut(number) {
                    pending.command = Some(self.script.commands.len());
                }
            }
            self.script.commands.push(command);
        }
        if joint == Joint::Pipe {
            now.command.reads_from = self.script.commands.len().checked_sub(1);
        }
    }

    /// Follows what a command sets.
    fn follow(&mut self, command: &Command) {
        let setting = ["export", "declare", "typeset", "local", "readonly"];
        match command.words.split_first() {
            None => {
                for (name, value) in &command.assignments {
                    self.set(name, value.clone());
                }
            }
            Some((program, arguments)) if setting.contains(&program.as_str()) => {
                for (name, value) in arguments.iter().filter_map(|argument| argument.split_once('=')) {
                    self.set(name, value.to_owned());
                }
            }
            Some((program, arguments)) if program == "read" || program == "mapfile" || program == "printf" => {
                // What is read from elsewhere can be anything.
                for name in arguments.iter().filter(|name| super::word::is_name(name)) {
                    self.set(name, UNKNOWN.to_string());
                }
            }
            Some(_) => {}
        }
    }

    /// Reads one word.
    pub(super) fn word(&mut self) -> Raw {
        let mut raw = Raw::default();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | 0x0b | 0x0c | b'\n' | b'\r' | b';' | b'&' | b'|' | b')' => break,
                b'(' if !raw.is_quoted() && raw.text.ends_with(['?', '*', '+', '@', '!']) => {
                    // A pattern with alternatives: `@(a|b)`.
                    self.at += 1;
                    self.alternatives();
                    raw.text.push('*');
                }
                b'(' => break,
                b'<' | b'>' if self.peek_after(1) == Some(b'(') => {
                    self.at += 2;
                    self.list(true);
                    raw.text.push(PROCESS);
                }
                b'<' | b'>' => break,
                b'\\' => {
                    self.at += 1;
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                        continue;
                    }
                    raw.quote();
                    match self.take() {
                        Some(c) => raw.text.push(c),
                        None => raw.text.push('\\'),
                    }
                }
                b'\'' => {
                    self.at += 1;
                    raw.quote();
                    let end = self.rest().find('\'');
                    self.script.unclear |= end.is_none();
                    let quoted = self.rest().get(..end.unwrap_or(self.rest().len())).unwrap_or_default();
                    raw.text.push_str(quoted);
                    self.at += quoted.len() + usize::from(end.is_some());
                }
                b'"' => {
                    self.at += 1;
                    raw.quote();
                    if !self.quoted(&mut raw, true) {
                        self.script.unclear = true;
                    }
                }
                b'$' => self.dollar(&mut raw, false),
                b'`' => self.backticks(&mut raw),
                b'{' => self.mark(&mut raw, OPEN),
                b',' => self.mark(&mut raw, COMMA),
                b'}' => self.mark(&mut raw, CLOSE),
                _ => {
                    if let Some(c) = self.take() {
                        raw.text.push(c);
                    }
                }
            }
        }
        raw
    }

    fn mark(&mut self, raw: &mut Raw, mark: char) {
        self.at += 1;
        raw.text.push(mark);
    }
}
