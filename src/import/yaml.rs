//! As much of YAML as a plain settings file needs, and nothing that could be read in two ways.
//!
//! Lists of plain or quoted texts, one below the other or in square brackets, under one or two levels of keys. Anchors, aliases,
//! tags, block texts and escapes are refused, with the line, where they stand in a part that is read.

/// What stands under one key: its place and its texts.
pub(super) struct List {
    pub(super) key: String,
    pub(super) entries: Vec<(usize, String)>,
}

/// A line that cannot be read, from 1, and why.
pub(super) type Fault = (usize, &'static str);

const KEY: &str = "this line is no plain key";
const TEXT: &str =
    "this text is not plain: only letters, digits and simple signs, or quotation marks without escapes, are read";

/// The lists under `wanted` keys of the first level; a key of the second level has its first in front: `policies.allow`. A single
/// text is a list of one.
pub(super) fn lists(text: &str, wanted: &[&str]) -> Result<Vec<List>, Fault> {
    let mut lists: Vec<List> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    // The key of the first level whose part is read, and that of the second with its blanks in front.
    let (mut top, mut inner): (Option<&str>, Option<(usize, &str)>) = (None, None);
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let content = content.trim_end();
        if content.is_empty() || content.starts_with('#') || (indent == 0 && content == "---" && seen.is_empty()) {
            continue;
        }
        if content.starts_with('\t') {
            return Err((number, "a tab at the beginning of a line"));
        }
        if indent == 0 && !content.starts_with("- ") {
            let (key, value) = key(content).ok_or((number, KEY))?;
            if seen.contains(&key) {
                return Err((number, "this key is there twice"));
            }
            // A text that goes on in the next line could look like keys.
            if unended(value) {
                return Err((number, "a text in quotation marks or brackets ends in another line"));
            }
            seen.push(key);
            (top, inner) = (wanted.contains(&key).then_some(key), None);
            if top.is_some() {
                begin(&mut lists, number, key, value)?;
            }
            continue;
        }
        let Some(top) = top else { continue };
        if let Some(entry) = content.strip_prefix("- ").or_else(|| (content == "-").then_some("")) {
            let entry = scalar(entry).ok_or((number, TEXT))?;
            lists.last_mut().ok_or((number, KEY))?.entries.push((number, entry));
            continue;
        }
        let (key, value) = key(content).ok_or((number, KEY))?;
        match inner {
            Some((depth, _)) if depth != indent => return Err((number, "a key of a third level")),
            _ => inner = Some((indent, key)),
        }
        let name = format!("{top}.{key}");
        if lists.iter().any(|list| list.key == name) {
            return Err((number, "this key is there twice"));
        }
        begin(&mut lists, number, &name, value)?;
    }
    Ok(lists)
}

/// Begins a list, with what stands in the line of its key.
fn begin(lists: &mut Vec<List>, number: usize, key: &str, value: &str) -> Result<(), Fault> {
    let mut entries = Vec::new();
    let value = value.trim();
    if let Some(inside) = value.strip_prefix('[') {
        let inside = uncommented(inside).strip_suffix(']').ok_or((number, "a bracket that ends in another line"))?;
        for entry in inside.split(',').map(str::trim) {
            // A comma in quotation marks is cut here, and what is left of the text has then only one of them.
            if !(entry.is_empty() && inside.trim().is_empty()) {
                entries.push((number, scalar(entry).ok_or((number, TEXT))?));
            }
        }
    } else if !uncommented(value).is_empty() {
        entries.push((number, scalar(value).ok_or((number, TEXT))?));
    }
    lists.push(List { key: key.to_owned(), entries });
    Ok(())
}

/// A plain key and what stands behind its colon.
fn key(content: &str) -> Option<(&str, &str)> {
    let (key, value) = content.split_once(':')?;
    let plain =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    (plain && (value.is_empty() || value.starts_with(' '))).then_some((key, value))
}

/// Whether a value may go on in the next line.
fn unended(value: &str) -> bool {
    let value = value.trim();
    match value.chars().next() {
        Some(mark @ ('"' | '\'')) => !value.get(1..).is_some_and(|rest| rest.contains(mark)),
        Some('[') => !value.contains(']'),
        Some('{') => !value.contains('}'),
        _ => false,
    }
}

/// One text.
fn scalar(text: &str) -> Option<String> {
    let text = text.trim();
    for mark in ['"', '\''] {
        if let Some((inner, rest)) = text.strip_prefix(mark).and_then(|rest| rest.split_once(mark)) {
            let plain = uncommented(rest).is_empty() && !inner.contains('\\') && !inner.chars().any(char::is_control);
            return plain.then(|| inner.to_owned());
        }
    }
    let text = uncommented(text);
    // `*` alone is an alias without a name, which no reader takes; MegaBot's own documentation writes it so.
    let first = text.chars().next()?;
    let special = "&!|>%@`\"'{}[],?:#-".contains(first) || (first == '*' && text.len() > 1);
    let odd = text.contains(": ") || text.ends_with(':') || text.chars().any(char::is_control);
    (!special && !odd).then(|| text.to_owned())
}

/// A text without the comment behind it.
fn uncommented(text: &str) -> &str {
    let text = text.trim();
    if text.starts_with('#') { "" } else { text.split_once(" #").map_or(text, |(before, _)| before).trim_end() }
}
