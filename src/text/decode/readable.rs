//! Tells decoded text from decoded noise.

use std::ops::Range;

/// A readable stretch has at least this many bytes. In random bytes one of this length begins at about one place in
/// 100,000, so a page of hashes yields next to nothing, and what it yields is harmless.
const STRETCH: usize = 12;

/// What can be read in some bytes.
pub(super) struct Readable {
    /// Ranges of the bytes with their text, in order.
    pub(super) parts: Vec<(Range<usize>, String)>,
    /// Every byte is part of the text; no other reading is needed.
    pub(super) complete: bool,
}

/// Reads `bytes` as one text if it has `least` bytes of which nine in ten are text, else the stretches in it that are
/// text throughout. Stretches are what is left of a text between letters that do not belong to it.
pub(super) fn readable(bytes: &[u8], least: usize) -> Readable {
    let mut stretches = Vec::new();
    let mut stretch = 0..0;
    let mut good = 0;
    for (range, is_good) in characters(bytes) {
        if is_good {
            good += range.len();
            stretch.end = range.end;
            continue;
        }
        stretches.extend((stretch.len() >= STRETCH).then_some(stretch));
        stretch = range.end..range.end;
    }
    stretches.extend((stretch.len() >= STRETCH).then_some(stretch));
    if bytes.len() >= least && good * 10 >= bytes.len() * 9 {
        stretches.clear();
        stretches.push(0..bytes.len());
    }
    let text = |range: Range<usize>| bytes.get(range).map(|text| String::from_utf8_lossy(text).into_owned());
    let parts = stretches.into_iter().filter_map(|range| Some((range.clone(), text(range)?))).collect();
    Readable { parts, complete: good == bytes.len() }
}

/// The characters of `bytes` with their ranges and whether they belong in a text. What is no UTF-8 does not.
fn characters(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, bool)> {
    let mut place = 0;
    bytes.utf8_chunks().flat_map(move |chunk| {
        let start = place;
        let invalid = start + chunk.valid().len();
        place = invalid + chunk.invalid().len();
        let valid = chunk.valid().char_indices().map(move |(offset, c)| {
            let at = start + offset;
            (at..at + c.len_utf8(), is_text(c))
        });
        valid.chain((!chunk.invalid().is_empty()).then_some((invalid..place, false)))
    })
}

fn is_text(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => false,
        c => !c.is_control(),
    }
}
