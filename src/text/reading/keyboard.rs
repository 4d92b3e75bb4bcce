//! The keys beside those that were meant: `ohmptr s;; [trbopid`.

use super::super::decode::{Found, Source};
use crate::text::lexicon::Keys;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Reads the text as typed one key to the right, and as typed one key to the left, where words that matter come out.
pub fn find(source: &Source<'_>, found: &mut Found) {
    for keys in [Keys::Right, Keys::Left] {
        let meant = |c: char| u8::try_from(c).map_or(c, |byte| char::from(keys.meant(byte)));
        let mut out = Rewriter::with_capacity(source.text.len());
        source.text.char_indices().for_each(|(at, c)| out.push(meant(c), at));
        if source.lexicon.says_more(out.text(), source.text) {
            found.keep_rewritten(0..source.text.len(), out, Step::Keyboard);
        }
    }
}
