//! The pieces of a text that may belong to one encoding.

use std::ops::Range;

/// White space between two lines of one encoding, at most, in bytes: a line break and an indentation.
const WIDEST_GAP: usize = 40;

/// The maximal runs of bytes that `is_member` takes, in order. One look at each byte.
pub(super) fn runs<M: Fn(u8) -> bool>(text: &[u8], is_member: M) -> impl Iterator<Item = Range<usize>> {
    let mut place = 0_usize;
    std::iter::from_fn(move || {
        let start = place + text.get(place..)?.iter().position(|byte| is_member(*byte))?;
        let rest = text.get(start..)?;
        place = start + rest.iter().position(|byte| !is_member(*byte)).unwrap_or(rest.len());
        Some(start..place)
    })
}

/// The maximal runs of `least` and more graphic characters of ASCII, in order. Looks at one byte in `least` where words
/// are short.
pub(super) fn long_runs(text: &[u8], least: usize) -> impl Iterator<Item = Range<usize>> {
    let mut place = 0_usize;
    std::iter::from_fn(move || {
        loop {
            let window = text.get(place..place.checked_add(least)?)?;
            if let Some(blank) = window.iter().rposition(|byte| !byte.is_ascii_graphic()) {
                place += blank + 1;
                continue;
            }
            let start = place;
            let rest = text.get(start..)?;
            place = start + rest.iter().position(|byte| !byte.is_ascii_graphic()).unwrap_or(rest.len());
            return Some(start..place);
        }
    })
}

/// A range of `text` without the quote or bracket at its end that matches the one before it.
pub(super) fn unquoted(text: &[u8], range: Range<usize>) -> Range<usize> {
    let before = range.start.checked_sub(1).and_then(|before| text.get(before));
    let closes = match (before, text.get(range.clone()).and_then(<[u8]>::last)) {
        (Some(b'('), last) => last == Some(&b')'),
        (Some(b'['), last) => last == Some(&b']'),
        (Some(b'{'), last) => last == Some(&b'}'),
        (before, last) => before == last,
    };
    range.start..range.end - usize::from(closes && !range.is_empty())
}

/// How pieces make a group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    /// Pieces of one length, the last of which may be shorter, with a blank, a mark or a line break between them.
    EqualPieces,
    /// Two pieces or more, of any length, with a line break between them.
    WholeLines,
}

/// What stands between two pieces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Mark,
    Line,
    Other,
}

struct Group {
    span: Range<usize>,
    letters: usize,
    pieces: usize,
    /// Letters in the first piece.
    size: usize,
}

impl Group {
    const fn of(piece: Range<usize>) -> Self {
        let size = piece.end - piece.start;
        Self { span: piece, letters: size, pieces: 1, size }
    }

    fn add(&mut self, piece: &Range<usize>) {
        self.span.end = piece.end;
        self.letters += piece.len();
        self.pieces += 1;
    }
}

/// Calls `take` with the span of each group of `least` letters and more, in order. A piece belongs to two groups at most.
pub(super) fn groups(
    text: &[u8],
    is_letter: impl Fn(u8) -> bool,
    joining: Joining,
    least: usize,
    mut take: impl FnMut(Range<usize>),
) {
    let least_pieces = if joining == Joining::WholeLines { 2 } else { 1 };
    let mut give = |group: Group| {
        if group.letters >= least && group.pieces >= least_pieces {
            take(group.span);
        }
    };
    let mut open: Option<Group> = None;
    for piece in runs(text, is_letter) {
        let Some(mut group) = open.take() else {
            open = Some(Group::of(piece));
            continue;
        };
        let gap = text.get(group.span.end..piece.start).map_or(Gap::Other, gap);
        let (joins, ends) = match joining {
            Joining::WholeLines => (gap == Gap::Line, false),
            Joining::EqualPieces => (gap != Gap::Other && piece.len() <= group.size, piece.len() < group.size),
        };
        if joins {
            group.add(&piece);
        }
        if joins && !ends {
            open = Some(group);
        } else {
            // A shorter piece may be the last of this group, or the first of the next after a longer word.
            give(group);
            open = Some(Group::of(piece));
        }
    }
    open.into_iter().for_each(give);
}

fn gap(between: &[u8]) -> Gap {
    match between {
        b" " | b"\t" | b"." | b"," | b"|" | b", " | b" | " | b":" | b";" => Gap::Mark,
        // `>` quotes a line in a mail or a chat.
        _ if between.len() <= WIDEST_GAP && between.iter().all(|byte| b" \t\r\n>".contains(byte)) => {
            if between.iter().filter(|byte| **byte == b'\n').count() == 1 { Gap::Line } else { Gap::Other }
        }
        _ => Gap::Other,
    }
}

/// Calls `take` with the contents of each two and more quoted pieces that follow one another closely, in order. A piece is
/// four letters and more, padded or not, and nothing else in quotes; a name of a field is none.
pub(super) fn quoted(text: &[u8], is_letter: impl Fn(u8) -> bool, mut take: impl FnMut(&[Range<usize>])) {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut place = 0_usize;
    while let Some(offset) =
        text.get(place..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b'"' | b'\'' | b'`')))
    {
        let open = place + offset;
        let inside = text.get(open + 1..).unwrap_or_default();
        let letters = inside.iter().position(|byte| !is_letter(*byte)).unwrap_or(inside.len());
        let padding = inside.iter().skip(letters).take_while(|byte| **byte == b'=').count();
        let end = open + 1 + letters;
        place = end + padding;
        if letters < 4 || text.get(place) != text.get(open) {
            continue;
        }
        place += 1;
        let mut after = text.get(place..).unwrap_or_default().iter().take(WIDEST_GAP);
        if after.find(|byte| **byte != b' ') == Some(&b':') {
            continue;
        }
        if pieces.last().is_some_and(|last| open > last.end + WIDEST_GAP) {
            if pieces.len() > 1 {
                take(&pieces);
            }
            pieces.clear();
        }
        pieces.push(open + 1..end);
    }
    if pieces.len() > 1 {
        take(&pieces);
    }
}
