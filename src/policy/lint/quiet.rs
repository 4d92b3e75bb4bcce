//! Warnings that the owner has switched off on the line: `// quiet: P103`.

use super::code;
use super::{Place, Report};
use crate::diagnostic::{Diagnostic, Level, nearest};

/// A warning that a comment switches off.
struct Quiet {
    code: &'static str,
    /// The line that it is switched off for; none if no code follows.
    line: Option<u32>,
    /// Whether it is for the whole file too: it stands before all code.
    whole: bool,
    place: Place,
    used: bool,
}

/// Takes out what comments switch off, and adds what is wrong with the comments themselves. `complete` says that nothing
/// was left unchecked, so that a comment without effect is told.
pub(super) fn apply(report: &mut Report, complete: bool) {
    let text = report.source.text.clone();
    let mut quiets = Vec::new();
    for comment in comments(&text) {
        read(&comment, report, &mut quiets);
    }
    report.diagnostics.retain(|diagnostic| !silenced(diagnostic, &mut quiets));
    for quiet in quiets.iter().filter(|quiet| complete && !quiet.used) {
        let message = format!("there is no {} here to be quiet about", quiet.code);
        report.warning(code::QUIET, quiet.place, message).help = Some("take the comment out".to_owned());
    }
}

fn silenced(diagnostic: &Diagnostic, quiets: &mut [Quiet]) -> bool {
    let mut silenced = false;
    for quiet in quiets.iter_mut().filter(|quiet| quiet.code == diagnostic.code) {
        let here = if diagnostic.line == 0 { quiet.whole } else { quiet.line == Some(diagnostic.line) };
        if here && diagnostic.level == Level::Warning {
            quiet.used = true;
            silenced = true;
        }
    }
    silenced
}

/// Reads one comment: `quiet:`, codes with commas between them, and then whatever the owner notes.
fn read(comment: &Comment, report: &mut Report, quiets: &mut Vec<Quiet>) {
    let Some(list) = comment.text.trim_start().strip_prefix("quiet:") else { return };
    let is_code = |word: &&str| {
        let digits = word.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let words = list.split([',', ' ', '\t']).filter(|word| !word.is_empty()).take_while(is_code);
    let mut any = false;
    for word in words {
        any = true;
        match code::find(word) {
            Some(found) if found.level == Level::Warning => quiets.push(Quiet {
                code: found.code,
                line: comment.line,
                whole: comment.first,
                place: comment.place,
                used: false,
            }),
            Some(found) => {
                let message = format!("{} is an error, and errors cannot be switched off", found.code);
                report.warning(code::QUIET, comment.place, message).help = Some("mend the error".to_owned());
            }
            None => {
                let known = nearest(&word.to_ascii_uppercase(), code::warnings());
                report.warning(code::QUIET, comment.place, format!("there is no code `{word}`")).help =
                    known.map(|known| format!("did you mean `{known}`?"));
            }
        }
    }
    if !any {
        let help = format!("write `// quiet: {}`", code::NO_END);
        report.warning(code::QUIET, comment.place, "this comment names no code").help = Some(help);
    }
}

/// A comment that begins with `//`.
struct Comment<'t> {
    text: &'t str,
    place: Place,
    /// The line with code that it belongs to: its own, or else the next one.
    line: Option<u32>,
    /// Whether no code stands before it.
    first: bool,
}

/// The comments of a file. Texts and comments within comments are passed over as Rhai does.
fn comments(text: &str) -> Vec<Comment<'_>> {
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
            found.push(Comment { text, place, line, first: code_line == 0 });
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
