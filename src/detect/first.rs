//! The first two bytes of many alternatives, as a set that may say yes too often and never no too often.

/// A set of pairs of bytes, hashed to 256 bits.
#[derive(Clone, Debug, Default)]
pub(super) struct First([u64; 4]);

impl First {
    /// Adds an alternative by its bytes, of which there is at least one.
    pub(super) fn add(&mut self, mut bytes: impl Iterator<Item = u8>) {
        match (bytes.next(), bytes.next()) {
            (Some(first), Some(second)) => self.insert(first, second),
            // What comes after a single letter can be anything.
            (Some(first), None) => (0..=u8::MAX).for_each(|second| self.insert(first, second)),
            (None, _) => self.add_all(),
        }
    }

    /// From now on the set holds everything.
    pub(super) fn add_all(&mut self) {
        self.0 = [u64::MAX; 4];
    }

    /// Adds all of another set.
    pub(super) fn add_set(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }

    /// Whether an alternative may begin with these two bytes.
    pub(super) fn may_hold(&self, first: u8, second: u8) -> bool {
        let at = place(first, second);
        self.0.get(usize::from(at / 64)).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn insert(&mut self, first: u8, second: u8) {
        let at = place(first, second);
        if let Some(word) = self.0.get_mut(usize::from(at / 64)) {
            *word |= 1 << (at % 64);
        }
    }
}

/// Five bits of the first byte and three of the second, so that a single letter fills an eighth of its part only.
const fn place(first: u8, second: u8) -> u8 {
    first << 3 | second.wrapping_mul(0x9d) >> 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_denies_what_was_added_and_denies_most_else() {
        let words = ["ignore", "disregard", "forget", "a", "skip"];
        let mut set = First::default();
        for word in words {
            set.add(word.bytes());
        }
        for word in words {
            let mut bytes = word.bytes().chain([b'x']);
            assert!(set.may_hold(bytes.next().unwrap(), bytes.next().unwrap()), "{word}");
        }
        let letters = || b'a'..=b'z';
        let held = letters().flat_map(|a| letters().map(move |b| (a, b))).filter(|(a, b)| set.may_hold(*a, *b)).count();
        assert!(held < 60, "{held} of 676 pairs");
        set.add_all();
        assert!(set.may_hold(b'z', b'z'));
    }
}
