//! Secrets that look like nothing in particular and are known by what stands before them: `DD_API_KEY=0a1b…`.

use std::ops::Range;

use super::format::Match;
use super::hay::Hay;
use super::random::is_random;
use super::set::{ALNUM, Set};

/// Bytes behind a name within which its secret begins.
const WINDOW: usize = 72;

/// Characters of padding that base64 has at most.
const PADDING: usize = 2;

/// Words of which one must stand in the name or between it and the secret: a vendor's name alone stands before much else.
const SECRET_WORDS: &[&str] = &["key", "token", "secret", "auth", "pass", "credential", "bearer"];

/// A value behind a name, on the same line.
#[derive(Debug)]
pub(super) struct Near {
    /// The names, in small letters; found in any case.
    pub(super) names: &'static [&'static str],
    /// What the value is made of.
    pub(super) set: Set,
    /// Its lengths.
    pub(super) lengths: &'static [usize],
    /// What else must hold for it.
    pub(super) check: fn(&[u8]) -> bool,
}

impl Near {
    /// A value of these lengths, drawn at random.
    pub(super) const fn new(names: &'static [&'static str], set: Set, lengths: &'static [usize]) -> Self {
        Self { names, set, lengths, check: is_random }
    }

    /// Bytes of the longest value, with its padding.
    pub(super) fn longest(&self) -> usize {
        self.lengths.iter().max().copied().unwrap_or_default() + PADDING
    }

    /// The value behind the name that stands at `name`.
    pub(super) fn find(&self, hay: &Hay<'_>, name: Range<usize>) -> Option<Match> {
        let most = self.lengths.iter().max().copied().unwrap_or_default();
        let mut at = name.end;
        while at < name.end + WINDOW {
            // To the start of the next piece that may be a value.
            let next = hay.find(at, name.end + WINDOW - at, |byte| self.set.has(byte) || byte == b'\n')?;
            if hay.at(next) == b'\n' {
                return None;
            }
            // `0x` says how it is written.
            let start = if hay.starts(next, "0x") { next + 2 } else { next };
            let run = hay.run(start, self.set, most + 1);
            let end = start + run;
            let bounded = !ALNUM.has(hay.before(next)) && !ALNUM.has(hay.at(end)) && hay.at(end) != b'_';
            if bounded
                && self.lengths.contains(&run)
                && hay.holds(name.start..next, SECRET_WORDS)
                && (self.check)(hay.slice(start..end))
            {
                // The padding of base64 goes with it.
                return Some(Match::of(start..end + hay.run(end, Set::of("="), PADDING)));
            }
            at = end.max(next + 1);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::formats::set::HEX;

    #[test]
    fn finds_the_value_of_a_name_and_no_other() {
        let near = Near::new(&["acme"], HEX, &[16]);
        let cases = [
            ("ACME_API_KEY=0a4f61d3c8b2e795", Some("0a4f61d3c8b2e795")),
            ("\"acmeToken\": \"0a4f61d3c8b2e795\"", Some("0a4f61d3c8b2e795")),
            ("acme secret is 0x0a4f61d3c8b2e795.", Some("0a4f61d3c8b2e795")),
            // No word for a secret; another length; another line; a longer name.
            ("acme commit 0a4f61d3c8b2e795", None),
            ("acme_key=0a4f61d3c8b2e7950", None),
            ("acme_key:\n0a4f61d3c8b2e795", None),
            ("acme_key=0a4f61d3c8b2e795_v2", None),
            ("acme_key=0000000000000000", None),
        ];
        for (text, expected) in cases {
            let hay = Hay::new(text);
            let name = text.to_ascii_lowercase().find("acme").unwrap();
            let found = near.find(&hay, name..name + 4).map(|found| &text[found.span]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
