//! An event for which a statement is false.

use crate::facts::{Ask, Domain, FactId, Facts, Questions, Relations};
use crate::policy::{Path, Ruling};

/// An event for which a statement is false, and what the policies say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counterexample {
    /// The facts of such an event. What nobody looks at is no, or as small as can be. The questions have the numbers of the
    /// chain; give it to [`PolicySet::decide`](crate::policy::PolicySet::decide) to see for yourself.
    pub facts: Facts,
    /// What the policies say about it.
    pub ruling: Ruling,
    /// What the statement and the policies look at, in the order of the table: first the facts, then the questions.
    pub known: Vec<Known>,
}

/// One fact of an event, or the answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// A fact with its value.
    Fact(FactId, u16),
    /// A question with its literal and the answer.
    Answer(Ask, Box<str>, bool),
}

impl Known {
    /// How a policy writes it: `sender_blocked`, `says("weather")`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Fact(fact, _) => fact.entry().name.to_owned(),
            Self::Answer(ask, literal, _) if ask.takes_list() => format!("{}([{literal:?}])", ask.name()),
            Self::Answer(ask, literal, _) => format!("{}({literal:?})", ask.name()),
        }
    }

    /// The value: `yes`, `no` or a number.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Fact(fact, value) if matches!(fact.entry().domain, Domain::Number(_)) => value.to_string(),
            _ if self.is_plain() => "no".to_owned(),
            _ => "yes".to_owned(),
        }
    }

    /// Whether it is a no or a zero, as most facts of most events are.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        matches!(self, Self::Fact(_, 0) | Self::Answer(_, _, false))
    }
}

impl Counterexample {
    /// One event of a path. None if there is none, after all.
    pub(super) fn of(
        path: &Path,
        relations: &Relations,
        questions: &Questions,
        speaks_of: &(Vec<FactId>, Vec<(Ask, &str)>),
    ) -> Option<Self> {
        let facts = relations.example(path.possible)?;
        let mut looked: Vec<FactId> = path.reads.facts().chain(speaks_of.0.iter().copied()).collect();
        looked.sort_by_key(|fact| *fact as u8);
        looked.dedup();
        let mut known: Vec<Known> = looked.into_iter().map(|fact| Known::Fact(fact, facts.get(fact))).collect();
        let read: Vec<u16> = path.reads.questions().collect();
        let asked = questions.iter().filter(|(number, question)| {
            read.contains(number) || speaks_of.1.contains(&(question.ask, &*question.literal))
        });
        known.extend(
            asked.map(|(number, question)| Known::Answer(question.ask, question.literal.clone(), facts.answer(number))),
        );
        Some(Self { facts, ruling: path.ruling.clone(), known })
    }
}
