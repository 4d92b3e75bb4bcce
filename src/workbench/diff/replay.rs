//! Events, judged by two gates.

use super::{Comparison, Diff};
use crate::event::Event;
use crate::gate::Gate;
use crate::verdict::Verdict;

/// Judges events by two gates and keeps what differs.
///
/// The gates should be built alike, with one key, and each with a store of its own: then what each side remembers of a sender
/// is what it would have remembered, and nothing but the change itself makes a difference.
pub struct Replay<'g, E> {
    old: &'g Gate,
    new: &'g Gate,
    diff: Diff<E>,
}

impl<'g, E> Replay<'g, E> {
    /// Begins a replay; of each cause, `examples` are kept.
    #[must_use]
    pub fn new(old: &'g Gate, new: &'g Gate, examples: usize) -> Self {
        Self { old, new, diff: Diff::new(examples) }
    }

    /// Judges the next event by both. Costs two checks. `example` makes what is kept of an event whose verdict differs, of the
    /// verdicts before and now; it is called only for the few that are kept.
    pub fn event(&mut self, event: &Event, example: impl FnOnce(&Verdict, &Verdict) -> E) {
        let (old, new) = (self.old.check(event), self.new.check(event));
        self.diff.add(Comparison::of_verdicts(&old, &new), || example(&old, &new));
    }

    /// What differs.
    #[must_use]
    pub fn finish(self) -> Diff<E> {
        self.diff
    }
}
