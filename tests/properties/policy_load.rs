use sluicegate::diagnostic::Source;
use sluicegate::policy::{Limits, PolicySet};

use super::rule_file::points_into;

/// The input is a policy.
///
/// It is refused with faults that point into the file, or loads the same way each time and asks the same questions.
pub fn holds_for(data: &[u8]) {
    let source = Source::new("fuzzed.rhai", String::from_utf8_lossy(data));
    match PolicySet::load(std::slice::from_ref(&source), Limits::default()) {
        Err(refused) => points_into(&refused, &source),
        Ok(loaded) => {
            let again = PolicySet::load(std::slice::from_ref(&source), Limits::default()).expect("it loaded before");
            let questions: Vec<_> = loaded.set.questions().iter().collect();
            assert_eq!(again.set.questions().iter().collect::<Vec<_>>(), questions);
        }
    }
}
