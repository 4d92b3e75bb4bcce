//! Every second character left out: `Iagdnhocraeg daflbld`.

use super::super::decode::{Found, Source};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Gives the characters at even places and those at odd places, where words that matter come out.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut readings = [Rewriter::with_capacity(text.len() / 2 + 1), Rewriter::with_capacity(text.len() / 2 + 1)];
    for (place, (at, c)) in text.char_indices().enumerate() {
        if let Some(reading) = readings.get_mut(place % 2) {
            reading.push(c, at);
        }
    }
    for reading in readings.into_iter().filter(|reading| source.lexicon.says_more(reading.text(), text)) {
        found.keep_rewritten(0..text.len(), reading, Step::EverySecond);
    }
}
