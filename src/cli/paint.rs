//! Colours.

use anstyle::{AnsiColor, Style};
use sluicegate::Decision;

/// Draws with colour, or without.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    /// Whether colours are drawn. Without them the found span is put between `›` and `‹`.
    pub colour: bool,
}

/// What stands back: times, places, frames.
pub const DIM: Style = Style::new().dimmed();
/// The found span.
pub const FOUND: Style = Style::new().bold().underline().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
/// The disguise undone.
pub const UNDONE: Style = Style::new().bold();
/// What broke.
pub const BROKEN: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Magenta)));

impl Paint {
    /// `text`, which is harmless already, in `style`.
    pub fn draw(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The colour of a decision.
pub const fn of(decision: Decision) -> Style {
    let colour = match decision {
        Decision::Allow => AnsiColor::Green,
        Decision::Drop => AnsiColor::Red,
        Decision::Hold => AnsiColor::Yellow,
    };
    Style::new().bold().fg_color(Some(anstyle::Color::Ansi(colour)))
}
