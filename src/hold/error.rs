//! Why an answer was not taken, or an event not released.

use std::fmt;

use super::{HoldId, NoHoldId, State};
use crate::store::StoreError;

/// Why an answer was not taken, or an event not released. Nothing was changed then, but where [`StoreError::Stalled`] says
/// that it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HoldError {
    /// It is no whole id.
    NoId(NoHoldId),
    /// Nothing is held under this id.
    Unknown(HoldId),
    /// Somebody was faster, or it has lapsed: this is what became of it.
    Settled(State),
    /// The owner has not approved it yet.
    NotApproved,
    /// It is no token of this gate.
    NoToken,
    /// The token is for another event than the one that the gateway is about to act on.
    OtherEvent,
    /// The store gave no answer.
    Store(StoreError),
}

impl fmt::Display for HoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoId(error) => error.fmt(f),
            Self::Unknown(id) => write!(f, "nothing is held under {id}; `sluicegate hold list` shows what is"),
            Self::Settled(State::Approved { .. } | State::Released { .. }) => {
                f.write_str("it has been approved already; the first answer stands")
            }
            Self::Settled(State::Used { .. }) => f.write_str("it has been approved and used already"),
            Self::Settled(State::Denied { .. }) => f.write_str("it has been denied already; the first answer stands"),
            Self::Settled(State::Expired { .. }) => {
                f.write_str("its time is up, which means denied; the event has to come in again")
            }
            Self::Settled(State::Waiting) | Self::NotApproved => f.write_str("the owner has not answered yet"),
            Self::NoToken => f.write_str("this is no token of this gate"),
            Self::OtherEvent => f.write_str("the token is for another event than this one"),
            Self::Store(StoreError::Stalled) => f.write_str(
                "the store gave no answer in its time, so it is not known whether it was done; `sluicegate hold show` tells",
            ),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for HoldError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NoId(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for HoldError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NoHoldId> for HoldError {
    fn from(error: NoHoldId) -> Self {
        Self::NoId(error)
    }
}
