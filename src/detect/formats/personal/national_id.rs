//! Numbers by which a state knows a person.

use std::ops::Range;

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, DIGIT};

/// A US social security number behind a word that says so: no area 000, 666 or 9xx, no group 00, no serial 0000 (Social
/// Security Administration, Social Security number randomization).
pub(in crate::detect::formats) fn us_ssn(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if ALNUM.has(hay.before(gate.start)) {
        return None;
    }
    let start = hay.find(gate.end, 32, |byte| DIGIT.has(byte) || byte == b'\n').filter(|at| hay.at(*at) != b'\n')?;
    let area = hay.run(start, DIGIT, 10);
    let (digits, end) = if area == 9 {
        (hay.slice(start..start + 9).to_vec(), start + 9)
    } else {
        let mark = hay.at(start + 3);
        let parted = matches!(mark, b'-' | b' ')
            && area == 3
            && hay.run(start + 4, DIGIT, 3) == 2
            && hay.at(start + 6) == mark
            && hay.run(start + 7, DIGIT, 5) == 4;
        if !parted {
            return None;
        }
        let parts = [start..start + 3, start + 4..start + 6, start + 7..start + 11];
        (parts.into_iter().flat_map(|part| hay.slice(part).iter().copied()).collect(), start + 11)
    };
    let part = |range: Range<usize>| digits.get(range).unwrap_or_default();
    let is_issued = !matches!(part(0..3), b"000" | b"666" | [b'9', ..]) && part(3..5) != b"00" && part(5..9) != b"0000";
    let alone = !ALNUM.has(hay.at(end)) && !ALNUM.has(hay.before(start));
    (is_issued && alone).then(|| Match::of(start..end))
}
