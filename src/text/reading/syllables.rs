//! Games of syllables: Pig Latin, rövarspråket, ubbi dubbi.

use super::super::decode::{Found, Source};
use crate::text::lexicon::{Lexicon, is_vowel};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Words that a game must have changed before the text is taken for it.
const LEAST: usize = 3;

/// Consonants that begin a word together.
const ONSETS: &[&str] = &[
    "bl", "br", "ch", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "pl", "pr", "qu", "sc", "sh", "sk", "sl", "sm", "sn",
    "sp", "st", "sw", "th", "tr", "tw", "wh", "wr", "thr", "str", "spr", "scr",
];

/// A game: what a word was before it, given in small letters, and where it was not played, nothing.
type Undo = fn(&str, &Lexicon) -> Option<String>;

/// Reads the text as each of the games that changed enough of its words.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let games: [(Step, Undo); 3] =
        [(Step::PigLatin, pig_latin), (Step::Rovarspraket, rovarspraket), (Step::UbbiDubbi, ubbi_dubbi)];
    for (step, undo) in games {
        let text = source.text;
        let mut out = Rewriter::with_capacity(text.len());
        let (mut undone, mut at) = (0, 0);
        for token in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
            let word = token.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
            match undo(&word.to_ascii_lowercase(), source.lexicon) {
                Some(before) => {
                    undone += 1;
                    out.push_str(&before, at);
                }
                None => out.push_str(word, at),
            }
            out.push_str(token.get(word.len()..).unwrap_or_default(), at + word.len());
            at += token.len();
        }
        if undone >= LEAST {
            found.keep_rewritten(0..text.len(), out, step);
        }
    }
}

fn pig_latin(word: &str, lexicon: &Lexicon) -> Option<String> {
    let body = word.strip_suffix("ay").filter(|body| body.len() >= 2)?;
    let vowel_first = body.strip_suffix('w');
    let moved = |count: usize| {
        let (rest, cluster) = body.split_at_checked(body.len().checked_sub(count)?)?;
        let consonants = cluster.chars().all(|c| !is_vowel(c)) || cluster == "qu";
        (consonants && !rest.is_empty()).then(|| (cluster.to_owned(), format!("{cluster}{rest}")))
    };
    let candidates: Vec<_> = (1..=4).filter_map(moved).collect();
    let words = vowel_first.into_iter().chain(candidates.iter().map(|(_, word)| word.as_str()));
    if let Some(known) = words.filter(|word| lexicon.knows(word)).min_by_key(|word| lexicon.place(word)) {
        return Some(known.to_owned());
    }
    if let Some(whole) = vowel_first {
        return Some(whole.to_owned());
    }
    let likely = candidates.iter().rev().find(|(cluster, _)| cluster.len() == 1 || ONSETS.contains(&cluster.as_str()));
    likely.or(candidates.first()).map(|(_, word)| word.clone())
}

fn rovarspraket(word: &str, _: &Lexicon) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    let mut undone = 0;
    while let Some(c) = rest.chars().next() {
        out.push(c);
        let doubled = !is_vowel(c)
            && rest
                .get(1..)
                .is_some_and(|rest| rest.starts_with('o') && rest.get(1..).is_some_and(|rest| rest.starts_with(c)));
        undone += usize::from(doubled);
        rest = rest.get(if doubled { 3 } else { c.len_utf8() }..).unwrap_or_default();
    }
    (undone > 0).then_some(out)
}

fn ubbi_dubbi(word: &str, _: &Lexicon) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    let mut undone = 0;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("ub").filter(|after| after.starts_with(is_vowel)) {
            undone += 1;
            rest = after;
            continue;
        }
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    (undone > 0).then_some(out)
}
