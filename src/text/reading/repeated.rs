//! Every letter written the same number of times: `IIIgggnnnooorrreee`.

use std::ops::Range;

use super::super::decode::{Found, Source};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Letters that a stretch must give.
const LEAST: usize = 8;

/// Takes the letters back to one each in every stretch of words in which each run of a letter is a multiple of the same
/// number. Words whose letters are drawn out unevenly are known by the lexicon: see [`super::words`].
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let (mut start, mut end, mut common, mut runs, mut at) = (0, 0, 0, 0, 0);
    for token in text.split_inclusive(char::is_whitespace) {
        let (mut of_token, mut count) = (0, 0);
        for run in (Runs { rest: token }).filter(|run| run.c.is_alphabetic()) {
            of_token = gcd(of_token, run.count);
            count += 1;
        }
        // A token without letters belongs to what is around it.
        if count > 0 {
            let together = gcd(common, of_token);
            if together < 2 {
                give(text, start..end, common, runs, found);
                (start, common, runs) = (at, if of_token < 2 { 0 } else { of_token }, 0);
            } else {
                common = together;
            }
            if common > 0 {
                runs += count;
            } else {
                start = at + token.len();
            }
        }
        at += token.len();
        end = at;
    }
    give(text, start..end, common, runs, found);
}

fn give(text: &str, span: Range<usize>, common: usize, runs: usize, found: &mut Found) {
    if runs < LEAST || common < 2 {
        return;
    }
    let mut out = Rewriter::with_capacity(span.len() / 2);
    let mut at = span.start;
    for run in (Runs { rest: text.get(span.clone()).unwrap_or_default() }) {
        let keep = if run.c.is_alphabetic() { run.count / common } else { run.count };
        for _ in 0..keep {
            out.push(run.c, at);
        }
        at += run.len;
    }
    found.keep_rewritten(span, out, Step::Repeated);
}

/// A character and how often it follows itself, capitals and small letters alike.
struct Run {
    c: char,
    count: usize,
    len: usize,
}

struct Runs<'a> {
    rest: &'a str,
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let c = self.rest.chars().next()?;
        let (mut count, mut len) = (0, 0);
        for next in self.rest.chars().take_while(|next| next.eq_ignore_ascii_case(&c)) {
            count += 1;
            len += next.len_utf8();
        }
        self.rest = self.rest.get(len..)?;
        Some(Run { c, count, len })
    }
}

const fn gcd(a: usize, b: usize) -> usize {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
