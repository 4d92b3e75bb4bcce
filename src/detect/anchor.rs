//! Which slot of a phrase stands in the index.

use super::phrase::Slot;

/// Words that everybody uses, wherever the talk goes. One that is missing here costs time and nothing else.
const EVERYWHERE: &str = "able about account act add after all also always and answer any are ask been before but call can \
    change check could count did does dont end ever every file find for free from game get give got had \
    has have her here hey his home how ill its just keep know let like line list live look love made \
    make may name need never new not now off old one only open other our out over own part pay people \
    phone play please put read real run said say see send set should show something start take tell that \
    the them then there they thing things think this today top two use very want was well were what when \
    where which who will with work would you your";

/// Whether a slot can stand in the index: it must be there, and is long enough in each of its forms.
pub(super) fn is_anchor(slot: &Slot) -> bool {
    let Slot::One(pieces) = slot else { return false };
    // Three letters of a script that is written in single bytes, or one and a half of one that takes three.
    pieces.iter().all(|piece| piece.letters.len() >= 3)
}

/// How often a slot is met in ordinary text, roughly: every letter more makes a word some four times rarer, and words that
/// everybody uses count a thousandfold. Only the order matters.
pub(super) fn commonness(slot: &Slot) -> u64 {
    let Slot::One(pieces) = slot else { return u64::MAX };
    let everywhere: Vec<&str> = EVERYWHERE.split(' ').collect();
    pieces
        .iter()
        .map(|piece| {
            let common = if piece.words().all(|word| everywhere.contains(&word)) { 1_000 } else { 1 };
            common << (2 * 12_usize.saturating_sub(piece.letters.len()))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::phrase::Phrase;

    /// The slot of a phrase that its index entry is made from.
    fn anchor(phrase: &str) -> String {
        let slots = Phrase::parse(phrase).expect("is a phrase").slots;
        let rarest =
            slots.iter().filter(|slot| is_anchor(slot)).min_by_key(|slot| commonness(slot)).expect("has an anchor");
        let Slot::One(pieces) = rarest else { unreachable!("only such a slot is an anchor") };
        pieces.iter().map(|piece| piece.letters.as_ref()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn the_rarest_slot_that_must_be_there_is_the_anchor() {
        let cases = [
            ("(ignore|forget) [all] of the previous instructions", "instructions"),
            ("[disregard] what you said earlier", "earlier"),
            ("you are (now|not) a dan", "dan"),
            ("(do you|can you|will you) remember", "remember"),
            ("(override|bypass) the rules", "override|bypass"),
        ];
        for (phrase, expected) in cases {
            assert_eq!(anchor(phrase), expected, "{phrase}");
        }
    }
}
