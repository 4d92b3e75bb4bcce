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

mod at_start;
mod builder;
mod case;
mod command;
mod flush;
mod inquiry;
mod loaded;
mod origin;
mod recent;
mod redact;
mod release;
mod reload;
mod signed;
mod signers;
mod size;
#[cfg(feature = "watch")]
mod watch;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};
use zeroize::Zeroizing;

use crate::answer::Answers;
use crate::audit::{AuditLog, Entry};
use crate::auth::Nonces;
use crate::detect::{Carry, Detector, ReplyScanner};
use crate::diagnostic::Diagnostic;
use crate::event::Event;
use crate::facts::Facts;
use crate::hold::Holds;
use crate::keys::MacKey;
use crate::owner::{Authority, Contents, Lockdown, Seals, Switches};
use crate::policy::Limits;
use crate::sender::People;
use crate::store::Store;
use crate::verdict::{By, Degraded, Severity, Station, Verdict};

use at_start::AtStart;
pub use builder::{BuildError, Builder};
use case::Case;
pub use flush::FlushError;
pub use inquiry::{Added, Hypothesis, Inquiry, Judgement};
use loaded::Loaded;
use origin::Origin;
use recent::{Decided, Recent};
pub use release::{Refusal, Release, Released};
pub use reload::{ReloadError, ReloadOutcome, ReloadStatus, Status};
#[cfg(feature = "watch")]
pub use watch::{WatchSettings, Watcher};

/// A gate: rules, policies and settings, the memory of its senders, and its log.
///
/// `Send` and `Sync`; share one behind an [`Arc`]. [`check`](Self::check) takes no lock that another check holds while it
/// works. It waits for the disk where an event is held, where the owner commands something in chat, or where somebody writes a
/// pairing code that waits; else for nothing.
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
    people: Arc<People>,
    /// The store that the settings named when a live gate was built; none for a gate that is not.
    store_file: Option<Option<PathBuf>>,
    /// What else the gate was started with, and goes on with until it is started again.
    at_start: AtStart,
    carry: Carry,
    /// The signed messages that came before.
    nonces: Nonces,
    /// What the owner has switched, as this gate knows it.
    switches: Arc<Switches>,
    recent: Recent,
    /// Whether unsealed revisions are taken, whatever the settings say.
    trial: bool,
    /// Whether the owner may also open something in chat.
    opens_in_chat: bool,
    holds: Holds,
    /// Whether what is held is kept, so that it can be answered.
    keeps_holds: bool,
    answers: Answers,
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
        self.answer(event, false, self.keeps_holds).0
    }

    /// As [`check`](Self::check), with the facts that the policy was asked about, and without keeping what is held: for the
    /// workbench.
    pub(crate) fn observe(&self, event: &Event) -> (Verdict, Facts) {
        self.answer(event, false, false)
    }

    /// As [`check`](Self::check), of an event that an agent has really signed, or not; what is held is kept, or not.
    fn answer(&self, event: &Event, verified: bool, keeps_holds: bool) -> (Verdict, Facts) {
        let loaded = self.loaded.load();
        // A panic is a fault of ours, or of the interpreter; it must not open the gate nor end the gateway.
        catch_unwind(AssertUnwindSafe(|| self.judge(&loaded, event, verified, keeps_holds))).unwrap_or_else(|_| {
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
    fn judge(&self, loaded: &Arc<Loaded>, event: &Event, verified: bool, keeps_holds: bool) -> (Verdict, Facts) {
        let over_size = size::over(event, &loaded.settings.limits);
        let mut case = Case::meet(loaded, event, &self.hold_key);
        case.verified = verified;
        case.lock = self.switches.lock();
        if over_size.is_none()
            && let Some(mut verdict) = self.command(&case)
        {
            case.gather_facts(false);
            case.fill(&mut verdict);
            self.record(&case, &mut verdict);
            return (verdict, case.facts);
        }
        case.ask_answers(&self.answers);
        if over_size.is_none() {
            case.detect(&self.carry);
        }
        case.escalate();
        case.gather_facts(over_size.is_some());
        let mut verdict = case.decide();
        case.over_size(over_size, &mut verdict);
        case.override_decision(&mut verdict);
        case.hold(keeps_holds.then_some(&*self.people), &mut verdict);
        case.answer_with_code(&mut verdict);
        if keeps_holds {
            case.keep(&self.holds, &mut verdict);
        }
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

    /// What is in use, part by part: what the owner [seals](Seals::seal).
    #[must_use]
    pub fn contents(&self) -> Contents {
        self.loaded.load().contents.clone()
    }

    /// The switch that closes this gate and all others on its store.
    ///
    /// This and the next two keep their records under the key of the settings; without one, nobody can read them after this
    /// gate is gone.
    #[must_use]
    pub fn lockdown(&self) -> Lockdown {
        self.switches.lockdown()
    }

    /// Who is the owner of this gate's store.
    #[must_use]
    pub fn authority(&self) -> Authority {
        self.switches.authority()
    }

    /// Which revision the owner of this gate's store has sealed.
    #[must_use]
    pub fn seals(&self) -> Seals {
        self.switches.seal_book()
    }

    /// Warnings about what is in use.
    #[must_use]
    pub fn warnings(&self) -> Vec<Diagnostic> {
        self.loaded.load().warnings.clone()
    }

    /// What the owner says of senders, who knocked, and pairing. It outlives every reload.
    #[must_use]
    pub fn people(&self) -> &Arc<People> {
        &self.people
    }

    /// Waits until the log holds every verdict given so far and every change of durable state, and the store everything that
    /// was learned of senders.
    ///
    /// # Errors
    /// When the disk does not take it; both are tried.
    pub fn flush(&self) -> Result<(), FlushError> {
        let store = self.people.strangers().flush().and_then(|()| self.store.flush());
        self.audit.as_ref().map_or(Ok(()), AuditLog::flush)?;
        Ok(store?)
    }

    /// What the gate remembers.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    fn record(&self, case: &Case<'_>, verdict: &mut Verdict) {
        self.recent.note(Decided {
            at: case.event.at,
            kind: case.event.kind,
            sender: case.met.as_ref().map(|met| met.key),
            decision: verdict.decision,
            reason: Arc::clone(&verdict.reason),
        });
        let Some(audit) = &self.audit else { return };
        let sender = case.met.as_ref().and_then(|met| met.id.as_ref()).map_or("", |id| id.as_str());
        let questions = Some(&case.loaded.questions);
        let entry = Entry { event: case.event, sender, facts: &case.facts, questions, verdict };
        if let Err(lost) = audit.record(&entry) {
            verdict.degraded.push(Degraded::new(Severity::Partial, "audit", lost.to_string()));
        }
    }
}
