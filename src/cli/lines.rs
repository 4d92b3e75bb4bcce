//! Lines of a file or a pipe, read in constant memory.

use std::io::{self, BufRead, ErrorKind};

/// The longest line that is read, in bytes; of a longer one only the fact that it came is known.
///
/// The largest event that the default settings judge is a tool result of 1 MiB. JSON writes a byte of text with at most
/// six (`\u0000`), so 8 MiB hold it in its worst spelling with 2 MiB to spare for everything around it.
pub const MAX_LINE: usize = 8 * 1024 * 1024;

/// Reads lines one at a time. Blank lines are counted and skipped.
pub struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    number: u64,
    consumed: u64,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// Its text without the line end, or why it has none, for the person who wrote it.
    pub text: Result<&'a str, String>,
}

impl<R: BufRead> Lines<R> {
    /// Lines of `source`.
    pub fn new(source: R) -> Self {
        Self { source, buffer: Vec::new(), number: 0, consumed: 0 }
    }

    /// Bytes read so far.
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// The next line that is not blank, or `None` at the end.
    ///
    /// # Errors
    /// When the source cannot be read. What is wrong with a line itself is told in the line.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let length = loop {
            let Some(length) = self.fill()? else { return Ok(None) };
            self.number += 1;
            let blank = self.buffer.iter().all(u8::is_ascii_whitespace);
            if length > MAX_LINE || !blank {
                break length;
            }
        };
        let text = if length > MAX_LINE {
            Err(format!("the line is longer than {} MiB", MAX_LINE >> 20))
        } else {
            std::str::from_utf8(&self.buffer).map_err(|error| {
                let column = columns(&self.buffer, error.valid_up_to()) + 1;
                format!("column {column}: not UTF-8")
            })
        };
        Ok(Some(Line { number: self.number, text }))
    }

    /// Reads one line into the buffer and gives its length without the line end, or `None` at the end of the source.
    fn fill(&mut self) -> io::Result<Option<usize>> {
        self.buffer.clear();
        let (mut length, mut began) = (0_usize, false);
        loop {
            let available = match self.source.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let Some(piece) = available.split_inclusive(|byte| *byte == b'\n').next() else { break };
            began = true;
            let line = piece.strip_suffix(b"\n");
            let (taken, ended) = (piece.len(), line.is_some());
            let line = line.unwrap_or(piece);
            length = length.saturating_add(line.len());
            // INVARIANT: the buffer never holds more than `MAX_LINE` bytes, however long the line is.
            if length <= MAX_LINE {
                self.buffer.extend_from_slice(line);
            } else {
                self.buffer.clear();
            }
            self.source.consume(taken);
            self.consumed += taken as u64;
            if ended {
                break;
            }
        }
        if !began {
            return Ok(None);
        }
        if self.number == 0 && self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.buffer.drain(..BYTE_ORDER_MARK.len());
        }
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        Ok(Some(length))
    }
}

/// Some editors put it in front of a file; it is no part of the first line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// How many characters start in the first `bytes` bytes of UTF-8 text.
pub fn columns(text: &[u8], bytes: usize) -> usize {
    text.iter().take(bytes).filter(|byte| (**byte & 0xC0) != 0x80).count()
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    fn all(bytes: &[u8], capacity: usize) -> Vec<(u64, Result<String, String>)> {
        let mut lines = Lines::new(BufReader::with_capacity(capacity, bytes));
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, line.text.map(str::to_owned)));
        }
        assert_eq!(lines.consumed(), bytes.len() as u64);
        found
    }

    #[test]
    fn lines_do_not_depend_on_how_they_arrive() {
        let ok = |number, text: &str| (number, Ok(text.to_owned()));
        let cases: [(&[u8], Vec<_>); 6] = [
            (b"", vec![]),
            (b"\n \t\r\n\n", vec![]),
            (b"a\n\nb", vec![ok(1, "a"), ok(3, "b")]),
            (b"a\r\nb\r\n", vec![ok(1, "a"), ok(2, "b")]),
            ("\u{feff}a\n\u{feff}b".as_bytes(), vec![ok(1, "a"), ok(2, "\u{feff}b")]),
            (b"a\n\xc3\xa9x\xff\nb", vec![ok(1, "a"), (2, Err("column 3: not UTF-8".to_owned())), ok(3, "b")]),
        ];
        for (bytes, expected) in cases {
            for capacity in [1, 2, 3, 64] {
                assert_eq!(all(bytes, capacity), expected, "{bytes:?} in pieces of {capacity}");
            }
        }
    }

    #[test]
    fn a_long_line_is_skipped_without_being_kept() {
        let long = io::repeat(b'x').take(3 * MAX_LINE as u64);
        let mut lines = Lines::new(BufReader::new(b"a\n".chain(long).chain(&b"\nb\n"[..])));
        assert_eq!(lines.next().unwrap().unwrap().text, Ok("a"));
        let refused = lines.next().unwrap().unwrap();
        assert_eq!((refused.number, refused.text), (2, Err("the line is longer than 8 MiB".to_owned())));
        assert!(lines.buffer.capacity() <= 2 * MAX_LINE, "{} bytes kept", lines.buffer.capacity());
        assert_eq!(lines.next().unwrap().unwrap(), Line { number: 3, text: Ok("b") });
        assert_eq!(lines.next().unwrap(), None);
    }

    #[test]
    fn the_longest_line_that_is_read_is_read_whole() {
        let longest = io::repeat(b'x').take(MAX_LINE as u64);
        let mut lines = Lines::new(BufReader::new(longest.chain(&b"\n"[..])));
        assert_eq!(lines.next().unwrap().unwrap().text.map(str::len), Ok(MAX_LINE));
    }
}
