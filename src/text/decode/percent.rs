//! Percent signs as in addresses: `%49`, also as `%u0049` and twice over.

use super::{Decoder, Found, Source};
use crate::text::escape::{self, Escape};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::PERCENT, find };

/// Undoes percent signs in place. Costs a look at each byte; what is twice encoded is undone when the outcome is read again.
pub fn find(source: &Source<'_>, found: &mut Found) {
    escape::undo(source.text, '%', 2, Step::Percent, found, |rest| {
        let hex = |digits: &str| u32::from_str_radix(digits, 16).ok();
        if let Some(unit) = rest.get(1..6).and_then(|digits| digits.strip_prefix(['u', 'U'])).and_then(hex) {
            return Some(Escape::unit(unit, 6));
        }
        Some(Escape::byte(u8::try_from(hex(rest.get(1..3)?)?).ok()?, 3))
    });
}
