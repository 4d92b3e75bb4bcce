//! Shapes: what a secret looks like, part by part, from its prefix on.
//!
//! A shape is matched from the left without going back: where one part ends is settled before the next begins. So a match
//! costs its own length.

use std::ops::Range;

use super::hay::Hay;
use super::set::{ALNUM, Set, WORD};

/// Bytes by which a secret may be longer than its vendor says. They belong to it for what is blacked out, and nobody hides a
/// secret by writing on behind it.
const MORE: usize = 128;

/// A part of a shape.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// These characters, in this case.
    Text(&'static str),
    /// One of these.
    One(&'static [&'static str]),
    /// Characters of a set: at least so many, at most so many, as many as there are.
    Run(Set, usize, usize),
}

/// Whether something may stand right beside a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Whatever it is: the prefix is like nothing else.
    Free,
    /// Nothing that words and numbers are made of.
    Bound,
}

/// What a secret looks like. The first part is a [`Part::Text`]; the search begins where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) edge: Edge,
    pub(super) parts: &'static [Part],
}

/// A shape whose prefix is like nothing else.
pub(super) const fn free(parts: &'static [Part]) -> Shape {
    Shape { edge: Edge::Free, parts }
}

/// A shape that must stand alone.
pub(super) const fn bound(parts: &'static [Part]) -> Shape {
    Shape { edge: Edge::Bound, parts }
}

/// Where a shape stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// All of it.
    pub(super) span: Range<usize>,
    /// What is secret of it, as long as the vendor says: behind the prefix, without what may follow.
    pub(super) secret: Range<usize>,
}

impl Shape {
    /// The prefix.
    pub(super) fn prefix(&self) -> &'static str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// Bytes of the longest match.
    pub(super) fn longest(&self) -> usize {
        let longest = |part: &Part| match part {
            Part::Text(text) => text.len(),
            Part::One(texts) => texts.iter().map(|text| text.len()).max().unwrap_or_default(),
            Part::Run(_, _, most) => *most,
        };
        let more = match (self.edge, self.parts.last()) {
            (Edge::Free, Some(Part::Run(..))) => MORE,
            _ => 0,
        };
        self.parts.iter().map(longest).sum::<usize>() + more
    }

    /// The shape that begins at `start`, if it does.
    pub(super) fn fit(&self, hay: &Hay<'_>, start: usize) -> Option<Fit> {
        if self.edge == Edge::Bound && (WORD.has(hay.before(start)) || matches!(hay.before(start), b'-')) {
            return None;
        }
        let mut at = start;
        let mut secret = start + self.prefix().len()..start;
        for part in self.parts {
            match part {
                Part::Text(text) => {
                    if !hay.starts(at, text) {
                        return None;
                    }
                    at += text.len();
                }
                Part::One(texts) => at += texts.iter().find(|text| hay.starts(at, text))?.len(),
                Part::Run(set, least, most) => {
                    let run = hay.run(at, *set, *most);
                    if run < *least {
                        return None;
                    }
                    secret.end = at + least;
                    at += run;
                }
            }
        }
        if let Some(Part::Run(set, ..)) = self.parts.last() {
            match self.edge {
                Edge::Free => at += hay.run(at, *set, MORE),
                Edge::Bound if set.with(ALNUM).has(hay.at(at)) || hay.at(at) == b'_' => return None,
                Edge::Bound => {}
            }
        }
        secret.end = secret.end.max(secret.start);
        Some(Fit { span: start..at, secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::formats::set::{BASE64URL, HEX};

    #[test]
    fn fits_the_whole_secret_and_nothing_that_only_begins_like_it() {
        const FREE: Shape = free(&[Part::Text("glx_"), Part::Run(ALNUM, 4, 6)]);
        const BOUND: Shape =
            bound(&[Part::Text("SG."), Part::Run(BASE64URL, 3, 3), Part::Text("."), Part::Run(HEX, 4, 4)]);
        // (shape, text, where to look, span, secret)
        let cases = [
            (FREE, "glx_ab1", 0, None),
            (FREE, "glx_ab12", 0, Some((0..8, 4..8))),
            (FREE, "Aglx_ab12cdEFgh!", 1, Some((1..15, 5..9))),
            (BOUND, "SG.a-b.12ef", 0, Some((0..11, 3..11))),
            (BOUND, "SG.a-b.12ef0", 0, None),
            (BOUND, "SG.a-bc.12ef", 0, None),
            (BOUND, "xSG.a-b.12ef", 1, None),
            (BOUND, "\"SG.a-b.12ef\"", 1, Some((1..12, 4..12))),
        ];
        for (shape, text, at, expected) in cases {
            let fit = shape.fit(&Hay::new(text), at).map(|fit| (fit.span, fit.secret));
            assert_eq!(fit, expected, "{text}");
        }
    }
}
