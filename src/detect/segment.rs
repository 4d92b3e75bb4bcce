//! The texts that one field is read as: the field itself, and what decoders and readings made of it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::ops::Range;
use std::sync::Arc;

use crate::text::decode::Decoded;
use crate::text::trace::Trace;
use crate::verdict::Step;

/// A text to be searched.
pub(super) struct Segment<'a> {
    pub(super) text: Cow<'a, str>,
    /// What undid it, outermost first.
    pub(super) via: Vec<Step>,
    origin: Option<Origin>,
}

/// Where a segment comes from.
struct Origin {
    /// The segment that it was made of.
    parent: usize,
    /// The part of that one which it was made of.
    span: Range<usize>,
    /// The way back within that part.
    trace: Trace,
}

/// All segments of one field, in the order in which they are searched. No text twice.
///
/// The field itself has the number 0 and costs no allocation, since most fields have nothing else.
pub(super) struct Segments<'a> {
    field: Segment<'a>,
    made: Vec<Segment<'a>>,
    known: HashMap<u64, Vec<usize>>,
    /// The field is several strings, so nothing in it has a place.
    placeless: bool,
}

impl<'a> Segments<'a> {
    pub(super) fn new(text: &'a str, placeless: bool) -> Self {
        let field = Segment { text: Cow::Borrowed(text), via: Vec::new(), origin: None };
        Self { field, made: Vec::new(), known: HashMap::new(), placeless }
    }

    pub(super) fn get(&self, index: usize) -> Option<&Segment<'a>> {
        match index.checked_sub(1) {
            None => Some(&self.field),
            Some(made) => self.made.get(made),
        }
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.made.len() + 1
    }

    /// Adds what was made of the segment `parent`, unless it was there before; says whether it was added. `plain` leads
    /// from the plain letters that were read back to the parent.
    pub(super) fn add(&mut self, parent: usize, decoded: Decoded, plain: Option<Arc<Trace>>) -> bool {
        let Decoded { span, text, step, trace } = decoded;
        let mut hasher = DefaultHasher::new();
        hasher.write(text.as_bytes());
        let mut via = self.get(parent).map(|parent| parent.via.clone()).unwrap_or_default();
        let same = self.known.entry(hasher.finish()).or_default();
        let is_same = |index: &usize| self.made.get(*index).is_some_and(|segment| segment.text == text);
        if self.field.text == text || same.iter().any(is_same) {
            return false;
        }
        same.push(self.made.len());
        via.push(step);
        let (span, trace) = match plain {
            Some(plain) => (plain.locate(&span).unwrap_or(span), trace.through(plain)),
            None => (span, trace),
        };
        self.made.push(Segment { text: Cow::Owned(text), via, origin: Some(Origin { parent, span, trace }) });
        true
    }

    /// The range of the field that became `range` of a segment.
    pub(super) fn locate(&self, index: usize, range: Range<usize>) -> Range<usize> {
        if self.placeless {
            return 0..0;
        }
        let (mut index, mut range) = (index, range);
        // Every parent stands before its child, so this ends.
        while let Some(origin) = self.get(index).and_then(|segment| segment.origin.as_ref()) {
            range = origin.trace.locate(&range).unwrap_or_else(|| origin.span.clone());
            index = origin.parent;
        }
        range
    }
}
