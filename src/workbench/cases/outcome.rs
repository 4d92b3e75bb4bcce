//! What came of a case.

use std::sync::Arc;

use serde::Serialize;

use crate::facts::Facts;
use crate::policy::Ruling;
use crate::verdict::{By, Category, Decision, Station, Verdict};

use super::case::Answer;
use super::expected::{Expected, station_name};

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The name of the case.
    pub name: String,
    /// The line of the file where it begins, from 1.
    pub line: u32,
    /// What was seen, one entry for each expectation: one, but for a case of several events with several expectations.
    pub seen: Vec<Seen>,
}

impl Outcome {
    /// Whether everything was as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.seen.iter().all(|seen| seen.mismatches.is_empty())
    }
}

/// What was seen where something was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// The number of the event in the case, from 1; 0 where facts were given.
    pub event: usize,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: Arc<str>,
    /// Who decided, and where.
    pub by: By,
    /// The text of the line that decided, without blanks around it; empty where no line did.
    pub source: String,
    /// What differs from the expectation.
    pub mismatches: Vec<Mismatch>,
    /// The facts that the policy was asked about.
    pub facts: Facts,
    /// The questions among them that are answered with yes.
    pub answers: Vec<Answer>,
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Mismatch {
    /// What: `decision`, `reason`, `at`, `line_has`, `by`, `reply`, `redacted`, `redact`, `rules` or `failure`.
    pub what: &'static str,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
}

/// What can be compared with an expectation, wherever it comes from.
pub(super) struct Result<'r> {
    pub(super) decision: Decision,
    pub(super) reason: &'r str,
    pub(super) by: &'r By,
    pub(super) reply: Option<&'r str>,
    pub(super) redacted: Option<&'r str>,
    pub(super) redact: &'r [Category],
    /// The ids of the rules that fired.
    pub(super) rules: Vec<&'r str>,
    /// What broke.
    pub(super) failure: Option<String>,
}

impl<'r> Result<'r> {
    pub(super) fn of_ruling(ruling: &'r Ruling, by: &'r By) -> Self {
        Self {
            decision: ruling.decision,
            reason: &ruling.reason,
            by,
            reply: ruling.reply.as_deref(),
            redacted: ruling.replace.as_deref(),
            redact: &ruling.redact,
            rules: Vec::new(),
            failure: ruling.failure.clone(),
        }
    }

    pub(super) fn of_verdict(verdict: &'r Verdict) -> Self {
        let failures: Vec<String> = verdict
            .degraded
            .iter()
            .filter(|degraded| degraded.severity == crate::verdict::Severity::Failed)
            .map(|degraded| degraded.why.to_string())
            .collect();
        Self {
            decision: verdict.decision,
            reason: &verdict.reason,
            by: &verdict.by,
            reply: verdict.reply.as_deref(),
            redacted: verdict.redacted.as_deref(),
            redact: &[],
            rules: verdict.findings.iter().map(|finding| finding.rule.as_ref()).collect(),
            failure: (!failures.is_empty()).then(|| failures.join("; ")),
        }
    }

    /// What differs. `place` is the number of the deciding file in the chain, with the text of the line; `files` are the
    /// names of the chain.
    pub(super) fn compare(
        &self,
        expected: &Expected,
        place: Option<(usize, &str)>,
        files: &[Arc<str>],
    ) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        let mut differs = |what, expected: String, got: String| {
            mismatches.push(Mismatch { what, expected, got });
        };
        if expected.decision != self.decision {
            differs("decision", expected.decision.to_string(), self.decision.to_string());
        }
        if let Some(reason) = &expected.reason
            && reason != self.reason
        {
            differs("reason", quoted(reason), quoted(self.reason));
        }
        // What broke explains the rest, unless it is what the case is about.
        if let Some(failure) = &self.failure
            && expected.by != Some(Station::Failure)
        {
            differs("failure", "none".to_owned(), failure.clone());
        }
        if let Some(at) = &expected.at {
            let is_there = place.is_some_and(|(file, _)| file == at.file) && self.by.line == Some(at.line);
            if !is_there {
                let file = files.get(at.file).map_or("?", |name| name.as_ref());
                differs("at", format!("{file}:{}", at.line), place_of(self.by));
            }
        }
        if let Some(part) = &expected.line_has {
            let line = place.map_or("", |(_, line)| line);
            if !line.contains(part.as_str()) {
                let got = if line.is_empty() { place_of(self.by) } else { format!("{}  {line}", place_of(self.by)) };
                differs("line_has", part.clone(), got);
            }
        }
        if let Some(by) = expected.by
            && by != self.by.station
        {
            differs("by", station_name(by).to_owned(), station_name(self.by.station).to_owned());
        }
        for (what, wanted, got) in
            [("reply", &expected.reply, self.reply), ("redacted", &expected.redacted, self.redacted)]
        {
            if let Some(wanted) = wanted
                && wanted != got.unwrap_or_default()
            {
                differs(what, quoted(wanted), got.map_or_else(|| "none".to_owned(), quoted));
            }
        }
        if let Some(redact) = &expected.redact {
            let names = |list: &[Category]| {
                let mut names: Vec<&str> = list.iter().map(|category| category.name()).collect();
                names.sort_unstable();
                names.join(", ")
            };
            if names(redact) != names(self.redact) {
                differs("redact", listed(&names(redact)), listed(&names(self.redact)));
            }
        }
        if let Some(rules) = &expected.rules {
            let found = listed(&self.rules.join(", "));
            let missing: Vec<&str> =
                rules.iter().map(String::as_str).filter(|rule| !self.rules.contains(rule)).collect();
            if rules.is_empty() && !self.rules.is_empty() {
                differs("rules", "none".to_owned(), found);
            } else if !missing.is_empty() {
                differs("rules", missing.join(", "), found);
            }
        }
        mismatches
    }
}

/// Where a decision was made: `personal.rhai:23`, or the station that made it.
pub(super) fn place_of(by: &By) -> String {
    match (&by.policy, by.line) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        (Some(file), None) => file.to_string(),
        (None, _) if by.station == Station::Policy => "the end of the chain".to_owned(),
        (None, _) => station_name(by.station).to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}

fn listed(names: &str) -> String {
    if names.is_empty() { "none".to_owned() } else { names.to_owned() }
}
