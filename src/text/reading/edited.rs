//! Backspaces applied: `Igx<BS>nore`.

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::CONTROL, find };

/// A terminal shows what is left after backspace (U+0008) and delete (U+007F), and so may a model be shown.
fn find(source: &Source<'_>, found: &mut Found) {
    let is_edit = |c: char| matches!(c, '\u{8}' | '\u{7f}');
    if !source.text.contains(is_edit) {
        return;
    }
    let mut out = String::with_capacity(source.text.len());
    for c in source.text.chars() {
        if is_edit(c) {
            out.pop();
        } else {
            out.push(c);
        }
    }
    found.keep(0..source.text.len(), out, Step::Edited);
}
