//! The part of a reply that is searched again when more has come in.

use std::ops::Range;

use crate::text::view::{Flavour, View};
use crate::verdict::Finding;

use super::super::budget::Budget;
use super::super::detector::{Cost, Detector};
use super::super::ends::is_letter;
use super::super::field::Field;
use super::super::openings::Openings;
use super::super::rule::Scope;
use super::super::undo;
use super::hold;

/// Bytes before what is held back that are searched with it, at least: what a word is, its neighbours tell.
const BEFORE: usize = 48;
/// Bytes in which a blank is looked for, for the window to begin behind it.
const BLANK: usize = 256;

/// Buffers, kept from look to look.
#[derive(Debug)]
pub(super) struct Window {
    letters: View,
    leet: View,
    symbols: View,
    /// The rules that were told already, by number.
    told: Vec<usize>,
}

/// What a look gave.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Bytes of the window that are safe.
    pub(super) safe: usize,
    /// What was found for the first time, with places in the window.
    pub(super) findings: Vec<Finding>,
    pub(super) cost: Cost,
}

impl Window {
    pub(super) const fn new() -> Self {
        Self {
            letters: View::new(Flavour::Letters),
            leet: View::new(Flavour::Leet),
            symbols: View::new(Flavour::Symbols),
            told: Vec::new(),
        }
    }

    /// Where the window begins for a text of which `safe` bytes are safe: behind a blank, and at a letter, so that what is
    /// read from there on is read as it is in the whole text.
    pub(super) fn start(text: &str, safe: usize) -> usize {
        let before = text.get(..safe).unwrap_or_default().char_indices().rev();
        let far = |at: usize| safe - at > BLANK;
        let mut next = None;
        for (at, c) in before {
            if far(at) {
                break;
            }
            if c.is_whitespace() && next.is_some_and(|(place, next)| safe - place >= BEFORE && is_letter(next)) {
                return at + c.len_utf8();
            }
            next = Some((at, c));
        }
        if safe <= BLANK { 0 } else { safe }
    }

    /// Searches a window of which `safe` bytes are safe already.
    ///
    /// INVARIANT: what is called safe never grows over the beginning of a finding that may still come. A phrase, literal or
    /// format that may have begun is held back from there; where something is found that may still turn out otherwise, or a budget
    /// was spent, nothing more is safe than before.
    pub(super) fn look(&mut self, detector: &Detector, text: &str, safe: usize) -> Looked {
        let whole = Budget::of_stretch(text.len());
        let mut budget = whole;
        let mut findings = Vec::new();
        let made = detector.with_scratch(|scratch| {
            self.told.iter().for_each(|rule| scratch.fire(*rule));
            scratch.ask_for_begun();
            let segments = undo::field(detector, Field::Text, Scope::Reply, text, scratch, &mut budget, &mut findings);
            let made = hold::made(&segments, text, scratch.take_begun());
            findings.extend(scratch.take_quote());
            made
        });
        let found = findings.len();
        findings.retain(|finding| text.get(finding.span.1..).is_some_and(|after| after.contains(is_letter)));
        let is_open = findings.len() < found || budget.spent;
        for finding in &findings {
            self.told.extend(detector.rules.iter().position(|known| known.id == finding.rule));
        }
        let held = made.unwrap_or(text.len()).min(hold::cover(text)).min(hold::run(text));
        let safe = match is_open {
            true => safe,
            false => self.begun(detector, text, safe..held).map_or(held, |at| at.min(held)).max(safe),
        };
        let cost = Cost {
            decoded_bytes: whole.bytes.saturating_sub(budget.bytes),
            search_steps: whole.steps.saturating_sub(budget.steps),
        };
        Looked { safe, findings, cost }
    }

    /// The first place in `places` of the text at which something may have begun that is not complete yet, or at which the
    /// word stands with which the rest begins.
    fn begun(&mut self, detector: &Detector, text: &str, places: Range<usize>) -> Option<usize> {
        let (safe, held) = (places.start, places.end);
        if held <= safe {
            return None;
        }
        let openings = detector.openings();
        let mut first = held;
        for view in [&mut self.letters, &mut self.leet, &mut self.symbols] {
            let mut kept = |end: usize| {
                view.fill(text.get(..end).unwrap_or_default());
                view.bytes().len()
            };
            // What is kept of the beginning of a text does not depend on what follows.
            let places = kept(safe)..kept(first);
            view.fill(text);
            let begun = match view.flavour() {
                Flavour::Letters | Flavour::Leet => openings.phrase(detector, view, places),
                Flavour::Symbols => Openings::literal(detector, view, &places),
            };
            if let Some(at) = begun {
                first = first.min(view.locate(text, at..at + 1).start);
            }
        }
        Some(hold::word(text, safe, first))
    }
}
