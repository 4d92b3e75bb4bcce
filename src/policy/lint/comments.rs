//! The comments of a policy, found as Rhai finds them.

use super::Place;

/// A comment that begins with `//`.
pub(crate) struct Comment<'t> {
    /// What stands in it, behind the slashes.
    pub(crate) text: &'t str,
    /// Where it begins.
    pub(crate) place: Place,
    /// The line with code that it belongs to: its own, or else the next one.
    pub(crate) line: Option<u32>,
    /// Whether it has its line for itself.
    pub(crate) alone: bool,
    /// Whether no code stands before it.
    pub(crate) first: bool,
}

/// The comments of a file. Texts and comments within comments are passed over as Rhai does.
pub(crate) fn comments(text: &str) -> Vec<Comment<'_>> {
    let mut found: Vec<Comment> = Vec::new();
    let mut place = Place { line: 1, column: 1 };
    // The last line that had code, from which on comments wait for the next.
    let mut code_line = 0;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            let comment = rest.lines().next().unwrap_or_default();
            let line = (code_line == place.line).then_some(place.line);
            let text = comment.trim_start_matches('/');
            found.push(Comment { text, place, line, alone: line.is_none(), first: code_line == 0 });
            comment.len()
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if c.is_whitespace() {
            c.len_utf8()
        } else {
            code_line = place.line;
            found
                .iter_mut()
                .rev()
                .take_while(|comment| comment.line.is_none())
                .for_each(|comment| comment.line = Some(code_line));
            if matches!(c, '"' | '\'' | '`') { quoted(rest, c) } else { c.len_utf8() }
        };
        let (passed, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        for c in passed.chars() {
            place = if c == '\n' {
                Place { line: place.line + 1, column: 1 }
            } else {
                Place { column: place.column + 1, ..place }
            };
        }
        // A text over several lines has code on its last one too.
        if matches!(c, '"' | '`') {
            code_line = place.line;
        }
        rest = after;
    }
    found
}

/// The length of a comment that may have comments in it.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut bytes = text.as_bytes().windows(2).enumerate();
    while let Some((index, pair)) = bytes.next() {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => continue,
        }
        bytes.next();
        if depth == 0 {
            return index + 2;
        }
    }
    text.len()
}

/// The length of a text with its marks.
fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' && mark != '`' {
            escaped = true;
        } else if c == mark {
            return index + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_belong_to_the_line_of_code_they_stand_on_or_before() {
        let text = "// a\n\nlet x = \"// no\"; // b\n/* // no /* */ // no */\n// c\n// d\nlet y = '\"'; // e\n// f\n";
        let found: Vec<(&str, Option<u32>, bool)> =
            comments(text).iter().map(|comment| (comment.text.trim(), comment.line, comment.first)).collect();
        let expected = [
            ("a", Some(3), true),
            ("b", Some(3), false),
            ("c", Some(7), false),
            ("d", Some(7), false),
            ("e", Some(7), false),
            ("f", None, false),
        ];
        assert_eq!(found, expected);
    }
}
