//! Signing messages, as an agent does.

use std::fmt;

use super::envelope::{complete, covered, header, valid_audience, valid_key_id};
use super::{MAX_BYTES, content};
use crate::keys::SharedSecret;

/// What stands where the key that signs is made of an agent's secret.
pub(super) const SIGNS: &[u8] = b"sluicegate agent 1 mac";

/// Signs messages with one key of one agent.
///
/// ```
/// use sluicegate::auth::{Outgoing, Signer};
/// use sluicegate::keys::SharedSecret;
///
/// let secret = SharedSecret::new((0..32).collect::<Vec<u8>>())?;
/// let signer = Signer::new("billing-2026", &secret)?;
/// let message = Outgoing { to: "home", sent_at: 1_764_000_000_000, nonce: [7; 16], body: br#"{"text":"hello"}"# };
/// assert!(signer.sign(&message)?.starts_with(r#"{"v":1,"key":"billing-2026","to":"home","sent_at":1764000000000,"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    key: String,
    secret: SharedSecret,
    signs: SharedSecret,
}

/// A message that is about to be signed.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The name of the gateway that it is for.
    pub to: &'a str,
    /// When it is sent, in milliseconds since 1970.
    pub sent_at: u64,
    /// Sixteen random bytes, other ones for every message.
    pub nonce: [u8; 16],
    /// The event, as JSON.
    pub body: &'a [u8],
}

/// Why a message cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignerError {
    /// The key's name has other characters than it may, or too many.
    KeyId,
    /// So has the gateway's.
    Audience,
    /// The time is later than the year 33658.
    Time,
    /// The message is longer than [`MAX_BYTES`].
    Size,
}

impl fmt::Display for SignerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyId => "the name of a key is 1 to 64 of the characters a–z, 0–9, `.`, `_` and `-`",
            Self::Audience => {
                "the name of a gateway is 1 to 128 of the characters A–Z, a–z, 0–9, `.`, `_`, `-`, `:` and `@`"
            }
            Self::Time => "the time is too late to be told in 15 digits",
            Self::Size => "the message is longer than 2 MiB when it is signed",
        })
    }
}

impl std::error::Error for SignerError {}

impl Signer {
    /// Signs with this secret, under this name.
    ///
    /// # Errors
    /// When no key may have this name.
    pub fn new(key: impl Into<String>, secret: &SharedSecret) -> Result<Self, SignerError> {
        let key = key.into();
        if !valid_key_id(&key) {
            return Err(SignerError::KeyId);
        }
        Ok(Self { key, secret: secret.clone(), signs: secret.derive(SIGNS) })
    }

    /// A message that everybody on the way can read, and nobody can change.
    ///
    /// # Errors
    /// When the gateway's name, the time or the length is out of range.
    pub fn sign(&self, message: &Outgoing<'_>) -> Result<String, SignerError> {
        let header = self.header(message, false)?;
        self.finish(&header, message.body)
    }

    /// A message that nobody on the way can read or change: encrypted, and what comes of that signed.
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn sign_encrypted(&self, message: &Outgoing<'_>) -> Result<String, SignerError> {
        let header = self.header(message, true)?;
        let sealed = content::seal(&self.secret, header.as_bytes(), message.body).ok_or(SignerError::Size)?;
        self.finish(&header, &sealed)
    }

    fn header(&self, message: &Outgoing<'_>, encrypted: bool) -> Result<String, SignerError> {
        if !valid_audience(message.to) {
            return Err(SignerError::Audience);
        }
        if message.sent_at >= 1_000_000_000_000_000 {
            return Err(SignerError::Time);
        }
        Ok(header(&self.key, message.to, message.sent_at, &message.nonce, encrypted))
    }

    fn finish(&self, header: &str, body: &[u8]) -> Result<String, SignerError> {
        let covered = covered(header, body);
        let code = self.signs.mac(&[covered.as_bytes()]);
        let whole = complete(&covered, &code);
        if whole.len() > MAX_BYTES { Err(SignerError::Size) } else { Ok(whole) }
    }
}
