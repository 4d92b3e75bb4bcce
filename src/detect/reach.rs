//! How far a phrase can reach from its anchor: a small set of positions on one side.

/// Bytes that one side of a match may span.
pub(super) const WINDOW: usize = 256;

/// A set of distances, 0 to 255 bytes, from the edge of the anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach([u64; WINDOW / 64]);

impl Reach {
    /// Only the edge itself.
    pub(super) const EDGE: Self = Self([1, 0, 0, 0]);

    /// Adds a distance. One that is too far is left out: the phrase does not reach that far.
    pub(super) fn insert(&mut self, distance: usize) {
        if let Some(word) = self.0.get_mut(distance / 64) {
            *word |= 1 << (distance % 64);
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        let [a, b, c, d] = self.0;
        a | b | c | d == 0
    }

    /// The distances, nearest first.
    pub(super) const fn iter(self) -> Distances {
        Distances { reach: self, word: 0 }
    }
}

/// See [`Reach::iter`].
pub(super) struct Distances {
    reach: Reach,
    /// The first word that is not empty, or one before.
    word: usize,
}

impl Iterator for Distances {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        loop {
            let bits = self.reach.0.get_mut(self.word)?;
            if *bits != 0 {
                let bit = bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                return Some(self.word * 64 + bit);
            }
            self.word += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_distances_in_order_and_leaves_out_what_is_too_far() {
        let mut reach = Reach::default();
        assert!(reach.is_empty());
        for distance in [200, 0, 63, 64, 255, 256, 5_000] {
            reach.insert(distance);
        }
        assert_eq!(reach.iter().collect::<Vec<_>>(), [0, 63, 64, 200, 255]);
        assert_eq!(Reach::EDGE.iter().collect::<Vec<_>>(), [0]);
    }
}
