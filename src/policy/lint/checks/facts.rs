//! The facts that a policy reads, and the questions that it asks.

use super::add;
use crate::diagnostic::nearest;
use crate::event::Kind;
use crate::facts::{Ask, FactId, TABLE};
use crate::policy::call::Call;
use crate::policy::hook;
use crate::policy::lint::outline::{Argument, Outline, Place, What};
use crate::policy::lint::{Report, code};
use crate::policy::options::{Value, category};

/// Facts exist, and in the kinds of event that they are read for.
pub(super) fn facts(outline: &Outline, report: &mut Report) {
    for (index, function) in outline.functions.iter().enumerate() {
        for sighting in &function.sightings {
            let What::Read(name) = &sighting.what else { continue };
            let Some(fact) = FactId::by_name(name) else {
                let message = format!("there is no fact `{name}`");
                let facts = TABLE.iter().map(|fact| fact.name);
                report.error(code::UNKNOWN_FACT, sighting.place, message).help =
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
        report.error(code::OTHER_KIND, place, message).help = Some(format!("it is known in {}", hooks.join(" and ")));
    }
}

/// Questions exist, and are asked with literals.
pub(super) fn questions(outline: &Outline, report: &mut Report) {
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
                report.error(code::UNKNOWN_FACT, place, format!("there is no question `{name}`")).help = Some(help);
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
        report.error(code::NOT_LITERAL, place, message).help = Some(example.to_owned());
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
