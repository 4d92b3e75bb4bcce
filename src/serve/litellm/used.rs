//! Calls whose approval was used up a moment ago.
//!
//! LiteLLM asks about a streamed reply once for each of the two guardrails that a stream needs (`adapters/litellm/config.yaml`).
//! The first asking uses an approval up, and the second is about the very same call.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::event::Digest;

/// Calls that are remembered; the oldest goes first.
const MOST: usize = 256;
/// Milliseconds that one is.
const LASTS: u64 = 60_000;

/// The memory of them.
#[derive(Debug, Default)]
pub(in crate::serve) struct Used(Mutex<VecDeque<(u64, Name)>>);

/// What makes a call the same one, and not only an equal one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name([u8; 32]);

impl Name {
    /// INVARIANT: the client can choose the id of the request, so the model's id of the call, which it cannot, is a part.
    pub(super) fn new(request: &str, call: &str, digest: &Digest) -> Self {
        let mut hash = Sha256::new();
        for part in [request.as_bytes(), call.as_bytes(), digest.as_bytes()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl Used {
    pub(super) fn note(&self, name: Name, now: u64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.truncate(MOST - 1);
        all.push_front((now, name));
    }

    /// Whether the call was let pass a moment ago; once, since there are two guardrails.
    pub(super) fn take(&self, name: Name, now: u64) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: u64| now >= at && now - at < LASTS;
        let place = all.iter().position(|(at, noted)| *noted == name && fresh(*at));
        place.and_then(|place| all.remove(place)).is_some()
    }
}
