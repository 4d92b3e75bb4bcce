//! A record of the log in one line, for people.

use sluicegate::Kind;
use sluicegate::audit::{Change, Content, DeedRecord, FaultPlace, Line, PastCheck};
use sluicegate::keys::Pseudonym;

use crate::cli::output::counted;
use crate::cli::utc::Utc;
use crate::cli::visible;
use crate::cli::watch::short;

/// A record as `2025-11-24 16:00      12  hold   message 1a2b3c4d   8  looks like an attack  [personal.rhai:23]`.
pub fn row(line: &Line) -> String {
    let (word, what) = match &line.content {
        Content::Check(check) => (check.decision.name(), check_of(check)),
        Content::Deed(deed) => ("deed", deed_of(deed)),
        Content::Change(change) => change_of(change),
        Content::Gap(lost) => ("gap", format!("{} could not be written", counted(*lost, "record"))),
        Content::Recovered => ("crash", "the log was not found as it had been left".to_owned()),
        Content::Rotated => ("file", "a new file was begun".to_owned()),
        Content::Rekeyed { from, to } => ("key", format!("the log goes over from key {from} to key {to}")),
        Content::Unusable(why) => ("?", format!("{}:{}: {why}", line.file, line.number)),
        _ => ("?", "something that this version does not know".to_owned()),
    };
    format!("{:16}  {:>7}  {word:5}  {}", when(line.at), line.seq, visible::lines(&what))
}

/// A time in UTC; a dash for none.
pub fn when(at: u64) -> String {
    Utc::of(at).map_or_else(|| "-".to_owned(), |at| format!("{} {}", at.date, at.clock))
}

/// The first digits of a pseudonym, by which `audit show` finds it again.
pub fn brief(pseudonym: Option<&Pseudonym>) -> String {
    pseudonym.map_or_else(|| "-".to_owned(), |it| it.to_string().chars().take(8).collect())
}

fn check_of(check: &PastCheck) -> String {
    let kind = match check.kind() {
        Kind::Message => "message",
        Kind::Reply => "reply",
        Kind::ToolCall => "call",
        Kind::ToolResult => "result",
    };
    let would = check.would.map(|would| format!("would {would}: ")).unwrap_or_default();
    let place = match (&check.by.policy, check.by.line) {
        (Some(policy), Some(line)) => format!("  [{policy}:{line}]"),
        (Some(policy), None) => format!("  [{policy}]"),
        _ => String::new(),
    };
    let score = if check.score == 0 { String::new() } else { check.score.to_string() };
    let broken = if check.degraded.is_empty() { "" } else { "  (degraded)" };
    let sender = brief(check.sender.as_ref());
    format!("{kind:7} {sender:8} {score:>2}  {would}{}{broken}{place}", check.reason)
}

fn deed_of(deed: &DeedRecord) -> String {
    let mut text = format!("{} by {}", deed.word, doer(deed));
    if let Some(whom) = &deed.whom {
        text.push_str(&format!(", to sender {}", brief(Some(whom))));
    }
    for (key, value) in &deed.with {
        text.push_str(&format!(", {key}={value}"));
    }
    text
}

/// Who did it.
pub fn doer(deed: &DeedRecord) -> String {
    match (deed.by.from.as_str(), &deed.by.sender, &deed.by.token) {
        ("owner_at_terminal", ..) => "the owner at the terminal".to_owned(),
        ("owner_in_chat", sender, _) => format!("the owner in a chat ({})", brief(sender.as_ref())),
        ("client", _, token) => format!("client {}", token.as_deref().unwrap_or("-")),
        ("gate", ..) => "the gate itself".to_owned(),
        ("terminal", ..) => "somebody at the terminal".to_owned(),
        (other, ..) => other.to_owned(),
    }
}

/// What was changed of what judges, with a word for it.
pub fn change_of(change: &Change) -> (&'static str, String) {
    match change {
        Change::Reloaded { old, new, .. } => ("reload", format!("{} after {}", short(new), short(old))),
        Change::Refused { old, new, faults, more, .. } => {
            let refused = new.as_ref().map_or("what could not be read", |new| short(new));
            let mut places: Vec<String> = faults.iter().map(place).collect();
            if *more > 0 {
                places.push(format!("and {more} more"));
            }
            ("refusal", format!("{refused}, {} went on: {}", short(old), places.join(", ")))
        }
        Change::Quarantined { old, new, policy, .. } => {
            let then = match new {
                Some(new) => format!("{} stands in", short(new)),
                None => "every event got the closed decision".to_owned(),
            };
            ("quarantine", format!("{policy} of {}: {then}", short(old)))
        }
        _ => ("?", "something that this version does not know".to_owned()),
    }
}

/// A fault as `P003 personal.rhai:3:10`.
fn place(fault: &FaultPlace) -> String {
    let FaultPlace { code, file, line, column, .. } = fault;
    match (line, column) {
        (0, _) => format!("{code} {file}"),
        (line, 0) => format!("{code} {file}:{line}"),
        _ => format!("{code} {file}:{line}:{column}"),
    }
}
