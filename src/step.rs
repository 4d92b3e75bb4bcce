//! The steps that undo a disguise, by name.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares the steps: variant, name, and what it undoes.
macro_rules! steps {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// One step that undid a disguise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Step {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Step {
            /// All steps, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in JSON, in rule files and on the screen.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

steps! {
    /// Base64, standard or URL-safe, padded or not, wrapped or not, forwards or backwards.
    Base64 = "base64",
    /// Base32 (RFC 4648).
    Base32 = "base32",
    /// Base36: one large number.
    Base36 = "base36",
    /// Base45 (RFC 9285).
    Base45 = "base45",
    /// Base58, as Bitcoin writes it.
    Base58 = "base58",
    /// Base62: one large number.
    Base62 = "base62",
    /// Ascii85.
    Ascii85 = "ascii85",
    /// Base85 (RFC 1924, git).
    Base85 = "base85",
    /// Z85, as ZeroMQ writes it.
    Z85 = "z85",
    /// basE91.
    Base91 = "base91",
    /// uuencode.
    Uuencode = "uuencode",
    /// yEnc.
    Yenc = "yenc",
    /// Hexadecimal digits.
    Hex = "hex",
    /// Binary digits, or any two symbols in their place.
    Binary = "binary",
    /// Octal numbers.
    Octal = "octal",
    /// Decimal numbers of characters.
    Decimal = "decimal",
    /// Quoted-printable.
    QuotedPrintable = "quoted-printable",
    /// Percent signs as in addresses.
    Percent = "percent",
    /// Entities of HTML.
    HtmlEntities = "html-entities",
    /// Escapes of programming languages and style sheets: `\u0049`, `\x49`, `\111`, `\49`, `U+0049`.
    Escapes = "escapes",
    /// UTF-7.
    Utf7 = "utf-7",
    /// Encoded words of mail headers.
    MimeWords = "mime-words",
    /// gzip, zlib or raw deflate within another encoding.
    Inflated = "inflated",
    /// UTF-16 within another encoding.
    Utf16 = "utf-16",
    /// One byte, xored onto every byte of another encoding.
    Xor = "xor",
    /// Morse.
    Morse = "morse",
    /// A spelling alphabet: Alfa Bravo Charlie.
    Spelling = "spelling",
    /// Polybius square: rows and columns of letters.
    Polybius = "polybius",
    /// Bacon's cipher: five of two letters for one.
    Bacon = "bacon",
    /// The letters in reverse order.
    Reversed = "reversed",
    /// The letters of each word in reverse order.
    WordsReversed = "words-reversed",
    /// The words in reverse order.
    WordOrder = "word-order",
    /// The alphabet rotated.
    Rotated = "rotated",
    /// The alphabet mirrored.
    Atbash = "atbash",
    /// Printable ASCII rotated by 47.
    Rot47 = "rot47",
    /// The neighbouring keys of a keyboard.
    Keyboard = "keyboard",
    /// Pig Latin.
    PigLatin = "pig-latin",
    /// Rövarspråket: `o` between each consonant and itself.
    Rovarspraket = "rovarspraket",
    /// Ubbi dubbi: `ub` before each vowel.
    UbbiDubbi = "ubbi-dubbi",
    /// Digits and symbols in place of letters.
    Leet = "leet",
    /// Letters turned upside down.
    UpsideDown = "upside-down",
    /// Letters set apart.
    Spaced = "spaced",
    /// Letters repeated.
    Repeated = "repeated",
    /// Every second character is one too many.
    EverySecond = "every-second",
    /// Tags or comments within the text.
    Stripped = "stripped",
    /// Quoted pieces joined.
    Joined = "joined",
    /// Characters deleted by the backspaces behind them.
    Edited = "edited",
    /// Single letters in brackets.
    Bracketed = "bracketed",
    /// Letters of words scrambled or swapped.
    Unscrambled = "unscrambled",
    /// Vowels left out.
    Vowels = "vowels",
    /// Names in place of what was assigned to them.
    Substituted = "substituted",
    /// First letters of lines or words.
    Initials = "initials",
    /// A word too many between each two words.
    NoiseWords = "noise-words",
    /// Tag characters, which no screen shows.
    TagCharacters = "tag-characters",
    /// Variation selectors, which no screen shows.
    VariationSelectors = "variation-selectors",
    /// Bits written in invisible characters.
    InvisibleBits = "invisible-bits",
    /// Bits written in blanks and tabs.
    BlankBits = "blank-bits",
    /// The order in which a screen shows what bidirectional controls rearrange.
    Bidi = "bidi",
    /// The end of earlier messages, before the beginning of this one.
    Split = "split",
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let step = Self::ALL.iter().find(|step| step.name() == name);
        step.copied().ok_or_else(|| serde::de::Error::custom(format!("there is no step `{name}`")))
    }
}
