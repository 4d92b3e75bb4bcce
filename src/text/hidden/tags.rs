//! Tag characters, U+E0020 to U+E007E: ASCII that no screen shows.

use super::super::decode::{Decoder, Found, Source};
use super::LEAST;
use crate::text::seen::Seen;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::INVISIBLE, find };

/// A black flag begins the flag of a region, whose name follows in tags.
const FLAG: char = '\u{1F3F4}';
const END: char = '\u{E007F}';
/// The flags of regions that are in use: England, Scotland, Wales.
const REGIONS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];

/// All tags of the text together, in their order, whatever stands between them. Flags of regions are none.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    if !text.contains(|c| ascii(c).is_some()) {
        return;
    }
    let mut out = String::new();
    let (mut first, mut end, mut skip) = (None, 0, 0);
    for (at, c) in text.char_indices() {
        if at < skip {
            continue;
        }
        if c == FLAG {
            skip = at + c.len_utf8() + flag_len(text.get(at + c.len_utf8()..).unwrap_or_default());
        } else if let Some(tag) = ascii(c) {
            out.push(tag);
            first.get_or_insert(at);
            end = at + c.len_utf8();
        }
    }
    if let Some(first) = first.filter(|_| out.chars().filter(|c| !c.is_whitespace()).count() >= LEAST) {
        found.keep(first..end, out, Step::TagCharacters);
    }
}

/// Bytes of the tags that make a flag of the black flag before them; 0 if they do not.
fn flag_len(rest: &str) -> usize {
    let Some(end) = rest.char_indices().take(8).find(|(_, c)| *c == END).map(|(at, _)| at) else { return 0 };
    let name: Option<String> = rest.get(..end).unwrap_or_default().chars().map(ascii).collect();
    let known = name.is_some_and(|name| REGIONS.contains(&name.as_str()) || name.len() == 4 && name.starts_with("us"));
    if known { end + END.len_utf8() } else { 0 }
}

fn ascii(c: char) -> Option<char> {
    matches!(c, '\u{E0020}'..='\u{E007E}').then(|| char::from_u32(u32::from(c) - 0xE0000)).flatten()
}
