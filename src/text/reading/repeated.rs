//! Every letter written the same number of times: `IIIgggnnnooorrreee`.

use super::super::decode::{Found, Source};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Letters that the text must give.
const LEAST: usize = 10;

/// Takes the letters back to one each where every run of a letter is a multiple of the same number. What is stretched
/// unevenly is found by the detector, in a view of its own.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let (mut common, mut runs) = (0_usize, 0_usize);
    for run in (Runs { rest: text }) {
        if run.c.is_alphabetic() {
            common = gcd(common, run.count);
            runs += 1;
            if common == 1 {
                return;
            }
        }
    }
    if runs < LEAST || common < 2 {
        return;
    }
    let mut out = Rewriter::with_capacity(text.len() / 2);
    let mut at = 0;
    for run in (Runs { rest: text }) {
        let keep = if run.c.is_alphabetic() { run.count / common } else { run.count };
        for _ in 0..keep {
            out.push(run.c, at);
        }
        at += run.len;
    }
    found.keep_rewritten(0..text.len(), out, Step::Repeated);
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
