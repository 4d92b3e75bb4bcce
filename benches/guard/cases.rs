//! The cases: detect and check for each size, ordinary and hostile.

use std::hint::black_box;

use sluicegate::Event;

/// One case. `prepare` is told how many calls will follow and gives the function that does the call with that number.
pub struct Case {
    pub name: String,
    pub prepare: Box<dyn FnOnce(usize) -> Box<dyn FnMut(usize)>>,
}

/// Every case, in the order of the table.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (what, text) in [("x", "hello there")] {
        cases.push(Case {
            name: format!("digest/{what}"),
            prepare: Box::new(move |_| {
                let event = Event::message(1, text.repeat(20));
                Box::new(move |_| {
                    black_box(black_box(&event).digest());
                })
            }),
        });
    }
    cases
}
