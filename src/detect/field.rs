//! The texts of an event, each with its name and scope.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::event::{Event, Json};

use super::rule::Scope;

/// The name of a field, as a finding gives it. Written only when something is found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field<'a> {
    Text,
    Quoted,
    SenderName,
    Attachment(usize, &'static str),
    ToolName,
    /// Below `tool`: the part of it, and the way down.
    Tool(&'static str, &'a [Token<'a>], bool),
    /// All strings of a part of `tool`, one a line: a text may be cut over them.
    Joined(&'static str),
    /// The authored text after what was carried from earlier messages, which ends at the first place; this message begins
    /// at the second.
    Split(usize, usize),
}

impl Field<'_> {
    /// Whether what stands there counts: in a split text, only what lies over the joint.
    pub(super) const fn counts(self, span: &Range<usize>) -> bool {
        match self {
            Self::Split(tail, head) => span.start < tail && span.end > head,
            _ => true,
        }
    }
}

/// One step down into JSON.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'a> {
    Key(&'a str),
    Index(usize),
}

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text | Self::Split(..) => f.write_str("text"),
            Self::Quoted => f.write_str("quoted"),
            Self::SenderName => f.write_str("sender.name"),
            Self::Attachment(index, part) => write!(f, "attachments/{index}/{part}"),
            Self::ToolName => f.write_str("tool/name"),
            Self::Joined(part) => write!(f, "tool/{part}"),
            Self::Tool(part, way, key) => {
                write!(f, "tool/{part}")?;
                for token in *way {
                    match token {
                        Token::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
                        Token::Index(index) => write!(f, "/{index}")?,
                    }
                }
                // As in relative JSON pointers, `#` names the key and not its value.
                if *key { f.write_str("#") } else { Ok(()) }
            }
        }
    }
}

/// Shows every text of an event to `look`, the authored text first.
pub(super) fn for_each(event: &Event, look: &mut dyn FnMut(Field<'_>, Scope, &str)) {
    let text = Scope::of_text(event.kind);
    look(Field::Text, text, &event.text);
    if let Some(quoted) = &event.quoted {
        look(Field::Quoted, Scope::Quoted, quoted);
    }
    if let Some(sender) = &event.sender {
        look(Field::SenderName, Scope::SenderName, &sender.name);
    }
    for (index, attachment) in event.attachments.iter().enumerate() {
        look(Field::Attachment(index, "name"), Scope::Attachment, &attachment.name);
        look(Field::Attachment(index, "mime"), Scope::Attachment, &attachment.mime);
        look(Field::Attachment(index, "text"), Scope::Attachment, &attachment.text);
    }
    if let Some(tool) = &event.tool {
        look(Field::ToolName, Scope::ToolCall, &tool.name);
        for (part, scope, value) in
            [("arguments", Scope::ToolCall, &tool.arguments), ("result", Scope::ToolResult, &tool.result)]
        {
            json(part, scope, value, &mut Vec::new(), look);
            for strings in joinable(value) {
                look(Field::Joined(part), scope, &strings.join("\n"));
            }
        }
    }
}

/// The rows of strings over which a text may be cut: those that stand under the same key, as the parts of a tool's answer
/// do, and all strings together.
fn joinable(value: &Json) -> Vec<Vec<&str>> {
    let (mut all, mut by_key) = (Vec::new(), BTreeMap::new());
    collect(value, "", &mut all, &mut by_key);
    let mut rows: Vec<Vec<&str>> = by_key.into_values().filter(|row| row.len() > 1 && row.len() < all.len()).collect();
    if all.len() > 1 {
        rows.push(all);
    }
    rows
}

fn collect<'a>(value: &'a Json, key: &'a str, all: &mut Vec<&'a str>, by_key: &mut BTreeMap<&'a str, Vec<&'a str>>) {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
        Json::String(text) => {
            all.push(text);
            by_key.entry(key).or_default().push(text);
        }
        Json::Array(elements) => elements.iter().for_each(|element| collect(element, key, all, by_key)),
        Json::Object(members) => members.iter().for_each(|(key, member)| collect(member, key, all, by_key)),
    }
}

/// All strings and keys of a JSON value. It is at most 32 levels deep, by the way it is read.
fn json<'a>(
    part: &'static str,
    scope: Scope,
    value: &'a Json,
    way: &mut Vec<Token<'a>>,
    look: &mut dyn FnMut(Field<'_>, Scope, &str),
) {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
        Json::String(text) => look(Field::Tool(part, way, false), scope, text),
        Json::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                way.push(Token::Index(index));
                json(part, scope, element, way, look);
                way.pop();
            }
        }
        Json::Object(members) => {
            for (key, member) in members {
                way.push(Token::Key(key));
                look(Field::Tool(part, way, true), scope, key);
                json(part, scope, member, way, look);
                way.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    #[test]
    fn every_text_is_seen_under_its_name() {
        let json = r#"{"kind":"tool_result","text":"a","quoted":"b","sender":{"id":"x","name":"c"},
            "attachments":[{"name":"d","mime":"m","text":"e"}],
            "tool":{"name":"f","arguments":{"g/~":[1,"h"]},"result":["i","j"]}}"#;
        let event: Event = serde_json::from_str(json).unwrap();
        assert_eq!(event.kind, Kind::ToolResult);
        let mut seen = Vec::new();
        for_each(&event, &mut |field, scope, text| seen.push(format!("{field} {} {text}", scope.name())));
        let expected = [
            "text tool_result a",
            "quoted quoted b",
            "sender.name sender_name c",
            "attachments/0/name attachment d",
            "attachments/0/mime attachment m",
            "attachments/0/text attachment e",
            "tool/name tool_call f",
            "tool/arguments/g~1~0# tool_call g/~",
            "tool/arguments/g~1~0/1 tool_call h",
            "tool/result/0 tool_result i",
            "tool/result/1 tool_result j",
            "tool/result tool_result i\nj",
        ];
        assert_eq!(seen, expected);
    }
}
