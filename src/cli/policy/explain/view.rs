//! What is shown of a run, whatever it is drawn on: the lines of the policy with what happened there.

use std::collections::BTreeMap;

use sluicegate::facts::{Domain, FactId};
use sluicegate::policy::{Coverable, Ending, Literal, Role, Run, Step};
use sluicegate::verdict::Station;
use sluicegate::workbench::Explanation;
use sluicegate::{Decision, Verdict};

/// Lines that did not run are left out where there are more of them in a row.
const GAP: usize = 3;

/// A line of a policy.
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: u32,
    /// Its text.
    pub text: &'a str,
    /// Whether a statement of it ran.
    pub ran: bool,
    /// Whether the run ended here.
    pub ended: bool,
    /// What was read and tested on it.
    pub notes: Vec<Note>,
    /// Whether lines before it were left out.
    pub after_gap: bool,
}

/// What happened on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// In words: `score 5`, `says("tea") no`; empty for the outcome of an `if`.
    pub text: String,
    /// The outcome of an `if`.
    pub outcome: Option<bool>,
}

/// The lines of a run that are worth showing.
pub fn lines<'a>(run: &'a Run, coverable: &Coverable) -> Vec<Line<'a>> {
    let mut notes: BTreeMap<u32, Vec<Note>> = BTreeMap::new();
    let mut ran: Vec<u32> = run.lines().collect();
    let mut heads: Vec<u32> = Vec::new();
    for step in &run.steps {
        let (line, note) = match step {
            Step::Entered { line, .. } => {
                heads.push(*line);
                continue;
            }
            Step::Read { fact, value, place } => {
                (place.line, plain(format!("{} {}", fact.entry().name, valued(*fact, *value))))
            }
            Step::Asked { ask, literals, answer, place } => {
                (place.line, plain(format!("{}({}) {}", ask.name(), named(literals), yes_no(*answer))))
            }
            Step::Tested { branch, outcome } => match coverable.branches.get(*branch) {
                Some(branch) if branch.role == Role::If => {
                    (branch.place.line, Note { text: String::new(), outcome: Some(*outcome) })
                }
                Some(branch) if says_more(&branch.text) => {
                    (branch.place.line, plain(format!("{} {}", branch.text, yes_no(*outcome))))
                }
                _ => continue,
            },
            _ => continue,
        };
        let of_line = notes.entry(line).or_default();
        if !of_line.contains(&note) {
            of_line.push(note);
        }
    }
    let ended = match &run.ending {
        Ending::Decided { place, .. } | Ending::Next(place) => Some(place.line),
        _ => None,
    };
    ran.extend(ended);
    heads.extend(&ran);
    heads.extend(notes.keys());
    heads.sort_unstable();
    let shown = |number: u32| heads.binary_search(&number).is_ok();
    let (first, last) = (heads.first().copied().unwrap_or_default(), heads.last().copied().unwrap_or_default());
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut waiting: Vec<Line<'a>> = Vec::new();
    for (number, text) in (1..).zip(run.source.text.lines()).skip_while(|(number, _)| *number < first) {
        if number > last {
            break;
        }
        let line = Line {
            number,
            text,
            ran: ran.contains(&number),
            ended: ended == Some(number),
            notes: notes.remove(&number).unwrap_or_default(),
            after_gap: false,
        };
        if !shown(number) {
            waiting.push(line);
            continue;
        }
        let after_gap = waiting.len() > GAP;
        if after_gap {
            waiting.clear();
        }
        lines.append(&mut waiting);
        lines.push(Line { after_gap, ..line });
    }
    lines
}

/// Whether an operand is more than a fact or a question, which are shown by themselves: a comparison, a helper, a variable.
fn says_more(operand: &str) -> bool {
    let name = operand.trim_start_matches('!').trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    !name.starts_with('.') || operand.contains(['<', '>', '='])
}

fn plain(text: String) -> Note {
    Note { text, outcome: None }
}

/// The literals of a question: those that were answered with yes, else all of them or how many there are.
fn named(literals: &[Literal]) -> String {
    let quoted = |literal: &Literal| format!("\"{}\"", literal.text);
    let yes: Vec<String> = literals.iter().filter(|literal| literal.yes).map(quoted).collect();
    match (yes.is_empty(), literals.len()) {
        (false, _) => yes.join(", "),
        (true, 0..=3) => literals.iter().map(quoted).collect::<Vec<_>>().join(", "),
        (true, count) => format!("{count} names"),
    }
}

/// A value as a person reads it.
pub fn valued(fact: FactId, value: u16) -> String {
    match fact.entry().domain {
        Domain::Bool => yes_no(value > 0).to_owned(),
        Domain::Number(_) => value.to_string(),
    }
}

pub const fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Where the verdict was made.
pub fn place(verdict: &Verdict) -> String {
    let by = &verdict.by;
    match (by.station, &by.policy, by.line) {
        (_, Some(file), Some(line)) => format!("{file}:{line}"),
        (_, Some(file), None) => file.to_string(),
        (Station::Policy, ..) => "end of the chain".to_owned(),
        (Station::Size, ..) => "size limit".to_owned(),
        (Station::Override, ..) => "settings".to_owned(),
        _ => "failure".to_owned(),
    }
}

/// How a file that did not decide ended.
pub fn passed(run: &Run) -> Option<&'static str> {
    match run.ending {
        Ending::Next(_) => Some("passed on with next()"),
        Ending::Undecided => Some("came to its end without a decision"),
        Ending::Failed => Some("failed"),
        _ => None,
    }
}

/// Points, thresholds and standing in one line.
pub fn situation(explanation: &Explanation) -> String {
    let inquiry = &explanation.inquiry;
    let ([suspect, attack, escalated], verdict) = (inquiry.thresholds(), inquiry.verdict());
    let standing = serde_json::to_value(inquiry.standing()).unwrap_or_default();
    format!(
        "score {} (suspect from {suspect}, attack from {attack}) · escalation {} (escalated from {escalated}) · sender {}",
        verdict.score,
        verdict.escalation,
        standing.as_str().unwrap_or_default(),
    )
}

/// Which findings tipped it, in sentences.
pub fn tipped(explanation: &Explanation) -> Vec<String> {
    let verdict = explanation.inquiry.verdict();
    let now = verdict.would.unwrap_or(verdict.decision);
    let mut told = Vec::new();
    for (place, finding) in verdict.findings.iter().enumerate() {
        let Some(without) = explanation.without.get(place).filter(|_| explanation.tipped(place)) else { continue };
        let line = at(without);
        told.push(format!(
            "{} (+{}) tipped it: without it, {}{line}.",
            finding.rule,
            finding.points,
            done(without.effective())
        ));
    }
    if explanation.tipped_together() {
        let without = &explanation.without_all;
        let line = at(without);
        told.push(format!("No finding alone tipped it; without all of them, {}{line}.", done(without.effective())));
    } else if told.is_empty() && !verdict.findings.is_empty() {
        told.push(format!("No finding tipped it: with nothing found it would be {} as well.", participle(now)));
    }
    told
}

fn at(judgement: &sluicegate::gate::Judgement) -> String {
    match (&judgement.by.policy, judgement.by.line) {
        (Some(file), Some(line)) => format!(" at {file}:{line}"),
        _ => String::new(),
    }
}

fn done(decision: Decision) -> String {
    format!("it would have been {}", participle(decision))
}

/// `allowed`, `dropped`, `held`.
pub const fn participle(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allowed",
        Decision::Drop => "dropped",
        Decision::Hold => "held",
    }
}

/// What to say where no change was found.
pub fn no_change(explanation: &Explanation) -> &'static str {
    match (explanation.search.pairs, explanation.search.cut) {
        (0, _) => "Nothing about the event would have changed it.",
        (_, false) => "No change of one or two things would have changed it.",
        (_, true) => "No change of one thing would have changed it, nor any pair of small changes that was tried.",
    }
}
