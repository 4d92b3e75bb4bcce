//! The format of AI-COMMS, read as it is written.
//!
//! Its code covers `from`, `to`, `timestamp`, `conversationId` and `payload`. The other fields (`protocol`, `version`, `intent`,
//! `replyTo`, `group`, `encrypted`) can be changed by anybody on the way, so nothing of them gets into the event. One
//! secret is commonly shared by all of its agents, each of which can then sign as any other.

mod cipher;

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::agents::{Admitted, Agent};
use super::time::from_iso;
use super::{AgentFormat, Agents, Check, Refusal};
use crate::event::{Event, Json, Members};

pub(super) use cipher::Cipher;

/// The fields that are covered, in the order in which they are.
const COVERED: [&str; 5] = ["from", "to", "timestamp", "conversationId", "payload"];

/// Verifies a message.
pub(super) fn verify<'a>(agents: &'a Agents, bytes: &[u8], received_at: u64) -> Result<(&'a Agent, Admitted), Refusal> {
    let form = || Refusal::new(Check::Form { at: 0 });
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.starts_with('{')).ok_or_else(form)?;
    let Members(fields) = serde_json::from_str(text).map_err(|_| form())?;
    let field = |name: &str| fields.get(name).and_then(|raw| Json::parse(raw.get()).ok());
    if field("protocol") != Some(Json::from("whatsapp-ai-network")) {
        return Err(form());
    }
    let from = field("from").ok_or_else(form)?;
    let code = field("auth").as_ref().and_then(code).ok_or_else(|| Refusal::new(Check::Code))?;

    let known = agents
        .agents
        .iter()
        .find(|agent| agent.format == AgentFormat::AiComms && member(&from, "agentId") == Some(agent.id.as_ref()));
    let any = || agents.agents.iter().find(|agent| agent.format == AgentFormat::AiComms);
    let agent = known.or_else(any).ok_or_else(|| Refusal::new(Check::Key))?;

    let payload = Payload::read(&fields, agent.cipher.as_ref());
    let forms: Vec<Zeroizing<String>> = payload.signed.iter().map(|signed| canonical(&fields, signed)).collect();
    let right = |key: &super::agents::AgentKey| {
        // All of them, whichever is right.
        forms.iter().fold(false, |right, form| right | key.signs.verify(&[form.as_bytes()], &code))
    };
    let key = agent.keys.iter().fold(None, |found, key| if right(key) { Some(key) } else { found });
    if known.is_none() {
        return Err(Refusal::new(Check::Key));
    }
    let Some(key) = key else { return Err(Refusal::new(Check::Code)) };

    let refuse = |check| Refusal::of(check, &agent.id);
    if key.not_after.is_some_and(|last| received_at > last) {
        return Err(refuse(Check::Expired));
    }
    let to = field("to").unwrap_or_default();
    if !["agentId", "groupId"].iter().any(|name| member(&to, name) == Some(agents.audience.as_str())) {
        return Err(refuse(Check::Audience));
    }
    let sent_at = field("timestamp").as_ref().and_then(string).and_then(from_iso).ok_or_else(|| refuse(Check::Time))?;
    agents.within(sent_at, received_at).map_err(refuse)?;
    if payload.plain && (agent.encrypted || agent.cipher.is_some()) {
        return Err(refuse(Check::Plain));
    }
    let said = payload.said.ok_or_else(|| refuse(Check::Sealed))?;

    let conversation = field("conversationId").as_ref().and_then(string).unwrap_or_default().to_owned();
    let nonce = nonce(&conversation, &code);
    let said = Event { id: Some(hex::encode(nonce)), text: said, ..Event::default() };
    let event = agent.event(said, member(&from, "agentName").unwrap_or_default(), sent_at, received_at);
    Ok((agent, Admitted { sent_at, nonce, event }))
}

/// What a message carries.
struct Payload {
    /// What may have been signed: as it is, or, since AI-COMMS encrypts what it has signed, what was encrypted.
    signed: Vec<Zeroizing<String>>,
    /// What it says; none where it cannot be decrypted.
    said: Option<String>,
    plain: bool,
}

impl Payload {
    fn read(fields: &BTreeMap<String, &RawValue>, cipher: Option<&Cipher>) -> Self {
        let raw = fields.get("payload").map_or("", |raw| raw.get());
        let mut signed = vec![Zeroizing::new(raw.to_owned())];
        let payload = Json::parse(raw).ok();
        let sealed = payload.as_ref().and_then(string).filter(|text| text.starts_with("enc:"));
        let Some(sealed) = sealed else {
            return Self { signed, said: payload.as_ref().map(words), plain: true };
        };
        let opened = cipher.and_then(|cipher| cipher.open(sealed));
        let said = opened.map(|text| {
            // A text and an object are told apart by trying, as AI-COMMS does.
            let object = Json::parse(&text).ok();
            if object.is_some() {
                signed.push(text.clone());
            }
            signed.extend(serde_json::to_string(text.as_str()).ok().map(Zeroizing::new));
            object.as_ref().map_or_else(|| text.to_string(), words)
        });
        Self { signed, said, plain: false }
    }
}

/// What is signed: the fields as they were received, put together as `JSON.stringify` does, which leaves out what is not there.
fn canonical(fields: &BTreeMap<String, &RawValue>, payload: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::from("{"));
    for name in COVERED {
        let value = if name == "payload" { payload } else { fields.get(name).map_or("", |raw| raw.get()) };
        if !value.is_empty() {
            let comma = if text.len() > 1 { "," } else { "" };
            [comma, "\"", name, "\":", value].iter().for_each(|part| text.push_str(part));
        }
    }
    text.push('}');
    text
}

/// The code: 64 small hexadecimal digits, and nothing shorter.
fn code(auth: &Json) -> Option<[u8; 32]> {
    let digits = member(auth, "hmac").filter(|digits| !digits.bytes().any(|byte| byte.is_ascii_uppercase()))?;
    let known = member(auth, "algorithm") == Some("sha256");
    let mut code = [0; 32];
    hex::decode_to_slice(digits, &mut code).ok().filter(|()| known)?;
    Some(code)
}

/// What tells one message from another: AI-COMMS has no nonce.
fn nonce(conversation: &str, code: &[u8; 32]) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update((conversation.len() as u64).to_le_bytes());
    hash.update(conversation);
    hash.update(code);
    let hash: [u8; 32] = hash.finalize().into();
    std::array::from_fn(|index| hash.get(index).copied().unwrap_or_default())
}

fn string(json: &Json) -> Option<&str> {
    match json {
        Json::String(text) => Some(text),
        _ => None,
    }
}

fn member<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    match json {
        Json::Object(members) => members.get(name).and_then(string),
        _ => None,
    }
}

/// All words of a payload: a text as it is; of anything else keys and values, one a line.
fn words(json: &Json) -> String {
    let mut lines = Vec::new();
    gather(json, &mut lines);
    lines.join("\n")
}

/// INVARIANT: [`Json`] is at most 32 levels deep.
fn gather<'a>(json: &'a Json, lines: &mut Vec<&'a str>) {
    match json {
        Json::Null => {}
        Json::Bool(value) => lines.push(if *value { "true" } else { "false" }),
        Json::Number(digits) => lines.push(digits),
        Json::String(text) => lines.push(text),
        Json::Array(elements) => elements.iter().for_each(|element| gather(element, lines)),
        Json::Object(members) => members.iter().for_each(|(key, value)| {
            lines.push(key);
            gather(value, lines);
        }),
    }
}
