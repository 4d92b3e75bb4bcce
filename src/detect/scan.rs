//! One field of an event, searched in every view of it.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use crate::text::decode::{self, Found, Source};
use crate::text::leet::{has_leet, is_sign};
use crate::text::seen::Seen;
use crate::text::view::{Flavour, View};
use crate::verdict::{Finding, Step};

use super::budget::{Budget, DECODE_DEPTH};
use super::detector::{Detector, Target};
use super::field::Field;
use super::index::{Hit, Index, Sink};
use super::letters::Direction;
use super::literal;
use super::rule::Scope;

/// Where the words of `m.says("…")` are looked for: what the event says itself, not whom it quotes.
const SAYS: &[Scope] = &[Scope::Text, Scope::Attachment, Scope::Reply, Scope::ToolCall, Scope::ToolResult];

/// Buffers of one thread, kept from event to event.
pub(super) struct Scratch {
    letters: View,
    leet: View,
    symbols: View,
    /// Bit n: rule n has fired in this event.
    fired: Vec<u64>,
    /// Bit n: question n has been answered with yes.
    said: Vec<u64>,
}

impl Scratch {
    pub(super) const fn new() -> Self {
        Self {
            letters: View::new(Flavour::Letters),
            leet: View::new(Flavour::Leet),
            symbols: View::new(Flavour::Symbols),
            fired: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Forgets the event before.
    pub(super) fn reset(&mut self, rules: usize, questions: usize) {
        self.fired.clear();
        self.fired.resize(rules / 64 + 1, 0);
        self.said.clear();
        self.said.resize(questions / 64 + 1, 0);
    }

    /// The questions that were answered with yes.
    pub(super) fn said(&self) -> impl Iterator<Item = u16> {
        (0..).zip(&self.said).flat_map(|(word, bits): (u16, &u64)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit)
        })
    }
}

/// A text to be searched: the field itself, or what a decoder made of a part of it.
struct Segment<'a> {
    text: Cow<'a, str>,
    via: Vec<Step>,
    /// For a decoded text, the part of the field that it came from.
    origin: Option<Range<usize>>,
}

/// Searches one field; what is found is added to `findings`.
pub(super) fn field(
    detector: &Detector,
    name: Field<'_>,
    scope: Scope,
    text: &str,
    scratch: &mut Scratch,
    budget: &mut Budget,
    findings: &mut Vec<Finding>,
) {
    let mut queue = VecDeque::new();
    // What was found over several strings has a place in none of them.
    let origin = matches!(name, Field::Joined(_)).then_some(0..0);
    let mut next = Some(Segment { text: Cow::Borrowed(text), via: Vec::new(), origin });
    while let Some(segment) = next {
        let seen = segment_views(detector, name, scope, &segment, scratch, budget, findings);
        let deep = segment.via.len() >= DECODE_DEPTH;
        let mut found = Found::within(if deep { usize::MAX } else { budget.bytes });
        decode::each(&Source { text: &segment.text, seen, lexicon: &detector.lexicon }, &mut found);
        budget.spent |= found.spent || deep && !found.decoded.is_empty();
        if !deep {
            budget.bytes = found.left;
            for decoded in found.decoded {
                let mut via = segment.via.clone();
                via.push(decoded.step);
                let origin = Some(segment.origin.clone().unwrap_or(decoded.span));
                queue.push_back(Segment { text: Cow::Owned(decoded.text), via, origin });
            }
        }
        next = queue.pop_front();
    }
}

/// Searches the views of one segment.
fn segment_views(
    detector: &Detector,
    name: Field<'_>,
    scope: Scope,
    segment: &Segment<'_>,
    scratch: &mut Scratch,
    budget: &mut Budget,
    findings: &mut Vec<Finding>,
) -> Seen {
    let Scratch { letters, leet, symbols, fired, said } = scratch;
    let mut finder =
        Finder { detector, name, scope, segment, fired, said, findings, literals: detector.literals_always };
    letters.fill(&segment.text);
    finder.phrases(&detector.exact, letters, budget);
    let seen = letters.seen();
    let literals = finder.literals
        || seen.any(Seen::RARE_SYMBOL) && detector.literals_by_symbol
        || seen.any(Seen::DIGIT) && detector.literals_by_digit;
    if seen.any(Seen::DIGIT | Seen::LEET_SYMBOL) && has_leet(segment.text.as_bytes()) {
        leet.fill(&segment.text);
        finder.phrases(&detector.leet, leet, budget);
    }
    if literals {
        symbols.fill(&segment.text);
        finder.literals(symbols);
    }
    seen
}

/// Turns hits into findings.
struct Finder<'a, 's> {
    detector: &'a Detector,
    name: Field<'a>,
    scope: Scope,
    segment: &'a Segment<'s>,
    fired: &'a mut Vec<u64>,
    said: &'a mut Vec<u64>,
    findings: &'a mut Vec<Finding>,
    /// Whether literals are worth looking for.
    literals: bool,
}

impl Finder<'_, '_> {
    fn phrases(&mut self, index: &Index, view: &View, budget: &mut Budget) {
        index.search(view, &mut budget.steps, &mut InView { finder: self, view });
        budget.spent |= budget.steps == 0;
    }

    fn literals(&mut self, view: &View) {
        let Some(literals) = &self.detector.literals else { return };
        for found in literals.find_overlapping_iter(view.bytes()) {
            let Some(rule) = self.detector.literal_rules.get(found.pattern().as_usize()).copied() else { continue };
            if self.wants_rule(rule) && literal::stands(view, &found.range()) {
                self.add(rule, view, found.range(), None);
            }
        }
    }

    fn wants_rule(&self, rule: usize) -> bool {
        self.detector.rules.get(rule).is_some_and(|known| known.scope.contains(self.scope)) && !is_set(self.fired, rule)
    }

    /// Adds the finding of a rule that has not fired yet. `disguise` is what the view itself undid.
    fn add(&mut self, rule: usize, view: &View, kept: Range<usize>, disguise: Option<Step>) {
        let Some(known) = self.detector.rules.get(rule) else { return };
        set(self.fired, rule);
        let segment = self.segment;
        let source = view.locate(&segment.text, kept.clone());
        let mut via = segment.via.clone();
        via.extend(disguise);
        let shows = (!via.is_empty()).then(|| shown(view, kept, segment.text.get(source.clone()), disguise));
        let span = segment.origin.clone().unwrap_or(source);
        self.findings.push(Finding {
            rule: known.id.clone(),
            category: known.category,
            class: known.class,
            points: known.points,
            field: self.name.to_string(),
            span: (span.start, span.end),
            via,
            shows,
        });
    }
}

/// The text as undone, for the owner's screen.
fn shown(view: &View, kept: Range<usize>, source: Option<&str>, disguise: Option<Step>) -> String {
    match disguise {
        Some(Step::Reversed) => source.unwrap_or_default().chars().rev().collect(),
        Some(step @ (Step::WordsReversed | Step::WordOrder)) => {
            let words = source.unwrap_or_default().split_whitespace();
            let words: Vec<String> = match step {
                Step::WordOrder => words.rev().map(str::to_owned).collect(),
                _ => words.map(|word| word.chars().rev().collect()).collect(),
            };
            words.join(" ")
        }
        Some(_) => {
            let bytes = view.bytes().get(kept.clone()).unwrap_or_default();
            let mut shown = String::new();
            for (at, c) in String::from_utf8_lossy(bytes).char_indices() {
                if at > 0 && view.is_word_start(kept.start + at) {
                    shown.push(' ');
                }
                shown.push(c);
            }
            shown
        }
        None => source.unwrap_or_default().to_owned(),
    }
}

/// A finder at work in one view.
struct InView<'f, 'a, 's> {
    finder: &'f mut Finder<'a, 's>,
    view: &'f View,
}

impl Sink for InView<'_, '_, '_> {
    fn wants(&self, phrase: usize) -> bool {
        match self.finder.detector.targets.get(phrase) {
            Some(Target::Rule(rule)) => self.finder.wants_rule(*rule),
            Some(Target::Question(question)) => {
                SAYS.contains(&self.finder.scope) && !is_set(self.finder.said, usize::from(*question))
            }
            Some(Target::Literals) => !self.finder.literals,
            None => false,
        }
    }

    fn found(&mut self, hit: Hit) {
        if matches!(self.finder.detector.targets.get(hit.phrase), Some(Target::Literals)) {
            self.finder.literals = true;
            return;
        }
        let source = self.view.locate(&self.finder.segment.text, hit.kept.clone());
        let is_leet = self.view.flavour() == Flavour::Leet;
        // The leet view takes `l` and `i` for one letter; without a digit or symbol in it, that is all that was found.
        if is_leet && !self.finder.segment.text.get(source).is_some_and(|text| text.bytes().any(is_sign)) {
            return;
        }
        let disguise = match (hit.direction, is_leet) {
            (Direction::Backward, _) => Some(Step::Reversed),
            (Direction::WordsReversed, _) => Some(Step::WordsReversed),
            (Direction::WordOrder, _) => Some(Step::WordOrder),
            (Direction::Forward, true) => Some(Step::Leet),
            (Direction::Forward, false) => None,
        };
        match self.finder.detector.targets.get(hit.phrase) {
            Some(Target::Rule(rule)) => self.finder.add(*rule, self.view, hit.kept, disguise),
            Some(Target::Question(question)) => set(self.finder.said, usize::from(*question)),
            Some(Target::Literals) | None => {}
        }
    }
}

fn is_set(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}
