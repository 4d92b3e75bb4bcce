//! What is claimed of a policy.

use std::sync::Arc;

use crate::event::Kind;
use crate::facts::{Ask, FactId, Possible, Questions, TooManyQuestions};
use crate::policy::Ruling;
use crate::verdict::Decision;

/// A statement about every event of a certain sort.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// The statement in words.
    pub name: String,
    /// For one that is built in, the name by which it is waived.
    pub invariant: Option<&'static str>,
    /// The kinds of event that it speaks of.
    pub kinds: Vec<Kind>,
    /// What else is true of the events that it speaks of.
    pub when: Vec<Condition>,
    /// What must never, or always, be said about them.
    pub claim: Claim,
    /// The file and the line where it is written; none if it is built in.
    pub place: Option<(Arc<str>, u32)>,
}

/// Something that is true of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The fact has one of these values.
    Fact(FactId, Vec<u16>),
    /// Each of these questions is answered so.
    Each(Ask, Vec<Box<str>>, bool),
    /// One of these questions, or more, is answered with yes.
    Any(Ask, Vec<Box<str>>),
}

/// What must never, or always, be said about an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Decisions that are never taken.
    pub never: Vec<Decision>,
    /// If there are any, one of these is always taken.
    pub always: Vec<Decision>,
    /// The policy never writes a reply to the sender.
    pub never_replies: bool,
    /// The policy never fails.
    pub never_fails: bool,
}

impl Claim {
    /// Whether a ruling makes the claim false.
    ///
    /// After a failure the settings decide, and they cannot say `allow`: so a failure breaks every claim about a decision
    /// but that it is never `allow`.
    #[must_use]
    pub fn is_broken_by(&self, ruling: &Ruling) -> bool {
        let decision = ruling.decision;
        let decided = if ruling.failure.is_some() {
            !self.always.is_empty() || self.never.iter().any(|never| *never != Decision::Allow)
        } else {
            self.never.contains(&decision) || (!self.always.is_empty() && !self.always.contains(&decision))
        };
        decided || (self.never_replies && ruling.reply.is_some()) || (self.never_fails && ruling.failure.is_some())
    }

    /// Whether nothing is claimed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.never.is_empty() && self.always.is_empty() && !self.never_replies && !self.never_fails
    }
}

impl Statement {
    /// A statement that is built in.
    pub(super) fn built_in(invariant: &'static str, name: &str, kinds: &[Kind], when: &[FactId], claim: Claim) -> Self {
        Self {
            name: name.to_owned(),
            invariant: Some(invariant),
            kinds: kinds.to_vec(),
            when: when.iter().map(|fact| Condition::Fact(*fact, vec![1])).collect(),
            claim,
            place: None,
        }
    }

    /// `questions` with those that the statement speaks of.
    pub(super) fn questions(&self, questions: &Questions) -> Result<Questions, TooManyQuestions> {
        let mut all = questions.clone();
        for condition in &self.when {
            if let Condition::Each(ask, literals, _) | Condition::Any(ask, literals) = condition {
                for literal in literals {
                    all.add(*ask, literal)?;
                }
            }
        }
        Ok(all)
    }

    /// The events of one kind that it speaks of: together, these sets are all of them, and no event is in two.
    pub(super) fn events(&self, kind: Kind, questions: &Questions) -> Vec<Possible> {
        let mut sets = vec![Possible::new(kind)];
        let number = |ask, literal: &str| questions.number(ask, literal).unwrap_or_default();
        for condition in &self.when {
            match condition {
                Condition::Fact(fact, values) => {
                    sets.iter_mut().for_each(|set| set.keep(*fact, |value| values.contains(&value)));
                }
                Condition::Each(ask, literals, yes) => {
                    for literal in literals {
                        sets.iter_mut().for_each(|set| set.answer(number(*ask, literal), *yes));
                    }
                }
                // The first is answered with yes; or not the first, but the second; and so on.
                Condition::Any(ask, literals) => {
                    let mut split = Vec::new();
                    for mut rest in sets {
                        for literal in literals {
                            let mut one = rest;
                            one.answer(number(*ask, literal), true);
                            split.push(one);
                            rest.answer(number(*ask, literal), false);
                        }
                    }
                    sets = split;
                }
            }
        }
        sets.retain(|set| !set.is_empty());
        sets
    }

    /// The facts and questions that it speaks of.
    pub(super) fn speaks_of(&self) -> (Vec<FactId>, Vec<(Ask, &str)>) {
        let (mut facts, mut asked) = (Vec::new(), Vec::new());
        for condition in &self.when {
            match condition {
                Condition::Fact(fact, _) => facts.push(*fact),
                Condition::Each(ask, literals, _) | Condition::Any(ask, literals) => {
                    asked.extend(literals.iter().map(|literal| (*ask, &**literal)));
                }
            }
        }
        (facts, asked)
    }
}
