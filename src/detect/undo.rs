//! One field of an event: searched, and searched again in all that it can be read as.
//!
//! Side channels, decoders and readings make further texts of a text; each of these is searched and read again, breadth
//! first, four deep, within one budget of bytes for the whole event. So disguises may lie over one another in any order.

use std::sync::Arc;

use crate::text::decode::{self, Decoded, Found, Source};
use crate::text::plain::plain;
use crate::text::seen::{Seen, seen};
use crate::text::trace::{Rewriter, Trace};
use crate::text::{hidden, reading};
use crate::verdict::{Finding, Step};

use super::budget::{Budget, DECODE_DEPTH};
use super::detector::Detector;
use super::field::Field;
use super::rule::Scope;
use super::scan::{self, Look, Place, Scratch};
use super::segment::Segments;

/// Searches one field; what is found is added to `findings`. Gives the texts that it was read as.
pub(super) fn field<'t>(
    detector: &Detector,
    field: Field<'_>,
    scope: Scope,
    text: &'t str,
    scratch: &mut Scratch,
    budget: &mut Budget,
    findings: &mut Vec<Finding>,
) -> Segments<'t> {
    // What was found over several strings has a place in none of them.
    let mut segments = Segments::new(text, matches!(field, Field::Joined(_)));
    let mut index = 0;
    while let Some(segment) = segments.get(index) {
        let place = Place { detector, field, scope, segments: &segments, index };
        let Some(look) = scan::segment(place, scratch, budget, findings) else { break };
        let deep = segment.via.len() >= DECODE_DEPTH;
        let made = undone(&segment.text, &segment.via, &look, detector, deep, budget);
        for (decoded, plain) in made {
            let (len, next) = (decoded.text.len(), segments.count());
            if segments.add(index, decoded, plain) {
                let place = Place { detector, field, scope, segments: &segments, index };
                scan::step(place, next, scratch, findings);
            } else {
                budget.bytes += len;
            }
        }
        index += 1;
    }
    segments
}

/// What can be made of a text, with the way from the plain letters that were read back to it. Nothing of a text that is
/// too deep already, but the budget is told if something could have been.
fn undone(
    text: &str,
    via: &[Step],
    look: &Look,
    detector: &Detector,
    deep: bool,
    budget: &mut Budget,
) -> Vec<(Decoded, Option<Arc<Trace>>)> {
    if look.is_plain() {
        return Vec::new();
    }
    let mut found = Found::within(if deep { usize::MAX } else { budget.bytes });
    let source = Source { text, seen: look.seen, lexicon: &detector.lexicon };
    decode::each(hidden::all(), &source, &mut found);
    decode::each(reading::of_styled(), &source, &mut found);
    let raw = found.decoded.len();
    // Letters that only look like those of an encoding are read as those.
    let letters = (look.seen.any(Seen::STYLED | Seen::INVISIBLE | Seen::CONTROL)
        && (look.is_odd() || has_long_word(text)))
    .then(|| plain(text));
    let source = match &letters {
        Some((letters, _)) => Source { text: letters, seen: look.seen | seen(letters), ..source },
        None => source,
    };
    decode::each(decode::all(), &source, &mut found);
    if deep {
        budget.spent |= found.decoded.iter().any(|decoded| is_wordy(&decoded.text));
        return Vec::new();
    }
    let decoded = found.decoded.len();
    decode::each(reading::all(), &source, &mut found);
    reading::altered(&source, look.signs, &mut found);
    for rotation in &look.rotations {
        let mut out = Rewriter::with_capacity(source.text.len());
        source.text.char_indices().for_each(|(at, c)| out.push(rotation.undo(c), at));
        let step = if rotation.mirrored { Step::Atbash } else { Step::Rotated };
        found.keep_rewritten(0..source.text.len(), out, step);
    }
    // What looks encoded and cannot be decoded may be written backwards.
    if decoded == raw && looks_encoded(look.seen, source.text) {
        let reversed: String = source.text.chars().rev().collect();
        let mut within = Found::within(found.left);
        decode::each(decode::all(), &Source { text: &reversed, ..source }, &mut within);
        if within.decoded.iter().any(|decoded| is_wordy(&decoded.text)) {
            found.keep(0..source.text.len(), reversed, Step::Reversed);
        }
    }
    // A text is encoded twice, but nobody reads a reading once more in the same way; guesses would feed on each other.
    let mut kept = 0;
    found.decoded.retain(|made| {
        kept += 1;
        let again = kept > decoded && via.contains(&made.step);
        if again {
            found.left += made.text.len();
        }
        !again
    });
    budget.bytes = found.left;
    budget.spent |= found.spent;
    let trace = letters.map(|(_, trace)| Arc::new(trace));
    found.decoded.into_iter().enumerate().map(|(n, decoded)| (decoded, trace.clone().filter(|_| n >= raw))).collect()
}

/// Whether there are 16 characters without a blank: words of talk are shorter.
fn has_long_word(text: &str) -> bool {
    text.split(char::is_whitespace).any(|word| word.len() >= 16 && word.chars().nth(15).is_some())
}

/// Whether there is a run of letters that are no word, or digits enough for an encoding in them.
fn looks_encoded(seen: Seen, text: &str) -> bool {
    seen.any(Seen::LONG_RUN) && seen.any(Seen::DIGIT | Seen::INNER_CAPITAL | Seen::EQUALS)
        || seen.any(Seen::DIGIT) && text.bytes().filter(u8::is_ascii_digit).count() * 4 >= text.len().max(64)
}

/// Whether a text consists of words for the most part, and not of what a decoder makes of noise.
fn is_wordy(text: &str) -> bool {
    let good = text.chars().filter(|c| c.is_alphabetic() || *c == ' ').count();
    good >= 12 && good * 10 >= text.chars().count() * 8
}
