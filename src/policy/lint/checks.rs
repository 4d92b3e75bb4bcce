//! The checks, one function each.

use std::collections::HashMap;

use super::Report;
use super::outline::{Argument, Outline, Place, Stray, What};
use super::types::Type;
use crate::diagnostic::nearest;
use crate::event::Kind;
use crate::facts::{Ask, FactId, TABLE};
use crate::policy::call::Call;
use crate::policy::hook;
use crate::policy::options::{Fault, Options, Value, category};

pub(in crate::policy) const SYNTAX: &str = "P001";
pub(in crate::policy) const UNKNOWN_VARIABLE: &str = "P002";
const UNKNOWN_FACT: &str = "P003";
const OTHER_KIND: &str = "P004";
const UNKNOWN_FUNCTION: &str = "P005";
pub(in crate::policy) const TAKEN: &str = "P006";
const HOOK: &str = "P007";
const NOT_LITERAL: &str = "P008";
const CATEGORY: &str = "P009";
const REFUSED: &str = "P011";
const STRAY: &str = "P012";
const OPTION: &str = "P013";
const RECURSION: &str = "P014";
const TYPES: &str = "P015";
pub(in crate::policy) const DEEP: &str = "P017";
const UNUSED: &str = "P101";

/// One check of a file.
type Check = fn(&Outline, &mut Report);

/// All checks. Their order does not matter: findings are shown in the order of the file.
pub(super) static CHECKS: &[Check] =
    &[hooks, strays, names, refused, facts, questions, calls, options, recursion, types, parameters, unused];

/// A file has a hook, hooks have one parameter, and nothing only looks like a hook.
fn hooks(outline: &Outline, report: &mut Report) {
    let known = Kind::ALL.map(hook);
    for function in &outline.functions {
        if known.contains(&function.name.as_str()) {
            if function.parameters.len() != 1 {
                let message = format!("`{}` has one parameter, the event", function.name);
                report.error(HOOK, function.place, message).help =
                    Some(format!("write `fn {}(m) {{ … }}`", function.name));
            }
        } else if function.name.starts_with("on_") {
            let message = format!("there is no hook `{}`, so nothing would call it", function.name);
            report.error(HOOK, function.place, message).help = Some(match nearest(&function.name, known) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("hooks are `{}`; a helper may not begin with `on_`", known.join("`, `")),
            });
        }
    }
    if !outline.functions.iter().any(|function| function.name.starts_with("on_")) {
        let help = "write `fn on_message(m) { … }`".to_owned();
        report.error(HOOK, Place::default(), "the policy has no hook, so it would never be asked").help = Some(help);
    }
}

/// Nothing but constants and functions stands at the top.
fn strays(outline: &Outline, report: &mut Report) {
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
        report.error(STRAY, *place, message).help = Some(help.to_owned());
    }
}

/// A script may not define a name that the host defines, nor one name twice.
fn names(outline: &Outline, report: &mut Report) {
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
            report.error(TAKEN, place, format!("`{name}` is a name of Sluicegate's own")).help = Some(help);
        }
    }
    for (index, (name, place)) in constants.enumerate() {
        if outline.constants.iter().take(index).any(|(other, _)| other == name) {
            report.error(TAKEN, place, format!("the constant `{name}` is defined twice"));
        }
        for (_, place) in locals.iter().filter(|(local, _)| *local == name) {
            report.error(TAKEN, *place, format!("`{name}` is a constant of this policy already"));
        }
    }
}

/// Nothing is used that policies cannot do.
fn refused(outline: &Outline, report: &mut Report) {
    for sighting in outline.functions.iter().flat_map(|function| &function.sightings) {
        if let What::Refused(refused) = sighting.what {
            let (message, help) = refused.says();
            report.error(REFUSED, sighting.place, message).help = Some(help.to_owned());
        }
    }
}

/// Facts exist, and in the kinds of event that they are read for.
fn facts(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        for sighting in &function.sightings {
            let What::Read(name) = &sighting.what else { continue };
            let Some(fact) = FactId::by_name(name) else {
                let message = format!("there is no fact `{name}`");
                let facts = TABLE.iter().map(|fact| fact.name);
                report.error(UNKNOWN_FACT, sighting.place, message).help =
                    Some(if Ask::ALL.iter().any(|ask| ask.name() == name) {
                        format!("`{name}` is a question: write `m.{name}(…)`")
                    } else {
                        match nearest(name, facts) {
                            Some(known) => format!("did you mean `{known}`?"),
                            None => "`sluicegate policy facts` lists them all".to_owned(),
                        }
                    });
                continue;
            };
            other_kind(report, sighting.place, name, fact.entry().kinds, &outline.kinds(index));
        }
    }
}

/// Reports a fact or a question that one of the `kinds` it is used for does not have.
fn other_kind(report: &mut Report, place: Place, name: &str, has: &[Kind], kinds: &[Kind]) {
    if let Some(kind) = kinds.iter().find(|kind| !has.contains(kind)) {
        let hooks: Vec<String> = has.iter().map(|kind| format!("`{}`", hook(*kind))).collect();
        let message = format!("`{name}` is not known in `{}`", hook(*kind));
        report.error(OTHER_KIND, place, message).help = Some(format!("it is known in {}", hooks.join(" and ")));
    }
}

/// Questions exist, and are asked with literals.
fn questions(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        for sighting in &function.sightings {
            let What::Method { name, arguments } = &sighting.what else { continue };
            let place = sighting.place;
            let Some(ask) = Ask::ALL.into_iter().find(|ask| ask.name() == name) else {
                let help = if Call::by_name(name).is_some() || outline.functions.iter().any(|known| known.name == *name)
                {
                    format!("write `{name}(…)`, without an event before it")
                } else if FactId::by_name(name).is_some() {
                    format!("`{name}` is a fact: write `m.{name}`")
                } else {
                    match nearest(name, Ask::ALL.map(Ask::name)) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None => format!("there are `{}`", Ask::ALL.map(Ask::name).join("`, `")),
                    }
                };
                report.error(UNKNOWN_FACT, place, format!("there is no question `{name}`")).help = Some(help);
                continue;
            };
            other_kind(report, place, name, ask.kinds(), &outline.kinds(index));
            literal(ask, arguments, place, report);
        }
    }
}

/// The literal of one question.
fn literal(ask: Ask, arguments: &[Argument], place: Place, report: &mut Report) {
    let example = match ask {
        Ask::Says => "write `m.says(\"some words\")`",
        Ask::Found => "write `m.found(\"injection\")`",
        Ask::ChannelIn => "write `m.channel_in([\"whatsapp\"])`",
        Ask::AccountIn => "write `m.account_in([\"main\"])`",
        _ => "write `c.tool_in([\"bash\"])`",
    };
    let wanted = if ask.takes_list() { "a list of texts" } else { "one text" };
    let written = match arguments {
        [one] => match &one.value {
            Value::Text(text) => !ask.takes_list() && !text.is_empty(),
            Value::List(list) => {
                let text = |entry: &Value| matches!(entry, Value::Text(text) if !text.is_empty());
                ask.takes_list() && !list.is_empty() && list.iter().all(text)
            }
            _ => false,
        },
        _ => false,
    };
    if !written {
        let place = arguments.first().map_or(place, |argument| argument.place);
        let message = format!("`{}` takes {wanted}, written out", ask.name());
        report.error(NOT_LITERAL, place, message).help = Some(example.to_owned());
        return;
    }
    if ask == Ask::Found {
        for (text, place) in arguments.iter().flat_map(Argument::texts) {
            if let Err(fault) = category(text) {
                add(report, fault, place);
            }
        }
    }
}

fn add(report: &mut Report, fault: Fault, place: Place) {
    report.error(if fault.category { CATEGORY } else { OPTION }, place, fault.message).help = fault.help;
}

/// Functions exist, and take so many arguments.
fn calls(outline: &Outline, report: &mut Report) {
    for sighting in outline.functions.iter().flat_map(|function| &function.sightings) {
        let What::Call { name, arguments } = &sighting.what else { continue };
        let place = sighting.place;
        if let Some(call) = Call::by_name(name) {
            if !call.accepts(arguments.len()) {
                let message = format!("`{name}` is not called like this");
                report.error(UNKNOWN_FUNCTION, place, message).help = Some(call.usage().to_owned());
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
            report.error(UNKNOWN_FUNCTION, place, format!("`{name}` takes {takes} {plural}, not {given}"));
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
        report.error(UNKNOWN_FUNCTION, place, format!("there is no function `{name}`")).help = Some(help);
    }
}

/// The reason of `drop` and `hold` is a text that says something.
fn reason(call: Call, arguments: &[Argument], report: &mut Report) {
    let Some(first) = arguments.first() else { return };
    let good = match &first.value {
        Value::Text(text) => !text.trim().is_empty(),
        Value::Unknown => true,
        Value::List(_) | Value::Other(_) => false,
    };
    if !good {
        let message = format!("the reason of `{}` is a text", call.name());
        report.error(UNKNOWN_FUNCTION, first.place, message).help = Some(call.usage().to_owned());
    }
}

/// Options are known, and their values are what they should be.
fn options(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        let kinds = outline.kinds(index);
        for sighting in &function.sightings {
            let What::Call { name, arguments } = &sighting.what else { continue };
            let Some(call) = Call::by_name(name).filter(|call| call.accepts(arguments.len())) else { continue };
            let Some(last) = arguments.get(usize::from(call.takes_reason())) else { continue };
            let Some(given) = &last.options else {
                let message = format!("the options of `{name}` are written `#{{name: value}}`");
                report.error(OPTION, last.place, message).help = Some(call.usage().to_owned());
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

/// No function calls itself, not even through others.
fn recursion(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        let mut seen = vec![false; outline.functions.len()];
        let mut waiting: Vec<(usize, Place)> = outline.callees(index).collect();
        while let Some((callee, place)) = waiting.pop() {
            if callee == index {
                let help = "a policy looks at each fact once; write the steps one after the other".to_owned();
                report.error(RECURSION, place, format!("`{}` calls itself", function.name)).help = Some(help);
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

/// What is compared has one type, and conditions are yes or no.
fn types(outline: &Outline, report: &mut Report) {
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
                report.error(TYPES, sighting.place, message).help = Some(help.to_owned());
            }
            What::Condition(found) => {
                let message = format!("a condition is a yes or no, not {}", found.name());
                report.error(TYPES, sighting.place, message).help = Some("compare it: `m.score >= 8`".to_owned());
            }
            _ => {}
        }
    }
}

/// A parameter has one type, whoever calls.
fn parameters(outline: &Outline, report: &mut Report) {
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
                report.error(TYPES, argument.place, message).help = Some(help);
            }
        }
    }
}

/// Every helper is called from somewhere.
fn unused(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        let named_like_hook = function.name.starts_with("on_") || function.name.starts_with("anon$");
        if outline.kinds(index).is_empty() && !named_like_hook {
            report.warning(UNUSED, function.place, format!("no hook calls `{}`", function.name));
        }
    }
}
