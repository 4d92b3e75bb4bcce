//! What a person sees of tried cases and mutants.

use sluicegate::diagnostic::Source;
use sluicegate::facts::{Domain, Facts, TABLE};
use sluicegate::policy::Ruling;
use sluicegate::verdict::Decision;
use sluicegate::workbench::cases::{Answer, Fate, Outcome, Seen, Suite, Tried};

use super::Tally;
use crate::cli::failure::Failure;
use crate::cli::output::{Output, counted};
use crate::cli::paint::{DIM, Paint, of};
use crate::cli::visible::{cut, pad};

/// Columns of a word in front of what was expected.
const WORD: usize = 10;
/// Columns before what belongs to a case.
const INDENT: &str = "        ";

/// A line a case, and below a failed one what differs.
pub fn cases(suite: &Suite, outcomes: &[Outcome], output: &mut Output) -> Result<(), Failure> {
    let (paint, width) = (output.paint, output.width);
    let file = &suite.file().source.name;
    let policies: Vec<&str> = suite.chain().iter().map(|source| source.name.as_ref()).collect();
    output.line(&format!("{}  {}", cut(file, width), paint.draw(DIM, &cut(&policies.join(", "), width))))?;
    for outcome in outcomes {
        let word = if outcome.passed() {
            paint.draw(of(Decision::Allow), "ok  ")
        } else {
            paint.draw(of(Decision::Drop), "FAIL")
        };
        output.line(&format!("  {word}  {}", cut(&outcome.name, width - INDENT.len())))?;
        for seen in &outcome.seen {
            difference(suite, outcome, seen, output)?;
        }
    }
    Ok(())
}

fn difference(suite: &Suite, outcome: &Outcome, seen: &Seen, output: &mut Output) -> Result<(), Failure> {
    if seen.mismatches.is_empty() {
        return Ok(());
    }
    let (paint, width) = (output.paint, output.width);
    let room = width.saturating_sub(INDENT.len() + WORD + 10);
    let row = |word: &str, label: &str, text: String| {
        let label = if label.is_empty() { String::new() } else { paint.draw(DIM, &pad(label, 10)) };
        format!("{INDENT}{}{label}{text}", pad(word, WORD))
    };
    for mismatch in &seen.mismatches {
        output.line(&row(
            mismatch.what,
            "expected",
            paint.draw(of(Decision::Allow), &cut(&mismatch.expected, room)),
        ))?;
        output.line(&row("", "got", paint.draw(of(Decision::Drop), &cut(&mismatch.got, room))))?;
    }
    // Where it was decided, unless that has just been said.
    let said = seen.mismatches.iter().any(|mismatch| mismatch.what == "line_has");
    if !said && !seen.source.is_empty() {
        let place = seen.by.policy.as_ref().zip(seen.by.line).map(|(file, line)| format!("{file}:{line}  "));
        output.line(&row("decided", "", cut(&format!("{}{}", place.unwrap_or_default(), seen.source), room + 10)))?;
    }
    let what = if seen.event > 0 { format!("event {}", seen.event) } else { "facts".to_owned() };
    output.line(&row(&what, "", paint.draw(DIM, &cut(&facts(&seen.facts, &seen.answers), room + 10))))?;
    let place = format!("{}:{}", suite.file().source.name, outcome.line);
    output.line(&row("case", "", paint.draw(DIM, &cut(&place, room + 10))))
}

/// A decision and its reason.
fn said(ruling: &Ruling) -> String {
    if ruling.reason.is_empty() {
        return ruling.decision.to_string();
    }
    format!("{} \"{}\"", ruling.decision, ruling.reason.escape_debug())
}

/// The facts that are not zero, and the questions that are answered with yes.
fn facts(facts: &Facts, answers: &[Answer]) -> String {
    let set = TABLE.iter().filter_map(|fact| match (fact.domain, facts.get(fact.id)) {
        (_, 0) => None,
        (Domain::Bool, _) => Some(fact.name.to_owned()),
        (Domain::Number(_), value) => Some(format!("{} {value}", fact.name)),
    });
    let asked = answers.iter().map(|answer| format!("{} \"{}\"", answer.ask.name(), answer.literal));
    set.chain(asked).collect::<Vec<_>>().join(", ")
}

/// The last line: how many there were.
pub fn summary(tally: &Tally, paint: Paint) -> String {
    let failed = format!("{} failed", tally.failed);
    let failed = if tally.failed > 0 { paint.draw(of(Decision::Drop), &failed) } else { failed };
    format!("{}   {} passed   {failed}", counted(tally.cases, "case"), tally.cases - tally.failed)
}

/// The mutants that no case notices, with their lines.
pub fn mutants(chain: &[Source], tried: &[Tried], output: &mut Output) -> Result<(), Failure> {
    let (paint, width) = (output.paint, output.width);
    for tried in tried {
        let (style, word, why) = match &tried.fate {
            Fate::Caught | Fate::Refused => continue,
            Fate::Equivalent => (DIM, "same  ", None),
            Fate::Undecided(why) => (of(Decision::Hold), "unsure", Some(why)),
            _ => (of(Decision::Drop), "MISSED", None),
        };
        let change = format!("{}:{}:{}  {}", tried.policy, tried.line, tried.column, tried.change);
        output.line(&format!("  {}  {}", paint.draw(style, word), cut(&change, width - 10)))?;
        let original = chain.iter().find(|source| source.name == tried.policy);
        let line = original.and_then(|source| source.text.lines().nth((tried.line as usize).saturating_sub(1)));
        if let Some(line) = line.filter(|_| tried.fate.is_missed()) {
            output.line(&format!("          {}", paint.draw(DIM, &cut(line.trim(), width - 10))))?;
        }
        if let Fate::Missed(example) = &tried.fate {
            let facts = facts(&example.facts, &example.answers);
            let kind = example.facts.kind().name();
            let change = format!("{} would become {}", said(&example.was), said(&example.would));
            output.line(&format!("          {}", cut(&change, width - 10)))?;
            output.line(&format!(
                "          {}",
                cut(&format!("for a {}: {facts}", kind.replace('_', " ")), width - 10)
            ))?;
        }
        if let Some(why) = why {
            output.line(&format!("          {}", paint.draw(DIM, &cut(why, width - 10))))?;
        }
    }
    output.line(&mutant_summary(chain, tried))
}

fn mutant_summary(chain: &[Source], tried: &[Tried]) -> String {
    let count = |fate: &str| tried.iter().filter(|tried| tried.fate.name() == fate).count();
    let names: Vec<&str> = chain.iter().map(|source| source.name.as_ref()).collect();
    let mut text = format!("{}: {}", names.join(", "), counted(tried.len() as u64, "mutant"));
    for (fate, said) in [
        ("caught", "caught"),
        ("refused", "refused by the loader"),
        ("equivalent", "the same for every event"),
        ("missed", "missed"),
        ("undecided", "missed, perhaps the same"),
    ] {
        let count = count(fate);
        if count > 0 || fate == "missed" {
            text.push_str(&format!("   {count} {said}"));
        }
    }
    text
}
