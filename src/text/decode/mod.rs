//! Decoders: each finds the places of a text that are an encoding of another text, and decodes them.
//!
//! One decoder a file. Every decoder has two functions of the same shape:
//!
//! * `may_hold(&[u8]) -> bool`, a gate that runs on every message and costs a pass of byte comparisons that compilers
//!   turn into vector code. What it refuses, `find` does not look at either;
//! * `find(&str, &mut usize) -> Found`, which takes what it decodes out of a budget of bytes.
//!
//! A decoder is generous in what it reads (missing padding, stray letters before and after, line breaks) and strict in
//! what it returns: only text. Bytes that are no text give nothing, which is why hashes, keys, signatures and images are
//! left in peace. A benign text that happens to be encoded is returned like any other, and found to be harmless.
//!
//! INVARIANT: work is linear in the input. Each byte is looked at a bounded number of times whatever the text is.

pub mod base64;
pub mod hex;
mod readable;

use std::ops::Range;

use crate::verdict::Step;

/// A place in a text, and what it decodes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Half-open range of bytes in the text that was searched. Never cuts a character.
    pub span: Range<usize>,
    /// What stands there, decoded. Bytes that are not UTF-8 have become U+FFFD.
    pub text: String,
    /// How it was decoded.
    pub step: Step,
}

/// What a decoder found in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order in which they were found, which is that of the text except for what is wrapped unevenly, which comes
    /// last. They may overlap where one stretch can be read in two ways.
    pub decoded: Vec<Decoded>,
    /// There was more, but the budget did not allow it. Something has gone unread: say so.
    pub spent: bool,
}

impl Found {
    /// Keeps `decoded` if the budget allows it; after the first that it does not allow, nothing more.
    fn keep(&mut self, decoded: Decoded, budget: &mut usize) {
        match budget.checked_sub(decoded.text.len()) {
            Some(rest) if !self.spent => {
                *budget = rest;
                self.decoded.push(decoded);
            }
            _ => self.spent = true,
        }
    }
}

/// Lets every decoder search `text` and hands what they find to `take`, in the order of the decoders. The length of each
/// decoded text, in bytes, is taken out of `budget`.
///
/// True if everything was decoded; false if the budget did not allow it. Costs a pass of each gate, and more only where
/// a gate lets the text in.
#[must_use]
pub fn each(text: &str, budget: &mut usize, take: &mut dyn FnMut(Decoded)) -> bool {
    let mut complete = true;
    for find in [base64::find, hex::find] {
        let found = find(text, budget);
        found.decoded.into_iter().for_each(&mut *take);
        complete &= !found.spent;
    }
    complete
}

#[cfg(test)]
mod tests;
