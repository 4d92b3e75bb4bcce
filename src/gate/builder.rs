//! Building a gate.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};
use zeroize::Zeroizing;

use crate::answer::Answers;
use crate::audit::{AuditError, AuditLog};
use crate::auth::Nonces;
use crate::config::Settings;
use crate::detect::Carry;
use crate::diagnostic::{LoadError, Source};
use crate::hold::Holds;
use crate::keys::{KeyError, KeySource, Keys, Purpose};
use crate::owner::Switches;
use crate::policy::Limits;
use crate::sender::{People, name_under};
use crate::store::{self, Journal, MemoryStore, OpenError, Store, StoreError};

use super::Gate;
use super::at_start::AtStart;
use super::loaded::{Loaded, Means};
use super::origin::{Origin, SettingsFrom};

/// Sets up a [`Gate`]. What is not set has its default.
pub struct Builder {
    config: Option<PathBuf>,
    settings: Option<Settings>,
    policies: Option<Vec<Source>>,
    rules: Option<Vec<Source>>,
    keys: Option<Keys>,
    limits: Limits,
    store: Option<Arc<dyn Store>>,
    began: Option<u64>,
    holds: bool,
    live: bool,
    audit: bool,
    trial: bool,
    opens_in_chat: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            config: None,
            settings: None,
            policies: None,
            rules: None,
            keys: None,
            limits: Limits::default(),
            store: None,
            began: None,
            holds: true,
            live: false,
            audit: false,
            trial: false,
            opens_in_chat: true,
        }
    }
}

/// Why a gate could not be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Settings, policies or rules are wrong.
    Load(LoadError),
    /// The key could not be read.
    Keys(KeyError),
    /// The log could not be opened.
    Audit(AuditError),
    /// The store could not be opened.
    Store(OpenError),
    /// The settings name a store and no key.
    NoStoreKey,
    /// The people in the store could not be read. A gate that began without what it holds might have lost a block.
    People(StoreError),
    /// The log is wanted, and the settings name no file for it.
    NoLog,
    /// The settings name a log and no key.
    NoKey,
    /// The program was built to abort on a panic, so a fault in one check would end it.
    PanicAborts,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(error) => error.fmt(f),
            Self::Keys(error) => error.fmt(f),
            Self::Audit(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::NoStoreKey => f.write_str(
                "the settings name a store but no key, without which its records would be nobody's after the next start: set \
                 `key` to a key file, such as `sluicegate init` makes",
            ),
            Self::People(error) => write!(
                f,
                "the people whom you have approved and blocked cannot be read, so the gate does not start: {error}"
            ),
            Self::NoLog => f.write_str(
                "a log is asked for, but the settings name none: set `file` in `[audit]`, for example to \"audit.jsonl\"",
            ),
            Self::NoKey => f.write_str(
                "the settings name an audit log but no key, without which its pseudonyms would protect nobody: set `key` to a \
                 key file, such as `sluicegate init` makes",
            ),
            Self::PanicAborts => {
                f.write_str("the program is built with `panic = \"abort\"`: set `panic = \"unwind\"` in its profile")
            }
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Load(error) => Some(error),
            Self::Keys(error) => Some(error),
            Self::Audit(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::People(error) => Some(error),
            Self::NoStoreKey | Self::NoLog | Self::NoKey | Self::PanicAborts => None,
        }
    }
}

impl From<LoadError> for BuildError {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

impl From<KeyError> for BuildError {
    fn from(error: KeyError) -> Self {
        Self::Keys(error)
    }
}

impl From<AuditError> for BuildError {
    fn from(error: AuditError) -> Self {
        Self::Audit(error)
    }
}

impl From<OpenError> for BuildError {
    fn from(error: OpenError) -> Self {
        Self::Store(error)
    }
}

impl Builder {
    /// Reads the settings from this file, and again at every [`Gate::reload`].
    #[must_use]
    pub fn config(mut self, path: impl Into<PathBuf>) -> Self {
        self.config = Some(path.into());
        self
    }

    /// Takes these settings, rather than those of a [`config`](Self::config) file. The files that they name are read, and again at every [`Gate::reload`].
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Takes these policies, instead of those that the settings name.
    #[must_use]
    pub fn policies(mut self, chain: impl IntoIterator<Item = Source>) -> Self {
        self.policies = Some(chain.into_iter().collect());
        self
    }

    /// Takes these rule files, instead of those that the settings name.
    #[must_use]
    pub fn rules(mut self, files: impl IntoIterator<Item = Source>) -> Self {
        self.rules = Some(files.into_iter().collect());
        self
    }

    /// Takes these keys, instead of those that the settings name.
    #[must_use]
    pub fn keys(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// What the policies may spend on one event. The default suits every policy that a person would write.
    #[must_use]
    pub fn policy_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Keeps what is remembered here. The default is memory; for a [`live`](Self::live) gate, the store that the settings name.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// When the gate began, in milliseconds since 1970: a signed message that was sent before is refused, since it may have come
    /// before. Without it, that is when the first signed message arrives, which is then commonly refused itself.
    #[must_use]
    pub fn began(mut self, at: u64) -> Self {
        self.began = Some(at);
        self
    }

    /// Whether what is held is kept in the store, so that the owner can answer it. On by default. Without it a check that ends
    /// in hold leaves nothing behind but its verdict: for trying things out.
    #[must_use]
    pub fn holds(mut self, yes: bool) -> Self {
        self.holds = yes;
        self
    }

    /// Whether this is the gate that a gateway asks, so that it keeps what it learns in the store that the settings name. Off by
    /// default, so that trying things out leaves no trace in it.
    #[must_use]
    pub fn live(mut self, yes: bool) -> Self {
        self.live = yes;
        self
    }

    /// Whether to write the log that the settings name. Off by default, so that trying things out leaves no trace in it;
    /// a gateway switches it on.
    #[must_use]
    pub fn audit(mut self, yes: bool) -> Self {
        self.audit = yes;
        self
    }

    /// Whether this gate only tries things out: it takes revisions that the owner has not sealed, whatever the settings say of
    /// `seal`, and keeps nothing of what it holds. Off by default; never for a gate that a gateway asks.
    #[must_use]
    pub fn trial(mut self, yes: bool) -> Self {
        self.trial = yes;
        self
    }

    /// Whether the owner may also open something in chat: approve what is held, allow a command for good. On by default, for a
    /// gateway that hands in events itself. A program that takes events from whoever starts it must know that this is the owner,
    /// since otherwise anybody could hand in a message in the owner's name.
    #[must_use]
    pub fn opens_in_chat(mut self, yes: bool) -> Self {
        self.opens_in_chat = yes;
        self
    }

    /// Builds the gate.
    ///
    /// # Errors
    /// When settings, policies, rules or key are wrong, only sealed revisions may judge and this one is not (`S009`), or the
    /// log or the store cannot be opened. Nothing is left half done.
    pub fn build(self) -> Result<Gate, BuildError> {
        if cfg!(panic = "abort") {
            return Err(BuildError::PanicAborts);
        }
        let Self {
            config,
            settings,
            policies,
            rules,
            keys,
            limits,
            store,
            began,
            live,
            holds: keeps_holds,
            audit,
            trial,
            opens_in_chat,
        } = self;
        let settings = match settings {
            Some(settings) => SettingsFrom::Given(Box::new(settings)),
            None => config.map_or_else(|| SettingsFrom::Given(Box::default()), SettingsFrom::File),
        };
        let origin = Origin { settings, policies, rules, canary: keys.as_ref().map(Keys::canary) };
        let current = origin.settings()?;
        let keys = match (keys, &current.key) {
            (Some(keys), _) => Some(keys),
            (None, Some(path)) => Some(Keys::load(&KeySource::File(path.clone()))?),
            (None, None) => None,
        };
        let has_key = keys.is_some();
        // Without a key nothing is written down, so a secret that lives as long as the gate will do.
        let keys_in_use = keys.map_or_else(|| Keys::new(*fresh_secret()), Ok)?;
        let secret = Zeroizing::new(keys_in_use.derive(Purpose::SenderRecord).mac(&[]));
        let remembered = current.store.remembered;
        let named = current.store.file.clone().filter(|_| live && store.is_none());
        let store = match (store, &named) {
            (Some(store), _) => store,
            (None, Some(_)) if !has_key => return Err(BuildError::NoStoreKey),
            (None, Some(file)) => store::open(Some(file), remembered)?,
            (None, None) => Arc::new(MemoryStore::new(remembered)),
        };
        if !keys_in_use.older().is_empty() {
            // What an interrupted rotation left, or a process that had only the old key has written since: a block under its
            // old name would not be found.
            let naming = |table, name: &[u8], text: &[u8]| name_under(&keys_in_use, table, name, text);
            store::reseal(&*store, &keys_in_use.sealer(), &naming).map_err(BuildError::People)?;
        }
        let people = People::follow(Arc::clone(&store), &keys_in_use);
        let means = Means { limits, secret: &secret, store: &store, people: &people };
        let switches = Switches::new(&store, &keys_in_use.sealer());
        let material = origin.read()?;
        if !trial {
            material.admitted(&switches, true)?;
        }
        let loaded = Loaded::new(material, None, &means)?;
        let audit = match (current.audit.log(), audit) {
            (_, false) => None,
            (None, true) => return Err(BuildError::NoLog),
            (Some(_), true) if !has_key => return Err(BuildError::NoKey),
            (Some(log), true) => {
                let log = AuditLog::open(&log, &keys_in_use)?;
                log.follow(Journal::new(Arc::clone(&store), keys_in_use.sealer()));
                Some(log)
            }
        };
        let mut carry_secret = Zeroizing::new([0; 16]);
        let of_carry = Zeroizing::new(keys_in_use.derive(Purpose::SenderRecord).mac(&[b"carry"]));
        carry_secret.iter_mut().zip(of_carry.iter()).for_each(|(to, from)| *to = *from);
        let carry = Carry::new(Carry::TALKS, &carry_secret);
        let hold_key = keys_in_use.derive(Purpose::Hold);
        Ok(Gate {
            loaded: ArcSwap::from_pointee(loaded),
            origin,
            limits,
            reloads: Mutex::new(0),
            last_reload: ArcSwapOption::empty(),
            secret,
            hold_key,
            holds: Holds::new(Arc::clone(&store), &keys_in_use),
            keeps_holds: keeps_holds && !trial,
            answers: Answers::new(Arc::clone(&store), &keys_in_use),
            store,
            people,
            at_start: AtStart::of(&current),
            store_file: live.then_some(current.store.file),
            carry,
            nonces: began.map_or_else(Nonces::new, Nonces::since),
            switches,
            recent: Default::default(),
            trial,
            opens_in_chat,
            audit,
        })
    }
}

/// A secret from the system's entropy, by way of the keys that the standard library draws for its hash maps.
fn fresh_secret() -> Zeroizing<[u8; 32]> {
    let mut secret = Zeroizing::new([0; 32]);
    for (number, part) in (0_u64..).zip(secret.chunks_mut(8)) {
        part.copy_from_slice(&RandomState::new().hash_one(number).to_le_bytes());
    }
    secret
}
