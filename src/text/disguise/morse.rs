//! Morse: a space between letters, a slash between words.

use super::texts::{has_only_ascii_letters, listed};
use super::traits::ALL_BUT_LETTERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const MORSE: Disguise = Disguise {
    id: "F00",
    name: "morse",
    applies: has_only_ascii_letters,
    apply: |text| listed(text.split_whitespace(), " / ", word),
    needs: Traits::SYMBOLS.with(Traits::BLANKS).with(Traits::RUNS).with(Traits::ORDER),
    loses: ALL_BUT_LETTERS,
    undone_by: UndoneBy::Step(Step::Morse),
};

const SIGNS: &str = "a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- \
                     u..- v...- w.-- x-..- y-.-- z--.. 0----- 1.---- 2..--- 3...-- 4....- 5..... 6-.... 7--... 8---.. \
                     9----.";

fn word(word: &str) -> String {
    let sign = |c: char| SIGNS.split(' ').find_map(|sign| sign.strip_prefix(c.to_ascii_lowercase()));
    word.chars().filter(char::is_ascii_alphanumeric).filter_map(sign).collect::<Vec<_>>().join(" ")
}
