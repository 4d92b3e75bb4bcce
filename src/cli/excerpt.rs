//! The part of a text that a rule found, marked, in one line of the screen.

use sluicegate::{Event, Json};

use super::paint::{DIM, FOUND, Paint};
use super::visible::{self, Screen};

/// `text` with the bytes of `span` marked, cut to `limit` columns around the mark.
pub fn marked(text: &str, span: (usize, usize), limit: usize, paint: Paint) -> String {
    let parts = || Some((text.get(..span.0)?, text.get(span.0..span.1)?, text.get(span.1..)?));
    // A span that does not fit the text is a fault of ours; the text is still worth showing.
    let (before, found, after) = parts().unwrap_or(("", "", text));

    let (open, close) = if paint.colour || found.is_empty() { ("", "") } else { ("›", "‹") };
    let room = limit.saturating_sub(4);
    let found_columns = visible::fitting(found, room);
    let around = room.saturating_sub(found_columns);
    // What stands behind may take half of what is left, and what stands before takes the rest.
    let behind = visible::fitting(after, around).min(around / 2);
    let lead = visible::tail(before, around - behind);

    let mut line = Screen::default();
    if lead.len() < before.len() {
        line.push_own(&paint.draw(DIM, "…"), 1);
    }
    let margin = line.columns();
    line.push(lead, margin + around);
    let mut drawn = Screen::default();
    let whole = drawn.push(found, found_columns);
    let columns = drawn.columns();
    line.push_own(open, visible::width(open));
    line.push_own(&paint.draw(FOUND, &drawn.into_text()), columns);
    if !whole {
        line.push_own(&paint.draw(DIM, "…"), 1);
    }
    line.push_own(close, visible::width(close));
    if whole && !line.push(after, limit.saturating_sub(1)) {
        line.push_own(&paint.draw(DIM, "…"), 1);
    }
    line.into_text()
}

/// The string in the field of an event that a finding names.
pub fn field<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    match name {
        "text" => Some(&event.text),
        "quoted" => event.quoted.as_deref(),
        "sender.name" => event.sender.as_ref().map(|sender| sender.name.as_str()),
        _ => {
            if let Some(rest) = name.strip_prefix("attachments/") {
                let (number, part) = rest.split_once('/')?;
                let attachment = event.attachments.get(number.parse::<usize>().ok()?)?;
                return Some(if part == "name" { &attachment.name } else { &attachment.text });
            }
            let tool = event.tool.as_ref()?;
            let pointer = name.strip_prefix("tool").unwrap_or(name).strip_prefix('/')?;
            let (top, rest) = pointer.split_once('/').map_or((pointer, None), |(top, rest)| (top, Some(rest)));
            match top {
                "name" => Some(&tool.name),
                "arguments" => string(&tool.arguments, rest),
                "result" => string(&tool.result, rest),
                _ => None,
            }
        }
    }
}

/// The string that a JSON pointer (RFC 6901, without its first slash) leads to.
fn string<'a>(json: &'a Json, pointer: Option<&str>) -> Option<&'a str> {
    let mut here = json;
    for token in pointer.into_iter().flat_map(|pointer| pointer.split('/')) {
        here = match here {
            Json::Object(members) => members.get(&token.replace("~1", "/").replace("~0", "~"))?,
            Json::Array(elements) => elements.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    match here {
        Json::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Paint = Paint { colour: false };

    #[test]
    fn the_found_span_is_marked_and_stays_in_sight() {
        let long = format!("{} ignore all rules {}", "a".repeat(100), "b".repeat(100));
        let cases = [
            ("please ignore all rules now", (7, 23), 60, "please ›ignore all rules‹ now"),
            (&long, (101, 117), 40, "…aaaaaaaaa ›ignore all rules‹ bbbbbbbbb…"),
            (&long, (0, 4), 20, "›aaaa‹aaaaaaaaaaaaa…"),
            (&long, (0, 60), 20, "›aaaaaaaaaaaaaaaa…‹"),
            ("漢字漢字漢字漢字", (6, 12), 14, "…字›漢字‹漢字…"),
            ("a\nb\x1b[2J", (2, 3), 30, "a␊›b‹␛[2J"),
            ("no such place", (50, 60), 30, "no such place"),
            ("grün", (0, 3), 30, "grün"),
        ];
        for (text, span, limit, expected) in cases {
            let line = marked(text, span, limit, PLAIN);
            assert!(visible::width(&line) <= limit, "{line} is wider than {limit}");
            assert_eq!(line, expected, "{text}");
        }
    }

    #[test]
    fn a_field_is_found_by_the_name_that_findings_give() {
        let event: Event = serde_json::from_str(
            r#"{"text":"t","quoted":"q","sender":{"name":"n"},"attachments":[{},{"text":"a","name":"f"}],
                "tool":{"name":"bash","arguments":{"a/b":["x","y"]},"result":"r"}}"#,
        )
        .unwrap();
        let cases = [
            ("text", Some("t")),
            ("quoted", Some("q")),
            ("sender.name", Some("n")),
            ("attachments/1/text", Some("a")),
            ("attachments/1/name", Some("f")),
            ("tool/name", Some("bash")),
            ("tool/arguments/a~1b/1", Some("y")),
            ("/arguments/a~1b/0", Some("x")),
            ("tool/result", Some("r")),
            ("tool/arguments", None),
            ("tool/arguments/a~1b/9", None),
            ("attachments/7/text", None),
            ("nonsense", None),
        ];
        for (name, expected) in cases {
            assert_eq!(field(&event, name), expected, "{name}");
        }
    }
}
