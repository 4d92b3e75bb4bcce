//! An explanation on a terminal.

use sluicegate::policy::Run;
use sluicegate::workbench::Explanation;

use super::view::{self, Line};
use crate::cli::excerpt::field;
use crate::cli::mask::masked;
use crate::cli::paint::{self, DIM, Paint, UNDONE};
use crate::cli::table;
use crate::cli::utc::Utc;
use crate::cli::visible::{cut, width};

/// Where the notes of a line begin, if its text ends before.
const MARGIN: usize = 64;
/// The number of a line, and what stands around it.
const GUTTER: usize = 8;

/// The whole explanation.
pub fn told(explanation: &Explanation, paint: Paint, columns: usize) -> String {
    let inquiry = &explanation.inquiry;
    let (event, verdict) = (inquiry.event(), inquiry.verdict());
    let mut lines = Vec::new();
    let time = Utc::of(event.at).map(|time| format!("{} {}", time.date, time.clock));
    let kind = event.kind.name().replace('_', " ");
    let head =
        [event.id.as_deref(), time.as_deref(), Some(&event.channel), Some(&masked(event.sender_id())), Some(&kind)];
    let head: Vec<String> =
        head.into_iter().flatten().filter(|part| !part.is_empty()).map(|part| cut(part, 40)).collect();
    lines.push(paint.draw(DIM, &head.join("  ")));

    let decision = verdict.would.unwrap_or(verdict.decision);
    let would = if verdict.would.is_some() { "would " } else { "" };
    let reason = cut(&verdict.reason, columns.saturating_sub(40));
    lines.push(format!(
        "{}  {reason}{}{}",
        paint.draw(paint::of(decision), &format!("{would}{decision}")),
        if reason.is_empty() { "" } else { "  " },
        paint.draw(DIM, &cut(&view::place(verdict), 60)),
    ));
    lines.push(cut(&view::situation(explanation), columns));
    lines.extend(explanation.beside_the_policy().map(|told| cut(told, columns)));
    for broken in &verdict.degraded {
        lines.push(paint.draw(paint::BROKEN, &cut(&format!("! {}: {}", broken.station, broken.why), columns)));
    }
    table::findings(&verdict.findings, |name| field(event, name), columns, paint, &mut lines);
    lines.extend(table::counted_only(&verdict.counted, columns, paint));

    for run in &inquiry.trace().runs {
        lines.push(String::new());
        self::run(explanation, run, paint, columns, &mut lines);
    }
    section("What tipped it", &view::tipped(explanation), paint, columns, &mut lines);
    let mut changes: Vec<String> =
        explanation.changes.iter().map(|change| format!("{}, {}", change.words, change.outcome())).collect();
    if changes.is_empty() {
        changes.push(view::no_change(explanation).to_owned());
    }
    section("What would have changed it", &changes, paint, columns, &mut lines);
    lines.join("\n")
}

fn section(title: &str, told: &[String], paint: Paint, columns: usize, lines: &mut Vec<String>) {
    if told.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(paint.draw(UNDONE, title));
    for sentence in told {
        let mut rest = wrapped(&cut(sentence, columns * 4), columns.saturating_sub(4)).into_iter();
        lines.extend(rest.next().map(|first| format!("  {first}")));
        lines.extend(rest.map(|more| format!("    {more}")));
    }
}

/// A sentence in lines of at most `columns`, broken at blanks.
fn wrapped(sentence: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut(word, columns)),
        }
    }
    lines
}

/// One file, with the lines that ran.
fn run(explanation: &Explanation, run: &Run, paint: Paint, columns: usize, lines: &mut Vec<String>) {
    let Some(coverable) = explanation.inquiry.coverable().get(run.index) else { return };
    let passed = view::passed(run).map(|how| format!(", {how}")).unwrap_or_default();
    let title = format!("{}  {}", cut(&run.source.name, 40), run.hook);
    let cost = format!("  {} operations{passed}", run.operations);
    lines.push(format!("{}{}", paint.draw(UNDONE, &title), paint.draw(DIM, &cost)));
    for line in view::lines(run, coverable) {
        if line.after_gap {
            lines.push(paint.draw(DIM, "      ⋮"));
        }
        lines.extend(self::line(&line, paint, columns));
    }
    if !run.complete {
        lines.push(paint.draw(paint::BROKEN, "The run was cut short, so not all of it is shown."));
    }
}

/// A line of the policy with what happened on it: beside it where there is room, else below.
fn line(line: &Line<'_>, paint: Paint, columns: usize) -> Vec<String> {
    let mark = match (line.ended, line.ran) {
        (true, _) => "▶",
        (_, true) => "▸",
        _ => " ",
    };
    let gutter = format!("{mark} {:>3} │ ", line.number);
    let text = cut(&line.text.replace('\t', "    "), columns.saturating_sub(GUTTER));
    let (notes, drawn) = notes(line, paint, columns.saturating_sub(GUTTER + 2));
    let style = if line.ran { None } else { Some(DIM) };
    let shown = style.map_or_else(|| text.clone(), |style| paint.draw(style, &text));
    let head = format!("{}{shown}", paint.draw(DIM, &gutter));
    if notes == 0 {
        return vec![head.trim_end().to_owned()];
    }
    let wide = width(&text);
    let start = wide.max(MARGIN.min(columns.saturating_sub(GUTTER + notes + 2)));
    if start + 2 + notes + GUTTER <= columns {
        return vec![format!("{head}{}  {drawn}", " ".repeat(start - wide))];
    }
    vec![head, format!("{}{drawn}", paint.draw(DIM, "      │   ╰ "))]
}

/// The notes of a line in columns, and drawn.
fn notes(line: &Line<'_>, paint: Paint, limit: usize) -> (usize, String) {
    let mut words: Vec<String> =
        line.notes.iter().filter(|note| note.outcome.is_none()).map(|note| note.text.clone()).collect();
    let outcomes: Vec<&str> = line.notes.iter().filter_map(|note| note.outcome).map(view::yes_no).collect();
    let read = cut(&words.join(" · "), limit.saturating_sub(8));
    words.clear();
    let outcome = if outcomes.is_empty() { String::new() } else { format!("→ {}", outcomes.join(", ")) };
    let gap = if read.is_empty() || outcome.is_empty() { "" } else { " " };
    let columns = width(&read) + width(gap) + width(&outcome);
    (columns, format!("{}{gap}{}", paint.draw(DIM, &read), paint.draw(UNDONE, &outcome)))
}
