//! What is handed to the log, and what of it waits in the queue.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::names::Names;
use crate::event::Event;
use crate::facts::{Facts, Questions};
use crate::keys::Pseudonyms;
use crate::verdict::{By, Category, Decision, Finding, Severity, Verdict};

/// One check, as handed to the log.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The event. Only its kind, its time and pseudonyms of its ids are written.
    pub event: &'a Event,
    /// The sender's id in its normal form; the empty string where there is none.
    pub sender: &'a str,
    /// The facts that the policy saw.
    pub facts: &'a Facts,
    /// The questions that the answers among the facts belong to. Without them the record cannot tell later what a policy
    /// asked, such as `m.says("weather")`, would have been answered.
    pub questions: Option<&'a Arc<Questions>>,
    /// What was decided.
    pub verdict: &'a Verdict,
}

/// How much a record matters to somebody who skims the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Allowed, and nothing was found.
    Info,
    /// Allowed, although something was found, or part of the event could not be read.
    Warn,
    /// Dropped or held.
    Block,
    /// A station failed, the line was no event, or records are missing.
    Error,
}

impl Level {
    /// The level of a verdict.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        if verdict.error.is_some() || verdict.degraded.iter().any(|degraded| degraded.severity == Severity::Failed) {
            Self::Error
        } else if verdict.decision != Decision::Allow {
            Self::Block
        } else if verdict.score > 0 || !verdict.degraded.is_empty() {
            Self::Warn
        } else {
            Self::Info
        }
    }
}

/// An entry on its way to the writer: all that will be written, and nothing borrowed.
pub(super) struct Record {
    pub(super) at: u64,
    pub(super) level: Level,
    pub(super) names: Names,
    pub(super) facts: Facts,
    pub(super) questions: Option<Arc<Questions>>,
    /// The categories of the rules that fired, as bits.
    pub(super) found: u32,
    pub(super) decision: Decision,
    pub(super) would: Option<Decision>,
    pub(super) reason: Arc<str>,
    pub(super) by: By,
    pub(super) score: u8,
    pub(super) escalation: u8,
    pub(super) rules: Vec<(Arc<str>, u8)>,
    pub(super) counted: Vec<(Arc<str>, u8)>,
    pub(super) degraded: Vec<(&'static str, Severity)>,
    pub(super) hold: Option<String>,
    pub(super) revision: Arc<str>,
}

impl Record {
    /// One allocation for an ordinary event, besides the record's own, and some counts of references.
    pub(super) fn new(entry: &Entry<'_>, pseudonyms: &Pseudonyms) -> Self {
        let verdict = entry.verdict;
        Self {
            at: entry.event.at,
            level: Level::of(verdict),
            names: Names::new(entry.event, entry.sender, pseudonyms),
            facts: *entry.facts,
            questions: entry.questions.map(Arc::clone),
            found: categories(&verdict.findings),
            decision: verdict.decision,
            would: verdict.would,
            reason: Arc::clone(&verdict.reason),
            by: verdict.by.clone(),
            score: verdict.score,
            escalation: verdict.escalation,
            rules: fired(&verdict.findings),
            counted: fired(&verdict.counted),
            degraded: verdict.degraded.iter().map(|degraded| (degraded.station, degraded.severity)).collect(),
            hold: verdict.hold.as_ref().map(|hold| hold.id.clone()),
            revision: Arc::clone(&verdict.revision),
        }
    }
}

/// The categories of the rules that fired: bit n stands for the category with number n.
fn categories(findings: &[Finding]) -> u32 {
    const { assert!(Category::ALL.len() <= 32) };
    findings.iter().fold(0, |bits, finding| bits | 1 << finding.category as u32)
}

/// The rules that fired, each with its points.
fn fired(findings: &[Finding]) -> Vec<(Arc<str>, u8)> {
    findings.iter().map(|finding| (Arc::clone(&finding.rule), finding.points)).collect()
}
