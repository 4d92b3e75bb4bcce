//! Encryption of what a signed message carries.

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use zeroize::Zeroizing;

use crate::keys::SharedSecret;

/// What stands before the header where the key of one message is made.
const LABEL: &[u8] = b"sluicegate agent 1 content\0";

/// Encrypts a body: AES-256-GCM with a key for this message alone, made of the agent's secret and the header, which is
/// everything of the envelope before the body. The nonce of the cipher is twelve zeroes: a key is used once, since the
/// header holds the message's nonce. None where the body is too long to be encrypted (64 GiB).
pub(super) fn seal(secret: &SharedSecret, header: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    cipher(secret, header).encrypt(&Nonce::from([0; 12]), body).ok()
}

/// Decrypts a body; none where it is not what was encrypted under this secret and header.
pub(super) fn open(secret: &SharedSecret, header: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    cipher(secret, header).decrypt(&Nonce::from([0; 12]), sealed).ok().map(Zeroizing::new)
}

fn cipher(secret: &SharedSecret, header: &[u8]) -> Aes256Gcm {
    let key = Zeroizing::new(secret.mac(&[LABEL, header]));
    Aes256Gcm::new((&*key).into())
}
