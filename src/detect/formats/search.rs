//! The search for all formats that rules name, in one pass over the text for their gates.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::format::{Find, Format, Match};
use super::hay::Hay;

/// The formats that the rules of one set name.
pub(in crate::detect) struct Formats {
    gates: AhoCorasick,
    /// What each gate opens: the number of the format, and of its shape where it has several.
    opens: Vec<Vec<(usize, usize)>>,
    /// Those without a gate.
    through: Vec<usize>,
    formats: Vec<&'static Format>,
    /// Bytes at the end of a text in which a gate may have begun, with what is looked at before it.
    reach: usize,
}

/// A format that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::detect) struct Hit {
    /// The number of the format, in the order in which the formats were given.
    pub(in crate::detect) format: usize,
    /// Where it stands in the text.
    pub(in crate::detect) span: Range<usize>,
    /// Bytes from its start that may be shown.
    pub(in crate::detect) public: usize,
}

/// What a search gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::detect) struct Found {
    /// What was found, from left to right.
    pub(in crate::detect) hits: Vec<Hit>,
    /// What is found from here on may be more, or other, if the text goes on. What begins before it is final.
    pub(in crate::detect) begun: usize,
}

impl Formats {
    /// Prepares the search for these formats.
    ///
    /// # Errors
    /// When the automaton of the gates would be too large, which no number of formats makes it.
    pub(in crate::detect) fn new(formats: Vec<&'static Format>) -> Result<Self, aho_corasick::BuildError> {
        let mut gates: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        let mut through = Vec::new();
        let mut open =
            |gate: &str, format, shape| gates.entry(gate.to_ascii_lowercase()).or_default().push((format, shape));
        for (number, format) in formats.iter().enumerate() {
            match &format.find {
                Find::Shapes(shapes, _) => {
                    shapes.iter().enumerate().for_each(|(shape, found)| open(found.prefix(), number, shape));
                }
                Find::Near(near) => near.names.iter().for_each(|name| open(name, number, 0)),
                Find::At(gates, _) => gates.iter().for_each(|gate| open(gate, number, 0)),
                Find::Through(_) => through.push(number),
            }
        }
        let reaches = gates.iter().flat_map(|(gate, opens)| opens.iter().map(|(number, _)| (gate.len(), *number)));
        let reach = reaches.map(|(len, number)| len + formats.get(number).map_or(0, |format| format.before)).max();
        let (gates, opens): (Vec<String>, Vec<_>) = gates.into_iter().unzip();
        let gates =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(&gates)?;
        Ok(Self { gates, opens, through, formats, reach: reach.unwrap_or_default() })
    }

    /// The formats, in the order in which they were given.
    pub(in crate::detect) fn all(&self) -> impl Iterator<Item = &'static Format> {
        self.formats.iter().copied()
    }

    /// Bytes of the automaton.
    pub(in crate::detect) fn memory(&self) -> usize {
        self.gates.memory_usage()
    }

    /// Every place in a text where a format stands, from left to right, one a place and format. `steps` is what may be
    /// looked at beyond the pass for the gates, and what is left of it afterwards; where nothing is, not all was found, and
    /// nothing is said of what may have begun.
    pub(in crate::detect) fn search(&self, text: &str, steps: &mut u64) -> Found {
        let hay = Hay::new(text);
        let mut hits: Vec<Hit> = Vec::new();
        // Where the last match of each format ends; made at the first match.
        let mut ends: Vec<usize> = Vec::new();
        for gate in self.gates.find_overlapping_iter(text) {
            if hay.looked() >= *steps {
                break;
            }
            let Some(opens) = self.opens.get(gate.pattern().as_usize()) else { continue };
            for (number, shape) in opens {
                let Some(format) = self.formats.get(*number) else { continue };
                let end = ends.get(*number).copied().unwrap_or_default();
                if gate.start() < end {
                    continue;
                }
                hay.try_at(gate.start().saturating_sub(format.before));
                let Some(found) = at_gate(format, *shape, &hay, gate.range()).filter(|found| found.span.start >= end)
                else {
                    continue;
                };
                ends.resize(self.formats.len(), 0);
                if let Some(end) = ends.get_mut(*number) {
                    *end = found.span.end;
                }
                hits.push(Hit { format: *number, span: found.span, public: found.public });
            }
        }
        for number in &self.through {
            if let Some(Find::Through(find)) = self.formats.get(*number).map(|format| &format.find) {
                hay.try_nothing();
                find(&hay, &mut |found| {
                    hits.push(Hit { format: *number, span: found.span, public: found.public });
                });
            }
        }
        *steps = steps.saturating_sub(hay.looked());
        let begun = hay.begun().min(text.len().saturating_sub(self.reach));
        // What is silent beside something that may turn out otherwise may speak up.
        let begun = hits.iter().filter(|hit| hit.span.end > begun).map(|hit| hit.span.start).fold(begun, usize::min);
        Found { hits: self.settle(hits), begun }
    }

    /// In order, and without what is only known by the words around it where something better known stands.
    fn settle(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        if hits.len() < 2 {
            return hits;
        }
        hits.sort_unstable_by_key(|hit| (hit.span.start, hit.span.end, hit.format));
        let is_generic = |hit: &Hit| self.formats.get(hit.format).is_some_and(|format| format.generic);
        let known: Vec<Range<usize>> = hits.iter().filter(|hit| !is_generic(hit)).map(|hit| hit.span.clone()).collect();
        // Where the spans end, as a maximum from the left, so that the last one to begin before a place tells.
        let mut reach = 0;
        let reaches: Vec<usize> = known
            .iter()
            .map(|span| {
                reach = reach.max(span.end);
                reach
            })
            .collect();
        hits.retain(|hit| {
            let before = known.partition_point(|span| span.start < hit.span.end);
            let reach = before.checked_sub(1).and_then(|last| reaches.get(last)).copied().unwrap_or_default();
            !is_generic(hit) || reach <= hit.span.start
        });
        hits
    }
}

/// What one format finds at one of its gates.
fn at_gate(format: &Format, shape: usize, hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    match &format.find {
        Find::Shapes(shapes, check) => {
            let shape = shapes.get(shape)?;
            // The gate was found in any case; the prefix is meant in its own.
            let fit = hay.starts(gate.start, shape.prefix()).then(|| shape.fit(hay, gate.start))??;
            check(hay.slice(fit.secret)).then(|| Match { public: shape.prefix().len(), span: fit.span })
        }
        Find::Near(near) => near.find(hay, gate),
        Find::At(_, find) => find(hay, gate),
        Find::Through(_) => None,
    }
}
