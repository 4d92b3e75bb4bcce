use std::ops::ControlFlow;

use sluicegate::diagnostic::Source;
use sluicegate::facts::{Facts, Possible, Relations, TABLE};
use sluicegate::policy::{Bounds, Ended, Limits, PolicySet};
use sluicegate::{Decision, Kind};

use super::halves;

/// The input is a policy, a NUL, and facts: a byte for the kind, then a byte for each fact.
///
/// A policy that loads ends (libFuzzer watches the clock), answers the same from the cache and where it is watched, allows
/// nothing when it fails, names a line where it decided, and takes the path that a proof follows.
pub fn holds_for(data: &[u8]) {
    let (script, bytes) = halves(data);
    let Ok(loaded) = PolicySet::load(&[Source::new("fuzzed.rhai", script)], limits()) else { return };
    let set = loaded.set;
    let kind = Kind::ALL[usize::from(bytes.first().copied().unwrap_or_default()) % Kind::ALL.len()];
    let mut facts = Facts::new(kind);
    for (fact, value) in TABLE.iter().zip(bytes.iter().skip(1)) {
        facts.set(fact.id, usize::from(*value));
    }
    for (number, _) in set.questions().iter().filter(|(number, _)| number % 2 == u16::from(bytes.len() % 2 == 0)) {
        facts.answer_yes(number);
    }

    let ruling = set.decide(&facts);
    let mut rulings = Vec::new();
    let only = Possible::only(&facts);
    let explored = set.paths(&only, set.questions(), &Relations::none(), &Bounds::default(), &mut |path| {
        rulings.push(path.ruling.clone());
        ControlFlow::Continue(())
    });
    assert_eq!((explored.ended, rulings), (Ended::Complete, vec![ruling.clone()]), "a proof sees another path");
    if ruling.failure.is_some() {
        let closed = if kind == Kind::Message { Decision::Drop } else { Decision::Hold };
        assert_eq!(ruling.decision, closed, "a policy that failed is not closed: {ruling:?}");
    } else {
        assert_eq!(set.decide(&facts), ruling, "the cache remembers another ruling");
        assert_eq!(set.decide_uncached(&facts), ruling, "the same facts, another ruling");
        let trace = set.trace(&facts);
        assert_eq!(trace.ruling, ruling, "another ruling where it is watched");
        assert!(trace.runs.iter().all(|run| run.complete), "not all was seen: {trace:?}");
        assert_eq!(
            ruling.policy.is_some(),
            ruling.line.is_some(),
            "a policy decided, and nobody knows where: {ruling:?}"
        );
    }
    assert!(ruling.policy.is_some() || ruling.decision != Decision::Allow, "the end of the chain allows");
}

/// A deadline that a slow, instrumented build does not reach: a ruling that depends on the clock could not be compared.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.deadline_ms = 2_000;
    limits
}
