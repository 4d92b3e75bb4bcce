//! Which small changes of a policy no case would notice.

use std::sync::Arc;

use crate::config::Settings;
use crate::diagnostic::Source;
use crate::policy::{Mutant, PolicySet, mutants};

use super::outcome::Result as Compared;
use super::suite::{Situation, Suite, by_of, load, place, with_answers};

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
    /// No case notices it.
    Missed,
    /// No case notices it, and whether it decides like the policy could not be told; why not.
    Undecided(String),
}

impl Fate {
    /// Whether a case is missing, as far as can be told.
    #[must_use]
    pub const fn is_missed(&self) -> bool {
        matches!(self, Self::Missed | Self::Undecided(_))
    }

    /// One word for it: `caught`, `refused`, `equivalent`, `missed` or `undecided`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Caught => "caught",
            Self::Refused => "refused",
            Self::Equivalent => "equivalent",
            Self::Missed => "missed",
            Self::Undecided(_) => "undecided",
        }
    }
}

/// Whether two chains of policies decide alike.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Equivalence {
    Same,
    Differs,
    Undecided(String),
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
        match same_decisions(old, new, &suite.file().settings) {
            Equivalence::Same => {}
            Equivalence::Differs => return Fate::Missed,
            Equivalence::Undecided(why) => fate = Fate::Undecided(why),
        }
    }
    fate
}

fn same_decisions(_: &PolicySet, _: &PolicySet, _: &Settings) -> Equivalence {
    Equivalence::Undecided("nothing is there to prove it yet".to_owned())
}
