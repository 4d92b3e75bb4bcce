//! Two or three letters in one: `ﬁ`, `ﬃ`, `ﬆ`.

use super::{Disguise, Traits, UndoneBy};

pub(super) const LIGATURES: Disguise = Disguise {
    id: "B59",
    name: "ligatures",
    applies: |text| PAIRS.iter().any(|(from, _)| text.contains(from)),
    apply: |text| PAIRS.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)),
    // Backwards, a ligature is still the same.
    needs: Traits::WIDE.with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};

/// The longest first.
const PAIRS: &[(&str, &str)] = &[
    ("ffi", "\u{FB03}"),
    ("ffl", "\u{FB04}"),
    ("ff", "\u{FB00}"),
    ("fi", "\u{FB01}"),
    ("fl", "\u{FB02}"),
    ("st", "\u{FB06}"),
];
