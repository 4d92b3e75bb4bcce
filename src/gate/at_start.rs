//! Settings that are read at the start alone, and need a new start when they are changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{AuditFile, NotifySettings, ServeSettings, Settings};
use crate::diagnostic::Diagnostic;

/// What a gate was started with.
#[derive(Debug)]
pub(super) struct AtStart {
    key: Option<PathBuf>,
    audit: AuditFile,
    remembered: usize,
    serve: ServeSettings,
    notify: NotifySettings,
}

impl AtStart {
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            key: settings.key.clone(),
            audit: settings.audit.clone(),
            remembered: settings.store.remembered,
            serve: settings.serve.clone(),
            notify: settings.notify.clone(),
        }
    }

    /// A warning about what is written otherwise in `settings`, and does not count before the next start.
    pub(super) fn warning(&self, settings: &Settings) -> Option<Diagnostic> {
        let parts = [
            ("`key`", self.key != settings.key),
            ("`[audit]`", self.audit != settings.audit),
            ("`remembered` in `[store]`", self.remembered != settings.store.remembered),
            ("`[serve]`", self.serve != settings.serve),
            ("`[notify]`", self.notify != settings.notify),
        ];
        let changed: Vec<&str> = parts.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name).collect();
        let verb = if changed.len() == 1 { "was" } else { "were" };
        let message = format!("{} {verb} changed, which counts from the next start on", listed(&changed)?);
        let name = settings.file.as_deref().and_then(Path::file_name).unwrap_or("settings".as_ref());
        let help = "all else that was changed is in use; start the gateway again to use this too";
        Some(Diagnostic::warning("S010", &Arc::from(name.to_string_lossy()), message).help(help))
    }
}

/// Names as a sentence lists them; none of no names.
fn listed(names: &[&str]) -> Option<String> {
    let (last, others) = names.split_last()?;
    Some(if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) })
}
