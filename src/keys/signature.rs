//! What the owner signs, and who can check it.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq as _;

/// What a signature of the owner's says. One that says one thing can never be taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Statement {
    /// This revision may judge.
    Revision,
    /// This lockdown is lifted.
    Lift,
    /// This key is the owner's from now on.
    Successor,
}

impl Statement {
    /// INVARIANT: labels are distinct and never change, or what was signed under the old one can no longer be checked.
    const fn label(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::Lift => "lift",
            Self::Successor => "successor",
        }
    }

    /// INVARIANT: every part is preceded by its length, so that no two lists of parts give the same bytes.
    fn text(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut text = Vec::new();
        for part in [b"sluicegate owner 1".as_slice(), self.label().as_bytes()].iter().chain(parts) {
            text.extend_from_slice(&(part.len() as u64).to_le_bytes());
            text.extend_from_slice(part);
        }
        text
    }
}

/// The owner, proved by the secret: who has this can sign. Wiped from memory when it is dropped.
///
/// There is no way to make one but by the secret: see [`OwnerKey`](super::OwnerKey).
pub struct Owner {
    key: SigningKey,
}

impl Owner {
    pub(super) fn from_seed(seed: &[u8; 32]) -> Self {
        Self { key: SigningKey::from_bytes(seed) }
    }

    /// What others check the owner's signatures with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.key.verifying_key().to_bytes())
    }

    /// Signs a statement about `parts`: Ed25519. Some 20 µs.
    #[must_use]
    pub fn sign(&self, statement: Statement, parts: &[&[u8]]) -> Signature {
        Signature(self.key.sign(&statement.text(parts)).to_bytes())
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Owner({})", self.public())
    }
}

/// The public half of the owner's key, 32 bytes. No secret.
#[derive(Clone, Copy)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Whether the owner of this key has signed that statement about `parts`. Some 50 µs.
    ///
    /// Keys and signatures that fit more than one text are refused.
    #[must_use]
    pub fn verify(&self, statement: Statement, parts: &[&[u8]], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(&statement.text(parts), &signature).is_ok())
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Takes the same time wherever the two differ.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for PublicKey {}

/// The first half, in hexadecimal: enough to tell two keys apart.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(16).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// A signature of the owner's, 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

/// Bytes as hexadecimal digits, as they stand in records.
pub(super) mod digits {
    use super::{Deserialize, Deserializer, Serializer};

    pub(in crate::keys) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(bytes))
    }

    pub(in crate::keys) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        from: D,
    ) -> Result<[u8; N], D::Error> {
        let text = String::deserialize(from)?;
        let mut bytes = [0; N];
        hex::decode_to_slice(&text, &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(bytes)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        digits::serialize(&self.0, to)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        digits::deserialize(from).map(Self)
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        digits::serialize(&self.0, to)
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        digits::deserialize(from).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_key_its_statement_and_its_parts_alone() {
        let (owner, other) = (Owner::from_seed(&[1; 32]), Owner::from_seed(&[2; 32]));
        let signature = owner.sign(Statement::Revision, &[b"ab", b"c"]);
        assert!(owner.public().verify(Statement::Revision, &[b"ab", b"c"], &signature));
        assert!(!other.public().verify(Statement::Revision, &[b"ab", b"c"], &signature), "another owner");
        assert!(!owner.public().verify(Statement::Lift, &[b"ab", b"c"], &signature), "another statement");
        for parts in [&[&b"a"[..], b"bc"][..], &[&b"abc"[..]], &[&b"ab"[..], b"c", b""], &[]] {
            assert!(!owner.public().verify(Statement::Revision, parts, &signature), "{parts:?}");
        }
        for bit in 0..512 {
            let mut changed = signature;
            changed.0[bit / 8] ^= 1 << (bit % 8);
            assert!(!owner.public().verify(Statement::Revision, &[b"ab", b"c"], &changed), "bit {bit}");
        }
    }

    /// The point of order one verifies a forged signature of every text under the lax rules.
    #[test]
    fn a_weak_key_verifies_nothing() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut forged = [0; 64];
        forged[0] = 1;
        assert!(!PublicKey(identity).verify(Statement::Lift, &[b"1"], &Signature(forged)));
    }

    /// RFC 8032, section 7.1, test 1: the public half of a seed.
    #[test]
    fn it_is_ed25519() {
        let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let owner = Owner::from_seed(&seed.try_into().unwrap());
        assert_eq!(
            hex::encode(owner.public().as_bytes()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
    }
}
