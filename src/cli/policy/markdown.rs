//! The facts as a page of Markdown: `docs/facts.md`.

use std::fmt::Write;

use sluicegate::Kind;
use sluicegate::facts::{Ask, Domain, TABLE};

/// What stands above the tables.
const HEAD: &str = "\
# Facts

What a policy may know of an event. A fact is read as `m.score`, a question is asked as `m.says(\"invoice\")`; `m` is the parameter of
the hook. A number is rounded down to the values that are listed, so compare with one of them.

This page is written by `sluicegate policy facts --format markdown`; `sluicegate policy facts` prints the same in short.
";

/// The whole page.
pub fn page() -> String {
    let mut text = format!("{HEAD}\n## Facts\n\n| fact | values | of | since | meaning |\n|---|---|---|---|---|\n");
    for fact in TABLE {
        let (values, of) = (values(fact.domain), kinds(fact.kinds));
        let _ = writeln!(text, "| `{}` | {values} | {of} | {} | {} |", fact.name, fact.since, fact.doc);
    }
    text.push_str("\n## Questions\n\n| question | of | meaning |\n|---|---|---|\n");
    for ask in Ask::ALL {
        let argument = if ask.takes_list() { "[\"…\"]" } else { "\"…\"" };
        let _ = writeln!(text, "| `{}({argument})` | {} | {} |", ask.name(), kinds(ask.kinds()), ask.doc());
    }
    text
}

/// `yes or no`, `0 to 31`, or the values one by one.
fn values(domain: Domain) -> String {
    let Domain::Number(edges) = domain else { return "yes or no".to_owned() };
    match (edges.first(), edges.last()) {
        (Some(first), Some(last)) if usize::from(last - first) + 1 == edges.len() => format!("{first} to {last}"),
        _ => edges.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn kinds(kinds: &[Kind]) -> String {
    if kinds.len() == Kind::ALL.len() {
        return "all events".to_owned();
    }
    kinds.iter().map(|kind| kind.name().replace('_', " ")).collect::<Vec<_>>().join(", ")
}
