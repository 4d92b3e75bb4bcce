//! Which settings a command works with.

use std::env;
use std::path::PathBuf;

use sluicegate::config::Settings;

use super::failure::Failure;

/// The variable that names the settings.
const VARIABLE: &str = "SLUICEGATE_CONFIG";
/// The settings of the folder that one works in.
const HERE: &str = "sluicegate.toml";

/// What the arguments before the command say.
pub struct Context {
    config: Option<PathBuf>,
}

impl Context {
    /// The context for the settings at `config`, if the arguments named any.
    pub fn new(config: Option<PathBuf>) -> Self {
        Self { config }
    }

    /// The settings: those named by the arguments, else by the environment, else of this folder, else the built-in ones.
    ///
    /// # Errors
    /// When the settings that were found cannot be loaded. Others are never taken in their place.
    pub fn settings(&self) -> Result<Settings, Failure> {
        match self.file() {
            Some(path) => Ok(Settings::load(&path)?),
            None => Ok(Settings::demonstration()),
        }
    }

    /// The file of these settings; none for the built-in ones.
    pub fn file(&self) -> Option<PathBuf> {
        let from_environment = || env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        let here = || Some(PathBuf::from(HERE)).filter(|path| path.symlink_metadata().is_ok());
        self.config.clone().or_else(from_environment).or_else(here)
    }
}
