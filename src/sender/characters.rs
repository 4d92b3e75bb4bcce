//! Characters that make two ids look alike.

/// Whether a character cannot be seen: controls, joiners, marks of direction, variation selectors, tags, fillers.
pub(super) fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The id in plain ASCII without blanks around it: full-width forms, other digits, blanks and dashes become their plain
/// ones, and what cannot be seen goes. None where anything else is left.
///
/// Only for ids whose grammar is closed, such as numbers: there nobody else can own the id in its other dress, so it is the
/// same person and not a second one.
pub(super) fn plain(id: &str) -> Option<String> {
    let mut plain = String::with_capacity(id.len());
    for c in id.chars() {
        match c {
            ' '..='~' => plain.push(c),
            _ if invisible(c) => {}
            _ => plain.push(plain_twin(c)?),
        }
    }
    let trimmed = plain.trim();
    if trimmed.len() < plain.len() { Some(trimmed.to_owned()) } else { Some(plain) }
}

/// The ASCII character that looks like `c` in another dress.
fn plain_twin(c: char) -> Option<char> {
    let digit_from = |zero: u32| char::from_digit((c as u32 - zero) % 10, 10);
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0),
        '\u{660}'..='\u{669}' => digit_from(0x660),
        '\u{6F0}'..='\u{6F9}' => digit_from(0x6F0),
        '\u{966}'..='\u{96F}' => digit_from(0x966),
        '\u{1D7CE}'..='\u{1D7FF}' => digit_from(0x1D7CE),
        '\u{1FBF0}'..='\u{1FBF9}' => digit_from(0x1FBF0),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' => Some('-'),
        '\u{FE62}' => Some('+'),
        _ if c.is_whitespace() => Some(' '),
        _ => None,
    }
}
