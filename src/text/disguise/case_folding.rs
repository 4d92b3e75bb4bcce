//! Letters that become Latin ones only when capitals are made small: the long s and the sign of Kelvin.

use super::texts::replaced;
use super::{Disguise, Traits, UndoneBy};

pub(super) const CASE_FOLDING: Disguise = Disguise {
    id: "B44",
    name: "long-s-and-kelvin",
    applies: |text| text.contains(['s', 'k']),
    apply: |text| replaced(text, &[('s', '\u{17F}'), ('k', '\u{212A}')]),
    needs: Traits::WIDE,
    // The sign of Kelvin is a capital.
    loses: Traits::CASE,
    undone_by: UndoneBy::Fold,
};
