//! A secret that is shared with somebody else: another agent, or a service that calls a webhook.

use std::fmt;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::KeyError;
use super::file::{self, Trust};

/// A secret that two parties know, and what they compute with it: plain HMAC-SHA256, so that the other side needs nothing of
/// ours. Wiped from memory when it is dropped, and never shown.
///
/// ```
/// use sluicegate::keys::SharedSecret;
///
/// let secret = SharedSecret::new(*b"a secret of two parties")?;
/// let code = secret.mac(&[b"hello, ", b"world"]);
/// assert!(secret.verify(&[b"hello, world"], &code), "the parts are put together as they are");
/// assert!(!secret.verify(&[b"hello, world"], &code[..8]), "a short code is no code");
/// # Ok::<(), sluicegate::keys::KeyError>(())
/// ```
#[derive(Clone)]
pub struct SharedSecret {
    bytes: Zeroizing<Vec<u8>>,
    hmac: Hmac<Sha256>,
}

impl SharedSecret {
    /// The fewest bytes that a secret has. A shorter one could be found by trying.
    pub const LEAST: usize = 16;

    /// A secret from its bytes.
    ///
    /// # Errors
    /// When there are fewer than [`LEAST`](Self::LEAST), or all are the same.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.len() < Self::LEAST {
            return Err(KeyError::Short { length: bytes.len(), least: Self::LEAST });
        }
        if bytes.iter().all(|byte| Some(byte) == bytes.first()) {
            return Err(KeyError::NotRandom);
        }
        Ok(Self::of(bytes))
    }

    /// Reads a secret from a file of 64 hexadecimal digits, such as [`Keys::create_file`](super::Keys::create_file) writes,
    /// that only its owner may read.
    ///
    /// # Errors
    /// As for a key file: when it cannot be read, is open to others, or holds something else.
    pub fn load_digits(path: &Path) -> Result<Self, KeyError> {
        let read = file::read(path, Trust::OwnerOnly)?;
        let digits = read.trim_ascii();
        let mut bytes = Zeroizing::new(vec![0; 32]);
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| KeyError::Format {
            origin: path.display().to_string(),
            length: String::from_utf8_lossy(digits).chars().count(),
        })?;
        Self::new(std::mem::take(&mut *bytes))
    }

    /// Reads a secret from a file that holds it as text, that only its owner may read: everything in it but blanks and line
    /// ends around it. At most 1,024 bytes.
    ///
    /// # Errors
    /// When the file cannot be read, is open to others, or holds too little.
    pub fn load_text(path: &Path) -> Result<Self, KeyError> {
        let read = file::read(path, Trust::OwnerOnly)?;
        Self::new(read.trim_ascii())
    }

    /// The code of the parts, put together as they are. Linear in their length.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.feed(parts).finalize().into_bytes().into()
    }

    /// Whether `code` is the whole code of the parts. Takes the same time wherever the two differ; a code of another length
    /// is none.
    #[must_use]
    pub fn verify(&self, parts: &[&[u8]], code: &[u8]) -> bool {
        self.feed(parts).verify_slice(code).is_ok()
    }

    /// Whether this is the secret. Takes the same time wherever the two differ.
    #[must_use]
    pub fn is(&self, given: &[u8]) -> bool {
        // Codes are compared, so what is told by the time has nothing to do with the secret.
        self.verify(&[given], &self.mac(&[&self.bytes]))
    }

    /// Another secret, made of this one for one use: the code of `label`.
    #[must_use]
    pub(crate) fn derive(&self, label: &[u8]) -> Self {
        Self::of(Zeroizing::new(self.mac(&[label]).to_vec()))
    }

    /// The bytes, for the derivation of another key.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn of(bytes: Zeroizing<Vec<u8>>) -> Self {
        // HMAC hashes a key that is longer than a block, and fills up a shorter one with zeroes; done here, it cannot fail.
        let mut block = Zeroizing::new([0; 64]);
        let hashed = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(&bytes)));
        let key = if bytes.len() > block.len() { hashed.as_slice() } else { &bytes };
        block.iter_mut().zip(key).for_each(|(slot, byte)| *slot = *byte);
        let hmac = Hmac::new((&*block).into());
        Self { bytes, hmac }
    }

    fn feed(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut hmac = self.hmac.clone();
        parts.iter().for_each(|part| hmac.update(part));
        hmac
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 4; and a key of more than a block, by the definition of HMAC.
    #[test]
    fn it_is_hmac_sha256() {
        let long: Vec<u8> = (0..100).collect();
        let hashed = SharedSecret::new(Sha256::digest(&long).to_vec()).unwrap();
        assert_eq!(SharedSecret::new(long).unwrap().mac(&[b"text"]), hashed.mac(&[b"text"]));
        let secret = SharedSecret::new((1..=25).collect::<Vec<u8>>()).unwrap();
        let code = hex::encode(secret.mac(&[&[0xcd; 20], &[0xcd; 30]]));
        assert_eq!(code, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    }

    #[test]
    fn a_code_is_whole_and_a_secret_is_itself() {
        let secret = SharedSecret::new(*b"0123456789abcdef").unwrap();
        let code = secret.mac(&[b"text"]);
        for length in 0..code.len() {
            assert!(!secret.verify(&[b"text"], &code[..length]), "{length} bytes");
        }
        assert!(!secret.verify(&[b"text"], &[code.as_slice(), &[0]].concat()));
        assert!(secret.is(b"0123456789abcdef"));
        for other in [&b""[..], b"0123456789abcde", b"0123456789abcdef\0", b"0123456789abcdeF"] {
            assert!(!secret.is(other), "{other:?}");
        }
    }

    #[test]
    fn what_can_be_guessed_is_refused_and_nothing_is_shown() {
        assert!(matches!(SharedSecret::new(*b"short"), Err(KeyError::Short { length: 5, least: 16 })));
        assert!(matches!(SharedSecret::new([7; 32]), Err(KeyError::NotRandom)));
        let shown = format!("{:?}", SharedSecret::new(*b"0123456789abcdef").unwrap());
        assert_eq!(shown, "SharedSecret(..)");
    }
}
