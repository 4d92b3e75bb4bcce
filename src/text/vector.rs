//! What takes many bytes at once, with AVX2: 64 bytes of ASCII folded, 32 places probed.
//!
//! The one module with `unsafe`. Its scalar twin is the pass of [`View`](super::view::View) that takes a byte at a time; a
//! property test there compares the two. It says nothing itself about what is kept: that comes in with [`Sets`], which are
//! made from the table that the twin reads.

#![expect(unsafe_code, reason = "stores at computed places, and calls of functions that need a CPU feature")]

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;
/// Bytes of ASCII at the beginning of a block that make it worth while.
pub(super) const LEAST: usize = 16;

/// A set of ASCII characters: for each lower half of a byte, a bit for each upper half.
pub(super) type Set = [u8; 16];

/// The set with one character more.
pub(super) const fn with(mut set: Set, ascii: u8) -> Set {
    #[expect(clippy::indexing_slicing, reason = "masked to the length of the set; `get_mut` is not const")]
    {
        set[(ascii & 15) as usize] |= 1 << (ascii >> 4 & 7);
    }
    set
}

/// What becomes of ASCII in one flavour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sets {
    /// What is kept, in lower case.
    pub(super) kept: Set,
    /// What ends a word.
    pub(super) breaks: Set,
    /// What adds to the classes that were seen.
    pub(super) special: Set,
}

/// What a block holds: bit n for byte n.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Bytes that were read: all of it, or those before the first that is not ASCII.
    pub(super) read: usize,
    /// Kept bytes.
    pub(super) len: usize,
    /// The kept bytes at which words begin: bit n for the n-th of them.
    pub(super) marks: u64,
    /// Whether a word begins at the next kept byte after the block.
    pub(super) fresh: bool,
    /// Bytes that add to the classes that were seen.
    pub(super) special: u64,
    /// Graphic characters.
    pub(super) graphic: u64,
    /// Small letters.
    pub(super) small: u64,
    /// Capitals and digits.
    pub(super) heads: u64,
    /// Letters that are the same as the byte before, whatever their case.
    pub(super) doubles: u64,
}

/// Bits of a [`Map`], as a power of two: 32 KiB.
const MAP_BITS: u32 = 18;
/// A set of hashes of four bytes.
pub(crate) type Map = [u32; 1 << (MAP_BITS - 5)];
/// Bytes at which a text is probed in one go.
pub(crate) const PROBES: usize = 32;
/// Those, and as many more as the last of them looks at.
pub(crate) const REACH: usize = PROBES + 8;

const FACTOR: u32 = 0x9e37_79b1;

/// The hash of four bytes; the upper bits are the good ones.
pub(crate) const fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(FACTOR)
}

/// The bit for four bytes: its word, and its place in the word.
pub(crate) const fn place(gram: u32) -> (usize, u32) {
    let hash = hash(gram);
    ((hash >> (32 - MAP_BITS + 5)) as usize, !(hash >> (32 - MAP_BITS)) & 31)
}

/// For each of the first 32 bytes, as a bit, whether the four from there are in the map. The scalar twin of
/// [`Vector::probe`].
pub(crate) fn probe(map: &Map, text: &[u8; REACH]) -> u32 {
    let mut hot = 0;
    for (at, gram) in text.windows(4).take(PROBES).enumerate() {
        let gram = gram.first_chunk().map_or(0, |gram| u32::from_le_bytes(*gram));
        let (word, bit) = place(gram);
        hot |= (map.get(word).copied().unwrap_or_default() >> bit & 1) << at;
    }
    hot
}

/// Runs `f`, compiled for what this machine has as far as it is inlined. What comes out is the same: loops over many bytes
/// take fewer instructions.
#[inline]
pub(crate) fn run<R>(f: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if Vector::of_this_machine().is_some() {
        // SAFETY: a `Vector` is only made where the machine has these features.
        return unsafe { avx2::run(f) };
    }
    f()
}

/// Proof that this machine has what the functions need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vector(());

impl Vector {
    /// Asks the machine.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn of_this_machine() -> Option<Self> {
        let has_bits = is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2");
        (has_bits && is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt")).then_some(Self(()))
    }

    /// Asks the machine.
    #[cfg(not(target_arch = "x86_64"))]
    pub(crate) const fn of_this_machine() -> Option<Self> {
        None
    }

    /// Folds a block into `to`; the bytes of `to` after the kept ones are left in any state. `last` is the byte before it as a
    /// small letter, or 0; `fresh` says whether a word begins at its first kept byte. None if it begins with hardly any ASCII.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub(super) fn fold(
        self,
        block: &[u8; BLOCK],
        sets: &Sets,
        last: u8,
        fresh: bool,
        to: &mut [u8; BLOCK],
    ) -> Option<Block> {
        // SAFETY: a `Vector` is only made where the machine has these features.
        unsafe { avx2::fold(block, sets, last, fresh, to) }
    }

    /// For each of the first 32 bytes, as a bit, whether the four from there are in the map.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub(crate) fn probe(self, map: &Map, text: &[u8; REACH]) -> u32 {
        // SAFETY: as above.
        unsafe { avx2::probe(map, text) }
    }

    /// There is no such machine.
    #[cfg(not(target_arch = "x86_64"))]
    pub(crate) fn probe(self, map: &Map, text: &[u8; REACH]) -> u32 {
        probe(map, text)
    }

    /// There is no such machine.
    #[cfg(not(target_arch = "x86_64"))]
    pub(super) fn fold(self, _: &[u8; BLOCK], _: &Sets, _: u8, _: bool, _: &mut [u8; BLOCK]) -> Option<Block> {
        None
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{BLOCK, Block, FACTOR, LEAST, MAP_BITS, Map, PROBES, REACH, Set, Sets, with};

    /// For each upper half of an ASCII byte, its bit in a [`Set`].
    const UPPER_HALVES: Set = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];
    const GRAPHIC: Set = range(b'!', b'~');
    const SMALL: Set = range(b'a', b'z');
    const DIGIT: Set = range(b'0', b'9');

    const fn range(mut first: u8, last: u8) -> Set {
        let mut set = [0; 16];
        while first <= last {
            set = with(set, first);
            first += 1;
        }
        set
    }

    /// For eight bytes of which some are kept, where each kept byte is taken from.
    static SQUEEZE: [u64; 256] = {
        let mut table = [0; 256];
        let mut mask = 0;
        while mask < 256 {
            let (mut places, mut count, mut bit) = (0x8080_8080_8080_8080_u64, 0, 0);
            while bit < 8 {
                if mask >> bit & 1 == 1 {
                    places = places & !(0xff << (count * 8)) | (bit as u64) << (count * 8);
                    count += 1;
                }
                bit += 1;
            }
            #[expect(clippy::indexing_slicing, reason = "`mask` is below 256; `get_mut` is not const")]
            {
                table[mask] = places;
            }
            mask += 1;
        }
        table
    };

    /// 64 bytes.
    #[derive(Clone, Copy)]
    struct Pair(__m256i, __m256i);

    impl Pair {
        #[target_feature(enable = "avx2")]
        #[inline]
        fn map(self, f: impl Fn(__m256i) -> __m256i) -> Self {
            Self(f(self.0), f(self.1))
        }

        /// The upper bits of all bytes.
        #[target_feature(enable = "avx2")]
        #[inline]
        fn bits(self) -> u64 {
            let (low, high) = (_mm256_movemask_epi8(self.0), _mm256_movemask_epi8(self.1));
            u64::from(low.cast_unsigned()) | u64::from(high.cast_unsigned()) << 32
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn table(set: &Set) -> __m256i {
        // SAFETY: the pointer is to 16 bytes, and need not be aligned.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(set.as_ptr().cast()) })
    }

    #[target_feature(enable = "avx2,bmi2,popcnt")]
    pub(super) fn fold(block: &[u8; BLOCK], sets: &Sets, last: u8, fresh: bool, to: &mut [u8; BLOCK]) -> Option<Block> {
        let from = block.as_ptr().cast::<__m256i>();
        // SAFETY: the block is as long as both together, and need not be aligned.
        let text = unsafe { Pair(_mm256_loadu_si256(from), _mm256_loadu_si256(from.add(1))) };
        let read = text.bits().trailing_zeros() as usize;
        if read < LEAST {
            return None;
        }
        let within = if read < BLOCK { (1 << read) - 1 } else { u64::MAX };
        let half = _mm256_set1_epi8(0x0f);
        let halves = table(&UPPER_HALVES);
        let upper = text.map(|v| _mm256_shuffle_epi8(halves, _mm256_and_si256(_mm256_srli_epi16::<4>(v), half)));
        let holds = |set: &Set| {
            let set = table(set);
            let held = |v, upper| _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_shuffle_epi8(set, v), upper), upper);
            Pair(held(text.0, upper.0), held(text.1, upper.1)).bits() & within
        };
        let (kept, breaks, small) = (holds(&sets.kept), holds(&sets.breaks), holds(&SMALL));

        let (before, after) = (_mm256_set1_epi8(b'A'.cast_signed() - 1), _mm256_set1_epi8(b'Z'.cast_signed() + 1));
        let capital = text.map(|v| _mm256_and_si256(_mm256_cmpgt_epi8(v, before), _mm256_cmpgt_epi8(after, v)));
        let case = _mm256_set1_epi8(0x20);
        let lower = |v, capital| _mm256_or_si256(v, _mm256_and_si256(capital, case));
        let folded = Pair(lower(text.0, capital.0), lower(text.1, capital.1));
        let behind = |v, before| _mm256_alignr_epi8::<15>(v, _mm256_permute2x128_si256::<0x21>(before, v));
        let same = |v, before| _mm256_cmpeq_epi8(v, behind(v, before));
        let same = Pair(same(folded.0, _mm256_set1_epi8(last.cast_signed())), same(folded.1, folded.0)).bits();
        let capitals = capital.bits() & within;

        let mut words = [0_u64; 8];
        let stored = words.as_mut_ptr().cast::<__m256i>();
        // SAFETY: the eight words are as long as both together, and need not be aligned.
        unsafe {
            _mm256_storeu_si256(stored, folded.0);
            _mm256_storeu_si256(stored.add(1), folded.1);
        }
        let (mut len, mut rest) = (0, kept);
        for word in words {
            let places = SQUEEZE.get(usize::from(rest as u8)).copied().unwrap_or_default();
            let squeezed =
                _mm_shuffle_epi8(_mm_cvtsi64_si128(word.cast_signed()), _mm_cvtsi64_si128(places.cast_signed()));
            // SAFETY: each word before has added at most 8 to `len`, so this one ends at 64 at the latest.
            unsafe { to.as_mut_ptr().add(len).cast::<i64>().write_unaligned(_mm_cvtsi128_si64(squeezed)) };
            len += (rest as u8).count_ones() as usize;
            rest >>= 8;
        }
        // A break is carried over whatever is not kept, to the next byte that is.
        let (sum, over) = breaks.overflowing_add(!kept);
        let (sum, over_fresh) = sum.overflowing_add(u64::from(fresh));
        Some(Block {
            read,
            len,
            marks: _pext_u64(sum, kept),
            fresh: over | over_fresh,
            special: holds(&sets.special),
            graphic: holds(&GRAPHIC),
            small,
            heads: capitals | holds(&DIGIT),
            doubles: same & (small | capitals),
        })
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    pub(super) fn run<R>(f: impl FnOnce() -> R) -> R {
        f()
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn probe(map: &Map, text: &[u8; REACH]) -> u32 {
        let grams = _mm256_setr_epi8(
            0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10,
        );
        let (factor, low) = (_mm256_set1_epi32(FACTOR.cast_signed()), _mm256_set1_epi32(31));
        let mut hot = 0;
        for part in 0..PROBES / 8 {
            // SAFETY: the last part begins at 24 and the text has 40 bytes; the pointer need not be aligned.
            let bytes = unsafe { _mm_loadu_si128(text.as_ptr().add(part * 8).cast()) };
            let grams = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), grams);
            let hashes = _mm256_mullo_epi32(grams, factor);
            let words = _mm256_srli_epi32::<{ (32 - MAP_BITS + 5).cast_signed() }>(hashes);
            // SAFETY: `words` are MAP_BITS - 5 bits each, so they lie within the map.
            let words = unsafe { _mm256_i32gather_epi32::<4>(map.as_ptr().cast(), words) };
            let bits = _mm256_and_si256(_mm256_srli_epi32::<{ (32 - MAP_BITS).cast_signed() }>(hashes), low);
            let found = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_sllv_epi32(words, bits)));
            hot |= found.cast_unsigned() << (part * 8);
        }
        hot
    }
}
