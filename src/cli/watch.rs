//! Reloading while a command runs on.

use std::sync::Arc;

use sluicegate::Gate;
use sluicegate::gate::{ReloadOutcome, ReloadStatus, WatchSettings, Watcher};

use super::failure::Failure;
use super::faults;

/// Digits of a revision that are shown: enough to tell two apart, and to find it in the log.
const DIGITS: usize = 12;

/// Watches the files of `gate`, and tells a person of every reload.
pub fn start(gate: &Arc<Gate>) -> Result<Watcher, Failure> {
    let told = |status: &ReloadStatus| {
        for message in messages(status) {
            faults::note(&message);
        }
    };
    let failed = |error| Failure::Broken(format!("the files of the gate cannot be watched: {error}"));
    Watcher::start(gate, WatchSettings::default(), told).map_err(failed)
}

/// What there is to tell of a reload.
fn messages(status: &ReloadStatus) -> Vec<String> {
    let revision = short(&status.revision);
    match &status.outcome {
        ReloadOutcome::Changed(warnings) => {
            let mut messages: Vec<String> = warnings.iter().map(ToString::to_string).collect();
            messages.push(format!("reloaded: {revision} judges from here on, after {}", short(&status.before)));
            messages
        }
        ReloadOutcome::Unchanged => vec![format!("unchanged: the files say again what judges already, {revision}")],
        ReloadOutcome::Refused(error) => {
            vec![error.to_string(), format!("not reloaded: {revision} goes on until this is mended")]
        }
        _ => Vec::new(),
    }
}

/// The first digits of a revision.
pub fn short(revision: &str) -> &str {
    let start = revision.find(':').map_or(0, |colon| colon + 1);
    revision.get(..start + DIGITS).unwrap_or(revision)
}
