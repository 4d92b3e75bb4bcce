//! Words that were altered one by one: letters scrambled, swapped or drawn out, vowels left out, a word too many between
//! each two.

use std::ops::Range;

use super::super::decode::{Found, Source};
use crate::text::seen::Seen;
use crate::text::signs::Signs;
use crate::text::trace::{Rewriter, ceil_boundary, floor_boundary};
use crate::verdict::Step;

/// Words that must be there again before they are taken for noise.
const LEAST_NOISE: usize = 2;

/// Reads the text as the signs call for. Each reading costs a look-up a word.
pub fn find(source: &Source<'_>, signs: Signs, found: &mut Found) {
    let text = source.text;
    let lexicon = source.lexicon;
    if signs.any(Signs::SCRAMBLED) {
        rewrite(source, Step::Unscrambled, 1, found, |word| lexicon.unscrambled(word.as_bytes()).map(str::to_owned));
    }
    if signs.any(Signs::NO_VOWELS) {
        rewrite(source, Step::Vowels, 3, found, |word| lexicon.with_vowels(word).map(str::to_owned));
    }
    if source.seen.any(Seen::TRIPLE) {
        rewrite(source, Step::Repeated, 1, found, |word| lexicon.unstretched(word).map(str::to_owned));
    }
    if signs.any(Signs::NOISE) {
        noise(text, found);
    }
}

/// The words of ASCII letters.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive(|c: char| !c.is_ascii_alphabetic()).filter_map(move |token| {
        let word = token.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        let start = at;
        at += token.len();
        (!word.is_empty()).then(|| start..start + word.len())
    })
}

/// Bytes around a word that are copied with it: as far as a phrase may reach.
const AROUND: usize = 256;

/// A place in the text, and the word that is put there.
type Change = (Range<usize>, String);

/// Puts another word in the place of each that `better` knows one for, given in small letters. What is far from any of them
/// is left out: it was read as it stands.
fn rewrite(source: &Source<'_>, step: Step, least: usize, found: &mut Found, better: impl Fn(&str) -> Option<String>) {
    let text = source.text;
    let mut changes: Vec<Change> = Vec::new();
    let mut all = 0;
    for place in words(text) {
        all += usize::from(place.len() >= 4);
        let word = text.get(place.clone()).unwrap_or_default().to_ascii_lowercase();
        changes.extend(better(&word).map(|word| (place, word)));
    }
    // Where vowels are left out, they are left out of most words; a scrambled word may be the only one.
    if changes.len() < least || least > 1 && changes.len() * 2 < all {
        return;
    }
    let mut rest = changes.as_slice();
    while let Some((first, _)) = rest.first() {
        let gap = rest.iter().zip(rest.iter().skip(1)).position(|(a, b)| b.0.start - a.0.end > 2 * AROUND);
        let (stretch, later) = rest.split_at_checked(gap.map_or(rest.len(), |gap| gap + 1)).unwrap_or_default();
        let Some((last, _)) = stretch.last() else { return };
        let start = floor_boundary(text, first.start.saturating_sub(AROUND));
        let end = ceil_boundary(text, last.end + AROUND);
        let mut out = Rewriter::with_capacity(end - start);
        let mut copied = start;
        for (place, word) in stretch {
            out.copy(text, copied..place.start);
            out.push_str(word, place.start);
            copied = place.end;
        }
        out.copy(text, copied..end);
        found.keep_rewritten(start..end, out, step);
        rest = later;
    }
}

/// Leaves out words that stand at every second place, the same one each time.
fn noise(text: &str, found: &mut Found) {
    let places: Vec<Range<usize>> = words(text).collect();
    let word = |index: usize| places.get(index).and_then(|place| text.get(place.clone())).unwrap_or_default();
    let mut noise: Option<&str> = None;
    let mut run = 0;
    for index in 2..places.len() {
        // Alternation counts, not a word that is only repeated.
        let again =
            word(index).eq_ignore_ascii_case(word(index - 2)) && !word(index).eq_ignore_ascii_case(word(index - 1));
        let same = again && (run == 0 || noise.is_some_and(|noise| noise.eq_ignore_ascii_case(word(index))));
        if same {
            run += 1;
            noise = Some(word(index));
            if run >= LEAST_NOISE {
                break;
            }
        } else if !noise.is_some_and(|noise| noise.eq_ignore_ascii_case(word(index - 1))) {
            run = 0;
        }
    }
    let Some(noise) = noise.filter(|_| run >= LEAST_NOISE) else { return };
    let mut out = Rewriter::with_capacity(text.len());
    let mut copied = 0;
    for place in &places {
        if text.get(place.clone()).is_some_and(|word| word.eq_ignore_ascii_case(noise)) {
            out.copy(text, copied..place.start);
            copied = place.end;
        }
    }
    out.copy(text, copied..text.len());
    found.keep_rewritten(0..text.len(), out, Step::NoiseWords);
}
