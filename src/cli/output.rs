//! Standard output.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

use super::failure::Failure;
use super::paint::Paint;
use super::visible;

/// Columns where there is no terminal to ask: wide enough for a row, and the same everywhere.
const COLUMNS: usize = 100;

/// Standard output, buffered as its reader needs it.
pub struct Output {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
    /// A gateway that runs us as a child waits for each verdict before it goes on; a file does not.
    flush_lines: bool,
    /// Whether to draw with colour.
    pub paint: Paint,
    /// Columns of the screen.
    pub width: usize,
    /// Whether a person looks at it.
    pub is_terminal: bool,
}

impl Output {
    /// Takes standard output. The choice of colour was made for the whole program before.
    pub fn open() -> Self {
        let stdout = io::stdout();
        let colour = AutoStream::choice(&stdout) != ColorChoice::Never;
        let is_terminal = stdout.is_terminal();
        let columns = terminal_size::terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0));
        Self {
            flush_lines: super::input::size_of(&stdout).is_none(),
            paint: Paint { colour },
            width: columns.unwrap_or(COLUMNS).clamp(60, 200),
            is_terminal,
            stream: BufWriter::with_capacity(1 << 16, AutoStream::auto(stdout.lock())),
        }
    }

    /// Writes one line. A reader at the other end of a pipe has it when this returns.
    pub fn line(&mut self, line: &str) -> Result<(), Failure> {
        let write = |stream: &mut BufWriter<_>| -> io::Result<()> {
            writeln!(stream, "{line}")?;
            if self.flush_lines { stream.flush() } else { Ok(()) }
        };
        write(&mut self.stream).map_err(|error| Failure::of_output(&error))
    }

    /// Writes `value` as one line of JSON.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let json = serde_json::to_string(value).map_err(|error| Failure::Broken(error.to_string()))?;
        self.line(&visible::json(json))
    }

    /// Writes what is still buffered. Without it, an error of the last lines would go unnoticed.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.stream.flush().map_err(|error| Failure::of_output(&error))
    }
}

/// A number with its noun: `1 rule`, `2 rules`.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
