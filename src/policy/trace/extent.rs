//! From where to where a condition reaches in the text: the syntax tree knows only where things begin.

use super::Place;

/// A policy's text, to be cut by places.
pub(super) struct Text {
    characters: Vec<char>,
    /// Where each line begins in `characters`.
    lines: Vec<usize>,
}

/// What a place in the text is, as far as brackets go.
enum Piece {
    Open,
    Close,
    /// A `{` that begins a block, and not options.
    Block,
    /// `&&` or `||`.
    Join,
    /// `;` or `,`.
    Stop,
    /// A text, a comment, blanks: nothing that ends an expression.
    Blank,
    Other,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let ends = characters.iter().enumerate().filter(|(_, c)| **c == '\n').map(|(index, _)| index + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        Self { characters, lines }
    }

    /// The condition of the `if` at this place: what stands between the word and the block.
    pub(super) fn condition(&self, keyword: Place) -> Option<(Place, String)> {
        let mut start = self.offset(keyword)? + "if".len();
        while let Some((Piece::Blank, end)) = self.piece(start) {
            start = end;
        }
        let (mut here, mut end, mut depth) = (start, start, 0_usize);
        // A block where a value is due is part of the condition: `if { let x = m.score; x > 3 } { … }`.
        let mut value_due = true;
        while let Some((piece, next)) = self.piece(here) {
            match piece {
                Piece::Block if depth == 0 && !value_due => return Some((self.place(start), self.cut(start, end))),
                Piece::Open | Piece::Block => depth += 1,
                Piece::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if !matches!(piece, Piece::Blank) {
                let last = self.characters.get(next - 1).copied().unwrap_or(' ');
                value_due = matches!(piece, Piece::Open | Piece::Join | Piece::Stop)
                    || (matches!(piece, Piece::Other) && "=<>!+-*/%&|^?".contains(last));
                end = next;
            }
            here = next;
        }
        None
    }

    /// An operand that begins at `start` and reaches at least to `last`: up to the next `&&`, `||` or end.
    pub(super) fn operand(&self, start: Place, last: Place) -> Option<(Place, String)> {
        let (mut start, last) = (self.offset(start)?, self.offset(last)?);
        let (mut here, mut end, mut depth) = (start, start, 0_usize);
        while let Some((piece, next)) = self.piece(here) {
            match piece {
                Piece::Open => depth += 1,
                Piece::Close if depth == 0 && here > last => break,
                // A bracket that was opened before the beginning: it belongs to the operand as well.
                Piece::Close if depth == 0 => start = self.opening_before(start)?,
                Piece::Close => depth -= 1,
                Piece::Block | Piece::Join | Piece::Stop if depth == 0 && here > last => break,
                Piece::Block => depth += 1,
                _ => {}
            }
            if !matches!(piece, Piece::Blank) {
                end = next;
            }
            here = next;
        }
        Some((self.place(start), self.cut(start, end)))
    }

    fn opening_before(&self, start: usize) -> Option<usize> {
        self.characters.get(..start)?.iter().rposition(|c| *c == '(')
    }

    /// What stands at this offset, and where the next piece begins.
    fn piece(&self, here: usize) -> Option<(Piece, usize)> {
        let at = |index: usize| self.characters.get(index).copied();
        let (first, second) = (at(here)?, at(here + 1).unwrap_or(' '));
        Some(match (first, second) {
            ('"' | '\'' | '`', _) => (Piece::Other, self.quoted(here, first)),
            ('/', '/') => (Piece::Blank, self.find(here, |c, _| c == '\n')),
            ('/', '*') => (Piece::Blank, self.comment(here)),
            ('&', '&') | ('|', '|') => (Piece::Join, here + 2),
            ('#', '{') => (Piece::Open, here + 2),
            ('{', _) => (Piece::Block, here + 1),
            ('(' | '[', _) => (Piece::Open, here + 1),
            (')' | ']' | '}', _) => (Piece::Close, here + 1),
            (';' | ',', _) => (Piece::Stop, here + 1),
            (c, _) if c.is_whitespace() => (Piece::Blank, here + 1),
            _ => (Piece::Other, here + 1),
        })
    }

    /// The end of a text in quotes.
    fn quoted(&self, start: usize, quote: char) -> usize {
        let mut escaped = false;
        let end = self.characters.iter().skip(start + 1).position(|c| {
            let ends = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped && quote != '`';
            ends
        });
        end.map_or(self.characters.len(), |length| start + length + 2)
    }

    /// The end of a comment, which may hold others.
    fn comment(&self, start: usize) -> usize {
        let (mut here, mut depth) = (start, 0_usize);
        while let Some(first) = self.characters.get(here) {
            match (first, self.characters.get(here + 1)) {
                ('/', Some('*')) => (here, depth) = (here + 2, depth + 1),
                ('*', Some('/')) => (here, depth) = (here + 2, depth - 1),
                _ => here += 1,
            }
            if depth == 0 {
                break;
            }
        }
        here.min(self.characters.len())
    }

    fn find(&self, start: usize, is_it: impl Fn(char, usize) -> bool) -> usize {
        let rest = self.characters.iter().enumerate().skip(start);
        rest.into_iter().find(|(index, c)| is_it(**c, *index)).map_or(self.characters.len(), |(index, _)| index)
    }

    fn offset(&self, place: Place) -> Option<usize> {
        let line = self.lines.get(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
        Some(line + usize::try_from(place.column).ok()?.checked_sub(1)?)
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or_default();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Place { line: number(line), column: number(offset - start + 1) }
    }

    /// The text between two offsets on one line: a break with what indents the next line is one blank.
    fn cut(&self, start: usize, end: usize) -> String {
        let text: String = self.characters.get(start..end).unwrap_or_default().iter().collect();
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
