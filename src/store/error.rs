//! Why a store gave no answer.

use std::error::Error;
use std::fmt;

/// A store that could not answer. The gate then takes the decision that the settings name for this case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The store failed; the text says how, for the person who runs it. The delta was not applied.
    Failed(String),
    /// The store gave no answer in its time. Whether the delta was applied is not known.
    Stalled,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(how) => write!(f, "the store of senders failed: {how}"),
            Self::Stalled => f.write_str("the store of senders gave no answer in its time"),
        }
    }
}

impl Error for StoreError {}
