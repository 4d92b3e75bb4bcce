//! Decoders: each finds the places of a text that are an encoding of another text, and decodes them.
//!
//! One decoder a file, and a line in [`all`]. A decoder is two things:
//!
//! * `calls`, the classes of characters of which one must have been seen by the folding pass, so that most texts cost it
//!   a look at one word of bits;
//! * `find(&Source, &mut Found)`, which adds what it decodes as long as the budget of bytes allows it.
//!
//! A decoder is generous in what it reads (missing padding, stray letters before and after, line breaks) and strict in
//! what it returns: only text. Bytes that are no text give nothing, which is why hashes, keys, signatures and images are
//! left in peace. A benign text that happens to be encoded is returned like any other, and found to be harmless.
//!
//! INVARIANT: work is linear in the input. Each byte is looked at a bounded number of times whatever the text is.

pub mod base32;
pub mod base45;
pub mod base64;
pub mod base91;
pub mod big_number;
pub mod binary;
mod bits;
mod bytes;
mod escapes;
pub mod four_in_five;
pub mod hex;
mod html_entities;
pub mod mime_words;
pub mod morse;
pub mod numbers;
mod percent;
mod pieces;
pub mod polybius;
pub mod quoted_printable;
mod readable;
pub mod spelling;
pub mod utf7;
pub mod uuencode;

use std::ops::Range;

use super::lexicon::Lexicon;
use super::seen::Seen;
use super::trace::{Rewriter, Trace};
use crate::verdict::Step;

/// A text to be read, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The text.
    pub text: &'a str,
    /// What the folding pass saw in it.
    pub seen: Seen,
    /// The words that matter.
    pub lexicon: &'a Lexicon,
}

/// A way to read a text.
#[derive(Clone, Copy, Debug)]
pub struct Decoder {
    /// It is asked only where one of these was seen.
    pub calls: Seen,
    /// Finds and decodes.
    pub find: fn(&Source<'_>, &mut Found),
}

/// A place in a text, and what it decodes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Half-open range of bytes in the text that was searched. Never cuts a character.
    pub span: Range<usize>,
    /// What stands there, decoded. Bytes that are not UTF-8 have become U+FFFD.
    pub text: String,
    /// How it was decoded.
    pub step: Step,
    /// The way back within `span`, for a reading that keeps the order of its source; places are those of the text that
    /// was searched.
    pub trace: Trace,
}

/// What decoders found in one text, and what they may still give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In the order in which they were found, which is that of the text except for what is wrapped unevenly, which comes
    /// last. They may overlap where one stretch can be read in two ways.
    pub decoded: Vec<Decoded>,
    /// There was more, but the budget did not allow it. Something has gone unread: say so.
    pub spent: bool,
    /// Bytes that may still be given.
    pub left: usize,
}

impl Found {
    /// Nothing yet; `left` bytes may be given.
    #[must_use]
    pub const fn within(left: usize) -> Self {
        Self { decoded: Vec::new(), spent: false, left }
    }

    /// Keeps what `span` decodes to if the budget allows it; after the first that it does not allow, nothing more.
    pub fn keep(&mut self, span: Range<usize>, text: String, step: Step) {
        self.push(Decoded { span, text, step, trace: Trace::default() });
    }

    /// Keeps a reading of `span`, with the way back.
    pub fn keep_rewritten(&mut self, span: Range<usize>, rewriter: Rewriter, step: Step) {
        let (text, trace) = rewriter.finish(span.end);
        self.push(Decoded { span, text, step, trace });
    }

    fn push(&mut self, decoded: Decoded) {
        match self.left.checked_sub(decoded.text.len()) {
            Some(rest) if !self.spent => {
                self.left = rest;
                self.decoded.push(decoded);
            }
            _ => self.spent = true,
        }
    }
}

/// All decoders that are asked by the classes of characters, in the order in which they are asked. Morse, spelling alphabets
/// and texts of two symbols are told by their letters (see [`super::signs`]).
#[must_use]
pub const fn all() -> &'static [Decoder] {
    &[
        base64::DECODER,
        hex::DECODER,
        base32::DECODER,
        big_number::DECODER,
        base45::DECODER,
        four_in_five::DECODER,
        base91::DECODER,
        uuencode::DECODER,
        binary::DECODER,
        numbers::DECODER,
        polybius::DECODER,
        utf7::DECODER,
        quoted_printable::DECODER,
        mime_words::DECODER,
        percent::DECODER,
        html_entities::DECODER,
        escapes::DECODER,
    ]
}

/// Lets every one of `decoders` search a text. Costs a look at its classes, and more only where these call for it.
pub fn each(decoders: &[Decoder], source: &Source<'_>, found: &mut Found) {
    for decoder in decoders {
        if source.seen.any(decoder.calls) {
            (decoder.find)(source, found);
        }
    }
}

#[cfg(test)]
mod tests;
