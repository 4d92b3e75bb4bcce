//! Asking a gate about one event: what led to the verdict, and what would have led to another.

use std::sync::{Arc, Mutex, PoisonError};

use super::loaded::Loaded;
use super::{Case, Gate, command, size};
use crate::answer::Answered;
use crate::detect::Detection;
use crate::event::{Event, Kind};
use crate::facts::{Ask, FactId, Facts, Questions};
use crate::keys::MacKey;
use crate::owner::Lock;
use crate::policy::{Coverable, Trace};
use crate::sender::{Capabilities, Met, Senders, Standing};
use crate::store::{
    Arrival, Commit, Listener, Points, Presence, Record, Row, SenderKey, Store, StoreError, Table, Terms, Version,
    Write,
};
use crate::verdict::{By, Category, Class, Decision, Degraded, Finding, Verdict};

impl Gate {
    /// Judges a copy of the event, as [`check`](Self::check) would now, and keeps everything that led to the verdict.
    ///
    /// Nothing is remembered of it: neither the sender's record nor the log, the cache or the text for the next message
    /// changes. So an event that was checked already is judged as one that came after itself: it is known again by its id,
    /// and without one it counts a second time.
    ///
    /// Costs a check, a [`trace`](crate::policy::PolicySet::trace), and a copy of the event.
    ///
    /// ```
    /// use sluicegate::gate::Hypothesis;
    /// use sluicegate::sender::Standing;
    /// use sluicegate::{Decision, Event, Gate};
    ///
    /// let gate = Gate::builder().build()?;
    /// let inquiry = gate.inquire(&Event::message(1_764_000_000_000, "hello"));
    /// assert_eq!(&*inquiry.verdict().reason, "unknown sender");
    /// let approved = Hypothesis { standing: Some(Standing::Approved), ..Hypothesis::default() };
    /// assert_eq!(inquiry.judge(&approved).decision, Decision::Allow);
    /// # Ok::<(), sluicegate::gate::BuildError>(())
    /// ```
    #[must_use]
    pub fn inquire(&self, event: &Event) -> Inquiry {
        let loaded = self.loaded.load_full();
        let store: Arc<dyn Store> = Arc::new(Copied::of(&self.store));
        let senders = Senders::new(&loaded.settings.senders(), &self.secret, store);
        let senders = senders.with_people(Arc::clone(&self.people));
        let over = size::over(event, &loaded.settings.limits);
        let mut case = Case::empty(&loaded, event, &self.hold_key);
        let lock = self.switches.lock();
        (case.senders, case.looks_only, case.lock) = (&senders, true, lock);
        case.greet();
        case.ask_answers(&self.answers);
        if over.is_none() {
            case.detect(&self.carry);
        }
        case.escalate();
        case.gather_facts(over.is_some());
        let (met, detection, facts) = (case.met.clone(), case.detection.clone(), case.facts);
        let (escalation, degraded) = (case.escalation, case.degraded.clone());
        let answered = case.answered.clone();
        let trace = loaded.policies.trace(&facts);
        let mut verdict = case.quarantined().unwrap_or_else(|| case.settle(&trace.ruling));
        case.over_size(over.clone(), &mut verdict);
        case.override_decision(&mut verdict);
        if over.is_none() && command::commanded(&case).is_some() {
            // It is not carried out here.
            verdict = command::of_command();
        }
        case.hold(None, &mut verdict);
        case.fill(&mut verdict);
        let (event, hold_key) = (event.clone(), self.hold_key.clone());
        let known = Known { met, detection, escalation, answered, facts, degraded };
        Inquiry { loaded, senders, event, hold_key, lock, over, known, verdict, trace }
    }
}

/// An event that was judged for the asking; made by [`Gate::inquire`]. It keeps the rules, policies and settings that were
/// in force then.
pub struct Inquiry {
    loaded: Arc<Loaded>,
    senders: Senders,
    event: Event,
    hold_key: MacKey,
    /// How the owner's lockdown stood.
    lock: Lock,
    over: Option<size::Over>,
    known: Known,
    verdict: Verdict,
    trace: Trace,
}

/// What the stations before the policy found out.
struct Known {
    met: Option<Met>,
    detection: Detection,
    escalation: u8,
    answered: Answered,
    facts: Facts,
    degraded: Vec<Degraded>,
}

/// Something that might have been otherwise. Everything that follows from it is computed by the code that judges: scores
/// from findings, thresholds from scores, a sender's points from the event's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hypothesis {
    /// The sender's standing.
    pub standing: Option<Standing>,
    /// Findings, by their place in the verdict, with other points; with 0 the finding is not there.
    pub points: Vec<(usize, u8)>,
    /// One finding more.
    pub added: Option<Added>,
    /// The sender's points with this event, 0–31.
    pub escalation: Option<u8>,
    /// Whether the sender wrote too much.
    pub rate_exceeded: Option<bool>,
    /// Points from which an event is suspect.
    pub suspect: Option<u8>,
    /// Points from which an event is an attack.
    pub attack: Option<u8>,
    /// Points from which a sender is escalated.
    pub escalated: Option<u8>,
    /// Facts that are set after all others were computed. Whether they fit the others is for the caller to see.
    pub facts: Vec<(FactId, u16)>,
    /// Answers to questions, by their numbers in [`Inquiry::questions`], likewise.
    pub answers: Vec<(u16, bool)>,
}

/// A finding that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its points, 0–31.
    pub points: u8,
    /// Its class.
    pub class: Class,
    /// The field that it stands in, as in [`Finding::field`].
    pub field: &'static str,
    /// Its category; none is one that no policy asks for and no other finding has.
    pub category: Option<Category>,
}

/// What would be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Judgement {
    /// The facts that the policy would see.
    pub facts: Facts,
    /// What would be done.
    pub decision: Decision,
    /// With `mode = "observe"`: what would be done without it.
    pub would: Option<Decision>,
    /// Why.
    pub reason: Arc<str>,
    /// Who would decide, and where.
    pub by: By,
}

impl Judgement {
    /// The decision that counts for an explanation: that of the policies, also where nothing is enforced.
    #[must_use]
    pub fn effective(&self) -> Decision {
        self.would.unwrap_or(self.decision)
    }
}

impl Inquiry {
    /// The event.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// What [`Gate::check`] would have answered.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// How the policies came to their ruling.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What can run in each file of the chain: the conditions that the trace gives by number.
    #[must_use]
    pub fn coverable(&self) -> &[Coverable] {
        self.loaded.policies.coverable()
    }

    /// The facts that the policies saw.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.known.facts
    }

    /// The questions that the policies ask.
    #[must_use]
    pub fn questions(&self) -> &Questions {
        self.loaded.policies.questions()
    }

    /// The sender's standing.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.known.met.as_ref().map_or_else(|| self.senders.standing(&self.event), |met| met.standing)
    }

    /// The points from which an event is suspect, and an attack; and from which a sender is escalated.
    #[must_use]
    pub fn thresholds(&self) -> [u8; 3] {
        let settings = &self.loaded.settings;
        [settings.thresholds.suspect, settings.thresholds.attack, settings.escalation.threshold]
    }

    /// Whether the settings or the owner's lockdown let nothing pass, whatever the policies say.
    #[must_use]
    pub fn lockdown(&self) -> bool {
        self.loaded.settings.lockdown || !self.lock.is_open()
    }

    /// What would have been decided under a hypothesis. Under none it is what the verdict says.
    ///
    /// Costs a run of the policies and the extraction of the facts; some microseconds for an ordinary message.
    #[must_use]
    pub fn judge(&self, hypothesis: &Hypothesis) -> Judgement {
        let mut case = self.case(hypothesis);
        let facts = case.facts;
        let quarantined = case.quarantined();
        let mut verdict = quarantined.unwrap_or_else(|| case.settle(&self.loaded.policies.decide_uncached(&facts)));
        case.over_size(self.over.clone(), &mut verdict);
        case.override_decision(&mut verdict);
        let Verdict { decision, would, reason, by, .. } = verdict;
        Judgement { facts, decision, would, reason, by }
    }

    /// The facts under a hypothesis.
    #[must_use]
    pub fn facts_under(&self, hypothesis: &Hypothesis) -> Facts {
        self.case(hypothesis).facts
    }

    fn case(&self, hypothesis: &Hypothesis) -> Case<'_> {
        let mut case = Case::empty(&self.loaded, &self.event, &self.hold_key);
        (case.senders, case.looks_only, case.lock) = (&self.senders, true, self.lock);
        case.met.clone_from(&self.known.met);
        case.degraded.clone_from(&self.known.degraded);
        case.answered.clone_from(&self.known.answered);
        if let Some(met) = &mut case.met {
            if let Some(standing) = hypothesis.standing {
                met.standing = standing;
                // What somebody may have done goes with the standing.
                met.access.capabilities = match standing {
                    Standing::Owner => Capabilities::ALL,
                    Standing::Approved if met.access.capabilities == Capabilities::NONE => Capabilities::default(),
                    Standing::Approved => met.access.capabilities,
                    _ => Capabilities::NONE,
                };
            }
            met.rate_exceeded = hypothesis.rate_exceeded.unwrap_or(met.rate_exceeded);
        }
        for (threshold, other) in
            case.thresholds.iter_mut().zip([hypothesis.suspect, hypothesis.attack, hypothesis.escalated])
        {
            *threshold = other.unwrap_or(*threshold);
        }
        let findings = self.findings(hypothesis);
        case.detection = self.known.detection.clone().with_findings(findings, self.event.kind);
        case.escalation = self.known.escalation;
        if case.detection.score_escalating != self.known.detection.score_escalating {
            case.escalate();
        }
        case.escalation = hypothesis.escalation.unwrap_or(case.escalation);
        case.gather_facts(self.over.is_some());
        hypothesis.facts.iter().for_each(|(fact, value)| case.facts.set(*fact, usize::from(*value)));
        hypothesis.answers.iter().for_each(|(number, yes)| case.facts.set_answer(*number, *yes));
        case
    }

    fn findings(&self, hypothesis: &Hypothesis) -> Vec<Finding> {
        let mut findings = self.known.detection.findings.clone();
        for (place, points) in &hypothesis.points {
            if let Some(finding) = findings.get_mut(*place) {
                finding.points = *points;
            }
        }
        findings.retain(|finding| finding.points > 0);
        if let Some(Added { points, class, field, category }) = hypothesis.added.filter(|added| added.points > 0) {
            let category = category.unwrap_or_else(|| self.spare_category());
            findings.push(Finding::new("hypothesis", (category, class, points), field, (0, 0)));
        }
        findings
    }

    /// A category that shows in no fact but the scores. Not that of the model, whose points are not added to others.
    fn spare_category(&self) -> Category {
        let asked = |category: Category| {
            let mut questions = self.questions().iter();
            questions.any(|(_, question)| question.ask == Ask::Found && *question.literal == *category.name())
        };
        let found = |category| self.known.detection.findings.iter().any(|finding| finding.category == category);
        let spare = Category::ALL
            .into_iter()
            .rev()
            .find(|category| *category != Category::Model && !asked(*category) && !found(*category));
        spare.unwrap_or(Category::Custom)
    }

    /// The fields of the event in which something more might have been found.
    #[must_use]
    pub fn fields(&self) -> &'static [&'static str] {
        match (self.event.kind, self.event.quoted.is_some(), self.event.attachments.is_empty()) {
            (Kind::Message, false, true) | (Kind::Reply, _, true) => &["text"],
            (Kind::Message, true, true) => &["text", "quoted"],
            (Kind::Message, false, false) | (Kind::Reply, _, false) => &["text", "attachments/0/text"],
            (Kind::Message, true, false) => &["text", "quoted", "attachments/0/text"],
            (Kind::ToolCall, ..) => &["tool/arguments"],
            (Kind::ToolResult, ..) => &["tool/result"],
        }
    }
}

impl std::fmt::Debug for Inquiry {
    /// Shows neither the sender nor the text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inquiry").field("facts", &self.known.facts).finish_non_exhaustive()
    }
}

/// A store that answers from a copy of one sender's record, and leaves the store beneath as it is.
pub(super) struct Copied {
    store: Arc<dyn Store>,
    /// The record with the arrival of the event.
    record: Mutex<Record>,
}

impl Copied {
    pub(super) fn of(store: &Arc<dyn Store>) -> Self {
        Self { store: Arc::clone(store), record: Mutex::default() }
    }
}

impl Store for Copied {
    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError> {
        self.store.copy(key)
    }

    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
        let mut record = self.store.copy(key)?;
        let presence = record.arrive(arrival, terms);
        *self.record.lock().unwrap_or_else(PoisonError::into_inner) = record;
        Ok(presence)
    }

    /// Each answer is the first: points are not kept, so that other points can be tried.
    fn add_points(&self, _: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(record.add_points(at, points, terms))
    }

    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
        self.store.read(table, key)
    }

    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        self.store.changes(table, after, most)
    }

    /// A what-if changes nothing.
    fn commit(&self, _: &[Write]) -> Result<Commit, StoreError> {
        Err(StoreError::Failed("an inquiry keeps nothing".to_owned()))
    }

    fn subscribe(&self, _: Listener) {}

    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
