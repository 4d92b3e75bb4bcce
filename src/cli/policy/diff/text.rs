//! The report for people.

use sluicegate::verdict::Station;
use sluicegate::workbench::diff::{Cause, Diff, Group, Outcome, Place};
use sluicegate::{Decision, Kind};

use super::example::Example;
use super::report::Report;
use crate::cli::output::counted;
use crate::cli::paint::{self, DIM, Paint, UNDONE};
use crate::cli::utc::Utc;
use crate::cli::visible::{cut, pad, width};

/// What stands before an example.
const INDENT: &str = "       ";
/// Columns of the place in the policy.
const PLACE: usize = 24;

/// The report, the most dangerous first and the sums last.
pub fn drawn(report: &Report, paint: Paint, columns: usize) -> String {
    let screen = Screen { paint, columns };
    let mut lines = Vec::new();
    screen.section("", &report.diff, report.noun(), &mut lines);
    if let Some(overridden) = &report.overridden {
        let title = "Decided by something else than a policy, such as a lockdown: what the policies would have said";
        screen.section(title, overridden, report.noun(), &mut lines);
    }
    let [old, new] = &report.sides;
    lines.push(paint.draw(DIM, &format!("old {}   new {}", cut(old, 200), cut(new, 200))));
    lines.extend(report.notes());
    lines.push(screen.summary(report));
    lines.join("\n")
}

struct Screen {
    paint: Paint,
    columns: usize,
}

impl Screen {
    /// The groups of one diff, beneath a title if it has one; nothing if nothing differs.
    fn section(&self, title: &str, diff: &Diff<Example>, noun: &str, lines: &mut Vec<String>) {
        let (changes, others) = (diff.changes(), diff.other_causes());
        if changes.is_empty() && others.is_empty() {
            return;
        }
        if !title.is_empty() {
            lines.extend([self.paint.draw(UNDONE, title), String::new()]);
        }
        for group in changes {
            self.group(group, noun, lines);
        }
        if !others.is_empty() {
            let title = format!("The same decision, and something else differs: {}", counted(diff.others(), noun));
            lines.extend([self.paint.draw(UNDONE, &title), String::new()]);
        }
        for group in others {
            self.group(group, noun, lines);
        }
    }

    fn group(&self, group: &Group<Example>, noun: &str, lines: &mut Vec<String>) {
        let Cause { old, new, .. } = &group.cause;
        let head = format!("{} ▸ {}   {}", self.decision(old), self.decision(new), counted(group.count, noun));
        lines.push(format!("{head}{}", self.paint.draw(DIM, &also(&group.cause))));
        lines.push(self.outcome("old", old));
        lines.push(self.outcome("new", new));
        for example in &group.examples {
            self.example(example, lines);
        }
        let shown = group.examples.len() as u64;
        if group.count > shown {
            lines.push(self.paint.draw(DIM, &format!("{INDENT}… and {} more", group.count - shown)));
        }
        lines.push(String::new());
    }

    /// `drop`, or `allow (would drop)`.
    fn decision(&self, outcome: &Outcome) -> String {
        let decision = self.paint.draw(paint::of(outcome.decision), outcome.decision.name());
        match outcome.would {
            Some(would) => format!("{decision} (would {})", self.paint.draw(paint::of(would), would.name())),
            None => decision,
        }
    }

    /// `  old  unknown sender          personal.rhai:23`
    fn outcome(&self, side: &str, outcome: &Outcome) -> String {
        let room = self.columns.saturating_sub(PLACE + 9).max(20);
        let mut reason = if outcome.reason.is_empty() { "–".to_owned() } else { outcome.reason.to_string() };
        if let Some(reply) = &outcome.reply {
            reason = format!("{reason}, answers \"{reply}\"");
        }
        if outcome.redacted {
            reason += ", blacks out";
        }
        let place = place(&outcome.by);
        let place =
            if width(&place) <= PLACE { place } else { format!("…{}", crate::cli::visible::tail(&place, PLACE - 1)) };
        format!("  {}  {}  {}", self.paint.draw(DIM, side), pad(&reason, room), self.paint.draw(DIM, &place))
            .trim_end()
            .to_owned()
    }

    fn example(&self, example: &Example, lines: &mut Vec<String>) {
        let time = Utc::of(example.at).map(|time| format!("{} {}", time.date, time.clock)).unwrap_or_default();
        let kind = if example.kind == Kind::Message { String::new() } else { example.kind.name().replace('_', " ") };
        let id = example.id.as_deref().map(|id| cut(id, 32)).unwrap_or_default();
        let parts = [example.place(), id, time, example.who.clone(), kind];
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        lines.push(format!("{INDENT}{}", cut(&parts.join("  "), self.columns.saturating_sub(INDENT.len()))));
        lines.extend(example.found.iter().cloned());
    }

    /// The last line.
    fn summary(&self, report: &Report) -> String {
        let diff = &report.diff;
        let mut parts = vec![counted(report.total(), report.noun())];
        if diff.changed() + diff.others() == 0 {
            parts.push("no verdict changes".to_owned());
        }
        for (decision, word) in [(Decision::Allow, "allowed"), (Decision::Hold, "held"), (Decision::Drop, "dropped")] {
            match diff.becomes(decision) {
                0 => {}
                count => {
                    parts.push(self.paint.draw(paint::of(decision), &format!("{count} become{} {word}", s(count))))
                }
            }
        }
        if diff.others() > 0 {
            parts.push(format!("{} with the same decision", diff.others()));
        }
        if let Some(undetermined) = report.log.as_ref().map(|log| log.undetermined).filter(|count| *count > 0) {
            parts.push(format!("{undetermined} undetermined"));
        }
        parts.join("   ")
    }
}

/// `1 becomes`, `2 become`.
fn s(count: u64) -> &'static str {
    if count == 1 { "s" } else { "" }
}

/// What else differs.
pub fn also(cause: &Cause) -> String {
    let mut also = String::new();
    if cause.redacts_otherwise {
        also += "   blacks out something else";
    }
    if cause.waits_otherwise {
        also += "   waits for another time";
    }
    also
}

/// Where it was decided.
pub fn place(by: &Place) -> String {
    match (by.station, &by.policy) {
        (_, Some(policy)) => by.line.map_or_else(|| cut(policy, 80), |line| format!("{}:{line}", cut(policy, 80))),
        (Station::Policy, None) => "end of the chain".to_owned(),
        (Station::Size, None) => "size limit".to_owned(),
        (Station::Override, None) => "settings".to_owned(),
        _ => "failure".to_owned(),
    }
}
