//! A bar on standard error while a large file is read.

use std::io::{self, IsTerminal, Write};

use super::input::Input;
use super::output::Output;
use super::visible;

/// Cells of the bar.
const CELLS: u64 = 24;
/// Files smaller than this are done before a bar could be read.
const WORTH_IT: u64 = 1 << 20;

/// Shows how much of the input has been read; draws only when that makes a difference of one per cent.
pub struct Progress {
    name: String,
    size: u64,
    drawn: Option<u64>,
    columns: usize,
}

impl Progress {
    /// A bar where it helps: standard error is a terminal, the rows do not go to one, and the size is known.
    pub fn new(input: &Input, output: &Output) -> Option<Self> {
        let size = input.size.filter(|size| *size >= WORTH_IT)?;
        (io::stderr().is_terminal() && !output.is_terminal).then(|| Self {
            name: visible::cut(&input.name, 32),
            size,
            drawn: None,
            columns: 0,
        })
    }

    /// `consumed` bytes and `events` events have been read.
    pub fn advance(&mut self, consumed: u64, events: u64) {
        let percent = percent(consumed, self.size);
        if self.drawn == Some(percent) {
            return;
        }
        self.drawn = Some(percent);
        let line = bar(&self.name, percent, events);
        self.draw(&line);
    }

    /// Takes the bar off the screen, before something else is written there and at the end.
    pub fn clear(&mut self) {
        self.drawn = None;
        self.draw("");
        let _ = write!(io::stderr(), "\r");
    }

    fn draw(&mut self, line: &str) {
        let columns = visible::width(line);
        let rest = " ".repeat(self.columns.saturating_sub(columns));
        self.columns = columns;
        // A terminal that has gone away is no reason to stop judging.
        let _ = write!(io::stderr(), "\r{line}{rest}");
    }
}

/// How much of `size` has been `consumed`, in per cent; a file may grow while it is read.
fn percent(consumed: u64, size: u64) -> u64 {
    (u128::from(consumed) * 100 / u128::from(size.max(1))).min(100) as u64
}

fn bar(name: &str, percent: u64, events: u64) -> String {
    let full = (percent * CELLS / 100) as usize;
    format!("{name}  {}{}  {percent:>3} %  {events} events", "█".repeat(full), "░".repeat(CELLS as usize - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_with_what_was_read_and_keeps_its_width() {
        let cases = [
            (0, 10, "x  ░░░░░░░░░░░░░░░░░░░░░░░░    0 %  7 events"),
            (5, 10, "x  ████████████░░░░░░░░░░░░   50 %  7 events"),
            (u64::MAX, 10, "x  ████████████████████████  100 %  7 events"),
        ];
        for (consumed, size, expected) in cases {
            assert_eq!(bar("x", percent(consumed, size), 7), expected);
        }
    }
}
