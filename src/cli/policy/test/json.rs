//! Tried cases and mutants for machines.

use std::collections::BTreeMap;

use serde::Serialize;
use sluicegate::Decision;
use sluicegate::facts::{Domain, TABLE};
use sluicegate::verdict::By;
use sluicegate::workbench::cases::{Fate, Mismatch, Outcome, Seen, Suite, Tried};

/// One case.
#[derive(Serialize)]
pub struct Case<'a> {
    case: &'a str,
    file: &'a str,
    line: u32,
    policies: Vec<&'a str>,
    passed: bool,
    seen: Vec<One<'a>>,
}

/// What was seen where something was expected.
#[derive(Serialize)]
struct One<'a> {
    /// The number of the event, from 1; missing where facts were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<usize>,
    decision: Decision,
    reason: &'a str,
    by: &'a By,
    source: &'a str,
    mismatches: &'a [Mismatch],
    facts: BTreeMap<&'static str, serde_json::Value>,
    answers: Vec<(&'static str, &'a str)>,
}

/// One mutant that no case catches.
#[derive(Serialize)]
pub struct Mutant<'a> {
    mutant: &'a str,
    policy: &'a str,
    line: u32,
    column: u32,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

/// How many mutants there were.
#[derive(Serialize)]
pub struct Mutants {
    mutants: usize,
    fates: BTreeMap<&'static str, usize>,
}

pub fn case<'a>(suite: &'a Suite, outcome: &'a Outcome) -> Case<'a> {
    Case {
        case: &outcome.name,
        file: &suite.file().source.name,
        line: outcome.line,
        policies: suite.chain().iter().map(|source| source.name.as_ref()).collect(),
        passed: outcome.passed(),
        seen: outcome.seen.iter().map(one).collect(),
    }
}

fn one(seen: &Seen) -> One<'_> {
    let facts = TABLE.iter().filter_map(|fact| match (fact.domain, seen.facts.get(fact.id)) {
        (_, 0) => None,
        (Domain::Bool, _) => Some((fact.name, true.into())),
        (Domain::Number(_), value) => Some((fact.name, value.into())),
    });
    One {
        event: (seen.event > 0).then_some(seen.event),
        decision: seen.decision,
        reason: &seen.reason,
        by: &seen.by,
        source: &seen.source,
        mismatches: &seen.mismatches,
        facts: facts.collect(),
        answers: seen.answers.iter().map(|answer| (answer.ask.name(), answer.literal.as_str())).collect(),
    }
}

pub fn mutant(tried: &Tried) -> Mutant<'_> {
    Mutant {
        mutant: &tried.change,
        policy: &tried.policy,
        line: tried.line,
        column: tried.column,
        fate: tried.fate.name(),
        why: match &tried.fate {
            Fate::Undecided(why) => Some(why),
            _ => None,
        },
    }
}

pub fn mutants(tried: &[Tried]) -> Mutants {
    let mut fates = BTreeMap::new();
    for tried in tried {
        *fates.entry(tried.fate.name()).or_default() += 1;
    }
    Mutants { mutants: tried.len(), fates }
}
