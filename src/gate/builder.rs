//! Building a gate.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};
use zeroize::Zeroizing;

use crate::audit::{AuditError, AuditLog, AuditSettings};
use crate::config::Settings;
use crate::detect::Carry;
use crate::diagnostic::{LoadError, Source};
use crate::keys::{KeyError, KeySource, Keys, Purpose};
use crate::policy::Limits;
use crate::sender::People;
use crate::store::{MemoryStore, Store};

use super::Gate;
use super::loaded::{Loaded, Means};
use super::origin::{Origin, SettingsFrom};

/// Sets up a [`Gate`]. What is not set has its default.
#[derive(Default)]
pub struct Builder {
    config: Option<PathBuf>,
    settings: Option<Settings>,
    policies: Option<Vec<Source>>,
    rules: Option<Vec<Source>>,
    keys: Option<Keys>,
    limits: Limits,
    store: Option<Arc<dyn Store>>,
    audit: bool,
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
            Self::NoLog | Self::NoKey | Self::PanicAborts => None,
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

    /// Keeps the senders' state here. The default is memory, for 65,536 senders.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Whether to write the log that the settings name. Off by default, so that trying things out leaves no trace in it;
    /// a gateway switches it on.
    #[must_use]
    pub fn audit(mut self, yes: bool) -> Self {
        self.audit = yes;
        self
    }

    /// Builds the gate.
    ///
    /// # Errors
    /// When settings, policies, rules or key are wrong, or the log cannot be opened. Nothing is left half done.
    pub fn build(self) -> Result<Gate, BuildError> {
        if cfg!(panic = "abort") {
            return Err(BuildError::PanicAborts);
        }
        let Self { config, settings, policies, rules, keys, limits, store, audit } = self;
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
        let store = store.unwrap_or_else(|| Arc::new(MemoryStore::new(MemoryStore::SENDERS)));
        let people = People::follow(Arc::clone(&store), &keys_in_use);
        let means = Means { limits, secret: &secret, store: &store, people: &people };
        let loaded = Loaded::new(origin.read()?, None, &means)?;
        let audit = match (&current.audit.file, audit) {
            (_, false) => None,
            (None, true) => return Err(BuildError::NoLog),
            (Some(_), true) if !has_key => return Err(BuildError::NoKey),
            (Some(file), true) => {
                let mut log = AuditSettings::new(file);
                (log.rotate_bytes, log.keep_days) = (current.audit.rotate_bytes, current.audit.keep_days);
                Some(AuditLog::open(&log, &keys_in_use)?)
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
            store,
            people,
            carry,
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
