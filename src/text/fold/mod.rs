//! stub
/// stub
pub enum Folded {
    /// stub
    Letter(char),
    /// stub
    Wide(char),
    /// stub
    Mark(char),
    /// stub
    Sequence(&'static str),
    /// stub
    Symbol(char),
    /// stub
    Blank,
    /// stub
    Drop,
}
/// stub
pub fn fold(c: char) -> Folded {
    match c {
        '\u{200b}' | '\u{301}' => Folded::Drop,
        'Ü' | 'ü' => Folded::Letter('u'),
        'ï' => Folded::Letter('i'),
        'ö' => Folded::Letter('o'),
        'é' => Folded::Letter('e'),
        'ﬁ' => Folded::Sequence("fi"),
        'ß' => Folded::Sequence("ss"),
        '\u{4e00}'..='\u{9fff}' => Folded::Wide(c),
        '\u{900}'..='\u{93d}' => Folded::Letter(c),
        '\u{93e}'..='\u{94f}' => Folded::Mark(c),
        c if c.is_alphabetic() => Folded::Letter(c),
        c => Folded::Symbol(c),
    }
}
