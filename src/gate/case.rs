//! One event on its way through the stations.

use std::sync::Arc;

use super::loaded::Loaded;
use super::{redact, size};
use crate::answer::{Answered, Answers};
use crate::config::Mode;
use crate::detect::{Carried, Carry, Detection};
use crate::event::{Digest, Event, Kind};
use crate::facts::{FactId, Facts, Known};
use crate::hold::{HeldEvent, HoldId, Holds, Put, State, notice};
use crate::keys::MacKey;
use crate::owner::Lock;
use crate::policy::Ruling;
use crate::sender::{
    Access, Capabilities, Claim, EVERY_ACCOUNT, Met, People, Recognised, Senders, Standing, person_of,
};
use crate::store::{Person, Seen, StoreError};
use crate::verdict::{By, Decision, Degraded, Finding, HoldTicket, Notice, Severity, Station, Verdict};

/// Milliseconds that a held tool call waits for the owner where the policy does not say: ten minutes, or the agent's task
/// is over.
const TOOL_CALL_WAITS: u64 = 10 * 60 * 1_000;
/// Milliseconds that other held events wait: a day.
const OTHERS_WAIT: u64 = 24 * 60 * 60 * 1_000;

/// What the stations made of an event so far.
pub(super) struct Case<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) senders: &'a Senders,
    /// Points from which an event is suspect, and an attack; and from which a sender is escalated.
    pub(super) thresholds: [u8; 3],
    /// Whether an agent has signed the event, and the signature is right.
    pub(super) verified: bool,
    /// Whether the event is only looked at, and nothing of it remembered.
    pub(super) looks_only: bool,
    /// How the owner's lockdown stands.
    pub(super) lock: Lock,
    pub(super) event: &'a Event,
    pub(super) hold_key: &'a MacKey,
    /// What the event has to do with pairing.
    claim: Claim,
    pub(super) met: Option<Met>,
    pub(super) detection: Detection,
    pub(super) escalation: u8,
    /// Whether the owner has approved the event, and it is judged again for that.
    pub(super) approved: bool,
    /// What the owner's standing answers say of it.
    pub(super) answered: Answered,
    pub(super) facts: Facts,
    pub(super) degraded: Vec<Degraded>,
    /// The policy that broke.
    pub(super) broken: Option<Arc<str>>,
}

impl<'a> Case<'a> {
    pub(super) fn empty(loaded: &'a Loaded, event: &'a Event, hold_key: &'a MacKey) -> Self {
        let mut facts = Facts::new(event.kind);
        facts.set(FactId::Unread, 1);
        let (met, detection, degraded) = (None, Detection::default(), Vec::new());
        let (points, senders) = (&loaded.settings.thresholds, &loaded.senders);
        let thresholds = [points.suspect, points.attack, loaded.settings.escalation.threshold];
        let (verified, looks_only) = (false, false);
        Self {
            loaded,
            senders,
            thresholds,
            verified,
            looks_only,
            lock: Lock::Open,
            event,
            hold_key,
            claim: Claim::None,
            met,
            detection,
            escalation: 0,
            approved: false,
            answered: Answered::default(),
            facts,
            degraded,
            broken: None,
        }
    }

    /// Who is it?
    pub(super) fn meet(loaded: &'a Loaded, event: &'a Event, hold_key: &'a MacKey) -> Self {
        let mut case = Self::empty(loaded, event, hold_key);
        let from = case.senders.recognise(event);
        case.claim = case.senders.pair(event, &from);
        let paired = matches!(case.claim, Claim::Paired { .. });
        // Who has just paired is somebody else from here on.
        case.greet_as(if paired { case.senders.recognise(event) } else { from });
        if let Some(met) = &mut case.met {
            met.access.paired_now = paired;
            case.senders.knock(event, met);
        }
        case
    }

    pub(super) fn greet(&mut self) {
        self.greet_as(self.senders.recognise(self.event));
    }

    fn greet_as(&mut self, from: Recognised<'_>) {
        match self.senders.meet_as(self.event, from) {
            Ok(met) => self.met = Some(met),
            Err(error) => self.store_failed(&error),
        }
        if let Some(why) = self.senders.behind() {
            self.degraded.push(Degraded::new(Severity::Failed, "people", why.as_str()));
        }
    }

    /// What has the owner answered for good?
    pub(super) fn ask_answers(&mut self, answers: &Answers) {
        if self.event.kind != Kind::ToolCall {
            return;
        }
        let at = self.met.as_ref().map_or(self.event.at, |met| met.now);
        self.answered = answers.about(self.event, self.person().as_ref(), at, &self.loaded.scene);
        if let Some(error) = self.answered.unread.clone() {
            self.store_failed(&error);
        }
        if self.answered.everything && matches!(self.standing(), Standing::Owner | Standing::Approved) {
            let why = "a standing answer allows every tool call; `sluicegate answer list` shows it";
            self.degraded.push(Degraded::new(Severity::Partial, "answer", why));
        }
    }

    /// Who it is, as the owner names people.
    pub(super) fn person(&self) -> Option<Person> {
        Some(person_of(self.event, self.met.as_ref()?.id.as_ref()?))
    }

    /// What does the text try to do?
    pub(super) fn detect(&mut self, carry: &Carry) {
        let carried = self.carried(carry).unwrap_or_default();
        self.detection = self.loaded.detector.detect_after(self.event, &carried);
        if self.detection.partial {
            let why = "a search or decoding budget was spent before everything had been read";
            self.degraded.push(Degraded::new(Severity::Partial, "detect", why));
        }
    }

    /// What did the sender write before, in this chat? Of whoever has no name, that is known only in a chat of two.
    fn carried(&self, carry: &Carry) -> Option<Carried> {
        let met = self.met.as_ref().filter(|_| self.event.kind == Kind::Message)?;
        let alone = !self.event.chat.group && !self.event.chat.id.is_empty();
        let again = met.seen == Seen::Same;
        let key = met.key.as_bytes();
        let known = met.id.is_some() || alone;
        known.then(|| {
            if self.looks_only { carry.look(key, self.event, again) } else { carry.pass(key, self.event, again) }
        })
    }

    /// What has the sender been doing?
    pub(super) fn escalate(&mut self) {
        let Some(met) = &self.met else { return };
        match self.senders.escalate(met, self.detection.score_escalating) {
            Ok(escalation) => self.escalation = escalation,
            Err(error) => self.store_failed(&error),
        }
    }

    fn store_failed(&mut self, error: &StoreError) {
        self.degraded.push(Degraded::new(Severity::Failed, "store", error.to_string()));
    }

    pub(super) fn standing(&self) -> Standing {
        self.loaded.signers.standing(self.event, self.verified, self.known().0)
    }

    /// Who a sender is depends on the settings and on memory, so a store that fails does not make a blocked sender another.
    fn known(&self) -> (Standing, Access) {
        self.met.as_ref().map_or_else(|| self.senders.known(self.event), |met| (met.standing, met.access))
    }

    /// Only a reply goes to somebody; for the rest nobody is asked.
    fn recipient(&self) -> Standing {
        if self.event.kind == Kind::Reply { self.senders.recipient(self.event) } else { Standing::Unknown }
    }

    pub(super) fn gather_facts(&mut self, over_size: bool) {
        let [suspect, attack, escalated] = self.thresholds;
        let (standing, (known_as, mut access)) = (self.standing(), self.known());
        // INVARIANT: what somebody may have done goes with the standing: what only says to be an agent's may nothing.
        if standing != known_as {
            let approved = standing == Standing::Approved;
            access.capabilities = if approved { Capabilities::default() } else { Capabilities::NONE };
        }
        let known = Known {
            event: self.event,
            standing,
            access,
            recipient: self.recipient(),
            agent_verified: self.verified,
            rate_exceeded: self.met.as_ref().is_some_and(|met| met.rate_exceeded),
            escalation: self.escalation,
            detection: &self.detection,
            scene: &self.loaded.scene,
            approved: self.approved,
            answered: (self.answered.allow, self.answered.deny),
            suspect,
            attack,
            escalated,
        };
        self.facts = Facts::of(&known, self.loaded.policies.questions());
        if over_size {
            self.facts.set(FactId::Unread, 1);
        }
    }

    /// What do the owner's policies say?
    pub(super) fn decide(&mut self) -> Verdict {
        self.quarantined().unwrap_or_else(|| {
            let ruling = self.loaded.policies.decide_shared(&self.facts);
            self.settle(&ruling)
        })
    }

    /// The closed decision, where the policies are in quarantine and none stand in for them.
    pub(super) fn quarantined(&mut self) -> Option<Verdict> {
        let why = self.loaded.quarantine.get()?;
        self.degraded.push(Degraded::new(Severity::Failed, "policy", why.clone()));
        Some(self.loaded.closed(self.event.kind, "the policy is in quarantine"))
    }

    /// What becomes of a ruling.
    pub(super) fn settle(&mut self, ruling: &Ruling) -> Verdict {
        if let Some(failure) = &ruling.failure {
            self.degraded.push(Degraded::new(Severity::Failed, "policy", failure.clone()));
            self.broken.clone_from(&ruling.policy);
        }
        let failed = self.degraded.iter().any(|degraded| degraded.severity == Severity::Failed);
        if failed {
            return self.loaded.closed(self.event.kind, "a part of the gate failed");
        }
        let Ruling { decision, reason, reply, redact, replace, .. } = ruling;
        let mut by = By::station(Station::Policy);
        (by.policy, by.line, by.column) = (ruling.policy.clone(), ruling.line, ruling.column);
        let mut verdict = Verdict::new(*decision, Arc::clone(reason), by);
        verdict.reply = reply.as_ref().map(|text| text.to_string());
        if *decision == Decision::Hold {
            verdict.hold = Some(self.ticket(ruling.expires_ms));
        }
        if let Some(text) = replace {
            verdict.redacted = Some(text.to_string());
        } else if !redact.is_empty() {
            // Of what is cut over several messages, the earlier ones are gone.
            let cut = |finding: &Finding| !finding.earlier.is_empty() && redact.contains(&finding.category);
            let whole = !self.detection.findings.iter().any(cut);
            match redact::redact(&self.loaded.detector, self.event, redact).filter(|_| whole) {
                Some(text) => verdict.redacted = Some(text),
                None => {
                    let why = "not everything could be blacked out";
                    self.degraded.push(Degraded::new(Severity::Failed, "redact", why));
                    return self.loaded.closed(self.event.kind, why);
                }
            }
        }
        verdict
    }

    /// Whom the policy drops is dropped in silence, long text or not: no stranger makes the owner's bell ring with one.
    pub(super) fn over_size(&self, over: Option<size::Over>, verdict: &mut Verdict) {
        // What the owner has approved was too long then already.
        let answered = |over: &size::Over| self.approved && over.decision == Decision::Hold;
        if let Some(over) = over.filter(|over| verdict.decision != Decision::Drop && !answered(over)) {
            *verdict = Verdict::new(over.decision, over.reason, By::station(Station::Size));
        }
    }

    /// What comes after the policy; the first that applies.
    pub(super) fn override_decision(&mut self, verdict: &mut Verdict) {
        if self.lock == Lock::Unreadable {
            // Nobody knows whether the owner has closed it. What failed before has been told, and is closed as well.
            if verdict.by.station != Station::Failure {
                *verdict = self.loaded.closed(self.event.kind, "a part of the gate failed");
            }
            let why = "the owner's switches cannot be read, or somebody else than the owner has turned them";
            self.degraded.push(Degraded::new(Severity::Failed, "lockdown", why));
            return;
        }
        let settings = &self.loaded.settings;
        let (decision, reason) = if settings.lockdown || self.lock == Lock::Closed {
            (settings.closed.decision(self.event.kind), "lockdown")
        } else if self.answered.closed {
            (Decision::Drop, "all tool calls are denied")
        } else if self.standing() == Standing::Blocked {
            if verdict.decision == Decision::Drop {
                return;
            }
            (Decision::Drop, "blocked sender")
        } else if settings.mode == Mode::Observe && self.senders.behind().is_none() {
            // The reason stays: it says why the event would not have passed. Nothing is changed or answered.
            verdict.would = Some(verdict.decision);
            verdict.decision = Decision::Allow;
            (verdict.hold, verdict.reply, verdict.redacted) = (None, None, None);
            return;
        } else {
            return;
        };
        let would = verdict.would;
        *verdict = Verdict::new(decision, reason, By::station(Station::Override));
        verdict.would = would;
    }

    /// What waits for the owner gets a ticket, and the owner a notice, with the sender's name where `people` may be asked.
    pub(super) fn hold(&self, people: Option<&People>, verdict: &mut Verdict) {
        if verdict.decision != Decision::Hold {
            verdict.hold = None;
            return;
        }
        if verdict.hold.is_none() {
            verdict.hold = Some(self.ticket(None));
        }
        let id = verdict.hold.as_ref().and_then(|ticket| ticket.id.parse::<HoldId>().ok());
        if let Some(id) = id {
            let name = people.and_then(|people| self.owners_name(people));
            let text = notice(self.event, &id, &verdict.reason, name.as_deref());
            verdict.notices.push(Notice { to: "owner", text });
        }
    }

    /// What the owner calls the sender, on this account or on all of them. Waits for the disk.
    fn owners_name(&self, people: &People) -> Option<String> {
        let here = self.person()?;
        let anywhere = Person { account: EVERY_ACCOUNT.to_owned(), ..here.clone() };
        let name =
            |who: &Person| people.show(who).ok().flatten().map(|record| record.name).filter(|name| !name.is_empty());
        name(&here).or_else(|| name(&anywhere))
    }

    /// A ticket is only given for what the store has. Waits for the disk.
    pub(super) fn keep(&mut self, holds: &Holds, verdict: &mut Verdict) {
        let Some(ticket) = &mut verdict.hold else { return };
        let Ok(id) = ticket.id.parse::<HoldId>() else { return };
        let now = self.met.as_ref().map_or(self.event.at, |met| met.now);
        let mut held = HeldEvent::new(self.event, ticket.digest, now, ticket.expires)
            .because(&verdict.reason, &verdict.by)
            .found(&self.detection.findings, self.detection.score, &self.loaded.revision);
        held.verified = self.verified;
        if let Some(met) = &self.met {
            let known = matches!(met.standing, Standing::Owner | Standing::Approved);
            let points = met.counts.then_some((met.now, self.detection.score_escalating));
            held = held.from_sender(&met.key, known, points);
        }
        let why = match holds.put(&id, &held, &self.loaded.settings.hold) {
            Ok(Put::Held { made_room: 0 }) => return,
            Ok(Put::Held { made_room }) => {
                let events = if made_room == 1 { "event was" } else { "events were" };
                let why = format!("too much waits for the owner: {made_room} {events} refused to make room");
                self.degraded.push(Degraded::new(Severity::Partial, "hold", why.clone()));
                verdict.notices.push(Notice { to: "owner", text: why });
                return;
            }
            Ok(Put::Again(held)) => {
                // Whoever has answered is not asked again.
                if held.state_at(now) != State::Waiting {
                    verdict.notices.retain(|notice| !notice.text.contains(&ticket.id));
                }
                ticket.expires = held.expires;
                return;
            }
            Ok(Put::Full) => {
                "too much waits for the owner, most of it from this sender; this event was refused".to_owned()
            }
            Err(error) => format!("the event could not be kept for the owner: {error}"),
        };
        // INVARIANT: no ticket without a record, or the owner would be asked for what nobody can answer.
        let mut closed = self.loaded.closed(self.event.kind, "could not be kept for the owner");
        closed.notices.push(Notice { to: "owner", text: why.clone() });
        self.degraded.push(Degraded::new(Severity::Failed, "hold", why));
        *verdict = closed;
    }

    /// The same event gets the same ticket again, another event another one, whatever it says.
    fn ticket(&self, expires_ms: Option<u64>) -> HoldTicket {
        let digest = self.met.as_ref().and_then(|met| met.digest).unwrap_or_else(|| self.event.digest());
        let now = self.met.as_ref().map_or(self.event.at, |met| met.now);
        let wait = expires_ms.unwrap_or(match self.event.kind {
            Kind::ToolCall => TOOL_CALL_WAITS,
            Kind::Message | Kind::Reply | Kind::ToolResult => OTHERS_WAIT,
        });
        HoldTicket::new(hold_id(self.hold_key, self.event, &digest), digest, now.saturating_add(wait))
    }

    /// Where the settings want it so, an unknown sender who is dropped by the policy is answered with a pairing code.
    pub(super) fn answer_with_code(&self, verdict: &mut Verdict) {
        let dropped = verdict.decision == Decision::Drop && verdict.by.station == Station::Policy;
        let Some(met) = self.met.as_ref().filter(|_| dropped && verdict.reply.is_none()) else { return };
        if let Some(code) = self.senders.answer_to(self.event, met) {
            verdict.reply = Some(format!("I do not know you yet. Tell my owner this code: {code}"));
            let text =
                format!("somebody unknown on {} asks to be approved: see `sluicegate pair list`", self.event.channel);
            verdict.notices.push(Notice { to: "owner", text });
        }
    }

    /// What the owner is told of pairing: by the id of the code, never by the code. The event says who it was.
    fn pairing_notice(&mut self) -> Option<Notice> {
        let text = match &self.claim {
            Claim::None => return None,
            Claim::Paired { id, name, standing } => {
                let whom = if name.is_empty() { "a sender".to_owned() } else { name.clone() };
                let then = match standing {
                    Standing::Approved => "is approved",
                    _ => "waits until you approve the sender",
                };
                format!("{whom} has written the pairing code {id} on {} and {then}", self.event.channel)
            }
            Claim::Closed(codes) => {
                let codes = codes.join(", ");
                format!("somebody guesses at pairing codes: closed {codes}; make a new one when it is over")
            }
            Claim::Failed(why) => {
                self.degraded.push(Degraded::new(Severity::Partial, "pairing", why.clone()));
                return None;
            }
        };
        Some(Notice { to: "owner", text })
    }

    /// What every verdict carries.
    pub(super) fn fill(&mut self, verdict: &mut Verdict) {
        verdict.id.clone_from(&self.event.id);
        verdict.score = self.detection.score;
        verdict.escalation = self.escalation;
        verdict.findings = std::mem::take(&mut self.detection.findings);
        verdict.counted = std::mem::take(&mut self.detection.counted);
        verdict.notices.extend(self.pairing_notice());
        verdict.degraded = std::mem::take(&mut self.degraded);
        if let Some(why) = &self.loaded.stands_in {
            verdict.degraded.push(Degraded::new(Severity::Partial, "policy", why.clone()));
        }
        verdict.revision = Arc::clone(&self.loaded.revision);
    }
}

/// The id that an event is held under.
///
/// It is keyed, since it stands in the log: a plain digest there would let anybody try out senders and texts.
pub(super) fn hold_id(key: &MacKey, event: &Event, digest: &Digest) -> String {
    let code = match event.id.as_deref() {
        Some(id) => key.mac(&[digest.as_bytes(), b"id", id.as_bytes()]),
        None => key.mac(&[digest.as_bytes(), b"at", &event.at.to_le_bytes()]),
    };
    let mut id = hex::encode(code);
    id.truncate(32);
    id
}
