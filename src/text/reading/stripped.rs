//! Tags and comments of HTML taken out: `Ig<b></b>nore`, `Ig<!-- x -->nore`.

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::ANGLE, find };

/// Bytes of the longest tag. What is longer is no tag.
const LONGEST_TAG: usize = 4_096;

/// Tags that part words, as a browser shows them.
const PARTING: &[&str] = &[
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "td",
    "th",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "pre",
    "section",
    "article",
    "title",
    "option",
    "blockquote",
];

/// One pass; what stands in the tags is not lost, since the text itself is searched too.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut out: Option<Rewriter> = None;
    let mut copied = 0;
    // Looked for in vain once, it is not looked for again: work stays linear.
    let mut no_comment_end = false;
    for (at, _) in text.match_indices('<') {
        if at < copied {
            continue;
        }
        let Some(rest) = text.get(at..) else { break };
        let len = if rest.starts_with("<!--") {
            if no_comment_end {
                continue;
            }
            match rest.find("-->") {
                Some(end) => end + 3,
                None => {
                    no_comment_end = true;
                    continue;
                }
            }
        } else if rest.get(1..2).is_some_and(|c| c.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)))
        {
            // A second `<` begins a tag of its own.
            let limit = rest.len().min(LONGEST_TAG);
            let end = rest.as_bytes().iter().take(limit).skip(1).position(|byte| matches!(byte, b'>' | b'<'));
            match end {
                Some(end) if rest.as_bytes().get(end + 1) == Some(&b'>') => end + 2,
                _ => continue,
            }
        } else {
            continue;
        };
        let out = out.get_or_insert_with(|| Rewriter::with_capacity(text.len()));
        out.copy(text, copied..at);
        let name = rest.get(1..len).unwrap_or_default().trim_start_matches('/');
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if PARTING.iter().any(|parting| name.eq_ignore_ascii_case(parting)) {
            out.push(' ', at);
        }
        copied = at + len;
    }
    if let Some(mut out) = out {
        out.copy(text, copied..text.len());
        found.keep_rewritten(0..text.len(), out, Step::Stripped);
    }
}
