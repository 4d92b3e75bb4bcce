//! The encryption of AI-COMMS's payloads.

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use data_encoding::BASE64;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::keys::SharedSecret;

/// The same for every installation, so two of them with one secret have one key.
const SALT: &[u8] = b"ai-comms-v1";
const ROUNDS: u32 = 100_000;

/// Decrypts payloads: AES-256-GCM, with the key of `SECURITY_ENCRYPTION_KEY` by PBKDF2-SHA256.
pub(in crate::auth) struct Cipher {
    cipher: Aes256Gcm,
    secret: SharedSecret,
}

impl Cipher {
    /// Derives the key: 100,000 rounds of HMAC.
    pub(in crate::auth) fn new(secret: &SharedSecret) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        pbkdf2::pbkdf2_hmac::<Sha256>(secret.bytes(), SALT, ROUNDS, &mut *key);
        Self { cipher: Aes256Gcm::new((&*key).into()), secret: secret.clone() }
    }

    /// What tells this key from another.
    pub(in crate::auth) fn print(&self) -> &SharedSecret {
        &self.secret
    }

    /// Decrypts `enc:` iv `:` text `:` tag, each in base64; none where it is anything else.
    pub(super) fn open(&self, sealed: &str) -> Option<Zeroizing<String>> {
        let mut parts = sealed.strip_prefix("enc:")?.split(':').map(|part| BASE64.decode(part.as_bytes()).ok());
        let (iv, text, tag) = (parts.next()??, parts.next()??, parts.next()??);
        let iv: [u8; 12] = iv.try_into().ok()?;
        if parts.next().is_some() || tag.len() != 16 {
            return None;
        }
        let opened = self.cipher.decrypt(&Nonce::from(iv), [text, tag].concat().as_slice()).ok()?;
        String::from_utf8(opened).ok().map(Zeroizing::new)
    }
}
