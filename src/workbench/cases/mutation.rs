//! Which small changes of a policy no case would notice.

use std::sync::Arc;

use crate::diagnostic::Source;
use crate::facts::{Facts, Levels};
use crate::policy::{Bounds, Difference, Equivalence, Mutant, PolicySet, Ruling, mutants, same_decisions_within};

use super::case::Answer;
use super::outcome::Result as Compared;
use super::suite::{Situation, Suite, answers_of, by_of, load, place, with_answers};

/// A mutant, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tried {
    /// The policy that was changed.
    pub policy: Arc<str>,
    /// The line of the change, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What was changed, for the owner: `` `>=` becomes `>` ``.
    pub change: String,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fate {
    /// A case fails with it.
    Caught,
    /// It cannot be loaded, so nobody could put it to use.
    Refused,
    /// It decides like the policy for every event that there can be, which was proved.
    Equivalent,
    /// No case notices it, though there is an event that it decides otherwise.
    Missed(Box<Example>),
    /// No case notices it, and whether it decides like the policy could not be told; why not.
    Undecided(String),
}

/// An event that a policy and its mutant decide differently: a case for it would catch the mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    /// Its facts.
    pub facts: Facts,
    /// The questions that are answered with yes.
    pub answers: Vec<Answer>,
    /// What the policy says.
    pub was: Ruling,
    /// What the mutant says.
    pub would: Ruling,
}

impl Fate {
    /// Whether a case is missing, as far as can be told.
    #[must_use]
    pub const fn is_missed(&self) -> bool {
        matches!(self, Self::Missed(_) | Self::Undecided(_))
    }

    /// One word for it: `caught`, `refused`, `equivalent`, `missed` or `undecided`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Caught => "caught",
            Self::Refused => "refused",
            Self::Equivalent => "equivalent",
            Self::Missed(_) => "missed",
            Self::Undecided(_) => "undecided",
        }
    }
}

/// Tries all [`mutants`] of the policies that these suites test, which must be the same for all of them. Every case is
/// handed to every mutant, as facts: what is found in an event does not depend on the policies.
///
/// A case counts only where it passes as things are. Costs a load of the chain for each mutant, about a millisecond, and as
/// much as a proof for each that no case notices.
#[must_use]
pub fn try_mutants(suites: &[Suite]) -> Vec<Tried> {
    let Some(first) = suites.first() else { return Vec::new() };
    let (chain, policies) = (first.chain(), first.policies());
    let situations: Vec<Situation> = suites.iter().flat_map(Suite::situations).collect();
    let passing = |situation: &Situation| situation.ruled && !notices(policies, chain, situation);
    let situations: Vec<Situation> = situations.into_iter().filter(passing).collect();
    let mut tried = Vec::new();
    for (number, source) in chain.iter().enumerate() {
        for mutant in mutants(source) {
            let mut changed = chain.to_vec();
            if let Some(place) = changed.get_mut(number) {
                *place = mutant.source.clone();
            }
            let fate = match load(&changed) {
                Err(_) => Fate::Refused,
                Ok(set) if situations.iter().any(|situation| notices(&set, chain, situation)) => Fate::Caught,
                Ok(set) => unnoticed(policies, &set, suites),
            };
            let Mutant { line, column, change, .. } = mutant;
            tried.push(Tried { policy: Arc::clone(&source.name), line, column, change, fate });
        }
    }
    tried
}

/// Whether these policies do not do what is expected. `chain` is the text of the original: a mutant keeps its lines, and
/// that a line reads differently now is nothing that it does.
fn notices(policies: &PolicySet, chain: &[Source], situation: &Situation) -> bool {
    let facts = with_answers(&situation.facts, &situation.answers, policies.questions());
    let ruling = policies.decide_uncached(&facts);
    let by = by_of(&ruling);
    let names: Vec<Arc<str>> = chain.iter().map(|source| Arc::clone(&source.name)).collect();
    let compared = Compared::of_ruling(&ruling, &by);
    !compared.compare(&situation.expected, place(chain, &by), &names).is_empty()
}

/// What becomes of a mutant that no case notices: it must be proved equivalent under the settings of every suite.
fn unnoticed(old: &PolicySet, new: &PolicySet, suites: &[Suite]) -> Fate {
    let mut fate = Fate::Equivalent;
    for suite in suites {
        let settings = &suite.file().settings;
        let levels = Levels {
            suspect: settings.thresholds.suspect,
            attack: settings.thresholds.attack,
            escalated: settings.escalation.threshold,
        };
        match same_decisions_within(old, new, levels, &Bounds::default()) {
            Equivalence::Same => {}
            Equivalence::Differs(difference) => {
                let Difference { facts, old: was, new: would, .. } = *difference;
                let answers = answers_of(&facts, old.questions());
                return Fate::Missed(Box::new(Example { facts, answers, was, would }));
            }
            Equivalence::Undecided(why) => fate = Fate::Undecided(why),
        }
    }
    fate
}
