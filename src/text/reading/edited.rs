//! Backspaces applied: `Igx<BS>nore`.

use super::super::decode::{Decoder, Found, Source};
use crate::text::plain::takes_back;
use crate::text::seen::Seen;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::CONTROL, find };

/// A terminal shows what is left after backspace (U+0008) and delete (U+007F), and so may a model be shown.
fn find(source: &Source<'_>, found: &mut Found) {
    if !source.text.contains(takes_back) {
        return;
    }
    let mut out = String::with_capacity(source.text.len());
    for c in source.text.chars() {
        if takes_back(c) {
            out.pop();
        } else {
            out.push(c);
        }
    }
    found.keep(0..source.text.len(), out, Step::Edited);
}
