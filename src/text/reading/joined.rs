//! Quoted pieces joined, and what was assigned to names put in their place: `"Ign" + "ore"`; `a = "Ign"; b = "ore"; a + b`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::QUOTE.with(Seen::PLUS).with(Seen::EQUALS), find };

/// Bytes between two pieces that belong together.
const WIDEST_GAP: usize = 8;
/// Names that are followed. More are ordinary in code, and then none is.
const MOST_NAMES: usize = 32;
/// Bytes of a name.
const LONGEST_NAME: usize = 32;

/// A quoted piece: its inside, and with its quotes.
struct Piece {
    inner: Range<usize>,
    outer: Range<usize>,
}

/// Costs three looks at each byte, and one more for each name and use of it.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let pieces = pieces(text);
    join(text, &pieces, found);
    substitute(text, &pieces, found);
}

/// The pieces between two quotes of the same kind on one line.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        match (open, c) {
            (Some((start, quote)), _) if c == quote => {
                pieces.push(Piece { inner: start + 1..at, outer: start..at + 1 });
                open = None;
            }
            (Some(_), '\n') => open = None,
            (None, '"' | '`') => open = Some((at, c)),
            // An apostrophe within a word quotes nothing.
            (None, '\'') if !text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric)) => {
                open = Some((at, c));
            }
            _ => {}
        }
    }
    pieces
}

/// Pieces with nothing but signs of joining between them.
fn join(text: &str, pieces: &[Piece], found: &mut Found) {
    let mut group: &[Piece] = pieces;
    while let Some((first, rest)) = group.split_first() {
        let mut end = first.outer.end;
        let joined = rest
            .iter()
            .take_while(|piece| {
                let gap = text.get(end..piece.outer.start).unwrap_or_default();
                end = piece.outer.end;
                let joins = |c: char| {
                    c.is_whitespace() || matches!(c, '+' | '.' | '&' | ',' | '\\' | '|' | '~' | '(' | ')' | '[' | ']')
                };
                gap.len() <= WIDEST_GAP && gap.chars().all(joins)
            })
            .count();
        let (parts, later) = group.split_at_checked(joined + 1).unwrap_or_default();
        if let (true, Some(last)) = (parts.len() > 1, parts.last()) {
            let mut out = Rewriter::default();
            for part in parts {
                out.copy(text, part.inner.clone());
            }
            found.keep_rewritten(first.outer.start..last.outer.end, out, Step::Joined);
        }
        group = later;
    }
}

/// What was assigned stands where its name is used afterwards.
fn substitute(text: &str, pieces: &[Piece], found: &mut Found) {
    let mut names: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    let mut last = None;
    for piece in pieces {
        let before = text.get(..piece.outer.start).unwrap_or_default().trim_end();
        let Some(before) = before.strip_suffix('=').or_else(|| before.strip_suffix(':')) else { continue };
        let before = before.trim_end_matches(':').trim_end();
        let name_start = before.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1);
        let start = crate::text::trace::ceil_boundary(before, name_start);
        let Some(name) = before.get(start..).filter(|name| (1..=LONGEST_NAME).contains(&name.len())) else { continue };
        names.insert(name, piece.inner.clone());
        last = Some(piece.outer.end);
    }
    let Some(last) = last.filter(|_| names.len() >= 2 && names.len() <= MOST_NAMES) else { return };
    let Some(uses) = text.get(last..) else { return };
    let mut out = Rewriter::with_capacity(uses.len());
    let (mut used, mut at) = (0, last);
    for token in uses.split_inclusive(|c: char| !is_name(c)) {
        let name = token.trim_end_matches(|c: char| !is_name(c));
        if let Some(value) = names.get(name) {
            out.push_str(text.get(value.clone()).unwrap_or_default(), at);
            // What joins two names stands for nothing.
            out.push_str(token.get(name.len()..).unwrap_or_default().trim_matches(['+', '.', '{', '}', '$', '%']), at);
            used += 1;
            // One name used a thousand times would be a product.
            if out.text().len() > 2 * text.len() {
                break;
            }
        } else {
            out.push_str(token.trim_matches(['+', '{', '}', '$']), at);
        }
        at += token.len();
    }
    if used >= 2 {
        found.keep_rewritten(0..text.len(), out, Step::Substituted);
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
