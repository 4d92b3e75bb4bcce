//! The metamorphic contract: what a rule finds in plain text it finds in every disguise that can carry it.
//!
//! For a rule, one of the texts that it must match and a registered disguise there are three answers: the rule fires on the
//! disguised text, it does not, or the disguise cannot carry the text so that anything could be found (not applicable).
//! What a rule cannot see through stands in its `known_evasions`, with the reason; if it sees through it after all, that is
//! told as well, so that the entry can go.

use crate::detect::{Detection, Detector, Rule, RuleSet, score};
use crate::text::disguise::{self, Disguise, Traits};

/// Letters of a match that is known without the marks between words.
const LETTERS: usize = 12;
/// Pairs of disguises that are tried on every text.
pub const PAIRS: usize = 200;
/// What they are drawn with. The same pairs come out each time.
const SEED: u64 = 0x51u64;
/// What counts as found in a text that is no rule's own: the score at which a text is suspect.
pub const SUSPECT: u8 = 5;

/// What became of a rule in a disguise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Every text that the disguise can carry is found.
    Found,
    /// Some are not, and the rule says so.
    Known,
    /// Some are not, and the rule does not say so.
    Missed,
    /// All are found, though the rule says that they are not: the entry can go.
    Improved,
    /// The disguise can carry none of the texts.
    NotApplicable,
}

/// Counts of one kind of try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tries that were applicable.
    pub applicable: usize,
    /// Those of them in which the text was found.
    pub found: usize,
    /// Tries that were not applicable.
    pub not_applicable: usize,
}

impl Tally {
    /// Adds a try: whether the text was found, or nothing where it was not applicable.
    pub const fn add(&mut self, found: Option<bool>) {
        match found {
            Some(found) => {
                self.applicable += 1;
                self.found += found as usize;
            }
            None => self.not_applicable += 1,
        }
    }

    /// Adds the tries of another count.
    pub const fn extend(&mut self, other: Self) {
        self.applicable += other.applicable;
        self.found += other.found;
        self.not_applicable += other.not_applicable;
    }

    /// Found of applicable, in hundredths of a percent; 10,000 where nothing was applicable.
    #[must_use]
    pub fn share(self) -> usize {
        (self.found * 10_000).checked_div(self.applicable).unwrap_or(10_000)
    }
}

/// How the rules of a set stand to the disguises.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Contract {
    /// For each rule, in the order of the set: what became of it in each disguise, in the order of [`disguise::all`].
    pub rules: Vec<Vec<Outcome>>,
    /// For each disguise, in the order of [`disguise::all`]: its texts, over all rules.
    pub disguises: Vec<Tally>,
}

impl Contract {
    /// Tries every rule in every disguise. Costs a detection for each text and disguise.
    #[must_use]
    pub fn of(rules: &RuleSet, detector: &Detector) -> Self {
        let mut disguises = vec![Tally::default(); disguise::all().len()];
        let rules = rules.rules().iter().map(|rule| {
            let texts = carried(rule, detector);
            let tries = disguise::all().iter().zip(&mut disguises);
            tries
                .map(|(disguise, sum)| {
                    let mut tally = Tally::default();
                    for (text, needs) in &texts {
                        tally.add(carries(disguise, text, *needs).map(|text| fires(detector, rule, &text)));
                    }
                    sum.extend(tally);
                    outcome(tally, evasion(rule, disguise).is_some())
                })
                .collect()
        });
        Self { rules: rules.collect(), disguises }
    }

    /// How often an outcome came up.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.rules.iter().flatten().filter(|found| **found == outcome).count()
    }
}

const fn outcome(tally: Tally, known: bool) -> Outcome {
    match (tally.applicable, tally.found == tally.applicable, known) {
        (0, _, _) => Outcome::NotApplicable,
        (_, true, false) => Outcome::Found,
        (_, true, true) => Outcome::Improved,
        (_, false, true) => Outcome::Known,
        (_, false, false) => Outcome::Missed,
    }
}

/// Two disguises, one over the other, on every text of every rule.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pairs {
    /// The pairs that were drawn, the inner disguise first, with their tries.
    pub pairs: Vec<(&'static Disguise, &'static Disguise, Tally)>,
}

impl Pairs {
    /// Tries [`PAIRS`] pairs, always the same ones.
    #[must_use]
    pub fn of(rules: &RuleSet, detector: &Detector) -> Self {
        let texts: Vec<_> = rules
            .rules()
            .iter()
            .flat_map(|rule| carried(rule, detector).into_iter().map(move |(text, needs)| (rule, text, needs)))
            .collect();
        let pairs = drawn().into_iter().map(|(inner, outer)| {
            let mut tally = Tally::default();
            for (rule, text, needs) in &texts {
                let disguised = carries(inner, text, *needs).and_then(|text| carries(outer, &text, *needs));
                tally.add(disguised.map(|text| fires(detector, rule, &text)));
            }
            (inner, outer, tally)
        });
        Self { pairs: pairs.collect() }
    }

    /// All tries together.
    #[must_use]
    pub fn sum(&self) -> Tally {
        self.pairs.iter().fold(Tally::default(), |mut sum, (_, _, tally)| {
            sum.extend(*tally);
            sum
        })
    }
}

/// The pairs of which the outer one leaves what undoes the inner one.
fn drawn() -> Vec<(&'static Disguise, &'static Disguise)> {
    let all = disguise::all();
    let mut state = SEED;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.get((state >> 33) as usize % all.len())
    };
    let mut pairs = Vec::new();
    // Most pairs fit; the bound keeps a registry in which none does from looping.
    for _ in 0..PAIRS * 100 {
        if pairs.len() == PAIRS {
            break;
        }
        if let (Some(inner), Some(outer)) = (draw(), draw())
            && outer.goes_over(inner)
        {
            pairs.push((inner, outer));
        }
    }
    pairs
}

/// One text that is no rule's own, in every disguise: found where it scores [`SUSPECT`] or more.
///
/// Nothing if it does not score as much in plain.
#[must_use]
pub fn disguised(detector: &Detector, text: &str) -> Option<Vec<(&'static Disguise, Option<bool>)>> {
    let plain = detector.detect_text(text);
    if plain.score < SUSPECT {
        return None;
    }
    let long: Vec<_> = plain
        .findings
        .iter()
        .filter(|finding| letters(text.get(finding.span.0..finding.span.1)) >= LETTERS)
        .cloned()
        .collect();
    let mut needs = Traits::NONE;
    if score(&long) < SUSPECT {
        needs = needs | Traits::WORDS;
    }
    if detector.detect_text(&in_letters(text)).score < SUSPECT {
        needs = needs | LITERAL;
    }
    let tries = disguise::all().iter().map(|disguise| {
        (disguise, carries(disguise, text, needs).map(|text| detector.detect_text(&text).score >= SUSPECT))
    });
    Some(tries.collect())
}

/// What a literal needs.
const LITERAL: Traits = Traits::SYMBOLS.with(Traits::DIGITS).with(Traits::ORDER).with(Traits::RUNS);
/// What a format needs: every character in its place, and in its case.
const FORMAT: Traits = LITERAL.with(Traits::CASE).with(Traits::WORDS).with(Traits::LINES);
/// What a rule needs that looks for hidden characters.
const HIDDEN: Traits = LITERAL.with(Traits::WIDE).with(Traits::BLANKS).with(Traits::CASE);

/// The texts that a rule must match and does match in plain, with what must be left of them so that it can.
fn carried<'r>(rule: &'r Rule, detector: &Detector) -> Vec<(&'r str, Traits)> {
    let texts = rule.matches.iter().filter_map(|text| {
        let detection = detector.detect_text(text);
        let finding = found(&detection, rule)?;
        let mut needs = Traits::NONE;
        if letters(text.get(finding.0..finding.1)) < LETTERS {
            needs = needs | Traits::WORDS;
        }
        if !rule.formats.is_empty() {
            needs = needs | FORMAT;
        } else if !fires(detector, rule, &in_letters(text)) {
            needs = needs | if rule.steps.is_empty() { LITERAL } else { HIDDEN };
        }
        Some((text.as_str(), needs))
    });
    texts.collect()
}

/// The text in disguise, if that can carry it.
fn carries(disguise: &Disguise, text: &str, needs: Traits) -> Option<String> {
    (!disguise.loses.any(needs) && (disguise.applies)(text)).then(|| (disguise.apply)(text))
}

fn fires(detector: &Detector, rule: &Rule, text: &str) -> bool {
    found(&detector.detect_text(text), rule).is_some()
}

fn found(detection: &Detection, rule: &Rule) -> Option<(usize, usize)> {
    detection.findings.iter().find(|finding| finding.rule == rule.id).map(|finding| finding.span)
}

/// The reason why a rule does not see through a disguise, if it says so.
#[must_use]
pub fn evasion<'r>(rule: &'r Rule, disguise: &Disguise) -> Option<&'r str> {
    rule.known_evasions.iter().find_map(|known| {
        let (name, reason) = known.split_once(':')?;
        (name.trim() == disguise.name).then(|| reason.trim())
    })
}

fn letters(text: Option<&str>) -> usize {
    text.unwrap_or_default().chars().filter(|c| c.is_alphabetic()).count()
}

/// Letters and blanks only.
fn in_letters(text: &str) -> String {
    text.chars().map(|c| if c.is_alphabetic() { c } else { ' ' }).collect()
}
