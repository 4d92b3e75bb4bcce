//! An explanation for programs.

use serde::Serialize;
use sluicegate::facts::{Ask, FactId};
use sluicegate::gate::Judgement;
use sluicegate::policy::{Ending, Role, Run, Step};
use sluicegate::verdict::By;
use sluicegate::workbench::Explanation;
use sluicegate::{Decision, Verdict};

/// The whole explanation.
#[derive(Serialize)]
pub struct Explained<'a> {
    verdict: &'a Verdict,
    thresholds: Thresholds,
    standing: sluicegate::sender::Standing,
    /// One for each file that was asked.
    runs: Vec<Ran<'a>>,
    /// What would have been decided without each finding.
    findings: Vec<Without<'a>>,
    without_all: Judged<'a>,
    changes: Vec<Changed<'a>>,
    searched: Searched,
}

#[derive(Serialize)]
struct Thresholds {
    suspect: u8,
    attack: u8,
    escalated: u8,
}

#[derive(Serialize)]
struct Ran<'a> {
    policy: &'a str,
    hook: &'static str,
    operations: u64,
    complete: bool,
    /// `decided`, `next`, `undecided` or `failed`.
    ending: &'static str,
    lines: Vec<u32>,
    steps: Vec<Happened<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "step")]
enum Happened<'a> {
    Entered { function: &'a str, line: u32 },
    Line { line: u32 },
    Read { fact: &'static str, value: u16, line: u32, column: u32 },
    Asked { question: &'static str, literals: Vec<(&'a str, bool)>, answer: bool, line: u32, column: u32 },
    Tested { condition: &'a str, role: &'static str, outcome: bool, line: u32, column: u32 },
}

#[derive(Serialize)]
struct Without<'a> {
    rule: &'a str,
    points: u8,
    tipped: bool,
    without: Judged<'a>,
}

#[derive(Serialize)]
struct Judged<'a> {
    decision: Decision,
    reason: &'a str,
    by: &'a By,
}

#[derive(Serialize)]
struct Changed<'a> {
    change: &'a str,
    distance: u32,
    outcome: String,
    #[serde(flatten)]
    judged: Judged<'a>,
}

#[derive(Serialize)]
struct Searched {
    single: usize,
    pairs: usize,
    cut: bool,
}

impl<'a> Explained<'a> {
    pub fn new(explanation: &'a Explanation) -> Self {
        let inquiry = &explanation.inquiry;
        let [suspect, attack, escalated] = inquiry.thresholds();
        let verdict = inquiry.verdict();
        let findings = verdict.findings.iter().zip(&explanation.without).enumerate();
        Self {
            verdict,
            thresholds: Thresholds { suspect, attack, escalated },
            standing: inquiry.standing(),
            runs: inquiry.trace().runs.iter().map(|run| ran(explanation, run)).collect(),
            findings: findings
                .map(|(place, (finding, without))| Without {
                    rule: &finding.rule,
                    points: finding.points,
                    tipped: explanation.tipped(place),
                    without: judged(without),
                })
                .collect(),
            without_all: judged(&explanation.without_all),
            changes: explanation
                .changes
                .iter()
                .map(|change| Changed {
                    change: &change.words,
                    distance: change.distance,
                    outcome: change.outcome(),
                    judged: judged(&change.judgement),
                })
                .collect(),
            searched: Searched {
                single: explanation.search.single,
                pairs: explanation.search.pairs,
                cut: explanation.search.cut,
            },
        }
    }
}

fn judged(judgement: &Judgement) -> Judged<'_> {
    Judged { decision: judgement.effective(), reason: &judgement.reason, by: &judgement.by }
}

fn ran<'a>(explanation: &'a Explanation, run: &'a Run) -> Ran<'a> {
    let ending = match run.ending {
        Ending::Decided { .. } => "decided",
        Ending::Next(_) => "next",
        Ending::Undecided => "undecided",
        _ => "failed",
    };
    Ran {
        policy: &run.source.name,
        hook: run.hook,
        operations: run.operations,
        complete: run.complete,
        ending,
        lines: run.lines().collect(),
        steps: run.steps.iter().filter_map(|step| happened(explanation, run, step)).collect(),
    }
}

fn happened<'a>(explanation: &'a Explanation, run: &'a Run, step: &'a Step) -> Option<Happened<'a>> {
    let name = |fact: &FactId| fact.entry().name;
    let asked = |ask: &Ask| ask.name();
    Some(match step {
        Step::Entered { function, line } => Happened::Entered { function, line: *line },
        Step::Line(line) => Happened::Line { line: *line },
        Step::Read { fact, value, place } => {
            Happened::Read { fact: name(fact), value: *value, line: place.line, column: place.column }
        }
        Step::Asked { ask, literals, answer, place } => Happened::Asked {
            question: asked(ask),
            literals: literals.iter().map(|literal| (&*literal.text, literal.yes)).collect(),
            answer: *answer,
            line: place.line,
            column: place.column,
        },
        Step::Tested { branch, outcome } => {
            let branch = explanation.inquiry.coverable().get(run.index)?.branches.get(*branch)?;
            let role = if branch.role == Role::If { "if" } else { "operand" };
            let place = branch.place;
            Happened::Tested {
                condition: &branch.text,
                role,
                outcome: *outcome,
                line: place.line,
                column: place.column,
            }
        }
        _ => return None,
    })
}
