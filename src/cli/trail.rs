//! What `check --live` leaves in the audit log and the store.

use sluicegate::gate::FlushError;
use sluicegate::{Gate, Verdict};

use super::faults;
use super::output::counted;

/// How many verdicts may be made before the log has taken them. A quarter of what may wait for the disk.
const AT_ONCE: u64 = 1024;

/// Watches that the log takes every verdict. Does nothing for a gate that keeps no log.
///
/// A gate never waits for its disk, since a gateway should not; what comes too fast is lost. A command that reads its
/// events from a file or a pipe can wait, so it does.
pub struct Trail<'a> {
    gate: &'a Gate,
    count: u64,
    lost: u64,
    why: Option<String>,
}

impl<'a> Trail<'a> {
    /// Watches the log of `gate`.
    pub fn new(gate: &'a Gate) -> Self {
        Self { gate, count: 0, lost: 0, why: None }
    }

    /// This `verdict` was made; gives it back. Now and then waits for the disk.
    pub fn note<'v>(&mut self, verdict: &'v Verdict) -> &'v Verdict {
        if let Some(degraded) = verdict.degraded.iter().find(|degraded| degraded.station == "audit") {
            self.lost += 1;
            self.why.get_or_insert_with(|| degraded.why.clone());
        }
        self.count += 1;
        if self.count.is_multiple_of(AT_ONCE) {
            // What fails here is tried again by the log. What it then loses is told by a verdict, or at the end.
            let _ = self.gate.flush();
        }
        verdict
    }

    /// Waits for the disk and says whether the log is complete; tells a person if it is not.
    pub fn finish(self) -> bool {
        let flushed = match self.gate.flush() {
            Err(FlushError::Store(error)) => {
                faults::error(&format!("not everything that was learned of senders is kept: {error}"));
                if self.why.is_none() {
                    return false;
                }
                Ok(())
            }
            flushed => flushed,
        };
        let missing = match (self.why, flushed) {
            (None, Ok(())) => return true,
            (None, Err(error)) => error.to_string(),
            (Some(why), Ok(())) => format!("{} missing: {why}", counted(self.lost, "record")),
            // What had been taken before the disk failed is not counted here.
            (Some(_), Err(error)) => format!("{} or more missing: {error}", counted(self.lost, "record")),
        };
        faults::error(&format!("the audit log is not complete: {missing}"));
        false
    }
}
