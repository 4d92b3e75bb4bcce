//! The report for machines.

use serde::Serialize;
use sluicegate::Decision;
use sluicegate::workbench::diff::{Diff, Group, Outcome};

use super::example::Example;
use super::report::{Log, Report};

/// One JSON object.
#[derive(Serialize)]
pub struct Form<'a> {
    format: u8,
    old: &'a str,
    new: &'a str,
    /// Events or records that were compared.
    compared: u64,
    unreadable: u64,
    #[serde(flatten)]
    changes: Changes<'a>,
    /// What the policies say of records that something else decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    overridden: Option<Changes<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<&'a Log>,
}

#[derive(Serialize)]
struct Changes<'a> {
    /// Verdicts with another decision.
    changed: u64,
    becomes: Becomes,
    /// Verdicts with the same decision, of which something else differs.
    otherwise: u64,
    /// Verdicts of which only the place differs.
    moved: u64,
    /// Verdicts that are counted and not listed.
    beyond: u64,
    changes: Vec<Listed<'a>>,
    same_decision: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Becomes {
    allow: u64,
    drop: u64,
    hold: u64,
}

#[derive(Serialize)]
struct Listed<'a> {
    count: u64,
    old: &'a Outcome,
    new: &'a Outcome,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    redacts_otherwise: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    waits_otherwise: bool,
    examples: &'a [Example],
}

impl<'a> Form<'a> {
    /// The report as an object.
    pub fn of(report: &'a Report) -> Self {
        let [old, new] = &report.sides;
        Self {
            format: 1,
            old,
            new,
            compared: report.diff.events() + report.overridden.as_ref().map_or(0, Diff::events),
            unreadable: report.unreadable,
            changes: Changes::of(&report.diff),
            overridden: report.overridden.as_ref().map(Changes::of),
            log: report.log.as_ref(),
        }
    }
}

impl<'a> Changes<'a> {
    fn of(diff: &'a Diff<Example>) -> Self {
        let listed = |groups: Vec<&'a Group<Example>>| groups.into_iter().map(Listed::of).collect();
        Self {
            changed: diff.changed(),
            becomes: Becomes {
                allow: diff.becomes(Decision::Allow),
                drop: diff.becomes(Decision::Drop),
                hold: diff.becomes(Decision::Hold),
            },
            otherwise: diff.others(),
            moved: diff.moved(),
            beyond: diff.beyond(),
            changes: listed(diff.changes()),
            same_decision: listed(diff.other_causes()),
        }
    }
}

impl<'a> Listed<'a> {
    fn of(group: &'a Group<Example>) -> Self {
        let cause = &group.cause;
        Self {
            count: group.count,
            old: &cause.old,
            new: &cause.new,
            redacts_otherwise: cause.redacts_otherwise,
            waits_otherwise: cause.waits_otherwise,
            examples: &group.examples,
        }
    }
}
