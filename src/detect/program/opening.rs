//! The beginning of a phrase at the end of a text that is not complete yet.
//!
//! A match is followed from where it stands first in the text, whichever way the phrase runs. What is followed is never
//! less than what [`Program::verify`] accepts, and more where that looks at both sides: an ending and a gap may run as far
//! as they can, and boundaries are not asked for.

use crate::text::view::View;

use super::super::letters::{Direction, Letters, Side};
use super::super::phrase::MAX_PIECE;
use super::super::reach::WINDOW;
use super::{Choice, ENDING, GAP, GAP_WORDS, Program, Step, WORD};

/// Bytes of a match: an anchor, and what its two sides may span.
const LONGEST: usize = 2 * WINDOW + MAX_PIECE + 1;
/// Letters of a gap, at most: words that are just short enough to be told apart, and then letters that run on.
const LONGEST_GAP: usize = (GAP_WORDS - 1) * (WORD - 1) + GAP;

/// How a match may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Head {
    /// With these two bytes.
    Pair([u8; 2]),
    /// With this byte and any other.
    Byte(u8),
    /// With anything.
    Any,
}

/// Distances from where a match begins. One that no match reaches is left out.
#[derive(Clone, Copy, Default)]
struct Places([u64; LONGEST.div_ceil(64)]);

impl Places {
    fn insert(&mut self, distance: usize) {
        if let Some(word) = self.0.get_mut(distance / 64) {
            *word |= 1 << (distance % 64);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn iter(self) -> impl Iterator<Item = usize> {
        (0..).zip(self.0).flat_map(|(word, mut bits): (usize, u64)| {
            std::iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(word * 64 + bit)
            })
        })
    }
}

/// The end of the text was reached, so nobody can tell how it goes on.
struct Open;

impl Program {
    /// The steps in the order in which they stand in a text.
    fn in_text(&self, direction: Direction) -> impl Iterator<Item = &Step> {
        let (steps, forward) = (&self.steps, direction.ahead() == Side::Right);
        (0..steps.len()).filter_map(move |at| steps.get(if forward { at } else { steps.len() - 1 - at }))
    }

    /// Letters of the longest match.
    pub(in crate::detect) fn longest(&self) -> usize {
        let letters = |piece: &Letters| {
            let letters = piece.forward.bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
            letters + if piece.stem { ENDING } else { 0 }
        };
        let longest = |choice: &Choice| choice.pieces.iter().map(letters).max().unwrap_or_default();
        let of_step = |step: &Step| match step {
            Step::One(choice) | Step::Maybe(choice) => longest(choice),
            Step::Gap => LONGEST_GAP,
        };
        self.steps.iter().map(of_step).sum()
    }

    /// Shows how a match may begin that runs in this direction.
    pub(in crate::detect) fn heads(&self, direction: Direction, mut show: impl FnMut(Head)) {
        for step in self.in_text(direction) {
            let (choice, last) = match step {
                Step::One(choice) => (choice, true),
                Step::Maybe(choice) => (choice, false),
                Step::Gap => return show(Head::Any),
            };
            for piece in &choice.pieces {
                match piece.bytes(direction) {
                    [] => {}
                    _ if piece.stem && direction.ending() == Side::Left => show(Head::Any),
                    [only] => show(Head::Byte(*only)),
                    [first, second, ..] => show(Head::Pair([*first, *second])),
                }
            }
            if last {
                return;
            }
        }
    }

    /// Whether what stands from the kept byte `at` to the end of the view may go on to a match that begins there, or be one
    /// of which the end cannot be told yet.
    ///
    /// `steps` counts down; at 0 the answer is yes.
    pub(in crate::detect) fn is_open(&self, view: &View, at: usize, direction: Direction, steps: &mut u64) -> bool {
        let mut places = Places::default();
        places.insert(0);
        for step in self.in_text(direction) {
            let mut next = Places::default();
            let choice = match step {
                Step::One(choice) => Some(choice),
                Step::Maybe(choice) => {
                    next = places;
                    Some(choice)
                }
                Step::Gap => None,
            };
            for distance in places.iter() {
                let from = at + distance;
                let mut add = |to: usize| next.insert(to - at);
                let followed = match choice {
                    Some(choice) => choice.pieces.iter().try_for_each(|piece| {
                        *steps = steps.checked_sub(1).ok_or(Open)?;
                        follow(view, from, piece, direction, &mut add)
                    }),
                    None => gap(view, from, &mut add),
                };
                if followed.is_err() {
                    return true;
                }
            }
            if next.is_empty() {
                return false;
            }
            places = next;
        }
        false
    }
}

/// Tells where a piece ends that begins at `from`.
fn follow(
    view: &View,
    from: usize,
    piece: &Letters,
    direction: Direction,
    add: &mut impl FnMut(usize),
) -> Result<(), Open> {
    let bytes = piece.bytes(direction);
    let stands = |at: usize| stands(view, at, bytes);
    if bytes.is_empty() {
        return Ok(());
    }
    if stands(from)? {
        let end = from + bytes.len();
        add(end);
        if piece.stem && direction.ending() == Side::Right && !view.is_word_start(end) {
            ending(view, end, |at| {
                add(at);
                Ok(())
            })?;
        }
    }
    if piece.stem && direction.ending() == Side::Left {
        ending(view, from, |at| {
            if stands(at)? {
                add(at + bytes.len());
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Whether `bytes` stand at `at` and more behind them; what ends with the text may end otherwise than the view tells.
fn stands(view: &View, at: usize, bytes: &[u8]) -> Result<bool, Open> {
    let rest = view.bytes().get(at..).unwrap_or_default();
    match rest.len() > bytes.len() {
        true => Ok(rest.starts_with(bytes)),
        false if bytes.starts_with(rest) => Err(Open),
        false => Ok(false),
    }
}

/// Shows each place at which an ending may end that begins at `from`, but for `from` itself: up to the end of the word.
fn ending(view: &View, from: usize, mut show: impl FnMut(usize) -> Result<(), Open>) -> Result<(), Open> {
    for at in letters(view, from).take(ENDING) {
        if at >= view.bytes().len() {
            return Err(Open);
        }
        show(at)?;
        if view.is_word_start(at) {
            break;
        }
    }
    Ok(())
}

/// Tells where a gap may end that begins at `from`: up to three words on, or in letters that run on.
fn gap(view: &View, from: usize, add: &mut impl FnMut(usize)) -> Result<(), Open> {
    add(from);
    let (mut words, mut run, mut runs_on) = (0, 0, false);
    for (count, at) in (1..=LONGEST_GAP).zip(letters(view, from)) {
        if at >= view.bytes().len() {
            return Err(Open);
        }
        add(at);
        run += 1;
        runs_on |= run >= WORD;
        if view.is_word_start(at) {
            (words, run) = (words + 1, 0);
            // Letters that run on take the marks beside them along, read from either side.
            if words > GAP_WORDS && !runs_on && count > GAP - WORD {
                break;
            }
        }
    }
    Ok(())
}

/// The ends of the letters that begin at `from`.
fn letters(view: &View, from: usize) -> impl Iterator<Item = usize> {
    let bytes = view.bytes();
    (from + 1..=bytes.len()).filter(|at| bytes.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80))
}
