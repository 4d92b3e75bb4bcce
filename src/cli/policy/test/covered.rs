//! What the cases reach, for people and for machines.

use serde::Serialize;
use sluicegate::verdict::Decision;
use sluicegate::workbench::cases::Coverage;

use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::paint::{DIM, of};
use crate::cli::visible::cut;

/// Lines and branches of one policy, and below them what no case reaches.
pub fn print(coverage: &Coverage, output: &mut Output) -> Result<(), Failure> {
    let (paint, width) = (output.paint, output.width);
    let share = |(hit, all): (usize, usize), what: &str| {
        let text = format!("{hit} of {all} {what}");
        if hit < all { paint.draw(of(Decision::Hold), &text) } else { text }
    };
    let (lines, branches) = (share(coverage.line_count(), "lines"), share(coverage.branch_count(), "branches"));
    output.line(&format!("{}: {lines}   {branches}", cut(&coverage.source.name, width)))?;
    for (line, what, text) in missed(coverage) {
        let row = format!("{line:>6} │ {}", cut(text.trim(), width - 26));
        output.line(&format!("  {}  {row}", paint.draw(DIM, &format!("{what:<11}"))))?;
    }
    Ok(())
}

/// What no case reaches, in the order of the file: the line, what never happened there, and the text.
fn missed(coverage: &Coverage) -> Vec<(u32, &'static str, &str)> {
    let text = |line: u32| coverage.source.text.lines().nth((line as usize).saturating_sub(1)).unwrap_or_default();
    let never_run: Vec<u32> = coverage.lines.iter().filter(|line| line.hits == 0).map(|line| line.line).collect();
    let mut missed: Vec<_> = never_run.iter().map(|line| (*line, "never run", text(*line))).collect();
    for condition in &coverage.conditions {
        let what = match (condition.yes, condition.no) {
            // That it was never asked is said by its line, unless the line ran as far as another condition.
            (0, 0) if never_run.contains(&condition.line) => continue,
            (0, 0) => "never asked",
            (0, _) => "never true",
            (_, 0) => "never false",
            _ => continue,
        };
        missed.push((condition.line, what, &condition.text));
    }
    missed.sort_by_key(|(line, ..)| *line);
    missed
}

/// What is reached of one policy.
#[derive(Serialize)]
pub struct Covered<'a> {
    coverage: &'a str,
    lines: Share,
    branches: Share,
    missed: Vec<Missed<'a>>,
}

#[derive(Serialize)]
struct Share {
    hit: usize,
    of: usize,
}

#[derive(Serialize)]
struct Missed<'a> {
    line: u32,
    what: &'static str,
    text: &'a str,
}

pub fn json(coverage: &Coverage) -> Covered<'_> {
    let share = |(hit, of): (usize, usize)| Share { hit, of };
    let missed = missed(coverage).into_iter().map(|(line, what, text)| Missed { line, what, text: text.trim() });
    Covered {
        coverage: &coverage.source.name,
        lines: share(coverage.line_count()),
        branches: share(coverage.branch_count()),
        missed: missed.collect(),
    }
}
