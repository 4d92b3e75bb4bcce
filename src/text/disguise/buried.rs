//! Idle talk before a text, or on both sides of it: more than a model reads that judges messages.

use super::{Disguise, Traits, UndoneBy};

pub(super) const PREFIXED: Disguise = Disguise {
    id: "K06",
    name: "long-prefix",
    applies: |text| !text.trim().is_empty(),
    apply: |text| format!("{}{text}", idle_talk()),
    needs: Traits::NONE,
    loses: Traits::LINES,
    undone_by: UndoneBy::Nothing,
};
pub(super) const SANDWICHED: Disguise = Disguise {
    id: "K07",
    name: "long-sandwich",
    apply: |text| format!("{}{text}. {}", idle_talk(), idle_talk()),
    ..PREFIXED
};

/// Some 20 kB.
fn idle_talk() -> String {
    "The weather is nice today. ".repeat(750)
}
