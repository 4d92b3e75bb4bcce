//! How much may wait for the owner.

use serde::Deserialize;

/// How much may wait for the owner at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct HoldSettings {
    /// Events that wait or are approved and not used yet, at most.
    pub most: usize,
    /// Bytes of these events together, as JSON, at most.
    pub most_bytes: u64,
}

impl Default for HoldSettings {
    fn default() -> Self {
        Self { most: 1_000, most_bytes: 67_108_864 }
    }
}
