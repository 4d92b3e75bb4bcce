//! Reloading a gate by itself when its files change.

mod eyes;
mod places;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::diagnostic::LoadError;

use super::origin::Material;
use super::{Gate, ReloadOutcome, ReloadStatus};
use eyes::Eyes;
use places::Places;

/// Looks in a row that may differ before what is there is taken all the same: a file that never comes to rest must not keep
/// the others from taking effect.
const MAX_LOOKS: usize = 64;
/// How often everything is read although nothing was told, in seconds: some file systems tell nothing of what others write.
const ANYWAY: u64 = 60;

/// How a [`Watcher`] looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WatchSettings {
    /// For how long the contents must be the same before they are taken: whoever saves a file, or several, is done then.
    /// Default 100 ms.
    pub settle: Duration,
    /// How often everything is read where the system does not tell of changes, or a folder is not there. Default 1 s.
    pub poll: Duration,
    /// Whether to ask the system to tell of changes at all. Default true.
    pub notify: bool,
}

impl Default for WatchSettings {
    fn default() -> Self {
        Self { settle: Duration::from_millis(100), poll: Duration::from_secs(1), notify: true }
    }
}

/// Reloads a gate whenever its settings, policies, rules, system prompt or key change, until it is dropped.
///
/// All files are one unit: after a change everything is read until two looks, [`settle`](WatchSettings::settle) apart, find
/// the same contents, and these very contents are taken into use, or refused. Nothing is reloaded where the contents are
/// those that were seen before, however often files are touched. Saving by renaming, links that are turned elsewhere (as
/// Kubernetes does with a ConfigMap), folders that are deleted and made again, and files that settings begin to name are all
/// followed. Where the system tells of no changes, everything is read every second.
///
/// The time of a reload, in the log and in the status, is that of the system's clock. A gate built from texts alone has
/// nothing to watch, and no thread is started. The watcher does not keep the gate alive.
///
/// ```
/// use std::sync::Arc;
/// use sluicegate::Gate;
/// use sluicegate::gate::{WatchSettings, Watcher};
///
/// let gate = Arc::new(Gate::builder().build()?);
/// let watcher = Watcher::start(&gate, WatchSettings::default(), |status| println!("{:?}", status.outcome))?;
/// drop(watcher);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Watcher {
    stop: Arc<AtomicBool>,
    wake: SyncSender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Begins to watch. A change since the gate was built is found too. `told` hears of every reload, from the watcher's
    /// thread; while it works, nothing is reloaded.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        gate: &Arc<Gate>,
        settings: WatchSettings,
        told: impl FnMut(&ReloadStatus) + Send + 'static,
    ) -> io::Result<Self> {
        // One message that waits is as good as many.
        let (wake, woken) = sync_channel(1);
        let stop = Arc::new(AtomicBool::new(false));
        let loaded = gate.loaded.load();
        let nothing = gate.origin.places(&loaded.settings).is_empty();
        let watch = Watch {
            gate: Arc::downgrade(gate),
            settings,
            told,
            seen: Ok(loaded.print),
            seals: gate.switches.seals(),
            refused: false,
            wake: wake.clone(),
            woken,
            stop: Arc::clone(&stop),
        };
        gate.switches.wake(wake.clone());
        let thread = (!nothing)
            .then(|| std::thread::Builder::new().name("sluicegate-watch".into()).spawn(move || watch.run()))
            .transpose()?;
        Ok(Self { stop, wake, thread })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // Where a message waits already, the thread wakes up by that.
        let _ = self.wake.try_send(());
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != std::thread::current().id()) {
            // If it panicked, it was in `told`, and the hook for panics has told of it.
            let _ = thread.join();
        }
    }
}

/// What was read: its print, or the faults.
type Seen = Result<[u8; 32], LoadError>;

/// The watcher's thread.
struct Watch<T> {
    gate: Weak<Gate>,
    settings: WatchSettings,
    told: T,
    /// What was taken or refused last.
    seen: Seen,
    /// Seals that there were then.
    seals: u64,
    /// Whether it was refused, and another seal may make it good.
    refused: bool,
    wake: SyncSender<()>,
    woken: Receiver<()>,
    stop: Arc<AtomicBool>,
}

impl<T: FnMut(&ReloadStatus)> Watch<T> {
    fn run(mut self) {
        let mut eyes: Option<Eyes> = None;
        while let Some(gate) = self.gate.upgrade() {
            // INVARIANT: first the eyes are opened and then everything is read, so no change falls in between. They are opened
            // anew each time, since a folder may be another one under the same name.
            let places = Arc::new(Places::new(&gate.origin.places(&newest(&gate))));
            eyes = Some(Eyes::open(&places, self.settings.notify, &self.wake, eyes));
            gate.switches.catch_up();
            let Some(changed) = self.look(&gate) else { return };
            if let Some((seen, material)) = changed {
                (self.seen, self.seals) = (seen, gate.switches.seals());
                let status = gate.take(Some(now()), || material);
                self.refused = matches!(status.outcome, ReloadOutcome::Refused(_));
                drop(gate);
                (self.told)(&status);
                // Settings may name other files now.
                continue;
            }
            drop(gate);
            let all_seen = eyes.as_ref().is_some_and(Eyes::see_all);
            let pause = if all_seen { Duration::from_secs(ANYWAY) } else { self.settings.poll };
            if !self.wait(pause) {
                return;
            }
        }
    }

    /// Reads everything until it has come to rest. None where the watcher was dropped; nothing in it where all is as it was.
    fn look(&self, gate: &Gate) -> Option<Option<(Seen, Result<Material, LoadError>)>> {
        let mut material = gate.origin.read();
        let mut seen = print(&material);
        for _ in 0..MAX_LOOKS {
            if seen == self.seen && !(self.refused && gate.switches.seals() != self.seals) {
                return Some(None);
            }
            if !self.rest() {
                return None;
            }
            let again = gate.origin.read();
            let now = print(&again);
            let at_rest = now == seen;
            (material, seen) = (again, now);
            if at_rest {
                break;
            }
        }
        Some(Some((seen, material)))
    }

    /// Waits for as long as contents must rest, whatever is told meanwhile; false where the watcher was dropped.
    fn rest(&self) -> bool {
        let began = Instant::now();
        loop {
            let left = self.settings.settle.saturating_sub(began.elapsed());
            if self.stop.load(Ordering::Acquire) {
                return false;
            }
            match self.woken.recv_timeout(left) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// Waits until something is told, or for so long; false where the watcher was dropped.
    fn wait(&self, pause: Duration) -> bool {
        !matches!(self.woken.recv_timeout(pause), Err(RecvTimeoutError::Disconnected))
            && !self.stop.load(Ordering::Acquire)
    }
}

/// The newest settings that can be read: they may name files that are only being made.
fn newest(gate: &Gate) -> crate::config::Settings {
    gate.origin.settings().unwrap_or_else(|_| gate.loaded.load().settings.clone())
}

fn print(material: &Result<Material, LoadError>) -> Seen {
    material.as_ref().map(|material| material.print).map_err(Clone::clone)
}

/// Milliseconds since 1970; 0 where the clock stands before that.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
