//! One case of a file.

use crate::event::{Event, Kind};
use crate::facts::{Ask, Facts};

use super::expected::Expected;

/// One case: what is given, and what must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Case {
    /// Its name, unique in the file: a sentence that says what shall hold.
    pub name: String,
    /// The line of the file where it begins, from 1.
    pub line: u32,
    /// What is given.
    pub given: Given,
}

/// What a case gives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Given {
    /// Facts, handed to the policy as they are. Nothing is detected, and the settings override nothing.
    Facts(Box<GivenFacts>),
    /// Events, checked in this order by a gate that has met nobody before.
    Events(Vec<Step>),
}

/// The facts of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GivenFacts {
    /// The facts, with what follows from those that were written; without answers, whose numbers belong to a policy.
    pub facts: Facts,
    /// The questions that are answered with yes.
    pub answers: Vec<Answer>,
    /// What must come out.
    pub expected: Expected,
}

impl GivenFacts {
    /// The kind of event.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.facts.kind()
    }
}

/// A question that is answered with yes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// What is asked.
    pub ask: Ask,
    /// The literal.
    pub literal: String,
    /// Where it stands in the file, in bytes.
    pub(super) at: usize,
}

/// An event of a case, once or several times.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The event; of a repetition, the first.
    pub event: Event,
    /// How often it comes, 1 to 1,000.
    pub times: u32,
    /// Milliseconds between two of them.
    pub every: u64,
    /// What must come out of the last one; none where it only leads up to a later event.
    pub expected: Option<Expected>,
}
