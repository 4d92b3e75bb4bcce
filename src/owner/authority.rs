//! Who is the owner.

use std::sync::Arc;

use super::lockdown::Switch;
use super::seal::Seal;
use super::tries::Tries;
use super::{OwnerError, place};
use crate::keys::{Cost, Owner, OwnerKey, OwnerKeyError, OwnerSecret, Sealer};
use crate::store::{Actor, Book, Commit, Deed, Expect, Journal, Store, Table};

/// The owner's key in a store: set once, changed by its owner, proved by the secret.
///
/// Wrong secrets are counted in the store, over all processes. After five in a row the next is only looked at after a wait,
/// which grows to 30 s and never further; a right one ends it. That keeps people at the command line from guessing. Who has
/// copied the store guesses elsewhere, as fast as the [`Cost`] lets them: the secret has to be a good one.
#[derive(Clone, Debug)]
pub struct Authority {
    keys: Book<OwnerKey>,
    tries: Book<Tries>,
    lockdown: Book<Switch>,
    seal: Book<Seal>,
    journal: Journal,
}

impl Authority {
    /// The owner of what this store keeps.
    #[must_use]
    pub fn new(store: &Arc<dyn Store>, sealer: &Sealer) -> Self {
        let (store, sealer) = (|| Arc::clone(store), || sealer.clone());
        Self {
            keys: Book::new(store(), sealer(), Table::Gate),
            tries: Book::new(store(), sealer(), Table::Gate),
            lockdown: Book::new(store(), sealer(), Table::Gate),
            seal: Book::new(store(), sealer(), Table::Gate),
            journal: Journal::new(store(), sealer()),
        }
    }

    /// What is kept of the owner's secret; none where none was set.
    ///
    /// # Errors
    /// When the store gives no answer, or the record is damaged.
    pub fn key(&self) -> Result<Option<OwnerKey>, OwnerError> {
        Ok(self.keys.read(place::KEY)?.map(|kept| kept.value))
    }

    /// How many wrong secrets in a row there were.
    ///
    /// # Errors
    /// When the store gives no answer, or the record is damaged.
    pub fn wrong_in_a_row(&self) -> Result<u32, OwnerError> {
        Ok(self.tries.read(place::TRIES)?.map_or(0, |kept| kept.value.wrong))
    }

    /// Sets the owner's secret for the first time, with 16 random bytes, at a time in milliseconds since 1970.
    ///
    /// # Errors
    /// When there is one already ([`OwnerError::AlreadySet`]), or it cannot be stored.
    pub fn init(&self, secret: &OwnerSecret, salt: [u8; 16], at: u64, cost: Cost) -> Result<Owner, OwnerError> {
        // Before the work of a key, and again by the commit.
        if self.key()?.is_some() {
            return Err(OwnerError::AlreadySet);
        }
        let (key, owner) = OwnerKey::create(secret, salt, at, cost)?;
        let deed = Deed::new(at, "owner_set", Actor::OwnerAtTerminal).with("key", owner.public().to_string());
        let writes = [self.keys.put(place::KEY, Expect::Nothing, &key)?, self.journal.note(&deed)?];
        match self.keys.store().commit(&writes)? {
            Commit::Done(_) => Ok(owner),
            Commit::Conflict => Err(OwnerError::AlreadySet),
        }
    }

    /// The owner, where this is the secret, at a time in milliseconds since 1970. Takes the time and memory of the
    /// [`Cost`], and waits for the disk: a try counts before it is looked at.
    ///
    /// # Errors
    /// When it is another secret, or there were too many of these just before; when none was set, or the store gives no
    /// answer. Nobody is the owner then.
    pub fn unlock(&self, secret: &OwnerSecret, at: u64) -> Result<Owner, OwnerError> {
        self.unlock_for(&Actor::Terminal, secret, at)
    }

    /// The same for somebody who is not at the terminal, such as a client of the sidecar: a wrong secret is noted as theirs.
    ///
    /// # Errors
    /// As [`unlock`](Self::unlock).
    pub fn unlock_for(&self, by: &Actor, secret: &OwnerSecret, at: u64) -> Result<Owner, OwnerError> {
        let Some(key) = self.key()? else { return Err(OwnerError::Unset) };
        let ((tries, answer), _) = self.tries.update(place::TRIES, |before| {
            let (tries, answer) = before.unwrap_or_default().begin(at);
            (Some(tries), (tries, answer))
        })?;
        if let Err(wait_ms) = answer {
            return Err(OwnerError::Wait { in_a_row: tries.wrong, wait_ms });
        }
        match key.unlock(secret) {
            Ok(owner) => {
                let _: Commit = self.tries.store().commit(&[self.tries.remove(place::TRIES, Expect::Anything)])?;
                Ok(owner)
            }
            Err(OwnerKeyError::Wrong) => {
                let deed = Deed::new(at, "owner_refused", by.clone()).with("in_a_row", tries.wrong.to_string());
                let _: Commit = self.tries.store().commit(&[self.journal.note(&deed)?])?;
                Err(OwnerError::Wrong { in_a_row: tries.wrong, wait_ms: tries.pause() })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces the owner's secret by another, with 16 random bytes. What the old key has signed and still holds (the seal,
    /// a lifted lockdown) is signed with the new one, and gates that run trust the new key by the word of the old one.
    ///
    /// # Errors
    /// When `owner` is not the owner any more, or it cannot be stored; the old secret stays.
    pub fn change(
        &self,
        owner: &Owner,
        secret: &OwnerSecret,
        salt: [u8; 16],
        at: u64,
        cost: Cost,
    ) -> Result<Owner, OwnerError> {
        let Some(kept) = self.keys.read(place::KEY)? else { return Err(OwnerError::Unset) };
        let (key, successor) = kept.value.succeed(owner, secret, salt, at, cost)?;
        let deed = Deed::new(at, "owner_changed", Actor::OwnerAtTerminal).with("key", successor.public().to_string());
        let mut writes =
            vec![self.keys.put(place::KEY, Expect::Version(kept.version), &key)?, self.journal.note(&deed)?];
        if let Some(seal) = self.seal.read(place::SEAL)?
            && let Some(anew) = seal.value.sign_anew(&owner.public(), &successor)
        {
            writes.push(self.seal.put(place::SEAL, Expect::Version(seal.version), &anew)?);
        }
        if let Some(switch) = self.lockdown.read(place::LOCKDOWN)?
            && let Some(anew) = switch.value.sign_anew(&owner.public(), &successor)
        {
            writes.push(self.lockdown.put(place::LOCKDOWN, Expect::Version(switch.version), &anew)?);
        }
        match self.keys.store().commit(&writes)? {
            Commit::Done(_) => Ok(successor),
            Commit::Conflict => Err(OwnerError::Busy),
        }
    }
}
