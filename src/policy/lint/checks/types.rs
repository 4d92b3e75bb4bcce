//! What is compared with what.

use std::collections::HashMap;

use crate::policy::call::Call;
use crate::policy::lint::outline::{Outline, What};
use crate::policy::lint::types::Type;
use crate::policy::lint::{Report, code};

/// What is compared has one type, and conditions are yes or no.
pub(super) fn comparisons(outline: &Outline, report: &mut Report) {
    for sighting in outline.functions.iter().flat_map(|function| &function.sightings) {
        match &sighting.what {
            What::Unlike { operator, left, right } => {
                let message = if left == right {
                    format!("`{operator}` means nothing for {}", left.name())
                } else {
                    format!("`{operator}` between {} and {} means nothing", left.name(), right.name())
                };
                let help = if [left, right].contains(&&Type::Bool) {
                    "a yes or no needs no comparison: `if m.suspect { … }`"
                } else {
                    "compare a number with a number: `m.score >= 8`"
                };
                report.error(code::TYPES, sighting.place, message).help = Some(help.to_owned());
            }
            What::Condition(found) => {
                let message = format!("a condition is a yes or no, not {}", found.name());
                report.error(code::TYPES, sighting.place, message).help = Some("compare it: `m.score >= 8`".to_owned());
            }
            _ => {}
        }
    }
}

/// A parameter has one type, whoever calls.
pub(super) fn parameters(outline: &Outline, report: &mut Report) {
    let mut seen: HashMap<(&str, usize, usize), Type> = HashMap::new();
    for sighting in outline.functions.iter().flat_map(|function| &function.sightings) {
        let What::Call { name, arguments } = &sighting.what else { continue };
        if Call::by_name(name).is_some() {
            continue;
        }
        for (number, argument) in arguments.iter().enumerate() {
            let Some(kind) = argument.kind else { continue };
            let first = *seen.entry((name, arguments.len(), number)).or_insert(kind);
            if first != kind {
                let message = format!("`{name}` is given {} here and {} elsewhere", kind.name(), first.name());
                let help = "a helper that compares them would find them different, without an error".to_owned();
                report.error(code::TYPES, argument.place, message).help = Some(help);
            }
        }
    }
}
