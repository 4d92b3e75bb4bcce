//! Texts that are too long are decided by the settings, not searched in part.

use crate::config::SizeLimits;
use crate::event::{Event, Json, Kind};
use crate::verdict::Decision;

/// The decision on an event that is over a limit.
#[derive(Clone)]
pub(super) struct Over {
    pub(super) decision: Decision,
    pub(super) reason: String,
}

/// Whether an event is over a limit.
pub(super) fn over(event: &Event, limits: &SizeLimits) -> Option<Over> {
    let SizeLimits { message_characters, message_over, other_bytes, other_over } = *limits;
    let message = event.kind == Kind::Message;
    // A character is at most four bytes, so most texts need no counting.
    if message && event.text.len() > message_characters && event.text.chars().count() > message_characters {
        let reason = format!("text longer than {message_characters} characters");
        return Some(Over { decision: message_over.into(), reason });
    }
    let mut bytes = if message { 0 } else { event.text.len() };
    bytes += event.quoted.as_ref().map_or(0, String::len);
    bytes += event.sender.as_ref().map_or(0, |sender| sender.name.len());
    bytes += event.attachments.iter().map(|part| part.name.len() + part.mime.len() + part.text.len()).sum::<usize>();
    if let Some(tool) = &event.tool {
        bytes += tool.name.len() + json_bytes(&tool.arguments) + json_bytes(&tool.result);
    }
    (bytes > other_bytes)
        .then(|| Over { decision: other_over.into(), reason: format!("more than {other_bytes} bytes of text") })
}

fn json_bytes(value: &Json) -> usize {
    match value {
        Json::Null | Json::Bool(_) => 1,
        Json::Number(digits) => digits.len(),
        Json::String(text) => text.len(),
        Json::Array(elements) => elements.iter().map(|element| 1 + json_bytes(element)).sum(),
        Json::Object(members) => members.iter().map(|(key, member)| 1 + key.len() + json_bytes(member)).sum(),
    }
}
