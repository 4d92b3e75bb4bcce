//! Text that a screen shows in another order than it is written in, by means of overrides.

use unicode_bidi::BidiInfo;

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::INVISIBLE, find };

/// Gives every paragraph that holds an override in the order in which it is seen. Right-to-left text needs none, and marks,
/// embeddings and isolates alone are ordinary in it.
fn find(source: &Source<'_>, found: &mut Found) {
    let is_override = |c: char| matches!(c, '\u{202D}' | '\u{202E}');
    if !source.text.contains(is_override) {
        return;
    }
    let info = BidiInfo::new(source.text, None);
    for paragraph in &info.paragraphs {
        let range = paragraph.range.clone();
        let Some(text) = source.text.get(range.clone()).filter(|text| text.contains(is_override)) else { continue };
        let seen: String = info.reorder_line(paragraph, range.clone()).chars().filter(|c| !is_control(*c)).collect();
        // An override over nothing that could be read in another order hides nothing.
        if seen.chars().ne(text.chars().filter(|c| !is_control(*c))) {
            found.keep(range, seen, Step::Bidi);
        }
    }
}

const fn is_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
