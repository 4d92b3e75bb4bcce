//! Quoted-printable: `=49=67`, with soft line breaks.

use super::{Decoder, Found, Source};
use crate::text::escape::{self, Escape};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::EQUALS, find };

/// Undoes `=XX` in place where there are four or more. Costs a look at each byte.
pub fn find(source: &Source<'_>, found: &mut Found) {
    escape::undo(source.text, '=', 4, Step::QuotedPrintable, found, |rest| {
        let after = rest.get(1..)?;
        if after.starts_with('\n') {
            return Some(Escape::nothing(2));
        }
        if after.starts_with("\r\n") {
            return Some(Escape::nothing(3));
        }
        let digits = after.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        Some(Escape::byte(u8::from_str_radix(digits, 16).ok()?, 3))
    });
}
