//! A stranger's text on the owner's terminal.
//!
//! INVARIANT: nothing that a stranger wrote reaches a terminal except through this file. An escape sequence could clear the
//! screen, retitle the window or forge a row, and a change of direction could make a drop look like an allow.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// Combining marks drawn over one character; more would climb over the lines above.
const MARKS: u8 = 2;

/// Stands for a character that draws nothing, so that it can be seen that there is one.
const DOT: char = '·';

/// Text for one line of a screen: every character is drawn as itself or as something harmless, and columns are counted.
#[derive(Debug, Default)]
pub struct Screen {
    text: String,
    columns: usize,
    marks: u8,
}

impl Screen {
    /// Adds as much of `text` as fits into `limit` columns in all, and says whether that was all of it.
    pub fn push(&mut self, text: &str, limit: usize) -> bool {
        text.chars().all(|character| self.push_char(character, limit))
    }

    fn push_char(&mut self, character: char, limit: usize) -> bool {
        let drawn = match Drawn::of(character) {
            Drawn::Mark if self.marks >= MARKS => Drawn::As(DOT),
            drawn => drawn,
        };
        let width = drawn.columns();
        if self.columns + width > limit {
            return false;
        }
        self.columns += width;
        self.marks = if matches!(drawn, Drawn::Mark) { self.marks + 1 } else { 0 };
        match drawn {
            Drawn::Mark => self.text.push(character),
            Drawn::As(other) => self.text.push(other),
            Drawn::Code => {
                let _ = write!(self.text, "<{:04X}>", u32::from(character));
            }
        }
        true
    }

    /// Adds text of our own, which is harmless and may hold colours, as `columns` columns wide.
    pub fn push_own(&mut self, text: &str, columns: usize) {
        self.text.push_str(text);
        self.columns += columns;
    }

    /// Columns used so far.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The text, ready for a terminal.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// How a character is drawn.
#[derive(Clone, Copy)]
enum Drawn {
    /// As this character, itself or a stand-in.
    As(char),
    /// As a mark over the character before it.
    Mark,
    /// As its number: `<202E>`.
    Code,
}

impl Drawn {
    fn of(character: char) -> Self {
        match character {
            '\0'..='\x1f' => Self::As(char::from_u32(0x2400 + u32::from(character)).unwrap_or(DOT)),
            '\x7f' => Self::As('␡'),
            _ if is_control(character) => Self::Code,
            _ if is_invisible(character) => Self::As(DOT),
            _ => match character.width() {
                Some(0) => Self::Mark,
                Some(_) => Self::As(character),
                None => Self::Code,
            },
        }
    }

    fn columns(self) -> usize {
        match self {
            Self::As(character) => character.width().unwrap_or(1),
            Self::Mark => 0,
            Self::Code => 8,
        }
    }
}

/// What steers a terminal or turns the direction of a text: C1 controls, line and paragraph separators, bidi controls.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// What draws nothing and can carry a hidden text: zero-width characters, fillers, variation selectors, tags.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` in at most `limit` columns, with `…` at the end if it was cut.
pub fn cut(text: &str, limit: usize) -> String {
    let mut whole = Screen::default();
    if whole.push(text, limit) {
        return whole.into_text();
    }
    let mut part = Screen::default();
    part.push(text, limit.saturating_sub(1));
    part.push_own("…", 1);
    part.into_text()
}

/// A message of several lines, each of them drawn harmlessly; a very long line is cut.
pub fn lines(text: &str) -> String {
    text.lines().map(|line| cut(line, 500)).collect::<Vec<_>>().join("\n")
}

/// `text` in exactly `columns` columns: cut, or filled with blanks.
pub fn pad(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let blanks = columns.saturating_sub(width(&text));
    text + " ".repeat(blanks).as_str()
}

/// Columns of a text that is harmless already.
pub fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

/// How many bytes of the beginning of `text` fit into `limit` columns, and how many columns they take.
pub fn fitting(text: &str, limit: usize) -> usize {
    let mut screen = Screen::default();
    screen.push(text, limit);
    screen.columns()
}

/// The end of `text` that fits into `limit` columns. Its cost is bounded by `limit`, not by the text.
pub fn tail(text: &str, limit: usize) -> &str {
    let mut columns = 0;
    // A mark counts as a column here: an endless row of them would fit otherwise.
    let fits = |character: &(usize, char)| {
        columns += Drawn::of(character.1).columns().max(1);
        columns <= limit
    };
    let start = text.char_indices().rev().take_while(fits).last().map_or(text.len(), |(start, _)| start);
    text.get(start..).unwrap_or_default()
}

/// JSON whose strings hold no raw character that a terminal could obey: such characters become `\u` escapes, so that the
/// value stays the same. A JSON writer escapes only those below U+0020.
pub fn json(json: String) -> String {
    let hostile = |character: char| character >= '\x7f' && (is_control(character) || is_invisible(character));
    if !json.contains(hostile) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 64);
    for character in json.chars() {
        if hostile(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        let cases = [
            ("plain 漢字 grün", "plain 漢字 grün"),
            ("a\x1b[2J\x1b]0;owned\x07", "a␛[2J␛]0;owned␇"),
            ("one\ntwo\r\tthree\x7f", "one␊two␍␉three␡"),
            ("\u{9b}31m", "<009B>31m"),
            ("allow \u{202e}pord\u{202c}", "allow <202E>pord<202C>"),
            ("ig\u{200b}no\u{ad}re\u{fe0f}", "ig·no·re·"),
            ("\u{e0041}\u{e0042}", "··"),
            ("z\u{301}\u{301}\u{301}\u{301}x\u{301}", "z\u{301}\u{301}·\u{301}x\u{301}"),
            ("\u{2028}\u{2029}", "<2028><2029>"),
        ];
        for (text, drawn) in cases {
            assert_eq!(cut(text, 80), drawn, "{text:?}");
        }
    }

    #[test]
    fn cuts_and_fills_by_columns() {
        let cases = [
            ("hello", 5, "hello"),
            ("hello!", 5, "hell…"),
            ("漢字", 4, "漢字"),
            ("漢字漢", 4, "漢… "),
            ("é", 3, "é  "),
            ("ab\u{202e}", 5, "ab…  "),
            ("", 2, "  "),
        ];
        for (text, columns, drawn) in cases {
            assert_eq!(pad(text, columns), drawn, "{text:?} in {columns}");
        }
    }

    #[test]
    fn the_end_of_a_text_is_found_without_reading_all_of_it() {
        let cases = [("abcdef", 3, "def"), ("abc", 9, "abc"), ("漢字", 3, "字"), ("abc", 0, "")];
        for (text, limit, expected) in cases {
            assert_eq!(tail(text, limit), expected);
        }
        assert!(tail(&"\u{301}".repeat(1_000_000), 10).len() <= 20);
    }

    #[test]
    fn json_keeps_its_value_and_loses_its_controls() {
        let value = serde_json::json!({"text": "a\u{9b}\u{202e}\u{e0041}\u{7f}漢\u{1b}"});
        let safe = json(value.to_string());
        assert_eq!(safe, r#"{"text":"a\u009b\u202e\udb40\udc41\u007f漢\u001b"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }
}
