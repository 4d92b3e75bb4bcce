//! What the shell builds of commands: groups, functions, loops, cases, arrays.

use super::MOST_NESTED;
use super::reader::{Building, Reader};
use super::word::{CLOSE, OPEN, UNKNOWN};

/// Functions and groups within each other.
const MOST_FRAMES: usize = 32;

impl Reader<'_> {
    /// A bracket opens: a group, the list of a function's parameters, or arithmetic.
    pub(super) fn open(&mut self, now: &mut Building) {
        let command = &mut now.command;
        if command.words.is_empty() {
            if self.arithmetic() {
                return;
            }
            self.at += 1;
            self.group();
            return;
        }
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b')') && command.words.len() == 1 {
            self.at += 1;
            self.defining = command.words.pop();
        } else {
            self.script.unclear = true;
            self.group();
        }
    }

    /// The commands up to the bracket that closes them.
    fn group(&mut self) {
        let function = self.defining.take();
        self.enter(function);
        self.list(true);
        self.frames.pop();
    }

    fn enter(&mut self, function: Option<String>) {
        if self.frames.len() >= MOST_FRAMES {
            self.give_up();
        }
        self.frames.push(function);
    }

    /// Whether the word is one of the shell's own, which begin or end something and are no program.
    pub(super) fn keyword(
        &mut self,
        text: &str,
        now: &mut Building,
        cases: &mut Vec<bool>,
        in_test: &mut bool,
    ) -> bool {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(OPEN), None) => {
                let function = self.defining.take();
                self.enter(function);
                return true;
            }
            (Some(CLOSE), None) => {
                self.frames.pop();
                return true;
            }
            _ => {}
        }
        match text {
            "esac" => {
                cases.pop();
            }
            _ if cases.last() == Some(&true) => return false,
            "if" | "then" | "else" | "elif" | "fi" | "while" | "until" | "do" | "done" | "!" | "coproc" => {}
            "for" | "select" => self.for_loop(),
            "case" => {
                self.blanks();
                let subject = self.word();
                drop(subject);
                self.lines();
                if self.word().text == "in" {
                    cases.push(true);
                } else {
                    self.script.unclear = true;
                }
            }
            "function" => {
                self.blanks();
                self.defining = Some(self.word().text);
                self.blanks();
                if self.rest().starts_with("()") {
                    self.at += 2;
                }
            }
            "[[" => {
                *in_test = true;
                now.command.words.push("[[".to_owned());
            }
            _ => return false,
        }
        true
    }

    /// `NAME in a b c`, after `for`: each of the words is a value of NAME.
    fn for_loop(&mut self) {
        self.blanks();
        if self.arithmetic() {
            return;
        }
        let name = self.word().text;
        self.lines();
        let before = self.at;
        if self.word().text != "in" {
            self.at = before;
            self.set(&name, UNKNOWN.to_string());
            return;
        }
        loop {
            self.blanks();
            if matches!(self.peek(), None | Some(b';' | b'\n' | b'\r' | b'&' | b'|' | b'(' | b')')) {
                return;
            }
            let begun = self.at;
            let raw = self.word();
            if self.at == begun {
                return;
            }
            for value in self.expand(raw) {
                self.set(&name, value);
            }
        }
    }

    /// The elements of an array, whose brackets have not been read.
    pub(super) fn array(&mut self) {
        self.at += 1;
        loop {
            self.lines();
            match self.peek() {
                None => {
                    self.script.unclear = true;
                    return;
                }
                Some(b')') => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            let begun = self.at;
            let element = self.word();
            drop(element);
            if self.at == begun {
                self.take();
                self.script.unclear = true;
            }
        }
    }

    /// Skips to the bracket that closes a pattern; what is substituted in it is read.
    pub(super) fn alternatives(&mut self) {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            self.give_up();
        } else {
            self.alternatives_within();
        }
        self.depth -= 1;
    }

    fn alternatives_within(&mut self) {
        let mut open = 1_usize;
        while open > 0 {
            match self.peek() {
                None => {
                    self.script.unclear = true;
                    return;
                }
                Some(b'(') => {
                    self.at += 1;
                    open += 1;
                }
                Some(b')') => {
                    self.at += 1;
                    open -= 1;
                }
                Some(b'|' | b'&' | b';' | b'<' | b'>' | b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) => self.at += 1,
                Some(_) => {
                    let begun = self.at;
                    let part = self.word();
                    drop(part);
                    if self.at == begun {
                        self.take();
                    }
                }
            }
        }
    }
}
