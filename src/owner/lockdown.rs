//! The switch that closes the gate.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{OwnerError, place};
use crate::keys::{Owner, PublicKey, Sealer, Signature, Statement};
use crate::store::{Actor, Book, Commit, Deed, Expect, Journal, Store, StoreError, Table};

/// How often a change is tried again when others change the switch at the same time.
const TRIES: usize = 64;

/// How the switch stands for a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u8)]
pub enum Lock {
    /// Open: settings and policies decide.
    Open = 0,
    /// In lockdown: every event gets the closed decision of its kind.
    Closed = 1,
    /// It cannot be read, was opened by somebody who is not the owner, or it is not known whether what judges had to be sealed.
    /// Closed as well.
    Unreadable = 2,
}

impl Lock {
    pub(super) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Open,
            1 => Self::Closed,
            _ => Self::Unreadable,
        }
    }

    /// Whether events pass, as far as this goes.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }
}

/// The switch as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Switch {
    /// The number of the lockdown. Later ones have greater ones, so the word that lifts one lifts no later one.
    pub(super) number: u64,
    /// When it was turned last, in milliseconds since 1970.
    at: u64,
    /// The owner's word that this lockdown is over; none while it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lifted: Option<Signature>,
}

impl Switch {
    /// Whether it is on.
    pub(super) const fn is_on(&self) -> bool {
        self.lifted.is_none()
    }

    /// Whether the owner with this key has lifted it.
    pub(super) fn lifted_by(&self, key: &PublicKey) -> bool {
        let number = self.number.to_le_bytes();
        self.lifted.as_ref().is_some_and(|signature| key.verify(Statement::Lift, &[&number], signature))
    }

    fn lift(number: u64, owner: &Owner, at: u64) -> Self {
        Self { number, at, lifted: Some(owner.sign(Statement::Lift, &[&number.to_le_bytes()])) }
    }

    /// The same with the signature of another owner, where the one before had signed it.
    pub(super) fn sign_anew(&self, before: &PublicKey, owner: &Owner) -> Option<Self> {
        self.lifted_by(before).then(|| Self::lift(self.number, owner, self.at))
    }
}

/// The lockdown in a store: holds for all processes at once, and when they start again.
///
/// Anybody may close, since that can be mended; only the owner opens. Closing also works where the record is damaged.
#[derive(Clone, Debug)]
pub struct Lockdown {
    book: Book<Switch>,
    journal: Journal,
}

impl Lockdown {
    /// The switch of what this store keeps.
    #[must_use]
    pub fn new(store: &Arc<dyn Store>, sealer: &Sealer) -> Self {
        Self {
            book: Book::new(Arc::clone(store), sealer.clone(), Table::Gate),
            journal: Journal::new(Arc::clone(store), sealer.clone()),
        }
    }

    /// Since when it is on, in milliseconds since 1970; none where it is off.
    ///
    /// A running gate asks more: that the owner whom it knows has lifted it.
    ///
    /// # Errors
    /// When the store gives no answer, or the record is damaged. Gates are closed then.
    pub fn since(&self) -> Result<Option<u64>, OwnerError> {
        Ok(self.read()?.map(|kept| kept.value).filter(Switch::is_on).map(|switch| switch.at))
    }

    /// Closes the gate, for somebody, at a time in milliseconds since 1970. Says whether it was open before. Durable, and
    /// in force in every gate of this process, when it returns.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn close(&self, by: Actor, at: u64) -> Result<bool, OwnerError> {
        let deed = Deed::new(at, "locked_down", by);
        for _ in 0..TRIES {
            let (number, expect) = match self.read() {
                Ok(Some(kept)) if kept.value.is_on() => return Ok(false),
                Ok(Some(kept)) => (kept.value.number.saturating_add(1), Expect::Version(kept.version)),
                Ok(None) => (0, Expect::Nothing),
                // Nothing keeps anybody from closing.
                Err(StoreError::Damaged { .. }) => (0, Expect::Anything),
                Err(error) => return Err(error.into()),
            };
            // Times go into it so that a record that was removed and made anew has a greater number than before.
            let switch = Switch { number: number.max(at), at, lifted: None };
            let writes = [self.book.put(place::LOCKDOWN, expect, &switch)?, self.journal.note(&deed)?];
            if let Commit::Done(_) = self.book.store().commit(&writes)? {
                return Ok(true);
            }
        }
        Err(OwnerError::Busy)
    }

    /// Opens the gate again. Says whether it was closed before. The owner's word is written in any case: a gate may know of a
    /// lockdown that the store tells nothing of any more.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn lift(&self, owner: &Owner, at: u64) -> Result<bool, OwnerError> {
        let deed = Deed::new(at, "lockdown_lifted", Actor::OwnerAtTerminal);
        for _ in 0..TRIES {
            let (number, expect, was_on) = match self.read() {
                Ok(Some(kept)) => {
                    (kept.value.number, Expect::Version(kept.version), !kept.value.lifted_by(&owner.public()))
                }
                Ok(None) => (0, Expect::Nothing, false),
                Err(StoreError::Damaged { .. }) => (0, Expect::Anything, true),
                Err(error) => return Err(error.into()),
            };
            let switch = Switch::lift(number.max(at), owner, at);
            let writes = [self.book.put(place::LOCKDOWN, expect, &switch)?, self.journal.note(&deed)?];
            if let Commit::Done(_) = self.book.store().commit(&writes)? {
                return Ok(was_on);
            }
        }
        Err(OwnerError::Busy)
    }

    fn read(&self) -> Result<Option<crate::store::Kept<Switch>>, StoreError> {
        self.book.read(place::LOCKDOWN)
    }
}
