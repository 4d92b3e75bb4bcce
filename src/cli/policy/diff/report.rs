//! All that was found out, before it is drawn.

use serde::Serialize;
use sluicegate::workbench::diff::{Diff, Group, LogReport};

use super::example::Example;
use crate::cli::output::counted;
use crate::cli::visible::cut;

/// Records that differ from what was recorded are shown of so many causes.
const UNLIKE: usize = 5;

/// What two sides make of the same events.
pub struct Report {
    /// The paths of OLD and NEW.
    pub sides: [String; 2],
    /// What differs.
    pub diff: Diff<Example>,
    /// What differs in a log where the gate decided otherwise in the end.
    pub overridden: Option<Diff<Example>>,
    /// Of a log: what else it tells.
    pub log: Option<Log>,
    /// Lines that could not be used.
    pub unreadable: u64,
}

/// What a log tells beside the changes.
#[derive(Serialize)]
pub struct Log {
    /// Records of events.
    pub records: u64,
    /// Records about which nothing can be said.
    pub undetermined: u64,
    /// The facts that are missing, with how often.
    pub missing: Vec<(String, u64)>,
    /// Records of lines that were no events.
    pub no_events: u64,
    /// Records that OLD decides otherwise than it was recorded.
    pub not_reproduced: u64,
    /// The first causes of that, drawn.
    #[serde(skip)]
    pub unlike: Vec<String>,
    /// The revisions that judged, with their records, the most frequent first.
    pub revisions: Vec<(String, u64)>,
    /// Facts in the log that this version does not know.
    pub strange_facts: u64,
    /// Lines that were written with another key.
    pub other_key: u64,
    /// Whether the seal of every line was checked.
    pub sealed: bool,
    /// Whether settings were given whose thresholds and rules are not replayed.
    #[serde(skip)]
    pub settings: bool,
}

impl Report {
    /// A report on this.
    pub fn of(diff: Diff<Example>, log: Option<Log>) -> Self {
        Self { sides: Default::default(), diff, overridden: None, log, unreadable: 0 }
    }

    /// The word for what was compared.
    pub fn noun(&self) -> &'static str {
        if self.log.is_some() { "record" } else { "event" }
    }

    /// How many were given to be compared.
    pub fn total(&self) -> u64 {
        self.log.as_ref().map_or(self.diff.events(), |log| log.records)
    }

    /// Sentences on what else is to be known, each without a final stop.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |count: u64, noun: &str, what: &str| {
            if count > 0 {
                notes.push(format!("{} {what}", counted(count, noun)));
            }
        };
        note(self.diff.moved(), self.noun(), "decided as before, for the same reason, at another line");
        let beyond = self.diff.beyond() + self.overridden.as_ref().map_or(0, Diff::beyond);
        note(
            beyond,
            self.noun(),
            "with a cause that is not listed, since there are too many causes; counted all the same",
        );
        note(self.unreadable, "line", "could not be used");
        let Some(log) = &self.log else { return notes };
        if log.undetermined > 0 {
            let missing: Vec<_> =
                log.missing.iter().take(8).map(|(name, times)| format!("{} ({times})", cut(name, 60))).collect();
            let records = counted(log.undetermined, "record");
            notes.push(format!("{records} undetermined, since the log does not hold {}", missing.join(", ")));
        }
        if log.not_reproduced > 0 {
            let records = counted(log.not_reproduced, "record");
            let from = match log.revisions.len() {
                0 | 1 => "the log is of another revision than OLD".to_owned(),
                count => format!("the log is of {count} revisions"),
            };
            notes.push(format!("{records} decided otherwise by OLD than it was recorded: {from}"));
            notes.extend(log.unlike.iter().map(|cause| format!("  {cause}")));
        }
        let mut note = |count: u64, noun: &str, what: &str| {
            if count > 0 {
                notes.push(format!("{} {what}", counted(count, noun)));
            }
        };
        note(log.no_events, "record", "of lines that were no events: no policy was asked");
        note(log.strange_facts, "fact", "in the log that this version does not know: they count as not recorded");
        note(log.other_key, "line", "written with another key, and not used");
        if !log.sealed {
            notes.push(
                "read without its key: nobody knows whether the log was changed, nor what `says` and names in it mean"
                    .to_owned(),
            );
        }
        if log.settings {
            notes.push(
                "only policies are replayed from a log: thresholds, rules and rate are those of the time".to_owned(),
            );
        }
        notes
    }
}

impl Log {
    /// What `report` tells.
    pub fn of(report: &LogReport<Example>, sealed: bool, other_key: u64, settings: bool) -> Self {
        let sorted = |mut list: Vec<(String, u64)>| {
            list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            list
        };
        let unlike = &report.unlike;
        let causes = unlike.changes().into_iter().chain(unlike.other_causes());
        Self {
            records: report.records,
            undetermined: report.undetermined,
            missing: sorted(report.missing.iter().map(|(name, count)| (name.clone(), *count)).collect()),
            no_events: report.no_events,
            not_reproduced: unlike.changed() + unlike.others(),
            unlike: causes.take(UNLIKE).map(unlike_in_words).collect(),
            revisions: sorted(report.revisions.iter().map(|(name, count)| (cut(name, 80), *count)).collect()),
            strange_facts: report.strange,
            other_key,
            sealed,
            settings,
        }
    }
}

/// A cause in one line: what was recorded, and what OLD says.
fn unlike_in_words(group: &Group<Example>) -> String {
    let words = |decision: sluicegate::Decision, reason: &str| match reason {
        "" => decision.to_string(),
        reason => format!("{decision} \"{}\"", cut(reason, 40)),
    };
    let cause = &group.cause;
    let (was, says) = (words(cause.old.decision, &cause.old.reason), words(cause.new.decision, &cause.new.reason));
    let first = group.examples.first().map(|example| format!(", such as {}", example.place())).unwrap_or_default();
    format!("{}: recorded {was}, OLD says {says}{first}", counted(group.count, "record"))
}
