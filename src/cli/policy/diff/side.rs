//! One of the two that are compared.

use std::fmt;
use std::path::Path;

use sluicegate::Gate;
use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::keys::{KeySource, Keys};

use crate::cli::context::Context;
use crate::cli::failure::{Failure, name_of};
use crate::cli::sources;

/// Policies, with the settings that they are judged with.
pub struct Side {
    /// The path, as it was given.
    pub name: String,
    /// What judges beside the policies.
    pub settings: Settings,
    /// The policies, in the order in which they are asked.
    pub chain: Vec<Source>,
    /// Whether the path was that of a settings file.
    pub is_settings: bool,
    /// `OLD` or `NEW`.
    role: &'static str,
}

impl Side {
    /// Reads what `path` names: a policy, a folder of policies, or a settings file.
    pub fn read(role: &'static str, path: &Path, context: &Context) -> Result<Self, Failure> {
        let name = name_of(path);
        if path.extension().is_some_and(|extension| extension == "toml") {
            if let Err(error) = path.metadata() {
                return Err(Failure::of_io(path, &error));
            }
            let settings = Settings::load(path)?;
            let chain = settings.read_policies()?;
            return Ok(Self { name, settings, chain, is_settings: true, role });
        }
        let settings = context.settings()?;
        // Verdicts name a policy by its file alone, wherever it lies.
        let chain = sources::read(&[path.to_owned()], "rhai")?.into_iter();
        let chain = chain.map(|source| Source::new(file_of(&source.name), source.text)).collect();
        Ok(Self { name, settings, chain, is_settings: false, role })
    }

    /// The key of OLD, or that of NEW: one for both, so that both remember in the same way. None if the settings name none.
    pub fn keys(old: &Self, new: &Self) -> Result<Option<Keys>, Failure> {
        let path = old.settings.key.as_ref().or(new.settings.key.as_ref());
        let load = |path: &std::path::PathBuf| Keys::load(&KeySource::File(path.clone()));
        path.map(load).transpose().map_err(|error| Failure::Broken(error.to_string()))
    }

    /// A gate of this side, with a memory of its own, that writes nothing.
    pub fn gate(&self, keys: Option<Keys>) -> Result<Gate, Failure> {
        // Where there is no key, any will do for both: nothing is written, and what a memory forgets first depends on it.
        let keys = keys.map_or_else(|| Keys::new(std::array::from_fn(|index| index as u8)), Ok);
        let keys = keys.map_err(|error| Failure::Broken(error.to_string()))?;
        let builder =
            Gate::builder().settings(self.settings.clone()).policies(self.chain.clone()).keys(keys).trial(true);
        builder.build().map_err(|error| self.fault(&error))
    }

    /// What is wrong with this side. Both may have files of the same name, so it is said which side it is.
    pub fn fault(&self, error: &dyn fmt::Display) -> Failure {
        Failure::Broken(format!("{error}\n   = in {}, {}", self.role, self.name))
    }
}

/// The last part of a path.
fn file_of(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
