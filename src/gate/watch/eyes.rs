//! Asking the system to tell of changes.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::places::Places;

/// What tells of changes at some places, until it is dropped.
pub(super) struct Eyes {
    watcher: Option<RecommendedWatcher>,
    /// Whether a change of any file would be told.
    all: bool,
}

impl Eyes {
    /// Opens eyes on these places, and closes the `old` ones after that, so that nothing is missed between the two.
    pub(super) fn open(places: &Arc<Places>, notify: bool, wake: &SyncSender<()>, old: Option<Self>) -> Self {
        let (of_interest, wake) = (Arc::clone(places), wake.clone());
        let told = move |event: notify::Result<Event>| {
            if event.map_or(true, |event| matters(&event, &of_interest)) {
                // A message that waits already says the same.
                let _ = wake.try_send(());
            }
        };
        let mut watcher = if notify { notify::recommended_watcher(told).ok() } else { None };
        let mut all = false;
        if let Some(watcher) = &mut watcher {
            let mut watch = |folder: &std::path::Path| watcher.watch(folder, RecursiveMode::NonRecursive).is_ok();
            all = places.homes.iter().fold(true, |all, home| watch(home) && all);
            for folder in places.above.difference(&places.homes) {
                // Without this one, an exchange of what lies in it is found a minute later.
                watch(folder);
            }
        }
        drop(old);
        Self { watcher, all }
    }

    /// Whether a change of any file is told. If not, one has to look.
    pub(super) fn see_all(&self) -> bool {
        self.watcher.is_some() && self.all
    }
}

/// Whether an event may have changed what is read. Reading does not, or our own would wake us for ever.
fn matters(event: &Event, places: &Places) -> bool {
    if event.need_rescan() {
        return true;
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
        EventKind::Access(_) => return false,
        _ => {}
    }
    event.paths.is_empty() || event.paths.iter().any(|path| places.concern(path))
}
