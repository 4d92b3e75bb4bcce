//! What the owner has said of one person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Capabilities, PeopleError};
use crate::sender::{SenderId, Standing, channel};
use crate::store::Person;

/// The account of a person who is meant on every account of the gateway, as a `[[sender]]` of the settings without `account`.
pub const EVERY_ACCOUNT: &str = "*";

/// The person with this id on a channel; on one account of the gateway, or on every account where none is named.
///
/// # Errors
/// Where the channel is empty, or the id names nobody or holds `*`; the text says how to mend it.
pub fn person(channel: &str, account: Option<&str>, id: &str) -> Result<Person, PeopleError> {
    let channel = channel::name(channel).into_owned();
    if channel.is_empty() {
        return Err(PeopleError::Nobody(
            "the channel is empty: name the messaging system, such as `whatsapp`".to_owned(),
        ));
    }
    if id.contains('*') {
        let why = format!("`{}` holds a `*`: there are no wildcards, give the whole id", id.escape_debug());
        return Err(PeopleError::Nobody(why));
    }
    let normal = SenderId::normalise(&channel, id).ok_or_else(|| {
        let shown: String = id.chars().take(80).collect();
        PeopleError::Nobody(format!(
            "`{}` names nobody on {channel}: it is empty, too long, a group, or has hidden characters",
            shown.escape_debug()
        ))
    })?;
    let account = account.unwrap_or(EVERY_ACCOUNT).to_owned();
    Ok(Person { channel, account, id: normal.as_str().to_owned() })
}

/// What the owner has said of one id of a person. The store keeps it encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PersonRecord {
    /// Who it is about.
    pub who: Person,
    /// The standing: approved, pending, blocked or unknown.
    ///
    /// INVARIANT: never owner. Owners are named in the settings alone, so nothing that writes the store can make one.
    pub standing: Standing,
    /// What the person may have done, as far as approved.
    pub capabilities: Capabilities,
    /// The owner's name for the person; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The owner's note; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The other ids of the same person, as the owner has linked them. Each of them names all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<Person>,
    /// When the standing was given, in milliseconds since 1970; 0 where none was.
    #[serde(default)]
    pub since: u64,
    /// When anything was last changed.
    #[serde(default)]
    pub changed: u64,
}

impl PersonRecord {
    /// The longest name, in bytes.
    pub const LONGEST_NAME: usize = 200;
    /// The longest note, in bytes.
    pub const LONGEST_NOTE: usize = 4_000;
    /// Most ids that one person may have, linked with each other.
    pub const MOST_LINKED: usize = 16;

    /// A person of whom nothing was said.
    pub(super) fn of(who: &Person) -> Self {
        Self {
            who: who.clone(),
            standing: Standing::Unknown,
            capabilities: Capabilities::NONE,
            name: String::new(),
            note: String::new(),
            linked: Vec::new(),
            since: 0,
            changed: 0,
        }
    }

    /// Whether nothing is left of what was said once.
    pub(super) fn says_nothing(&self) -> bool {
        let Self { standing, name, note, linked, .. } = self;
        *standing == Standing::Unknown && name.is_empty() && note.is_empty() && linked.is_empty()
    }

    /// Gives another standing. Only who is approved has capabilities.
    pub(super) fn stand(&mut self, at: u64, standing: Standing, capabilities: Capabilities) {
        if self.standing != standing {
            self.since = at;
        }
        self.standing = standing;
        self.capabilities = if standing == Standing::Approved { capabilities } else { Capabilities::NONE };
    }
}

impl fmt::Debug for PersonRecord {
    /// Says nothing that names the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { standing, capabilities, since, .. } = self;
        f.debug_struct("PersonRecord")
            .field("standing", standing)
            .field("capabilities", capabilities)
            .field("since", since)
            .finish_non_exhaustive()
    }
}
