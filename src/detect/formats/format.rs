//! One format: what it is called, whose it is, and how it is found.

use std::ops::Range;

use super::hay::Hay;
use super::near::Near;
use super::random::is_random;
use super::shape::Shape;

/// A format of secrets or of personal data that rules may name: a gate that is cheap to look for, a shape behind it, and a
/// check of what stands in the shape.
#[derive(Debug)]
pub struct Format {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) source: &'static str,
    pub(super) find: Find,
    /// What is found by the words around it. Where a format that knows its vendor finds the same, this one is silent.
    pub(super) generic: bool,
    /// Bytes before a gate that are looked at, so that what is found there may begin in them.
    pub(super) before: usize,
    /// Bytes of the longest match, where the shapes do not say.
    stated: Option<usize>,
}

/// How a format is found.
#[derive(Debug)]
pub(super) enum Find {
    /// By what it looks like, behind a prefix; what is secret of it must pass the check.
    Shapes(&'static [Shape], fn(&[u8]) -> bool),
    /// By a name that stands before it, since it looks like nothing in particular.
    Near(Near),
    /// By a function that is called wherever one of the gates stands. Gates are in small letters and found in any case.
    At(&'static [&'static str], fn(&Hay<'_>, Range<usize>) -> Option<Match>),
    /// By a function that goes through the whole text.
    Through(fn(&Hay<'_>, &mut dyn FnMut(Match))),
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// What must not be passed on.
    pub(super) span: Range<usize>,
    /// Bytes from its start that are no secret, and may be shown.
    pub(super) public: usize,
}

impl Match {
    /// A match of which nothing may be shown.
    pub(super) const fn of(span: Range<usize>) -> Self {
        Self { span, public: 0 }
    }
}

impl Format {
    /// The name in rule files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is, in a few words for an owner.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        self.what
    }

    /// The document that says what it looks like.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// Bytes of the longest match. None where it may be as long as it likes, or some KiB at least: keys in frames of their
    /// own, tokens that carry what they are about, rows of words, and what may be written with any number of blanks.
    #[must_use]
    pub fn longest(&self) -> Option<usize> {
        match &self.find {
            Find::Shapes(shapes, _) => shapes.iter().map(Shape::longest).max(),
            Find::Near(near) => Some(near.longest()),
            Find::At(..) | Find::Through(_) => self.stated,
        }
    }

    /// Says how far a function looks back from its gate, and how long its matches are at most.
    pub(super) const fn spans(self, before: usize, longest: usize) -> Self {
        Self { before, stated: Some(longest), ..self }
    }

    /// What is found by the words around it.
    pub(super) const fn generic(self) -> Self {
        Self { generic: true, ..self }
    }
}

/// A token that is known by its prefix, and random behind it.
pub(super) const fn token(
    name: &'static str,
    what: &'static str,
    source: &'static str,
    shapes: &'static [Shape],
) -> Format {
    Format { name, what, source, find: Find::Shapes(shapes, is_random), generic: false, before: 0, stated: None }
}

/// A token that is known by its prefix, with a check of its own.
pub(super) const fn checked(
    name: &'static str,
    what: &'static str,
    source: &'static str,
    shapes: &'static [Shape],
    check: fn(&[u8]) -> bool,
) -> Format {
    Format { name, what, source, find: Find::Shapes(shapes, check), generic: false, before: 0, stated: None }
}

/// A token that is known by what it is called.
pub(super) const fn named(name: &'static str, what: &'static str, source: &'static str, near: Near) -> Format {
    Format { name, what, source, find: Find::Near(near), generic: false, before: 0, stated: None }
}

/// What a function finds behind gates.
pub(super) const fn found_at(
    name: &'static str,
    what: &'static str,
    source: &'static str,
    gates: &'static [&'static str],
    find: fn(&Hay<'_>, Range<usize>) -> Option<Match>,
) -> Format {
    Format { name, what, source, find: Find::At(gates, find), generic: false, before: 0, stated: None }
}

/// What a function finds in a whole text.
pub(super) const fn found_through(
    name: &'static str,
    what: &'static str,
    source: &'static str,
    find: fn(&Hay<'_>, &mut dyn FnMut(Match)),
) -> Format {
    Format { name, what, source, find: Find::Through(find), generic: false, before: 0, stated: None }
}
