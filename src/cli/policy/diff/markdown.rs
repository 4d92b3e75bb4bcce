//! The report as Markdown, for a comment on a change.

use std::fmt::Write;

use sluicegate::Decision;
use sluicegate::workbench::diff::{Diff, Group, Outcome};

use super::example::Example;
use super::report::Report;
use super::text::{also, place};
use crate::cli::output::counted;
use crate::cli::visible::cut;

/// The report, the sums first.
pub fn drawn(report: &Report) -> String {
    let (diff, noun) = (&report.diff, report.noun());
    let mut out = match diff.changed() + diff.others() {
        0 => format!("### Policy diff: no verdict changes in {}\n", counted(report.total(), noun)),
        count => format!("### Policy diff: {count} of {} change\n", counted(report.total(), noun)),
    };
    let mut becomes = Vec::new();
    for (decision, word) in [(Decision::Allow, "allowed"), (Decision::Hold, "held"), (Decision::Drop, "dropped")] {
        match diff.becomes(decision) {
            0 => {}
            count => becomes.push(format!("**{count} {word}**")),
        }
    }
    if !becomes.is_empty() {
        let _ = writeln!(out, "\nNow {}.", becomes.join(", "));
    }
    let _ = writeln!(out, "\nOld: {}. New: {}.", code(&report.sides[0]), code(&report.sides[1]));
    section(&mut out, "Another decision", diff.changes(), noun);
    section(&mut out, "The same decision, and something else differs", diff.other_causes(), noun);
    if let Some(overridden) = &report.overridden {
        overridden_section(&mut out, overridden, noun);
    }
    let notes = report.notes();
    if !notes.is_empty() {
        out.push('\n');
    }
    for note in notes {
        let deeper = if note.starts_with(' ') { "  " } else { "" };
        let _ = writeln!(out, "{deeper}- {}", escaped(note.trim_start()));
    }
    out.trim_end().to_owned()
}

fn overridden_section(out: &mut String, diff: &Diff<Example>, noun: &str) {
    let groups = diff.changes().into_iter().chain(diff.other_causes()).collect();
    section(out, "Decided by something else than a policy: what the policies would have said", groups, noun);
}

fn section(out: &mut String, title: &str, groups: Vec<&Group<Example>>, noun: &str) {
    if groups.is_empty() {
        return;
    }
    let _ = write!(out, "\n#### {title}\n\n| {noun}s | old | new | such as |\n|---:|---|---|---|\n");
    for group in groups {
        let examples: Vec<String> = group.examples.iter().map(example).collect();
        let (old, new) = (outcome(&group.cause.old), outcome(&group.cause.new));
        let _ = writeln!(out, "| {} | {old} | {new}{} | {} |", group.count, also(&group.cause), examples.join(", "));
    }
}

fn outcome(outcome: &Outcome) -> String {
    let mut parts = vec![format!("**{}**", outcome.decision)];
    if let Some(would) = outcome.would {
        parts.push(format!("(would {would})"));
    }
    if !outcome.reason.is_empty() {
        parts.push(code(&outcome.reason));
    }
    if let Some(reply) = &outcome.reply {
        parts.push(format!("answers {}", code(reply)));
    }
    if outcome.redacted {
        parts.push("blacks out".to_owned());
    }
    parts.push(format!("at {}", code(&place(&outcome.by))));
    parts.join(" ")
}

fn example(example: &Example) -> String {
    match &example.id {
        Some(id) => format!("{} {}", escaped(&example.place()), code(&cut(id, 32))),
        None => escaped(&example.place()),
    }
}

/// A text that nothing in it can turn into anything else: no link, no name that is called, no cell of a table.
fn code(text: &str) -> String {
    match cut(text, 80).replace('`', "'").replace('|', "\\|") {
        text if text.is_empty() => String::new(),
        text => format!("`{text}`"),
    }
}

/// A sentence of ours that may hold a name.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '@' | '#' | '&') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}
