//! Letters drawn with several signs each: `ig|\|o|2e /-\ll`.

use super::texts::plain_words;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const LEET_GLYPHS: Disguise = Disguise {
    id: "C02",
    name: "leet-glyphs",
    applies: |text| plain_words(text) && !text.contains(|c: char| c.is_ascii_digit() || "()-".contains(c)),
    apply: |text| text.to_ascii_lowercase().chars().map(draw).collect(),
    needs: Traits::DIGITS.with(Traits::SYMBOLS).with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::CASE.with(Traits::DIGITS).with(Traits::SYMBOLS),
    undone_by: UndoneBy::Step(Step::Leet),
};

const GLYPHS: &[(char, &str)] = &[
    ('a', "/-\\"),
    ('d', "|)"),
    ('h', "|-|"),
    ('k', "|<"),
    ('m', "|\\/|"),
    ('n', "|\\|"),
    ('v', "\\/"),
    ('w', "\\/\\/"),
    ('u', "|_|"),
    ('p', "|>"),
    ('r', "|2"),
];

fn draw(c: char) -> String {
    GLYPHS.iter().find(|(letter, _)| *letter == c).map_or_else(|| c.to_string(), |(_, glyph)| (*glyph).to_owned())
}
