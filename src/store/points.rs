//! A sender's points.

use super::decay::decayed;

/// Points that a sender has gathered, in 256ths, from 0 to [`Points::CAP`].
///
/// INVARIANT: never more than 31 points, so that two half-lives without findings lead anybody below the threshold of 8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Points(u16);

impl Points {
    /// The most whole points that a sender, or one event, can have.
    pub const CAP: u8 = 31;

    /// Whole points; more than [`Points::CAP`] count as that many.
    #[must_use]
    pub fn new(points: u8) -> Self {
        Self(u16::from(points.min(Self::CAP)) * 256)
    }

    /// Points in 256ths, as a store has written them; more than [`Points::CAP`] points count as that many.
    #[must_use]
    pub fn from_256ths(value: u16) -> Self {
        Self(value).min(Self::new(Self::CAP))
    }

    /// The points in 256ths.
    #[must_use]
    pub const fn as_256ths(self) -> u16 {
        self.0
    }

    /// The whole points, rounded down: 0 to 31.
    #[must_use]
    pub const fn whole(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// What is left at the time `to` of points as of the time `from`, both in milliseconds since 1970, rounded down to a
    /// 256th. Time that goes back fades nothing.
    #[must_use]
    pub fn faded(self, from: u64, to: u64, half_life_ms: u64) -> Self {
        Self(decayed(self.0, from, to, half_life_ms))
    }

    /// Both together, capped.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::from_256ths(self.0.saturating_add(other.0))
    }

    /// These without the other, at least nothing.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}
