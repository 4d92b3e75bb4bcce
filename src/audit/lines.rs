//! Lines of a file that may hold anything, in bounded memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek as _, SeekFrom};
use std::path::Path;

use super::chain::Ring;
use super::line::{self, Reading};

/// The longest line that is kept in memory. Ours have a few hundred bytes.
const MAX_LINE: usize = 64 * 1024;

/// The lines of one file of the log.
pub(super) struct Lines {
    reader: BufReader<File>,
    line: Vec<u8>,
    number: u64,
    offset: u64,
}

/// Where a line stands, before it is read.
pub(super) struct Raw {
    /// The line's number, from 1.
    pub(super) number: u64,
    /// Where it begins, in bytes.
    pub(super) start: u64,
    /// Whether it has its line end.
    pub(super) ended: bool,
    /// Whether it is short enough to be kept.
    pub(super) whole: bool,
}

/// One line with its place.
pub(super) struct Found {
    /// The line's number, from 1.
    pub(super) number: u64,
    /// Where it begins, in bytes.
    pub(super) start: u64,
    /// Whether it has its line end.
    pub(super) ended: bool,
    /// What it is.
    pub(super) reading: Reading,
}

impl Lines {
    /// The lines of the file at `path`; none if there is no such file.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        match File::open(path) {
            Ok(file) => {
                let reader = BufReader::with_capacity(MAX_LINE, file);
                Ok(Some(Self { reader, line: Vec::new(), number: 0, offset: 0 }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How many bytes have been read.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// The next line.
    pub(super) fn next(&mut self, ring: &Ring) -> io::Result<Option<Found>> {
        let Some(Raw { number, start, ended, whole }) = self.advance()? else { return Ok(None) };
        let reading = if whole { line::read(ring, &self.line) } else { Reading::Damaged };
        Ok(Some(Found { number, start, ended, reading }))
    }

    /// The bytes of the last line, without its line end; meaningless where the line was not whole.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.line
    }

    /// Goes back to the beginning of a line, to read it again once it has its end.
    pub(super) fn go_back(&mut self, line: &Raw) -> io::Result<()> {
        self.reader.seek(SeekFrom::Start(line.start))?;
        (self.offset, self.number) = (line.start, line.number.saturating_sub(1));
        Ok(())
    }

    /// Goes to the next line.
    pub(super) fn advance(&mut self) -> io::Result<Option<Raw>> {
        let start = self.offset;
        self.line.clear();
        let mut whole = true;
        let ended = loop {
            let bytes = self.reader.fill_buf()?;
            if bytes.is_empty() {
                break false;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            if self.line.len() + part.len() <= MAX_LINE {
                self.line.extend_from_slice(part);
            } else {
                whole = false;
            }
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            self.offset += used as u64;
            if end.is_some() {
                break true;
            }
        };
        if self.offset == start {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(Raw { number: self.number, start, ended, whole }))
    }
}
