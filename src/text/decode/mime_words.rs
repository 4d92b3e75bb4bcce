//! Encoded words of mail headers: `=?utf-8?B?SWdub3Jl?=`, `=?utf-8?Q?Ignor=65?=`.

use std::ops::Range;

use ::base64::Engine as _;
use ::base64::prelude::BASE64_STANDARD_NO_PAD;

use super::quoted_printable;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::EQUALS, find };

/// Bytes of the name of a character set, at most.
const LONGEST_NAME: usize = 40;

/// Finds encoded words and gives the text from the line of the first to that of the last with each of them decoded, and
/// without the blanks between two of them. One word of base64 on its own is left to [`super::base64`].
///
/// Costs six looks at each byte; memory of four times the text.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    let mut words: Vec<Word> = Vec::new();
    let mut place = 0;
    while let Some(offset) = text.get(place..).and_then(|rest| rest.iter().position(|byte| *byte == b'=')) {
        let at = place + offset;
        match Word::at(text, at) {
            Some(word) => {
                place = word.span.end;
                words.push(word);
            }
            None => place = at + 1,
        }
    }
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    if words.len() == 1 && !first.quoted && first.encoded.len() >= 16 {
        return;
    }
    let line = |byte: &u8| *byte == b'\n';
    let start = text.get(..first.span.start).and_then(|before| before.iter().rposition(line)).map_or(0, |at| at + 1);
    let after = text.get(last.span.end..).unwrap_or_default();
    let end = last.span.end + after.iter().position(line).unwrap_or(after.len());
    let mut rewriter = Rewriter::with_capacity(end - start);
    let mut place = start;
    for word in &words {
        let between = text.get(place..word.span.start).unwrap_or_default();
        if place == start || !between.iter().all(u8::is_ascii_whitespace) {
            rewriter.copy(source.text, place..word.span.start);
        }
        word.decode(text, &mut rewriter);
        place = word.span.end;
    }
    rewriter.copy(source.text, place..end);
    found.keep_rewritten(start..end, rewriter, Step::MimeWords);
}

/// Bytes of the encoded word at the start of `text`, if there is one.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    Word::at(text, 0).map(|word| word.span.end)
}

struct Word {
    span: Range<usize>,
    encoded: Range<usize>,
    /// `Q` instead of `B`.
    quoted: bool,
}

impl Word {
    fn at(text: &[u8], start: usize) -> Option<Self> {
        let rest = text.get(start..)?.strip_prefix(b"=?")?;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*');
        let name = rest.iter().take(LONGEST_NAME).take_while(|byte| is_name(byte)).count();
        let [b'?', kind @ (b'B' | b'b' | b'Q' | b'q'), b'?', encoded @ ..] = rest.get(name..)? else { return None };
        // What was cut off goes to the end of the line.
        let length = encoded.iter().position(|byte| matches!(byte, b'?' | b'\n')).unwrap_or(encoded.len());
        let begin = start + 2 + name + 3;
        let end = begin + length;
        let closes = text.get(end..).is_some_and(|rest| rest.starts_with(b"?="));
        let end_of_word = if closes { end + 2 } else { end };
        (length > 0).then_some(Self {
            span: start..end_of_word,
            encoded: begin..end,
            quoted: matches!(kind, b'Q' | b'q'),
        })
    }

    fn decode(&self, text: &[u8], rewriter: &mut Rewriter) {
        let encoded = text.get(self.encoded.clone()).unwrap_or_default();
        if self.quoted {
            let blanks: Vec<u8> = encoded.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
            let mut plain = Rewriter::with_capacity(blanks.len());
            quoted_printable::decode(&blanks, 0..blanks.len(), &mut plain);
            rewriter.push_str(plain.text(), self.span.start);
            return;
        }
        let letters: Vec<u8> = encoded.iter().copied().filter(|byte| !matches!(byte, b'=' | b' ' | b'\r')).collect();
        let usable = if letters.len() % 4 == 1 { letters.len() - 1 } else { letters.len() };
        if let Some(Ok(bytes)) = letters.get(..usable).map(|letters| BASE64_STANDARD_NO_PAD.decode(letters)) {
            rewriter.push_str(&String::from_utf8_lossy(&bytes), self.span.start);
        }
    }
}
