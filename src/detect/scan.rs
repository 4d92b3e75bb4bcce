//! One text, searched in every view of it.

use std::ops::Range;

use crate::text::leet::{has_leet, is_sign};
use crate::text::plain::{plain, sources};
use crate::text::seen::Seen;
use crate::text::signs::{Signs, signs};
use crate::text::trace::ceil_boundary;
use crate::text::view::{Flavour, View};
use crate::verdict::{Category, Class, Finding, Step};

use super::budget::Budget;
use super::detector::{Detector, Target};
use super::field::Field;
use super::formats::{Found, Hit as FormatHit};
use super::index::{Hit, Index, Sink};
use super::leak::{self, Quotes, Run};
use super::letters::Direction;
use super::lexical::{Lexical, MODEL, Words};
use super::literal;
use super::rotation::Rotation;
use super::rule::Scope;
use super::segment::{Segment, Segments};

/// Where the words of `m.says("…")` are looked for: what the event says itself, not whom it quotes.
const SAYS: &[Scope] = &[Scope::Text, Scope::Attachment, Scope::Reply, Scope::ToolCall, Scope::ToolResult];

/// What the lexical model reads: what people and pages say to the agent, not what the agent says.
const MODELLED: &[Scope] = &[Scope::Text, Scope::Quoted, Scope::Attachment, Scope::ToolResult];

/// Buffers of one thread, kept from event to event.
pub(super) struct Scratch {
    letters: View,
    leet: View,
    symbols: View,
    /// Differences of letters.
    differences: Vec<u8>,
    words: Words,
    /// The strongest finding of the model in this event.
    model: Option<Finding>,
    /// The strongest finding of what is quoted of the system prompt.
    quote: Option<Finding>,
    /// Bit n: rule n has fired in this event.
    fired: Vec<u64>,
    /// Bit n: question n has been answered with yes.
    said: Vec<u64>,
    /// Where every place is asked for and not only the first of a rule: what was found so far.
    all: Option<Vec<(usize, usize)>>,
    /// Where a text may go on: by the number of the segment, from where on formats may have begun in it.
    begun: Option<Vec<(usize, usize)>>,
}

impl Scratch {
    pub(super) const fn new() -> Self {
        Self {
            letters: View::new(Flavour::Letters),
            leet: View::new(Flavour::Leet),
            symbols: View::new(Flavour::Symbols),
            differences: Vec::new(),
            words: Words::new(),
            model: None,
            quote: None,
            fired: Vec::new(),
            said: Vec::new(),
            all: None,
            begun: None,
        }
    }

    /// Forgets the event before.
    pub(super) fn reset(&mut self, rules: usize, questions: usize) {
        self.fired.clear();
        self.fired.resize(rules / 64 + 1, 0);
        (self.model, self.quote) = (None, None);
        self.said.clear();
        self.said.resize(questions / 64 + 1, 0);
        self.begun = None;
    }

    /// Takes a rule for one that has fired.
    pub(super) fn fire(&mut self, rule: usize) {
        set(&mut self.fired, rule);
    }

    /// From now on every place is kept that a wanted rule finds. `wanted` says of each rule whether it is.
    pub(super) fn ask_for_all(&mut self, wanted: impl Iterator<Item = bool>) {
        self.all = Some(Vec::new());
        // What is not wanted has fired already, so nobody looks for it.
        wanted.enumerate().filter(|(_, wanted)| !wanted).for_each(|(rule, _)| set(&mut self.fired, rule));
    }

    /// The places that were found since the last call, in order, joined where they overlap.
    pub(super) fn take_all(&mut self) -> Vec<(usize, usize)> {
        let mut places = self.all.as_mut().map(std::mem::take).unwrap_or_default();
        places.sort_unstable();
        places.dedup_by(|next, last| {
            let overlaps = next.0 < last.1 || next == last;
            if overlaps {
                last.1 = last.1.max(next.1);
            }
            overlaps
        });
        places
    }

    /// From now on it is kept where formats may have begun that go on behind a text.
    pub(super) fn ask_for_begun(&mut self) {
        self.begun = Some(Vec::new());
    }

    /// Where formats may have begun since they were asked for: by the number of the segment, the place in it.
    pub(super) fn take_begun(&mut self) -> Vec<(usize, usize)> {
        self.begun.take().unwrap_or_default()
    }

    /// Takes back that a rule has fired.
    pub(super) fn forget(&mut self, rule: Option<usize>) {
        if let Some((rule, word)) = rule.and_then(|rule| Some((rule, self.fired.get_mut(rule / 64)?))) {
            *word &= !(1 << (rule % 64));
        }
    }

    /// What was quoted of the system prompt in this event, once.
    pub(super) fn take_quote(&mut self) -> Option<Finding> {
        self.quote.take()
    }

    /// What the model found in this event, once.
    pub(super) fn take_model(&mut self) -> Option<Finding> {
        self.model.take()
    }

    /// The questions that were answered with yes.
    pub(super) fn said(&self) -> impl Iterator<Item = u16> {
        (0..).zip(&self.said).flat_map(|(word, bits): (u16, &u64)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit)
        })
    }
}

/// Letters that a word may go on for behind what was found of it and still belong to the finding.
const ENDING: usize = 2;

/// What the views of a text tell of what else it may hide.
pub(super) struct Look {
    pub(super) seen: Seen,
    pub(super) signs: Signs,
    pub(super) rotations: Vec<Rotation>,
}

/// What an encoding that needs no long run of letters is told by.
const ENCODED: Seen = Seen::DIGIT
    .with(Seen::PERCENT)
    .with(Seen::AMPERSAND)
    .with(Seen::BACKSLASH)
    .with(Seen::EQUALS)
    .with(Seen::ANGLE)
    .with(Seen::PLUS)
    .with(Seen::QUOTE);

impl Look {
    /// Whether there is a sign of something that is read letter by letter, be it in styled letters.
    pub(super) fn is_odd(&self) -> bool {
        self.seen.any(ENCODED) || self.signs.any(Signs::ALTERED) || !self.rotations.is_empty()
    }

    /// Whether there is no sign of anything that could be undone.
    pub(super) fn is_plain(&self) -> bool {
        self.seen == Seen::NONE && !self.signs.any(Signs::ALTERED) && self.rotations.is_empty()
    }
}

/// A text to be searched, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) detector: &'a Detector,
    pub(super) field: Field<'a>,
    pub(super) scope: Scope,
    pub(super) segments: &'a Segments<'a>,
    /// Which of the segments.
    pub(super) index: usize,
}

/// Searches the views of one segment; what is found is added to `findings`.
pub(super) fn segment(
    place: Place<'_>,
    scratch: &mut Scratch,
    budget: &mut Budget,
    findings: &mut Vec<Finding>,
) -> Option<Look> {
    let detector = place.detector;
    let segment = place.segments.get(place.index)?;
    let Scratch { letters, leet, symbols, differences, words, model, quote, fired, said, all, begun } = scratch;
    let literals = detector.literals_always;
    let mut finder = Finder { place, segment, fired, said, all, begun, findings, literals };
    letters.fill(&segment.text);
    finder.phrases(&detector.exact, letters, budget);
    if let Some((leak, rule)) = &detector.leak {
        finder.quotes(&leak.exact, *rule, letters, budget, quote);
    }
    if let Some(lexical) = &detector.lexical {
        opinion(lexical, place, segment, letters, words, model);
    }
    let seen = letters.seen();
    let signs = signs(&segment.text, letters, &detector.lexicon);
    let rotations = detector.rotations.find(letters, &detector.lexicon, differences, &mut budget.steps);
    let literals = finder.literals
        || seen.any(Seen::RARE_SYMBOL) && detector.literals_by_symbol
        || seen.any(Seen::DIGIT) && detector.literals_by_digit;
    if seen.any(Seen::DIGIT | Seen::LEET_SYMBOL) && has_leet(segment.text.as_bytes()) {
        leet.fill(&segment.text);
        finder.phrases(&detector.leet, leet, budget);
        if let Some((leak, rule)) = &detector.leak {
            finder.quotes(&leak.leet, *rule, leet, budget, quote);
        }
    }
    if literals {
        symbols.fill(&segment.text);
        finder.literals(symbols);
    }
    finder.formats(seen, budget);
    Some(Look { seen, signs, rotations })
}

/// Asks the model about a view, and keeps what it finds if that is worth more than what it found before.
fn opinion(
    lexical: &Lexical,
    place: Place<'_>,
    segment: &Segment<'_>,
    view: &View,
    words: &mut Words,
    best: &mut Option<Finding>,
) {
    if !MODELLED.contains(&place.scope) || matches!(place.field, Field::Split(..)) {
        return;
    }
    let Some(opinion) = lexical.look(view, words) else { return };
    if best.as_ref().is_some_and(|best| best.points >= opinion.points) {
        return;
    }
    let source = view.locate(&segment.text, opinion.place);
    let span = place.segments.locate(place.index, source.clone());
    let kind = (Category::Model, Class::Judgement, opinion.points);
    let shows = (!segment.via.is_empty()).then(|| segment.text.get(source).unwrap_or_default().to_owned());
    let finding = Finding::new(MODEL, kind, place.field.to_string(), (span.start, span.end));
    // As they stand in the text: a view spells them in the letters that they look like.
    let word = |place: &Range<usize>| segment.text.get(view.locate(&segment.text, place.clone())).unwrap_or_default();
    let spelled = |places: &Vec<Range<usize>>| places.iter().map(word).collect::<Vec<_>>().join(" ").to_lowercase();
    let words = opinion.words.iter().map(spelled).collect();
    *best = Some(Finding { via: segment.via.clone(), shows, words, ..finding });
}

/// Adds the findings of the rules that ask for nothing but that a step undid something: `made` is what it gave.
pub(super) fn step(place: Place<'_>, made: usize, scratch: &mut Scratch, findings: &mut Vec<Finding>) {
    let Some(segment) = place.segments.get(made) else { return };
    let Some(step) = segment.via.last() else { return };
    for (_, rule) in place.detector.step_rules.iter().filter(|(asked, _)| asked == step) {
        let Some(known) = place.detector.rules.get(*rule) else { continue };
        if !known.scope.contains(place.scope) || is_set(&scratch.fired, *rule) {
            continue;
        }
        let span = place.segments.locate(made, 0..segment.text.len());
        if !place.field.counts(&span) {
            continue;
        }
        if let Some(all) = &mut scratch.all {
            all.push((span.start, span.end));
            continue;
        }
        set(&mut scratch.fired, *rule);
        findings.push(Finding {
            via: segment.via.clone(),
            shows: Some(segment.text.clone().into_owned()),
            ..known.finding(place.field, span)
        });
    }
}

/// Turns hits into findings.
struct Finder<'a, 's> {
    place: Place<'a>,
    segment: &'a Segment<'s>,
    fired: &'a mut Vec<u64>,
    said: &'a mut Vec<u64>,
    all: &'a mut Option<Vec<(usize, usize)>>,
    begun: &'a mut Option<Vec<(usize, usize)>>,
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
        let Some(literals) = &self.place.detector.literals else { return };
        for found in literals.find_overlapping_iter(view.bytes()) {
            let Some(rule) = self.place.detector.literal_rules.get(found.pattern().as_usize()).copied() else {
                continue;
            };
            if self.wants_rule(rule) && literal::stands(view, &found.range()) {
                self.add(rule, view, found.range(), None);
            }
        }
    }

    /// The formats: in the text, and in what of it a reader takes for plain letters.
    fn formats(&mut self, seen: Seen, budget: &mut Budget) {
        let detector = self.place.detector;
        let Some((formats, _)) =
            detector.formats.as_ref().filter(|_| detector.format_scopes.contains(self.place.scope))
        else {
            return;
        };
        let segment = self.segment;
        let Found { hits, begun } = formats.search(&segment.text, &mut budget.steps);
        self.begin(begun);
        for hit in hits {
            let span = hit.span.clone();
            self.add_format(&hit, segment.text.get(span.clone()), span);
        }
        // Of a text that goes on, what calls for plain letters may stand in another part than what they show.
        if self.begun.is_some() || seen.any(Seen::STYLED | Seen::INVISIBLE | Seen::CONTROL) {
            let (letters, _) = plain(&segment.text);
            if letters != segment.text {
                let Found { hits, begun } = formats.search(&letters, &mut budget.steps);
                let sources = if hits.is_empty() && self.begun.is_none() { Vec::new() } else { sources(&segment.text) };
                let source = |at: usize| sources.get(at).copied().unwrap_or_default();
                self.begin(source(begun));
                for hit in hits {
                    let last = source(hit.span.end.saturating_sub(1));
                    let span = source(hit.span.start)..ceil_boundary(&segment.text, last + 1);
                    self.add_format(&hit, letters.get(hit.span.clone()), span);
                }
            }
        }
        budget.spent |= budget.steps == 0;
    }

    /// Keeps from where on a format may have begun in the segment, where that is asked for.
    fn begin(&mut self, at: usize) {
        if let Some(begun) = self.begun {
            begun.push((self.place.index, at));
        }
    }

    /// Adds the finding of a format, which stands at `source` in the segment and reads `text` there.
    fn add_format(&mut self, hit: &FormatHit, text: Option<&str>, source: Range<usize>) {
        let detector = self.place.detector;
        let rule = detector.formats.as_ref().and_then(|(_, rules)| rules.get(hit.format).copied());
        let Some((rule, known)) = rule.and_then(|rule| Some((rule, detector.rules.get(rule)?))) else { return };
        if !self.wants_rule(rule) {
            return;
        }
        let span = self.place.segments.locate(self.place.index, source);
        if !self.place.field.counts(&span) {
            return;
        }
        if let Some(all) = self.all {
            all.push((span.start, span.end));
            return;
        }
        set(self.fired, rule);
        let via = self.segment.via.clone();
        // INVARIANT: a finding never carries the secret. Whoever may see the event finds it by its place.
        let shown = |text: &str| format!("{}…", text.get(..hit.public).unwrap_or_default());
        let shows = text.filter(|_| !via.is_empty()).map(shown);
        self.findings.push(Finding { via, shows, ..known.finding(self.place.field, span) });
    }

    /// What is quoted of the system prompt. The strongest finding of the event is kept in `best`.
    fn quotes(&mut self, quotes: &Quotes, rule: usize, view: &View, budget: &mut Budget, best: &mut Option<Finding>) {
        if !self.wants_rule(rule) {
            return;
        }
        let runs = quotes.search(view, &mut budget.steps);
        budget.spent |= budget.steps == 0;
        let segment = self.segment;
        let place =
            |run: &Run| self.place.segments.locate(self.place.index, view.locate(&segment.text, run.kept.clone()));
        if let Some(all) = self.all {
            all.extend(runs.iter().map(place).map(|span| (span.start, span.end)));
            return;
        }
        let (points, longest) = (leak::points(&runs), runs.iter().max_by_key(|run| run.words()));
        let (Some(longest), Some(known)) = (longest, self.place.detector.rules.get(rule)) else { return };
        if best.as_ref().is_some_and(|best| best.points >= points) {
            return;
        }
        let mut via = segment.via.clone();
        via.extend(longest.rotated.then_some(if longest.mirrored { Step::Atbash } else { Step::Rotated }));
        via.extend(disguise(longest.direction));
        via.extend((view.flavour() == Flavour::Leet).then_some(Step::Leet));
        // INVARIANT: nothing of the prompt is shown.
        let shows = (!via.is_empty()).then(|| format!("{} words of the system prompt", longest.words()));
        *best = Some(Finding { points, via, shows, ..known.finding(self.place.field, place(longest)) });
    }

    fn wants_rule(&self, rule: usize) -> bool {
        self.place.detector.rules.get(rule).is_some_and(|known| known.scope.contains(self.place.scope))
            && !is_set(self.fired, rule)
    }

    /// Adds the finding of a rule that has not fired yet. `disguise` is what the view itself undid.
    fn add(&mut self, rule: usize, view: &View, kept: Range<usize>, disguise: Option<Step>) {
        let Some(known) = self.place.detector.rules.get(rule) else { return };
        let segment = self.segment;
        // A singular that was found first takes the ending of its plural along.
        let end = (kept.end..=kept.end + ENDING).find(|at| view.is_word_start(*at)).unwrap_or(kept.end);
        let kept = kept.start..end;
        let source = view.locate(&segment.text, kept.clone());
        let span = self.place.segments.locate(self.place.index, source.clone());
        if !self.place.field.counts(&span) {
            return;
        }
        if let Some(all) = self.all {
            all.push((span.start, span.end));
            return;
        }
        set(self.fired, rule);
        let mut via = segment.via.clone();
        via.extend(disguise);
        let shows = (!via.is_empty()).then(|| match known.instead {
            Some(instead) => instead.to_owned(),
            None => shown(view, kept, segment.text.get(source), disguise),
        });
        self.findings.push(Finding { via, shows, ..known.finding(self.place.field, span) });
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
        match self.finder.place.detector.targets.get(phrase) {
            Some(Target::Rule(rule)) => self.finder.wants_rule(*rule),
            Some(Target::Question(question)) => {
                SAYS.contains(&self.finder.place.scope) && !is_set(self.finder.said, usize::from(*question))
            }
            Some(Target::Literals) => !self.finder.literals,
            None => false,
        }
    }

    fn found(&mut self, hit: Hit) {
        if matches!(self.finder.place.detector.targets.get(hit.phrase), Some(Target::Literals)) {
            self.finder.literals = true;
            return;
        }
        let source = self.view.locate(&self.finder.segment.text, hit.kept.clone());
        let is_leet = self.view.flavour() == Flavour::Leet;
        // The leet view takes `l` and `i` for one letter; without a digit or symbol in it, that is all that was found.
        if is_leet && !self.finder.segment.text.get(source.clone()).is_some_and(|text| text.bytes().any(is_sign)) {
            return;
        }
        let disguise = disguise(hit.direction).or(is_leet.then_some(Step::Leet));
        match self.finder.place.detector.targets.get(hit.phrase) {
            Some(Target::Rule(rule)) => self.finder.add(*rule, self.view, hit.kept, disguise),
            Some(Target::Question(question)) => {
                let place = self.finder.place;
                if place.field.counts(&place.segments.locate(place.index, source)) {
                    set(self.finder.said, usize::from(*question));
                }
            }
            Some(Target::Literals) | None => {}
        }
    }
}

/// What a text is that runs in this direction.
const fn disguise(direction: Direction) -> Option<Step> {
    match direction {
        Direction::Forward => None,
        Direction::Backward => Some(Step::Reversed),
        Direction::WordsReversed => Some(Step::WordsReversed),
        Direction::WordOrder => Some(Step::WordOrder),
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
