//! Which lines and branches of the policies the cases reach.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::diagnostic::Source;
use crate::policy::{PolicySet, Step as Watched};

use super::suite::{Suite, with_answers};

/// What the cases reach of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The policy.
    pub source: Source,
    /// Its functions, by their lines.
    pub functions: Vec<CoveredFunction>,
    /// The lines on which statements begin, rising.
    pub lines: Vec<CoveredLine>,
    /// Its conditions, in the order of the file. Each has two branches: it was true, and it was false.
    pub conditions: Vec<CoveredCondition>,
}

/// A function, and how often it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CoveredFunction {
    /// Its name.
    pub name: Arc<str>,
    /// The line on which its body begins.
    pub line: u32,
    /// In how many situations it was called.
    pub hits: u64,
}

/// A line, and how often it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CoveredLine {
    /// The line, from 1.
    pub line: u32,
    /// In how many situations it ran.
    pub hits: u64,
}

/// A condition, and how often it had which outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CoveredCondition {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The text, on one line.
    pub text: Arc<str>,
    /// In how many situations it was true.
    pub yes: u64,
    /// In how many situations it was false.
    pub no: u64,
}

/// What the cases of these suites reach of the policies that they test, which must be the same for all of them. A file of
/// the chain each. Only what something is expected of counts.
#[must_use]
pub fn coverage(suites: &[Suite]) -> Vec<Coverage> {
    let Some(first) = suites.first() else { return Vec::new() };
    let policies = first.policies();
    let mut all: Vec<Coverage> =
        first.chain().iter().enumerate().map(|(number, source)| none(policies, number, source)).collect();
    for situation in suites.iter().flat_map(Suite::situations) {
        let facts = with_answers(&situation.facts, &situation.answers, policies.questions());
        for run in policies.trace(&facts).runs {
            if let Some(of_file) = all.get_mut(run.index) {
                of_file.add(&run.steps);
            }
        }
    }
    all
}

/// A file of which nothing is reached yet.
fn none(policies: &PolicySet, number: usize, source: &Source) -> Coverage {
    let coverable = policies.coverable().get(number).cloned().unwrap_or_default();
    let function = |(name, line)| CoveredFunction { name, line, hits: 0 };
    let condition = |branch: crate::policy::Branch| CoveredCondition {
        line: branch.place.line,
        column: branch.place.column,
        text: branch.text,
        yes: 0,
        no: 0,
    };
    Coverage {
        source: source.clone(),
        functions: coverable.functions.into_iter().map(function).collect(),
        lines: coverable.lines.into_iter().map(|line| CoveredLine { line, hits: 0 }).collect(),
        conditions: coverable.branches.into_iter().map(condition).collect(),
    }
}

impl Coverage {
    /// Adds one run: what happens in it several times counts once.
    fn add(&mut self, steps: &[Watched]) {
        let (mut lines, mut entered, mut tested) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for step in steps {
            match step {
                Watched::Line(line) => {
                    lines.insert(*line);
                }
                Watched::Entered { function, line } => {
                    entered.insert((Arc::clone(function), *line));
                }
                Watched::Tested { branch, outcome } => {
                    tested.insert((*branch, *outcome));
                }
                _ => {}
            }
        }
        for line in &mut self.lines {
            line.hits += u64::from(lines.contains(&line.line));
        }
        for function in &mut self.functions {
            function.hits += u64::from(entered.contains(&(Arc::clone(&function.name), function.line)));
        }
        for (number, condition) in self.conditions.iter_mut().enumerate() {
            condition.yes += u64::from(tested.contains(&(number, true)));
            condition.no += u64::from(tested.contains(&(number, false)));
        }
    }

    /// Lines that ran, of all lines.
    #[must_use]
    pub fn line_count(&self) -> (usize, usize) {
        (self.lines.iter().filter(|line| line.hits > 0).count(), self.lines.len())
    }

    /// Branches that were taken, of all branches: two for each condition.
    #[must_use]
    pub fn branch_count(&self) -> (usize, usize) {
        let taken = |condition: &CoveredCondition| usize::from(condition.yes > 0) + usize::from(condition.no > 0);
        (self.conditions.iter().map(taken).sum(), 2 * self.conditions.len())
    }

    /// Appends this file to `text` as lcov has it, under the name `path`.
    pub fn write_lcov(&self, path: &str, text: &mut String) {
        // A line break in a name would begin a record of its own.
        let path: String = path.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        let _ = writeln!(text, "TN:\nSF:{path}");
        for function in &self.functions {
            let _ = writeln!(text, "FN:{},{}", function.line, function.name);
        }
        for function in &self.functions {
            let _ = writeln!(text, "FNDA:{},{}", function.hits, function.name);
        }
        let called = self.functions.iter().filter(|function| function.hits > 0).count();
        let _ = writeln!(text, "FNF:{}\nFNH:{called}", self.functions.len());
        for (block, condition) in self.conditions.iter().enumerate() {
            let reached = condition.yes + condition.no > 0;
            for (branch, hits) in [condition.yes, condition.no].into_iter().enumerate() {
                let taken = if reached { hits.to_string() } else { "-".to_owned() };
                let _ = writeln!(text, "BRDA:{},{block},{branch},{taken}", condition.line);
            }
        }
        let (taken, branches) = self.branch_count();
        let _ = writeln!(text, "BRF:{branches}\nBRH:{taken}");
        for line in &self.lines {
            let _ = writeln!(text, "DA:{},{}", line.line, line.hits);
        }
        let (hit, lines) = self.line_count();
        let _ = writeln!(text, "LF:{lines}\nLH:{hit}\nend_of_record");
    }
}
