//! The owner's secret, and the key that is made of it.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::signature::{Owner, PublicKey, Signature, Statement, digits};

/// Kibibytes, passes and lanes of the second recommendation of RFC 9106, section 4, for where memory is scarce.
const RECOMMENDED: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
/// The most memory that is ever taken: 1 GiB. What a record asks for beyond that is no parameter but an attack.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
/// The most work: 4 GiB filled once, some seconds.
const MAX_WORK_KIB: u64 = 4 * 1024 * 1024;
const MAX_LANES: u32 = 64;
/// How many earlier keys a key tells of.
const MAX_PREDECESSORS: usize = 32;

/// The owner's secret: a phrase that a person remembers. Wiped from memory when it is dropped.
///
/// Four or more words that were picked by chance are a good one. Whoever has copied the store can try phrases as fast as the
/// [`Cost`] lets them, so one that is in every list of leaked passwords protects nobody.
pub struct OwnerSecret(Zeroizing<String>);

impl OwnerSecret {
    /// The fewest characters, without blanks around them.
    pub const MIN_CHARACTERS: usize = 8;
    /// The most bytes.
    pub const MAX_BYTES: usize = 1024;

    /// A secret as it was typed; blanks around it do not count.
    ///
    /// # Errors
    /// When it has fewer than eight characters, or more than 1,024 bytes.
    pub fn new(typed: &str) -> Result<Self, OwnerKeyError> {
        let secret = typed.trim();
        if secret.chars().take(Self::MIN_CHARACTERS).count() < Self::MIN_CHARACTERS {
            return Err(OwnerKeyError::Short);
        }
        if secret.len() > Self::MAX_BYTES {
            return Err(OwnerKeyError::Long);
        }
        Ok(Self(Zeroizing::new(secret.to_owned())))
    }
}

impl fmt::Debug for OwnerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerSecret(..)")
    }
}

/// Whether two people typed the same. For asking twice.
impl PartialEq for OwnerSecret {
    fn eq(&self, other: &Self) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.0.as_bytes(), other.0.as_bytes()).into()
    }
}

/// What one guess at the secret costs: the parameters of Argon2id. They are kept beside the salt, so that later versions
/// can ask for more of new secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Memory, in KiB; at least eight a lane, at most 1,048,576 (1 GiB).
    pub memory_kib: u32,
    /// How often the memory is filled, from 1; at most 4 GiB in all.
    pub passes: u32,
    /// Lanes, 1 to 64. They are filled one after the other.
    pub lanes: u32,
}

impl Default for Cost {
    /// 64 MiB, 3 passes, 4 lanes: the second recommendation of RFC 9106. Some tenths of a second.
    fn default() -> Self {
        RECOMMENDED
    }
}

impl Cost {
    /// Argon2id at this cost, where it makes sense.
    fn argon2(self) -> Result<Argon2<'static>, OwnerKeyError> {
        let absurd = self.memory_kib > MAX_MEMORY_KIB
            || self.lanes > MAX_LANES
            || u64::from(self.memory_kib) * u64::from(self.passes) > MAX_WORK_KIB;
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).ok().filter(|_| !absurd);
        params.map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params)).ok_or(OwnerKeyError::Cost(self))
    }
}

/// Why there is no owner. Never tells anything of the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OwnerKeyError {
    /// The secret has fewer than eight characters.
    Short,
    /// The secret has more than 1,024 bytes.
    Long,
    /// It is another secret.
    Wrong,
    /// The cost that is asked for is out of all reason.
    Cost(Cost),
    /// There is not as much memory as a guess costs.
    NoMemory(Cost),
}

impl fmt::Display for OwnerKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => write!(
                f,
                "the owner's secret has fewer than {} characters: four words picked by chance make a good one",
                OwnerSecret::MIN_CHARACTERS
            ),
            Self::Long => write!(f, "the owner's secret has more than {} bytes", OwnerSecret::MAX_BYTES),
            Self::Wrong => f.write_str("that is not the owner's secret"),
            Self::Cost(Cost { memory_kib, passes, lanes }) => write!(
                f,
                "the record of the owner's key asks for {memory_kib} KiB of memory, {passes} passes and {lanes} lanes, which no \
                 version of Sluicegate has written: the store was changed by somebody else, or is damaged"
            ),
            Self::NoMemory(Cost { memory_kib, .. }) => {
                write!(f, "there are no {} MiB of memory free, which the owner's secret needs", memory_kib / 1024)
            }
        }
    }
}

impl std::error::Error for OwnerKeyError {}

/// What is kept of the owner's secret: the public half of the key that is made of it, and how.
///
/// Argon2id turns the secret into 32 bytes, which are the seed of an Ed25519 key. To prove the secret is to make the key
/// again whose public half stands here; nothing that would do in its place is kept anywhere.
///
/// ```
/// use sluicegate::keys::{Cost, OwnerKey, OwnerSecret};
///
/// let cheap = Cost { memory_kib: 8, passes: 1, lanes: 1 }; // For an example; `Cost::default()` is what protects.
/// let secret = OwnerSecret::new("four words by chance")?;
/// let (key, _owner) = OwnerKey::create(&secret, *b"sixteen by chance"[..16].first_chunk().unwrap(), 0, cheap)?;
/// assert!(key.unlock(&secret).is_ok());
/// assert!(key.unlock(&OwnerSecret::new("four words by guess")?).is_err());
/// # Ok::<(), sluicegate::keys::OwnerKeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerKey {
    #[serde(with = "digits")]
    salt: [u8; 16],
    cost: Cost,
    public: PublicKey,
    since: u64,
    /// The owner's earlier keys, the oldest first, each with its word for the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    before: Vec<Predecessor>,
}

/// An earlier key, which says which one comes after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Predecessor {
    public: PublicKey,
    /// Of the public half of the next.
    signature: Signature,
}

impl OwnerKey {
    /// The key of a new secret, from 16 random bytes, at a time in milliseconds since 1970.
    ///
    /// # Errors
    /// When the cost makes no sense, or there is not as much memory.
    pub fn create(secret: &OwnerSecret, salt: [u8; 16], at: u64, cost: Cost) -> Result<(Self, Owner), OwnerKeyError> {
        let owner = derive(secret, &salt, cost)?;
        Ok((Self { salt, cost, public: owner.public(), since: at, before: Vec::new() }, owner))
    }

    /// The owner, where this is the secret. Takes the time and memory of the [`Cost`].
    ///
    /// # Errors
    /// When it is another secret, or the cost makes no sense.
    pub fn unlock(&self, secret: &OwnerSecret) -> Result<Owner, OwnerKeyError> {
        let owner = derive(secret, &self.salt, self.cost)?;
        if owner.public() == self.public { Ok(owner) } else { Err(OwnerKeyError::Wrong) }
    }

    /// The key of the secret that comes after this one, with this one's word for it, so that whoever trusts this one can
    /// trust that.
    ///
    /// # Errors
    /// As [`create`](Self::create); and when `owner` is not the owner of this key.
    pub fn succeed(
        &self,
        owner: &Owner,
        secret: &OwnerSecret,
        salt: [u8; 16],
        at: u64,
        cost: Cost,
    ) -> Result<(Self, Owner), OwnerKeyError> {
        if owner.public() != self.public {
            return Err(OwnerKeyError::Wrong);
        }
        let (mut key, successor) = Self::create(secret, salt, at, cost)?;
        let signature = owner.sign(Statement::Successor, &[key.public.as_bytes()]);
        let first = (self.before.len() + 1).saturating_sub(MAX_PREDECESSORS);
        let last = Predecessor { public: self.public, signature };
        key.before = self.before.iter().cloned().chain([last]).skip(first).collect();
        Ok((key, successor))
    }

    /// Whether this is the key that is trusted, or comes after it by the word of each key in between.
    #[must_use]
    pub fn follows(&self, trusted: &PublicKey) -> bool {
        if self.public == *trusted {
            return true;
        }
        let next = self.before.iter().skip(1).map(|key| &key.public).chain([&self.public]);
        let links = self.before.iter().zip(next).skip_while(|(key, _)| key.public != *trusted);
        let mut count = 0;
        let vouched = links
            .inspect(|_| count += 1)
            .all(|(key, next)| key.public.verify(Statement::Successor, &[next.as_bytes()], &key.signature));
        vouched && count > 0
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// What a guess costs.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }

    /// Since when there is this key, in milliseconds since 1970.
    #[must_use]
    pub const fn since(&self) -> u64 {
        self.since
    }
}

fn derive(secret: &OwnerSecret, salt: &[u8; 16], cost: Cost) -> Result<Owner, OwnerKeyError> {
    let mut seed = Zeroizing::new([0; 32]);
    cost.argon2()?
        .hash_password_into(secret.0.as_bytes(), salt, &mut *seed)
        .map_err(|_| OwnerKeyError::NoMemory(cost))?;
    Ok(Owner::from_seed(&seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

    fn secret(text: &str) -> OwnerSecret {
        OwnerSecret::new(text).unwrap()
    }

    fn create(text: &str) -> (OwnerKey, Owner) {
        OwnerKey::create(&secret(text), [7; 16], 5, CHEAP).unwrap()
    }

    #[test]
    fn a_secret_has_eight_characters_without_the_blanks_around_it() {
        for short in ["", "        ", "1234567", "  1234567  ", "äöüäöüß", "\u{3000}1234567\n"] {
            assert_eq!(OwnerSecret::new(short).unwrap_err(), OwnerKeyError::Short, "{short:?}");
        }
        assert_eq!(OwnerSecret::new(&"x".repeat(1_025)).unwrap_err(), OwnerKeyError::Long);
        assert_eq!(secret("äöüäöüßx"), secret(" äöüäöüßx\r\n"));
        assert!(secret("12345678") != secret("123456789") && secret("12345678") != secret("12345679"));
        assert_eq!(format!("{:?}", secret("12345678")), "OwnerSecret(..)");
    }

    #[test]
    fn only_the_secret_makes_the_key_again() {
        let (key, owner) = create("correct horse");
        assert_eq!(key.unlock(&secret(" correct horse ")).unwrap().public(), owner.public());
        for wrong in ["correct horsf", "Correct horse", "correct  horse", "correct horse battery"] {
            assert_eq!(key.unlock(&secret(wrong)).unwrap_err(), OwnerKeyError::Wrong, "{wrong}");
        }
        let (salted, _) = OwnerKey::create(&secret("correct horse"), [8; 16], 5, CHEAP).unwrap();
        assert_ne!(salted.public(), key.public(), "one secret makes another key with another salt");
        let dearer = Cost { passes: 2, ..CHEAP };
        let (dear, _) = OwnerKey::create(&secret("correct horse"), [7; 16], 5, dearer).unwrap();
        assert_ne!(dear.public(), key.public());
        assert!(dear.unlock(&secret("correct horse")).is_ok(), "the cost stands beside the salt");
    }

    /// Made by OpenSSL's Argon2id and Ed25519, through the Python package `cryptography` 48.
    #[test]
    fn it_is_argon2id_at_the_second_recommendation_of_rfc_9106() {
        let (key, _) =
            OwnerKey::create(&secret("correct horse battery staple"), *b"0123456789abcdef", 0, Cost::default())
                .unwrap();
        assert_eq!(
            hex::encode(key.public().as_bytes()),
            "dcb68316a0fe5c92c1070e3127f0dba5faf453ea42fe13b91b101820867d3120"
        );
    }

    #[test]
    fn absurd_costs_are_refused_before_anything_is_taken() {
        let absurd = [
            Cost { memory_kib: 1 << 30, ..CHEAP },
            Cost { memory_kib: u32::MAX, passes: u32::MAX, lanes: u32::MAX },
            Cost { passes: u32::MAX, ..Cost::default() },
            Cost { passes: 65, ..Cost::default() },
            Cost { passes: 0, ..CHEAP },
            Cost { lanes: 0, ..CHEAP },
            Cost { lanes: 2, ..CHEAP },
            Cost { lanes: 65, memory_kib: 1 << 20, passes: 1 },
            Cost { memory_kib: 0, ..CHEAP },
        ];
        let (key, _) = create("correct horse");
        for cost in absurd {
            let forged = OwnerKey { cost, ..key.clone() };
            assert_eq!(forged.unlock(&secret("correct horse")).unwrap_err(), OwnerKeyError::Cost(cost));
        }
    }

    #[test]
    fn a_changed_secret_is_trusted_by_whoever_trusted_one_before() {
        let (first, owner) = create("first secret");
        let (mut key, mut owner) = (first.clone(), owner);
        for number in 0..5 {
            let next = secret(&format!("secret number {number}"));
            (key, owner) = key.succeed(&owner, &next, [number; 16], 6, CHEAP).unwrap();
        }
        assert!(key.follows(first.public()) && key.follows(key.public()));
        assert!(!first.follows(key.public()), "not backwards");
        let (stranger, strange) = create("somebody else");
        assert!(!key.follows(stranger.public()));
        assert!(!stranger.follows(first.public()));
        // Whoever can write records, and does not have the secret, cannot vouch for a key of its own.
        let mut forged = stranger.clone();
        forged.before = vec![Predecessor {
            public: *first.public(),
            signature: strange.sign(Statement::Successor, &[stranger.public().as_bytes()]),
        }];
        assert!(!forged.follows(first.public()));
        forged.before = key.before.clone();
        assert!(!forged.follows(first.public()), "the word for another key");
        let other = secret("yet another one");
        assert_eq!(key.succeed(&strange, &other, [1; 16], 6, CHEAP).unwrap_err(), OwnerKeyError::Wrong);
    }

    #[test]
    fn a_key_tells_of_so_many_before_it_and_no_more() {
        let (first, owner) = create("first secret");
        let (mut key, mut owner) = (first.clone(), owner);
        for number in 0..=MAX_PREDECESSORS {
            (key, owner) = key.succeed(&owner, &secret("the same secret"), [number as u8; 16], 6, CHEAP).unwrap();
        }
        assert_eq!(key.before.len(), MAX_PREDECESSORS);
        assert!(!key.follows(first.public()), "too long ago");
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_no_other() {
        let (key, owner) = create("correct horse");
        let (key, _) = key.succeed(&owner, &secret("battery staple"), [9; 16], 6, CHEAP).unwrap();
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<OwnerKey>(&text).unwrap(), key);
        assert!(!text.contains("correct") && !text.contains("staple"));
        for broken in [
            text.replacen("09", "9", 1),
            text.replacen("salt", "pepper", 1),
            text.replace("\"lanes\":1", "\"lanes\":-1"),
        ] {
            assert!(serde_json::from_str::<OwnerKey>(&broken).is_err(), "{broken}");
        }
    }
}
