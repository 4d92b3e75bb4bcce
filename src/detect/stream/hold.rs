//! What must be held back of a text that goes on, whatever it may turn out to be.

use crate::text::trace::floor_boundary;
use crate::verdict::Step;

use super::super::ends::is_letter;
use super::super::segment::{Segment, Segments};
use super::COVER_LETTERS;

/// What a letter or sign counts towards the cover. A letter that takes several bytes counts twice as much, and what is blank
/// or not seen a quarter.
const LETTER: usize = 4;
/// Bytes of a made text from which the way back may start before what is asked for, for each step.
const WAY_BACK: usize = 16;
/// Bytes behind an encoding after which it is over.
const APART: usize = 48;
/// Bytes of a run of characters without a blank that is held back whole. Encodings of which no part can be read need it.
const RUN: usize = 1_024;

/// Where the last [`COVER_LETTERS`] letters of a text begin.
pub(super) fn cover(text: &str) -> usize {
    let mut counted = 0;
    for (at, c) in text.char_indices().rev() {
        counted += match c {
            _ if c.is_ascii_graphic() => LETTER,
            _ if !c.is_ascii() && is_letter(c) => LETTER * 2,
            _ => LETTER / 4,
        };
        if counted >= COVER_LETTERS * LETTER {
            return at;
        }
    }
    0
}

/// Where the run of graphic characters begins with which a text ends; the end where there is none to speak of.
pub(super) fn run(text: &str) -> usize {
    let run = text.bytes().rev().take(RUN).take_while(u8::is_ascii_graphic).count();
    text.len() - run
}

/// Where the word begins in which `at` stands, after `from`; or `at`, where that is far or there are no blanks.
pub(super) fn word(text: &str, from: usize, at: usize) -> usize {
    /// Bytes of a word. What is longer may be cut.
    const LONGEST: usize = 64;
    let from = floor_boundary(text, at.saturating_sub(LONGEST)).max(from);
    let before = text.get(from..at).unwrap_or_default();
    let blank = before.char_indices().rev().find(|(_, c)| c.is_whitespace());
    blank.map_or(at, |(place, blank)| from + place + blank.len_utf8())
}

/// Where the last [`COVER_LETTERS`] letters begin of what a text was read as, as far as that goes on to its end; or, if that
/// stands before, where formats may have begun. `begun` says this by the number of the segment, the text itself being 0.
pub(super) fn made(segments: &Segments<'_>, text: &str, begun: Vec<(usize, usize)>) -> Option<usize> {
    let covers = (1..segments.count()).filter_map(|index| Some((index, cover(&segments.get(index)?.text))));
    let held = covers.chain(begun).filter_map(|(index, at)| {
        let segment = segments.get(index).filter(|segment| is_placed(segment))?;
        let start = floor_boundary(&segment.text, at.saturating_sub(WAY_BACK * segment.via.len()));
        let source = segments.locate(index, start..segment.text.len());
        (source.end + APART >= text.len()).then_some(source.start)
    });
    held.min()
}

/// Whether it is known where in the text the parts of a reading stand, so that a part of the text can be held back for it.
fn is_placed(segment: &Segment<'_>) -> bool {
    let whole = |step: &Step| matches!(step, Step::Edited | Step::UpsideDown | Step::Initials | Step::Reversed);
    !segment.via.iter().any(whole)
}
