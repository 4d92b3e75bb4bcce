//! Disguises: ways to hide a text that the detector sees through.
//!
//! A disguise is a promise: whatever a rule finds in `text` it also finds in `apply(text)`, provided that
//! `applies(text)`. Tests, fuzz targets and reports go through [`all`] and hold the detector to it; the detector itself
//! never uses this module. To add a disguise, add a file and a line to [`all`].
//!
//! A disguise has no dice: the same text gives the same outcome, so that a report can be repeated.

mod accented;
mod alternating;
mod bacon;
mod base32;
mod base45;
mod base64;
mod base64_nested;
mod base85;
mod base91;
mod bidi;
mod big_number;
mod bits;
mod bracketed;
mod buried;
mod case_folding;
mod combining;
mod concatenated;
mod deflated;
mod dice;
mod edited;
mod enclosed;
mod entities;
mod escapes;
mod every_second;
mod fullwidth;
mod hex;
mod hidden;
mod homoglyph;
mod initials;
mod interrupted;
mod invisible;
mod joined_words;
mod keyboard;
mod kind;
mod laid_out;
mod leet;
mod leet_glyphs;
mod ligatures;
mod mail;
mod maths;
mod mixed_styles;
mod morse;
mod noise_words;
mod numbers;
mod percent;
mod pig_latin;
mod polybius;
mod raised;
mod repeated;
mod reversed;
mod rotated;
mod scrambled;
mod selectors;
mod separated;
mod spaced;
mod spelling;
mod substituted;
mod swapped;
mod syllables;
mod tags;
mod texts;
mod traits;
mod unregistered;
mod upside_down;
mod utf7;
mod uuencode;
mod vowels;
mod word_order;
mod xor;

pub use kind::{Disguise, UndoneBy};
pub use traits::Traits;

/// All disguises, in the order of their ids.
#[must_use]
pub const fn all() -> &'static [Disguise] {
    &[
        alternating::ALTERNATING,
        joined_words::DOUBLE_SPACES,
        joined_words::LINE_BREAKS,
        spaced::SPACED,
        spaced::SPACED_EVENLY,
        separated::DOTTED,
        interrupted::HYPHENATED,
        interrupted::SPLAT,
        joined_words::CAMEL_CASE,
        joined_words::KEBAB_CASE,
        repeated::REPEATED,
        swapped::TRANSPOSED,
        scrambled::SCRAMBLED,
        vowels::DISEMVOWELLED,
        interrupted::EMPHASIS,
        interrupted::TAGS,
        interrupted::COMMENTS,
        concatenated::CONCATENATED,
        spaced::ONE_A_LINE,
        joined_words::NO_BREAK_SPACES,
        joined_words::IDEOGRAPHIC_SPACES,
        separated::UNDERSCORED,
        noise_words::NOISE_WORDS,
        invisible::ZERO_WIDTH,
        invisible::ZWNJ,
        invisible::ZWJ,
        invisible::WORD_JOINER,
        invisible::BYTE_ORDER_MARK,
        invisible::SOFT_HYPHEN,
        invisible::GRAPHEME_JOINER,
        invisible::VARIATION_SELECTOR,
        invisible::HANGUL_FILLER,
        invisible::BRAILLE_BLANK,
        invisible::TAG_SPACE,
        invisible::NUL,
        homoglyph::CYRILLIC,
        homoglyph::GREEK,
        homoglyph::ONE_A_WORD,
        fullwidth::FULLWIDTH,
        maths::BOLD,
        maths::SCRIPT,
        maths::FRAKTUR,
        maths::DOUBLE_STRUCK,
        maths::MONOSPACE,
        enclosed::CIRCLED,
        enclosed::SQUARED,
        enclosed::NEGATIVE_SQUARED,
        enclosed::PARENTHESISED,
        enclosed::REGIONAL,
        raised::SUPERSCRIPT,
        accented::ACUTE,
        accented::ACUTE_DECOMPOSED,
        combining::ZALGO,
        combining::STRUCK_THROUGH,
        combining::KEYCAPS,
        upside_down::UPSIDE_DOWN,
        case_folding::CASE_FOLDING,
        tags::TAGS,
        selectors::CHARACTERS,
        selectors::BYTES,
        bits::INVISIBLE,
        bits::BLANK,
        bidi::OVERRIDDEN,
        bidi::SWAPPED,
        utf7::UTF7,
        ligatures::LIGATURES,
        leet::DIGITS,
        leet::SYMBOLS,
        leet_glyphs::LEET_GLYPHS,
        leet::SPACED,
        reversed::REVERSED,
        word_order::WORD_ORDER,
        reversed::REVERSED_PADDED,
        every_second::EVERY_SECOND,
        rotated::ROT13,
        rotated::ROT47,
        rotated::CAESAR_3,
        rotated::CAESAR_7,
        rotated::ATBASH,
        keyboard::RIGHT,
        xor::XOR,
        polybius::POLYBIUS,
        bacon::BACON,
        morse::MORSE,
        spelling::SPELLING,
        pig_latin::PIG_LATIN,
        syllables::ROVARSPRAKET,
        initials::ACROSTIC,
        base64::STANDARD,
        base64::URL_SAFE,
        base64::WRAPPED,
        base64::GROUPED,
        base64_nested::TWICE,
        base64_nested::THRICE,
        base64_nested::UTF16,
        base64::REVERSED,
        base64_nested::OF_ROT13,
        base64::ROTATED,
        base64::IN_PIECES,
        base64::DATA_ADDRESS,
        base64_nested::OF_LEET,
        base64_nested::OF_REVERSED,
        hex::CONTIGUOUS,
        hex::CAPITALS,
        hex::SPACED,
        hex::ESCAPED,
        hex::PREFIXED,
        hex::OF_BASE64,
        base64_nested::OF_HEX,
        hex::DASHED,
        numbers::BINARY,
        numbers::BINARY_RUN,
        numbers::OCTAL,
        numbers::DECIMAL,
        escapes::OCTAL,
        base32::BASE32,
        big_number::BASE36,
        base45::BASE45,
        big_number::BASE58,
        big_number::BASE62,
        base85::ASCII85,
        base85::BASE85,
        base85::Z85,
        base91::BASE91,
        uuencode::UUENCODE,
        mail::QUOTED_PRINTABLE,
        percent::ALL,
        percent::VOWELS,
        percent::TWICE,
        entities::DECIMAL,
        entities::HEXADECIMAL,
        entities::PADDED,
        escapes::UNITS,
        escapes::BRACED,
        escapes::CODE_POINTS,
        escapes::STYLE_SHEET,
        percent::UNITS,
        mail::WORD_BASE64,
        mail::WORD_QUOTED,
        deflated::GZIP,
        deflated::ZLIB,
        deflated::DEFLATE,
        base64_nested::OF_ENTITIES,
        numbers::FROM_CHAR_CODE,
        numbers::CHR,
        escapes::JSON_TWICE,
        hidden::COMMENT,
        hidden::REFERENCE,
        hidden::LINK_TITLE,
        hidden::HIDDEN_SPAN,
        hidden::CODE_FENCE,
        hidden::JSON_ROLE,
        hidden::IMAGE_TEXT,
        hidden::CDATA,
        hidden::BLOCK_QUOTE,
        laid_out::TABLE,
        laid_out::NUMBERED_LIST,
        buried::PREFIXED,
        buried::SANDWICHED,
        combining::COMBINING,
        word_order::WORDS_REVERSED,
        syllables::UBBI_DUBBI,
        keyboard::LEFT,
        edited::EDITED,
        bracketed::BRACKETED,
        bracketed::BRACKETED_IN_WORDS,
        swapped::SWAPPED,
        substituted::SUBSTITUTED,
        fullwidth::VAPORWAVE,
        mixed_styles::MIXED_STYLES,
        homoglyph::CYRILLIC_RARE,
        homoglyph::MANY_SCRIPTS,
        enclosed::NEGATIVE_CIRCLED,
        raised::SMALL_CAPITALS,
        repeated::DRAWN_OUT,
    ]
}

/// The ids of the catalogue that are not among [`all`], each with the reason.
#[must_use]
pub const fn not_registered() -> &'static [(&'static str, &'static str)] {
    unregistered::NOT_REGISTERED
}

#[cfg(test)]
mod tests;
