//! Asking the policies about an event of which not every fact is known.

use std::fmt;

use super::decide::{End, ruling};
use super::paths::{Explorer, Open};
use super::{PolicySet, Ruling};
use crate::facts::{FactId, Possible};

/// The fact that a policy has to read, and that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// A fact of the table.
    Fact(FactId),
    /// The answer to a question, by its number in [`PolicySet::questions`].
    Answer(u16),
}

/// Asks policies about events of which not every fact is known, such as those of a log that an older version wrote.
///
/// ```
/// use sluicegate::diagnostic::Source;
/// use sluicegate::facts::{FactId, Possible};
/// use sluicegate::policy::{Limits, Missing, PolicySet};
/// use sluicegate::Kind;
///
/// let script = "fn on_message(m) { if m.sender_blocked { drop(\"blocked\") } if m.score >= 8 { hold(\"?\") } allow(); }";
/// let set = PolicySet::load(&[Source::new("mine.rhai", script)], Limits::default())?.set;
/// let mut event = Possible::new(Kind::Message);
/// assert_eq!(set.asker().decide(&event), Err(Missing::Fact(FactId::SenderBlocked)));
/// event.keep(FactId::SenderBlocked, |value| value == 1);
/// assert!(set.asker().decide(&event).is_ok(), "the points are not looked at");
/// # Ok::<(), sluicegate::diagnostic::LoadError>(())
/// ```
pub struct Asker<'s> {
    set: &'s PolicySet,
    explorer: Explorer<'s>,
}

impl PolicySet {
    /// Prepares to ask about events of which not every fact is known. Costs some tenths of a millisecond.
    #[must_use]
    pub fn asker(&self) -> Asker<'_> {
        Asker { set: self, explorer: Explorer::new(self, &self.questions) }
    }
}

impl<'s> Asker<'s> {
    /// The policies that are asked.
    #[must_use]
    pub const fn policies(&self) -> &'s PolicySet {
        self.set
    }

    /// What the policies say about every event that is possible, with questions numbered as in
    /// [`PolicySet::questions`]: the same as [`PolicySet::decide_uncached`] for each of them. Costs some microseconds.
    ///
    /// Operations are counted, and there is no deadline: the answer does not depend on how busy the machine is.
    ///
    /// # Errors
    /// The first fact that the policies read and that is open. Nothing is guessed; only what makes no difference to any
    /// comparison in the policies may be open.
    pub fn decide(&self, possible: &Possible) -> Result<Ruling, Missing> {
        let kind = possible.kind();
        for file in self.explorer.files(kind) {
            let end = match self.explorer.run(file, possible).end {
                End::Open(Open::Fact(fact, _)) => return Err(Missing::Fact(fact)),
                End::Open(Open::Question(number)) => return Err(Missing::Answer(number)),
                end => end,
            };
            if let Some(ruling) = ruling(file, kind, end) {
                return Ok(ruling);
            }
        }
        Ok(Ruling::undecided(kind))
    }
}

impl fmt::Debug for Asker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Asker").field(self.set).finish()
    }
}
