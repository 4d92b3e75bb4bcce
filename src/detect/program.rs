//! A phrase, compiled: found by its anchor, then followed slot by slot to both sides.
//!
//! The same program reads a text forwards and backwards, so a reversed text is found without reversing it. Each slot maps
//! a set of positions to a set of positions, so nothing is tried twice and the cost of a candidate is bounded by slots ×
//! alternatives × positions.

use std::ops::Range;

use crate::text::view::View;

use super::anchor::Anchor;
use super::first::First;
use super::phrase::{Phrase, Piece, Slot, is_marked};
use super::reach::Reach;

/// Letters from which a match needs no word boundary.
const LONG: usize = 12;
/// Letters from which a match needs a boundary at its ends only; shorter ones need every word to stand as a word.
const SHORT: usize = 8;
/// Letters that a `word*` may go on for.
const ENDING: usize = 12;
/// Letters of a gap where there are no word marks.
const GAP: usize = 24;
/// Letters without a mark from which they count as several words run together.
const WORD: usize = 16;
/// Words of a gap.
const GAP_WORDS: usize = 3;

/// Which way the phrase runs through the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Direction {
    Forward,
    Backward,
}

/// To which side of the anchor, in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// One alternative in both directions.
#[derive(Clone, Debug)]
pub(super) struct Letters {
    forward: Spelling,
    backward: Spelling,
    stem: bool,
}

#[derive(Clone, Debug)]
struct Spelling {
    bytes: Box<[u8]>,
    /// Word marks within: bit n for byte n, from 1.
    marks: u64,
}

impl Letters {
    fn new(piece: &Piece, map: fn(u8) -> u8) -> Self {
        let len = piece.letters.len();
        let forward: Vec<u8> = piece.letters.bytes().map(map).collect();
        let backward: Vec<u8> = piece.letters.chars().rev().collect::<String>().bytes().map(map).collect();
        let marks = piece.starts & !1;
        let mirrored = (1..len).filter(|at| is_marked(marks, *at)).fold(0, |bits, at| bits | 1 << (len - at));
        Self {
            forward: Spelling { bytes: forward.into(), marks },
            backward: Spelling { bytes: backward.into(), marks: mirrored },
            stem: piece.stem,
        }
    }

    /// The bytes as they stand in a text that is read in this direction.
    pub(super) fn bytes(&self, direction: Direction) -> &[u8] {
        &self.spelling(direction).bytes
    }

    const fn spelling(&self, direction: Direction) -> &Spelling {
        match direction {
            Direction::Forward => &self.forward,
            Direction::Backward => &self.backward,
        }
    }
}

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
    /// How they begin, read from the side of the phrase's beginning.
    begin: First,
    /// How they begin, read from the side of the phrase's end.
    end: First,
}

impl Choice {
    fn new(pieces: &[Piece], map: fn(u8) -> u8) -> Self {
        let pieces: Box<[Letters]> = pieces.iter().map(|piece| Letters::new(piece, map)).collect();
        let (mut begin, mut end) = (First::default(), First::default());
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
        }
        Self { pieces, begin, end }
    }
}

/// A compiled phrase.
#[derive(Clone, Debug)]
pub(super) struct Program {
    steps: Box<[Step]>,
    /// The alternatives of the anchor.
    anchors: Box<[Letters]>,
    /// The steps that they stand for.
    anchored: Range<usize>,
    /// Fewest letters of a match.
    shortest: usize,
    /// Whether the anchor is all there is, and may stand anywhere.
    bare: bool,
}

impl Program {
    /// Compiles a phrase whose letters are seen through `map`.
    pub(super) fn new(phrase: &Phrase, map: fn(u8) -> u8) -> Self {
        let steps = phrase.slots.iter().map(|slot| match slot {
            Slot::One(pieces) => Step::One(Choice::new(pieces, map)),
            Slot::Maybe(pieces) => Step::Maybe(Choice::new(pieces, map)),
            Slot::Gap => Step::Gap,
        });
        let anchor = Anchor::of(phrase).unwrap_or(Anchor { slots: 0..1, pieces: Vec::new() });
        let shortest = phrase.slots.iter().map(|slot| match slot {
            Slot::One(pieces) => pieces.iter().map(|piece| piece.letters.chars().count()).min().unwrap_or_default(),
            Slot::Maybe(_) | Slot::Gap => 0,
        });
        Self {
            steps: steps.collect(),
            anchors: anchor.pieces.iter().map(|piece| Letters::new(piece, map)).collect(),
            anchored: anchor.slots,
            shortest: shortest.sum(),
            bare: false,
        }
    }

    /// Letters that are found wherever they stand, forwards.
    pub(super) fn bare(letters: &str) -> Self {
        let piece = Piece { letters: letters.into(), starts: 1, stem: false };
        Self { bare: true, ..Self::new(&Phrase { slots: vec![Slot::One(vec![piece])] }, |byte| byte) }
    }

    /// Which ways the phrase may run.
    pub(super) const fn directions(&self) -> &'static [Direction] {
        if self.bare { &[Direction::Forward] } else { &[Direction::Forward, Direction::Backward] }
    }

    /// The alternatives of the anchor.
    pub(super) fn anchors(&self) -> &[Letters] {
        &self.anchors
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
        let anchor = self.anchors().get(alternative)?;
        if self.bare {
            return Some(at.clone());
        }
        let mut run = Run { view, direction, strict: false, steps };
        if let Some((range, letters)) = self.follow(&mut run, at, anchor)
            && letters >= SHORT
        {
            return Some(range);
        }
        // A short match stands as words, and only forwards: three letters spelled backwards are everywhere.
        if self.shortest >= SHORT || direction == Direction::Backward {
            return None;
        }
        run.strict = true;
        self.follow(&mut run, at, anchor).map(|(range, _)| range)
    }

    fn follow(&self, run: &mut Run<'_>, at: &Range<usize>, anchor: &Letters) -> Option<(Range<usize>, usize)> {
        if run.strict && !run.stands_as_words(at, anchor) {
            return None;
        }
        let (before, after) = (self.steps.get(..self.anchored.start)?, self.steps.get(self.anchored.end..)?);
        // The ending of an anchor `word*` lies to the side to which the phrase goes on.
        let (ahead, behind) = match run.direction {
            Direction::Forward => (Side::Right, Side::Left),
            Direction::Backward => (Side::Left, Side::Right),
        };
        let edge = |side| if side == Side::Right { at.end } else { at.start };
        // Most candidates fail at the word beside the anchor, which costs one look.
        if let Some(Step::One(choice)) = before.last()
            && !run.may_stand(edge(behind), behind, choice)
        {
            return None;
        }
        if !anchor.stem
            && let Some(Step::One(choice)) = after.first()
            && !run.may_stand(edge(ahead), ahead, choice)
        {
            return None;
        }
        let mut reach = Reach::EDGE;
        if anchor.stem {
            reach = Reach::default();
            run.endings(edge(ahead), ahead, |distance| reach.insert(distance));
        }
        for step in after {
            reach = run.step(reach, step, edge(ahead), ahead);
            if reach.is_empty() {
                return None;
            }
        }
        let mut back = Reach::EDGE;
        for step in before.iter().rev() {
            back = run.step(back, step, edge(behind), behind);
            if back.is_empty() {
                return None;
            }
        }
        let (left, right) = match run.direction {
            Direction::Forward => (back, reach),
            Direction::Backward => (reach, back),
        };
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
            if !self.may_stand(at, side, choice) {
                continue;
            }
            for piece in &choice.pieces {
                let Some(left) = self.steps.checked_sub(1) else { return Reach::default() };
                *self.steps = left;
                self.piece(at, side, piece, |more| to.insert(distance + more));
            }
        }
        to
    }

    /// Whether one of the alternatives may begin at `at` and go to `side`: a look at two bytes.
    fn may_stand(&self, at: usize, side: Side, choice: &Choice) -> bool {
        let bytes = self.view.bytes();
        let (near, far) = match side {
            Side::Right => (bytes.get(at), bytes.get(at + 1)),
            Side::Left => {
                (at.checked_sub(1).and_then(|at| bytes.get(at)), at.checked_sub(2).and_then(|at| bytes.get(at)))
            }
        };
        let Some(near) = near else { return false };
        let first =
            if (side == Side::Right) == (self.direction == Direction::Forward) { &choice.begin } else { &choice.end };
        first.may_hold(*near, far.copied().unwrap_or_default())
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
        let ending_is_far = (side == Side::Right) == (self.direction == Direction::Forward);
        if ending_is_far {
            if self.is_at(at, side, piece)
                && let Some(end) = position(at, len, side)
            {
                self.endings(end, side, |more| found(len + more));
            }
        } else {
            self.endings(at, side, |ending| {
                if let Some(inner) = position(at, ending, side)
                    && self.is_at(inner, side, piece)
                {
                    found(ending + len);
                }
            });
        }
    }

    fn is_at(&self, at: usize, side: Side, piece: &Letters) -> bool {
        let bytes = piece.bytes(self.direction);
        let range = match side {
            Side::Right => at..at + bytes.len(),
            Side::Left => match at.checked_sub(bytes.len()) {
                Some(start) => start..at,
                None => return false,
            },
        };
        self.view.bytes().get(range.clone()) == Some(bytes) && (!self.strict || self.stands_as_words(&range, piece))
    }

    /// Whether the letters at `range` are the words of the piece: a mark wherever the piece has one, none within a word.
    fn stands_as_words(&self, range: &Range<usize>, piece: &Letters) -> bool {
        let inner = self.view.word_starts(range.start) & ((1 << range.len().min(63)) - 1) & !1;
        let (start, end) = (self.view.is_word_start(range.start), self.view.is_word_start(range.end));
        let ends = match (piece.stem, self.direction) {
            (false, _) => start && end,
            (true, Direction::Forward) => start,
            (true, Direction::Backward) => end,
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
        if self.strict || letters >= LONG {
            return true;
        }
        if letters < SHORT {
            return false;
        }
        let is_mark = |at: usize| self.view.is_word_start(at);
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
