//! Whether two chains of policies decide alike.

use std::ops::ControlFlow;

use super::engine::Explorer;
use super::{Bounds, Ended, Search};
use crate::event::Kind;
use crate::facts::{Facts, Levels, Possible, Relations};
use crate::policy::{PolicySet, Ruling};

/// Whether two chains decide alike.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Equivalence {
    /// For every event that there can be.
    Same,
    /// Not for this one.
    Differs(Box<Difference>),
    /// A bound was reached first; which one, in words.
    Undecided(String),
}

/// An event that two chains decide differently.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Difference {
    /// Its facts, with the questions' numbers of the first chain. What only the second chain asks has the numbers after those.
    pub facts: Facts,
    /// Its facts with the questions' numbers of the second chain.
    pub new_facts: Facts,
    /// What the first chain says.
    pub old: Ruling,
    /// What the second chain says.
    pub new: Ruling,
}

/// Whether two chains decide alike under the default thresholds and [bounds](Bounds::default); see [`same_decisions_within`].
#[must_use]
pub fn same_decisions(old: &PolicySet, new: &PolicySet) -> Equivalence {
    same_decisions_within(old, new, Levels::default(), &Bounds::default())
}

/// Whether two chains say the same about every event that there can be: decision, reason, reply and the other options, and
/// whether they fail. The place of the call and the words of a failure may differ.
///
/// Costs a run of the new chain for each path of the old one, and further ones where the new chain tells more events apart.
#[must_use]
pub fn same_decisions_within(old: &PolicySet, new: &PolicySet, levels: Levels, bounds: &Bounds) -> Equivalence {
    let mut questions = old.questions().clone();
    for (_, question) in new.questions().iter() {
        if let Err(full) = questions.add(question.ask, &question.literal) {
            return Equivalence::Undecided(full.to_string());
        }
    }
    let relations = Relations::new(levels, &questions);
    let (first, second) = (Explorer::new(old, &questions), Explorer::new(new, &questions));
    let mut difference = None;
    // The bounds are for both together.
    let mut of_first = Search::new(bounds);
    let mut of_second = Search::new(bounds);
    for kind in Kind::ALL {
        let reads = [old, new].map(|set| set.reads.get(kind as usize).copied().unwrap_or(u64::MAX));
        let about = relations.clone().about(reads.iter().fold(0, |all, own| all | own));
        let mut bound = None;
        let ended = of_first.follow(&first, &about, &Possible::new(kind), &mut |path| {
            let ended = of_second.follow(&second, &about, path.possible, &mut |other| {
                if alike(path.ruling, other.ruling) {
                    return ControlFlow::Continue(());
                }
                difference = relations.example(other.possible).map(|facts| Difference {
                    facts,
                    new_facts: facts.renumbered(&questions, new.questions()),
                    old: path.ruling.clone(),
                    new: other.ruling.clone(),
                });
                ControlFlow::Break(())
            });
            ended.map_break(|ended| bound = Some(ended))
        });
        // What ended the inner search is why the outer one was stopped.
        let ended = match (bound, ended) {
            (Some(ended), _) | (None, ControlFlow::Break(ended)) => ended,
            (None, ControlFlow::Continue(())) => continue,
        };
        return match (difference, ended) {
            (Some(difference), _) => Equivalence::Differs(Box::new(difference)),
            (None, Ended::Bound(reason)) => Equivalence::Undecided(reason),
            (None, _) => Equivalence::Undecided("the facts of a difference do not go together".to_owned()),
        };
    }
    Equivalence::Same
}

/// Whether two rulings mean the same to whoever wrote and whoever read the message.
fn alike(old: &Ruling, new: &Ruling) -> bool {
    let said = |ruling: &Ruling| {
        let Ruling { decision, reason, reply, expires_ms, redact, replace, failure, .. } = ruling.clone();
        (decision, reason, reply, expires_ms, redact, replace, failure.is_some())
    };
    said(old) == said(new)
}
