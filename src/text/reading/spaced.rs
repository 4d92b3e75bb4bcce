//! Letters set apart, put together to words: `i.g.n.o.r.e a.l.l`, `I g n o r e   a l l`, `Ig-nore a**ll**`.
//!
//! The letters alone are found without this. What it brings back is where words begin, without which short words and
//! gaps between words cannot be told.

use super::super::decode::{Found, Source};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Reads single letters with the same sign between them as words, and takes the signs out of the middle of words,
/// where words that matter come out.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let inner = usual_gap(text);
    let mut out = Rewriter::with_capacity(text.len());
    let mut pending: Option<(usize, &str)> = None;
    let mut before = 0;
    let mut changed = 0;
    for run in runs(text) {
        let run = match run {
            Run::Gap(at, gap) => {
                pending = Some((at, gap));
                continue;
            }
            Run::Word(at, word) => (at, word),
        };
        let (at, word) = run;
        let letters = word.chars().take(2).count();
        if let Some((gap_at, gap)) = pending.take() {
            // Between single letters the usual gap, within words a sign that is no blank.
            let single = before == 1 && letters == 1 && inner == Some(gap);
            let within = before > 0 && gap.chars().all(is_sign);
            if single || within {
                changed += 1;
            } else if gap.contains('\n') {
                out.push('\n', gap_at);
            } else if gap.len() > 1 && gap.chars().all(|c| c == ' ') || single_blank(gap) {
                out.push(' ', gap_at);
            } else {
                out.push_str(gap, gap_at);
            }
        }
        out.copy(text, at..at + word.len());
        before = letters;
    }
    if changed > 0 && source.lexicon.says_more(out.text(), text) {
        found.keep_rewritten(0..text.len(), out, Step::Spaced);
    }
}

fn single_blank(gap: &str) -> bool {
    gap.chars().all(char::is_whitespace)
}

/// Signs that are put into words.
const fn is_sign(c: char) -> bool {
    matches!(
        c,
        '-' | '*'
            | '_'
            | '.'
            | '~'
            | '+'
            | '/'
            | '|'
            | ','
            | ':'
            | ';'
            | '\''
            | '"'
            | '\u{AD}'
            | '·'
            | '•'
            | '='
            | '^'
            | '`'
    )
}

enum Run<'t> {
    Word(usize, &'t str),
    Gap(usize, &'t str),
}

/// Letters and digits, and what stands between them, by turns.
fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let word = rest.starts_with(char::is_alphanumeric);
        let len = rest.find(|c: char| c.is_alphanumeric() != word).unwrap_or(rest.len());
        at += len;
        let run = rest.get(..len)?;
        Some(if word { Run::Word(start, run) } else { Run::Gap(start, run) })
    })
}

/// What stands most often between two single letters.
fn usual_gap(text: &str) -> Option<&str> {
    // The gap that most pairs share is met early and often, so a majority vote over one pass finds it.
    let (mut leader, mut votes): (Option<&str>, usize) = (None, 0);
    let mut before_single = false;
    let mut gap = None;
    for run in runs(text) {
        match run {
            Run::Gap(_, between) => gap = Some(between),
            Run::Word(_, word) => {
                let single = word.chars().nth(1).is_none();
                if single
                    && before_single
                    && let Some(gap) = gap
                {
                    if votes == 0 {
                        leader = Some(gap);
                    }
                    votes = if leader == Some(gap) { votes + 1 } else { votes - 1 };
                }
                before_single = single;
                gap = None;
            }
        }
    }
    leader
}
