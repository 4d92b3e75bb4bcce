//! Letters in brackets among others that only surround them: `(I)n the (g)arden (n)o (o)ne (r)eally (e)ats`.

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::BRACKET, find };

/// Fewer letters say nothing that a rule could find.
const LEAST: usize = 8;

/// Puts the bracketed letters together, up to two at a time in one pair of brackets; a blank in brackets parts words.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut out = Rewriter::default();
    let mut count = 0;
    let (mut first, mut end) = (None, 0);
    for (at, open) in text.match_indices(['(', '[', '{']) {
        let close = match open {
            "(" => ')',
            "[" => ']',
            _ => '}',
        };
        let inner = text.get(at + 1..).unwrap_or_default();
        let mut chars = inner.chars();
        let (a, b, c) = (chars.next(), chars.next(), chars.next());
        let letters = match (a, b, c) {
            (Some(a), Some(b), _) if b == close => [Some(a), None],
            (Some(a), Some(b), Some(c)) if c == close => [Some(a), Some(b)],
            _ => continue,
        };
        let letters = letters.into_iter().flatten();
        if !letters.clone().all(|c| c.is_alphabetic() || c == ' ') {
            continue;
        }
        for c in letters {
            out.push(c, at);
            count += usize::from(c != ' ');
        }
        first.get_or_insert(at);
        end = at + inner.find(close).unwrap_or_default() + 2;
    }
    if let Some(first) = first.filter(|_| count >= LEAST) {
        found.keep_rewritten(first..end, out, Step::Bracketed);
    }
}
