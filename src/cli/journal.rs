//! What a command has changed, on its way into the audit log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sluicegate::audit::{self, AuditError, AuditLog, AuditSettings};
use sluicegate::config::Settings;
use sluicegate::keys::{KeySource, Keys, Sealer};
use sluicegate::store::{Journal, Store};

use super::faults;

/// Brings what waits in the journal into the log when it is dropped, at the end of a command: where no gateway holds the log. One
/// that does takes it over by itself.
pub struct AtEnd {
    log: Option<AuditSettings>,
    key: PathBuf,
    journal: Journal,
}

impl AtEnd {
    /// For the log of the settings and the journal in a store.
    pub fn new(settings: &Settings, key: &Path, sealer: &Sealer, store: &Arc<dyn Store>) -> Self {
        Self {
            log: settings.audit.log(),
            journal: Journal::new(Arc::clone(store), sealer.clone()),
            key: key.to_owned(),
        }
    }

    fn take_over(&self) -> Result<(), Box<dyn std::error::Error>> {
        let Some(log) = &self.log else { return Ok(()) };
        // A command that has changed nothing begins no log.
        if self.journal.is_empty().unwrap_or(false) {
            return Ok(());
        }
        match AuditLog::open(log, &Keys::load(&KeySource::File(self.key.clone()))?) {
            Err(AuditError::Locked { .. }) => {}
            log => drop(audit::drain(&log?, &self.journal)?),
        }
        Ok(())
    }
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        // What was done is done, and goes on waiting in the journal; the command has not failed.
        if let Err(error) = self.take_over() {
            faults::note(&format!("what was changed is not in the audit log yet: {error}"));
        }
    }
}
