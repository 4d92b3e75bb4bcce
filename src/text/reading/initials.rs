//! First letters of lines, as in an acrostic.

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::LINE, find };

/// Fewer lines spell nothing that a rule could find.
const LEAST_LINES: usize = 10;

/// One letter a line: the first that is one. A text of that many lines costs as many bytes.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    if text.bytes().filter(|byte| *byte == b'\n').take(LEAST_LINES - 1).count() < LEAST_LINES - 1 {
        return;
    }
    let mut out = Rewriter::default();
    let (mut at, mut single) = (0, 0);
    for line in text.split_inclusive('\n') {
        if let Some((offset, c)) = line.char_indices().find(|(_, c)| c.is_alphabetic()) {
            out.push(c, at + offset);
            let next = line.get(offset + c.len_utf8()..).and_then(|rest| rest.chars().find(|c| !c.is_whitespace()));
            single += usize::from(next.is_none());
        }
        at += line.len();
    }
    let letters = out.text().chars().count();
    // Lines of one letter each are read as they stand, by the letters alone.
    if letters >= LEAST_LINES && single < letters {
        found.keep_rewritten(0..text.len(), out, Step::Initials);
    }
}
