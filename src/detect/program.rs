//! A phrase, compiled: found by its anchor, then followed slot by slot to both sides.
//!
//! The same program reads a text forwards and backwards, so a reversed text is found without reversing it. Each slot maps
//! a set of positions to a set of positions, so nothing is tried twice and the cost of a candidate is bounded by slots ×
//! alternatives × positions.

mod opening;

use std::ops::Range;

use crate::text::view::View;

use super::anchor::anchors;
use super::first::First;
use super::letters::{Direction, Letters, Side};
use super::phrase::{Phrase, Piece, Slot};
use super::reach::Reach;

pub(super) use opening::Head;

/// Letters from which a match needs no word boundary.
const LONG: usize = 12;
/// Letters from which a match needs a boundary at its ends only; shorter ones need every word to stand as a word.
const SHORT: usize = 8;
/// Letters and words from which a match may have its words in reverse order.
const ORDER_LETTERS: usize = 16;
const ORDER_WORDS: usize = 3;
/// Letters that a `word*` may go on for.
const ENDING: usize = 12;
/// Letters of a gap where there are no word marks.
const GAP: usize = 24;
/// Letters without a mark from which they count as several words run together.
const WORD: usize = 16;
/// Words of a gap.
const GAP_WORDS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    One(Choice),
    Maybe(Choice),
    Gap,
}

/// The alternatives of a slot, and what can be told of all of them at once.
#[derive(Clone, Debug)]
struct Choice {
    pieces: Box<[Letters]>,
    first: Firsts,
    /// The first byte of each piece and its last, [`ANY`] where that may be another: of sixty words few begin as the text
    /// does, and a run over bytes tells which.
    begins: Box<[u8]>,
    ends: Box<[u8]>,
}

/// No byte of a view: whatever stands in the text, the piece is compared with it.
const ANY: u8 = 0;

/// How alternatives begin.
#[derive(Clone, Debug, Default)]
struct Firsts {
    /// Read as they are spelled.
    begin: First,
    /// Read from their end.
    end: First,
}

impl Firsts {
    const fn of(&self, side: Side, direction: Direction) -> &First {
        if matches!(side, Side::Right) == direction.spells_forward() { &self.begin } else { &self.end }
    }
}

impl Choice {
    fn new(pieces: &[Piece], map: fn(u8) -> u8) -> Self {
        let pieces: Box<[Letters]> = pieces.iter().map(|piece| Letters::new(piece, map)).collect();
        let Firsts { mut begin, mut end } = Firsts::default();
        for piece in &pieces {
            let bytes = &piece.forward.bytes;
            // In other scripts a character spelled backwards does not have its bytes backwards.
            if bytes.is_ascii() {
                begin.add(bytes.iter().copied());
            } else {
                begin.add_all();
            }
            if bytes.is_ascii() && !piece.stem {
                end.add(bytes.iter().rev().copied());
            } else {
                end.add_all();
            }
            // Several words in another order begin and end with other letters.
            for turned in piece.turned.as_deref().into_iter().flatten() {
                let bytes = &turned.bytes;
                if !bytes.is_ascii() {
                    begin.add_all();
                    end.add_all();
                } else if !bytes.is_empty() {
                    begin.add(bytes.iter().copied());
                    begin.add(bytes.iter().rev().copied());
                    end.add(bytes.iter().copied());
                    end.add(bytes.iter().rev().copied());
                }
            }
        }
        let key = |byte: Option<&u8>, known: bool| byte.copied().filter(|_| known).unwrap_or(ANY);
        let begins = pieces.iter().map(|piece| {
            let bytes = &piece.forward.bytes;
            key(bytes.first(), bytes.is_ascii())
        });
        let ends = pieces.iter().map(|piece| {
            let bytes = &piece.forward.bytes;
            key(bytes.last(), bytes.is_ascii() && !piece.stem)
        });
        Self { begins: begins.collect(), ends: ends.collect(), first: Firsts { begin, end }, pieces }
    }

    /// The pieces of which the byte that is read first may be `near`, going to `side`.
    fn candidates(&self, near: u8, side: Side, direction: Direction) -> impl Iterator<Item = &Letters> {
        // Several words in another order begin and end with other letters.
        let turned = matches!(direction, Direction::WordsReversed | Direction::WordOrder);
        let forward = matches!(side, Side::Right) == direction.spells_forward();
        let keys = if forward { &self.begins } else { &self.ends };
        let fits = move |key: u8| turned || key == near || key == ANY;
        keys.iter().zip(&self.pieces).filter(move |(key, _)| fits(**key)).map(|(_, piece)| piece)
    }
}

/// An anchor.
#[derive(Clone, Debug)]
struct Anchored {
    letters: Letters,
    /// Which of the sides.
    sides: usize,
}

/// The steps to both sides of an anchor.
#[derive(Clone, Debug)]
struct Sides {
    /// The steps that the anchor stands for.
    anchored: Range<usize>,
    /// What comes next may only begin like this, if that is known.
    after: Option<Firsts>,
    /// What comes before may only end like this.
    before: Option<Firsts>,
}

impl Sides {
    fn new(steps: &[Step], anchored: Range<usize>) -> Self {
        let (before, after) = (steps.get(..anchored.start), steps.get(anchored.end..));
        Self {
            after: nearest(after.unwrap_or_default().iter()),
            before: nearest(before.unwrap_or_default().iter().rev()),
            anchored,
        }
    }
}

/// How the nearest of the steps that are there may begin; none if that can be anything or nothing.
fn nearest<'a>(steps: impl Iterator<Item = &'a Step>) -> Option<Firsts> {
    let mut all = Firsts::default();
    for step in steps {
        let (choice, last) = match step {
            Step::One(choice) => (choice, true),
            Step::Maybe(choice) => (choice, false),
            Step::Gap => return None,
        };
        all.begin.add_set(&choice.first.begin);
        all.end.add_set(&choice.first.end);
        if last {
            return Some(all);
        }
    }
    None
}

/// A compiled phrase.
#[derive(Clone, Debug)]
pub(super) struct Program {
    steps: Box<[Step]>,
    anchors: Box<[Anchored]>,
    /// What must stand beside the anchors, for each range of steps that one stands for.
    sides: Box<[Sides]>,
    /// Fewest letters of a match.
    shortest: usize,
    /// Whether the anchor is all there is, and may stand anywhere.
    bare: bool,
    /// Which ways the phrase may run.
    turns: &'static [Direction],
}

/// Which ways a phrase may run.
fn turns(phrase: &Phrase) -> &'static [Direction] {
    let slots = phrase.slots.iter();
    let longest = slots.map(|slot| match slot {
        Slot::One(pieces) | Slot::Maybe(pieces) => {
            let longest = |count: fn(&Piece) -> usize| pieces.iter().map(count).max().unwrap_or_default();
            let ending = if pieces.iter().any(|piece| piece.stem) { ENDING } else { 0 };
            (longest(|piece| piece.words().count()), longest(|piece| piece.letters.chars().count()) + ending)
        }
        Slot::Gap => (GAP_WORDS, GAP),
    });
    let (words, letters) = longest.fold((0, 0), |all, slot| (all.0 + slot.0, all.1 + slot.1));
    // What `and` joins may as well stand the other way round, in plain words; in a gap anything may.
    let joins = |piece: &Piece| matches!(&*piece.letters, "and" | "or");
    let loose = phrase.slots.iter().any(|slot| match slot {
        Slot::One(pieces) | Slot::Maybe(pieces) => pieces.iter().any(joins),
        Slot::Gap => true,
    });
    // One word reversed is one word read backwards.
    let all = &[Direction::Forward, Direction::Backward, Direction::WordsReversed, Direction::WordOrder];
    let count = match (words, letters) {
        (2.., LONG..) if loose || words < ORDER_WORDS || letters < ORDER_LETTERS => 3,
        (2.., LONG..) => 4,
        _ => 2,
    };
    all.get(..count).unwrap_or_default()
}

impl Program {
    /// Compiles a phrase whose letters are seen through `map`.
    pub(super) fn new(phrase: &Phrase, map: fn(u8) -> u8) -> Self {
        let steps = phrase.slots.iter().map(|slot| match slot {
            Slot::One(pieces) => Step::One(Choice::new(pieces, map)),
            Slot::Maybe(pieces) => Step::Maybe(Choice::new(pieces, map)),
            Slot::Gap => Step::Gap,
        });
        let steps: Box<[Step]> = steps.collect();
        let mut sides: Vec<Sides> = Vec::new();
        let anchors = anchors(phrase).into_iter().map(|anchor| {
            let known = sides.iter().position(|sides| sides.anchored == anchor.slots);
            let number = known.unwrap_or_else(|| {
                sides.push(Sides::new(&steps, anchor.slots));
                sides.len() - 1
            });
            Anchored { letters: Letters::new(&anchor.piece, map), sides: number }
        });
        let anchors = anchors.collect();
        let shortest = phrase.slots.iter().map(|slot| match slot {
            Slot::One(pieces) => pieces.iter().map(|piece| piece.letters.chars().count()).min().unwrap_or_default(),
            Slot::Maybe(_) | Slot::Gap => 0,
        });
        Self { anchors, sides: sides.into(), shortest: shortest.sum(), bare: false, turns: turns(phrase), steps }
    }

    /// Letters that are found wherever they stand, forwards.
    pub(super) fn bare(letters: &str) -> Self {
        let piece = Piece { letters: letters.into(), starts: 1, stem: false };
        Self { bare: true, ..Self::new(&Phrase { slots: vec![Slot::One(vec![piece])] }, |byte| byte) }
    }

    /// Which ways the phrase may run.
    pub(super) const fn directions(&self) -> &'static [Direction] {
        if self.bare { &[Direction::Forward] } else { self.turns }
    }

    /// What is looked for, to find the phrase.
    pub(super) fn anchors(&self) -> impl Iterator<Item = &Letters> {
        self.anchors.iter().map(|anchor| &anchor.letters)
    }

    /// Whether the whole phrase stands around its anchor, which stands at `at`; and where.
    ///
    /// `steps` counts down; at 0 nothing is found any more.
    pub(super) fn verify(
        &self,
        view: &View,
        at: &Range<usize>,
        alternative: usize,
        direction: Direction,
        steps: &mut u64,
    ) -> Option<Range<usize>> {
        let anchor = self.anchors.get(alternative)?;
        if self.bare {
            return Some(at.clone());
        }
        let mut run = Run { view, direction, strict: direction == Direction::WordOrder, steps };
        if let Some((range, letters)) = self.follow(&mut run, at, anchor)
            && letters >= SHORT
        {
            return Some(range);
        }
        // A short match stands as words, and only forwards: three letters spelled backwards are everywhere.
        if self.shortest >= SHORT || direction != Direction::Forward {
            return None;
        }
        run.strict = true;
        self.follow(&mut run, at, anchor).map(|(range, _)| range)
    }

    fn follow(&self, run: &mut Run<'_>, at: &Range<usize>, anchor: &Anchored) -> Option<(Range<usize>, usize)> {
        let sides = self.sides.get(anchor.sides)?;
        let letters = &anchor.letters;
        let ahead = run.direction.ahead();
        let behind = if ahead == Side::Right { Side::Left } else { Side::Right };
        let edge = |side| if side == Side::Right { at.end } else { at.start };
        let ending = run.direction.ending();
        let ends = |side| letters.stem && ending == side;
        // Most candidates fail at the word beside the anchor, which costs one look.
        if let Some(before) = &sides.before
            && !ends(behind)
            && !run.may_stand(edge(behind), behind, before)
        {
            return None;
        }
        if let Some(after) = &sides.after
            && !ends(ahead)
            && !run.may_stand(edge(ahead), ahead, after)
        {
            return None;
        }
        if run.strict && !run.stands_as_words(at, letters) {
            return None;
        }
        let start = |run: &Run<'_>, side| {
            if !ends(side) {
                return Reach::EDGE;
            }
            let mut reach = Reach::default();
            run.endings(edge(side), side, |distance| reach.insert(distance));
            reach
        };
        let before = self.steps.get(..sides.anchored.start)?;
        let after = self.steps.get(sides.anchored.end..)?;
        let mut reach = start(run, ahead);
        for step in after {
            reach = run.step(reach, step, edge(ahead), ahead);
            if reach.is_empty() {
                return None;
            }
        }
        let mut back = start(run, behind);
        for step in before.iter().rev() {
            back = run.step(back, step, edge(behind), behind);
            if back.is_empty() {
                return None;
            }
        }
        let (left, right) = if ahead == Side::Right { (back, reach) } else { (reach, back) };
        run.choose(at, left, right)
    }
}

/// One attempt at one candidate.
struct Run<'a> {
    view: &'a View,
    direction: Direction,
    strict: bool,
    steps: &'a mut u64,
}

impl Run<'_> {
    fn step(&mut self, from: Reach, step: &Step, edge: usize, side: Side) -> Reach {
        let mut to = Reach::default();
        let choice = match step {
            Step::One(choice) => choice,
            Step::Maybe(choice) => {
                to = from;
                choice
            }
            Step::Gap => {
                for distance in from.iter() {
                    if let Some(at) = position(edge, distance, side) {
                        self.gap(at, side, |more| to.insert(distance + more));
                    }
                }
                return to;
            }
        };
        for distance in from.iter() {
            let Some(at) = position(edge, distance, side) else { continue };
            if !self.may_stand(at, side, &choice.first) {
                continue;
            }
            let Some(near) = self.near(at, side) else { continue };
            // What is not read for want of steps must show: at 0 the search is told as broken off.
            *self.steps = self.steps.saturating_sub(choice.pieces.len() as u64);
            if *self.steps == 0 {
                return Reach::default();
            }
            for piece in choice.candidates(near, side, self.direction) {
                self.piece(at, side, piece, |more| to.insert(distance + more));
            }
        }
        to
    }

    /// Whether one of the alternatives may begin at `at` and go to `side`: a look at two bytes.
    #[inline]
    fn may_stand(&self, at: usize, side: Side, first: &Firsts) -> bool {
        let bytes = self.view.bytes();
        let (near, far) = match side {
            Side::Right => (bytes.get(at), bytes.get(at + 1)),
            Side::Left => {
                (at.checked_sub(1).and_then(|at| bytes.get(at)), at.checked_sub(2).and_then(|at| bytes.get(at)))
            }
        };
        let Some(near) = near else { return false };
        first.of(side, self.direction).may_hold(*near, far.copied().unwrap_or_default())
    }

    /// The byte that is read first from `at` to `side`.
    fn near(&self, at: usize, side: Side) -> Option<u8> {
        let place = if matches!(side, Side::Right) { Some(at) } else { at.checked_sub(1) };
        place.and_then(|place| self.view.bytes().get(place)).copied()
    }

    /// Where a piece ends that begins at `at` and goes to `side`: distances from `at`.
    fn piece(&self, at: usize, side: Side, piece: &Letters, mut found: impl FnMut(usize)) {
        let len = piece.bytes(self.direction).len();
        if !piece.stem {
            if self.is_at(at, side, piece) {
                found(len);
            }
            return;
        }
        if side == self.direction.ending() {
            if self.is_at(at, side, piece)
                && let Some(end) = position(at, len, side)
            {
                self.endings(end, side, |more| found(len + more));
            }
        } else {
            self.endings_before(at, side, |ending| {
                if let Some(inner) = position(at, ending, side)
                    && self.is_at(inner, side, piece)
                {
                    found(ending + len);
                }
            });
        }
    }

    fn is_at(&self, at: usize, side: Side, piece: &Letters) -> bool {
        let (bytes, text) = (piece.bytes(self.direction), self.view.bytes());
        if bytes.is_empty() {
            return false;
        }
        let range = match side {
            Side::Right => at..at + bytes.len(),
            Side::Left => match at.checked_sub(bytes.len()) {
                Some(start) => start..at,
                None => return false,
            },
        };
        text.get(range.clone()) == Some(bytes) && (!self.strict || self.stands_as_words(&range, piece))
    }

    /// Whether the letters at `range` are the words of the piece: a mark wherever the piece has one, none within a word.
    fn stands_as_words(&self, range: &Range<usize>, piece: &Letters) -> bool {
        let inner = self.view.word_starts(range.start) & ((1 << range.len().min(63)) - 1) & !1;
        let (start, end) = (self.view.is_word_start(range.start), self.view.is_word_start(range.end));
        let ends = match (piece.stem, self.direction.ending()) {
            (false, _) => start && end,
            (true, Side::Right) => start,
            (true, Side::Left) => end,
        };
        ends && inner == piece.spelling(self.direction).marks
    }

    /// Where a word with any ending may end that has its stem up to `at`: distances from there.
    fn endings(&self, at: usize, side: Side, mut found: impl FnMut(usize)) {
        let end =
            std::iter::once(0).chain(self.letters(at, side).take(ENDING)).find(|more| self.is_mark(at, *more, side));
        if self.strict {
            end.into_iter().for_each(found);
            return;
        }
        found(0);
        match end {
            Some(end) => found(end),
            None => self.letters(at, side).take(ENDING).for_each(found),
        }
    }

    /// Where a stem may begin whose ending stands at `at`, before it: distances from there.
    fn endings_before(&self, at: usize, side: Side, mut found: impl FnMut(usize)) {
        found(0);
        for distance in self.letters(at, side).take(ENDING) {
            found(distance);
            if self.is_mark(at, distance, side) {
                return;
            }
        }
    }

    /// Where a gap may end that begins at `at`: after each of three words, or anywhere in letters that run on without a mark.
    fn gap(&self, at: usize, side: Side, mut found: impl FnMut(usize)) {
        found(0);
        let (mut words, mut letters, mut word) = (0, 0, 0);
        for distance in self.letters(at, side) {
            letters += 1;
            if self.is_mark(at, distance, side) {
                found(distance);
                (words, letters, word) = (words + 1, 0, distance);
                if words == GAP_WORDS {
                    return;
                }
            } else if letters == WORD {
                self.letters(at, side).skip_while(|more| *more <= word).take(GAP).for_each(found);
                return;
            }
        }
    }

    /// The distances of the ends of letters from `at`, the nearest first, to the end of the text.
    fn letters(&self, at: usize, side: Side) -> impl Iterator<Item = usize> {
        let len = self.view.bytes().len();
        let room = match side {
            Side::Right => len.saturating_sub(at),
            Side::Left => at,
        };
        (1..=room).filter(move |more| position(at, *more, side).is_some_and(|at| self.is_char(at)))
    }

    fn is_mark(&self, at: usize, distance: usize, side: Side) -> bool {
        position(at, distance, side).is_some_and(|at| self.view.is_word_start(at))
    }

    /// The nearest pair of ends that the law of boundaries accepts, and its letters; ends of words before others.
    fn choose(&self, at: &Range<usize>, left: Reach, right: Reach) -> Option<(Range<usize>, usize)> {
        /// Pairs that are looked at; more than a handful come up only in text made to have them.
        const PAIRS: usize = 64;
        let pairs = || left.iter().flat_map(|l| right.iter().map(move |r| (l, r))).take(PAIRS);
        let last = left.iter().last().zip(right.iter().last());
        let range = |(l, r): (usize, usize)| Some(at.start.checked_sub(l)?..at.end + r);
        let whole = |range: &Range<usize>| self.view.is_word_start(range.start) && self.view.is_word_start(range.end);
        let accepted = |range: Range<usize>| {
            let kept = self.view.bytes().get(range.clone())?;
            let letters = kept.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
            self.accepts(&range, letters).then_some((range, letters))
        };
        let of_words = pairs().chain(last).filter_map(range).filter(whole).find_map(accepted);
        of_words.or_else(|| pairs().chain(last).filter_map(range).find_map(accepted))
    }

    fn accepts(&self, range: &Range<usize>, letters: usize) -> bool {
        let is_mark = |at: usize| self.view.is_word_start(at);
        match self.direction {
            Direction::WordsReversed => return letters >= LONG && is_mark(range.start) && is_mark(range.end),
            Direction::WordOrder => {
                return letters >= ORDER_LETTERS && range.clone().filter(|at| is_mark(*at)).count() >= ORDER_WORDS;
            }
            Direction::Forward | Direction::Backward => {}
        }
        if self.strict || letters >= LONG {
            return true;
        }
        if letters < SHORT {
            return false;
        }
        is_mark(range.start) && is_mark(range.end) || range.clone().skip(1).all(|at| is_mark(at) || !self.is_char(at))
    }

    /// Whether a character begins at this kept byte.
    fn is_char(&self, at: usize) -> bool {
        self.view.bytes().get(at).is_none_or(|byte| byte & 0xc0 != 0x80)
    }
}

const fn position(edge: usize, distance: usize, side: Side) -> Option<usize> {
    match side {
        Side::Right => edge.checked_add(distance),
        Side::Left => edge.checked_sub(distance),
    }
}
