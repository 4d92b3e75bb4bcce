//! A change that would have changed the decision.

use crate::gate::{Hypothesis, Judgement};
use crate::verdict::{Decision, Station};

/// Something that might have been otherwise, and what would have been decided then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The change in words: `with 1 point less (score 4)`, `if the sender were approved`.
    pub words: String,
    /// How far it is from how it was: points, steps in the values of a fact, 1 for a yes or no; for the standing 1 where the
    /// owner approves the sender, 2 or, for a ban, 3 elsewhere.
    pub distance: u32,
    /// What has to be otherwise.
    pub hypothesis: Hypothesis,
    /// What would have been decided.
    pub judgement: Judgement,
}

impl Change {
    /// The decision in words: `it would have been allowed at personal.rhai:38`.
    #[must_use]
    pub fn outcome(&self) -> String {
        outcome(&self.judgement)
    }
}

/// What would have been decided, in words.
fn outcome(judgement: &Judgement) -> String {
    let decision = match judgement.effective() {
        Decision::Allow => "allowed",
        Decision::Drop => "dropped",
        Decision::Hold => "held",
    };
    let by = &judgement.by;
    let place = match (by.station, &by.policy, by.line) {
        (_, Some(file), Some(line)) => format!(" at {file}:{line}"),
        (Station::Policy, ..) => " at the end of the chain".to_owned(),
        (Station::Size, ..) => " by the size limit".to_owned(),
        (Station::Override, ..) => " by the settings".to_owned(),
        _ => " since a part of the gate fails".to_owned(),
    };
    let reason = if judgement.reason.is_empty() { String::new() } else { format!(": {}", judgement.reason) };
    format!("it would have been {decision}{place}{reason}")
}
