//! What a pairing code looks like.

use std::fmt;

/// The letters and digits of codes: none that could be taken for another. 32, so each is worth five bits.
pub(super) const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a code: 40 bits.
pub(super) const LENGTH: usize = 8;
/// The longest message that may be a code, in bytes, with blanks and dashes.
const LONGEST: usize = 64;

/// A pairing code in its one spelling. Shown once, to the owner; never kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

impl Code {
    /// A code from random bytes, five bits of each.
    pub(super) fn of(entropy: [u8; LENGTH]) -> Self {
        Self(entropy.map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'A')))
    }

    /// The code that a message may be: nothing but its characters in any case, with blanks and dashes between them. Says
    /// nothing about whether there is such a code.
    #[must_use]
    pub fn in_message(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut code = [0; LENGTH];
        let mut places = code.iter_mut();
        for c in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
        {
            let letter = u8::try_from(c).ok()?.to_ascii_uppercase();
            *places.next()? = Some(letter).filter(|letter| ALPHABET.contains(letter))?;
        }
        places.next().is_none().then_some(Self(code))
    }

    pub(super) const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl fmt::Display for Code {
    /// In two halves, as it is easier to read out: `ABCD-2345`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, letter) in self.0.iter().enumerate() {
            if place == LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}
