//! The store of the settings, for commands that read and change what it keeps.

use std::sync::Arc;

use sluicegate::config::Settings;
use sluicegate::keys::{KeySource, Keys, Sealer};
use sluicegate::sender::{People, PeopleError};
use sluicegate::store::{self, Store, StoreError};

use super::context::Context;
use super::failure::Failure;
use super::journal::AtEnd;

/// A store, and what its records are sealed with.
pub struct Stored {
    /// The settings that name it.
    pub settings: Settings,
    /// The keys that the settings name.
    pub keys: Keys,
    /// The store.
    pub store: Arc<dyn Store>,
    /// What encrypts and authenticates its records.
    pub sealer: Sealer,
    /// Brings what is done into the audit log, once this is dropped.
    _at_end: AtEnd,
}

/// Opens the store of the settings.
///
/// # Errors
/// When the settings name none, or no key, or it cannot be opened.
pub fn open_store(context: &Context) -> Result<Stored, Failure> {
    let settings = context.settings()?;
    let Some(key) = &settings.key else {
        return Err(Failure::Misuse(
            "the settings name no key, without which nothing durable can be kept: give --config, or see `sluicegate init`"
                .to_owned(),
        ));
    };
    let keys = Keys::load(&KeySource::File(key.clone())).map_err(|error| Failure::Broken(error.to_string()))?;
    let store = match &settings.store.file {
        Some(file) => store::open(Some(file), settings.store.remembered),
        None => {
            return Err(Failure::Misuse(
                "the settings name no store, so nothing is kept: set `file` in `[store]`, for example to \"sluicegate.db\""
                    .to_owned(),
            ));
        }
    };
    let store = store.map_err(|error| Failure::Broken(error.to_string()))?;
    let sealer = keys.sealer();
    let at_end = AtEnd::new(&settings, key, &sealer, &store);
    Ok(Stored { sealer, keys, store, _at_end: at_end, settings })
}

/// The people in it.
///
/// # Errors
/// When a record cannot be read.
pub fn people(stored: &Stored) -> Result<Arc<People>, Failure> {
    People::open(Arc::clone(&stored.store), &stored.keys).map_err(|error| of_store(&error))
}

/// What a change of people said.
pub fn of_people(error: &PeopleError) -> Failure {
    Failure::Broken(error.to_string())
}

/// What the store said.
pub fn of_store(error: &StoreError) -> Failure {
    Failure::Broken(error.to_string())
}
