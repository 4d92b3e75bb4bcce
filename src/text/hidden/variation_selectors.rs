//! Variation selectors, which carry a byte each: U+E0100 and what follows as ASCII, or all 256 of them as bytes.

use super::super::decode::{Decoder, Found, Source};
use super::{LEAST, readable};
use crate::text::seen::Seen;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::INVISIBLE, find };

/// Reads the selectors that select no variant, all together, in both codings.
///
/// One behind an emoji or a symbol chooses how it looks, and one of the supplement behind a Han character chooses its
/// shape; these are in use, and are left out.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let (mut direct, mut bytes) = (Some(Vec::new()), Vec::new());
    let (mut first, mut end) = (None, 0);
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if let Some(value) = byte(c) {
            let alone = byte(before).is_none() && chars.peek().is_none_or(|(_, next)| byte(*next).is_none());
            let chooses = alone && (matches!(c, '\u{FE00}'..='\u{FE0F}') || is_han(before));
            if !chooses {
                bytes.push(value);
                match u32::from(c).checked_sub(0xE0100).and_then(|code| u8::try_from(code).ok()) {
                    Some(ascii) => direct.iter_mut().for_each(|direct| direct.push(ascii)),
                    None => direct = None,
                }
                first.get_or_insert(at);
                end = at + c.len_utf8();
            }
        }
        before = c;
    }
    let Some(first) = first.filter(|_| bytes.len() >= LEAST) else { return };
    let mut readings: Vec<String> = [direct.and_then(readable), readable(bytes)].into_iter().flatten().collect();
    // What has more letters and blanks is likelier to be meant, and is told first; the other is read as well.
    readings
        .sort_by_key(|text| text.chars().filter(|c| !c.is_alphabetic() && *c != ' ').count() * 100 / text.len().max(1));
    for reading in readings {
        found.keep(first..end, reading, Step::VariationSelectors);
    }
}

const fn byte(c: char) -> Option<u8> {
    match c {
        '\u{FE00}'..='\u{FE0F}' => Some((c as u32 - 0xFE00) as u8),
        '\u{E0100}'..='\u{E01EF}' => Some((c as u32 - 0xE0100 + 16) as u8),
        _ => None,
    }
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
