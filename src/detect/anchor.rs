//! Which part of a phrase stands in the index.

use std::ops::Range;

use super::commonness::is_everywhere;
use super::phrase::{MAX_PIECE, Phrase, Piece, Slot};

/// What is looked for: an alternative of the rarest slot that must be there, or, where that is too common, together with
/// one of the slot beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// The letters.
    pub(super) piece: Piece,
    /// The slots that they stand for.
    pub(super) slots: Range<usize>,
}

/// From here on an alternative is so common that it is looked for together with what must stand beside it: a word of eight
/// letters that everybody uses, or three letters that nobody does.
const COMMON: u64 = 1_000 << (2 * 4);
/// Anchors that one phrase may have instead of alternatives.
const MAX_PAIRS: usize = 64;

/// The anchors of a phrase: whatever it stands for, one of them is there.
pub(super) fn anchors(phrase: &Phrase) -> Vec<Anchor> {
    let slots = || phrase.slots.iter().enumerate().filter(|(_, slot)| is_anchor(slot));
    let single =
        slots().map(|(index, slot)| singles(slot, index)).min_by_key(|anchors| sum(anchors)).unwrap_or_default();
    if single.iter().all(|anchor| cost(&anchor.piece) < COMMON) {
        return single;
    }
    slots().map(|(index, slot)| pairs(&phrase.slots, slot, index)).min_by_key(|anchors| sum(anchors)).unwrap_or(single)
}

/// The alternatives of a slot.
fn singles(slot: &Slot, index: usize) -> Vec<Anchor> {
    let Slot::One(pieces) = slot else { return Vec::new() };
    pieces.iter().map(|piece| Anchor { piece: piece.clone(), slots: index..index + 1 }).collect()
}

/// The same, but those that are too common together with what must stand beside them.
fn pairs(slots: &[Slot], slot: &Slot, index: usize) -> Vec<Anchor> {
    let pieces = |index: Option<usize>| match index.and_then(|index| slots.get(index)) {
        Some(Slot::One(pieces)) => pieces.as_slice(),
        _ => &[],
    };
    let (before, after) = (pieces(index.checked_sub(1)), pieces(Some(index + 1)));
    let mut anchors = Vec::new();
    for anchor in singles(slot, index) {
        let least = cost(&anchor.piece);
        let piece = std::slice::from_ref(&anchor.piece);
        let ahead = joined(piece, after, index..index + 2);
        let behind = joined(before, piece, index.saturating_sub(1)..index + 1);
        let pairs = [ahead, behind]
            .into_iter()
            .flatten()
            .min_by_key(|anchors| sum(anchors))
            .filter(|pairs| least >= COMMON && sum(pairs) < least / 4 && anchors.len() + pairs.len() <= MAX_PAIRS);
        anchors.extend(pairs.unwrap_or_else(|| vec![anchor]));
    }
    anchors
}

fn sum(anchors: &[Anchor]) -> u64 {
    anchors.iter().map(|anchor| cost(&anchor.piece)).sum()
}

/// Each of some alternatives with each of those in the next slot.
fn joined(first: &[Piece], second: &[Piece], slots: Range<usize>) -> Option<Vec<Anchor>> {
    // Between an ending and the next word anything may stand.
    if first.is_empty() || second.is_empty() || first.iter().any(|piece| piece.stem) {
        return None;
    }
    let pairs = first.iter().flat_map(|first| second.iter().map(move |second| (first, second)));
    let anchors = pairs.map(|(first, second)| {
        let letters: Box<str> = format!("{}{}", first.letters, second.letters).into();
        let fits = (4..=MAX_PIECE).contains(&letters.len());
        let starts = first.starts | second.starts << (first.letters.len() & 63);
        fits.then(|| Anchor { piece: Piece { letters, starts, stem: second.stem }, slots: slots.clone() })
    });
    anchors.collect()
}

/// Whether a slot can stand in the index: it must be there, and is long enough in each of its forms.
pub(super) fn is_anchor(slot: &Slot) -> bool {
    let Slot::One(pieces) = slot else { return false };
    // Three letters of a script that is written in single bytes, or one and a half of one that takes three.
    pieces.iter().all(|piece| piece.letters.len() >= 3)
}

/// How often a word or a few are met in ordinary text, roughly: every letter more makes them some four times rarer, and
/// words that everybody uses count a thousandfold. Only the order matters.
fn cost(piece: &Piece) -> u64 {
    let common = if piece.words().all(is_everywhere) { 1_000 } else { 1 };
    common << (2 * 12_usize.saturating_sub(piece.letters.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_part_that_must_be_there_is_the_anchor() {
        let cases = [
            ("(ignore|forget) [all] of the previous instructions", "instructions"),
            ("[disregard] what you said earlier", "earlier"),
            ("you act as (dan|jailbreaker)", "asdan|jailbreaker"),
            ("[be] dan", "dan"),
            ("(what|where) is the ... from", "whatis|whereis"),
            ("(do you|can you|will you) remember", "remember"),
            ("(override|bypass) the rules", "override|bypass"),
        ];
        for (phrase, expected) in cases {
            let phrase = Phrase::parse(phrase).expect("is a phrase");
            let anchors = anchors(&phrase);
            let pieces: Vec<&str> = anchors.iter().map(|anchor| anchor.piece.letters.as_ref()).collect();
            assert_eq!(pieces.join("|"), expected);
        }
    }
}
