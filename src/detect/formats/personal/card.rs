//! Numbers of payment cards (ISO/IEC 7812-1): the range of an issuer, a length that it uses, and the check digit of Luhn.

use crate::detect::formats::checksum::luhn;
use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, DIGIT};

/// First and last six digits of a range, and the lengths in it: from the issuers' documents on identification numbers.
const ISSUERS: &[(u32, u32, &[usize])] = &[
    // Mir, Mastercard's second series.
    (220_000, 220_499, &[16]),
    (222_100, 272_099, &[16]),
    // Diners Club.
    (300_000, 305_999, &[14, 16]),
    (309_500, 309_599, &[14, 16]),
    (360_000, 369_999, &[14, 16]),
    (380_000, 399_999, &[14, 16]),
    // American Express, JCB.
    (340_000, 349_999, &[15]),
    (370_000, 379_999, &[15]),
    (352_800, 358_999, &[16]),
    // Visa, Mastercard.
    (400_000, 499_999, &[16]),
    (510_000, 559_999, &[16]),
    // Maestro.
    (501_800, 501_899, &[16]),
    (502_000, 502_099, &[16]),
    (503_800, 503_899, &[16]),
    (589_300, 589_399, &[16]),
    (630_400, 630_499, &[16]),
    (675_900, 675_999, &[16]),
    (676_100, 676_399, &[16]),
    // Discover, UnionPay, RuPay.
    (601_100, 601_199, &[16]),
    (644_000, 659_999, &[16]),
    (620_000, 629_999, &[16, 19]),
    (810_000, 819_999, &[16, 19]),
    (508_500, 508_999, &[16]),
    (606_985, 608_500, &[16]),
];

/// Digits that a number has at least, and at most.
const LENGTHS: std::ops::RangeInclusive<usize> = 14..=19;

/// Every number of a card, written in one or in groups with one blank or hyphen between them.
pub(in crate::detect::formats) fn find(hay: &Hay<'_>, found: &mut dyn FnMut(Match)) {
    let mut at = 0;
    let mut row = 0;
    while let Some(start) = hay.next(at, |byte| DIGIT.has(byte)) {
        // Which groups are taken for one number depends on where the first of their row stands, so the row is tried whole.
        let goes_on = start == at || start == at + 1 && matches!(hay.before(start), b' ' | b'-');
        row = if goes_on { row } else { start };
        hay.try_at(row);
        let alone = !ALNUM.has(hay.before(start)) && !matches!(hay.before(start), b'.' | b'_' | b'$' | b'+');
        let mut digits = [0_u8; 19];
        let (mut count, mut groups, mut end, mut mark) = (0, 0, start, 0);
        loop {
            let run = hay.run(end, DIGIT, 20);
            if let Some(room) = digits.get_mut(count..count + run) {
                room.copy_from_slice(hay.slice(end..end + run));
            }
            count += run;
            groups += 1;
            end += run;
            let next = hay.at(end);
            let joins = matches!(next, b' ' | b'-') && (mark == 0 || mark == next) && DIGIT.has(hay.at(end + 1));
            // Groups are of three to six digits; what is longer stands alone.
            if !joins || !(3..=6).contains(&run) || count >= *LENGTHS.end() {
                break;
            }
            mark = next;
            end += 1;
        }
        let goes_on = matches!(hay.at(end), b'.' | b'-' | b'_') && ALNUM.has(hay.at(end + 1));
        let ends = !ALNUM.has(hay.at(end)) && !goes_on;
        let whole = digits.get(..count).filter(|_| LENGTHS.contains(&count) && groups <= 5);
        if let Some(digits) = whole.filter(|digits| alone && ends && is_card(digits)) {
            // 4 digits that come again and again are a pattern that somebody typed.
            if digits.chunks(4).any(|group| group != digits.get(..4).unwrap_or_default()) || digits.starts_with(b"4242")
            {
                found(Match::of(start..end));
            }
        }
        at = end;
        if count > *LENGTHS.end() {
            at += hay.run(at, DIGIT, usize::MAX);
        }
    }
}

fn is_card(digits: &[u8]) -> bool {
    let first = digits.iter().take(6).fold(0, |number, digit| number * 10 + u32::from(digit.wrapping_sub(b'0')));
    let issued =
        |(from, to, lengths): &&(u32, u32, &[usize])| (*from..=*to).contains(&first) && lengths.contains(&digits.len());
    ISSUERS.iter().any(|range| issued(&range)) && luhn(digits)
}
