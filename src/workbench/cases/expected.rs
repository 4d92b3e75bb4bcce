//! What a case expects.

use crate::event::Kind;
use crate::verdict::{Category, Decision, Station};

use super::code;
use super::read::{Faults, Table};

/// What a case expects. What is not said may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expected {
    /// The decision.
    pub decision: Decision,
    /// The reason, word by word; not said only for an `allow`, which has none.
    pub reason: Option<String>,
    /// The file and the line that decide, from 1: `at = "personal.rhai:23"`.
    pub at: Option<At>,
    /// A part of the text of the line that decides. It outlives edits above that line.
    pub line_has: Option<String>,
    /// The station that decides.
    pub by: Option<Station>,
    /// The reply to the sender; empty for none.
    pub reply: Option<String>,
    /// The text that goes on instead of the original; empty for none. For facts, that of `replace`.
    pub redacted: Option<String>,
    /// The categories that are blacked out.
    pub redact: Option<Vec<Category>>,
    /// Rules that must be among the findings, by their ids; an empty list means that nothing is found at all.
    pub rules: Option<Vec<String>>,
}

/// A place in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct At {
    /// The place of the file in the chain of the case file, from 0.
    pub file: usize,
    /// The line, from 1.
    pub line: u32,
}

/// The stations by the names that verdicts give.
const STATIONS: [(&str, Station); 6] = [
    ("event", Station::Event),
    ("size", Station::Size),
    ("command", Station::Command),
    ("policy", Station::Policy),
    ("failure", Station::Failure),
    ("override", Station::Override),
];

/// What an expectation is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Facts(Kind),
    Event,
}

impl Expected {
    /// Reads an expectation. `chain` are the names of the policies.
    pub(super) fn read(mut table: Table<'_>, about: About, chain: &[String], faults: &mut Faults<'_>) -> Option<Self> {
        let start = table.start;
        let decision = match table.text("decision", faults) {
            Some((name, at)) => decision(name, at, faults),
            None => {
                let message = "the expectation has no decision";
                let help = "write `expect = { decision = \"drop\", reason = \"unknown sender\" }`";
                faults.push(faults.at(code::EXPECTATION, start, message).help(help));
                None
            }
        };
        let reason = table.text("reason", faults).map(|(text, _)| text.to_owned());
        let at = table.text("at", faults).and_then(|(text, at)| place(text, at, chain, faults));
        let line_has = table.text("line_has", faults);
        if let Some((text, at)) = line_has
            && text.trim().is_empty()
        {
            faults.add(code::IMPOSSIBLE, at, "every line has that: `line_has` is empty");
        }
        let line_has = line_has.map(|(text, _)| text.trim().to_owned());
        let by = table.text("by", faults).and_then(|(name, at)| station(name, at, faults));
        let reply = table.text("reply", faults).map(|(text, _)| text.to_owned());
        let redacted = table.text("redacted", faults).map(|(text, _)| text.to_owned());
        let redact = table.take("redact");
        let rules = table.take("rules");
        let mut only = |found: Option<&toml::Spanned<_>>, key, wanted: bool, help: &str| {
            if let Some(value) = found.filter(|_| !wanted) {
                let message = format!("`{key}` cannot be expected here");
                faults.push(faults.at(code::IMPOSSIBLE, value.span().start, message).help(help));
            }
        };
        let facts = matches!(about, About::Facts(_));
        only(redact, "redact", facts, "of an event, write the text that goes on: `redacted = \"…\"`");
        only(rules, "rules", !facts, "facts are handed over as they are, so no rule is asked; give an event");
        let redact = redact.map(|value| {
            let names = super::read::texts(value, "redact", faults);
            names.into_iter().filter_map(|(name, at)| category(name, at, faults)).collect()
        });
        let rules = rules.map(|value| super::read::texts(value, "rules", faults));
        let rules = rules.map(|ids| ids.into_iter().map(|(id, _)| id.to_owned()).collect());
        table.end("an expectation", faults);
        let decision = decision?;
        if decision != Decision::Allow && reason.is_none() {
            let message = format!("the expectation of a {decision} has no reason");
            let help = "say why, in the words of the policy: the right decision for the wrong reason is luck";
            faults.push(faults.at(code::EXPECTATION, start, message).help(help));
        }
        Some(Self { decision, reason, at, line_has, by, reply, redacted, redact, rules })
    }
}

fn decision(name: &str, at: usize, faults: &mut Faults<'_>) -> Option<Decision> {
    let all = [Decision::Allow, Decision::Drop, Decision::Hold];
    let found = all.into_iter().find(|decision| decision.name() == name);
    if found.is_none() {
        let fault = faults.at(code::IMPOSSIBLE, at, format!("there is no decision `{name}`"));
        let names = all.map(Decision::name);
        faults.push(fault.help("there are `allow`, `drop` and `hold`").did_you_mean(name, names));
    }
    found
}

fn station(name: &str, at: usize, faults: &mut Faults<'_>) -> Option<Station> {
    let found = STATIONS.iter().find(|(known, _)| *known == name);
    if found.is_none() {
        let fault = faults.at(code::IMPOSSIBLE, at, format!("there is no station `{name}`"));
        let fault = fault.help("there are `policy`, `size`, `override`, `failure` and `event`");
        faults.push(fault.did_you_mean(name, STATIONS.iter().map(|(known, _)| *known)));
    }
    found.map(|(_, station)| *station)
}

/// The name of a station, as verdicts give it.
pub(super) fn station_name(station: Station) -> &'static str {
    STATIONS.iter().find(|(_, known)| *known == station).map_or("policy", |(name, _)| name)
}

fn category(name: &str, at: usize, faults: &mut Faults<'_>) -> Option<Category> {
    let found = Category::ALL.into_iter().find(|category| category.name() == name);
    if found.is_none() {
        let fault = faults.at(code::IMPOSSIBLE, at, format!("there is no category `{name}`"));
        faults.push(fault.did_you_mean(name, Category::ALL.map(Category::name)));
    }
    found
}

/// `personal.rhai:23`
fn place(text: &str, at: usize, chain: &[String], faults: &mut Faults<'_>) -> Option<At> {
    let help = "write file and line, `at = \"personal.rhai:23\"`, or a part of the line, `line_has = \"…\"`";
    let Some((name, line)) = text.rsplit_once(':') else {
        faults.push(faults.at(code::IMPOSSIBLE, at, format!("`{text}` is no place")).help(help));
        return None;
    };
    let file = chain.iter().position(|known| file_of(known) == file_of(name));
    if file.is_none() {
        let fault = faults.at(code::IMPOSSIBLE, at, format!("`{name}` is not among the policies of this file"));
        faults.push(fault.help(help).did_you_mean(name, chain.iter().map(String::as_str)));
    }
    let line = line.parse().ok().filter(|line| *line > 0);
    if line.is_none() {
        faults.push(faults.at(code::IMPOSSIBLE, at, format!("`{text}` names no line")).help(help));
    }
    Some(At { file: file?, line: line? })
}

/// The last part of a path.
fn file_of(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
