//! Entities of HTML: decimal, hexadecimal, and with zeros in front but no semicolon.

use super::texts::{is_long_enough, listed};
use super::traits::ESCAPES;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const DECIMAL: Disguise = Disguise {
    id: "G64",
    name: "entities-decimal",
    applies: is_long_enough,
    apply: decimal,
    needs: ESCAPES,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::HtmlEntities),
};
pub(super) const HEXADECIMAL: Disguise = Disguise {
    id: "G65",
    name: "entities-hexadecimal",
    apply: |text| listed(text.chars(), "", |c| format!("&#x{:x};", u32::from(c))),
    ..DECIMAL
};
pub(super) const PADDED: Disguise = Disguise {
    id: "G66",
    name: "entities-padded",
    apply: |text| listed(text.chars(), "", |c| format!("&#{:07}", u32::from(c))),
    ..DECIMAL
};

pub(super) fn decimal(text: &str) -> String {
    listed(text.chars(), "", |c| format!("&#{};", u32::from(c)))
}
