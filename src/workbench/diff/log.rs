//! Records of an audit log, asked again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::outcome::{Cause, Outcome, Place};
use super::{Comparison, Diff};
use crate::audit::PastCheck;
use crate::config::Closed;
use crate::keys::Pseudonyms;
use crate::policy::{Asker, Missing, PolicySet, Ruling};
use crate::verdict::{Decision, Station};

/// Different revisions and missing facts that are named; a log of many years may have more.
const NAMED: usize = 64;

/// One side of the comparison: its policies, and what its gate decides where they fail.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The policies.
    pub policies: &'a PolicySet,
    /// What is decided where they fail.
    pub closed: Closed,
}

/// Asks two chains of policies about the facts that records hold.
///
/// Only policies are asked. What else the settings decide (points from which something is suspect, rules, rate) stands in the
/// facts as it was. INVARIANT: where a policy has to read what the record does not hold, nothing is said about the record.
#[derive(Debug)]
pub struct LogReplay<'a, E> {
    old: (Asker<'a>, Closed),
    new: (Asker<'a>, Closed),
    pseudonyms: Option<&'a Pseudonyms>,
    report: LogReport<E>,
}

/// What a log tells about two chains of policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogReport<E> {
    /// What differs, where a policy had the word.
    pub diff: Diff<E>,
    /// What differs in what the policies say, where the gate decided otherwise in the end: a lockdown, a blocked sender, a text
    /// that was too long, a part that failed. The verdict would not have changed.
    pub overridden: Diff<E>,
    /// Records of events that were asked about.
    pub records: u64,
    /// Records of lines that were no events, about which no policy is asked.
    pub no_events: u64,
    /// Records about which one side cannot say anything, since it reads a fact that they do not hold.
    pub undetermined: u64,
    /// How often each of these facts was missing: `says("weather")`, `score_attached`. At most 64 are named.
    pub missing: BTreeMap<String, u64>,
    /// What OLD decides otherwise than it was recorded. An example is made of the first few.
    pub unlike: Diff<E>,
    /// The revisions that judged, each with its records. At most 64 are named.
    pub revisions: BTreeMap<Arc<str>, u64>,
    /// Facts that this version does not know, or not with that value. They count as not recorded.
    pub strange: u64,
}

impl<'a, E> LogReplay<'a, E> {
    /// Begins a replay; of each cause, `examples` are kept. The `pseudonyms` are those of the log's key; without them no
    /// answer to `says`, `channel_in`, `account_in` or `tool_in` is known.
    #[must_use]
    pub fn new(old: Side<'a>, new: Side<'a>, pseudonyms: Option<&'a Pseudonyms>, examples: usize) -> Self {
        let diff = || Diff::new(examples);
        let report = LogReport {
            diff: diff(),
            overridden: diff(),
            records: 0,
            no_events: 0,
            undetermined: 0,
            missing: BTreeMap::new(),
            unlike: diff(),
            revisions: BTreeMap::new(),
            strange: 0,
        };
        let asker = |side: Side<'a>| (side.policies.asker(), side.closed);
        Self { old: asker(old), new: asker(new), pseudonyms, report }
    }

    /// Asks both about the next record: two runs of a policy, some microseconds. `example` makes what is kept of a record.
    pub fn record(&mut self, check: &PastCheck, example: impl Fn() -> E) {
        if check.by.station == Station::Event {
            self.report.no_events += 1;
            return;
        }
        self.report.records += 1;
        self.report.strange += u64::from(check.strange);
        count(&mut self.report.revisions, &check.revision);
        let old = ask(&self.old, check, self.pseudonyms);
        if let Ok(old) = &old {
            self.compare_with_recorded(old, check, &example);
        }
        let new = ask(&self.new, check, self.pseudonyms);
        let (old, new) = match (old, new) {
            (Ok(old), Ok(new)) => (old, new),
            (old, new) => {
                self.report.undetermined += 1;
                let mut missing: Vec<String> = [old.err(), new.err()].into_iter().flatten().collect();
                missing.dedup();
                missing.iter().for_each(|name| count(&mut self.report.missing, name));
                return;
            }
        };
        let comparison = Comparison::of(Cause {
            redacts_otherwise: old.outcome.redacted && new.outcome.redacted && !pass_alike(&old.ruling, &new.ruling),
            waits_otherwise: old.waits() != new.waits() && old.holds() && new.holds(),
            old: old.outcome,
            new: new.outcome,
        });
        let decided_by_policy = check.by.station == Station::Policy;
        let diff = if decided_by_policy { &mut self.report.diff } else { &mut self.report.overridden };
        diff.add(comparison, example);
    }

    /// Whether OLD says what was recorded, where a policy had the word.
    fn compare_with_recorded(&mut self, old: &Said, check: &PastCheck, example: impl FnOnce() -> E) {
        if check.by.station != Station::Policy {
            return;
        }
        // Neither an answer to the sender nor what was blacked out is recorded.
        let outcome = Outcome { reply: None, redacted: false, ..old.outcome.clone() };
        let recorded = Outcome {
            decision: check.would.unwrap_or(check.decision),
            would: None,
            reason: Arc::clone(&check.reason),
            by: Place::from(&check.by),
            ..outcome.clone()
        };
        let reason = Arc::clone(if check.has_reason(&outcome.reason) { &check.reason } else { &outcome.reason });
        let new = Outcome { reason, ..outcome };
        let cause = Cause { old: recorded, new, redacts_otherwise: false, waits_otherwise: false };
        self.report.unlike.add(Comparison::of(cause), example);
    }

    /// What the log tells.
    #[must_use]
    pub fn finish(self) -> LogReport<E> {
        self.report
    }
}

/// What one side says about a record.
struct Said {
    outcome: Outcome,
    ruling: Ruling,
}

impl Said {
    fn holds(&self) -> bool {
        self.outcome.decision == Decision::Hold
    }

    fn waits(&self) -> Option<u64> {
        self.ruling.expires_ms
    }
}

/// Whether both pass on the same of an event.
fn pass_alike(one: &Ruling, other: &Ruling) -> bool {
    (&one.redact, &one.replace) == (&other.redact, &other.replace)
}

/// Asks one side; names what is missing where it cannot answer.
fn ask(side: &(Asker<'_>, Closed), check: &PastCheck, pseudonyms: Option<&Pseudonyms>) -> Result<Said, String> {
    let (asker, closed) = side;
    let questions = asker.policies().questions();
    match asker.decide(&check.facts(questions, pseudonyms)) {
        Ok(ruling) => Ok(Said { outcome: Outcome::of_ruling(&ruling, check.kind(), closed), ruling }),
        Err(Missing::Fact(fact)) => Err(fact.entry().name.to_owned()),
        Err(Missing::Answer(number)) => {
            let question = questions.iter().find(|(known, _)| *known == number);
            Err(question.map_or_else(String::new, |(_, it)| format!("{}({:?})", it.ask.name(), it.literal)))
        }
    }
}

/// Counts `name`, unless it is a new one and there are enough.
fn count<K: Ord + Clone>(counts: &mut BTreeMap<K, u64>, name: &K) {
    if let Some(count) = counts.get_mut(name) {
        *count += 1;
    } else if counts.len() < NAMED {
        counts.insert(name.clone(), 1);
    }
}
