//! The keys beside those that were meant: `ohmptr s;; [trbopid`.

use super::super::decode::{Found, Source};
use crate::text::lexicon::Keys;
use crate::verdict::Step;

/// Reads the text as typed one key to the right, and as typed one key to the left, where words that matter come out.
pub fn find(source: &Source<'_>, found: &mut Found) {
    for keys in [Keys::Right, Keys::Left] {
        let meant = |c: char| u8::try_from(c).map_or(c, |byte| char::from(keys.meant(byte)));
        let text: String = source.text.chars().map(meant).collect();
        if source.lexicon.says_more(&text, source.text) {
            found.keep(0..source.text.len(), text, Step::Keyboard);
        }
    }
}
