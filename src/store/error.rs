//! Why a store gave no answer.

use std::error::Error;
use std::fmt;

use super::Table;

/// A store that could not answer. The gate then takes the decision that the settings name for this case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The store failed; the text says how, for the person who runs it. The delta was not applied.
    Failed(String),
    /// The disk failed while a commit was made durable; the text says how. Whether it was done is not known.
    Uncertain(String),
    /// The store gave no answer in its time. Whether the delta was applied is not known.
    Stalled,
    /// A durable record is not as it was written, or was written with another key.
    Damaged {
        /// The table that it lies in.
        table: Table,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(how) => write!(f, "the store of senders failed: {how}"),
            Self::Uncertain(how) => {
                write!(f, "the store failed while it wrote, and may have kept the change or not: {how}")
            }
            Self::Stalled => f.write_str("the store of senders gave no answer in its time"),
            Self::Damaged { table } => write!(
                f,
                "a record of the table `{}` is not as it was written, or was written with another key",
                table.name()
            ),
        }
    }
}

impl Error for StoreError {}
