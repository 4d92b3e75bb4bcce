//! Why an event was decided as it was, and what little would have changed it.
//!
//! ```
//! use sluicegate::workbench::Explanation;
//! use sluicegate::{Event, Gate};
//!
//! let gate = Gate::builder().build()?;
//! let explanation = Explanation::of(&gate, &Event::message(1_764_000_000_000, "hello"));
//! let smallest = &explanation.changes[0];
//! assert_eq!(smallest.words, "if the sender were approved");
//! assert!(smallest.outcome().starts_with("it would have been allowed at personal.rhai:"));
//! # Ok::<(), sluicegate::gate::BuildError>(())
//! ```

mod change;
mod options;
mod search;

pub use change::Change;
pub use search::Search;

use crate::event::Event;
use crate::gate::{Gate, Hypothesis, Inquiry, Judgement};
use crate::verdict::Station;

/// Why one event was decided as it was.
#[derive(Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The event, its verdict, the facts and the trace of the policies.
    pub inquiry: Inquiry,
    /// For each finding of the verdict, in its order: what would have been decided without it.
    pub without: Vec<Judgement>,
    /// What would have been decided with nothing found at all.
    pub without_all: Judgement,
    /// The smallest changes that would have changed the decision, the smallest first: for each thing that can be changed
    /// (the sender's standing, the points, a setting, a fact) at most one for each decision, at most [`MOST`] in all. None
    /// consists of two things where one alone is enough. Empty where the settings or a failure decide.
    pub changes: Vec<Change>,
    /// How much was tried to find them.
    pub search: Search,
}

/// Changes that are told.
pub const MOST: usize = 8;

impl Explanation {
    /// Judges a copy of the event and explains it. Changes nothing in the gate.
    ///
    /// Costs a check and some hundred runs of the policies; some thousand where no single change is enough.
    #[must_use]
    pub fn of(gate: &Gate, event: &Event) -> Self {
        let inquiry = gate.inquire(event);
        let findings = inquiry.verdict().findings.len();
        let absent = |places: std::ops::Range<usize>| Hypothesis {
            points: places.map(|place| (place, 0)).collect(),
            ..Hypothesis::default()
        };
        let without = (0..findings).map(|place| inquiry.judge(&absent(place..place + 1))).collect();
        let without_all = inquiry.judge(&absent(0..findings));
        let (changes, search) = search::changes(&inquiry);
        Self { inquiry, without, without_all, changes, search }
    }

    /// Whether the decision would have been another without the finding at this place in the verdict.
    #[must_use]
    pub fn tipped(&self, finding: usize) -> bool {
        self.without.get(finding).is_some_and(|without| without.effective() != effective(&self.inquiry))
    }

    /// Whether the decision would have been another with nothing found, and no finding alone made it.
    #[must_use]
    pub fn tipped_together(&self) -> bool {
        let alone = (0..self.without.len()).any(|place| self.tipped(place));
        !alone && self.without_all.effective() != effective(&self.inquiry)
    }

    /// Who decided where it was not the policy, in a sentence.
    #[must_use]
    pub fn beside_the_policy(&self) -> Option<&'static str> {
        let verdict = self.inquiry.verdict();
        match verdict.by.station {
            Station::Size => Some("The text is over the size limit, so it was not searched, and the settings decided."),
            Station::Command => {
                Some("The owner has given a command in chat, which the gate carries out; no policy is asked.")
            }
            Station::Failure => Some("A part of the gate failed, so the configured closed decision stands."),
            Station::Override if self.inquiry.lockdown() => {
                Some("Lockdown is on: nothing passes, whatever the policy says.")
            }
            Station::Override => Some("The sender is blocked: the settings drop it, whatever the policy says."),
            _ if verdict.would.is_some() => Some(
                "The settings only observe (`mode = \"observe\"`): it was allowed, and what the policy says is told here.",
            ),
            _ => None,
        }
    }
}

/// The decision that is explained: that of the policies, also where nothing is enforced.
fn effective(inquiry: &Inquiry) -> crate::verdict::Decision {
    let verdict = inquiry.verdict();
    verdict.would.unwrap_or(verdict.decision)
}

#[cfg(test)]
mod tests;
