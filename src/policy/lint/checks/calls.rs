//! The functions that a policy calls, with their arguments and options.

use super::add;
use crate::diagnostic::nearest;
use crate::facts::Ask;
use crate::policy::call::Call;
use crate::policy::lint::outline::{Argument, Outline, What};
use crate::policy::lint::{Report, code};
use crate::policy::options::{Options, Value};

/// Functions exist, and take so many arguments.
pub(super) fn calls(outline: &Outline, report: &mut Report) {
    for sighting in outline.functions.iter().flat_map(|function| &function.sightings) {
        let What::Call { name, arguments } = &sighting.what else { continue };
        let place = sighting.place;
        if let Some(call) = Call::by_name(name) {
            if !call.accepts(arguments.len()) {
                let message = format!("`{name}` is not called like this");
                report.error(code::UNKNOWN_FUNCTION, place, message).help = Some(call.usage().to_owned());
            } else if call.takes_reason() {
                reason(call, arguments, report);
            }
            continue;
        }
        let own: Vec<_> = outline.functions.iter().filter(|function| function.name == *name).collect();
        if own.iter().any(|function| function.parameters.len() == arguments.len()) {
            continue;
        }
        if let Some(function) = own.first() {
            let (takes, given) = (function.parameters.len(), arguments.len());
            let plural = if takes == 1 { "argument" } else { "arguments" };
            report.error(code::UNKNOWN_FUNCTION, place, format!("`{name}` takes {takes} {plural}, not {given}"));
            continue;
        }
        let known = Call::ALL.map(Call::name).into_iter().chain(outline.functions.iter().map(|f| f.name.as_str()));
        let help = if Ask::ALL.iter().any(|ask| ask.name() == name) {
            format!("`{name}` is asked of the event: write `m.{name}(…)`")
        } else {
            match nearest(name, known) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "a policy can call `allow`, `drop`, `hold`, `next` and its own functions".to_owned(),
            }
        };
        report.error(code::UNKNOWN_FUNCTION, place, format!("there is no function `{name}`")).help = Some(help);
    }
}

/// The reason of `drop` and `hold` is a text that says something.
fn reason(call: Call, arguments: &[Argument], report: &mut Report) {
    let Some(first) = arguments.first() else { return };
    let (code, message) = match &first.value {
        Value::Text(text) if text.trim().is_empty() => {
            (code::EMPTY_REASON, format!("the reason of `{}` is empty", call.name()))
        }
        Value::Text(_) | Value::Unknown => return,
        Value::List(_) | Value::Other(_) => {
            (code::UNKNOWN_FUNCTION, format!("the reason of `{}` is a text", call.name()))
        }
    };
    report.error(code, first.place, message).help = Some(call.usage().to_owned());
}

/// Options are known, and their values are what they should be.
pub(super) fn options(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        let kinds = outline.kinds(index);
        for sighting in &function.sightings {
            let What::Call { name, arguments } = &sighting.what else { continue };
            let Some(call) = Call::by_name(name).filter(|call| call.accepts(arguments.len())) else { continue };
            let Some(last) = arguments.get(usize::from(call.takes_reason())) else { continue };
            let Some(given) = &last.options else {
                let message = format!("the options of `{name}` are written `#{{name: value}}`");
                report.error(code::OPTION, last.place, message).help = Some(call.usage().to_owned());
                continue;
            };
            for (name, place, argument) in given {
                if let Err(fault) = Options::default().set(call, &kinds, name, &argument.value) {
                    add(report, fault, *place);
                }
            }
        }
    }
}
