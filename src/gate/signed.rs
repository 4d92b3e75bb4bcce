//! Messages of agents, from their bytes to a verdict.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Case, Gate};
use crate::auth::{Check, Refusal, Verified};
use crate::event::{Event, Kind};
use crate::verdict::{By, Degraded, Severity, Station, Verdict};

impl Gate {
    /// Judges a message that an agent has signed: its bytes as they were received, and when, in milliseconds since 1970.
    ///
    /// What is verified is judged as an event of that agent, with the fact `agent_verified`. What is not is answered like a line
    /// that is no event: closed, with one and the same reason, whatever is wrong with it. Which check it failed stands in the
    /// audit log; [`verify_signed`](Self::verify_signed) tells it to the owner's program.
    #[must_use]
    pub fn check_signed(&self, bytes: &[u8], received_at: u64) -> Verdict {
        match self.verify_signed(bytes, received_at) {
            Ok(verified) => self.check_verified(&verified),
            Err(refusal) => self.refused(&refusal, received_at),
        }
    }

    /// Verifies a message that an agent has signed, and judges nothing yet. It is noted as seen: the same bytes are not
    /// believed again. The agents and their keys are those of the settings in force.
    ///
    /// # Errors
    /// Where anything is not as it should be. The reason is for the owner; it is never told to whoever sent the message.
    pub fn verify_signed(&self, bytes: &[u8], received_at: u64) -> Result<Verified, Refusal> {
        let loaded = self.loaded.load();
        catch_unwind(AssertUnwindSafe(|| loaded.agents.verify(bytes, received_at, &self.nonces)))
            .unwrap_or_else(|_| Err(Refusal::new(Check::Broken)))
    }

    /// Judges a message that was verified.
    #[must_use]
    pub fn check_verified(&self, verified: &Verified) -> Verdict {
        self.answer(verified.event(), true, self.keeps_holds).0
    }

    /// The verdict on a message that was refused, noted in the log with the check that it failed.
    #[must_use]
    pub fn refused(&self, refusal: &Refusal, received_at: u64) -> Verdict {
        let loaded = self.loaded.load();
        let event = Event::new(Kind::Message, received_at);
        let mut verdict = loaded.closed(event.kind, "not a readable event");
        verdict.by = By::station(Station::Event);
        verdict.error = Some("the signed message could not be read".to_owned());
        verdict.degraded.push(Degraded::new(Severity::Partial, "auth", "a signed message was refused"));
        let case = Case::empty(&loaded, &event, &self.hold_key);
        // INVARIANT: the verdict, which a gateway may pass on, is the same for every reason; the log alone tells it.
        let mut told = verdict.clone();
        told.reason = format!("not a readable event: {}", refusal.check().name()).into();
        let before = told.degraded.len();
        self.record(&case, &mut told);
        verdict.degraded.extend(told.degraded.drain(before..));
        verdict
    }
}
