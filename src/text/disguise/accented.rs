//! Vowels with an acute accent, composed and decomposed.

use super::texts::replaced;
use super::{Disguise, Traits, UndoneBy};

pub(super) const ACUTE: Disguise = Disguise {
    id: "B38",
    name: "acute-vowels",
    applies: |text| text.contains(is_bearer),
    apply: |text| replaced(text, PAIRS),
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};
pub(super) const ACUTE_DECOMPOSED: Disguise =
    Disguise { id: "B39", name: "acute-vowels-decomposed", apply: decompose, ..ACUTE };

const PAIRS: &[(char, char)] = &[
    ('a', 'á'),
    ('e', 'é'),
    ('i', 'í'),
    ('o', 'ó'),
    ('u', 'ú'),
    ('y', 'ý'),
    ('A', 'Á'),
    ('E', 'É'),
    ('I', 'Í'),
    ('O', 'Ó'),
    ('U', 'Ú'),
    ('Y', 'Ý'),
];

const fn is_bearer(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn decompose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        out.push(c);
        if is_bearer(c) {
            out.push('\u{301}');
        }
    }
    out
}
