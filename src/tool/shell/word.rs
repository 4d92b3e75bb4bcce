//! A word of a command line: quotes undone, braces expanded, and what only the running shell would know left as marks.

/// Text that only the running shell knows: a variable that the script does not set, or what a plain command prints.
pub(in crate::tool) const UNKNOWN: char = '\0';
/// Text that a substitution *makes*: from text written out, decoded or cut. Whoever writes such a thing hides something.
pub(in crate::tool) const MADE: char = '\u{4}';
/// The file behind `<(…)` or `>(…)`.
pub(in crate::tool) const PROCESS: char = '\u{6}';

// INVARIANT: the marks below live between reading a word and `Raw::words`, the marks above as long as the word. None of
// them comes from the text itself: `clean` takes them out before the first reader, which is then told as unclear.
pub(super) const OPEN: char = '\u{1}';
pub(super) const COMMA: char = '\u{2}';
pub(super) const CLOSE: char = '\u{3}';
pub(super) const SPLIT: char = '\u{5}';

/// Words that braces and variables may make of one.
const MOST_WORDS: usize = 64;
/// Bytes of a word that is expanded; braces in a longer one are data.
const MOST_BYTES: usize = 4096;
/// Braces within braces.
const MOST_NESTED: usize = 8;

/// Whether a character is a mark rather than text.
pub(in crate::tool) const fn is_mark(c: char) -> bool {
    matches!(c, '\0'..='\u{6}')
}

/// The text without characters that stand for marks, and whether there were any.
pub(super) fn clean(text: &str) -> (std::borrow::Cow<'_, str>, bool) {
    if text.bytes().any(|byte| byte <= 6) { (text.replace(is_mark, "").into(), true) } else { (text.into(), false) }
}

/// A word as it was read, before braces and unquoted variables make several of it.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) text: String,
    /// Whether a variable stands in it that has had several values.
    pub(super) choices: bool,
    /// Where the first quoted character stands; none if nothing was quoted.
    quoted_at: Option<usize>,
}

impl Raw {
    /// Marks that what follows was quoted or escaped.
    pub(super) fn quote(&mut self) {
        self.quoted_at.get_or_insert(self.text.len());
    }

    /// Whether something in it was quoted.
    pub(super) const fn is_quoted(&self) -> bool {
        self.quoted_at.is_some()
    }

    /// A text of which nothing was quoted.
    pub(super) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// Whether nothing was read.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.is_quoted()
    }

    /// The name and the place of the value, if this is `NAME=value`.
    pub(super) fn assignment(&self) -> Option<(&str, &str)> {
        let (name, value) = self.text.split_once('=')?;
        let name_end = self.quoted_at.unwrap_or(usize::MAX);
        let name = name.strip_suffix('+').unwrap_or(name);
        let name = name.split('[').next().unwrap_or(name);
        (name.len() < name_end && is_name(name)).then_some((name, value))
    }

    /// The words that it makes; `false` where there would be too many.
    pub(super) fn words(self) -> (Vec<String>, bool) {
        if self.is_empty() {
            return (Vec::new(), true);
        }
        if !self.text.contains([OPEN, COMMA, CLOSE, SPLIT]) {
            return (vec![self.text], true);
        }
        let (expanded, whole) = expanded(&self.text);
        let mut words = Vec::new();
        for word in expanded {
            words.extend(word.split(SPLIT).filter(|part| !part.is_empty()).map(plain));
        }
        if words.is_empty() && self.is_quoted() {
            words.push(String::new());
        }
        (words, whole)
    }

    /// The texts that it may be where the shell does not split it: a delimiter, a value.
    pub(super) fn values(&self) -> (Vec<String>, bool) {
        let (values, whole) = expanded(&self.text);
        (values.iter().map(|value| plain(value)).collect(), whole)
    }

    /// The text as one word, braces and all.
    pub(super) fn whole(&self) -> String {
        plain(&self.text)
    }
}

/// Whether a text is the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// The words that braces make; the text itself and `false` where there are too many.
fn expanded(text: &str) -> (Vec<String>, bool) {
    if !text.contains(COMMA) && !text.contains("..") {
        return (vec![text.to_owned()], true);
    }
    let groups = text.chars().filter(|c| *c == OPEN).count();
    match (text.len() <= MOST_BYTES && groups <= MOST_WORDS).then(|| braces(text, 0)).flatten() {
        Some(words) => (words, true),
        None => (vec![text.to_owned()], groups == 0),
    }
}

/// Braces and blanks as text again.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            OPEN => '{',
            COMMA => ',',
            CLOSE => '}',
            SPLIT => ' ',
            other => other,
        })
        .collect()
}

/// `a{b,c}d` as `abd` and `acd`; none where there are too many.
fn braces(text: &str, depth: usize) -> Option<Vec<String>> {
    if depth > MOST_NESTED {
        return None;
    }
    let mut words = vec![String::new()];
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let (before, group) = rest.split_at_checked(at)?;
        words.iter_mut().for_each(|word| word.push_str(before));
        let Some((parts, after)) = group_parts(group) else {
            // Never closed: text.
            words.iter_mut().for_each(|word| word.push('{'));
            rest = group.strip_prefix(OPEN)?;
            continue;
        };
        let mut choices = Vec::new();
        if let [alone] = parts.as_slice() {
            let inner = if alone.contains("..") { UNKNOWN.to_string() } else { ["{", alone, "}"].concat() };
            choices.push(inner);
        } else {
            for part in parts {
                choices.extend(braces(part, depth + 1)?);
            }
        }
        if words.len() * choices.len() > MOST_WORDS {
            return None;
        }
        words =
            words.iter().flat_map(|word| choices.iter().map(move |choice| [word.as_str(), choice].concat())).collect();
        rest = after;
    }
    words.iter_mut().for_each(|word| word.push_str(rest));
    Some(words)
}

/// The parts of a group that begins the text, and what comes after it; none if it is never closed.
fn group_parts(text: &str) -> Option<(Vec<&str>, &str)> {
    let (mut depth, mut parts, mut start) = (0_usize, Vec::new(), 1);
    for (at, c) in text.char_indices() {
        match c {
            OPEN => depth += 1,
            COMMA if depth == 1 => {
                parts.push(text.get(start..at)?);
                start = at + 1;
            }
            CLOSE => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    parts.push(text.get(start..at)?);
                    return Some((parts, text.get(at + 1..)?));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> (Vec<String>, bool) {
        let mark = |c| match c {
            '{' => OPEN,
            ',' => COMMA,
            '}' => CLOSE,
            other => other,
        };
        Raw { text: text.chars().map(mark).collect(), ..Raw::default() }.words()
    }

    #[test]
    fn braces_make_the_words_that_bash_makes() {
        let cases: &[(&str, &[&str])] = &[
            ("{rm,-rf,/}", &["rm", "-rf", "/"]),
            ("a{b,c}d", &["abd", "acd"]),
            ("{a,b{1,2}}x", &["ax", "b1x", "b2x"]),
            ("{}", &["{}"]),
            ("{a}", &["{a}"]),
            ("a{b", &["a{b"]),
            ("a,b}", &["a,b}"]),
            ("x{1..3}", &["x\0"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), (expected.iter().map(|word| (*word).to_owned()).collect(), true), "{text}");
        }
    }

    #[test]
    fn too_many_words_are_told_and_not_made() {
        let (made, whole) = words(&"{a,b}".repeat(7));
        assert!(made.len() == 1 && !whole);
        let (made, whole) = words(&"{a,".repeat(2000));
        assert!(made.len() == 1 && !whole, "{}", made.len());
    }
}
