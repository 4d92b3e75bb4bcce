//! What a file is made of: hooks, names, constants, and nothing that policies cannot do.

use std::collections::HashSet;

use crate::diagnostic::nearest;
use crate::event::Kind;
use crate::facts::Ask;
use crate::policy::call::Call;
use crate::policy::hook;
use crate::policy::lint::outline::{Outline, Place, Stray, What};
use crate::policy::lint::{Report, code};

/// A file has a hook, hooks have one parameter, and nothing only looks like a hook.
pub(super) fn hooks(outline: &Outline, report: &mut Report) {
    let known = Kind::ALL.map(hook);
    for function in &outline.functions {
        if known.contains(&function.name.as_str()) {
            if function.parameters.len() != 1 {
                let message = format!("`{}` has one parameter, the event", function.name);
                report.error(code::HOOK, function.place, message).help =
                    Some(format!("write `fn {}(m) {{ … }}`", function.name));
            }
        } else if function.name.starts_with("on_") {
            let message = format!("there is no hook `{}`, so nothing would call it", function.name);
            report.error(code::HOOK, function.place, message).help = Some(match nearest(&function.name, known) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("hooks are `{}`; a helper may not begin with `on_`", known.join("`, `")),
            });
        }
    }
    if !outline.functions.iter().any(|function| function.name.starts_with("on_")) {
        let help = "write `fn on_message(m) { … }`".to_owned();
        report.error(code::HOOK, Place::default(), "the policy has no hook, so it would never be asked").help =
            Some(help);
    }
}

/// Nothing but constants and functions stands at the top.
pub(super) fn strays(outline: &Outline, report: &mut Report) {
    for (stray, place) in &outline.strays {
        let (message, help) = match stray {
            Stray::Variable => {
                ("a policy keeps nothing between events", "write `const`, or move it into the function that uses it")
            }
            Stray::Constant => (
                "a constant is one number, one text or `true` or `false`",
                "write out the value; a list stands where it is asked: `c.tool_in([\"bash\"])`",
            ),
            Stray::Call => (
                "only functions and constants stand at the top of a policy",
                "put the call into a hook: `fn on_message(m) { … }`",
            ),
            Stray::Other => (
                "only functions and constants stand at the top of a policy",
                "put it into a hook: `fn on_message(m) { … }`",
            ),
        };
        report.error(code::STRAY, *place, message).help = Some(help.to_owned());
    }
}

/// A script may not define a name that the host defines, nor one name twice.
pub(super) fn names(outline: &Outline, report: &mut Report) {
    let constants = outline.constants.iter().map(|(name, place)| (name.as_str(), *place));
    let functions = outline.functions.iter().map(|function| (function.name.as_str(), function.place));
    let variables = outline.functions.iter().flat_map(|function| {
        let parameters = function.parameters.iter().map(|name| (name.as_str(), function.place));
        let named = function.sightings.iter().filter_map(|sighting| match &sighting.what {
            What::Named(name) => Some((name.as_str(), sighting.place)),
            _ => None,
        });
        parameters.chain(named)
    });
    let locals: Vec<(&str, Place)> = variables.collect();
    for (name, place) in constants.clone().chain(functions).chain(locals.iter().copied()) {
        if Call::by_name(name).is_some() || Ask::ALL.iter().any(|ask| ask.name() == name) {
            let help = "choose another name".to_owned();
            report.error(code::TAKEN, place, format!("`{name}` is a name of Sluicegate's own")).help = Some(help);
        }
    }
    for (index, (name, place)) in constants.enumerate() {
        if outline.constants.iter().take(index).any(|(other, _)| other == name) {
            report.error(code::TAKEN, place, format!("the constant `{name}` is defined twice"));
        }
        for (_, place) in locals.iter().filter(|(local, _)| *local == name) {
            report.error(code::TAKEN, *place, format!("`{name}` is a constant of this policy already"));
        }
    }
}

/// Nothing is used that policies cannot do.
pub(super) fn refused(outline: &Outline, report: &mut Report) {
    for sighting in outline.functions.iter().flat_map(|function| &function.sightings) {
        if let What::Refused(refused) = sighting.what {
            let (message, help) = refused.says();
            report.error(code::REFUSED, sighting.place, message).help = Some(help.to_owned());
        }
    }
}

/// Values that a helper may be called with: no reader keeps more in mind, and no check has to.
const MOST_PARAMETERS: usize = 16;

/// Helpers that take too much.
pub(super) fn wide(outline: &Outline, report: &mut Report) {
    for function in outline.functions.iter().filter(|function| function.parameters.len() > MOST_PARAMETERS) {
        let message = format!(
            "`{}` takes {} values; at most {MOST_PARAMETERS} are possible",
            function.name,
            function.parameters.len()
        );
        let help = "give it the event, and let it read the facts that it needs".to_owned();
        report.error(code::TOO_LARGE, function.place, message).help = Some(help);
    }
}

/// No function calls itself, not even through others.
pub(super) fn recursion(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        let mut seen = vec![false; outline.functions.len()];
        let mut waiting: Vec<(usize, Place)> = outline.callees(index).collect();
        while let Some((callee, place)) = waiting.pop() {
            if callee == index {
                let help = "a policy looks at each fact once; write the steps one after the other".to_owned();
                report.error(code::RECURSION, place, format!("`{}` calls itself", function.name)).help = Some(help);
                break;
            }
            if let Some(known @ false) = seen.get_mut(callee) {
                *known = true;
                // The place of the first call on the way: the one in this function.
                waiting.extend(outline.callees(callee).map(|(next, _)| (next, place)));
            }
        }
    }
}

/// Every helper is called from somewhere.
pub(super) fn unused(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        let named_like_hook = function.name.starts_with("on_") || function.name.starts_with("anon$");
        if outline.kinds(index).is_empty() && !named_like_hook {
            let help = "take it out, or call it from a hook".to_owned();
            report.warning(code::UNUSED, function.place, format!("no hook calls `{}`", function.name)).help =
                Some(help);
        }
    }
}

/// Every constant is used.
pub(super) fn constants(outline: &Outline, report: &mut Report) {
    if report.has_errors() {
        return;
    }
    let sightings = outline.functions.iter().flat_map(|function| &function.sightings);
    let used: HashSet<&str> = sightings
        .filter_map(|sighting| match &sighting.what {
            What::Used(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    for (name, place) in outline.constants.iter().filter(|(name, _)| !used.contains(name.as_str())) {
        let help = "take it out, or use it where its value is written".to_owned();
        report.warning(code::UNUSED_CONSTANT, *place, format!("nothing uses `{name}`")).help = Some(help);
    }
}
