//! Where the rules for replies may have begun at the end of a text that goes on.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::text::view::{Flavour, View};

use super::detector::{Detector, Target};
use super::index::Index;
use super::letters::Direction;
use super::program::{Head, Program};
use super::rule::Scope;

/// Comparisons for each place that is looked at, and once. What is not known by then counts as begun.
const STEPS: u64 = 4_096;

/// The beginnings of all that the rules for replies look for.
pub(super) struct Openings {
    exact: Beginnings,
    leet: Beginnings,
}

/// The beginnings of phrases in one alphabet.
struct Beginnings {
    pairs: HashMap<[u8; 2], Vec<Beginning>>,
    bytes: HashMap<u8, Vec<Beginning>>,
    anywhere: Vec<Beginning>,
}

/// A phrase that may begin somewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    phrase: usize,
    direction: Direction,
}

impl Openings {
    pub(super) fn new(detector: &Detector) -> Self {
        let wanted = |phrase: usize| match detector.targets.get(phrase) {
            Some(Target::Rule(rule)) => detector.rules.get(*rule).is_some_and(|rule| rule.scope.contains(Scope::Reply)),
            Some(Target::Question(_) | Target::Literals) | None => false,
        };
        let beginnings = |index: &Index| Beginnings::new(index.programs(), wanted);
        Self { exact: beginnings(&detector.exact), leet: beginnings(&detector.leet) }
    }

    /// The first kept byte in `places` of the letters, or of the leet letters, from which on the view may be the beginning
    /// of a phrase.
    pub(super) fn phrase(&self, detector: &Detector, view: &View, places: Range<usize>) -> Option<usize> {
        let (beginnings, index) = match view.flavour() {
            Flavour::Leet => (&self.leet, &detector.leet),
            Flavour::Letters | Flavour::Symbols => (&self.exact, &detector.exact),
        };
        let mut steps = (places.len() as u64).saturating_add(1).saturating_mul(STEPS);
        places.into_iter().find(|at| beginnings.any(index.programs(), view, *at, &mut steps))
    }

    /// The first kept byte in `places` of the symbols from which on the view may be the beginning of a literal.
    pub(super) fn literal(detector: &Detector, view: &View, places: &Range<usize>) -> Option<usize> {
        let len = view.bytes().len();
        let begun = |literal: &Vec<u8>| {
            let first = len.saturating_sub(literal.len()).max(places.start);
            (first..places.end).find(|at| view.bytes().get(*at..).is_some_and(|rest| literal.starts_with(rest)))
        };
        detector.reply_literals.iter().filter_map(begun).min()
    }
}

impl Beginnings {
    fn new(programs: &[Program], wanted: impl Fn(usize) -> bool) -> Self {
        let mut heads: BTreeSet<(Head, Beginning)> = BTreeSet::new();
        for (phrase, program) in programs.iter().enumerate().filter(|(phrase, _)| wanted(*phrase)) {
            for direction in program.directions().iter().copied() {
                program.heads(direction, |head| {
                    heads.insert((head, Beginning { phrase, direction }));
                });
            }
        }
        let mut all = Self { pairs: HashMap::new(), bytes: HashMap::new(), anywhere: Vec::new() };
        for (head, beginning) in heads {
            match head {
                Head::Pair(pair) => all.pairs.entry(pair).or_default().push(beginning),
                Head::Byte(byte) => all.bytes.entry(byte).or_default().push(beginning),
                Head::Any => all.anywhere.push(beginning),
            }
        }
        all
    }

    /// Whether a phrase may have begun at this kept byte and go on behind the view.
    fn any(&self, programs: &[Program], view: &View, at: usize, steps: &mut u64) -> bool {
        let [first, second] = match view.bytes().get(at..) {
            Some([first, second, ..]) => [*first, *second],
            // One letter says nothing about what it begins.
            _ => return true,
        };
        let pairs = self.pairs.get(&[first, second]).into_iter().flatten();
        let bytes = self.bytes.get(&first).into_iter().flatten();
        pairs.chain(bytes).chain(&self.anywhere).any(|beginning| {
            programs.get(beginning.phrase).is_some_and(|program| program.is_open(view, at, beginning.direction, steps))
        })
    }
}
