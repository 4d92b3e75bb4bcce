//! One master secret, and everything that is derived from it.
//!
//! Each use has a key of its own ([`Purpose`]), so what is computed for one use says nothing about another. The secret comes
//! from a [`KeySource`]; it is wiped from memory when it is dropped and is never shown, not even by `Debug`.
//!
//! ```
//! use sluicegate::keys::Keys;
//!
//! let keys = Keys::new(std::array::from_fn(|index| index as u8))?;
//! let pseudonyms = keys.pseudonyms();
//! assert_eq!(pseudonyms.sender("whatsapp", "main", "+1"), pseudonyms.sender("whatsapp", "main", "+1"));
//! assert_ne!(pseudonyms.sender("whatsapp", "main", "+1"), pseudonyms.chat("whatsapp", "main", "+1"));
//! # Ok::<(), sluicegate::keys::KeyError>(())
//! ```

mod canary;
mod error;
mod file;
mod mac;
mod owner;
mod pseudonym;
mod sealer;
mod shared;
mod signature;
mod source;

use std::fmt;

use zeroize::Zeroizing;

pub use canary::Canary;
pub use error::KeyError;
pub(crate) use file::sync_folder;
pub use mac::{MacKey, Purpose};
pub use owner::{Cost, OwnerKey, OwnerKeyError, OwnerSecret};
pub use pseudonym::{Pseudonym, PseudonymKind, Pseudonyms};
pub use sealer::Sealer;
pub use shared::SharedSecret;
pub use signature::{Owner, PublicKey, Signature, Statement};
pub use source::KeySource;

/// The master secret of one installation: 32 random bytes.
///
/// Whoever has it can undo every pseudonym by guessing and can forge the audit log, so it belongs to the owner alone.
///
/// After a [rotation](Keys::create_file) there are older keys too. Everything new is made with the newest; the older ones
/// only read what was written with them.
pub struct Keys {
    secret: Zeroizing<[u8; 32]>,
    id: KeyId,
    older: Vec<Keys>,
}

/// Eight hexadecimal digits that name a key without telling it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 4]);

impl Keys {
    /// Keys from 32 random bytes.
    ///
    /// # Errors
    /// When all bytes are the same, which no random source gives and an unset buffer does.
    pub fn new(secret: [u8; 32]) -> Result<Self, KeyError> {
        let secret = Zeroizing::new(secret);
        if secret.iter().all(|byte| Some(byte) == secret.first()) {
            return Err(KeyError::NotRandom);
        }
        let [a, b, c, d, ..] = mac::subkey(&secret, "key id");
        Ok(Self { id: KeyId([a, b, c, d]), secret, older: Vec::new() })
    }

    /// The name of this key. It is written beside everything that the key protects, so that a wrong key is told from a
    /// forgery.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The same keys, with these to read what was written before, the newest of them first.
    #[must_use]
    pub fn with_older(mut self, older: Vec<Self>) -> Self {
        self.older = older;
        self
    }

    /// The keys before this one, the newest of them first: to read with, never to write with.
    #[must_use]
    pub fn older(&self) -> &[Self] {
        &self.older
    }

    /// This key and those before it, the newest first.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.older)
    }

    /// The key for one purpose. Two HMACs; keep the result.
    #[must_use]
    pub fn derive(&self, purpose: Purpose) -> MacKey {
        MacKey::new(mac::subkey(&self.secret, purpose.label()))
    }

    /// What encrypts durable records, with this key, and opens those of the older ones too. Three HMACs and a key schedule
    /// for each key; keep the result.
    #[must_use]
    pub fn sealer(&self) -> Sealer {
        let cipher = Zeroizing::new(mac::subkey(&self.secret, Purpose::Store.label()));
        let older = self.older.iter().map(Self::sealer).collect();
        Sealer::new(&cipher, self.derive(Purpose::StoreNonce), older)
    }

    /// What turns ids into pseudonyms. One key for each kind of id; keep the result.
    #[must_use]
    pub fn pseudonyms(&self) -> Pseudonyms {
        Pseudonyms::new(self)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.id)
    }
}

impl std::str::FromStr for KeyId {
    type Err = hex::FromHexError;

    /// From its eight hexadecimal digits, in any case.
    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 4];
        hex::decode_to_slice(digits, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_the_id_tells_the_secret() {
        let secret: [u8; 32] = std::array::from_fn(|index| 0xa0 + index as u8);
        let keys = Keys::new(secret).unwrap();
        let shown = format!("{keys:?} {} {:?}", keys.id(), keys.derive(Purpose::AuditRecord));
        let digits = hex::encode(secret);
        for start in 0..digits.len() - 8 {
            assert!(!shown.contains(&digits[start..start + 8]), "{shown}");
        }
        assert_eq!(keys.id().to_string().len(), 8);
    }

    #[test]
    fn a_constant_secret_is_refused() {
        assert!(matches!(Keys::new([0; 32]), Err(KeyError::NotRandom)));
        assert!(matches!(Keys::new([0xff; 32]), Err(KeyError::NotRandom)));
    }
}
