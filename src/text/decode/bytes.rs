//! What the bytes say that an encoding held: text, UTF-16, something compressed, or text under one xored byte.

use std::ops::Range;

use flate2::{Decompress, FlushDecompress, Status};

use super::Found;
use super::readable::{Readable, is_text, readable, spoken, told, worded, words};
use crate::verdict::Step;

/// Inflated bytes of one encoding, at most.
const MOST_INFLATED: usize = 64 * 1024;
/// Inflated bytes for one compressed byte, at most. Text hardly reaches ten.
const MOST_RATIO: usize = 100;
/// Bytes that deflate without a header has at least; fewer are not worth a try.
const LEAST_DEFLATED: usize = 16;
/// Inflated bytes of which one can tell whether deflate without a header was meant.
const SAMPLE: usize = 256;
/// Inflated bytes of ASCII, or of whole characters, that come out of no noise.
const SURE: usize = 48;
/// Bytes of which a xored byte can be guessed.
const XORED: std::ops::RangeInclusive<usize> = 12..=512;

/// Reads bytes. Keeps what inflating needs, which is 43 KiB, from one encoding to the next.
#[derive(Default)]
pub(super) struct Reader {
    inflater: Option<Decompress>,
    /// Inflated bytes that were no text. They count against the budget while this reader lives.
    wasted: usize,
}

/// What some bytes say.
pub(super) struct Reading {
    /// How many bytes there are.
    bytes: usize,
    /// Ranges of the bytes with their text, in order.
    parts: Vec<(Range<usize>, String)>,
    /// Every byte is part of the text; no other reading is needed.
    complete: bool,
    /// What was done besides decoding.
    step: Option<Step>,
    /// What all of it says once a byte is xored onto each.
    xored: Option<String>,
    /// There was more, but the budget did not allow it.
    cut: bool,
}

impl Reading {
    fn of(bytes: &[u8], Readable { parts, complete }: Readable) -> Self {
        Self { bytes: bytes.len(), parts, complete, step: None, xored: None, cut: false }
    }

    fn whole(bytes: &[u8], text: String, step: Option<Step>, cut: bool) -> Self {
        let parts = if text.is_empty() { Vec::new() } else { vec![(0..bytes.len(), text)] };
        Self { step, cut, ..Self::of(bytes, Readable { parts, complete: true }) }
    }

    /// Gives what was read, decoded by `step`, to `found`. `span` says where a range of the bytes stands.
    pub(super) fn keep(self, found: &mut Found, step: Step, span: impl Fn(Range<usize>) -> Option<Range<usize>>) {
        for (range, text) in self.parts {
            if let Some(span) = span(range) {
                found.keep(span, text, self.step.unwrap_or(step));
            }
        }
        if let Some((span, text)) = span(0..self.bytes).zip(self.xored) {
            found.keep(span, text, Step::Xor);
        }
        found.spent |= self.cut;
    }

    /// Whether there is text from end to end, so that no other reading is needed.
    pub(super) fn is_complete(&self) -> bool {
        self.complete && !self.parts.is_empty() || self.xored.is_some()
    }

    /// Whether some of it looks like words.
    pub(super) fn is_worded(&self) -> bool {
        self.parts.iter().any(|(_, text)| words(text))
    }

    /// Whether some of it is no noise: it looks like words, or is ASCII of some length, as another encoding is.
    pub(super) fn is_likely(&self) -> bool {
        const NO_NOISE: usize = 24;
        self.is_worded() || self.parts.iter().any(|(_, text)| text.len() >= NO_NOISE && text.is_ascii())
    }

    /// Whether there is one text, from end to end, with one byte in ten of noise at most.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.parts.as_slice(), [(range, _)] if *range == (0..self.bytes)) || self.xored.is_some()
    }
}

/// Whether the first byte is known to be the first of what was encoded. Only then is it worth guessing what the bytes say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// It is.
    Known,
    /// It may be any.
    Guessed,
}

impl Reader {
    /// Reads `bytes` as text as [`readable`] does, and where they are none, as what else they may be. Of a text in UTF-16
    /// one step is named, that of the encoding around it.
    ///
    /// Costs ten looks at each byte, a sample inflated, and a hundred inflated bytes for each within the budget.
    pub(super) fn read(&mut self, bytes: &[u8], least: usize, start: Start, found: &Found) -> Reading {
        if let Some((text, cut)) = self.packed(bytes, found) {
            return Reading::whole(bytes, text, Some(Step::Inflated), cut);
        }
        let mut reading = Reading::of(bytes, readable(bytes, least));
        if reading.parts.is_empty()
            && let Some(text) = utf16(bytes, least, start)
        {
            return Reading::whole(bytes, text, None, false);
        }
        if start == Start::Known && !reading.is_worded() {
            // What is xored with a small byte is still text, though none that anybody could read.
            reading.xored = xored(bytes);
            if reading.parts.is_empty()
                && reading.xored.is_none()
                && let Some((text, cut)) = self.deflated(bytes, found)
            {
                return Reading::whole(bytes, text, Some(Step::Inflated), cut);
            }
        }
        reading
    }

    /// What a header of gzip or zlib stands before.
    fn packed(&mut self, bytes: &[u8], found: &Found) -> Option<(String, bool)> {
        let data = match bytes {
            [0x1F, 0x8B, 8, flags, _, _, _, _, _, _, rest @ ..] => behind_gzip_header(*flags, rest)?,
            [0x78, 0x01 | 0x5E | 0x9C | 0xDA, rest @ ..] => rest,
            _ => return None,
        };
        let (inflated, cut) = self.inflate(data, self.most(data, found));
        self.text_of(inflated, cut)
    }

    /// What deflate says without a header. Nearly all bytes are the beginning of some, so this is strict.
    fn deflated(&mut self, bytes: &[u8], found: &Found) -> Option<(String, bool)> {
        let kind = bytes.first()? >> 1 & 0b11;
        if bytes.len() < LEAST_DEFLATED || kind == 0 || kind == 3 {
            return None;
        }
        // A sample is no part of the budget: there is next to none that is read any further.
        let (sample, more) = self.inflate(bytes, SAMPLE);
        // Noise makes no text of this length, whatever it says.
        let long = sample.len() >= SURE && told(&sample, SURE).complete;
        let plain: String = worded(&sample, LEAST_DEFLATED).parts.into_iter().map(|(_, text)| text).collect();
        let latin = plain.bytes().filter(u8::is_ascii_alphabetic).count() * 2 >= plain.len();
        if !long && (plain.is_empty() || latin && !spoken(&plain)) {
            return None;
        }
        let most = self.most(bytes, found);
        let (inflated, cut) = if more || sample.len() > most { self.inflate(bytes, most) } else { (sample, more) };
        self.text_of(inflated, cut)
    }

    fn text_of(&mut self, inflated: Vec<u8>, cut: bool) -> Option<(String, bool)> {
        let parts = readable(&inflated, 8).parts;
        if parts.is_empty() {
            self.wasted += inflated.len();
            // Nothing was read, and if there was more it must show.
            return cut.then(|| (String::new(), true));
        }
        Some((parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n"), cut))
    }

    /// Bytes that `data` may be inflated to.
    fn most(&self, data: &[u8], found: &Found) -> usize {
        let left = found.left.saturating_sub(self.wasted);
        MOST_INFLATED.min(data.len().saturating_mul(MOST_RATIO)).min(left)
    }

    /// Inflates up to `cap` bytes. True if there were more.
    fn inflate(&mut self, data: &[u8], cap: usize) -> (Vec<u8>, bool) {
        let inflater = self.inflater.get_or_insert_with(|| Decompress::new(false));
        inflater.reset(false);
        // The one byte over tells whether there is more.
        let mut out = Vec::with_capacity(cap.min(data.len() * 8) + 1);
        loop {
            let consumed = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
            let rest = data.get(consumed..).unwrap_or_default();
            let before = out.len();
            let status = inflater.decompress_vec(rest, &mut out, FlushDecompress::None);
            let ended = !matches!(status, Ok(Status::Ok));
            let is_full = out.len() == out.capacity();
            if out.len() > cap || ended || !is_full && (rest.is_empty() || out.len() == before) {
                break;
            }
            if is_full {
                out.reserve_exact(out.len().min(cap + 1 - out.len()).max(1));
            }
        }
        let cut = out.len() > cap;
        out.truncate(cap);
        if cut
            && let Err(error) = std::str::from_utf8(&out)
            && error.error_len().is_none()
        {
            // What was cut may be the inside of a character.
            out.truncate(error.valid_up_to());
        }
        (out, cut)
    }
}

/// What follows the optional fields of a gzip header: an extra field, a name and a comment with a zero behind each, and a
/// sum.
fn behind_gzip_header(flags: u8, rest: &[u8]) -> Option<&[u8]> {
    let mut rest = rest;
    if flags & 4 != 0 {
        let ([low, high], after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let zero = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(zero + 1..)?;
        }
    }
    if flags & 2 != 0 { rest.get(2..) } else { Some(rest) }
}

/// Reads UTF-16 of either order: of each pair of bytes one is zero in nearly all of them, or another number of a
/// script, which is not to be guessed.
fn utf16(bytes: &[u8], least: usize, start: Start) -> Option<String> {
    let pairs = bytes.as_chunks::<2>().0;
    if pairs.len() * 2 < least {
        return None;
    }
    // Greek, Cyrillic, Armenian, Hebrew and Arabic.
    let is_page = |byte: &u8| *byte == 0 || start == Start::Known && (3..=6).contains(byte);
    let is_high = |high: usize| pairs.iter().filter(|pair| pair.get(high).is_some_and(is_page)).count();
    let (first, second) = (is_high(0), is_high(1));
    if first.max(second) * 5 < pairs.len() * 4 {
        return None;
    }
    let units =
        pairs.iter().map(|pair| if first > second { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    let (mut text, mut good) = (String::with_capacity(pairs.len()), 0);
    for c in char::decode_utf16(units) {
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        good += usize::from(is_text(c) && c != char::REPLACEMENT_CHARACTER);
        text.extend((c != '\u{FEFF}').then_some(c));
    }
    (good * 10 >= pairs.len() * 9).then_some(text)
}

/// Undoes a byte that was xored onto each, on the guess that the most frequent byte was a blank.
fn xored(bytes: &[u8]) -> Option<String> {
    if !XORED.contains(&bytes.len()) {
        return None;
    }
    let mut counts = [0_u16; 256];
    for byte in bytes {
        *counts.get_mut(usize::from(*byte))? += 1;
    }
    let (blank, _) = (0_u8..=255).zip(counts).max_by_key(|(_, count)| *count)?;
    let key = blank ^ b' ';
    let is_printable = |byte: &&u8| (**byte ^ key).is_ascii_graphic() || **byte == blank;
    // Telling noise early spares the copy.
    if key == 0 || bytes.iter().take(8).filter(is_printable).count() < 4 {
        return None;
    }
    let text = String::from_utf8(bytes.iter().map(|byte| byte ^ key).collect()).ok()?;
    (text.chars().all(is_text) && words(&text)).then_some(text)
}
