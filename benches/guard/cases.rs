//! The cases: each station of the hot path, for each size, ordinary and hostile.

use std::hint::black_box;

use crate::support;

/// Does one call.
pub type Call = Box<dyn FnMut()>;

/// One case.
pub struct Case {
    pub name: String,
    /// Does what must not be counted, and gives the call.
    pub prepare: Box<dyn FnOnce() -> Call>,
}

/// Every case, in the order of the table.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (station, prepare) in [("detect", detect as fn(&str, &str) -> Call), ("check", check)] {
        for kind in support::KINDS {
            for (size, _) in support::SIZES {
                let prepare = Box::new(move || prepare(kind, size));
                cases.push(Case { name: format!("{station}/{kind}/{size}"), prepare });
            }
        }
    }
    cases
}

fn detect(kind: &str, size: &str) -> Call {
    let detector = support::starter_detector();
    let mut traffic = support::Traffic::new(kind, size);
    Box::new(move || {
        black_box(detector.detect(black_box(traffic.next())));
    })
}

fn check(kind: &str, size: &str) -> Call {
    let gate = support::starter_gate();
    let mut traffic = support::Traffic::new(kind, size);
    Box::new(move || {
        black_box(gate.check(black_box(traffic.next())));
    })
}
