//! The cases: each station of the hot path, for each size, ordinary and hostile.

use std::hint::black_box;

use crate::support;

/// Does the call with this number.
pub type Call = Box<dyn FnMut(usize)>;

/// One case.
pub struct Case {
    pub name: String,
    /// Does what must not be counted, for this many calls, and gives the call.
    pub prepare: Box<dyn FnOnce(usize) -> Call>,
}

/// Every case, in the order of the table.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in support::KINDS {
        for (size, _) in support::SIZES {
            cases.push(Case { name: format!("detect/{kind}/{size}"), prepare: Box::new(move |_| detect(kind, size)) });
        }
    }
    cases
}

fn detect(kind: &str, size: &str) -> Call {
    let detector = support::starter_detector();
    let events = support::events(kind, size);
    Box::new(move |call| {
        black_box(detector.detect(black_box(&events[call % events.len()])));
    })
}
