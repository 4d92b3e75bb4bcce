//! Taking new settings, rules and policies into use while the gate runs, and policies that take too long out of use.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use crate::audit::{AuditLog, Change, Lost};
use crate::diagnostic::{Diagnostic, LoadError};
use crate::owner::Lock;
use crate::policy::CacheStats;
use crate::verdict::{Degraded, Notice, Severity, Verdict};

use super::Gate;
use super::loaded::{Loaded, Means};
use super::origin::Material;

/// Why nothing was loaded again.
pub type ReloadError = LoadError;

/// Runs in a row that a deadline may end before the policies are taken out of use.
const OVERDUE: u32 = 3;

/// How a reload went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReloadStatus {
    /// Which one it was since the gate was built, from 1.
    pub number: u64,
    /// When, in milliseconds since 1970, if whoever reloaded told the time: the gate has no clock.
    pub at: Option<u64>,
    /// The revision that judged before.
    pub before: Arc<str>,
    /// The revision that judges since.
    pub revision: Arc<str>,
    /// What came of it.
    pub outcome: ReloadOutcome,
}

/// What came of a reload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReloadOutcome {
    /// Another set judges from here on. With the warnings about it.
    Changed(Vec<Diagnostic>),
    /// What was read is what was in use already; nothing was changed.
    Unchanged,
    /// Something is wrong with what was read; the last good set goes on.
    Refused(LoadError),
}

/// How a gate is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// What judges.
    pub revision: Arc<str>,
    /// Why the owner's newest policies are in quarantine, if they are.
    pub quarantine: Option<String>,
    /// How often the policies' answer was known already, since they were loaded.
    pub cache: CacheStats,
    /// How the last reload went; none if there was none.
    pub last_reload: Option<Arc<ReloadStatus>>,
    /// How the owner's lockdown stands; the settings may close the gate besides.
    pub lockdown: Lock,
    /// Records that wait for the log's disk; 0 where there is no log.
    pub unwritten: usize,
}

impl Gate {
    /// Reads settings, policies, rules, system prompt and the key's canary again and takes them into use all at once. Checks
    /// that are under way end with what they began with; senders, carried texts and the cache of unchanged sets stay. Where
    /// nothing was changed, nothing happens. A gate built from text has nothing to read again.
    ///
    /// Records and holds stay under the key of the start, and the log stays where it is: changes of `key` (but for its
    /// canary), of `[audit]`, `[serve]`, `[notify]` and of `remembered` in `[store]` need a new start, which a warning says
    /// (`S010`); a change of the store's file is refused.
    ///
    /// Takes as long as building a gate, some tens of milliseconds with the starter rules; no check waits for it.
    ///
    /// # Errors
    /// When anything is wrong, or only sealed revisions may judge and this is none (`S009`): nothing changes then, and the
    /// last good set goes on. The log, if there is one, tells of both.
    pub fn reload(&self) -> Result<Vec<Diagnostic>, ReloadError> {
        match &self.take(None, || self.origin.read()).outcome {
            ReloadOutcome::Changed(warnings) => Ok(warnings.clone()),
            ReloadOutcome::Unchanged => Ok(self.warnings()),
            ReloadOutcome::Refused(error) => Err(error.clone()),
        }
    }

    /// As [`reload`](Self::reload), at this time in milliseconds since 1970, which stands in the log and in the status.
    pub fn reload_at(&self, at: u64) -> Arc<ReloadStatus> {
        self.take(Some(at), || self.origin.read())
    }

    /// How the last reload went; none if there was none yet.
    ///
    /// ```
    /// use sluicegate::Gate;
    /// use sluicegate::gate::ReloadOutcome;
    ///
    /// let gate = Gate::builder().build()?;
    /// assert!(gate.last_reload().is_none());
    /// gate.reload()?;
    /// assert_eq!(gate.last_reload().unwrap().outcome, ReloadOutcome::Unchanged);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn last_reload(&self) -> Option<Arc<ReloadStatus>> {
        self.last_reload.load_full()
    }

    /// How the gate is doing. Some microseconds.
    #[must_use]
    pub fn status(&self) -> Status {
        let loaded = self.loaded.load();
        Status {
            revision: Arc::clone(&loaded.revision),
            quarantine: loaded.stands_in.as_ref().or_else(|| loaded.quarantine.get()).cloned(),
            cache: loaded.policies.cache_stats(),
            last_reload: self.last_reload(),
            lockdown: self.switches.lock(),
            unwritten: self.audit.as_ref().map_or(0, AuditLog::waiting),
        }
    }

    /// Takes into use what `read` gives. One reload at a time; checks do not wait.
    pub(super) fn take(
        &self,
        at: Option<u64>,
        read: impl FnOnce() -> Result<Material, LoadError>,
    ) -> Arc<ReloadStatus> {
        // Perhaps the store can be read again; where it cannot, every verdict says so.
        if self.people.behind().is_some() {
            let _ = self.people.refresh();
        }
        let mut number = self.reloads.lock().unwrap_or_else(PoisonError::into_inner);
        *number += 1;
        let old = self.loaded.load_full();
        let mut wanted = None;
        // Whoever reloads can wait for the store, so a switch that could not be read is tried again.
        self.switches.catch_up();
        let fresh = catch_unwind(AssertUnwindSafe(|| {
            let material = read()?;
            self.same_store(&material)?;
            wanted = Some(Arc::clone(&material.revision));
            if material.print == old.print {
                return Ok(None);
            }
            if !self.trial {
                material.admitted(&self.switches, false)?;
            }
            let last_good = old.last_good(&material.policies);
            Loaded::new(material, last_good, &self.means()).map(Some)
        }));
        let fresh = fresh.unwrap_or_else(|_| {
            let message = "loading broke down on this; it is a bug, please report it";
            Err(Diagnostic::error("S008", &Arc::from("settings, policies or rules"), message).into())
        });
        let before = Arc::clone(&old.revision);
        let (revision, outcome) = match fresh {
            Ok(None) => (Arc::clone(&before), ReloadOutcome::Unchanged),
            Ok(Some(fresh)) => {
                let (revision, mut warnings) = (Arc::clone(&fresh.revision), fresh.warnings.clone());
                warnings.extend(self.at_start.warning(&fresh.settings));
                self.loaded.store(Arc::new(fresh));
                self.tell(at, Change::reloaded(&before, &revision));
                (revision, ReloadOutcome::Changed(warnings))
            }
            Err(error) => {
                self.tell(at, Change::refused(&before, wanted, &error));
                (Arc::clone(&before), ReloadOutcome::Refused(error))
            }
        };
        let status = Arc::new(ReloadStatus { number: *number, at, before, revision, outcome });
        self.last_reload.store(Some(Arc::clone(&status)));
        status
    }

    /// What is remembered cannot be exchanged under a gate that runs: the checks of the next second would know nobody.
    fn same_store(&self, material: &Material) -> Result<(), LoadError> {
        let store = &material.settings.store.file;
        if self.store_file.as_ref().is_none_or(|opened| opened == store) {
            return Ok(());
        }
        let name = material.settings.file.as_deref().and_then(Path::file_name).unwrap_or("settings".as_ref());
        let message = "`file` in `[store]` was changed, and this gate runs with the store that it was started with";
        let help = "start the gateway again to use the other store, or change `file` back";
        Err(Diagnostic::error("S009", &name.to_string_lossy().as_ref().into(), message).help(help).into())
    }

    pub(super) fn means(&self) -> Means<'_> {
        Means { limits: self.limits, secret: &self.secret, store: &self.store, people: &self.people }
    }

    /// Puts a change into the log. Who reloads may wait for room in it.
    fn tell(&self, at: Option<u64>, change: Change) {
        let Some(audit) = &self.audit else { return };
        if audit.change(at, change.clone()) == Err(Lost::QueueFull) && audit.flush().is_ok() {
            // What is lost all the same is counted, and told in the log.
            let _ = audit.change(at, change);
        }
    }

    /// Takes policies out of use whose deadline has just ended them again: the last good ones stand in for them, if there are
    /// any, else nothing is asked and every event gets the closed decision. The first to notice tells in its verdict.
    pub(super) fn quarantine(&self, loaded: &Arc<Loaded>, policy: &str, at: u64, verdict: &mut Verdict) {
        if loaded.policies.overdue_in_a_row() < OVERDUE {
            return;
        }
        let milliseconds = self.limits.deadline_ms;
        let what =
            format!("{policy} took longer than {milliseconds} ms {OVERDUE} times in a row and is not asked any more");
        // From here on no thread runs them.
        if loaded.quarantine.set(format!("{what}; every event gets the closed decision")).is_err() {
            return;
        }
        // This check waits for a reload that is under way: what that brings is better than any stand-in.
        let _one_at_a_time = self.reloads.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&self.loaded.load(), loaded) {
            return;
        }
        let why = format!("{what}; the policies before it judge in its place");
        let stand_in = loaded.stand_in(why.clone(), &self.means());
        let revision = stand_in.as_ref().map(|stand_in| Arc::clone(&stand_in.revision));
        let why = if let Some(stand_in) = stand_in {
            self.loaded.store(Arc::new(stand_in));
            why
        } else {
            loaded.quarantine.get().cloned().unwrap_or(what)
        };
        if let Some(audit) = &self.audit
            && let Err(lost) = audit.change(Some(at), Change::quarantined(&loaded.revision, revision, policy))
        {
            verdict.degraded.push(Degraded::new(Severity::Partial, "audit", lost.to_string()));
        }
        verdict.notices.push(Notice { to: "owner", text: format!("{why}, until something is loaded anew") });
        verdict.degraded.push(Degraded::new(Severity::Failed, "policy", why));
    }
}
