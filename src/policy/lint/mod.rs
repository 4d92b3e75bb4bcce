//! What is checked before a policy may run.
//!
//! [`Outline`] reads Rhai's syntax tree into a plain list of sightings; the [checks](checks::CHECKS) look at that list and
//! know nothing of Rhai. A new check is one function and one line in the table.

pub(super) mod chain;
mod checks;
pub(super) mod code;
pub(super) mod comments;
mod outline;
mod quiet;
mod reader;
mod refused;
mod tree;
mod types;
mod walk;

use crate::diagnostic::{Diagnostic, Level, Source};
use crate::event::Kind;
use crate::facts::{Ask, FactId};

pub(super) use outline::Outline;
pub(super) use outline::Place;
pub(super) use refused::Refused;

/// Findings that are shown of one file. Each carries its line, so a file that is one long fault could fill the memory.
const MOST: usize = 100;

/// What the checks have found.
pub(super) struct Report<'s> {
    source: &'s Source,
    diagnostics: Vec<Diagnostic>,
    /// Stands for every finding after the first hundred.
    beyond: Diagnostic,
    failed: bool,
}

impl<'s> Report<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        let beyond = Diagnostic::error(code::SYNTAX, &source.name, "");
        Self { source, diagnostics: Vec::new(), beyond, failed: false }
    }

    /// Adds an error and gives it back, to be helped.
    pub(super) fn error(&mut self, code: &'static str, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(code, &self.source.name, message);
        self.add(diagnostic, place)
    }

    /// Adds a warning and gives it back, to be helped.
    pub(super) fn warning(&mut self, code: &'static str, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::warning(code, &self.source.name, message);
        self.add(diagnostic, place)
    }

    fn add(&mut self, diagnostic: Diagnostic, place: Place) -> &mut Diagnostic {
        self.failed |= diagnostic.level == Level::Error;
        if self.diagnostics.len() >= MOST {
            return &mut self.beyond;
        }
        let diagnostic = match place.line {
            0 => diagnostic,
            line => diagnostic.at(&self.source.text, line, place.column),
        };
        self.diagnostics.push(diagnostic);
        self.diagnostics.last_mut().unwrap_or(&mut self.beyond)
    }

    pub(super) const fn has_errors(&self) -> bool {
        self.failed
    }

    /// The findings in the order of the file, without what comments switch off; a second one at the same place is the echo
    /// of the first. `complete` says that every check was made.
    pub(super) fn finish(mut self, complete: bool) -> Vec<Diagnostic> {
        quiet::apply(&mut self, complete);
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        self.diagnostics.dedup_by_key(|diagnostic| (diagnostic.line, diagnostic.column, diagnostic.code));
        self.diagnostics
    }
}

/// A file that passed: what it needs of the facts.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// The kinds of event that it has a hook for.
    pub(super) hooks: Vec<Kind>,
    /// The facts that each kind's hook reads, as bits.
    pub(super) reads: [u64; Kind::ALL.len()],
    /// The questions that it asks, with their places and the kinds of event that they may be asked about.
    pub(super) asks: Vec<(Ask, String, Place, Vec<Kind>)>,
}

/// Checks one file.
pub(super) fn check(outline: &Outline, report: &mut Report) {
    for check in checks::CHECKS {
        check(outline, report);
    }
}

/// What a file that passed the checks needs.
pub(super) fn needs(outline: &Outline) -> Needs {
    let mut needs = Needs { hooks: outline.hooks().map(|(kind, _)| kind).collect(), ..Needs::default() };
    for (index, function) in outline.functions.iter().enumerate() {
        let kinds = outline.kinds(index);
        for sighting in &function.sightings {
            match &sighting.what {
                outline::What::Read(name) => {
                    let Some(fact) = FactId::by_name(name) else { continue };
                    for kind in &kinds {
                        if let Some(word) = needs.reads.get_mut(*kind as usize) {
                            *word |= 1 << fact as u64;
                        }
                    }
                }
                outline::What::Method { name, arguments } => {
                    let Some(ask) = Ask::ALL.into_iter().find(|ask| ask.name() == name) else { continue };
                    for (text, place) in arguments.iter().flat_map(outline::Argument::texts) {
                        needs.asks.push((ask, text.to_owned(), place, kinds.clone()));
                    }
                }
                _ => {}
            }
        }
    }
    needs
}

#[cfg(test)]
mod tests;
