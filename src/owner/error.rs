//! Why the owner could not be asked, or was not who came.

use std::fmt;

use crate::keys::OwnerKeyError;
use crate::store::StoreError;

/// Why something of the owner's was not done. Nothing was changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OwnerError {
    /// No secret has been set yet, so there is no owner to prove to be.
    Unset,
    /// There is a secret already.
    AlreadySet,
    /// It was another secret.
    Wrong {
        /// How many were wrong, one after the other, this one included.
        in_a_row: u32,
        /// Milliseconds until the next one is looked at.
        wait_ms: u64,
    },
    /// Too many wrong ones came just before, so this one was not looked at, right or wrong.
    Wait {
        /// How many were wrong, one after the other.
        in_a_row: u32,
        /// Milliseconds until the next one is looked at.
        wait_ms: u64,
    },
    /// The secret is none, or the key is not as it should be.
    Key(OwnerKeyError),
    /// The store gives no answer, so nobody can be known.
    Store(StoreError),
    /// Others change the same thing without end.
    Busy,
}

impl fmt::Display for OwnerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => {
                f.write_str("no owner's secret has been set yet: run `sluicegate owner init`, then do this again")
            }
            Self::AlreadySet => {
                f.write_str("there is an owner's secret already: `sluicegate owner change` replaces it by another")
            }
            Self::Wrong { in_a_row, wait_ms } => {
                OwnerKeyError::Wrong.fmt(f)?;
                if *in_a_row > 1 {
                    write!(f, ", the {in_a_row}. wrong one in a row")?;
                }
                if *wait_ms > 0 { write!(f, "; the next one is looked at in {}", seconds(*wait_ms)) } else { Ok(()) }
            }
            Self::Wait { in_a_row, wait_ms } => write!(
                f,
                "the last {in_a_row} secrets were wrong, so this one was not looked at: try again in {}",
                seconds(*wait_ms)
            ),
            Self::Key(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Busy => f.write_str("somebody else changes this at the same time, again and again"),
        }
    }
}

/// Never said to be over too early.
fn seconds(milliseconds: u64) -> String {
    format!("{} s", milliseconds.div_ceil(1_000))
}

impl std::error::Error for OwnerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<OwnerKeyError> for OwnerError {
    fn from(error: OwnerKeyError) -> Self {
        Self::Key(error)
    }
}

impl From<StoreError> for OwnerError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
