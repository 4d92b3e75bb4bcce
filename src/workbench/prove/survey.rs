//! What each file of a chain can still decide, and what it costs.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::event::Kind;
use crate::facts::{Facts, Levels, Possible, Relations};
use crate::policy::{Bounds, Ended, Path, PolicySet};
use crate::verdict::Decision;

/// What a chain does with one kind of event, over every path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Survey {
    /// The kind of event.
    pub kind: Kind,
    /// The files with a hook for it, in their order.
    pub passages: Vec<Passage>,
    /// How many paths there are.
    pub paths: u64,
    /// How many end without any file having decided; then a message is dropped and anything else held.
    pub undecided: u64,
    /// Why not every path was followed; none if each was.
    pub bound: Option<String>,
}

/// What one file does with the events that come to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Passage {
    /// The file.
    pub policy: Arc<str>,
    /// Paths that come to it. With none, it has nothing left to decide.
    pub paths: u64,
    /// The decisions that it takes on them.
    pub decisions: Vec<Decision>,
    /// Whether it passes some of them on.
    pub passes_on: bool,
    /// Whether it fails on some of them.
    pub fails: bool,
    /// The most operations that it takes, to hold against the limit.
    pub operations: u64,
    /// An event for which it takes so many.
    pub dearest: Option<Facts>,
}

/// Follows every path of a chain, for each kind of event that it has a hook for. The bounds are for each kind.
#[must_use]
pub fn survey(set: &PolicySet, levels: Levels, bounds: &Bounds) -> Vec<Survey> {
    let relations = Relations::new(levels, set.questions());
    let kinds = Kind::ALL.into_iter().map(|kind| (kind, set.files(kind)));
    kinds
        .filter(|(_, files)| !files.is_empty())
        .map(|(kind, files)| of(set, kind, &files, &relations, bounds))
        .collect()
}

fn of(set: &PolicySet, kind: Kind, files: &[Arc<str>], relations: &Relations, bounds: &Bounds) -> Survey {
    let passage = |policy: &Arc<str>| Passage {
        policy: Arc::clone(policy),
        paths: 0,
        decisions: Vec::new(),
        passes_on: false,
        fails: false,
        operations: 0,
        dearest: None,
    };
    let mut passages: Vec<Passage> = files.iter().map(passage).collect();
    let mut dearest: Vec<Option<Possible>> = vec![None; files.len()];
    let mut undecided = 0;
    let explored = set.paths(&Possible::new(kind), set.questions(), relations, bounds, &mut |path| {
        undecided += u64::from(path.ruling.policy.is_none());
        for (number, (passage, dearest)) in passages.iter_mut().zip(&mut dearest).enumerate() {
            let Some(asked) = path.asked.get(number) else { break };
            passage.note(path, number);
            if dearest.is_none() || asked.operations > passage.operations {
                (passage.operations, *dearest) = (asked.operations, Some(*path.possible));
            }
        }
        ControlFlow::Continue(())
    });
    for (passage, possible) in passages.iter_mut().zip(dearest) {
        passage.decisions.sort_by_key(|decision| decision.name());
        passage.dearest = possible.and_then(|possible| relations.example(&possible));
    }
    let bound = match explored.ended {
        Ended::Bound(reason) => Some(reason),
        Ended::Complete | Ended::Stopped => None,
    };
    Survey { kind, passages, paths: explored.paths, undecided, bound }
}

impl Passage {
    /// Notes what the file with this number does on a path that comes to it.
    fn note(&mut self, path: &Path, number: usize) {
        self.paths += 1;
        let ruling = path.ruling;
        if number + 1 < path.asked.len() || ruling.policy.is_none() {
            self.passes_on = true;
        } else if ruling.failure.is_some() {
            self.fails = true;
        } else if !self.decisions.contains(&ruling.decision) {
            self.decisions.push(ruling.decision);
        }
    }
}
