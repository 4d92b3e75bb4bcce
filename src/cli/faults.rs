//! Lines that could not be read, told on standard error.

use std::io::{self, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};

use super::visible;

/// The most lines that are told one by one. Each has its verdict anyway, and a picture given by mistake has many.
const TOLD: u64 = 20;

/// Tells unreadable lines and counts them.
pub struct Faults {
    input: String,
    count: u64,
}

impl Faults {
    /// Faults of the input with this name.
    pub fn of(input: &str) -> Self {
        Self { input: input.to_owned(), count: 0 }
    }

    /// The line with this `number` could not be read.
    pub fn tell(&mut self, number: u64, why: &str) {
        let input = self.input.clone();
        self.tell_in(&input, number, why);
    }

    /// The line with this `number` of `file`, one of several files of the input, could not be read.
    pub fn tell_in(&mut self, file: &str, number: u64, why: &str) {
        self.count += 1;
        if self.count <= TOLD {
            error(&format!("{file}:{number}: {why}"));
        }
    }

    /// How many there were; says so if not all were told.
    pub fn finish(&self) -> u64 {
        if self.count > TOLD {
            error(&format!("{}: {} more lines could not be read", self.input, self.count - TOLD));
        }
        self.count
    }
}

/// Tells a person what helps, behind what went wrong.
pub fn help(message: &str) {
    let _ = writeln!(AutoStream::auto(io::stderr()), "{}", visible::lines(message));
}

/// Tells a person what went wrong.
pub fn error(message: &str) {
    const RED: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
    tell(&format!("{RED}error{RED:#}: "), message);
}

/// Tells a person what happened, while a command runs on.
pub fn note(message: &str) {
    const BOLD: Style = Style::new().bold();
    tell(&format!("{BOLD}note{BOLD:#}: "), message);
}

fn tell(word: &str, message: &str) {
    // Diagnostics bring their own first word.
    let named = ["error[", "warning["].iter().any(|word| message.starts_with(word));
    let word = if named { "" } else { word };
    // With standard error closed there is nobody to tell; the exit code still says it.
    let _ = writeln!(AutoStream::auto(io::stderr()), "{word}{}", visible::lines(message));
}
