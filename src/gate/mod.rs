//! The whole thing: an event goes in, a verdict comes out.
//!
//! ```
//! use sluicegate::{Decision, Event, Gate};
//!
//! let gate = Gate::builder().build()?;
//! let verdict = gate.check(&Event::message(1_764_000_000_000, "hello").channel("whatsapp").sender("+1 555 010-0123"));
//! assert_eq!(verdict.decision, Decision::Drop);
//! assert_eq!(verdict.reason.as_ref(), "unknown sender");
//! # Ok::<(), sluicegate::gate::BuildError>(())
//! ```

mod builder;
mod case;
mod inquiry;
mod loaded;
mod origin;
mod redact;
mod reload;
mod size;
#[cfg(feature = "watch")]
mod watch;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};
use zeroize::Zeroizing;

use crate::audit::{AuditLog, Entry};
use crate::detect::{Carry, Detector, ReplyScanner};
use crate::diagnostic::Diagnostic;
use crate::event::Event;
use crate::facts::Facts;
use crate::keys::MacKey;
use crate::policy::Limits;
use crate::store::Store;
use crate::verdict::{By, Degraded, Severity, Station, Verdict};

pub use builder::{BuildError, Builder};
use case::Case;
pub use inquiry::{Added, Hypothesis, Inquiry, Judgement};
use loaded::Loaded;
use origin::Origin;
pub use reload::{ReloadError, ReloadOutcome, ReloadStatus, Status};
#[cfg(feature = "watch")]
pub use watch::{WatchSettings, Watcher};

/// A gate: rules, policies and settings, the memory of its senders, and its log.
///
/// `Send` and `Sync`; share one behind an [`Arc`]. [`check`](Self::check) takes no lock that another check holds while it
/// works, and waits for no disk.
pub struct Gate {
    loaded: ArcSwap<Loaded>,
    origin: Origin,
    limits: Limits,
    /// How many reloads there were. Held while one is under way.
    reloads: Mutex<u64>,
    last_reload: ArcSwapOption<ReloadStatus>,
    secret: Zeroizing<[u8; 32]>,
    hold_key: MacKey,
    store: Arc<dyn Store>,
    carry: Carry,
    audit: Option<AuditLog>,
}

impl Gate {
    /// Begins to build a gate. Without anything set it has the starter policy and rules, knows nobody, and writes no log.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Judges one event. Always answers: what breaks shows in [`Verdict::degraded`].
    ///
    /// Calls for one sender are meant to come in the order of the events; those of different senders may come in any order
    /// and from any thread, and get the same verdicts.
    #[must_use]
    pub fn check(&self, event: &Event) -> Verdict {
        self.observe(event).0
    }

    /// As [`check`](Self::check), with the facts that the policy was asked about: for the workbench.
    pub(crate) fn observe(&self, event: &Event) -> (Verdict, Facts) {
        let loaded = self.loaded.load();
        // A panic is a fault of ours, or of the interpreter; it must not open the gate nor end the gateway.
        catch_unwind(AssertUnwindSafe(|| self.judge(&loaded, event))).unwrap_or_else(|_| {
            let mut verdict = loaded.closed(event.kind, "a part of the gate failed");
            verdict.id.clone_from(&event.id);
            verdict.degraded.push(Degraded::new(
                Severity::Failed,
                "gate",
                "a station panicked; this is a bug, please report it",
            ));
            (verdict, Case::empty(&loaded, event, &self.hold_key).facts)
        })
    }

    /// Forgets what senders wrote lately: the workbench tries one case after the other, as if each were the first.
    pub(crate) fn forget_talks(&self) {
        self.carry.clear();
    }

    /// Begins to scan a reply that comes in in pieces, by the rules in force now: a reload does not change them until the
    /// reply has ended. The policy is asked at the end, by [`check`](Self::check) with the whole reply.
    ///
    /// ```
    /// use sluicegate::{Decision, Event, Gate};
    ///
    /// let gate = Gate::builder().build()?;
    /// let mut scanner = gate.reply_scanner();
    /// let (mut reply, mut sent) = (String::new(), 0);
    /// for chunk in ["The bakery opens ", "at seven, ", "and on Sundays at eight."] {
    ///     reply.push_str(chunk);
    ///     let progress = scanner.push(chunk);
    ///     if !progress.findings.is_empty() {
    ///         break; // Nothing of what was found has been sent. What the policy says of it says the check of the whole.
    ///     }
    ///     sent = progress.safe; // `&reply[..sent]` may go to the reader.
    /// }
    /// if gate.check(&Event::reply(1_764_000_000_000, &*reply)).decision == Decision::Allow {
    ///     sent = reply.len();
    /// }
    /// assert_eq!(sent, reply.len());
    /// # Ok::<(), sluicegate::gate::BuildError>(())
    /// ```
    #[must_use]
    pub fn reply_scanner(&self) -> ReplyScanner<Arc<Detector>> {
        ReplyScanner::new(Arc::clone(&self.loaded.load().detector))
    }

    /// The path of an event.
    fn judge(&self, loaded: &Arc<Loaded>, event: &Event) -> (Verdict, Facts) {
        let over_size = size::over(event, &loaded.settings.limits);
        let mut case = Case::meet(loaded, event, &self.hold_key);
        if over_size.is_none() {
            case.detect(&self.carry);
        }
        case.escalate();
        case.gather_facts(over_size.is_some());
        let mut verdict = case.decide();
        case.over_size(over_size, &mut verdict);
        case.override_decision(&mut verdict);
        case.hold(&mut verdict);
        case.fill(&mut verdict);
        if let Some(policy) = &case.broken {
            self.quarantine(loaded, policy, event.at, &mut verdict);
        }
        self.record(&case, &mut verdict);
        (verdict, case.facts)
    }

    /// The verdict on a line that could not be read as an event: closed, with the reason and the number of the line.
    #[must_use]
    pub fn unreadable(&self, line: u64, error: impl Into<String>) -> Verdict {
        let loaded = self.loaded.load();
        let event = Event::default();
        let mut verdict = loaded.closed(event.kind, "not a readable event");
        verdict.by = By::station(Station::Event);
        (verdict.error, verdict.line) = (Some(error.into()), Some(line));
        verdict.degraded.push(Degraded::new(Severity::Partial, "event", "the line could not be read as an event"));
        let case = Case::empty(&loaded, &event, &self.hold_key);
        self.record(&case, &mut verdict);
        verdict
    }

    /// The verdict on an event that there was no room to judge: closed, as a message would be, with nothing remembered or
    /// written down. For a server that is asked too much at once.
    #[must_use]
    pub fn overloaded(&self) -> Verdict {
        let mut verdict = self.loaded.load().closed(Event::default().kind, "too many events at once");
        verdict.degraded.push(Degraded::new(Severity::Failed, "serve", "too many events at once"));
        verdict
    }

    /// What searches texts now; a reload puts another in its place, and this one goes on as it is.
    #[must_use]
    pub fn detector(&self) -> Arc<Detector> {
        Arc::clone(&self.loaded.load().detector)
    }

    /// What is in use: `sha256:` over the engine's version, settings, policies, rules, system prompt and canary. Every verdict
    /// carries it.
    #[must_use]
    pub fn revision(&self) -> Arc<str> {
        Arc::clone(&self.loaded.load().revision)
    }

    /// Warnings about what is in use.
    #[must_use]
    pub fn warnings(&self) -> Vec<Diagnostic> {
        self.loaded.load().warnings.clone()
    }

    /// Waits until the log holds every verdict given so far.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn flush(&self) -> Result<(), crate::audit::AuditError> {
        self.audit.as_ref().map_or(Ok(()), AuditLog::flush)
    }

    fn record(&self, case: &Case<'_>, verdict: &mut Verdict) {
        let Some(audit) = &self.audit else { return };
        let sender = case.met.as_ref().and_then(|met| met.id.as_ref()).map_or("", |id| id.as_str());
        let questions = Some(&case.loaded.questions);
        let entry = Entry { event: case.event, sender, facts: &case.facts, questions, verdict };
        if let Err(lost) = audit.record(&entry) {
            verdict.degraded.push(Degraded::new(Severity::Partial, "audit", lost.to_string()));
        }
    }
}
