//! Changes, grouped by cause.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Cause, Comparison};
use crate::verdict::Decision;

/// Causes that are kept for each pair of decisions. A policy that writes facts into its reasons could make thousands.
const CAUSES: usize = 64;

/// All changes that have one cause.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group<E> {
    /// The cause.
    pub cause: Cause,
    /// How many events it changed.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<E>,
    /// Which was the first: its number among all events, from 1.
    pub first: u64,
}

/// What differs between two sides over many events. `E` is what is kept of an example.
///
/// INVARIANT: its size is bounded by the number of causes and examples, not by the number of events: at most 64 causes for
/// each pair of decisions. What is beyond them is counted.
#[derive(Clone, Debug)]
pub struct Diff<E> {
    groups: HashMap<Cause, Group<E>>,
    /// Causes kept, and events, by the decision before and the one now.
    causes: [usize; 9],
    changed: [u64; 9],
    examples: usize,
    events: u64,
    moved: u64,
    beyond: u64,
}

impl<E> Diff<E> {
    /// Nothing compared yet; of each cause, `examples` will be kept.
    #[must_use]
    pub fn new(examples: usize) -> Self {
        let groups = HashMap::new();
        Self { groups, causes: [0; 9], changed: [0; 9], examples, events: 0, moved: 0, beyond: 0 }
    }

    /// Counts one event. The example is made only if it is kept.
    pub fn add(&mut self, comparison: Comparison, example: impl FnOnce() -> E) {
        self.events += 1;
        let cause = match comparison {
            Comparison::Same => return,
            Comparison::Moved => {
                self.moved += 1;
                return;
            }
            Comparison::Changed(cause) => cause,
        };
        let (from, to) = shift(&cause);
        let place = from as usize * 3 + to as usize;
        let (Some(changed), Some(causes)) = (self.changed.get_mut(place), self.causes.get_mut(place)) else { return };
        *changed += 1;
        if !self.groups.contains_key(&cause) {
            if *causes >= CAUSES {
                self.beyond += 1;
                return;
            }
            *causes += 1;
        }
        let first = self.events;
        let group = self.groups.entry(*cause).or_insert_with_key(|cause| Group {
            cause: cause.clone(),
            count: 0,
            examples: Vec::new(),
            first,
        });
        group.count += 1;
        if group.examples.len() < self.examples {
            group.examples.push(example());
        }
    }

    /// Events that were compared.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// Events whose decision changed; with `mode = "observe"` on both sides, what would have been decided.
    #[must_use]
    pub fn changed(&self) -> u64 {
        DECISIONS.into_iter().map(|decision| self.becomes(decision)).sum()
    }

    /// Events that get this decision and had another.
    #[must_use]
    pub fn becomes(&self, decision: Decision) -> u64 {
        DECISIONS.into_iter().filter(|from| *from != decision).map(|from| self.shifted(from, decision)).sum()
    }

    /// Events whose decision stays, while its reason, its answer or what is passed on changes.
    #[must_use]
    pub fn others(&self) -> u64 {
        DECISIONS.into_iter().map(|decision| self.shifted(decision, decision)).sum()
    }

    /// Events that are decided as before, for the same reason, at another place in the policies.
    #[must_use]
    pub const fn moved(&self) -> u64 {
        self.moved
    }

    /// Events with a change whose cause is not kept, since there were too many causes. They are counted in all other sums.
    #[must_use]
    pub const fn beyond(&self) -> u64 {
        self.beyond
    }

    /// The causes that change a decision, the most dangerous first: what becomes allowed, then what was dropped and waits
    /// for the owner now, then what no longer passes; and the most frequent first among equals.
    #[must_use]
    pub fn changes(&self) -> Vec<&Group<E>> {
        self.sorted(|(from, to)| from != to)
    }

    /// The causes that leave the decision: those first that pass on or answer more than before.
    #[must_use]
    pub fn other_causes(&self) -> Vec<&Group<E>> {
        self.sorted(|(from, to)| from == to)
    }

    fn sorted(&self, wanted: impl Fn((Decision, Decision)) -> bool) -> Vec<&Group<E>> {
        let mut groups: Vec<_> = self.groups.values().filter(|group| wanted(shift(&group.cause))).collect();
        groups.sort_by_key(|group| (danger(&group.cause), Reverse(group.count), group.first));
        groups
    }

    fn shifted(&self, from: Decision, to: Decision) -> u64 {
        self.changed.get(from as usize * 3 + to as usize).copied().unwrap_or_default()
    }
}

const DECISIONS: [Decision; 3] = [Decision::Allow, Decision::Drop, Decision::Hold];

/// From which decision to which; with `mode = "observe"` on both sides, what would be decided.
fn shift(cause: &Cause) -> (Decision, Decision) {
    let Cause { old, new, .. } = cause;
    if old.decision == new.decision { (old.wanted(), new.wanted()) } else { (old.decision, new.decision) }
}

/// The place of a cause in the order, the most dangerous first.
fn danger(cause: &Cause) -> u8 {
    use Decision::{Allow, Drop, Hold};
    match shift(cause) {
        (Drop, Allow) => 0,
        (Hold, Allow) => 1,
        // A stranger can ring the owner's bell.
        (Drop, Hold) => 2,
        // Nobody hears of what is lost.
        (Allow, Drop) => 3,
        (Hold, Drop) => 4,
        (Allow, Hold) => 5,
        _ if cause.old.redacted && (!cause.new.redacted || cause.redacts_otherwise) => 6,
        // Silence is broken.
        _ if cause.old.reply != cause.new.reply => 7,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::verdict::{By, Verdict};

    fn verdict(decision: Decision, reason: &str, line: u32) -> Verdict {
        Verdict::new(decision, reason, By::policy("p.rhai", line, 1))
    }

    fn diff_of(pairs: &[(Verdict, Verdict)]) -> Diff<usize> {
        let mut diff = Diff::new(2);
        for (number, (old, new)) in pairs.iter().enumerate() {
            diff.add(Comparison::of_verdicts(old, new), || number);
        }
        diff
    }

    #[test]
    fn what_becomes_allowed_comes_first_and_what_only_moved_is_counted() {
        use Decision::{Allow, Drop, Hold};
        let to = |from, to| (verdict(from, "a", 1), verdict(to, "b", 2));
        let mut pairs = vec![to(Allow, Hold), to(Allow, Hold), to(Drop, Hold), to(Hold, Allow), to(Drop, Allow)];
        pairs.push((verdict(Drop, "a", 1), verdict(Drop, "a", 9)));
        pairs.push((verdict(Drop, "a", 1), verdict(Drop, "a", 1)));
        pairs.push((verdict(Drop, "a", 1), verdict(Drop, "other", 1)));
        let diff = diff_of(&pairs);
        let order: Vec<_> = diff.changes().iter().map(|it| (it.cause.old.decision, it.cause.new.decision)).collect();
        assert_eq!(order, [(Drop, Allow), (Hold, Allow), (Drop, Hold), (Allow, Hold)]);
        assert_eq!((diff.events(), diff.changed(), diff.others(), diff.moved(), diff.beyond()), (8, 5, 1, 1, 0));
        assert_eq!((diff.becomes(Allow), diff.becomes(Hold), diff.becomes(Drop)), (2, 3, 0));
        assert_eq!(diff.changes()[3].examples, [0, 1]);
        assert_eq!(diff.other_causes()[0].examples, [7]);
    }

    #[test]
    fn what_is_passed_on_or_answered_otherwise_is_no_small_thing() {
        let allowed = verdict(Decision::Allow, "", 1);
        let redacted = |text: &str| Verdict { redacted: Some(text.to_owned()), ..allowed.clone() };
        let answering = Verdict { reply: Some("who are you?".to_owned()), ..allowed.clone() };
        let diff = diff_of(&[
            (allowed.clone(), answering),
            (redacted("x"), redacted("y")),
            (redacted("x"), redacted("x")),
            (redacted("x"), allowed),
        ]);
        let order: Vec<_> = diff.other_causes().iter().map(|group| group.examples[0]).collect();
        assert_eq!(order, [1, 3, 0], "what loses its bars comes before what is answered");
        assert_eq!((diff.changed(), diff.others()), (0, 3));
    }

    #[test]
    fn in_observation_what_would_be_decided_is_compared() {
        let observed = |would| Verdict { would: Some(would), ..verdict(Decision::Allow, "a", 1) };
        let diff = diff_of(&[(observed(Decision::Drop), observed(Decision::Allow))]);
        assert_eq!(diff.becomes(Decision::Allow), 1);
        let diff = diff_of(&[(verdict(Decision::Drop, "a", 1), observed(Decision::Drop))]);
        assert_eq!(diff.becomes(Decision::Allow), 1, "what is only observed passes");
    }

    #[test]
    fn a_reason_for_every_event_does_not_fill_the_memory() {
        let mut diff = Diff::new(3);
        for number in 0..100_000_u64 {
            let old = verdict(Decision::Allow, "", 1);
            let new = Verdict { reason: Arc::from(number.to_string()), ..verdict(Decision::Hold, "", 2) };
            diff.add(Comparison::of_verdicts(&old, &new), || number);
        }
        let (old, new) = (verdict(Decision::Drop, "rare", 1), verdict(Decision::Allow, "", 2));
        diff.add(Comparison::of_verdicts(&old, &new), || 0);
        assert_eq!(diff.groups.len(), CAUSES + 1, "a flood of one kind does not hide another");
        assert_eq!(diff.changes()[0].cause.old.reason.as_ref(), "rare");
        assert_eq!((diff.changed(), diff.beyond()), (100_001, 100_000 - CAUSES as u64));
    }
}
