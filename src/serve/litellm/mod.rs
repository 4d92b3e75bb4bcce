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
//! * **Held**: nothing can be delivered later, so whoever asked asks again. What the owner has approved meanwhile passes then, once,
//!   and stays in the conversation. A message is known again by its place and text, a tool call by what it does; a reply is
//!   another one each time, since a model does not repeat its words.

mod answer;
mod request;
mod rows;
mod used;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::event::{Digest, Event, Json, Kind};
use crate::gate::{Gate, Hypothesis, Release};
use crate::hold::{State, Token};
use crate::verdict::{Decision, Verdict};

pub(super) use answer::Answer;
pub(super) use request::Request;
use request::{InputType, RequestData, ToolCall};
use rows::Part;
use used::Name;
pub(super) use used::Used;

/// What an old row becomes that would not pass.
const WITHHELD: &str = "[withheld]";
/// The channel of everybody who comes through the proxy.
const CHANNEL: &str = "litellm";

/// Judges a request of the proxy. `judged` hears of every verdict.
pub(super) fn answer(
    gate: &Gate,
    used: &Used,
    request: &Request,
    now: u64,
    judged: &mut dyn FnMut(Kind, &Verdict),
) -> Answer {
    match request.input_type {
        InputType::Request => asked(gate, request, now, judged),
        InputType::Response => answered(gate, used, request, now, judged),
    }
}

/// What goes to the model.
fn asked(gate: &Gate, request: &Request, now: u64, judged: &mut dyn FnMut(Kind, &Verdict)) -> Answer {
    let texts = request.texts.as_deref().unwrap_or_default();
    // Without rows nobody knows which text is whose, so all of them are the user's.
    let Some(parts) = rows::parts(request) else { return Answer::block(None) };
    if !parts.iter().any(|part| part.is_new && part.kind.is_some()) {
        // A request that brings nothing new asks for an answer all the same, and counts.
        let event = of(&request.request_data, Event::message(now, ""));
        let verdict = gate.check(&event);
        judged(event.kind, &verdict);
        if verdict.decision != Decision::Allow {
            return Answer::block(verdict.reply.as_deref());
        }
    } else if !parts.iter().any(|part| part.is_new && part.kind == Some(Kind::Message))
        && !is_heard(gate, &request.request_data, now)
    {
        return Answer::block(None);
    }
    // What is answered now. Where there are no rows, each text is.
    let has_rows = request.structured_messages.as_deref().is_some_and(|rows| !rows.is_empty());
    let last = parts.iter().rposition(|part| part.kind.is_some());
    let mut approvals = Approvals::default();
    let mut replaced = None;
    for (number, part) in parts.iter().enumerate() {
        let Some(event) = event_of(part, &request.request_data, now) else { continue };
        let passage = if part.is_new {
            let verdict = gate.check(&event);
            judged(event.kind, &verdict);
            let passage = approvals.passage(gate, &event, &verdict, now);
            if passage == Passage::Stopped && (!has_rows || Some(number) == last) {
                return Answer::block(verdict.reply.as_deref());
            }
            passage
        } else {
            passed_before(gate, &event)
        };
        let instead = match passage {
            Passage::Whole => continue,
            Passage::Redacted(text) => text,
            Passage::Stopped => WITHHELD.to_owned(),
        };
        let texts = replaced.get_or_insert_with(|| texts.to_vec());
        let Some((first, others)) = texts.get_mut(part.texts.clone()).and_then(<[String]>::split_first_mut) else {
            return Answer::block(None);
        };
        // What was judged as one text goes out as one.
        *first = instead;
        others.iter_mut().for_each(|text| text.clear());
    }
    if !approvals.are_used_up(gate, now) {
        return Answer::block(None);
    }
    replaced.map_or(Answer::Pass, |texts| Answer::Replace { texts })
}

/// How something passes.
#[derive(Debug, PartialEq, Eq)]
enum Passage {
    Whole,
    /// With this text in its place.
    Redacted(String),
    Stopped,
}

fn passage_of(verdict: &Verdict) -> Passage {
    match (verdict.decision, &verdict.redacted) {
        (Decision::Allow, None) => Passage::Whole,
        (Decision::Allow, Some(text)) => Passage::Redacted(text.clone()),
        _ => Passage::Stopped,
    }
}

/// What the owner has approved of a request. An approval is used up only when the whole request passes, so one row that is
/// stopped does not cost another row's.
#[derive(Default)]
struct Approvals(Vec<(Token, Digest)>);

impl Approvals {
    /// How an event passes that was just judged: allowed, or held before and approved meanwhile.
    fn passage(&mut self, gate: &Gate, event: &Event, verdict: &Verdict, now: u64) -> Passage {
        match (verdict.decision, &verdict.hold) {
            (Decision::Hold, Some(ticket)) => {
                let released = gate.holds().id(&ticket.id).and_then(|id| gate.release(&id, now));
                let Ok(Release::Released(released)) = released else { return Passage::Stopped };
                self.0.push((released.token, event.digest()));
                passage_of(&released.verdict)
            }
            _ => passage_of(verdict),
        }
    }

    /// Uses them up. Where one is not to be had any more, such as where another request was first, nothing may pass.
    fn are_used_up(self, gate: &Gate, now: u64) -> bool {
        self.0.into_iter().all(|(token, digest)| gate.redeem(&token, &digest, now).is_ok())
    }
}

/// Whether the policy lets anything pass from who asks. Nothing is counted, since nothing was said.
fn is_heard(gate: &Gate, data: &RequestData, now: u64) -> bool {
    gate.inquire(&of(data, Event::message(now, ""))).verdict().decision == Decision::Allow
}

/// How an old row passes: as the policy says of it now, or as it passed when the owner had approved it.
fn passed_before(gate: &Gate, event: &Event) -> Passage {
    let inquiry = gate.inquire(event);
    if inquiry.judge(&at_another_time()).decision != Decision::Allow {
        let used = gate.held_as(event).is_ok_and(|held| matches!(held.state, State::Used { .. }));
        // As it passed then: judged as approved, by what is in force now.
        return if used { passage_of(&gate.judge_as_approved(event)) } else { Passage::Stopped };
    }
    match inquiry.verdict() {
        Verdict { decision: Decision::Allow, redacted, .. } => {
            redacted.clone().map_or(Passage::Whole, Passage::Redacted)
        }
        // Allowed but for what is of today. What would be blacked out of it is not known then.
        Verdict { findings, .. } if findings.is_empty() => Passage::Whole,
        _ => Passage::Stopped,
    }
}

/// Without what is of today, as rate and points are.
fn at_another_time() -> Hypothesis {
    Hypothesis { rate_exceeded: Some(false), escalation: Some(0), ..Hypothesis::default() }
}

/// What comes from the model.
fn answered(gate: &Gate, used: &Used, request: &Request, now: u64, judged: &mut dyn FnMut(Kind, &Verdict)) -> Answer {
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
    let mut approvals = Approvals::default();
    let (mut calls, mut passed) = (BTreeMap::new(), Vec::new());
    for tool in request.tool_calls.iter().flatten() {
        let mut event = of(&request.request_data, Event::tool_call(now, tool.function.name.as_str(), arguments(tool)));
        // A model that is asked again gives the same call another id. So what the owner has approved is known by what it does, and
        // by how many of the same there were before it.
        let digest = event.digest();
        let name = call.zip(tool.id.as_deref()).map(|(call, id)| Name::new(call, id, &digest));
        let same = calls.entry(digest).and_modify(|count| *count += 1).or_insert(0_u32);
        // Asked for the second time, as a stream is: nobody is to be asked again.
        if name.is_some_and(|name| used.take(name, now)) {
            // What is in force now has the last word all the same.
            if gate.judge_as_approved(&event).decision != Decision::Allow {
                return Answer::block(None);
            }
            continue;
        }
        event.id = Some(format!("call/{same}"));
        let verdict = gate.check(&event);
        judged(event.kind, &verdict);
        if approvals.passage(gate, &event, &verdict, now) != Passage::Whole {
            return Answer::block(verdict.reply.as_deref());
        }
        passed.extend(name.filter(|_| verdict.decision == Decision::Hold));
    }
    if !approvals.are_used_up(gate, now) {
        return Answer::block(None);
    }
    passed.into_iter().for_each(|name| used.note(name, now));
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
