//! Answering what is held, and letting it go.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::case::{Case, hold_id};
use super::inquiry::Copied;
use super::{Gate, size};
use crate::answer::Answers;
use crate::event::{Digest, Event};
use crate::hold::{HeldEvent, HoldError, HoldId, Holds, Token};
use crate::sender::Senders;
use crate::store::{Actor, Store, StoreError};
use crate::verdict::{Decision, Verdict};

/// What becomes of an approved event when it is judged again.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "it passes or it does not")]
pub enum Release {
    /// It passes.
    Released(Box<Released>),
    /// What judges now does not let it pass, approved or not.
    Refused(Box<Refusal>),
}

/// An approved event on its way to the agent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Released {
    /// The event, exactly as it was held.
    pub event: Event,
    /// The second verdict: allow, perhaps with something blacked out.
    pub verdict: Verdict,
    /// What the gateway redeems before it acts on the event.
    pub token: Token,
}

/// An approved event that does not pass.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refusal {
    /// The second verdict, with its reason: drop or hold. It has no ticket.
    pub verdict: Verdict,
}

impl Gate {
    /// What waits for the owner.
    #[must_use]
    pub const fn holds(&self) -> &Holds {
        &self.holds
    }

    /// The owner's standing answers to tool calls.
    #[must_use]
    pub const fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Approves a hold, and takes back the points that its sender got for it. Who calls this has made sure that `by` is the
    /// owner. The event is not released yet; [`release`](Self::release) does, for the gateway.
    ///
    /// The approval is durable when this returns. Points are not: the second part of the answer says whether they could be
    /// taken back.
    ///
    /// # Errors
    /// When nothing is held under this id, somebody else has answered first, or its time is up.
    pub fn approve(&self, id: &HoldId, by: &Actor, at: u64) -> Result<(HeldEvent, Result<(), StoreError>), HoldError> {
        let held = self.holds.approve(id, by, at)?;
        let forgiven = held
            .points
            .map_or(Ok(()), |given| self.loaded.load().senders.forgive(&held.sender_key(), given.at, given.points));
        Ok((held, forgiven))
    }

    /// Denies a hold. Who calls this has made sure that `by` is the owner.
    ///
    /// # Errors
    /// As [`approve`](Self::approve).
    pub fn deny(&self, id: &HoldId, by: &Actor, at: u64) -> Result<HeldEvent, HoldError> {
        self.holds.deny(id, by, at)
    }

    /// Ends a hold that the gateway waits for no more, such as a tool call that had to be answered in time. Who calls this is the
    /// gateway; it can let nothing pass.
    ///
    /// # Errors
    /// As [`deny`](Self::deny), and where it was released already.
    pub fn withdraw(&self, id: &HoldId, by: &Actor, at: u64) -> Result<HeldEvent, HoldError> {
        self.holds.withdraw(id, by, at)
    }

    /// Judges an approved event again, by what is in force now, with the fact `approved`; where that allows it, gives the event
    /// and a token for the gateway. Nothing of the judgement is remembered of the sender; the log tells of it.
    ///
    /// Where it does not pass, nothing is changed: the approval stands until it lapses, should the policy be changed meanwhile.
    /// Who asks again before the token is redeemed gets the same token.
    ///
    /// # Errors
    /// When nothing is held under this id, or it is not approved, used, or its time is up.
    pub fn release(&self, id: &HoldId, at: u64) -> Result<Release, HoldError> {
        let held = self.holds.approved(id, at)?;
        let verified = held.verified;
        let event = held.event.ok_or(HoldError::Settled(held.state))?;
        let verdict = self.judge_again(&event, verified, true);
        // INVARIANT: what is released is what was approved: the record is sealed, and the digest is asked all the same.
        if verdict.decision != Decision::Allow || event.digest() != held.digest {
            return Ok(Release::Refused(Box::new(Refusal { verdict })));
        }
        let (_, token) = self.holds.hand_out(id, at)?;
        Ok(Release::Released(Box::new(Released { event, verdict, token })))
    }

    /// The hold of this very event, for a gateway that meets its events again, as those of a conversation that is sent anew with
    /// each turn. An event is the same where its id and all that it says are. Waits for the disk.
    ///
    /// # Errors
    /// When the event is not held, or the store gives no answer.
    pub fn held_as(&self, event: &Event) -> Result<HeldEvent, HoldError> {
        let id = hold_id(&self.hold_key, event, &event.digest());
        self.holds.get(&self.holds.id(&id)?)
    }

    /// What would become of an approved event, were it released now; none where the event is no longer kept. Changes nothing.
    #[must_use]
    pub fn judge_held(&self, held: &HeldEvent) -> Option<Verdict> {
        held.event.as_ref().map(|event| self.judge_again(event, held.verified, false))
    }

    /// How an event is judged now that the owner has approved, for a gateway that meets it again after it was used. Changes nothing.
    #[must_use]
    pub fn judge_as_approved(&self, event: &Event) -> Verdict {
        self.judge_again(event, false, false)
    }

    /// Redeems a token, once; the gateway acts only after that. `digest` is that of the event which it is about to act on.
    ///
    /// # Errors
    /// As [`Holds::redeem`].
    pub fn redeem(&self, token: &Token, digest: &Digest, at: u64) -> Result<(), HoldError> {
        self.holds.redeem(token, digest, at)
    }

    /// The verdict on an event that the owner has approved, and an agent had signed, or not. Whom the settings name no more is no
    /// agent any more.
    fn judge_again(&self, event: &Event, verified: bool, record: bool) -> Verdict {
        let loaded = self.loaded.load_full();
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let store: Arc<dyn Store> = Arc::new(Copied::of(&self.store));
            let senders = Senders::new(&loaded.settings.senders(), &self.secret, store);
            let senders = senders.with_people(Arc::clone(&self.people));
            let over = size::over(event, &loaded.settings.limits);
            let mut case = Case::empty(&loaded, event, &self.hold_key);
            (case.senders, case.looks_only, case.approved) = (&senders, true, true);
            case.verified = verified && loaded.signers.name(event);
            case.lock = self.switches.lock();
            case.greet();
            case.ask_answers(&self.answers);
            if over.is_none() {
                case.detect(&self.carry);
            }
            case.escalate();
            case.gather_facts(over.is_some());
            let mut verdict = case.decide();
            case.over_size(over, &mut verdict);
            case.override_decision(&mut verdict);
            verdict.hold = None;
            case.fill(&mut verdict);
            if record {
                self.record(&case, &mut verdict);
            }
            verdict
        }));
        judged.unwrap_or_else(|_| {
            let mut verdict = loaded.closed(event.kind, "a part of the gate failed");
            verdict.id.clone_from(&event.id);
            verdict
        })
    }
}
