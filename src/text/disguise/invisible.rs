//! A character that nobody sees between the letters of a word.

use super::texts::between_letters;
use super::{Disguise, Traits, UndoneBy};

pub(super) const ZERO_WIDTH: Disguise = Disguise {
    id: "B00",
    name: "zero-width",
    applies: |text| between_letters(text, ' ') != text,
    apply: |text| between_letters(text, '\u{200B}'),
    needs: Traits::WIDE,
    // They are taken out before anything is decoded.
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};
pub(super) const ZWNJ: Disguise = Disguise {
    id: "B01",
    name: "zero-width-non-joiner",
    apply: |text| between_letters(text, '\u{200C}'),
    ..ZERO_WIDTH
};
pub(super) const ZWJ: Disguise =
    Disguise { id: "B02", name: "zero-width-joiner", apply: |text| between_letters(text, '\u{200D}'), ..ZERO_WIDTH };
pub(super) const WORD_JOINER: Disguise =
    Disguise { id: "B03", name: "word-joiner", apply: |text| between_letters(text, '\u{2060}'), ..ZERO_WIDTH };
pub(super) const BYTE_ORDER_MARK: Disguise =
    Disguise { id: "B04", name: "byte-order-mark", apply: |text| between_letters(text, '\u{FEFF}'), ..ZERO_WIDTH };
pub(super) const SOFT_HYPHEN: Disguise =
    Disguise { id: "B05", name: "soft-hyphen", apply: |text| between_letters(text, '\u{AD}'), ..ZERO_WIDTH };
pub(super) const GRAPHEME_JOINER: Disguise =
    Disguise { id: "B06", name: "grapheme-joiner", apply: |text| between_letters(text, '\u{34F}'), ..ZERO_WIDTH };
pub(super) const VARIATION_SELECTOR: Disguise =
    Disguise { id: "B07", name: "variation-selector", apply: |text| between_letters(text, '\u{FE0F}'), ..ZERO_WIDTH };
pub(super) const HANGUL_FILLER: Disguise =
    Disguise { id: "B08", name: "hangul-filler", apply: |text| between_letters(text, '\u{3164}'), ..ZERO_WIDTH };
pub(super) const BRAILLE_BLANK: Disguise =
    Disguise { id: "B09", name: "braille-blank", apply: |text| between_letters(text, '\u{2800}'), ..ZERO_WIDTH };
pub(super) const TAG_SPACE: Disguise =
    Disguise { id: "B11", name: "tag-space", apply: |text| between_letters(text, '\u{E0020}'), ..ZERO_WIDTH };
pub(super) const NUL: Disguise =
    Disguise { id: "B12", name: "nul", apply: |text| between_letters(text, '\u{0}'), ..ZERO_WIDTH };
