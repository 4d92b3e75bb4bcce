//! From the owner's files to a set of policies: parse, lint, compile, dry run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use rhai::{AST, Engine, LexError, ParseError, ParseErrorType, Scope};

use super::cache::Cache;
use super::decide::{PolicyFile, trial};
use super::event::Numbers;
use super::lint::{self, Needs, Outline, Place, Refused, Report, code};
use super::overdue::Overdue;
use super::{Limits, PolicySet, hidden, hook, sandbox};
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::event::Kind;
use crate::facts::{Domain, FactId, Facts, Mask, Questions, TABLE};

/// A set of policies, and what its author should look at.
#[derive(Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The set, ready to decide.
    pub set: PolicySet,
    /// Warnings, in the order of files and lines.
    pub warnings: Vec<Diagnostic>,
}

impl PolicySet {
    /// Loads a chain of policies. The first file is asked first. An empty chain decides nothing, so it drops and holds.
    ///
    /// Every file is parsed, checked, compiled and tried on sample events; milliseconds for a file of usual size.
    ///
    /// # Errors
    /// All faults of all files; nothing is loaded then.
    pub fn load(chain: &[Source], limits: Limits) -> Result<Loaded, LoadError> {
        if let Some(beyond) = chain.get(limits.files) {
            let message = format!("a chain has at most {} policies", limits.files);
            return Err(Diagnostic::error(code::TOO_LARGE, &beyond.name, message).into());
        }
        let mut loader = Loader {
            engine: sandbox::engine(&limits),
            reader: sandbox::reader(&limits),
            limits,
            questions: Questions::default(),
            reads: [0; Kind::ALL.len()],
            seen: [Mask::NOTHING; Kind::ALL.len()],
        };
        let (mut files, mut outlines, mut reports) = (Vec::new(), Vec::new(), Vec::new());
        for source in chain {
            let mut report = Report::new(source);
            if let Some((file, outline)) = loader.file(source, &mut report) {
                files.push(file);
                outlines.push(outline);
            }
            reports.push(report);
        }
        let numbers = Arc::new(Numbers::new(&loader.questions));
        if files.len() == chain.len() {
            // Only now have all questions their numbers.
            for (file, report) in files.iter().zip(&mut reports) {
                loader.dry_run(file, report, &numbers);
            }
        }
        let failed = files.len() < chain.len() || reports.iter().any(Report::has_errors);
        let of_chain = if failed { Vec::new() } else { lint::chain::check(&outlines) };
        for (file, warning) in of_chain {
            if let Some(report) = reports.get_mut(file) {
                report.warning(warning.code, warning.place, warning.message).help = Some(warning.help);
            }
        }
        let diagnostics: Vec<Diagnostic> = reports.into_iter().flat_map(|report| report.finish(!failed)).collect();
        if failed {
            return Err(diagnostics.into());
        }
        let Loader { engine, limits, questions, reads, seen, .. } = loader;
        let (cache, overdue, observer) = (Cache::default(), Overdue::default(), OnceLock::new());
        let set = PolicySet { engine, files, limits, questions, numbers, reads, seen, cache, overdue, observer };
        Ok(Loaded { set, warnings: diagnostics })
    }
}

struct Loader {
    engine: Engine,
    reader: Engine,
    limits: Limits,
    questions: Questions,
    reads: [u64; Kind::ALL.len()],
    seen: [Mask; Kind::ALL.len()],
}

impl Loader {
    /// Reads one file; none if the report has an error.
    fn file(&mut self, source: &Source, report: &mut Report) -> Option<(PolicyFile, Outline)> {
        if source.text.len() > self.limits.file_bytes {
            let message = format!("the file has {} bytes; {} are allowed", source.text.len(), self.limits.file_bytes);
            report.error(code::TOO_LARGE, Place::default(), message);
            return None;
        }
        if let Some((c, place)) = hidden::first(&source.text) {
            let message = format!("U+{:04X} does not show, and changes how the rest is read", u32::from(c));
            report.error(code::HIDDEN, place, message);
            return None;
        }
        let parsed = parse(&self.reader, &Scope::new(), source, report)?;
        let outline = Outline::new(&parsed, source);
        lint::check(&outline, report);
        // Rhai hides constants at the top from functions; the compiler puts those of the scope in their place.
        let mut constants = Scope::new();
        for (name, _, value) in parsed.iter_literal_variables(true, false) {
            constants.push_constant_dynamic(name, value);
        }
        // Compiled in spite of errors, so that an unknown variable is shown together with the rest.
        let mut ast = parse(&self.engine, &constants, source, report)?;
        if report.has_errors() {
            return None;
        }
        let needs = lint::needs(&outline);
        self.ask(&needs, report);
        ast.clear_statements();
        let Source { name, text } = source.clone();
        let file = PolicyFile { name, text, ast, hooks: needs.hooks };
        (!report.has_errors()).then_some((file, outline))
    }

    /// Joins a file's facts and questions to those of the chain.
    fn ask(&mut self, needs: &Needs, report: &mut Report) {
        for ((all, seen), own) in self.reads.iter_mut().zip(&mut self.seen).zip(needs.reads) {
            *all |= own;
            TABLE.iter().filter(|fact| own >> fact.id as u64 & 1 == 1).for_each(|fact| seen.fact(fact.id));
        }
        for (ask, literal, place, kinds) in &needs.asks {
            let number = match self.questions.add(*ask, literal) {
                Ok(number) => number,
                Err(full) => {
                    report.error(code::QUESTIONS, *place, full.to_string());
                    return;
                }
            };
            for kind in kinds {
                if let Some(seen) = self.seen.get_mut(*kind as usize) {
                    seen.answer(number);
                }
            }
        }
    }

    /// Asks every hook about sample facts: none, all, and each alone.
    fn dry_run(&self, file: &PolicyFile, report: &mut Report, numbers: &Arc<Numbers>) {
        for kind in &file.hooks {
            for facts in samples(*kind, &self.questions) {
                if let Err(failure) = trial(&self.engine, file, &facts, numbers, &self.limits) {
                    let place = Place { line: failure.line, column: failure.column };
                    let message = format!("`{}` failed in a dry run: {}", hook(*kind), failure.message);
                    report.error(code::DRY_RUN, place, message);
                    return;
                }
            }
        }
    }
}

/// Facts to try a policy on.
fn samples(kind: Kind, questions: &Questions) -> Vec<Facts> {
    let most = |domain: Domain| match domain {
        Domain::Bool => 1,
        Domain::Number(edges) => edges.last().copied().unwrap_or_default().into(),
    };
    let facts: Vec<FactId> = TABLE.iter().filter(|fact| fact.kinds.contains(&kind)).map(|fact| fact.id).collect();
    let mut all = Facts::new(kind);
    let mut samples = vec![all];
    for fact in facts {
        let mut alone = Facts::new(kind);
        alone.set(fact, most(fact.entry().domain));
        all.set(fact, most(fact.entry().domain));
        samples.push(alone);
    }
    for (number, _) in questions.iter() {
        all.answer_yes(number);
    }
    samples.push(all);
    samples
}

/// Parses a file, or says why it cannot be parsed.
fn parse(engine: &Engine, constants: &Scope, source: &Source, report: &mut Report) -> Option<AST> {
    // A panic of the parser is a bug of Rhai's; the owner's gate must survive it.
    match catch_unwind(AssertUnwindSafe(|| engine.compile_with_scope(constants, &*source.text))) {
        Ok(Ok(ast)) => Some(ast),
        Ok(Err(error)) => {
            // Once as it is, and not again for the second parse.
            if !report.has_errors() || matches!(error.err_type(), ParseErrorType::VariableUndefined(_)) {
                explain(&error, source, report);
            }
            None
        }
        Err(_) => {
            report.error(code::SYNTAX, Place::default(), "the interpreter broke down on this file");
            None
        }
    }
}

/// Reports an error of the parser, in the words of policies where there are any.
fn explain(error: &ParseError, source: &Source, report: &mut Report) {
    let place = Place::from(error.position());
    let refuse = |report: &mut Report, refused: Refused| {
        let (message, help) = refused.says();
        report.error(code::REFUSED, place, message).help = Some(help.to_owned());
    };
    match error.err_type() {
        ParseErrorType::VariableUndefined(name) => {
            let words = source.text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word != name);
            let help = match super::call::Call::by_name(name) {
                Some(call) => Some(call.usage().to_owned()),
                None => crate::diagnostic::nearest(name, words).map(|known| format!("did you mean `{known}`?")),
            };
            report.error(code::UNKNOWN_VARIABLE, place, format!("there is no variable `{name}`")).help = help;
        }
        ParseErrorType::VariableExists(name) => {
            let message = format!("there is a variable `{name}` already");
            report.error(code::TAKEN, place, message).help = Some("choose another name".to_owned());
        }
        ParseErrorType::FnDuplicatedDefinition(name, _) => {
            let message = format!("the function `{name}` is defined twice");
            report.error(code::TAKEN, place, message).help =
                Some("make one of both, or choose another name".to_owned());
        }
        ParseErrorType::MismatchedType(wanted, given) if wanted.starts_with("a boolean") => {
            let given = given.replace("a string", "a text");
            let message = format!("a condition is a yes or no, not {given}");
            report.error(code::TYPES, place, message).help = Some("compare it: `m.score >= 8`".to_owned());
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(word, _)) if word == "=" => assigns(report, place),
        ParseErrorType::MissingToken(..) if is_assigned_in_condition(source, place) => assigns(report, place),
        ParseErrorType::ExprTooDeep => {
            let help = "write several steps one after the other, or a helper function".to_owned();
            report.error(code::TOO_LARGE, place, "this is nested too deep").help = Some(help);
        }
        ParseErrorType::LiteralTooLarge(..) | ParseErrorType::TooManyFunctions => {
            report.error(code::TOO_LARGE, place, lower(&error.err_type().to_string()));
        }
        ParseErrorType::Reserved(word) => refuse(report, Refused::word(word)),
        ParseErrorType::BadInput(LexError::ImproperSymbol(word, _)) if Refused::word(word) != Refused::Reserved => {
            refuse(report, Refused::word(word));
        }
        other => {
            report.error(code::SYNTAX, place, lower(&other.to_string()));
        }
    }
}

fn assigns(report: &mut Report, place: Place) {
    let help = "one `=` assigns, two compare: `m.score == 8`".to_owned();
    report.error(code::ASSIGNMENT, place, "a condition compares, it does not assign").help = Some(help);
}

/// Whether a lone `=` stands at this place behind an `if`, as in `if (m.score = 8) { … }`.
fn is_assigned_in_condition(source: &Source, place: Place) -> bool {
    let line = source.text.lines().nth((place.line as usize).saturating_sub(1)).unwrap_or_default();
    let before: String = line.chars().take((place.column as usize).saturating_sub(1)).collect();
    let mut from = line.chars().skip(before.chars().count());
    let alone = from.next() == Some('=') && from.next() != Some('=');
    alone && before.split(|c: char| !c.is_alphanumeric()).any(|word| word == "if")
}

/// A message of Rhai's in our manner: a fragment without capital and stop, on one line.
fn lower(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars().map(|c| if c.is_control() { ' ' } else { c }).take(200);
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
