//! What the ways through a file show: what is never reached, and comparisons that are not what they seem.

use crate::facts::Domain;
use crate::policy::call::Call;
use crate::policy::lint::outline::Outline;
use crate::policy::lint::tree::{Block, Does, Is, Step, Term};
use crate::policy::lint::walk::{Comparison, Met, State, Walk, always};
use crate::policy::lint::{Report, code};

/// Walks through a file without errors and reports what is dead in it. Comes last, so that it knows of all errors.
pub(super) fn ways(outline: &Outline, report: &mut Report) {
    if report.has_errors() {
        return;
    }
    let mut walk = Walk::new(outline);
    for (kind, index) in outline.hooks() {
        if let Some(function) = outline.functions.get(index) {
            walk.hook(function, vec![State::new(kind)]);
        }
    }
    let complete = walk.is_complete();
    let met = &walk.met;
    if complete {
        comparisons(met, report);
    }
    for (index, function) in outline.functions.iter().enumerate() {
        if !outline.kinds(index).is_empty() {
            Finder { outline, met, complete }.block(&function.body, report);
        }
    }
}

/// Comparisons of facts with numbers.
fn comparisons(met: &Met, report: &mut Report) {
    for (place, comparison) in &met.comparisons {
        let Some(comparison @ Comparison { fact, operator, number }) = *comparison else { continue };
        let name = fact.entry().name;
        let Domain::Number(edges) = fact.entry().domain else { continue };
        let (below, above) = neighbours(edges, number);
        let shown = format!("`{name} {operator} {number}`");
        if let Some(yes) = always(comparison) {
            let message = format!("{shown} is {} true", if yes { "always" } else { "never" });
            let help = match (below, above) {
                (Some(below), Some(above)) if edges.iter().all(|edge| i64::from(*edge) != number) => {
                    format!("`{name}` is rounded down to its values; those next to {number} are {below} and {above}")
                }
                _ => {
                    let last = edges.last().copied().unwrap_or_default();
                    format!("`{name}` is from 0 to {last}")
                }
            };
            report.warning(code::ALWAYS, *place, message).help = Some(help);
        } else if let Some(above) = above.filter(|above| is_gap(edges, operator, number, *above)) {
            let (begins, same) = match operator {
                ">" | ">=" => ("true", ">="),
                _ => ("false", "<"),
            };
            let message = format!("{shown} is {begins} only from {above} on, since `{name}` is rounded down");
            let mut help = format!("write `{name} {same} {above}`");
            if let Some(below) = below.filter(|below| *below > 0) {
                help += &format!(", or `{name} {same} {below}`");
            }
            report.warning(code::NO_EDGE, *place, message).help = Some(help);
        }
    }
}

/// The values of a fact next to a number: the last that is not above it, or not it either, and the first above.
fn neighbours(edges: &[u16], number: i64) -> (Option<i64>, Option<i64>) {
    let mut edges = edges.iter().map(|edge| i64::from(*edge));
    let below = edges.clone().rfind(|edge| *edge <= number);
    (below, edges.find(|edge| *edge > number))
}

/// Whether a comparison changes its outcome elsewhere than its number says, since the fact has no value there. `above` is
/// the first value above the number.
fn is_gap(edges: &[u16], operator: &str, number: i64, above: i64) -> bool {
    match operator {
        ">=" | "<" => edges.iter().all(|edge| i64::from(*edge) != number),
        // The next whole number is where an owner expects the outcome to change.
        ">" | "<=" => above > number.saturating_add(1),
        _ => false,
    }
}

/// Looks for what is dead.
struct Finder<'m, 'o> {
    outline: &'o Outline,
    met: &'m Met<'o>,
    complete: bool,
}

impl Finder<'_, '_> {
    fn block(&self, block: &Block, report: &mut Report) {
        let mut before: Option<&Step> = None;
        for (index, step) in block.0.iter().enumerate() {
            if !self.met.steps.contains(&step.place) {
                if let Some(before) = before.filter(|_| self.complete) {
                    let help = reason(before);
                    report.warning(code::UNREACHED, step.place, "this is never reached").help = Some(help);
                }
                return;
            }
            before = Some(step);
            self.step(step, block.0.get(..index).unwrap_or_default(), report);
        }
    }

    fn step(&self, step: &Step, before: &[Step], report: &mut Report) {
        match &step.does {
            Does::If { condition, then, otherwise } => {
                self.condition(step, condition, before, report);
                self.block(then, report);
                self.block(otherwise, report);
            }
            Does::Try { body, handler, .. } => {
                self.block(body, report);
                self.block(handler, report);
            }
            Does::Block(block) => self.block(block, report),
            Does::Let { value, .. } | Does::Set { value, .. } | Does::Value(value) => self.term(value, report),
            Does::Return(Some(value)) | Does::Throw(Some(value)) => self.term(value, report),
            Does::Return(None) | Does::Throw(None) | Does::Other => {}
        }
    }

    fn term(&self, term: &Term, report: &mut Report) {
        match &term.is {
            Is::Call(_, terms) | Is::Other(terms) => terms.iter().for_each(|term| self.term(term, report)),
            Is::Operator(operator, terms) => {
                if operator == "!" {
                    terms.iter().for_each(|term| written_out(term, report));
                }
                terms.iter().for_each(|term| self.term(term, report));
            }
            Is::All(terms) | Is::Any(terms) => {
                terms.iter().filter(|_| !term.is_written_out()).for_each(|term| written_out(term, report));
                terms.iter().for_each(|term| self.term(term, report));
            }
            Is::Block(block) => self.block(block, report),
            _ => {}
        }
    }

    /// A condition that is always the same.
    fn condition(&self, step: &Step, condition: &Term, before: &[Step], report: &mut Report) {
        if condition.is_written_out() {
            return written_out(condition, report);
        }
        self.term(condition, report);
        let never = self.met.conditions.get(&step.place) == Some(&[true, false]);
        if never && self.complete && !names_constant(condition) && !self.is_told(condition) {
            let same = |step: &&Step| matches!(&step.does, Does::If { condition: other, .. } if other == condition);
            let help = match before.iter().rev().find(same) {
                Some(first) => format!("line {} asks the same, and what follows it there decides", first.place.line),
                None => "what stands before it has decided about every such event already".to_owned(),
            };
            report.warning(code::NEVER, condition.place, "this condition is never true here").help = Some(help);
        }
    }

    /// Whether something in it, or in the functions that it calls, is told by itself.
    fn is_told(&self, term: &Term) -> bool {
        let mut told = false;
        let mut callees = Vec::new();
        let mut look = |term: &Term, callees: &mut Vec<String>| {
            let comparison = self.met.comparisons.get(&term.place).copied().flatten();
            told |= comparison.is_some_and(|known| always(known).is_some());
            told |= term.is_written_out() && !is_operand(term);
            if let Is::Call(name, _) = &term.is {
                callees.push(name.clone());
            }
        };
        term.each(&mut |term| look(term, &mut callees));
        // Functions call each other at most 16 deep, and there are 64 of them.
        let mut next = 0;
        while let Some(name) = callees.get(next).cloned() {
            let seen = callees.iter().take(next).any(|known| *known == name);
            for function in self.outline.functions.iter().filter(|function| !seen && function.name == name) {
                function.body.each(&mut |term| look(term, &mut callees));
            }
            next += 1;
        }
        told
    }
}

/// A number or a text, which stands in a comparison.
const fn is_operand(term: &Term) -> bool {
    matches!(term.is, Is::Number(_) | Is::Text(_))
}

/// Whether a constant of the file stands in it, whose value is the owner's choice.
fn names_constant(term: &Term) -> bool {
    let mut found = false;
    term.each(&mut |term| {
        found |= matches!(&term.is, Is::Name(name) if name.chars().all(|c| !c.is_lowercase()));
    });
    found
}

/// Reports a condition, or a part of one, that is written out.
fn written_out(term: &Term, report: &mut Report) {
    if term.is_written_out() && !is_operand(term) {
        let help = "leave it out, or ask a fact: `if m.suspect { … }`".to_owned();
        report.warning(code::CONSTANT_CONDITION, term.place, "this is the same for every event").help = Some(help);
    }
}

/// Why nothing behind a statement is reached.
fn reason(step: &Step) -> String {
    let line = step.place.line;
    match &step.does {
        Does::Value(Term { is: Is::Call(name, _), .. }) if Call::by_name(name).is_some() => {
            format!("`{name}` in line {line} ends the policy")
        }
        Does::Return(_) => format!("`return` in line {line} ends the function"),
        Does::Throw(_) => format!("`throw` in line {line} ends the policy"),
        _ => format!("what begins in line {line} decides in every case"),
    }
}
