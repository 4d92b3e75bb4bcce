//! What several disguises ask of a text, and how they take it apart.

/// The detector finds phrases of this many letters without their words' boundaries; shorter ones may not survive a
/// disguise that destroys these.
const LEAST_LETTERS: usize = 12;
/// Bytes of the shortest text whose encoding is more than a word or two.
const LEAST_BYTES: usize = 12;

pub(super) fn has_letters_enough(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS
}

pub(super) fn has_ascii_letters(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_alphabetic())
}

/// Enough letters, and all of them of ASCII.
pub(super) fn has_only_ascii_letters(text: &str) -> bool {
    has_letters_enough(text) && text.chars().all(|c| c.is_ascii() || !c.is_alphabetic())
}

/// A blank, between which and the next one words stand.
pub(super) fn has_blanks(text: &str) -> bool {
    text.contains(' ')
}

/// Enough letters, and more than one word.
pub(super) fn has_words(text: &str) -> bool {
    has_letters_enough(text) && has_blanks(text)
}

/// Shorter texts encode to what cannot be told from a word or a few numbers, and what decodes to control characters is
/// taken for noise.
pub(super) fn is_long_enough(text: &str) -> bool {
    text.len() >= LEAST_BYTES && !text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace())
}

/// Long enough, and of ASCII: where bytes and characters are the same numbers.
pub(super) fn is_long_ascii(text: &str) -> bool {
    is_long_enough(text) && text.is_ascii()
}

/// Ordinary words of English letters, at least three of them: what can be told from noise once it is undone. Some
/// disguises leave no other trace of themselves.
pub(super) fn plain_words(text: &str) -> bool {
    let ordinary = |c: char| c.is_ascii_alphanumeric() || " \t\n.,;:!?'\"()-".contains(c);
    let letters = |word: &str| word.chars().filter(char::is_ascii_alphabetic).count();
    let words: Vec<usize> = text.split_ascii_whitespace().map(letters).filter(|letters| *letters > 0).collect();
    let mixed = |word: &str| letters(word) > 0 && word.contains(|c: char| c.is_ascii_digit());
    let all: usize = words.iter().sum();
    text.chars().all(ordinary)
        && words.len() >= 3
        && all >= LEAST_LETTERS
        && (words.len() * 2..=words.len() * 12).contains(&all)
        && words.iter().all(|letters| *letters <= 20)
        && !text.split_ascii_whitespace().any(mixed)
}

/// Puts `between` between letters that stand side by side.
pub(super) fn between_letters(text: &str, between: char) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut after_letter = false;
    for c in text.chars() {
        if after_letter && c.is_alphabetic() {
            out.push(between);
        }
        after_letter = c.is_alphabetic();
        out.push(c);
    }
    out
}

/// Replaces each character by its partner in `pairs`.
pub(super) fn replaced(text: &str, pairs: &[(char, char)]) -> String {
    text.chars().map(|c| partner(c, pairs).unwrap_or(c)).collect()
}

pub(super) fn partner(c: char, pairs: &[(char, char)]) -> Option<char> {
    pairs.iter().find(|(from, _)| *from == c).map(|(_, to)| *to)
}

/// Replaces each stretch of characters that `belong` together.
pub(super) fn map_runs(text: &str, belong: fn(char) -> bool, mut replace: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut run = String::new();
    for c in text.chars() {
        if belong(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            out.push_str(&replace(&run));
            run.clear();
        }
        out.push(c);
    }
    if !run.is_empty() {
        out.push_str(&replace(&run));
    }
    out
}

/// Replaces each word: what stands between white space.
pub(super) fn map_words(text: &str, replace: impl FnMut(&str) -> String) -> String {
    map_runs(text, |c| !c.is_whitespace(), replace)
}

/// Replaces each row of letters.
pub(super) fn map_letters(text: &str, replace: impl FnMut(&str) -> String) -> String {
    map_runs(text, char::is_alphabetic, replace)
}

/// The first `count` characters of `word`, and the others.
pub(super) fn split_word(word: &str, count: usize) -> (&str, &str) {
    let at = word.char_indices().nth(count).map_or(word.len(), |(at, _)| at);
    word.split_at_checked(at).unwrap_or((word, ""))
}

/// The letter at `place` of the alphabet that begins with `first`.
pub(super) fn nth_letter(first: u32, place: u32) -> Option<char> {
    char::from_u32(first.checked_add(place)?)
}

/// The place of an ASCII letter in the alphabet, whatever its case.
pub(super) fn place_of(c: char) -> Option<u32> {
    c.is_ascii_alphabetic().then(|| u32::from(c.to_ascii_lowercase()) - u32::from('a'))
}

/// `text` in pieces of `size` characters, with `between` between them.
pub(super) fn grouped(text: &str, size: usize, between: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (place, c) in text.chars().enumerate() {
        if place > 0 && place % size.max(1) == 0 {
            out.push_str(between);
        }
        out.push(c);
    }
    out
}

/// The parts that `write` makes of the items, with `between` between them.
pub(super) fn listed<T>(items: impl Iterator<Item = T>, between: &str, write: impl Fn(T) -> String) -> String {
    let parts: Vec<String> = items.map(write).collect();
    parts.join(between)
}
