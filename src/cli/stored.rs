//! The store of the settings, for commands that read and change what it keeps.

use std::sync::Arc;

use sluicegate::config::Settings;
use sluicegate::keys::{KeySource, Keys};
use sluicegate::sender::{People, PeopleError};
use sluicegate::store::{Actor, MemoryStore, Store, StoreError};

use super::context::Context;
use super::failure::Failure;

/// A store, and the keys that its records are sealed with.
pub struct Stored {
    /// The settings that name it.
    pub settings: Settings,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The keys.
    pub keys: Keys,
}

/// Opens the store of the settings.
///
/// # Errors
/// When the settings name no key, or it cannot be opened.
pub fn open_store(context: &Context) -> Result<Stored, Failure> {
    let settings = context.settings()?;
    let Some(key) = &settings.key else {
        return Err(Failure::Misuse(
            "the settings name no key, without which nothing durable can be kept: give --config, or see `sluicegate init`"
                .to_owned(),
        ));
    };
    let keys = Keys::load(&KeySource::File(key.clone())).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(Stored { store: Arc::new(MemoryStore::default()), settings, keys })
}

/// The people in it.
///
/// # Errors
/// When a record cannot be read.
pub fn people(stored: &Stored) -> Result<Arc<People>, Failure> {
    People::open(Arc::clone(&stored.store), &stored.keys).map_err(|error| of_store(&error))
}

/// Who does what only the owner may do. The one place where the owner's secret is asked for by `sender` and `pair`.
///
/// # Errors
/// When it is not the owner.
pub fn required(_: &Stored) -> Result<Actor, Failure> {
    Ok(Actor::OwnerAtTerminal)
}

/// What a change of people said.
pub fn of_people(error: &PeopleError) -> Failure {
    Failure::Broken(error.to_string())
}

/// What the store said.
pub fn of_store(error: &StoreError) -> Failure {
    Failure::Broken(error.to_string())
}
