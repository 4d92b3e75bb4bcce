//! Records of deeds: what was changed in durable state, and by whom, without a name.

use std::collections::{BTreeMap, HashSet, VecDeque};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::AuditError;
use super::line::clip_to;
use super::log::AuditLog;
use crate::keys::{Pseudonym, Pseudonyms};
use crate::store::{Actor, Journal, Noted, Person};

/// What stands before the word of a deed, so that it is never taken for a check or anything else that the log tells.
pub(super) const PREFIX: &str = "deed.";
/// The most of `with` that is written, so that a line stays bounded.
const MAX_WITH: usize = 16;
/// The most bytes of a word, a key or a value that are written, for the same reason.
const MAX_BYTES: usize = 256;
/// How many deeds back one is known again. A crash between log and journal repeats about a page of 1,024.
const REMEMBERED: usize = 8_192;

/// One change of durable state, as the log tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeedRecord {
    /// What was done, in one word, such as `approved`. In the log it stands behind `deed.`.
    #[serde(rename = "what", serialize_with = "with_prefix", deserialize_with = "without_prefix")]
    pub word: String,
    /// The name of the deed, 32 hexadecimal digits. A crash can bring a deed into the log twice; then both have one name.
    #[serde(rename = "deed")]
    pub name: String,
    /// Who did it.
    pub by: Doer,
    /// The sender whom it was done to.
    #[serde(default)]
    pub whom: Option<Pseudonym>,
    /// More of it: numbers, ids of holds, names of settings.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
}

/// Who did a deed, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Doer {
    /// `owner_at_terminal`, `owner_in_chat`, `client`, `gate` or `terminal`: an [`Actor`].
    pub from: String,
    /// Of an owner in a chat: the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Pseudonym>,
    /// Of a client: the name of its token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl DeedRecord {
    /// What is written of a deed. Names become the pseudonyms that checks have.
    pub(super) fn new(noted: &Noted, pseudonyms: &Pseudonyms) -> Self {
        let deed = &noted.deed;
        let of = |person: &Person| pseudonyms.sender(&person.channel, &person.account, &person.id);
        let clipped = |(key, value): (&String, &String)| (clip(key).to_owned(), clip(value).to_owned());
        Self {
            word: clip(&deed.what).to_owned(),
            name: hex::encode(&noted.key),
            by: Doer::new(&deed.by, of),
            whom: deed.whom.as_ref().map(of),
            with: deed.with.iter().take(MAX_WITH).map(clipped).collect(),
        }
    }
}

impl Doer {
    fn new(by: &Actor, of: impl Fn(&Person) -> Pseudonym) -> Self {
        let from = match by {
            Actor::OwnerAtTerminal => "owner_at_terminal",
            Actor::OwnerInChat(_) => "owner_in_chat",
            Actor::Client { .. } => "client",
            Actor::Gate => "gate",
            Actor::Terminal => "terminal",
        };
        let sender = if let Actor::OwnerInChat(owner) = by { Some(of(owner)) } else { None };
        let token = if let Actor::Client { token } = by { Some(clip(token).to_owned()) } else { None };
        Self { from: from.to_owned(), sender, token }
    }
}

fn clip(text: &str) -> &str {
    clip_to(text, MAX_BYTES)
}

fn with_prefix<S: Serializer>(word: &String, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{PREFIX}{word}"))
}

fn without_prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let what = String::deserialize(deserializer)?;
    what.strip_prefix(PREFIX).map(str::to_owned).ok_or_else(|| serde::de::Error::custom("not a deed"))
}

/// Brings the deeds that wait in a journal into the log, and waits for the disk. Tells how many there were.
///
/// For a command that changes durable state where no gateway holds the log. A gate whose log is open does this by itself: at
/// its start, after every commit, and on [`Gate::flush`](crate::Gate::flush). Never called in a check.
///
/// A deed leaves the journal only once the log has it on the disk: a crash in between brings it into the log twice, under
/// one [name](DeedRecord::name), and loses none.
///
/// ```
/// use std::sync::Arc;
/// use sluicegate::audit::{self, AuditLog, AuditSettings};
/// use sluicegate::keys::Keys;
/// use sluicegate::store::{Actor, Deed, Journal, MemoryStore, Store};
///
/// # let folder = std::env::temp_dir().join(format!("sluicegate-drain-{}", std::process::id()));
/// let keys = Keys::new(std::array::from_fn(|index| index as u8))?;
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
/// let journal = Journal::new(Arc::clone(&store), keys.sealer());
/// let _ = store.commit(&[journal.note(&Deed::new(1_700_000_000_000, "locked_down", Actor::Terminal))?])?;
///
/// let log = AuditLog::open(&AuditSettings::new(folder.join("audit.jsonl")), &keys)?;
/// assert_eq!(audit::drain(&log, &journal)?, 1);
/// assert_eq!(audit::drain(&log, &journal)?, 0);
/// # drop(log);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the disk does not take them, or the store gives no answer. What is not in the log then still waits.
pub fn drain(log: &AuditLog, journal: &Journal) -> Result<usize, AuditError> {
    let mut refused = None;
    let count = journal.hand_over(|deeds| match log.deeds(deeds) {
        Ok(()) => true,
        Err(error) => {
            refused = Some(error);
            false
        }
    });
    match refused {
        Some(error) => Err(error),
        None => count.map_err(|error| AuditError::Journal { error }),
    }
}

/// Tells deeds that stand in the log again from new ones.
#[derive(Debug, Default)]
pub(super) struct Once {
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Once {
    /// Whether this deed was not seen among the last thousands.
    pub(super) fn is_new(&mut self, name: &str) -> bool {
        if !self.known.insert(name.to_owned()) {
            return false;
        }
        self.order.push_back(name.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}
