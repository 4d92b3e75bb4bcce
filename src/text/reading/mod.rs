//! Readings: other ways to read a whole text, or a stretch of it, than letter by letter.
//!
//! A reading has the shape of a decoder (see [`super::decode`]): it gives the text as it may have been meant, and the
//! detector searches that as well. One a file, and a line in [`all`]. Each costs as many bytes of the budget as it gives,
//! so each is strict about when it is given: only where there are clear signs of the disguise that it undoes.

mod bracketed;
mod edited;
mod every_second;
mod initials;
mod joined;
mod keyboard;
mod leet;
mod neighbours;
mod repeated;
mod rot47;
mod spaced;
mod stripped;
mod syllables;
mod upside_down;
mod words;

use super::decode::{Decoder, Found, Source, binary, morse, spelling};
use super::signs::Signs;

/// All readings, in the order in which they are asked.
#[must_use]
pub const fn all() -> &'static [Decoder] {
    &[
        stripped::DECODER,
        edited::DECODER,
        joined::DECODER,
        bracketed::DECODER,
        initials::DECODER,
        rot47::DECODER,
        leet::DECODER,
    ]
}

/// Those that must see styled letters as they are, before these are taken for plain ones.
#[must_use]
pub const fn of_styled() -> &'static [Decoder] {
    &[upside_down::DECODER]
}

/// Reads a text in whose letters there are `signs` of alteration in the ways that these call for.
pub fn altered(source: &Source<'_>, signs: Signs, found: &mut Found) {
    if signs.any(Signs::SYLLABLES) {
        syllables::find(source, found);
    }
    if signs.any(Signs::KEYBOARD) {
        keyboard::find(source, found);
    }
    if signs.any(Signs::SWAPPED) {
        neighbours::swapped(source, found);
    }
    if signs.any(Signs::WORDS_REVERSED) {
        neighbours::reversed(source, found);
    }
    if signs.any(Signs::REPEATED) {
        repeated::find(source, found);
    }
    if signs.any(Signs::RARE_LETTERS) {
        every_second::find(source, found);
    }
    if signs.any(Signs::SET_APART) {
        spaced::find(source, found);
    }
    if signs.any(Signs::SPELLING) {
        spelling::find(source, found);
    }
    if signs.any(Signs::FEW_LETTERS) {
        morse::find(source, found);
    }
    if signs.any(Signs::TWO_LETTERS) || signs.any(Signs::FEW_LETTERS) {
        binary::find_symbols(source, found);
    }
    words::find(source, signs, found);
}
