//! Events, one JSON object a line.

use std::io::{self, BufRead};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use sluicegate::Event;

use super::lines::{Lines, columns};
use super::visible;

/// The most columns of a parser's message that are shown; it may quote the line, which may be long.
const MESSAGE: usize = 240;

/// Where the time of an event comes from that does not tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The time of the last event that told one, 1970 before any did. For a file: it is a record, and its reading must
    /// not depend on when it is read.
    Record,
    /// The system's clock at the line. For a gateway that writes into a pipe as things happen: one event that tells its
    /// time must not stop the clock for all after it, since whoever writes then would soon write too much at once.
    System,
}

/// Reads events. A line that is none is told with its number, and the next one is read.
pub struct Events<R> {
    lines: Lines<R>,
    clock: Clock,
    /// The time that the last event told, 0 before any did.
    told: u64,
}

impl<R: BufRead> Events<R> {
    /// Events of `source`.
    pub fn new(source: R, clock: Clock) -> Self {
        Self { lines: Lines::new(source), clock, told: 0 }
    }

    /// Bytes read so far.
    pub fn consumed(&self) -> u64 {
        self.lines.consumed()
    }

    /// The number of the next line and its event, or why it is none; `None` at the end.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn next(&mut self) -> io::Result<Option<(u64, Result<Event, String>)>> {
        let Some(line) = self.lines.next()? else { return Ok(None) };
        let number = line.number;
        let mut event = line.text.and_then(parse::<Event>);
        if let Ok(event) = &mut event {
            if event.at != 0 {
                self.told = event.at;
            } else {
                event.at = match self.clock {
                    Clock::Record => self.told,
                    Clock::System => now(),
                };
            }
        }
        Ok(Some((number, event)))
    }
}

/// Milliseconds since 1970 on the system's clock; 0 where it stands before that.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// One JSON object.
///
/// # Errors
/// What is wrong and in which column, for the person who wrote the line.
pub fn parse<T: DeserializeOwned>(line: &str) -> Result<T, String> {
    // A list of the right length would be taken for an object otherwise.
    if !line.trim_start().starts_with('{') {
        return Err("column 1: not a JSON object".to_owned());
    }
    serde_json::from_str(line).map_err(|error| {
        let message = error.to_string();
        // The parser counts lines within the one line that it was given.
        let what = message.split(" at line 1 column ").next().unwrap_or(&message);
        let column = columns(line.as_bytes(), error.column()).max(1);
        format!("column {column}: {}", visible::cut(what, MESSAGE))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(input: &str, clock: Clock) -> Vec<u64> {
        let mut events = Events::new(input.as_bytes(), clock);
        let mut found = Vec::new();
        while let Some((_, event)) = events.next().unwrap() {
            found.push(event.unwrap().at);
        }
        found
    }

    #[test]
    fn a_missing_time_in_a_file_is_that_of_the_last_event_that_told_one() {
        assert_eq!(at("{}\n{\"at\":5}\n{}\n{\"at\":3}\n{}\n", Clock::Record), [0, 5, 5, 3, 3]);
    }

    #[test]
    fn a_missing_time_of_a_gateway_is_now_whatever_was_told_before() {
        let live = at("{}\n{\"at\":5}\n{}\n{\"at\":3}\n{}\n", Clock::System);
        assert_eq!((live[1], live[3]), (5, 3), "a time that is told is kept");
        for line in [0, 2, 4] {
            assert!(live[line] >= 1_600_000_000_000, "line {line} has no time, but was judged at {}", live[line]);
        }
    }

    #[test]
    fn a_line_that_is_no_event_is_told_with_its_column() {
        let deep = format!(r#"{{"tool":{{"arguments":{}{}}}}}"#, "[".repeat(60), "]".repeat(60));
        let cases = [
            ("nonsense", "column 1: not a JSON object"),
            (r#"["m1","message"]"#, "column 1: not a JSON object"),
            (r#"{"text":"grün","text":"x"}"#, "column 21: duplicate field `text`"),
            (r#"{"text":"a""#, "column 11: EOF while parsing an object"),
            (r#"{"text":"a"} {"text":"b"}"#, "column 14: trailing characters"),
            (r#"{"text":7}"#, "column 9: invalid type: integer `7`, expected a string"),
            (r#"{"at":-1}"#, "column 8: invalid value: integer `-1`, expected u64"),
            (r#"{"text":"\ud800"}"#, "column 16: unexpected end of hex escape"),
            (r#"{"kind":"massage"}"#, "column 17: unknown variant `massage`, expected one of `message`"),
            (r#"{"tool":{"arguments":{"a":1,"a":2}}}"#, "column 35: the key `a` is given twice"),
            (&deep, "nested deeper than 32 levels"),
        ];
        for (line, expected) in cases {
            let error = parse::<Event>(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }

    #[test]
    fn a_message_does_not_repeat_a_long_or_hostile_line() {
        let error = parse::<Event>(&format!(r#"{{"kind":"\u001b[2J\u202e{}"}}"#, "x".repeat(100_000))).unwrap_err();
        assert!(error.len() < 400, "{} bytes", error.len());
        assert!(!error.contains('\u{1b}') && !error.contains('\u{202e}'), "{error}");
    }
}
