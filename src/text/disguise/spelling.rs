//! The spelling alphabet of radio: `India Golf November Oscar Romeo Echo`.

use super::texts::{has_only_ascii_letters, listed, place_of};
use super::traits::ALL_BUT_LETTERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const SPELLING: Disguise = Disguise {
    id: "F02",
    name: "spelling-alphabet",
    applies: has_only_ascii_letters,
    apply: |text| listed(text.chars().filter_map(place_of), " ", |place| word(place).to_owned()),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: ALL_BUT_LETTERS,
    undone_by: UndoneBy::Step(Step::Spelling),
};

const WORDS: &str = "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa \
                     Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu";

fn word(place: u32) -> &'static str {
    let place = usize::try_from(place).unwrap_or_default();
    WORDS.split_whitespace().nth(place).unwrap_or_default()
}
