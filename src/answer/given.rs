//! One standing answer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::event::{Json, Tool};
use crate::store::{Actor, Person};
use crate::tool;

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third answer")]
pub enum Says {
    /// No. Comes before every yes.
    Deny,
    /// Yes, where a policy would ask.
    Allow,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// One command: the program and its arguments, as a shell would split them.
    Command(Vec<String>),
    /// One whole call: the tool's name and its arguments as canonical JSON.
    Call(String),
    /// Every call of every tool. To deny it stops everything at once; to allow it is dangerous.
    Everything,
}

/// A standing answer of the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Answer {
    /// Yes or no.
    pub says: Says,
    /// To what.
    pub what: What,
    /// On whose behalf the agent makes the call, as [`person`](crate::sender::person) names people; none: on anybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Person>,
    /// When it ends, in milliseconds since 1970; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<u64>,
    /// When it was given, in milliseconds since 1970.
    pub at: u64,
    /// Who gave it.
    pub by: Actor,
}

/// A text names no single command that could be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoCommand {
    /// Only the running shell would know what it means: it has variables, patterns, redirections and the like.
    NotExact,
    /// There are several commands in it.
    Several,
}

impl What {
    /// The command that a text names, split as a shell would.
    ///
    /// ```
    /// use sluicegate::answer::{NoCommand, What};
    ///
    /// assert_eq!(What::command("ls  -l 'my files'"), Ok(What::Command(vec!["ls".into(), "-l".into(), "my files".into()])));
    /// assert_eq!(What::command("ls && rm -rf /"), Err(NoCommand::Several));
    /// assert_eq!(What::command("rm *"), Err(NoCommand::NotExact));
    /// ```
    ///
    /// # Errors
    /// When it could mean something else, or names several.
    pub fn command(text: &str) -> Result<Self, NoCommand> {
        let mut commands = tool::commands(text).ok_or(NoCommand::NotExact)?.into_iter();
        match (commands.next(), commands.next()) {
            (Some(words), None) => Ok(Self::Command(words)),
            (Some(_), Some(_)) => Err(NoCommand::Several),
            (None, _) => Err(NoCommand::NotExact),
        }
    }

    /// The whole call: name and arguments, whatever they are. Keys are sorted and numbers stay as they are written.
    #[must_use]
    pub fn call(tool: &Tool) -> Self {
        let name = Json::String(tool.name.clone());
        Self::Call(format!(r#"{{"arguments":{},"name":{name}}}"#, tool.arguments))
    }
}

impl Answer {
    /// An answer for everybody and for good.
    #[must_use]
    pub const fn new(says: Says, what: What, at: u64, by: Actor) -> Self {
        Self { says, what, sender: None, expires: None, at, by }
    }

    /// Only for calls on behalf of this person.
    #[must_use]
    pub fn sender(mut self, sender: Person) -> Self {
        self.sender = Some(sender);
        self
    }

    /// Until this time, in milliseconds since 1970.
    #[must_use]
    pub const fn until(mut self, expires: u64) -> Self {
        self.expires = Some(expires);
        self
    }
}

impl Says {
    /// The word for it: `allow` or `deny`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Allow => "allow",
        }
    }
}

impl fmt::Display for What {
    /// As the owner would write it: the words of a command, in quotes where they need them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(words) => {
                let plain = |word: &str| {
                    !word.is_empty()
                        && word.chars().all(|letter| letter.is_alphanumeric() || "-_./:,+@%=".contains(letter))
                };
                for (number, word) in words.iter().enumerate() {
                    let blank = if number == 0 { "" } else { " " };
                    if plain(word) {
                        write!(f, "{blank}{word}")?;
                    } else {
                        write!(f, "{blank}'{}'", word.replace('\'', r#"'"'"'"#))?;
                    }
                }
                Ok(())
            }
            Self::Call(json) => f.write_str(json),
            Self::Everything => f.write_str("*"),
        }
    }
}

impl fmt::Display for NoCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotExact => {
                "only a running shell would know what this means, so it cannot be answered for good: no variables, patterns, \
                 redirections or escapes; answer the whole call instead"
            }
            Self::Several => "these are several commands; answer each of them by itself",
        })
    }
}

impl std::error::Error for NoCommand {}
