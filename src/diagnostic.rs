//! Faults in what the owner writes: policies, rules and settings.

use std::fmt;
use std::sync::Arc;

/// A file of the owner's, read: what it is called on the screen, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name that diagnostics and verdicts give, such as `personal.rhai`.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// A source with its name and text.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth a look; the file is still used.
    Warning,
    /// The file is not used.
    Error,
}

/// One fault: what, where and how to mend it. Its [`Display`](fmt::Display) form is the one on the owner's screen.
///
/// ```text
/// error[P003]: there is no fact `m.scroe`
///   --> personal.rhai:3:10
///    |
///  3 |     if m.scroe >= 8 {
///    |          ^
///    = help: did you mean `m.score`?
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// A stable code: `P…` for policies, `R…` for rules, `S…` for settings.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is wrong: a lower-case fragment without a final stop.
    pub message: String,
    /// The file, as the owner knows it.
    pub file: Arc<str>,
    /// The line, from 1; 0 where the fault belongs to the whole file.
    pub line: u32,
    /// The column, from 1, in characters; 0 where it belongs to the whole line.
    pub column: u32,
    /// The text of the line.
    pub source: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error in `file`, not yet at a place.
    #[must_use]
    pub fn error(code: &'static str, file: &Arc<str>, message: impl Into<String>) -> Self {
        Self {
            code,
            level: Level::Error,
            message: message.into(),
            file: Arc::clone(file),
            line: 0,
            column: 0,
            source: String::new(),
            help: None,
        }
    }

    /// A warning in `file`, not yet at a place.
    #[must_use]
    pub fn warning(code: &'static str, file: &Arc<str>, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(code, file, message) }
    }

    /// What the TOML reader says about `text`, the whole source, with its place; for an unknown key, one of `keys` that may
    /// have been meant.
    pub(crate) fn toml<'a>(
        code: &'static str,
        file: &Arc<str>,
        text: &str,
        error: &toml::de::Error,
        keys: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        // The first line says what is wrong; the lines after it draw the place, which we do ourselves.
        let message = error.message().lines().next().unwrap_or("the file is not TOML");
        let mut fault = Self::error(code, file, message);
        if let Some(span) = error.span() {
            fault = fault.at_byte(text, span.start);
        }
        match message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
            Some(given) => fault.did_you_mean(given, keys),
            None => fault,
        }
    }

    /// Sets the place by line and column (from 1, in characters) in `text`, the whole source.
    #[must_use]
    pub fn at(mut self, text: &str, line: u32, column: u32) -> Self {
        let index = (line as usize).saturating_sub(1);
        self.source = text.lines().nth(index).unwrap_or_default().to_owned();
        (self.line, self.column) = (line, column);
        self
    }

    /// Sets the place by a byte offset in `text`, the whole source.
    #[must_use]
    pub fn at_byte(self, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.at(text, u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" if one of `known` is close to `given`.
    #[must_use]
    pub fn did_you_mean<'a>(self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(given, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Warning => "warning",
            Level::Error => "error",
        };
        // INVARIANT: nothing of a file reaches the screen as a control character, or a hostile file could draw on it.
        writeln!(f, "{level}[{}]: {}", self.code, Visible(&self.message))?;
        write!(f, "  --> {}", Visible(&self.file))?;
        match (self.line, self.column) {
            (0, _) => {}
            (line, 0) => write!(f, ":{line}")?,
            (line, column) => write!(f, ":{line}:{column}")?,
        }
        if self.line > 0 {
            let number = self.line.to_string();
            let margin = " ".repeat(number.len());
            // One blank for one character, so that the caret stays in its place.
            let clean: String = self.source.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect();
            write!(f, "\n {margin} |\n {number} | {}", clean.trim_end())?;
            if self.column > 0 {
                let indent = " ".repeat(self.column as usize - 1);
                write!(f, "\n {margin} | {indent}^")?;
            }
        }
        if let Some(help) = &self.help {
            write!(f, "\n    = help: {}", Visible(help))?;
        }
        Ok(())
    }
}

/// A text for the owner's screen: what could steer the terminal is written out, as `\u{1b}`.
struct Visible<'a>(&'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .chars()
            .try_for_each(|c| if is_unsafe(c) { write!(f, "{}", c.escape_unicode()) } else { write!(f, "{c}") })
    }
}

/// Whether a character moves the cursor, changes colours or the direction of writing.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Why something could not be loaded: one fault or more. Nothing of it is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The faults, in the order of files and lines; at least one is an error.
    pub diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for LoadError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic] }
    }
}

impl From<Vec<Diagnostic>> for LoadError {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

/// The name in `known` that is closest to `given`, if it is close enough to be a slip of the pen: at most one edit for
/// every three characters, at least one.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (given.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (edits(given, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// Edits between two names: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
/// Names are cut at 64 characters, so the cost is bounded.
fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let (mut before, mut above): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&above, j) + usize::from(from != to)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(&to) && b.get(j - 1) == Some(&from);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        (before, above) = (above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_slips_and_nothing_far_away() {
        let known = ["score", "score_artifact", "sender_approved", "unread"];
        let cases = [
            ("scroe", Some("score")),
            ("sender_aproved", Some("sender_approved")),
            ("unred", Some("unread")),
            ("weather", None),
            ("x", None),
        ];
        for (given, expected) in cases {
            assert_eq!(nearest(given, known), expected, "{given}");
        }
    }

    #[test]
    fn nothing_of_a_file_steers_the_terminal() {
        let file = Arc::from("a\u{1b}[2J.toml");
        let fault = Diagnostic::error("R004", &file, "there is no scope `x\u{1b}[31m\u{202e}`").help("not `\u{7}`");
        let shown = fault.at("a\u{1b}b\u{202e}", 1, 2).to_string();
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{shown:?}");
        assert!(shown.contains("`x\\u{1b}[31m\\u{202e}`") && shown.contains("| a b"), "{shown}");
    }

    #[test]
    fn shows_the_place_with_a_caret() {
        let file = Arc::from("personal.rhai");
        let text = "fn on_message(m) {\n\tif m.scroe >= 8 { drop(\"x\") }\n}";
        let fault = Diagnostic::error("P003", &file, "there is no fact `m.scroe`").at_byte(text, 25);
        let shown = fault.did_you_mean("scroe", ["score"]).to_string();
        let expected = "error[P003]: there is no fact `m.scroe`\n  --> personal.rhai:2:7\n   |\n 2 |  if m.scroe >= 8 { drop(\"x\") }\n   |       ^\n    = help: did you mean `score`?";
        assert_eq!(shown, expected);
    }
}
