//! Watching a policy run: what it read, what it asked, which lines ran and why.
//!
//! [`PolicySet::trace`] gives the ruling of [`decide_uncached`](PolicySet::decide_uncached) together with everything that
//! led to it, in order. [`PolicySet::coverable`] tells what could have run, so that traces of many events add up to a
//! coverage:
//!
//! ```
//! use std::collections::BTreeSet;
//! use sluicegate::Kind;
//! use sluicegate::diagnostic::Source;
//! use sluicegate::facts::{FactId, Facts};
//! use sluicegate::policy::{Limits, PolicySet, Step};
//!
//! let script = "fn on_message(m) {\n    if m.score >= 8 { drop(\"bad\") }\n    allow();\n}";
//! let set = PolicySet::load(&[Source::new("mine.rhai", script)], Limits::default())?.set;
//! let mut facts = Facts::new(Kind::Message);
//! facts.set(FactId::Score, 8);
//!
//! let trace = set.trace(&facts);
//! assert_eq!(trace.ruling, set.decide(&facts));
//! let run = &trace.runs[0];
//! let lines: BTreeSet<u32> = run.lines().collect();
//! let taken: BTreeSet<(usize, bool)> = run.taken().collect();
//!
//! let coverable = &set.coverable()[run.index];
//! assert_eq!(coverable.lines, [2, 3]);
//! assert_eq!(&*coverable.branches[0].text, "m.score >= 8");
//! assert!(lines.contains(&2) && !lines.contains(&3));
//! assert!(taken.contains(&(0, true)) && !taken.contains(&(0, false)));
//! # Ok::<(), sluicegate::diagnostic::LoadError>(())
//! ```
//!
//! # How it is watched
//!
//! A policy runs twice. Once as it is, on an engine that counts operations: that run gives the ruling. And once as it is
//! written, before Rhai has folded anything, with every statement and condition wrapped in a call that takes a note
//! (`instrument.rs`). Where the second run ends elsewhere than the first, which only the limits of the sandbox can bring
//! about, the trace says that it is not [`complete`](Run::complete). Runs that nobody watches cost nothing more.

mod extent;
mod instrument;
mod observer;

use std::sync::Arc;

use crate::diagnostic::Source;
use crate::event::Kind;
use crate::facts::{Ask, FactId, Facts};

use super::decide::PolicySet;
use super::{Ruling, hook};

pub(super) use observer::Observer;

/// A ruling, and everything that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trace {
    /// The kind of event that was judged.
    pub kind: Kind,
    /// What was decided: the same as [`PolicySet::decide_uncached`] says of these facts, but that a busy machine does not
    /// make it fail: the deadline is a second at least.
    pub ruling: Ruling,
    /// The files that were asked, in the order of the chain. Files without a hook for this kind of event, and those behind
    /// the one that decided, are not among them.
    pub runs: Vec<Run>,
}

/// How one file of the chain ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// The place of the file in the chain, and in [`PolicySet::coverable`].
    pub index: usize,
    /// The file, with its text.
    pub source: Source,
    /// The hook that was called, such as `on_message`.
    pub hook: &'static str,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// How it ended.
    pub ending: Ending,
    /// Operations of the interpreter, as [`Limits`](super::Limits) counts them. The same facts always take the same.
    pub operations: u64,
    /// Whether `steps` holds everything. It does not for a policy that runs into a limit of the sandbox, or takes more
    /// than 65,536 steps; the ending, the ruling and the operations are right all the same.
    pub complete: bool,
}

/// One thing that happened in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// A function was entered: the hook, or a helper.
    Entered {
        /// Its name.
        function: Arc<str>,
        /// The line on which its body begins.
        line: u32,
    },
    /// A statement on this line began to run. Several in a row on one line are one step, whatever was read between them.
    Line(u32),
    /// A fact was read.
    Read {
        /// Which one.
        fact: FactId,
        /// Its value: 0 or 1 for a yes-or-no fact, else the lower edge of its bucket.
        value: u16,
        /// Where its name stands.
        place: Place,
    },
    /// A question was asked.
    Asked {
        /// What was asked.
        ask: Ask,
        /// The literals, each with its answer. One, unless the question takes a list.
        literals: Vec<Literal>,
        /// Whether any of them was answered with yes.
        answer: bool,
        /// Where the question's name stands.
        place: Place,
    },
    /// A condition was evaluated: that of an `if`, or an operand of `&&` or `||`. It comes after what was read for it.
    Tested {
        /// Its place in [`Coverable::branches`].
        branch: usize,
        /// Whether it was true.
        outcome: bool,
    },
}

/// A literal of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Literal {
    /// The text.
    pub text: Box<str>,
    /// The number of the question in [`PolicySet::questions`].
    pub number: u16,
    /// The answer.
    pub yes: bool,
}

/// How a file ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// `allow`, `drop` or `hold` was called here.
    Decided {
        /// The name of the call.
        call: &'static str,
        /// Where it stands.
        place: Place,
    },
    /// `next()` was called here.
    Next(Place),
    /// The hook came to its end without a decision, which passes to the next file.
    Undecided,
    /// It failed; [`Ruling::failure`] says how.
    Failed,
}

/// A place in a policy file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// What can be covered in one file, as it is written: what a constant rules out can be covered as little as it can run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverable {
    /// The file, as verdicts name it.
    pub file: Arc<str>,
    /// The functions by the lines on which their bodies begin, rising.
    pub functions: Vec<(Arc<str>, u32)>,
    /// The lines on which statements begin, rising, each once.
    pub lines: Vec<u32>,
    /// The conditions, in the order of the file. Each can be true and false, which makes two branches to be covered.
    pub branches: Vec<Branch>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Branch {
    /// Where it begins.
    pub place: Place,
    /// Its text as it stands in the file, on one line.
    pub text: Arc<str>,
    /// What it is a condition of.
    pub role: Role,
    /// The function that it stands in.
    pub function: Arc<str>,
}

/// What a condition is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The whole condition of an `if`.
    If,
    /// An operand of `&&` or `||`.
    Operand,
}

impl PolicySet {
    /// Decides, and tells everything that led to it. Never fails and never panics.
    ///
    /// Costs two runs of the chain, and an allocation or two for each step; the first call also prepares the files, which are
    /// parsed again for it.
    #[must_use]
    pub fn trace(&self, facts: &Facts) -> Trace {
        self.observer().trace(self, facts)
    }

    /// What can be covered in each file of the chain, in its order.
    #[must_use]
    pub fn coverable(&self) -> &[Coverable] {
        self.observer().coverable()
    }

    fn observer(&self) -> &Observer {
        self.observer.get_or_init(|| Observer::new(self))
    }
}

impl Run {
    /// The lines that ran, in the order in which they did.
    pub fn lines(&self) -> impl Iterator<Item = u32> {
        self.steps.iter().filter_map(|step| match step {
            Step::Line(line) => Some(*line),
            _ => None,
        })
    }

    /// The conditions that were evaluated, as places in [`Coverable::branches`], with their outcomes.
    pub fn taken(&self) -> impl Iterator<Item = (usize, bool)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Tested { branch, outcome } => Some((*branch, *outcome)),
            _ => None,
        })
    }

    /// The facts that were read, with their values and places.
    pub fn reads(&self) -> impl Iterator<Item = (FactId, u16, Place)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Read { fact, value, place } => Some((*fact, *value, *place)),
            _ => None,
        })
    }

    /// The questions that were asked, literal by literal: the number of the question, and the answer.
    pub fn answers(&self) -> impl Iterator<Item = (u16, bool)> {
        let literals = self.steps.iter().filter_map(|step| match step {
            Step::Asked { literals, .. } => Some(literals),
            _ => None,
        });
        literals.flatten().map(|literal| (literal.number, literal.yes))
    }
}

impl Trace {
    /// The steps of the chain's files, one file after the other.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.runs.iter().flat_map(|run| &run.steps)
    }

    /// Operations of the chain together. The limit holds for each file.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.runs.iter().map(|run| run.operations).sum()
    }
}

impl Run {
    fn new(index: usize, source: Source, kind: Kind) -> Self {
        let (steps, ending) = (Vec::new(), Ending::Failed);
        Self { index, source, hook: hook(kind), steps, ending, operations: 0, complete: false }
    }
}

#[cfg(test)]
mod tests;
