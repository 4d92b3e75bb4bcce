//! LiteLLM's generic guardrail: `POST /beta/litellm_basic_guardrail_api`.
//!
//! * **Who**: the sender is the end user that the client names (`user`), on the channel `litellm`, else the proxy's key. The
//!   account is the team.
//! * **What**: rows of the user are messages, rows of a tool are tool results; replies of the model are replies, and the
//!   tools that it calls are tool calls. The system prompt is the operator's and is not judged as the user's; rows of the
//!   assistant were judged when they were said. A request without a new row of the user is judged as an empty message too:
//!   who is not heard is not heard through rows that claim to be a tool's or the assistant's.
//! * **Once**: clients send the whole conversation again each time. What stands behind the last row of the assistant is new,
//!   and counts; what stands before it is judged again, and nothing is counted. A row that
//!   would not pass is replaced unless it is the last one, which is what is answered: one bad message does not end a
//!   conversation for good, though no row of the assistant stands behind it, and the model does not see it all the same.

mod answer;
mod request;
mod rows;

use sha2::{Digest as _, Sha256};

use crate::event::{Event, Json, Kind};
use crate::gate::{Gate, Hypothesis};
use crate::verdict::{Decision, Verdict};

pub(super) use answer::Answer;
pub(super) use request::Request;
use request::{InputType, RequestData, ToolCall};
use rows::Part;

/// What an old row becomes that would not pass.
const WITHHELD: &str = "[withheld]";
/// The channel of everybody who comes through the proxy.
const CHANNEL: &str = "litellm";

/// Judges a request of the proxy. `judged` hears of every verdict.
pub(super) fn answer(gate: &Gate, request: &Request, now: u64, judged: &mut dyn FnMut(Kind, &Verdict)) -> Answer {
    match request.input_type {
        InputType::Request => asked(gate, request, now, judged),
        InputType::Response => answered(gate, request, now, judged),
    }
}

/// What goes to the model.
fn asked(gate: &Gate, request: &Request, now: u64, judged: &mut dyn FnMut(Kind, &Verdict)) -> Answer {
    let texts = request.texts.as_deref().unwrap_or_default();
    // Without rows nobody knows which text is whose, so all of them are the user's.
    let Some(parts) = rows::parts(request) else { return Answer::block(None) };
    let speaks = parts.iter().any(|part| part.is_new && part.kind == Some(Kind::Message));
    if !speaks && !is_heard(gate, &request.request_data, now) {
        return Answer::block(None);
    }
    // What is answered now. Where there are no rows, each text is.
    let has_rows = request.structured_messages.as_deref().is_some_and(|rows| !rows.is_empty());
    let last = parts.iter().rposition(|part| part.kind.is_some());
    let mut replaced = None;
    for (number, part) in parts.iter().enumerate() {
        let Some(event) = event_of(part, &request.request_data, now) else { continue };
        let passes = if part.is_new {
            let verdict = gate.check(&event);
            judged(event.kind, &verdict);
            if verdict.decision != Decision::Allow && (!has_rows || Some(number) == last) {
                return Answer::block(verdict.reply.as_deref());
            }
            verdict.decision == Decision::Allow
        } else {
            would_pass(gate, &event)
        };
        if passes {
            continue;
        }
        let texts = replaced.get_or_insert_with(|| texts.to_vec());
        let places = part.texts.clone();
        if places.is_empty() || places.end > texts.len() {
            return Answer::block(None);
        }
        texts.iter_mut().take(places.end).skip(places.start).for_each(|text| WITHHELD.clone_into(text));
    }
    replaced.map_or(Answer::Pass, |texts| Answer::Replace { texts })
}

/// Whether the policy lets anything pass from who asks. Nothing is counted, since nothing was said.
fn is_heard(gate: &Gate, data: &RequestData, now: u64) -> bool {
    would_pass(gate, &of(data, Event::message(now, "")))
}

/// What the policy says of something that is not of today, as rate and points are.
fn would_pass(gate: &Gate, event: &Event) -> bool {
    let then = Hypothesis { rate_exceeded: Some(false), escalation: Some(0), ..Hypothesis::default() };
    gate.inquire(event).judge(&then).decision == Decision::Allow
}

/// What comes from the model.
fn answered(gate: &Gate, request: &Request, now: u64, judged: &mut dyn FnMut(Kind, &Verdict)) -> Answer {
    let mut texts = request.texts.clone().unwrap_or_default();
    let mut changed = false;
    let call = request.litellm_call_id.as_deref();
    for (number, text) in texts.iter_mut().enumerate() {
        let mut event = of(&request.request_data, Event::reply(now, text.as_str()));
        event.id = call.map(|call| format!("{call}/{number}"));
        let verdict = gate.check(&event);
        judged(event.kind, &verdict);
        match (verdict.decision, verdict.redacted) {
            (Decision::Allow, None) => {}
            (Decision::Allow, Some(redacted)) => (*text, changed) = (redacted, true),
            _ => return Answer::block(verdict.reply.as_deref()),
        }
    }
    for (number, tool) in request.tool_calls.iter().flatten().enumerate() {
        let mut event = of(&request.request_data, Event::tool_call(now, tool.function.name.as_str(), arguments(tool)));
        event.id = tool.id.clone().or_else(|| call.map(|call| format!("{call}/tool/{number}")));
        let verdict = gate.check(&event);
        judged(event.kind, &verdict);
        if verdict.decision != Decision::Allow {
            return Answer::block(verdict.reply.as_deref());
        }
    }
    if changed { Answer::Replace { texts } } else { Answer::Pass }
}

/// The event that a part of the conversation is; none for what is not judged.
fn event_of(part: &Part<'_>, data: &RequestData, now: u64) -> Option<Event> {
    let text = part.text.as_ref();
    let mut event = match part.kind? {
        Kind::ToolResult => Event::tool_result(now, part.name.unwrap_or("tool"), Json::from(text)),
        _ => Event::message(now, text),
    };
    // Something to see that nobody can read.
    event.attachments.resize_with(part.others, crate::event::Attachment::default);
    let mut event = of(data, event);
    event.id = Some(name_of(part, event.sender_id()));
    Some(event)
}

/// A row is the same row where the same sender has the same text in the same place, whichever call it comes with.
fn name_of(part: &Part<'_>, sender: &str) -> String {
    let mut hash = Sha256::new();
    for part in [sender.as_bytes(), &part.row.to_le_bytes(), part.text.as_bytes()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut name = hex::encode(hash.finalize());
    name.truncate(32);
    name
}

/// The event with who asks.
fn of(data: &RequestData, event: Event) -> Event {
    let given = |field: &Option<String>| field.clone().filter(|value| !value.trim().is_empty());
    let sender = given(&data.user_api_key_end_user_id)
        .or_else(|| given(&data.user_api_key_hash).map(|hash| format!("key:{hash}")))
        .unwrap_or_default();
    event.channel(CHANNEL).account(given(&data.user_api_key_team_id).unwrap_or_default()).sender(sender)
}

/// The arguments of a call as JSON, where they are; else as the text that they are.
fn arguments(tool: &ToolCall) -> Json {
    let text = match &tool.function.arguments {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Json::parse(&text).unwrap_or_else(|_| Json::from(text.as_str()))
}

#[cfg(test)]
mod tests;
