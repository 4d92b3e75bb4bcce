//! What came of a change, and why there was none.

use std::fmt;

use crate::sender::Standing;
use crate::store::StoreError;

/// What came of a change of what the owner says of a person. It is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The standing before.
    pub before: Standing,
    /// The standing since.
    pub after: Standing,
    /// Whether anything was changed; false where all was so already, and then nothing was written.
    pub changed: bool,
    /// How many other ids, linked with this one, were changed with it.
    pub linked: usize,
}

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeopleError {
    /// The store gave no answer. After [`StoreError::Stalled`] the change may have been made.
    Store(StoreError),
    /// The id names nobody; the text says why.
    Nobody(String),
    /// The person is blocked, and a block is lifted only by `unblock`.
    Blocked,
    /// The person is not blocked, so there is nothing to lift.
    NotBlocked,
    /// The person is not approved, so there are no capabilities to set and no approval to take back.
    NotApproved,
    /// The person is not linked with any other id.
    NotLinked,
    /// The person is known for several accounts, and which of them is meant has to be said.
    SeveralAccounts(Vec<String>),
    /// A person would have more than [`MOST_LINKED`](super::PersonRecord::MOST_LINKED) ids.
    TooManyLinked,
    /// A name or note is too long: the most bytes.
    TooLong(usize),
    /// No stranger is listed under this number.
    NoStranger(u64),
    /// As many pairing codes wait as may.
    TooManyCodes(usize),
    /// No pairing code waits under this number, or of this text.
    NoCode,
    /// Others change the same records without end.
    Busy,
}

impl fmt::Display for PeopleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Nobody(why) => f.write_str(why),
            Self::Blocked => f.write_str("the person is blocked: unblock first, which makes the person unknown again"),
            Self::NotBlocked => f.write_str("the person is not blocked by the store; a block in the settings is lifted there"),
            Self::NotApproved => f.write_str(
                "the person is not approved by the store: approve first; who is listed in the settings has capabilities there",
            ),
            Self::NotLinked => f.write_str("the id is not linked with any other"),
            Self::SeveralAccounts(accounts) => {
                write!(f, "known for several of your accounts; say which: ")?;
                for (number, account) in accounts.iter().enumerate() {
                    write!(f, "{}`{}`", if number == 0 { "" } else { " or " }, account.escape_debug())?;
                }
                Ok(())
            }
            Self::TooManyLinked => write!(f, "at most {} ids can be linked", super::PersonRecord::MOST_LINKED),
            Self::TooLong(most) => write!(f, "too long: at most {most} bytes are kept"),
            Self::NoStranger(number) => write!(f, "no stranger is listed as number {number}"),
            Self::TooManyCodes(most) => {
                write!(f, "{most} pairing codes wait already: revoke some, or wait until they expire")
            }
            Self::NoCode => f.write_str("no such pairing code waits: it was used, revoked or has expired"),
            Self::Busy => f.write_str("others change the same people without end; try again"),
        }
    }
}

impl std::error::Error for PeopleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for PeopleError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
