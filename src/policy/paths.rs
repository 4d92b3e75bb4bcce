//! Every path of a hook.
//!
//! The real script runs in the real sandbox, for a set of events at once ([`Possible`]). As long as every event of the set
//! has the same value for a fact, reading it gives that value. Where they differ, the run ends there by a termination that
//! no script can catch, the set is split by the values, and each part runs by itself. What a run that comes to its end says
//! holds for every event of its part, so the runs together say what the policies do with every event that there can be.
//!
//! This sees what a look at the syntax tree does not, such as the cases of a `switch` or a sum of facts, since nothing but
//! the getters is different. A fact that no path reads is never split.

mod cuts;
mod engine;
mod equivalence;

use std::ops::ControlFlow;
use std::sync::Arc;

pub(super) use engine::{Explorer, Open};
pub use equivalence::{Difference, Equivalence, same_decisions, same_decisions_within};

use super::decide::{End, ruling};
use super::{PolicySet, Ruling};
use crate::event::Kind;
use crate::facts::{FactId, Possible, Questions, Relations, TABLE, Used};

/// How far paths are followed.
///
/// What is past a bound is never guessed: the answer is then that nothing is known of the rest.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Bounds<'a> {
    /// Paths that are followed to their end. Default 1,000,000, some seconds.
    pub paths: u64,
    /// Operations of the interpreter, over all paths. Default 1,000,000,000.
    pub operations: u64,
    /// Whether there is no time left; asked before each run. The library has no clock of its own.
    pub overdue: Option<&'a dyn Fn() -> bool>,
}

impl Default for Bounds<'_> {
    fn default() -> Self {
        Self { paths: 1_000_000, operations: 1_000_000_000, overdue: None }
    }
}

/// One path through the chain: a set of events, and what the policies say about each of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Path<'a> {
    /// The events. A fact that has more than one value was not read, or makes no difference on this path.
    pub possible: &'a Possible,
    /// What the policies say: the same as [`PolicySet::decide_uncached`] for each of the events.
    pub ruling: &'a Ruling,
    /// The files that were asked, in their order; the last one decided, if any did.
    pub asked: &'a [Asked],
    /// What the files read.
    pub reads: Reads,
}

/// What a file spent on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asked {
    /// The file.
    pub policy: Arc<str>,
    /// Operations of the interpreter, to hold against [`Limits::operations`](super::Limits::operations).
    pub operations: u64,
}

/// Facts and questions that were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    facts: u64,
    questions: [u64; Questions::MAX / 64],
}

impl Reads {
    /// The facts, in the order of the table.
    pub fn facts(self) -> impl Iterator<Item = FactId> {
        TABLE.iter().map(|fact| fact.id).filter(move |fact| self.facts >> *fact as u64 & 1 == 1)
    }

    /// The numbers of the questions.
    pub fn questions(self) -> impl Iterator<Item = u16> {
        (0_u16..)
            .zip(self.questions)
            .flat_map(|(place, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * 64 + bit))
    }

    fn join(&mut self, other: Self) {
        self.facts |= other.facts;
        self.questions.iter_mut().zip(other.questions).for_each(|(all, own)| *all |= own);
    }
}

/// What a search through paths came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explored {
    /// Paths that were followed to their end.
    pub paths: u64,
    /// Operations of the interpreter, over all runs.
    pub operations: u64,
    /// The relations between facts that ruled something out.
    pub used: Used,
    /// How it ended.
    pub ended: Ended,
}

/// How a search through paths ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// Every path was followed.
    Complete,
    /// The visitor wanted no more.
    Stopped,
    /// At a bound, with which one in words. Nothing is known of the paths that are left.
    Bound(String),
}

impl PolicySet {
    /// The files of the chain that have a hook for this kind of event, in their order.
    #[must_use]
    pub fn files(&self, kind: Kind) -> Vec<Arc<str>> {
        self.files.iter().filter(|file| file.hooks.contains(&kind)).map(|file| Arc::clone(&file.name)).collect()
    }

    /// Follows every path that an event of `start` can take through the chain, depth first, and shows each to `visit`.
    ///
    /// `questions` gives the numbers of the questions in `start` and `relations`; it holds at least those of
    /// [`questions`](Self::questions), with the same numbers. Costs a few microseconds a path, and no more memory for many
    /// paths than for few.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use sluicegate::Kind;
    /// use sluicegate::diagnostic::Source;
    /// use sluicegate::facts::{Levels, Possible, Relations};
    /// use sluicegate::policy::{Bounds, Ended, Limits, PolicySet};
    ///
    /// let script = "fn on_message(m) { if m.sender_blocked { drop(\"blocked\") } if m.score + m.length > 40 { hold(\"?\") } allow() }";
    /// let set = PolicySet::load(&[Source::new("mine.rhai", script)], Limits::default())?.set;
    /// let relations = Relations::new(Levels::default(), set.questions());
    /// let start = Possible::new(Kind::Message);
    /// let explored = set.paths(&start, set.questions(), &relations, &Bounds::default(), &mut |_| ControlFlow::Continue(()));
    /// assert_eq!((explored.paths, explored.ended), (1 + 32 * 10, Ended::Complete));
    /// # Ok::<(), sluicegate::diagnostic::LoadError>(())
    /// ```
    pub fn paths(
        &self,
        start: &Possible,
        questions: &Questions,
        relations: &Relations,
        bounds: &Bounds,
        visit: &mut dyn FnMut(&Path) -> ControlFlow<()>,
    ) -> Explored {
        let reads = self.reads.get(start.kind() as usize).copied().unwrap_or(u64::MAX);
        let relations = relations.clone().about(reads | narrowed(start));
        let explorer = Explorer::new(self, questions);
        let mut search = Search::new(bounds);
        let ended = match search.follow(&explorer, &relations, start, visit) {
            ControlFlow::Continue(()) => Ended::Complete,
            ControlFlow::Break(ended) => ended,
        };
        Explored { paths: search.paths, operations: search.operations, used: search.used, ended }
    }
}

/// The facts that do not have every value that they could have, as bits.
fn narrowed(possible: &Possible) -> u64 {
    let whole = Possible::new(possible.kind());
    let narrowed = TABLE.iter().filter(|fact| possible.mask(fact.id) != whole.mask(fact.id));
    narrowed.fold(0, |facts, fact| facts | 1 << fact.id as u64)
}

/// What has been spent.
struct Search<'a> {
    bounds: &'a Bounds<'a>,
    paths: u64,
    operations: u64,
    used: Used,
}

/// A part of the events, and how far along the chain they are.
struct State {
    possible: Possible,
    /// The files that have passed the events on.
    asked: Vec<Asked>,
    reads: Reads,
}

impl<'a> Search<'a> {
    const fn new(bounds: &'a Bounds<'a>) -> Self {
        Self { bounds, paths: 0, operations: 0, used: Used::NONE }
    }

    fn follow(
        &mut self,
        explorer: &Explorer,
        relations: &Relations,
        start: &Possible,
        visit: &mut dyn FnMut(&Path) -> ControlFlow<()>,
    ) -> ControlFlow<Ended> {
        let mut waiting = vec![State { possible: *start, asked: Vec::new(), reads: Reads::default() }];
        if !waiting.iter_mut().all(|state| relations.narrow(&mut state.possible, &mut self.used)) {
            return ControlFlow::Continue(());
        }
        while let Some(state) = waiting.pop() {
            self.run(explorer, relations, state, &mut waiting, visit)?;
        }
        ControlFlow::Continue(())
    }

    /// Runs the files that are left; ends in one path, or in parts that wait for their turn.
    fn run(
        &mut self,
        explorer: &Explorer,
        relations: &Relations,
        mut state: State,
        waiting: &mut Vec<State>,
        visit: &mut dyn FnMut(&Path) -> ControlFlow<()>,
    ) -> ControlFlow<Ended> {
        let kind = state.possible.kind();
        // A file that passes an event on does so for every event of the part, and is not asked again.
        let files = explorer.files(kind).skip(state.asked.len());
        let mut decided = None;
        for file in files {
            self.pay()?;
            let run = explorer.run(file, &state.possible);
            self.operations = self.operations.saturating_add(run.operations);
            if let End::Open(open) = run.end {
                split(&state, open, relations, waiting, &mut self.used);
                return ControlFlow::Continue(());
            }
            state.asked.push(Asked { policy: Arc::clone(&file.name), operations: run.operations });
            state.reads.join(run.reads);
            decided = ruling(file, kind, run.end);
            if decided.is_some() {
                break;
            }
        }
        let ruling = decided.unwrap_or_else(|| Ruling::undecided(kind));
        self.paths += 1;
        let path = Path { possible: &state.possible, ruling: &ruling, asked: &state.asked, reads: state.reads };
        match visit(&path) {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(()) => ControlFlow::Break(Ended::Stopped),
        }
    }

    /// Ends the search where it has cost enough.
    fn pay(&self) -> ControlFlow<Ended> {
        let reason = if self.paths >= self.bounds.paths {
            format!("there are more than {} paths", self.bounds.paths)
        } else if self.operations >= self.bounds.operations {
            format!("its paths take more than {} operations", self.bounds.operations)
        } else if self.bounds.overdue.is_some_and(|overdue| overdue()) {
            "there was no time left".to_owned()
        } else {
            return ControlFlow::Continue(());
        };
        ControlFlow::Break(Ended::Bound(reason))
    }
}

/// Splits a part by the values of a fact, or by the answers to a question. Parts that no event can be in are left out.
fn split(state: &State, open: Open, relations: &Relations, waiting: &mut Vec<State>, used: &mut Used) {
    let mut part = |narrow: &dyn Fn(&mut Possible)| {
        let mut possible = state.possible;
        narrow(&mut possible);
        if relations.narrow(&mut possible, used) {
            waiting.push(State { possible, asked: state.asked.clone(), reads: state.reads });
        }
    };
    // The last is followed first, so that the smallest values come first.
    match open {
        Open::Fact(fact, cuts) => {
            let mut left = state.possible.mask(fact);
            while left != 0 {
                let class = cuts.highest(left);
                part(&|possible| possible.keep_mask(fact, class));
                left &= !class;
            }
        }
        Open::Question(number) => {
            part(&|possible| possible.answer(number, true));
            part(&|possible| possible.answer(number, false));
        }
    }
}

#[cfg(test)]
mod tests;
