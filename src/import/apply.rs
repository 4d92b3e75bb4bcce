//! Taking over what was imported.

use super::{Imported, ImportedAnswer, ImportedPerson};
use crate::answer::{Answer, AnswerError, Answers, Says, What};
use crate::sender::{Capabilities, Listing, People, PeopleError, Standing, person};
use crate::store::{Actor, StoreError};

/// What came of applying an import. What is not counted was there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Senders that were approved.
    pub approved: u64,
    /// Senders that were blocked.
    pub blocked: u64,
    /// Commands that are answered since.
    pub answers: u64,
    /// What stayed as it was here, and why: what it is about, and the reason.
    pub stayed: Vec<(String, String)>,
}

impl Imported {
    /// Makes people and answers durable; settings are files of the owner's, and stay. Whoever calls this has made sure that
    /// `by` is the owner. What the owner has said here before counts more: a block stays, and an approval keeps its capabilities.
    /// Blocks and denials come first, so that a store that fails half way has only closed.
    ///
    /// # Errors
    /// When the store gives no answer. What was done before is done; to apply it again does the rest.
    pub fn apply(&self, people: &People, answers: &Answers, at: u64, by: &Actor) -> Result<Applied, StoreError> {
        let mut applied = Applied::default();
        let blocked = |one: &&ImportedPerson| one.standing == Listing::Blocked;
        for one in self.people.iter().filter(blocked).chain(self.people.iter().filter(|one| !blocked(one))) {
            match take(one, people, at, by) {
                Ok(Some(Listing::Blocked)) => applied.blocked += 1,
                Ok(Some(_)) => applied.approved += 1,
                Ok(None) => {}
                Err(PeopleError::Store(error)) => return Err(error),
                Err(error) => applied.stayed.push((one.id.as_str().to_owned(), error.to_string())),
            }
        }
        // INVARIANT: `settle` has put what was denied first.
        for answer in &self.answers {
            match give(answer, answers, at, by) {
                Ok(()) => applied.answers += 1,
                Err(AnswerFault::Store(error)) => return Err(error),
                Err(AnswerFault::Other(why)) => applied.stayed.push((answer.command.clone(), why)),
            }
        }
        Ok(applied)
    }
}

/// Approves or blocks one person; none where nothing was to be done.
fn take(one: &ImportedPerson, people: &People, at: u64, by: &Actor) -> Result<Option<Listing>, PeopleError> {
    let who = person(&one.channel, one.account.as_deref(), one.id.as_str())?;
    let before = people.standing(&who);
    if one.standing == Listing::Blocked {
        return Ok(people.block(&who, at, by.clone())?.changed.then_some(Listing::Blocked));
    }
    match before {
        Standing::Blocked => return Err(PeopleError::Blocked),
        Standing::Approved | Standing::Owner => return Ok(None),
        _ => {}
    }
    let given = match &one.capabilities {
        None => Capabilities::default(),
        Some(names) => names.join(" ").parse().unwrap_or(Capabilities::NONE),
    };
    let outcome = people.approve(&who, given, at, by.clone())?;
    if let Some(name) = &one.name {
        people.rename(&who, name, at, by.clone())?;
    }
    Ok(outcome.changed.then_some(Listing::Approved))
}

enum AnswerFault {
    Store(StoreError),
    Other(String),
}

fn give(answer: &ImportedAnswer, answers: &Answers, at: u64, by: &Actor) -> Result<(), AnswerFault> {
    let what = What::command(&answer.command).map_err(|error| AnswerFault::Other(error.to_string()))?;
    let says = if answer.allow { Says::Allow } else { Says::Deny };
    match answers.give(&Answer::new(says, what, at, by.clone()), false) {
        Ok(_) => Ok(()),
        Err(AnswerError::Store(error)) => Err(AnswerFault::Store(error)),
        Err(error) => Err(AnswerFault::Other(error.to_string())),
    }
}
