//! What an approved person may have done.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One thing that an approved person may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Capability {
    /// Talk to the agent.
    Chat = 0,
    /// Ask how the agent is doing.
    Status = 1,
    /// Have commands and code run.
    RunJobs = 2,
    /// Have files read or written.
    Files = 3,
    /// Have the network reached.
    Network = 4,
    /// Have the system or the gateway set up in another way.
    Admin = 5,
}

impl Capability {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [Self::Chat, Self::Status, Self::RunJobs, Self::Files, Self::Network, Self::Admin];

    /// The name in settings, on the command line and in the store.
    ///
    /// INVARIANT: names stay, since stores hold them.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Status => "status",
            Self::RunJobs => "run_jobs",
            Self::Files => "files",
            Self::Network => "network",
            Self::Admin => "admin",
        }
    }
}

/// A set of [capabilities](Capability). The [default](Default) is what a person gets who is approved without a word about it:
/// `chat` and `status`.
///
/// ```
/// use sluicegate::sender::{Capabilities, Capability};
///
/// let given: Capabilities = "chat, files".parse()?;
/// assert!(given.has(Capability::Files) && !given.has(Capability::Network));
/// assert_eq!(Capabilities::default().to_string(), "chat status");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<&'static str>")]
pub struct Capabilities(u8);

impl Capabilities {
    /// None of them: whoever is not approved.
    pub const NONE: Self = Self(0);
    /// All of them: the owner.
    pub const ALL: Self = Self((1 << Capability::ALL.len()) - 1);

    /// Whether one of them is in the set.
    #[must_use]
    pub const fn has(self, capability: Capability) -> bool {
        self.0 >> capability as u8 & 1 == 1
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, capability: Capability) -> Self {
        Self(self.0 | 1 << capability as u8)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in the set.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |capability| self.has(*capability))
    }

    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    pub(super) const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Self::NONE.with(Capability::Chat).with(Capability::Status)
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}

impl FromStr for Capabilities {
    type Err = String;

    /// Names, with blanks or commas between them; `none` is the empty set and `all` is all of them.
    fn from_str(text: &str) -> Result<Self, String> {
        let names: Vec<&str> = text.split([' ', ',']).filter(|name| !name.is_empty()).collect();
        match names.as_slice() {
            ["none"] => Ok(Self::NONE),
            ["all"] => Ok(Self::ALL),
            names => names.iter().map(|name| named(name)).collect(),
        }
    }
}

fn named(name: &str) -> Result<Capability, String> {
    Capability::ALL.into_iter().find(|capability| capability.name() == name).ok_or_else(|| {
        let all = Capability::ALL.map(Capability::name).join("`, `");
        format!("there is no capability `{}`; there are `{all}`", name.escape_debug())
    })
}

impl TryFrom<Vec<String>> for Capabilities {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, String> {
        names.iter().map(|name| named(name)).collect()
    }
}

impl From<Capabilities> for Vec<&'static str> {
    fn from(capabilities: Capabilities) -> Self {
        capabilities.iter().map(Capability::name).collect()
    }
}

impl fmt::Display for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = (*self).into();
        f.write_str(if names.is_empty() { "none" } else { "" })?;
        f.write_str(&names.join(" "))
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Capabilities({self})")
    }
}
