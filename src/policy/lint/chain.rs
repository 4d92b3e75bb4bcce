//! What is checked of a whole chain of policies, when every file of it has passed.

use super::outline::Outline;
use super::walk::{State, Walk};
use super::{Place, code};
use crate::event::Kind;
use crate::policy::hook;

/// Warns of kinds of event that no file is asked about, of ends without a decision, and of strangers who pass unasked.
pub(in crate::policy) fn check(files: &[Outline]) -> Vec<(usize, Warning)> {
    let mut warnings = Vec::new();
    let mut missing = Vec::new();
    for kind in Kind::ALL {
        let hooks: Vec<(usize, usize)> = files
            .iter()
            .enumerate()
            .filter_map(|(file, outline)| {
                let index = outline.hooks().find(|(of, _)| *of == kind).map(|(_, index)| index)?;
                Some((file, index))
            })
            .collect();
        if hooks.is_empty() {
            missing.push(kind);
        }
        follow(files, kind, &hooks, &mut warnings);
    }
    if let (Some(last), false) = (files.len().checked_sub(1), missing.is_empty()) {
        warnings.push((last, missing_hooks(&missing)));
    }
    warnings
}

/// A warning, to be put into the report of its file.
pub(in crate::policy) struct Warning {
    pub(in crate::policy) code: &'static str,
    pub(in crate::policy) place: Place,
    pub(in crate::policy) message: String,
    pub(in crate::policy) help: String,
}

/// Follows events of one kind through the hooks of the chain: the number of each file, and of the function in it.
fn follow(files: &[Outline], kind: Kind, hooks: &[(usize, usize)], warnings: &mut Vec<(usize, Warning)>) {
    let Some(first) = hooks.first().and_then(|(file, _)| files.get(*file)) else { return };
    let mut walk = Walk::new(first);
    let mut states = vec![State::new(kind)];
    for (position, (file, index)) in hooks.iter().enumerate() {
        let Some(outline) = files.get(*file) else { return };
        let Some(function) = outline.functions.get(*index) else { return };
        walk.turn_to(outline);
        states = walk.hook(function, states);
        if kind == Kind::Message {
            for place in &walk.met.unasked {
                let warning = Warning {
                    code: code::UNASKED,
                    place: *place,
                    message: "a message may pass here before anything is asked about its sender".to_owned(),
                    help: "ask first, for example `if m.sender_blocked { drop(\"blocked sender\") }`".to_owned(),
                };
                warnings.push((*file, warning));
            }
        }
        let is_last = position + 1 == hooks.len();
        if is_last && states.iter().any(|state| !state.by_next && state.is_certain()) {
            let warning = Warning {
                code: code::NO_END,
                place: function.place,
                message: format!(
                    "`{}` can end without a decision; the {} is then {}",
                    function.name,
                    kind.name().replace('_', " "),
                    closed(kind)
                ),
                help: "end it with `allow()`, `drop(\"…\")` or `hold(\"…\")`, or with `next()` if that is meant"
                    .to_owned(),
            };
            warnings.push((*file, warning));
        }
    }
}

fn missing_hooks(missing: &[Kind]) -> Warning {
    let names: Vec<String> = missing.iter().map(|kind| format!("`{}`", hook(*kind))).collect();
    let of = |ends: &str| {
        let kinds = missing.iter().filter(|kind| closed(**kind) == ends);
        let names: Vec<String> = kinds.map(|kind| kind.name().replace('_', " ")).collect();
        (!names.is_empty()).then(|| format!("every {} is {ends}", listed(&names, "and")))
    };
    let ends: Vec<String> = ["dropped", "held"].into_iter().filter_map(of).collect();
    let first = missing.first().map_or("on_message", |kind| hook(*kind));
    Warning {
        code: code::NO_HOOK,
        place: Place::default(),
        message: format!("no policy has {}: {}", listed(&names, "or"), listed(&ends, "and")),
        help: format!(
            "write `fn {first}(m) {{ … }}`, or `// quiet: {}` in the first line if that is meant",
            code::NO_HOOK
        ),
    }
}

/// `a`, `b` or `c`.
fn listed(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} {word} {last}", all.join(", ")),
    }
}

/// What the end of the chain does to an event.
const fn closed(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "dropped",
        Kind::Reply | Kind::ToolCall | Kind::ToolResult => "held",
    }
}
