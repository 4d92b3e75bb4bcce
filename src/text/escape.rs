//! Escapes within a text: marks that each stand for one character, undone in place.

use super::decode::Found;
use super::trace::{Rewriter, ceil_boundary, floor_boundary};
use crate::verdict::Step;

/// Bytes around an escape that are copied with it: as far as a phrase may reach.
const AROUND: usize = 256;

/// What an escape stands for, and how many bytes of the text it takes.
#[derive(Clone, Copy, Debug)]
pub struct Escape {
    value: Value,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
enum Value {
    Char(char),
    /// A byte of UTF-8.
    Byte(u8),
    /// A unit of UTF-16.
    Unit(u16),
}

impl Escape {
    /// A character, written in `len` bytes.
    #[must_use]
    pub const fn char(c: char, len: usize) -> Self {
        Self { value: Value::Char(c), len }
    }

    /// A byte of UTF-8, written in `len` bytes.
    #[must_use]
    pub const fn byte(byte: u8, len: usize) -> Self {
        Self { value: Value::Byte(byte), len }
    }

    /// A unit of UTF-16, of which the low 16 bits of `unit` are taken, written in `len` bytes.
    #[must_use]
    pub const fn unit(unit: u32, len: usize) -> Self {
        Self { value: Value::Unit((unit & 0xffff) as u16), len }
    }
}

/// Undoes the escapes that begin with `mark`, as `read` reads them, where there are at least `least` of them. What is far
/// from any of them is left out: it was read as it stands.
///
/// Calls `read` with the rest of the text at each mark; `read` looks at a bounded number of bytes.
pub fn undo(
    text: &str,
    mark: char,
    least: usize,
    step: Step,
    found: &mut Found,
    read: impl Fn(&str) -> Option<Escape>,
) {
    let mut escapes = Vec::new();
    let mut next = 0;
    for (at, _) in text.match_indices(mark) {
        if at < next {
            continue;
        }
        if let Some(escape) = text.get(at..).and_then(&read).filter(|escape| escape.len > 0) {
            escapes.push((at, escape));
            next = at + escape.len;
        }
    }
    if escapes.len() < least {
        return;
    }
    let mut rest = escapes.as_slice();
    while let Some((first, _)) = rest.first() {
        // A stretch ends where the next escape is too far away for a phrase to reach.
        let gap = rest
            .iter()
            .zip(rest.iter().skip(1))
            .position(|((at, escape), (next, _))| next - (at + escape.len) > 2 * AROUND);
        let (stretch, later) = rest.split_at_checked(gap.map_or(rest.len(), |gap| gap + 1)).unwrap_or_default();
        let Some((last, escape)) = stretch.last() else { return };
        let start = floor_boundary(text, first.saturating_sub(AROUND));
        let end = ceil_boundary(text, last + escape.len + AROUND);
        let mut writer =
            Writer { out: Rewriter::with_capacity(end - start), bytes: Vec::new(), unit: None, began: start };
        let mut copied = start;
        for (at, escape) in stretch {
            if copied < *at {
                writer.flush();
                writer.out.copy(text, copied..*at);
            }
            writer.put(escape.value, *at);
            copied = at + escape.len;
        }
        writer.flush();
        writer.out.copy(text, copied..end);
        found.keep_rewritten(start..end, writer.out, step);
        rest = later;
    }
}

/// Puts bytes and units together to characters.
struct Writer {
    out: Rewriter,
    bytes: Vec<u8>,
    /// The first half of a pair of surrogates.
    unit: Option<u16>,
    /// Where what waits began.
    began: usize,
}

impl Writer {
    fn put(&mut self, value: Value, at: usize) {
        match value {
            Value::Char(c) => {
                self.flush();
                self.out.push(c, at);
            }
            Value::Byte(byte) => {
                self.flush_unit();
                if self.bytes.is_empty() {
                    self.began = at;
                }
                self.bytes.push(byte);
                // A character of UTF-8 has four bytes at most; three of the next one may wait.
                if self.bytes.len() >= 64 {
                    self.flush_bytes(true);
                }
            }
            Value::Unit(unit) => {
                self.flush_bytes(false);
                match (self.unit.take(), unit) {
                    (Some(high), 0xdc00..=0xdfff) => self.decode(&[high, unit]),
                    (Some(high), _) => {
                        self.decode(&[high]);
                        self.begin(unit, at);
                    }
                    (None, _) => self.begin(unit, at),
                }
            }
        }
    }

    fn begin(&mut self, unit: u16, at: usize) {
        self.began = at;
        if matches!(unit, 0xd800..=0xdbff) {
            self.unit = Some(unit);
        } else {
            self.decode(&[unit]);
        }
    }

    fn decode(&mut self, units: &[u16]) {
        for c in char::decode_utf16(units.iter().copied()) {
            self.out.push(c.unwrap_or(char::REPLACEMENT_CHARACTER), self.began);
        }
    }

    fn flush(&mut self) {
        self.flush_bytes(false);
        self.flush_unit();
    }

    fn flush_unit(&mut self) {
        if let Some(unit) = self.unit.take() {
            self.decode(&[unit]);
        }
    }

    /// `more`: an unfinished character at the end may go on, and waits.
    fn flush_bytes(&mut self, more: bool) {
        let whole = match std::str::from_utf8(&self.bytes) {
            Err(error) if more && error.error_len().is_none() => error.valid_up_to(),
            _ => self.bytes.len(),
        };
        let rest = self.bytes.split_off(whole);
        self.out.push_str(&String::from_utf8_lossy(&self.bytes), self.began);
        self.bytes = rest;
    }
}
