//! A word that nobody can guess, to be put into a system prompt.

use std::fmt;

use super::{Keys, Purpose};

/// Groups of five letters, of sixteen bits each: 96 bits.
const GROUPS: usize = 6;

/// A canary: it stands in the owner's system prompt and nowhere else, so a reply that holds it holds the prompt.
///
/// Six groups of five small letters that can be spoken, so that a model copies them as they are: proquints
/// (Wilkerson, arXiv:0901.4016). A key has one canary, and a new key another. Shown by `Display` alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Canary(String);

impl Keys {
    /// The canary of this key. Two HMACs; keep the result.
    #[must_use]
    pub fn canary(&self) -> Canary {
        let code = self.derive(Purpose::Canary).mac(&[b"canary 1"]);
        let groups = code.chunks_exact(2).take(GROUPS).filter_map(|pair| pair.try_into().ok());
        let groups: Vec<String> = groups.map(|pair| proquint(u16::from_be_bytes(pair))).collect();
        Canary(groups.join("-"))
    }
}

impl Canary {
    /// The canary, as it is put into the prompt.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sixteen bits as a consonant, a vowel, a consonant, a vowel and a consonant.
fn proquint(bits: u16) -> String {
    const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
    const VOWELS: &[u8; 4] = b"aiou";
    let letter = |letters: &[u8], shift: u16| {
        let place = usize::from(bits >> shift) & (letters.len() - 1);
        letters.get(place).copied().map_or('a', char::from)
    };
    [letter(CONSONANTS, 12), letter(VOWELS, 10), letter(CONSONANTS, 6), letter(VOWELS, 4), letter(CONSONANTS, 0)]
        .iter()
        .collect()
}

impl fmt::Display for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Canary(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the paper: 127.0.0.1 and 63.84.220.193.
    #[test]
    fn groups_are_proquints() {
        let cases = [(0x7f00, "lusab"), (0x0001, "babad"), (0x3f54, "gutih"), (0xdcc1, "tugad")];
        for (bits, group) in cases {
            assert_eq!(proquint(bits), group);
        }
    }

    #[test]
    fn a_key_has_one_canary_and_debug_does_not_tell_it() {
        let key = |first| Keys::new(std::array::from_fn(|index| first + index as u8)).unwrap().canary();
        let canary = key(0);
        assert_eq!(canary, key(0));
        assert_ne!(canary, key(1));
        assert_eq!(canary.to_string().split('-').map(str::len).collect::<Vec<_>>(), [5; GROUPS]);
        assert_eq!(format!("{canary:?}"), "Canary(..)");
    }
}
