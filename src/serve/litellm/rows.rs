//! The rows of a conversation, as what they are to the gate.

use std::borrow::Cow;
use std::ops::Range;

use super::request::{Request, Row};
use crate::event::Kind;

/// A row, or a text without one.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// What it is; none for what is not judged here.
    pub(super) kind: Option<Kind>,
    /// Its place in the conversation.
    pub(super) row: usize,
    pub(super) text: Cow<'a, str>,
    /// The tool that a result is of.
    pub(super) name: Option<&'a str>,
    /// Parts that are no text.
    pub(super) others: usize,
    /// Whether it stands behind the last row of the assistant.
    pub(super) is_new: bool,
    /// Where its texts stand in the list of all texts.
    pub(super) texts: Range<usize>,
}

/// The parts of a conversation. None where the list of texts is not that of the rows, so that nobody could tell which of
/// them are judged.
pub(super) fn parts(request: &Request) -> Option<Vec<Part<'_>>> {
    let texts = request.texts.as_deref().unwrap_or_default();
    let Some(rows) = request.structured_messages.as_deref().filter(|rows| !rows.is_empty()) else {
        let alone = |(row, text): (usize, &'_ String)| (row, Cow::Owned(text.clone()));
        let pictures = request.images.as_ref().map_or(0, Vec::len);
        let part = |(row, text), texts| Part {
            kind: Some(Kind::Message),
            row,
            text,
            name: None,
            others: pictures,
            is_new: true,
            texts,
        };
        let mut parts: Vec<Part<'_>> =
            texts.iter().enumerate().map(alone).map(|(row, text)| part((row, text), row..row + 1)).collect();
        if parts.is_empty() && pictures > 0 {
            parts.push(part((0, Cow::Borrowed("")), 0..0));
        }
        return Some(parts);
    };
    let last = rows.iter().rposition(|row| row.role == "assistant");
    let (mut parts, mut place) = (Vec::new(), 0);
    for (number, row) in rows.iter().enumerate() {
        let (own, kind) = (row.texts(), kind(row));
        let is_listed = |end: usize| texts.get(place..end).is_some_and(|listed| listed.iter().eq(own.iter()));
        let mut end = place + own.len();
        if !texts.is_empty() && !is_listed(end) {
            // What a tool gave is not in the list where the proxy was asked over `/v1/responses`. It is judged all the same, and
            // cannot be replaced.
            if kind != Some(Kind::ToolResult) {
                return None;
            }
            end = place;
        }
        parts.push(Part {
            kind,
            row: number,
            text: if own.len() == 1 { Cow::Borrowed(own.first()?) } else { Cow::Owned(own.join("\n")) },
            name: row.name.as_deref().or(row.tool_call_id.as_deref()),
            others: row.others(),
            is_new: last.is_none_or(|last| number > last),
            texts: place..end,
        });
        place = end;
    }
    // INVARIANT: no text goes to the model that belongs to no row.
    (texts.is_empty() || place == texts.len()).then_some(parts)
}

/// What a row is. The system prompt is the operator's; what the assistant said was judged then. Any other role is taken for
/// somebody who writes.
fn kind(row: &Row) -> Option<Kind> {
    match row.role.as_str() {
        "system" | "developer" | "assistant" => None,
        "tool" | "function" => Some(Kind::ToolResult),
        _ => Some(Kind::Message),
    }
}
