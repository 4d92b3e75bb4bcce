//! Which revision the owner has sealed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{OwnerError, place};
use crate::keys::{Owner, PublicKey, Sealer, Signature, Statement};
use crate::store::{Actor, Book, Commit, Deed, Expect, Journal, Store, StoreError, Table};

/// How often a seal is tried again when others seal at the same time.
const TRIES: usize = 64;

/// What a revision is made of, so that the owner sees what changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contents {
    /// The revision, as verdicts name it.
    pub revision: Arc<str>,
    /// Whether its settings ask for a seal.
    pub sealing: bool,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// A part of a revision: a file, the settings, or the program itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Part {
    /// Its name, with what it is: `policy personal.rhai`.
    pub name: String,
    /// What it says: SHA-256, in hexadecimal.
    pub digest: String,
}

impl Part {
    pub(crate) fn new(name: String, digest: [u8; 32]) -> Self {
        Self { name, digest: hex::encode(digest) }
    }
}

/// A revision that the owner has sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Seal {
    /// Later seals have greater numbers, so an old one cannot be put in the place of a new one while a gate runs.
    pub number: u64,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The revision that may judge.
    pub revision: Arc<str>,
    /// Whether nothing else may: what the settings said when they were sealed. What a file says later changes nothing of it.
    pub sealing: bool,
    /// What it was made of.
    pub parts: Vec<Part>,
    signature: Signature,
}

impl Seal {
    fn new(number: u64, at: u64, contents: Contents, owner: &Owner) -> Self {
        let Contents { revision, sealing, parts } = contents;
        let signature = sign(owner, number, at, &revision, sealing, &parts);
        Self { number, at, revision, sealing, parts, signature }
    }

    /// Whether the owner with this key has sealed it, and nothing of it was changed since.
    #[must_use]
    pub fn is_of(&self, key: &PublicKey) -> bool {
        said(self.number, self.at, &self.revision, self.sealing, &self.parts, |parts| {
            key.verify(Statement::Revision, parts, &self.signature)
        })
    }

    /// The same with the signature of another owner, where the one before had sealed it.
    pub(super) fn sign_anew(&self, before: &PublicKey, owner: &Owner) -> Option<Self> {
        self.is_of(before).then(|| Self {
            signature: sign(owner, self.number, self.at, &self.revision, self.sealing, &self.parts),
            ..self.clone()
        })
    }
}

fn sign(owner: &Owner, number: u64, at: u64, revision: &str, sealing: bool, parts: &[Part]) -> Signature {
    said(number, at, revision, sealing, parts, |parts| owner.sign(Statement::Revision, parts))
}

/// What a seal says, part by part.
fn said<T>(number: u64, at: u64, revision: &str, sealing: bool, parts: &[Part], work: impl FnOnce(&[&[u8]]) -> T) -> T {
    let (number, at, sealing) = (number.to_le_bytes(), at.to_le_bytes(), [u8::from(sealing)]);
    let mut all: Vec<&[u8]> = vec![&number, &at, &sealing, revision.as_bytes()];
    all.extend(parts.iter().flat_map(|part| [part.name.as_bytes(), part.digest.as_bytes()]));
    work(&all)
}

/// The seal in a store. There is one: sealing a revision breaks the seal of the one before.
#[derive(Clone, Debug)]
pub struct Seals {
    book: Book<Seal>,
    journal: Journal,
}

impl Seals {
    /// The seal of what this store keeps.
    #[must_use]
    pub fn new(store: &Arc<dyn Store>, sealer: &Sealer) -> Self {
        Self {
            book: Book::new(Arc::clone(store), sealer.clone(), Table::Gate),
            journal: Journal::new(Arc::clone(store), sealer.clone()),
        }
    }

    /// The newest seal, whoever made it: ask [`Seal::is_of`]. None where nothing was sealed yet.
    ///
    /// # Errors
    /// When the store gives no answer, or the record is damaged.
    pub fn newest(&self) -> Result<Option<Seal>, OwnerError> {
        Ok(self.book.read(place::SEAL)?.map(|kept| kept.value))
    }

    /// Seals a revision. Durable when it returns; gates that run are told.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn seal(&self, owner: &Owner, contents: &Contents, at: u64) -> Result<Seal, OwnerError> {
        let deed = Deed::new(at, "sealed", Actor::OwnerAtTerminal)
            .with("revision", &*contents.revision)
            .with("sealing", contents.sealing.to_string());
        for _ in 0..TRIES {
            let (number, expect) = match self.book.read(place::SEAL) {
                Ok(Some(kept)) => (kept.value.number.saturating_add(1), Expect::Version(kept.version)),
                Ok(None) => (0, Expect::Nothing),
                // The owner says what holds, whatever was there.
                Err(StoreError::Damaged { .. }) => (0, Expect::Anything),
                Err(error) => return Err(error.into()),
            };
            let seal = Seal::new(number.max(at), at, contents.clone(), owner);
            let writes = [self.book.put(place::SEAL, expect, &seal)?, self.journal.note(&deed)?];
            if let Commit::Done(_) = self.book.store().commit(&writes)? {
                return Ok(seal);
            }
        }
        Err(OwnerError::Busy)
    }
}
