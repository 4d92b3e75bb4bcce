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

const fn place(first: u8, second: u8) -> u8 {
    first.wrapping_mul(37).wrapping_add(second.wrapping_mul(151))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_denies_what_was_added() {
        let mut set = First::default();
        set.add(b"ignore".iter().copied());
        set.add(b"a".iter().copied());
        assert!(set.may_hold(b'i', b'g') && set.may_hold(b'a', b'x') && set.may_hold(b'a', 0));
        assert!(!set.may_hold(b'i', b'h') && !set.may_hold(b'z', b'g'));
        set.add_all();
        assert!(set.may_hold(b'z', b'z'));
    }
}
