//! International bank account numbers (ISO 13616): a country, its length, and check digits.

use crate::detect::formats::checksum;
use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, DIGIT, UPPER};

/// Length of an IBAN by country: SWIFT, IBAN Registry. Sorted.
const COUNTRIES: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// Every IBAN, written in one or in groups of four.
pub(in crate::detect::formats) fn find(hay: &Hay<'_>, found: &mut dyn FnMut(Match)) {
    let mut at = 0;
    while let Some(start) = hay.next(at, |byte| UPPER.has(byte)) {
        at = start + 1;
        let head = [hay.at(start), hay.at(start + 1)];
        if ALNUM.has(hay.before(start)) || !DIGIT.has(hay.at(start + 2)) || !DIGIT.has(hay.at(start + 3)) {
            continue;
        }
        let Ok(country) = COUNTRIES.binary_search_by_key(&head, |(country, _)| **country) else { continue };
        let Some((_, length)) = COUNTRIES.get(country) else { continue };
        let mut digits = Vec::with_capacity(*length);
        let mut end = start;
        while digits.len() < *length {
            let byte = hay.at(end);
            if ALNUM.has(byte) {
                digits.push(byte.to_ascii_uppercase());
            } else if !(matches!(byte, b' ' | b'-') && digits.len() % 4 == 0) {
                break;
            }
            end += 1;
        }
        if digits.len() == *length && !ALNUM.has(hay.at(end)) && checksum::iban(&digits) {
            found(Match::of(start..end));
            at = end;
        }
    }
}
