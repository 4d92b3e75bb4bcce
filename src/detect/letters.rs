//! The letters of an alternative, as they stand in a text for each way in which a phrase may run.

use super::phrase::Piece;

/// Which way the phrase runs through the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Direction {
    Forward,
    /// Letter by letter from its end.
    Backward,
    /// The words in order, each spelled backwards.
    WordsReversed,
    /// The words from the last to the first, each spelled forwards.
    WordOrder,
}

impl Direction {
    /// Whether a word is spelled forwards.
    pub(super) const fn spells_forward(self) -> bool {
        matches!(self, Self::Forward | Self::WordOrder)
    }

    /// To which side the phrase goes on.
    pub(super) const fn ahead(self) -> Side {
        if matches!(self, Self::Forward | Self::WordsReversed) { Side::Right } else { Side::Left }
    }

    /// On which side of a stem its ending stands.
    pub(super) const fn ending(self) -> Side {
        if self.spells_forward() { Side::Right } else { Side::Left }
    }
}

/// To which side of the anchor, in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// One alternative in all directions.
#[derive(Clone, Debug)]
pub(super) struct Letters {
    pub(super) forward: Spelling,
    backward: Spelling,
    /// Several words: [`Direction::WordsReversed`] and [`Direction::WordOrder`], where they are not as one word is.
    pub(super) turned: Option<Box<[Spelling; 2]>>,
    pub(super) stem: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Spelling {
    pub(super) bytes: Box<[u8]>,
    /// Word marks within: bit n for byte n, from 1.
    pub(super) marks: u64,
}

impl Spelling {
    /// Of words that follow one another.
    fn of(words: &[String], map: fn(u8) -> u8) -> Self {
        let mut marks = 0;
        let mut len = 0;
        for word in words {
            marks |= 1_u64.checked_shl(len).unwrap_or_default();
            len += u32::try_from(word.len()).unwrap_or(u32::MAX);
        }
        Self { bytes: words.concat().bytes().map(map).collect(), marks: marks & !1 }
    }
}

impl Letters {
    pub(super) fn new(piece: &Piece, map: fn(u8) -> u8) -> Self {
        let words: Vec<String> = piece.words().map(str::to_owned).collect();
        let spelled_backwards: Vec<String> = words.iter().map(|word| word.chars().rev().collect()).collect();
        let turn = |words: &[String]| words.iter().rev().cloned().collect::<Vec<_>>();
        let turned = match words.len() {
            0 | 1 => None,
            // The ending would stand within.
            _ if piece.stem => Some(Box::default()),
            _ => Some(Box::new([Spelling::of(&spelled_backwards, map), Spelling::of(&turn(&words), map)])),
        };
        Self {
            forward: Spelling::of(&words, map),
            backward: Spelling::of(&turn(&spelled_backwards), map),
            turned,
            stem: piece.stem,
        }
    }

    /// The bytes as they stand in a text that is read in this direction; none if they cannot stand there.
    pub(super) fn bytes(&self, direction: Direction) -> &[u8] {
        &self.spelling(direction).bytes
    }

    pub(super) fn spelling(&self, direction: Direction) -> &Spelling {
        match (direction, self.turned.as_deref()) {
            (Direction::Forward, _) | (Direction::WordOrder, None) => &self.forward,
            (Direction::Backward, _) | (Direction::WordsReversed, None) => &self.backward,
            (Direction::WordsReversed, Some([turned, _])) | (Direction::WordOrder, Some([_, turned])) => turned,
        }
    }
}
