//! Side channels: characters that no screen shows, or that a screen shows elsewhere, read as what they carry.
//!
//! Each has the shape of a decoder (see [`super::decode`]). What they give is searched like any text; that it is there at
//! all is worth a finding of its own, which a rule asks for by the name of the step. Flags, emoji, joiners of Persian and
//! Hindi and variants of Han characters are no side channel.

mod bidi;
mod blank_bits;
mod invisible_bits;
mod tags;
mod variation_selectors;

use super::decode::Decoder;
use super::fold::{Folded, fold};

/// All side channels, in the order in which they are asked. They look at the text as it is, before any folding.
#[must_use]
pub const fn all() -> &'static [Decoder] {
    &[tags::DECODER, variation_selectors::DECODER, invisible_bits::DECODER, blank_bits::DECODER, bidi::DECODER]
}

/// Characters below which a side channel says nothing.
const LEAST: usize = 4;

/// Bits as text in frames of eight or seven bits, the first bit the highest; none if that is no text.
fn of_bits(bits: &[bool]) -> Option<String> {
    [8, 7].into_iter().find_map(|frame| {
        let bytes: Vec<u8> =
            bits.chunks_exact(frame).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect();
        readable(bytes)
    })
}

/// Bytes as text, if they are text from end to end.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let good = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\r'));
    // Under what nobody sees may lie more of it.
    let says = |c: &char| c.is_alphanumeric() || !c.is_ascii() && matches!(fold(*c), Folded::Drop);
    (good && text.chars().filter(says).count() >= LEAST).then_some(text)
}

#[cfg(test)]
mod tests;
