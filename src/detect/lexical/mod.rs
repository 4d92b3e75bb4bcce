//! A small model of the words of attacks, beside the rules.
//!
//! It adds up one weight for each word, pair and triple of words in a window of 64 words; from some sums on it finds
//! something, of class `judgement`. Whole numbers only, so the answer is the same on every machine. The weights are compiled in
//! and made by a program of this project from the development data (`benches/model/`, which says how and what they are
//! worth on sources that it was not given).
//!
//! It knows what attacks of many kinds have in common and no rule says. It cannot say what is wrong; it names the words that
//! weighed most.

mod features;

use std::ops::Range;

use crate::text::view::{Flavour, View};

use features::{BITS, Feature};

pub(crate) use features::Words;
pub use features::{STRIDE, WINDOW};

/// The id of the model's finding.
pub const MODEL: &str = "model.lexical";

/// The weights: eight bytes of magic, four numbers of four bytes (what is added to every sum, and the sums from which on a
/// window is worth each of [`POINTS`]), and a signed byte for each feature; little-endian.
static WEIGHTS: &[u8] = include_bytes!("weights.bin");
/// How a file of weights begins.
const MAGIC: &[u8; 8] = b"slglex01";
/// Features that are told apart.
const FEATURES: usize = 1 << BITS;

/// What a window may be worth, from the least to the most certain.
pub const POINTS: [u8; 3] = [2, 5, 8];
/// Words that are named at most.
const NAMED: usize = 3;

/// A model: weights and edges. Immutable, `Send` and `Sync`.
#[derive(Clone, Debug)]
pub struct Lexical {
    /// Added to every sum.
    bias: i32,
    /// From which sums on a window is worth each of [`POINTS`].
    edges: [i32; POINTS.len()],
    weights: Vec<i8>,
}

/// What a model makes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opinion {
    /// One of [`POINTS`].
    pub(crate) points: u8,
    /// From the first to the last of the words that weighed most, in the view.
    pub(crate) place: Range<usize>,
    /// Where the words of each of the words, pairs and triples stand in the view that weighed most, the heaviest first.
    pub(crate) words: Vec<Vec<Range<usize>>>,
}

impl Lexical {
    /// The model that is compiled in.
    #[must_use]
    pub fn compiled() -> Self {
        // INVARIANT: the file is part of the program, and a test reads it. A model that never finds anything is what is left.
        Self::parse(WEIGHTS).unwrap_or(Self { bias: i32::MIN / 2, edges: [0; 3], weights: Vec::new() })
    }

    /// Reads a file of weights; none if it is none.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (head, weights) = rest.split_at_checked(16)?;
        let mut numbers = head.chunks_exact(4).filter_map(|four| four.try_into().ok()).map(i32::from_le_bytes);
        let bias = numbers.next()?;
        let edges = [numbers.next()?, numbers.next()?, numbers.next()?];
        let weights: Vec<i8> = weights.iter().map(|byte| byte.cast_signed()).collect();
        (weights.len() == FEATURES && edges.is_sorted()).then_some(Self { bias, edges, weights })
    }

    /// The file of these weights. `weights` has [`Lexical::FEATURES`] entries.
    #[must_use]
    pub fn file(bias: i32, edges: [i32; POINTS.len()], weights: &[i8]) -> Vec<u8> {
        let numbers = [bias].into_iter().chain(edges).flat_map(i32::to_le_bytes);
        MAGIC.iter().copied().chain(numbers).chain(weights.iter().map(|weight| weight.cast_unsigned())).collect()
    }

    /// Features that are told apart.
    pub const FEATURES: usize = FEATURES;

    /// The features of each window of a text, as the model sees them: what a program that makes weights learns from.
    #[must_use]
    pub fn features(text: &str) -> Vec<Vec<u32>> {
        let (mut view, mut words) = (View::new(Flavour::Letters), Words::new());
        view.fill(text);
        words.fill(&view);
        let windows: Vec<Range<usize>> = words.windows().collect();
        let features = |window| {
            let mut numbers = Vec::new();
            words.features(window, |feature| numbers.push(feature.number));
            numbers
        };
        windows.into_iter().map(features).collect()
    }

    /// What the model makes of a view of letters; none if it finds nothing. `words` is a buffer.
    ///
    /// Costs some fifty steps a word.
    pub(crate) fn look(&self, view: &View, words: &mut Words) -> Option<Opinion> {
        words.fill(view);
        let mut best: Option<(i32, Range<usize>)> = None;
        for window in words.windows() {
            let mut sum = self.bias;
            words.features(window.clone(), |feature| sum += self.weight(feature.number));
            if best.as_ref().is_none_or(|(most, _)| sum > *most) {
                best = Some((sum, window));
            }
        }
        let (sum, window) = best?;
        let (points, _) = POINTS.into_iter().zip(self.edges).rev().find(|(_, edge)| sum >= *edge)?;
        Some(self.explain(words, window, points))
    }

    #[cold]
    fn explain(&self, words: &mut Words, window: Range<usize>, points: u8) -> Opinion {
        let mut heavy: Vec<(i32, Feature)> = Vec::new();
        words.features(window, |feature| {
            let weight = self.weight(feature.number);
            if weight > 0 {
                heavy.push((weight, feature));
            }
        });
        heavy.sort_by_key(|(weight, feature)| (std::cmp::Reverse(*weight), feature.last));
        // `previous instructions` says what `previous` says.
        let mut named: Vec<Feature> = Vec::new();
        for (_, feature) in heavy {
            let place = words.place(feature);
            let apart = |other: &Feature| {
                let other = words.place(*other);
                place.end <= other.start || other.end <= place.start
            };
            if named.iter().all(apart) {
                named.push(feature);
            }
            if named.len() == NAMED {
                break;
            }
        }
        let places = named.iter().map(|feature| words.place(*feature));
        let place = places.reduce(|all, one| all.start.min(one.start)..all.end.max(one.end)).unwrap_or_default();
        Opinion { points, place, words: named.iter().map(|feature| words.places(*feature).collect()).collect() }
    }

    fn weight(&self, feature: u32) -> i32 {
        self.weights.get(feature as usize).copied().map_or(0, i32::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(text: &str) -> View {
        let mut view = View::new(Flavour::Letters);
        view.fill(text);
        view
    }

    /// A model that knows these texts by their features.
    fn model(heavy: &[&str]) -> Lexical {
        let mut weights = vec![0; FEATURES];
        for feature in heavy.iter().flat_map(|text| Lexical::features(text)).flatten() {
            weights[feature as usize] = 10;
        }
        Lexical { bias: -5, edges: [5, 25, 55], weights }
    }

    #[test]
    fn sums_make_points_and_the_heaviest_words_are_named() {
        let model = model(&["moonlit ocelot dances"]);
        let cases = [
            ("nothing of the kind", None),
            ("an ocelot", Some((2, vec!["ocelot"]))),
            ("a Moonlit   OCELOT!", Some((5, vec!["moonlit", "ocelot"]))),
            ("so: moonlit ocelot dances here", Some((8, vec!["moonlit", "ocelot", "dances"]))),
        ];
        for (text, expected) in cases {
            let view = view(text);
            let opinion = model.look(&view, &mut Words::new());
            let spelled = |places: &Vec<Range<usize>>| {
                places
                    .iter()
                    .map(|place| std::str::from_utf8(&view.bytes()[place.clone()]).unwrap())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let found =
                opinion.as_ref().map(|opinion| (opinion.points, opinion.words.iter().map(spelled).collect::<Vec<_>>()));
            let expected = expected
                .map(|(points, words): (u8, Vec<&str>)| (points, words.into_iter().map(str::to_owned).collect()));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_around_changes_nothing_and_the_place_is_told() {
        let model = model(&["moonlit ocelot dances"]);
        let alone = model.look(&view("moonlit ocelot dances"), &mut Words::new()).expect("is known");
        let text = format!("{}moonlit ocelot dances{}", "word ".repeat(500), " word".repeat(700));
        let view = view(&text);
        let within = model.look(&view, &mut Words::new()).expect("is known");
        assert_eq!((within.points, within.words.len()), (alone.points, alone.words.len()));
        assert_eq!(view.locate(&text, within.place), 2_500..2_521);
    }

    #[test]
    fn the_compiled_weights_are_a_model() {
        let model = Lexical::parse(WEIGHTS).expect("is a file of weights");
        assert!(WEIGHTS.len() <= 1_000_000, "{} bytes", WEIGHTS.len());
        assert_eq!(Lexical::file(model.bias, model.edges, &model.weights), WEIGHTS);
        assert!(model.look(&view("See you on Friday at nine, bring the blue umbrella"), &mut Words::new()).is_none());
        for broken in [&b""[..], &WEIGHTS[..100], &WEIGHTS[1..]] {
            assert!(Lexical::parse(broken).is_none());
        }
    }
}
