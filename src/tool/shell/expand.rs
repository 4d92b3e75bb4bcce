//! Variables and substitutions.

use super::reader::Reader;
use super::word::{CLOSE, COMMA, MADE, OPEN, Raw, SPLIT, UNKNOWN};
use super::{Command, MOST_NESTED, Script};

/// Programs that make text of text that is written out, so that what they print can hide a name.
const MAKES_TEXT: &[&str] = &[
    "echo", "printf", "print", "base64", "base32", "basenc", "xxd", "openssl", "uudecode", "gpg", "rev", "curl",
    "wget", "perl", "ruby", "node", "php", "lua",
];

impl<'a> Reader<'a> {
    /// Reads text in which only `$`, backticks and some escapes mean something: within double quotes, to the one that ends
    /// it, or a whole here-document. Tells whether the end was found.
    pub(super) fn quoted(&mut self, raw: &mut Raw, ends_with_quote: bool) -> bool {
        loop {
            let rest = self.rest();
            let plain = rest.find(['"', '\\', '$', '`']).unwrap_or(rest.len());
            raw.text.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                None => return !ends_with_quote,
                Some(b'"') => {
                    self.at += 1;
                    if ends_with_quote {
                        return true;
                    }
                    raw.text.push('"');
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'\n') => self.at += 1,
                        Some(b'"' | b'\\' | b'$' | b'`') => raw.text.extend(self.take()),
                        _ => raw.text.push('\\'),
                    }
                }
                Some(b'$') => self.dollar(raw, true),
                Some(_) => self.backticks(raw),
            }
        }
    }

    /// Reads what begins with `$`.
    pub(super) fn dollar(&mut self, raw: &mut Raw, quoted: bool) {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            self.give_up();
        } else {
            self.dollar_within(raw, quoted);
        }
        self.depth -= 1;
    }

    fn dollar_within(&mut self, raw: &mut Raw, quoted: bool) {
        match self.peek_after(1) {
            Some(b'(') => {
                self.at += 1;
                if self.arithmetic() {
                    raw.text.push(UNKNOWN);
                } else {
                    self.at += 1;
                    let first = self.script.commands.len();
                    self.list(true);
                    raw.text.push(self.printed_since(first));
                }
            }
            Some(b'{') => {
                self.at += 2;
                self.parameter(raw, quoted);
            }
            Some(b'[') => {
                // Arithmetic of old; what stands in it is read as a word.
                self.at += 2;
                raw.text.push(UNKNOWN);
            }
            Some(b'\'') if !quoted => {
                self.at += 2;
                raw.quote();
                self.ansi(raw);
            }
            Some(b'"') if !quoted => self.at += 1,
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                let name = self.name();
                self.variable(name, raw, quoted);
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?$!-".contains(&byte) => {
                self.at += 2;
                raw.text.push(UNKNOWN);
            }
            _ => {
                self.at += 1;
                raw.text.push('$');
            }
        }
    }

    /// The mark for what the commands since `first` print.
    fn printed_since(&self, first: usize) -> char {
        let commands = self.script.commands.get(first..).unwrap_or_default();
        let makes = |command: &Command| {
            !command.inputs.is_empty()
                || command.words.first().is_some_and(|program| {
                    let name = program.rsplit('/').next().unwrap_or(program);
                    MAKES_TEXT.contains(&name) || name.starts_with("python") || name.contains([UNKNOWN, MADE])
                })
        };
        if commands.iter().any(makes) { MADE } else { UNKNOWN }
    }

    fn name(&mut self) -> &'a str {
        let text = self.text;
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.at += 1;
        }
        text.get(start..self.at).unwrap_or_default()
    }

    /// The value of a variable.
    fn variable(&mut self, name: &str, raw: &mut Raw, quoted: bool) {
        let name = name.to_owned();
        if let Some(values) = self.values.get(&name) {
            let values = values.clone();
            let length: usize = values.iter().map(String::len).sum();
            let Some(left) = self.budget.checked_sub(length) else {
                self.give_up();
                return;
            };
            self.budget = left;
            let many = values.len() > 1;
            raw.choices |= many;
            for (number, value) in values.iter().enumerate() {
                if many {
                    raw.text.push(if number == 0 { OPEN } else { COMMA });
                }
                let split = |c: char| if !quoted && c.is_ascii_whitespace() { SPLIT } else { c };
                raw.text.extend(value.chars().map(split));
            }
            if many {
                raw.text.push(CLOSE);
            }
            return;
        }
        let known = match name.as_str() {
            "HOME" => "~",
            "PWD" => ".",
            "TMPDIR" => "/tmp",
            "SHELL" | "BASH" => "/bin/sh",
            "IFS" => {
                raw.text.push(if quoted { ' ' } else { SPLIT });
                return;
            }
            _ => {
                raw.text.push(UNKNOWN);
                self.script.variables.insert(name);
                return;
            }
        };
        raw.text.push_str(known);
    }

    /// The rest of `${…}`.
    fn parameter(&mut self, raw: &mut Raw, quoted: bool) {
        let indirect = matches!(self.peek(), Some(b'!' | b'#'));
        self.at += usize::from(indirect);
        let name = self.name().to_owned();
        if self.peek() == Some(b'}') {
            self.at += 1;
            if indirect || name.is_empty() {
                raw.text.push(if indirect { MADE } else { UNKNOWN });
            } else {
                self.variable(&name, raw, quoted);
            }
            return;
        }
        let operator = self.rest();
        let mut rest = Raw::default();
        if !self.braced(&mut rest) {
            self.script.unclear = true;
        }
        if !name.is_empty() && !self.values.contains_key(&name) {
            self.script.variables.insert(name.clone());
        }
        let colon = operator.strip_prefix(':').unwrap_or(operator);
        match colon.bytes().next() {
            Some(b'-' | b'=' | b'+') => {
                // Either what the variable holds or the text that is written there.
                let skip = operator.len() - colon.len() + 1;
                let fallback = rest.text.get(skip..).unwrap_or_default();
                raw.choices = true;
                raw.text.push(OPEN);
                if name == "IFS" {
                    raw.text.push(SPLIT)
                } else {
                    self.variable(&name, raw, true)
                }
                raw.text.push(COMMA);
                raw.text.push_str(fallback);
                raw.text.push(CLOSE);
            }
            // `${IFS%??}` is still a blank.
            Some(b'%' | b'#') if name == "IFS" => raw.text.push(if quoted { ' ' } else { SPLIT }),
            Some(b'%' | b'#' | b'?' | b'[') | None => raw.text.push(UNKNOWN),
            // Cut, replaced, or written in another case.
            Some(_) => raw.text.push(MADE),
        }
    }

    /// Reads to the brace that closes `${`.
    fn braced(&mut self, raw: &mut Raw) -> bool {
        while let Some(byte) = self.peek() {
            match byte {
                b'}' => {
                    self.at += 1;
                    return true;
                }
                b'\\' => {
                    self.at += 1;
                    raw.text.extend(self.take());
                }
                b'\'' => {
                    self.at += 1;
                    let end = self.rest().find('\'').unwrap_or(0);
                    raw.text.push_str(self.rest().get(..end).unwrap_or_default());
                    self.at += end + usize::from(end > 0);
                }
                b'"' => {
                    self.at += 1;
                    if !self.quoted(raw, true) {
                        return false;
                    }
                }
                b'$' => self.dollar(raw, true),
                b'`' => self.backticks(raw),
                _ => raw.text.extend(self.take()),
            }
        }
        false
    }

    /// A substitution in backticks.
    pub(super) fn backticks(&mut self, raw: &mut Raw) {
        self.at += 1;
        let mut inner = String::new();
        loop {
            match self.take() {
                None => {
                    self.script.unclear = true;
                    break;
                }
                Some('`') => break,
                Some('\\') if matches!(self.peek(), Some(b'`' | b'\\' | b'$')) => inner.extend(self.take()),
                Some(c) => inner.push(c),
            }
        }
        if self.depth >= MOST_NESTED {
            self.give_up();
            return;
        }
        let mut within = Reader::new(&inner, self.depth, std::mem::take(&mut self.values));
        within.list(false);
        self.values = std::mem::take(&mut within.values);
        let script = within.script;
        let first = self.script.commands.len();
        self.absorb(script);
        raw.text.push(self.printed_since(first));
    }

    /// Takes over what a reader of a part found.
    pub(super) fn absorb(&mut self, script: Script) {
        let first = self.script.commands.len();
        self.script.unclear |= script.unclear;
        self.script.variables.extend(script.variables);
        self.script.commands.extend(script.commands.into_iter().map(|mut command| {
            command.reads_from = command.reads_from.map(|place| place + first);
            command
        }));
    }

    /// Skips `((…))`, and reads what is substituted in it. `false` if there is none here.
    pub(super) fn arithmetic(&mut self) -> bool {
        if self.no_arithmetic || !self.rest().starts_with("((") {
            return false;
        }
        let Some(length) = self.arithmetic_length() else { return false };
        let end = self.at + length;
        self.at += 2;
        let mut ignored = Raw::default();
        while self.at < end {
            match self.peek() {
                Some(b'$') => self.dollar(&mut ignored, true),
                Some(b'`') => self.backticks(&mut ignored),
                _ => {
                    self.take();
                }
            }
        }
        true
    }

    /// The length of `((…))`; none where it is not closed by two brackets, or holds what arithmetic has no need of, so that
    /// no command is taken for arithmetic.
    fn arithmetic_length(&mut self) -> Option<usize> {
        let (mut open, mut before) = (0_usize, b' ');
        for (at, byte) in self.rest().bytes().enumerate() {
            match byte {
                b'(' => open += 1,
                b')' => {
                    open = open.checked_sub(1)?;
                    if open == 0 {
                        return (before == b')').then_some(at + 1);
                    }
                }
                b'\'' | b'"' | b'\\' | b'\n' => return None,
                _ => {}
            }
            before = byte;
        }
        self.no_arithmetic = true;
        None
    }

    /// `$'…'` with its escapes, after the opening quote.
    fn ansi(&mut self, raw: &mut Raw) {
        let mut bytes: Vec<u8> = Vec::new();
        loop {
            let Some(c) = self.take() else {
                self.script.unclear = true;
                break;
            };
            match c {
                '\'' => break,
                '\\' => self.ansi_escape(&mut bytes),
                other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        let decoded = String::from_utf8_lossy(&bytes);
        let (text, marks) = super::word::clean(&decoded);
        self.script.unclear |= marks;
        raw.text.push_str(&text);
    }

    fn ansi_escape(&mut self, bytes: &mut Vec<u8>) {
        let Some(c) = self.take() else { return };
        let mut number = |radix: u32, most: usize, first: u32| {
            let mut value = first;
            for _ in 0..most {
                let digit = self.peek().and_then(|byte| char::from(byte).to_digit(radix));
                let Some(digit) = digit else { break };
                value = value.wrapping_mul(radix).wrapping_add(digit);
                self.at += 1;
            }
            value
        };
        match c {
            'n' => bytes.push(b'\n'),
            't' => bytes.push(b'\t'),
            'r' => bytes.push(b'\r'),
            'a' | 'b' | 'f' | 'v' => bytes.push(b' '),
            'e' | 'E' => bytes.push(0x1b),
            'x' => bytes.push(number(16, 2, 0).to_le_bytes()[0]),
            'u' | 'U' => {
                let code = number(16, if c == 'u' { 4 } else { 8 }, 0);
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            'c' => {
                let control = self.take().map_or(0, |c| u32::from(c) & 0x1f);
                bytes.push(control.to_le_bytes()[0]);
            }
            digit @ '0'..='7' => {
                let first = digit.to_digit(8).unwrap_or_default();
                bytes.push(number(8, 2, first).to_le_bytes()[0]);
            }
            other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}
