//! Which log a command reads, and with which keys.

use std::path::{Path, PathBuf};

use sluicegate::audit::AuditError;
use sluicegate::config::Settings;
use sluicegate::keys::{KeySource, Keys};

use crate::cli::context::Context;
use crate::cli::failure::{Failure, name_of};

/// A log, its keys and the settings that name them.
pub struct Source {
    pub file: PathBuf,
    pub keys: Keys,
    pub settings: Settings,
}

impl Source {
    /// The log at `file`, or that of the settings. The keys are always those of the settings.
    pub fn open(file: Option<&PathBuf>, context: &Context) -> Result<Self, Failure> {
        let settings = context.settings()?;
        let Some(file) = file.or(settings.audit.file.as_ref()).cloned() else {
            return Err(Failure::Misuse("the settings name no audit log: name a FILE, or give --config".to_owned()));
        };
        let Some(key) = settings.key.clone() else {
            return Err(Failure::Misuse(
                "the settings name no key, and a log cannot be read without its key".to_owned(),
            ));
        };
        let keys = Keys::load(&KeySource::File(key)).map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(Self { file, keys, settings })
    }

    /// The log's name as it can be shown.
    pub fn name(&self) -> String {
        name_of(&self.file)
    }
}

/// What the log said.
pub fn broken(error: AuditError) -> Failure {
    Failure::Broken(error.to_string())
}

/// Tells that lines of the log could not be used. Gives whether there were any.
pub fn tell_unusable(file: &Path, count: u64) -> bool {
    if count > 0 {
        let lines = crate::cli::output::counted(count, "line");
        let are = if count == 1 { "is" } else { "are" };
        crate::cli::faults::error(&format!(
            "{}: {lines} {are} not as the log wrote them, and not shown: run `sluicegate audit verify`",
            name_of(file)
        ));
    }
    count > 0
}
