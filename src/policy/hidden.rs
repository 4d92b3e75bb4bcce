//! Characters that make a policy read otherwise on the screen than it runs.

use super::lint::Place;

/// The first character that hides or moves what stands around it, with its place: a control character, a carriage return
/// that ends no line, or a mark that turns the direction of writing.
///
/// Rhai ends a comment at a lone carriage return, and many editors show nothing there: `// harmless⏎allow()` is a call.
pub(super) fn first(text: &str) -> Option<(char, Place)> {
    let mut place = Place { line: 1, column: 1 };
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_line = c == '\n' || (c == '\r' && rest.peek() == Some(&'\n'));
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if turns || (c.is_control() && !ends_line && c != '\t') {
            return Some((c, place));
        }
        place.column += 1;
        if c == '\n' {
            place = Place { line: place.line + 1, column: 1 };
        }
    }
    None
}
