//! Small changes of a policy, each of which somebody could make by mistake.
//!
//! A case that nobody would miss catches none of them: [`mutants`] makes them, `workbench::cases` tries them. They are made
//! in the text, by the places of Rhai's own tokens, so that what an owner is shown is what an owner would have typed, and
//! every line keeps its number.

mod script;

use std::ops::Range;
use std::sync::Arc;

use rhai::Token;

use super::call::Call;
use crate::diagnostic::Source;
use crate::facts::Domain;

use script::{Script, step};

/// Mutants of one file.
const MOST: usize = 5_000;

/// One small change of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mutant {
    /// The line of the change, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What was changed, for the owner: `` `>=` becomes `>` ``.
    pub change: String,
    /// The policy with the change, under the name of the original.
    pub source: Source,
}

/// All mutants of a policy, in the order of the file, one after the other: comparisons turned and shifted, constants moved to
/// the neighbouring edges of the fact that they are compared with, `&&` and `||` exchanged, conditions negated, guards and
/// operands taken out, decisions exchanged. None for a text that is no script.
///
/// Not every mutant is a policy; load it to find out. Costs a copy of the text for each.
pub fn mutants(source: &Source) -> impl Iterator<Item = Mutant> + use<'_> {
    let edits = Script::read(source).map_or_else(Vec::new, |script| edits(&script));
    edits.into_iter().take(MOST).filter_map(|edit| mutant(source, edit))
}

/// Every change of a script, in the order of the file.
fn edits(script: &Script<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for index in 0..script.tokens.len() {
        script.comparison(index, &mut edits);
        script.constant(index, &mut edits);
        script.connective(index, &mut edits);
        script.operands(index, &mut edits);
        script.decision(index, &mut edits);
        script.guard(index, &mut edits);
    }
    for term in script.terms() {
        script.negation(term, &mut edits);
    }
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits
}

/// A text in place of another.
struct Edit {
    range: Range<usize>,
    with: String,
    change: String,
}

impl Script<'_> {
    fn comparison(&self, index: usize, edits: &mut Vec<Edit>) {
        let Some(spot) = self.tokens.get(index) else { return };
        let others: &[&str] = match spot.token {
            Token::LessThan => &["<=", ">="],
            Token::LessThanEqualsTo => &["<", ">"],
            Token::GreaterThan => &[">=", "<="],
            Token::GreaterThanEqualsTo => &[">", "<"],
            Token::EqualsTo => &["!="],
            Token::NotEqualsTo => &["=="],
            _ => return,
        };
        let from = self.slice(spot.range.clone());
        edits.extend(others.iter().map(|to| replaced(spot.range.clone(), from, to)));
    }

    fn connective(&self, index: usize, edits: &mut Vec<Edit>) {
        let Some(spot) = self.tokens.get(index) else { return };
        match spot.token {
            Token::And => edits.push(replaced(spot.range.clone(), "&&", "||")),
            Token::Or => edits.push(replaced(spot.range.clone(), "||", "&&")),
            _ => {}
        }
    }

    /// An operand of `&&` or `||` is taken out.
    fn operands(&self, index: usize, edits: &mut Vec<Edit>) {
        let Some(spot) = self.tokens.get(index).filter(|spot| matches!(spot.token, Token::And | Token::Or)) else {
            return;
        };
        let mut taken_out = |range: Range<usize>, operand: Range<usize>| {
            let lines = self.slice(range.clone()).matches('\n').count();
            let change = format!("`{}` is taken out", shown(self.slice(operand)));
            edits.push(Edit { range, with: "\n".repeat(lines), change });
        };
        if let Some(last) = self.term_end(index + 1).and_then(|end| self.tokens.get(end - 1)) {
            taken_out(spot.range.start..last.range.end, self.start_of(index + 1)..last.range.end);
        }
        // What stands between two of them was taken out with the one before it.
        let Some(first) = self.operand_before(index) else { return };
        let between = first.checked_sub(1).and_then(|before| self.token(before));
        if !matches!(between, Some(Token::And | Token::Or)) {
            let operand = self.start_of(first)..self.tokens.get(index - 1).map_or(0, |last| last.range.end);
            taken_out(operand.start..self.start_of(index + 1), operand);
        }
    }

    fn start_of(&self, index: usize) -> usize {
        self.tokens.get(index).map(|spot| spot.range.start).unwrap_or_default()
    }

    /// A number moves to the neighbouring edges of the fact that it is compared with; a yes becomes a no.
    fn constant(&self, index: usize, edits: &mut Vec<Edit>) {
        let Some(spot) = self.tokens.get(index) else { return };
        let from = self.slice(spot.range.clone());
        match spot.token {
            Token::True => edits.push(replaced(spot.range.clone(), from, "false")),
            Token::False => edits.push(replaced(spot.range.clone(), from, "true")),
            Token::IntegerConstant(number) => {
                let (below, above) = match self.compared_with(index).map(|fact| fact.entry().domain) {
                    Some(Domain::Number(edges)) => (
                        edges.iter().rev().map(|edge| i64::from(*edge)).find(|edge| *edge < number),
                        edges.iter().map(|edge| i64::from(*edge)).find(|edge| *edge > number),
                    ),
                    _ => (number.checked_sub(1).filter(|below| *below >= 0), number.checked_add(1)),
                };
                let others = below.into_iter().chain(above);
                edits.extend(others.map(|to| replaced(spot.range.clone(), from, &to.to_string())));
            }
            _ => {}
        }
    }

    /// `drop("…")` becomes `hold("…")` and `allow()`.
    fn decision(&self, index: usize, edits: &mut Vec<Edit>) {
        let Some(call) = self.identifier(index).and_then(Call::by_name) else { return };
        let Some(name) = self.tokens.get(index).map(|spot| spot.range.clone()) else { return };
        let (end, reason) = match self.token(index + 1) {
            Some(Token::Unit) => (self.tokens.get(index + 1).map(|spot| spot.range.end), None),
            Some(Token::LeftParen) => {
                let Some(close) = self.closing(index + 1) else { return };
                let comma = (index + 2..close).find(|at| self.token(*at) == Some(&Token::Comma));
                let first = self.tokens.get(index + 2).map(|spot| spot.range.start).unwrap_or_default();
                let stop = comma.unwrap_or(close);
                let last = self.tokens.get(stop).map(|spot| spot.range.start).unwrap_or_default();
                let reason = call.takes_reason().then(|| self.slice(first..last).trim_end());
                (self.tokens.get(close).map(|spot| spot.range.end), reason)
            }
            _ => return,
        };
        let Some(end) = end else { return };
        for other in [Call::Allow, Call::Hold, Call::Drop] {
            if other == call {
                continue;
            }
            let to = if other.takes_reason() {
                format!("{}({})", other.name(), reason.unwrap_or("\"a mutant\""))
            } else {
                format!("{}()", other.name())
            };
            let range = name.start..end;
            let lines = self.slice(range.clone()).matches('\n').count();
            edits.push(Edit {
                range,
                change: format!("`{}` becomes `{}`", call.name(), other.name()),
                with: to + "\n".repeat(lines).as_str(),
            });
        }
    }

    /// A guard, `if … { … }` without an `else` on either side, is taken out.
    fn guard(&self, index: usize, edits: &mut Vec<Edit>) {
        if self.token(index) != Some(&Token::If) {
            return;
        }
        let follows_else = index.checked_sub(1).and_then(|before| self.token(before)) == Some(&Token::Else);
        let Some(open) = (index..self.tokens.len()).find(|at| self.token(*at) == Some(&Token::LeftBrace)) else {
            return;
        };
        let Some(close) = self.closing(open) else { return };
        if follows_else || self.token(close + 1) == Some(&Token::Else) {
            return;
        }
        let (Some(first), Some(last)) = (self.tokens.get(index), self.tokens.get(close)) else { return };
        let range = first.range.start..last.range.end;
        let text = self.slice(range.clone());
        let (lines, condition) = (text.matches('\n').count(), self.condition(index, open));
        edits.push(Edit { range, with: "\n".repeat(lines), change: format!("`if {condition} …` is taken out") });
    }

    /// The text between two tokens, on one line.
    fn condition(&self, after: usize, before: usize) -> String {
        let start = self.tokens.get(after).map(|spot| spot.range.end).unwrap_or_default();
        let end = self.tokens.get(before).map(|spot| spot.range.start).unwrap_or_default();
        self.slice(start..end).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A term becomes its contrary. A comparison has its own.
    fn negation(&self, term: Range<usize>, edits: &mut Vec<Edit>) {
        let (Some(first), Some(last)) = (self.tokens.get(term.start), self.tokens.get(term.end - 1)) else { return };
        let mut depth = 0_isize;
        for index in term.clone() {
            if depth == 0
                && (self.is_comparison(index) || matches!(self.token(index), Some(Token::True | Token::False)))
            {
                return;
            }
            depth += self.token(index).map_or(0, step);
        }
        let range = first.range.start..last.range.end;
        let text = self.slice(range.clone());
        if first.token == Token::Bang {
            let rest = self.slice(first.range.end..range.end).to_owned();
            edits.push(Edit { change: format!("`{}` becomes `{}`", shown(text), shown(&rest)), range, with: rest });
        } else {
            let grouped = self.closing(term.start) == Some(term.end - 1);
            let with = if grouped { format!("!{text}") } else { format!("!({text})") };
            edits.push(Edit { change: format!("`{}` becomes `{}`", shown(text), shown(&with)), range, with });
        }
    }
}

fn mutant(source: &Source, edit: Edit) -> Option<Mutant> {
    let (before, after) = (source.text.get(..edit.range.start)?, source.text.get(edit.range.end..)?);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let changed = Source::new(Arc::clone(&source.name), [before, &edit.with, after].concat());
    Some(Mutant { line: number(line), column: number(column), change: edit.change, source: changed })
}

fn replaced(range: Range<usize>, from: &str, to: &str) -> Edit {
    Edit { range, with: to.to_owned(), change: format!("`{from}` becomes `{to}`") }
}

/// A condition in one line.
fn shown(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(text: &str) -> Vec<String> {
        let source = Source::new("a.rhai", text);
        mutants(&source).map(|mutant| format!("{}:{} {}", mutant.line, mutant.column, mutant.change)).collect()
    }

    #[test]
    fn every_kind_of_slip_is_made_at_its_place() {
        let text = "const LIMIT = 200;\nfn on_message(m) {\n    if !m.unread && m.length >= LIMIT {\n        drop(\"no\")\n    }\n    \
                    if m.suspect { hold(\"x\", #{expires: \"1h\"}) }\n    allow();\n}";
        let expected = [
            "1:15 `200` becomes `80`",
            "1:15 `200` becomes `500`",
            "3:5 `if !m.unread && m.length >= LIMIT …` is taken out",
            "3:8 `!m.unread` becomes `m.unread`",
            "3:8 `!m.unread` is taken out",
            "3:18 `&&` becomes `||`",
            "3:18 `m.length >= LIMIT` is taken out",
            "3:30 `>=` becomes `>`",
            "3:30 `>=` becomes `<`",
            "4:9 `drop` becomes `allow`",
            "4:9 `drop` becomes `hold`",
            "6:5 `if m.suspect …` is taken out",
            "6:8 `m.suspect` becomes `!(m.suspect)`",
            "6:20 `hold` becomes `allow`",
            "6:20 `hold` becomes `drop`",
            "7:5 `allow` becomes `hold`",
            "7:5 `allow` becomes `drop`",
        ];
        assert_eq!(changes(text), expected);
    }

    #[test]
    fn a_mutant_is_the_policy_with_one_change_and_the_same_lines() {
        let text = "fn on_message(m) {\n    if m.sender_blocked\n    { drop(\"a, b\") }\n    allow();\n}\n";
        let source = Source::new("a.rhai", text);
        let made: Vec<Mutant> = mutants(&source).collect();
        for mutant in &made {
            assert_eq!(mutant.source.text.lines().count(), text.lines().count(), "{}", mutant.change);
            assert_ne!(&*mutant.source.text, text, "{}", mutant.change);
        }
        let held = made.iter().find(|mutant| mutant.change == "`drop` becomes `hold`").unwrap();
        assert!(held.source.text.contains("{ hold(\"a, b\") }"), "{}", held.source.text);
    }

    #[test]
    fn helpers_variables_and_groups_are_changed_too() {
        let text = "fn known(m) { m.sender_owner || m.sender_approved }\nfn on_message(m) {\n    let score = m.score;\n    \
                    if (known(m) || score > 30) && m.links == 0 { hold(\"x\") }\n}";
        let made = changes(text);
        for change in [
            "1:15 `m.sender_owner` becomes `!(m.sender_owner)`",
            "1:33 `m.sender_approved` becomes `!(m.sender_approved)`",
            "4:9 `known(m)` becomes `!(known(m))`",
            "4:29 `30` becomes `29`",
            "4:29 `30` becomes `31`",
            "4:47 `0` becomes `1`",
        ] {
            assert!(made.iter().any(|found| found == change), "{change} is not in {made:#?}");
        }
    }

    #[test]
    fn what_is_no_script_has_no_mutants() {
        for text in ["", "\u{0}\u{1}", "fn on_message(m) { \"open", "if", "(((", "drop(", "if m.x && {"] {
            let _ = mutants(&Source::new("a.rhai", text)).count();
        }
        assert_eq!(changes("fn on_message(m) { \"open"), [""; 0]);
    }
}
