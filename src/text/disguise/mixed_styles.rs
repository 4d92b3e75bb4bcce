//! Every letter in another style: `𝐈ⓖ𝔫ｏ𝕣𝚎`.

use super::dice::Dice;
use super::enclosed::circled;
use super::fullwidth::widen;
use super::maths::{double_struck, embolden, fraktur, monospace, script};
use super::texts::has_ascii_letters;
use super::{Disguise, Traits, UndoneBy};

pub(super) const MIXED_STYLES: Disguise = Disguise {
    id: "X12",
    name: "mixed-styles",
    applies: has_ascii_letters,
    apply: mix,
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};

const STYLES: [fn(char) -> char; 7] = [embolden, script, fraktur, double_struck, monospace, circled, widen];

fn mix(text: &str) -> String {
    let mut dice = Dice::for_text(text);
    let mut style = |c: char| STYLES.get(dice.below(STYLES.len())).map_or(c, |style| style(c));
    text.chars().map(|c| if c.is_ascii_alphabetic() { style(c) } else { c }).collect()
}
