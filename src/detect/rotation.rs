//! Rotations of the alphabet, found without trying any of them.
//!
//! The difference between a letter and the next is the same in every rotation; mirroring the alphabet (Atbash) or reading
//! backwards only turns its sign or its order. So the words that matter stand in one index by their differences, whatever
//! the rotation, and where one is found the rotation follows from a single letter. One pass of subtractions, and a probe at
//! each letter.

use std::collections::HashMap;
use std::ops::Range;

use crate::text::lexicon::Lexicon;
use crate::text::vector;
use crate::text::view::View;

use super::commonness::everywhere;
use super::grams::Grams;

/// Letters of the shortest word that is indexed: fewer come up by chance.
const LEAST_WORD: usize = 6;
/// Letters from which one word is enough.
const ENOUGH: usize = 8;
/// Letters of a neighbour, or of several, that must be known words as well where the word itself is short.
const NEIGHBOURS: usize = 4;
/// Words to each side that are looked at.
const AROUND: usize = 3;
/// Rotations that one text is read in. A text has one; more come up by chance or by design.
pub(super) const MOST: usize = 3;

/// How much more a window tells that stands in words of the rules than one that stands in words of everybody.
const EVERYWHERE: u32 = 4;

/// How the letters of a text lead back to those that were meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rotation {
    /// The alphabet runs backwards.
    pub(super) mirrored: bool,
    /// What was added to each letter, 0 to 25.
    shift: u8,
}

impl Rotation {
    /// The letter that was meant, for an ASCII letter; anything else stays.
    pub(super) fn undo(self, c: char) -> char {
        let (first, c) = match c {
            'a'..='z' => (b'a', c as u8),
            'A'..='Z' => (b'A', c as u8),
            _ => return c,
        };
        let letter = c - first;
        let meant = if self.mirrored { self.shift + 26 - letter } else { letter + 26 - self.shift };
        char::from(first + meant % 26)
    }
}

/// Words by the differences of their letters.
pub(super) struct Rotations {
    differences: Grams,
    forms: Vec<Form>,
}

/// A word as it may stand in a text.
struct Form {
    /// Its letters.
    len: usize,
    /// Its first letter as it stands in the text, from 0.
    first: u8,
    mirrored: bool,
}

/// Rotations with the words that speak for them.
struct Votes {
    /// For each rotation, mirrored ones after the others: words, and letters of the longest.
    counts: [(u8, u8); 52],
}

impl Rotations {
    /// Indexes those of `words`, in small ASCII letters, that are long enough.
    pub(super) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let (mut forms, mut strings) = (Vec::new(), Vec::new());
        for word in words.filter(|word| word.len() >= LEAST_WORD && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        {
            let forward: Vec<u8> = word.bytes().map(|byte| byte - b'a').collect();
            let backward: Vec<u8> = forward.iter().rev().copied().collect();
            for letters in [forward, backward] {
                let mirror: Vec<u8> = letters.iter().map(|letter| (26 - letter) % 26).collect();
                for (letters, mirrored) in [(letters, false), (mirror, true)] {
                    let mut string = Vec::new();
                    difference(&letters, &mut string);
                    forms.push(Form {
                        len: letters.len(),
                        first: letters.first().copied().unwrap_or_default(),
                        mirrored,
                    });
                    strings.push(string);
                }
            }
        }
        // How many words a window stands in: `tion` tells nothing, and costs a comparison with all of them. Those of
        // ordinary words come up in every text.
        let mut counts: HashMap<[u8; 4], u32> = HashMap::new();
        let mut ordinary = Vec::new();
        difference(&everywhere().collect::<Vec<u8>>(), &mut ordinary);
        for (string, weight) in strings.iter().map(|string| (string, 1)).chain([(&ordinary, EVERYWHERE)]) {
            for window in string.windows(4).filter_map(|window| window.try_into().ok()) {
                *counts.entry(window).or_default() += weight;
            }
        }
        let rarity = |window: &[u8]| {
            let window = <[u8; 4]>::try_from(window).unwrap_or_default();
            u32::MAX - counts.get(&window).copied().unwrap_or_default()
        };
        Self { differences: Grams::by_rarity(strings.iter().map(Vec::as_slice), rarity), forms }
    }

    /// The rotations that words of the letters in `view` speak for, strongest first. `differences` is a buffer. `steps`
    /// counts the comparisons down; at 0 nothing is found any more.
    pub(super) fn find(
        &self,
        view: &View,
        lexicon: &Lexicon,
        differences: &mut Vec<u8>,
        steps: &mut u64,
    ) -> Vec<Rotation> {
        vector::run(|| difference(view.bytes(), differences));
        let mut votes: Option<Votes> = None;
        self.differences.search(differences, steps, |form, place, _| {
            let Some(form) = self.forms.get(form) else { return };
            let start = place.start;
            let Some(letter) = view.bytes().get(start).filter(|letter| letter.is_ascii_lowercase()) else { return };
            let shift = (letter - b'a' + 26 - form.first) % 26;
            let rotation = Rotation { mirrored: form.mirrored, shift };
            // A short word comes up by chance; its neighbours do not at the same time.
            if (form.mirrored || shift != 0)
                && (form.len >= ENOUGH || neighbours(view, lexicon, start..start + form.len, rotation))
            {
                votes.get_or_insert(Votes { counts: [(0, 0); 52] }).add(form.mirrored, shift, form.len);
            }
        });
        votes.map(Votes::strongest).unwrap_or_default()
    }
}

/// The differences between each of `letters` and the next, in the order of the alphabet.
#[inline]
fn difference(letters: &[u8], differences: &mut Vec<u8>) {
    let next = letters.get(1..).unwrap_or_default();
    differences.clear();
    differences.resize(next.len(), 0);
    for ((difference, a), b) in differences.iter_mut().zip(letters).zip(next) {
        *difference = b.wrapping_sub(*a).wrapping_add(if b < a { 26 } else { 0 });
    }
}

impl Votes {
    fn add(&mut self, mirrored: bool, shift: u8, letters: usize) {
        if let Some((words, longest)) = self.counts.get_mut(usize::from(shift) + if mirrored { 26 } else { 0 }) {
            *words = words.saturating_add(1);
            *longest = (*longest).max(u8::try_from(letters).unwrap_or(u8::MAX));
        }
    }

    fn strongest(self) -> Vec<Rotation> {
        let mut found: Vec<(u8, u8, Rotation)> = (0_u8..)
            .zip(self.counts)
            .filter(|(_, (words, _))| *words > 0)
            .map(|(at, (words, longest))| (words, longest, Rotation { mirrored: at >= 26, shift: at % 26 }))
            .collect();
        found.sort_by_key(|(words, longest, _)| std::cmp::Reverse((*words, *longest)));
        found.into_iter().take(MOST).map(|(_, _, rotation)| rotation).collect()
    }
}

/// Whether words beside `word` are known once the rotation is undone, in either direction.
fn neighbours(view: &View, lexicon: &Lexicon, word: Range<usize>, rotation: Rotation) -> bool {
    let known = |range: Range<usize>| {
        let letters = view.bytes().get(range).unwrap_or_default();
        let undone: String = letters.iter().map(|byte| rotation.undo(char::from(*byte))).collect();
        let backwards: String = undone.chars().rev().collect();
        if lexicon.knows(&undone) || lexicon.knows(&backwards) { undone.len() } else { 0 }
    };
    let is_start = |at: &usize| view.is_word_start(*at);
    let mut letters = 0;
    let mut at = word.end;
    for _ in 0..AROUND {
        let Some(end) = (at + 1..=(at + 24).min(view.bytes().len())).find(is_start) else { break };
        letters += known(at..end);
        at = end;
    }
    let mut at = word.start;
    for _ in 0..AROUND {
        let Some(start) = (at.saturating_sub(24)..at).rev().find(is_start) else { break };
        letters += known(start..at);
        at = start;
    }
    letters >= NEIGHBOURS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::view::Flavour;

    #[test]
    fn every_rotation_is_found_and_undone() {
        let words = ["ignore", "previous", "instructions"];
        let (rotations, lexicon) = (Rotations::new(words.into_iter()), Lexicon::new(words.into_iter()));
        let plain = "ignorepreviousrules";
        for shift in 0..26 {
            for mirrored in [false, true] {
                let turned: String = plain
                    .chars()
                    .map(|c| {
                        let letter = c as u8 - b'a';
                        char::from(b'a' + if mirrored { shift + 26 - letter } else { letter + shift } % 26)
                    })
                    .collect();
                for text in [turned.clone(), format!("x{turned}"), turned.chars().rev().collect()] {
                    let mut view = View::new(Flavour::Letters);
                    view.fill(&text);
                    let found = rotations.find(&view, &lexicon, &mut Vec::new(), &mut 10_000);
                    if shift == 0 && !mirrored {
                        assert_eq!(found, [], "plain words are no rotation");
                        continue;
                    }
                    let undone: String = text.chars().map(|c| found[0].undo(c)).collect();
                    let reads = undone.contains(plain) || undone.chars().rev().collect::<String>().contains(plain);
                    assert!(reads, "{mirrored} {shift}: {undone}");
                }
            }
        }
    }

    #[test]
    fn capitals_stay_and_the_rest_too() {
        let rotation = Rotation { mirrored: false, shift: 13 };
        assert_eq!("Vtaber, é 1!".chars().map(|c| rotation.undo(c)).collect::<String>(), "Ignore, é 1!");
    }
}
