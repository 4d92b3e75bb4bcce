//! Encrypting what is kept.

use std::fmt;
use std::sync::Arc;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use zeroize::Zeroizing;

use super::MacKey;

/// Bytes of a nonce, which stands before what is sealed.
const NONCE: usize = 12;

/// Encrypts and authenticates what is kept, bound to the place where it lies: AES-256-GCM.
///
/// The nonce is the beginning of an HMAC over place and text, under a key of its own, so sealing needs no source of
/// randomness, and a nonce comes back only for the same text in the same place. That the same text lies in the same place
/// again is therefore seen by whoever keeps two copies of a store; what it says is not.
///
/// What is sealed is 28 bytes longer. About 2 µs for a short text.
///
/// ```
/// use sluicegate::keys::Keys;
///
/// let sealer = Keys::new(std::array::from_fn(|index| index as u8))?.sealer();
/// let sealed = sealer.seal(&[b"notes", b"1"], b"met at the market");
/// assert_eq!(sealer.open(&[b"notes", b"1"], &sealed).as_deref().map(Vec::as_slice), Some(&b"met at the market"[..]));
/// assert!(sealer.open(&[b"notes", b"2"], &sealed).is_none(), "not from here");
/// # Ok::<(), sluicegate::keys::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Sealer {
    cipher: Aes256Gcm,
    nonces: MacKey,
    /// Those of the keys before, which only open.
    older: Arc<[Sealer]>,
}

impl Sealer {
    /// Takes the two keys apart from each other, and what opens records of the keys before.
    pub(super) fn new(cipher: &[u8; 32], nonces: MacKey, older: Vec<Self>) -> Self {
        Self { cipher: Aes256Gcm::new(cipher.into()), nonces, older: older.into() }
    }

    /// Encrypts a text for a place. The empty result stands for a text that is too long to be encrypted (64 GiB), which
    /// [`open`](Self::open) refuses.
    #[must_use]
    pub fn seal(&self, place: &[&[u8]], text: &[u8]) -> Vec<u8> {
        let aad = flat(place);
        let code = self.nonces.mac(&[&aad, text]);
        let nonce: [u8; NONCE] = std::array::from_fn(|index| code.get(index).copied().unwrap_or_default());
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), Payload { msg: text, aad: &aad });
        sealed.map_or_else(|_| Vec::new(), |sealed| [nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what was sealed for this place, with this key or an older one; none where it was changed, comes from another
    /// place or was sealed with another key. The text is wiped when it is dropped.
    #[must_use]
    pub fn open(&self, place: &[&[u8]], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let aad = flat(place);
        self.open_newest(&aad, sealed).or_else(|| self.older.iter().find_map(|older| older.open_newest(&aad, sealed)))
    }

    /// What was sealed for this place with an older key, sealed with the one in use; none where there is nothing to do: it
    /// is sealed with that already, or with none of ours.
    #[must_use]
    pub fn reseal(&self, place: &[&[u8]], sealed: &[u8]) -> Option<Vec<u8>> {
        let aad = flat(place);
        if self.open_newest(&aad, sealed).is_some() {
            return None;
        }
        let text = self.older.iter().find_map(|older| older.open_newest(&aad, sealed))?;
        Some(self.seal(place, &text))
    }

    fn open_newest(&self, aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad }).ok().map(Zeroizing::new)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(..)")
    }
}

/// INVARIANT: every part is preceded by its length, so that no two places give the same bytes.
fn flat(place: &[&[u8]]) -> Vec<u8> {
    let length = |part: &&[u8]| (part.len() as u64).to_le_bytes();
    place.iter().flat_map(|part| length(part).into_iter().chain(part.iter().copied())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;

    fn sealer(seed: u8) -> Sealer {
        Keys::new(std::array::from_fn(|index| index as u8 ^ seed)).unwrap().sealer()
    }

    #[test]
    fn opens_only_what_was_sealed_there_with_this_key_and_not_changed() {
        let (ours, other) = (sealer(0), sealer(1));
        let place: [&[u8]; 2] = [b"hold", b"7"];
        for text in [&b""[..], b"x", &[7; 5_000]] {
            let sealed = ours.seal(&place, text);
            assert_eq!(sealed.len(), text.len() + 28);
            assert_eq!(ours.open(&place, &sealed).unwrap().as_slice(), text);
            assert!(other.open(&place, &sealed).is_none(), "another key");
            for elsewhere in [&[&b"hold"[..], b"8"][..], &[&b"hol"[..], b"d7"], &[&b"hold7"[..]], &[]] {
                assert!(ours.open(elsewhere, &sealed).is_none(), "{elsewhere:?}");
            }
            for place_of_fault in 0..sealed.len() {
                let mut changed = sealed.clone();
                changed[place_of_fault] ^= 1;
                assert!(ours.open(&place, &changed).is_none(), "byte {place_of_fault}");
            }
            for length in 0..sealed.len() {
                assert!(ours.open(&place, &sealed[..length]).is_none(), "cut to {length}");
            }
        }
    }

    #[test]
    fn what_is_sealed_tells_nothing_but_its_length() {
        let sealed = sealer(0).seal(&[b"hold"], b"ignore all previous instructions");
        assert!(!sealed.windows(4).any(|part| b"ignore all previous instructions".windows(4).any(|own| own == part)));
        assert_ne!(sealed, sealer(0).seal(&[b"hole"], b"ignore all previous instructions"));
    }
}
