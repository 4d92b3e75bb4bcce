//! A text as it may have been meant: folded, with the way back to the original.
//!
//! A view keeps some of the folded characters of a text, without anything between them, and remembers where words begin.
//! `I g n o r e`, `IGNORE` and `i-g-n-o-r-e` all have the letters `ignore`; only the word marks differ. A position in the
//! view leads back to the original through [`View::locate`], which folds the stretch in question once more: the common
//! case, in which nothing is found, pays nothing for it.

use std::ops::Range;

use super::fold::{Folded, fold};
use super::seen::Seen;
use super::shape::Shape;
use super::vector::{self, BLOCK, LEAST, Sets, Vector};

/// What a view keeps of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Letters. Everything else only marks where words begin; apostrophes and invisible characters do not even that.
    Letters,
    /// Letters, and the digits and symbols that can stand for one, as that letter. `l` and `i` are one letter here, since
    /// `1` stands for both.
    Leet,
    /// Everything but blanks.
    Symbols,
}

/// A word begins at the next kept character.
const BREAK: u8 = 0;
/// Left out without a trace.
const SILENT: u8 = 1;

/// In a table of bytes: the byte is kept.
const IS_KEPT: u32 = 1 << 30;
/// In a table of bytes: a word ends there.
const ENDS_WORD: u32 = 1 << 31;

/// What becomes of each ASCII byte in one flavour: the kept byte, [`BREAK`] or [`SILENT`]; above it what it adds to
/// [`Seen`].
const fn ascii_table(flavour: Flavour) -> [u32; 128] {
    let mut table = [0; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        let kept = match flavour {
            Flavour::Letters if byte.is_ascii_alphabetic() => byte.to_ascii_lowercase(),
            Flavour::Leet => leet_letter(byte),
            Flavour::Symbols if byte.is_ascii_graphic() => byte.to_ascii_lowercase(),
            Flavour::Letters if byte == b'\'' => SILENT,
            Flavour::Letters | Flavour::Symbols => match byte {
                b'\t' | b'\n' | b'\r' | b' ' | b'!'..=b'~' => BREAK,
                _ => SILENT,
            },
        };
        #[expect(clippy::indexing_slicing, reason = "`byte` is below 128; `get_mut` is not const")]
        {
            let what = match kept {
                BREAK => ENDS_WORD,
                SILENT => 0,
                _ => IS_KEPT,
            };
            table[byte as usize] = kept as u32 | Seen::of_ascii(byte).bits() << 8 | what;
        }
        byte += 1;
    }
    table
}

/// The letter that a byte stands for in the leet view.
const fn leet_letter(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'!' | b'|' | b'l' | b'L' => b'i',
        b'2' => b'z',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'6' | b'9' => b'g',
        b'7' | b'+' => b't',
        b'8' => b'b',
        b'\'' => SILENT,
        _ if byte.is_ascii_alphabetic() => byte.to_ascii_lowercase(),
        b'\t' | b'\n' | b'\r' | b' '..=b'~' => BREAK,
        _ => SILENT,
    }
}

static LETTERS: [u32; 128] = ascii_table(Flavour::Letters);
static LEET: [u32; 128] = ascii_table(Flavour::Leet);
static SYMBOLS: [u32; 128] = ascii_table(Flavour::Symbols);

/// The same table as sets, for the vector pass; every flavour but [`Leet`](Flavour::Leet) has them, since there a kept byte
/// is the byte itself in lower case.
const fn ascii_sets(table: &[u32; 128]) -> Sets {
    let mut sets = Sets { kept: [0; 16], breaks: [0; 16], special: [0; 16] };
    let mut byte = 0_u8;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "`byte` is below 128; `get` is not const")]
        let entry = table[byte as usize];
        if entry & IS_KEPT != 0 {
            sets.kept = vector::with(sets.kept, byte);
        }
        if entry & ENDS_WORD != 0 {
            sets.breaks = vector::with(sets.breaks, byte);
        }
        if entry >> 8 & Seen::ALL.bits() != 0 {
            sets.special = vector::with(sets.special, byte);
        }
        byte += 1;
    }
    sets
}

static LETTER_SETS: Sets = ascii_sets(&LETTERS);
static SYMBOL_SETS: Sets = ascii_sets(&SYMBOLS);

impl Flavour {
    const fn sets(self) -> Option<&'static Sets> {
        match self {
            Self::Letters => Some(&LETTER_SETS),
            Self::Leet => None,
            Self::Symbols => Some(&SYMBOL_SETS),
        }
    }

    const fn table(self) -> &'static [u32; 128] {
        match self {
            Self::Letters => &LETTERS,
            Self::Leet => &LEET,
            Self::Symbols => &SYMBOLS,
        }
    }
}

/// Kept characters of a text, in UTF-8, and where words begin among them.
///
/// Use one again with [`fill`](View::fill): its buffers keep their size.
#[derive(Clone, Debug)]
pub struct View {
    flavour: Flavour,
    /// The kept bytes, and behind them room.
    bytes: Vec<u8>,
    /// How many are kept.
    len: usize,
    /// Bit n: a word begins at byte n of `bytes`. The end of the text counts as a beginning.
    starts: Vec<u64>,
    anchors: Vec<Anchor>,
    seen: Seen,
}

/// A place from which the folding can be taken up again: one for every [`STRIDE`] bytes of the source.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    /// Bytes of the source before it.
    source: usize,
    /// Bytes kept before it.
    kept: usize,
    /// Whether the last kept character before it is ASCII.
    after_ascii: bool,
}

/// Bytes of the source from one anchor to the next.
const STRIDE: usize = BLOCK;

impl View {
    /// An empty view.
    #[must_use]
    pub const fn new(flavour: Flavour) -> Self {
        Self { flavour, bytes: Vec::new(), len: 0, starts: Vec::new(), anchors: Vec::new(), seen: Seen::NONE }
    }

    /// Makes this the view of `text`. One pass; no allocation once the buffers have grown.
    pub fn fill(&mut self, text: &str) {
        self.fill_with(text, Vector::of_this_machine());
    }

    /// The same with the vector pass or without: what comes out is the same.
    fn fill_with(&mut self, text: &str, vector: Option<Vector>) {
        let Self { flavour, bytes, starts, anchors, .. } = self;
        anchors.clear();
        starts.clear();
        let mut writer = Writer { bytes, starts, len: 0, fresh: true };
        writer.reserve(text.len());
        let (mut seen, mut shape, mut after_ascii) = (Seen::NONE, Shape::default(), false);
        let table = flavour.table();
        let vector = vector.zip(flavour.sets());
        let mut source = 0;
        while let Some(rest) = text.get(source..)
            && !rest.is_empty()
        {
            anchors.push(Anchor { source, kept: writer.len, after_ascii });
            let before = writer.len;
            if let Some((vector, sets)) = vector
                && let Some((classes, read)) = writer.block(vector, sets, table, &mut shape, rest.as_bytes())
            {
                seen |= classes;
                after_ascii |= writer.len > before;
                source += read;
                continue;
            }
            let len = vector.map_or(0, |_| awkward_len(rest.as_bytes()));
            let len = if len == 0 { stretch_len(rest) } else { len };
            let Some((stretch, _)) = rest.split_at_checked(len) else { break };
            source += stretch.len();
            let mut rest = stretch;
            while !rest.is_empty() {
                // A stretch is mostly ASCII, or mostly not.
                let ascii = if rest.is_ascii() { rest.len() } else { rest.bytes().take_while(u8::is_ascii).count() };
                let (run, after) = rest.split_at_checked(ascii).unwrap_or_default();
                let before = writer.len;
                seen |= shape.bytes(run.as_bytes());
                seen |=
                    if ascii < LEAST { writer.few(table, run.as_bytes()) } else { writer.ascii(table, run.as_bytes()) };
                after_ascii |= writer.len > before;
                let wide = after.bytes().take_while(|byte| !byte.is_ascii()).count();
                let (run, after) = after.split_at_checked(wide).unwrap_or_default();
                if wide > 0 {
                    shape = Shape::default();
                }
                for c in run.chars() {
                    seen |= emit(*flavour, c, &mut after_ascii, |out| writer.put(out));
                }
                rest = after;
            }
        }
        let Writer { len, .. } = writer;
        if let Some(word) = starts.get_mut(len / 64) {
            *word |= 1 << (len % 64);
        }
        (self.len, self.seen) = (len, seen);
    }

    /// The kept bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// What the view keeps.
    #[must_use]
    pub const fn flavour(&self) -> Flavour {
        self.flavour
    }

    /// What was seen while folding.
    #[must_use]
    pub const fn seen(&self) -> Seen {
        self.seen
    }

    /// Whether a word begins at this kept byte, or the text ends there.
    #[must_use]
    pub fn is_word_start(&self, at: usize) -> bool {
        self.starts.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// The word marks of the 64 kept bytes from `at`: bit n is [`is_word_start`](Self::is_word_start)`(at + n)`.
    #[must_use]
    pub fn word_starts(&self, at: usize) -> u64 {
        let (word, bit) = (at / 64, at % 64);
        let low = self.starts.get(word).copied().unwrap_or_default() >> bit;
        let high = self.starts.get(word + 1).copied().unwrap_or_default();
        // A shift by 64 is an error, so the upper half comes in two steps.
        low | high << 1 << (63 - bit)
    }

    /// Whether there is a stretch of the source, which has `len` bytes, of which hardly a quarter is kept.
    #[must_use]
    pub fn is_sparse(&self, len: usize) -> bool {
        let end = Anchor { source: len, kept: self.bytes.len(), after_ascii: false };
        let next = self.anchors.iter().skip(1).chain([&end]);
        let mut stretches = self.anchors.iter().zip(next).map(|(a, b)| (b.source - a.source, b.kept - a.kept));
        stretches.any(|(source, kept)| source >= 24 && kept * 4 <= source)
    }

    /// The words, as kept bytes.
    pub fn words(&self) -> impl Iterator<Item = &[u8]> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let end = (at + 1..=self.len).find(|end| self.is_word_start(*end))?;
            let word = self.bytes().get(at..end);
            at = end;
            word
        })
    }

    /// Where kept bytes come from: the range of `text`, which must be what this view was filled with, from the first
    /// character that gave one of them to the end of the last. Never cuts a character.
    ///
    /// Folds again from the nearest anchor before, so the cost is that of the stretch it spans.
    #[must_use]
    pub fn locate(&self, text: &str, kept: Range<usize>) -> Range<usize> {
        let after = self.anchors.partition_point(|anchor| anchor.kept <= kept.start);
        let Some(anchor) = after.checked_sub(1).and_then(|index| self.anchors.get(index)) else { return 0..0 };
        let (mut count, mut after_ascii) = (anchor.kept, anchor.after_ascii);
        let mut found: Option<Range<usize>> = None;
        for (at, c) in text.get(anchor.source..).unwrap_or_default().char_indices() {
            let before = count;
            emit(self.flavour, c, &mut after_ascii, |out| {
                if let Out::Keep(c) = out {
                    count += c.len_utf8();
                }
            });
            if count > kept.start && count > before {
                let (start, end) = (anchor.source + at, anchor.source + at + c.len_utf8());
                found.get_or_insert(start..end).end = end;
            }
            if count >= kept.end {
                break;
            }
        }
        found.unwrap_or(anchor.source..anchor.source)
    }
}

/// Bytes of the next stretch: [`STRIDE`], or a few more so as not to cut a character.
fn stretch_len(rest: &str) -> usize {
    (STRIDE..STRIDE + 4).find(|end| rest.is_char_boundary(*end)).unwrap_or(rest.len()).min(rest.len())
}

/// Bytes up to where a block of ASCII is worth while, or [`STRIDE`] and what is left of a character there.
fn awkward_len(rest: &[u8]) -> usize {
    let mut ascii = 0;
    for (at, byte) in rest.iter().enumerate() {
        if at >= STRIDE && byte & 0xc0 != 0x80 {
            return at;
        }
        ascii = if byte.is_ascii() { ascii + 1 } else { 0 };
        if ascii == LEAST {
            return at + 1 - LEAST;
        }
    }
    rest.len()
}

/// What becomes of one character.
enum Out {
    /// It is kept, as this.
    Keep(char),
    /// It is not, and a word ends here.
    Break,
}

/// Folds one character: the one place that says what each flavour keeps, and what it adds to [`Seen`].
fn emit(flavour: Flavour, c: char, after_ascii: &mut bool, mut sink: impl FnMut(Out)) -> Seen {
    let mut seen = Seen::NONE;
    let mut put = |c: char, after_ascii: &mut bool| {
        if !c.is_ascii() {
            *after_ascii = false;
            sink(Out::Keep(c));
            return;
        }
        let entry = flavour.table().get(c as usize).copied().unwrap_or_default();
        seen |= Seen::from_bits(entry >> 8);
        match entry as u8 {
            BREAK => sink(Out::Break),
            SILENT => {}
            kept => {
                *after_ascii = true;
                sink(Out::Keep(char::from(kept)));
            }
        }
    };
    if c.is_ascii() {
        put(c, after_ascii);
        return seen;
    }
    let folded = fold(c);
    match folded {
        Folded::Drop => {}
        Folded::Blank => put(' ', after_ascii),
        Folded::Letter(letter) => put(letter, after_ascii),
        Folded::Wide(letter) => {
            put(' ', after_ascii);
            put(letter, after_ascii);
            put(' ', after_ascii);
        }
        Folded::Mark(mark) => {
            if !*after_ascii {
                put(mark, after_ascii);
            }
        }
        Folded::Sequence(text) => text.chars().for_each(|c| put(c, after_ascii)),
        Folded::Symbol(symbol) if symbol.is_ascii() || flavour == Flavour::Symbols => put(symbol, after_ascii),
        Folded::Symbol(_) => put(' ', after_ascii),
    }
    let class = match folded {
        Folded::Drop => Seen::INVISIBLE,
        Folded::Letter(c) | Folded::Symbol(c) if c.is_ascii() => Seen::STYLED,
        Folded::Sequence(text) if text.is_ascii() => Seen::STYLED,
        _ => Seen::NONE,
    };
    seen | class | Seen::WIDE
}

/// Where the kept bytes go.
struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
    starts: &'a mut Vec<u64>,
    len: usize,
    /// Whether the next kept character begins a word.
    fresh: bool,
}

impl Writer<'_> {
    /// The first 64 bytes of `rest`, or as many of them as are ASCII. What was seen, and how many bytes were read.
    #[inline]
    fn block(
        &mut self,
        vector: Vector,
        sets: &Sets,
        table: &[u32; 128],
        shape: &mut Shape,
        rest: &[u8],
    ) -> Option<(Seen, usize)> {
        let mut padded = [b' '; BLOCK];
        let text = match rest.first_chunk() {
            Some(block) => block,
            None => {
                padded.get_mut(..rest.len())?.copy_from_slice(rest);
                &padded
            }
        };
        let room = self.bytes.get_mut(self.len..)?.first_chunk_mut()?;
        let block = vector.fold(text, sets, shape.last(), self.fresh, room)?;
        let [.., end] = text;
        let mut seen = shape.block(&block, *end).bits() << 8;
        let mut special = block.special;
        while special != 0 {
            let byte = text.get(special.trailing_zeros() as usize).copied().unwrap_or_default();
            seen |= table.get(usize::from(byte)).copied().unwrap_or_default();
            special &= special - 1;
        }
        self.fresh = block.fresh;
        self.mark(block.marks, block.len);
        self.reserve(self.len);
        Some((Seen::from_bits(seen >> 8), block.read.min(rest.len())))
    }

    /// A stretch of ASCII, of at most 67 bytes. Without a branch on the text, which would be mispredicted at every other
    /// word: a byte that is not kept is overwritten by the next.
    fn ascii(&mut self, table: &[u32; 128], stretch: &[u8]) -> Seen {
        let mut seen = 0;
        // A stretch is 64 bytes, but for the last of a text and where a character would have been cut.
        for part in stretch.chunks(STRIDE) {
            let mut kept = [0_u8; STRIDE];
            let (mut len, mut marks, mut fresh) = (0_usize, 0_u64, u64::from(self.fresh));
            for byte in part {
                #[expect(clippy::indexing_slicing, reason = "masked to the length of the table")]
                let entry = table[usize::from(byte & 127)];
                seen |= entry;
                #[expect(
                    clippy::indexing_slicing,
                    reason = "masked to the length of the buffer, which `len` never passes"
                )]
                {
                    kept[len & (STRIDE - 1)] = entry as u8;
                }
                // A mark set for a byte that is not kept holds for the next as well.
                marks |= fresh << (len & 63);
                let is_kept = entry >> 30 & 1;
                len += is_kept as usize;
                fresh = fresh & u64::from(is_kept ^ 1) | u64::from(entry >> 31);
            }
            self.fresh = fresh != 0;
            self.append(&kept, len, marks);
        }
        Seen::from_bits(seen >> 8)
    }

    /// A few bytes of ASCII.
    fn few(&mut self, table: &[u32; 128], bytes: &[u8]) -> Seen {
        let mut seen = 0;
        self.reserve(self.len + bytes.len());
        for byte in bytes {
            let entry = table.get(usize::from(*byte)).copied().unwrap_or_default();
            seen |= entry;
            if entry & IS_KEPT != 0 {
                if let Some(to) = self.bytes.get_mut(self.len) {
                    *to = entry as u8;
                }
                self.mark(u64::from(self.fresh), 1);
            }
            self.fresh = self.fresh & (entry & IS_KEPT == 0) | (entry & ENDS_WORD != 0);
        }
        Seen::from_bits(seen >> 8)
    }

    /// Appends up to 64 kept bytes with their marks; a mark beyond them, if there is one, belongs to what comes next and is
    /// set again then.
    fn append(&mut self, kept: &[u8; STRIDE], len: usize, marks: u64) {
        self.reserve(self.len + len);
        if let (Some(to), Some(from)) = (self.bytes.get_mut(self.len..self.len + len), kept.get(..len)) {
            to.copy_from_slice(from);
        }
        self.mark(if len < 64 { marks & ((1 << len) - 1) } else { marks }, len);
    }

    /// Counts `len` bytes more, up to 64, with these marks.
    fn mark(&mut self, marks: u64, len: usize) {
        let (word, bit) = (self.len / 64, self.len % 64);
        if let Some(low) = self.starts.get_mut(word) {
            *low |= marks << bit;
        }
        if let Some(high) = self.starts.get_mut(word + 1) {
            // A shift by 64 is an error, so it comes in two steps.
            *high |= marks >> 1 >> (63 - bit);
        }
        self.len += len;
    }

    /// Makes room for this many kept bytes in all, and a block behind them. Buffers of the size of the text are not always
    /// enough: a compatibility sequence can be longer than its source, and what follows it would find no room.
    #[inline]
    fn reserve(&mut self, needed: usize) {
        let needed = needed + BLOCK;
        if needed > self.bytes.len() {
            self.bytes.resize(needed + needed / 2, 0);
        }
        if needed / 64 + 2 > self.starts.len() {
            self.starts.resize(needed / 64 + 2, 0);
        }
    }

    fn put(&mut self, out: Out) {
        let Out::Keep(c) = out else {
            self.fresh = true;
            return;
        };
        let needed = self.len + c.len_utf8();
        self.reserve(needed);
        if let Some(word) = self.starts.get_mut(self.len / 64) {
            *word |= u64::from(self.fresh) << (self.len % 64);
        }
        self.fresh = false;
        if let Some(slots) = self.bytes.get_mut(self.len..needed) {
            c.encode_utf8(slots);
        }
        self.len = needed;
    }
}

#[cfg(test)]
mod tests;
