//! Tells what was drawn at random from what a person wrote: a key from a placeholder, a token from a name.

use super::hay::holds;

/// Words that say that something stands in for a secret. AWS's `EXAMPLE` is none of them: keys of the documentation are
/// found like any others, since nobody is harmed by it and a filter of words would be one more thing to evade.
const STAND_INS: &[&str] = &[
    "xxxx",
    "your",
    "placeholder",
    "redacted",
    "changeme",
    "change_me",
    "change-me",
    "dummy",
    "insert",
    "replace",
    "....",
    "****",
    "hidden",
    "removed",
    "sample",
];

/// Bits of information in a byte of `bytes`, in 1/256: Shannon's entropy over the bytes that occur. Integer arithmetic, so it
/// is the same on every machine.
pub(super) fn entropy(bytes: &[u8]) -> u32 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let Ok(all) = u32::try_from(bytes.len()) else { return u32::MAX };
    let weighted: u64 = counts.iter().map(|count| u64::from(*count) * u64::from(log2(*count))).sum();
    log2(all)
        .saturating_sub(u32::try_from(weighted.checked_div(u64::from(all)).unwrap_or_default()).unwrap_or(u32::MAX))
}

/// The logarithm to the base 2, in 1/256, rounded down; 0 of 0.
fn log2(number: u32) -> u32 {
    let Some(whole) = number.checked_ilog2() else { return 0 };
    // The number as a fraction between 1 and 2, in 1/2^31; squaring it doubles the logarithm, bit by bit.
    let mut fraction = u64::from(number) << (31 - whole);
    let mut log = whole;
    for _ in 0..8 {
        fraction = (fraction * fraction) >> 31;
        log <<= 1;
        if fraction >= 1 << 32 {
            fraction >>= 1;
            log |= 1;
        }
    }
    log
}

/// Whether `bytes` stand in for a secret: a word says so, or they repeat or count on.
pub(super) fn stands_in(bytes: &[u8]) -> bool {
    let distinct = {
        let mut seen = [false; 256];
        bytes.iter().for_each(|byte| {
            if let Some(seen) = seen.get_mut(usize::from(*byte)) {
                *seen = true;
            }
        });
        seen.iter().filter(|seen| **seen).count()
    };
    let pairs = || bytes.iter().zip(bytes.iter().skip(1));
    let counting = pairs().filter(|(a, b)| a.wrapping_add(1) == **b || (**a == b'9' && **b == b'0')).count();
    let (mut longest, mut run) = (0, 0);
    for (a, b) in pairs() {
        run = if a == b { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let least = match bytes.len() {
        0..8 => 2,
        8..16 => 4,
        _ => 7,
    };
    distinct < least || counting * 2 > bytes.len() || longest >= 6 || holds(bytes, STAND_INS)
}

/// Whether `bytes`, of a documented length and alphabet, were drawn at random. Of random bytes of 16 hexadecimal digits or
/// more, one in many thousands is not told.
pub(super) fn is_random(bytes: &[u8]) -> bool {
    !stands_in(bytes) && (bytes.len() < 20 || entropy(bytes) >= 2 * 256 + 128)
}

/// Whether a value whose alphabet nobody documents is one that was drawn at random, and not a name, a path or a word: letters
/// and digits, well mixed.
pub(super) fn is_drawn(bytes: &[u8]) -> bool {
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    // Names are made of words: long runs of small letters, and few changes between digit, small letter and capital.
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    };
    let (mut changes, mut longest, mut run) = (0, 0, 0);
    for (a, b) in bytes.iter().zip(bytes.iter().skip(1)) {
        let (a, b) = (kind(*a), kind(*b));
        changes += usize::from(a != b && a < 3 && b < 3);
        run = if a == 1 && b == 1 { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let is_words = changes * 4 <= bytes.len() && longest >= 5;
    is_random(bytes) && digits >= 2 && letters >= 2 && !is_words && entropy(bytes) >= 3 * 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_in_parts_of_a_bit() {
        for (text, expected) in [("", 0), ("aaaa", 0), ("abab", 256), ("abcd", 512), ("0123456789abcdef", 1_024)] {
            assert_eq!(entropy(text.as_bytes()), expected, "{text}");
        }
        // log2(3) is 1.58496.
        assert_eq!(entropy(b"abc"), 405);
    }

    #[test]
    fn tells_keys_from_what_stands_in_for_them() {
        for key in
            ["16C7e42F292c6912E7710c838347Ae178B4a", "IOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]
        {
            assert!(is_random(key.as_bytes()), "{key}");
        }
        for other in [
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "0000000000000000000000000000000000Ab",
            "YOUR-API-KEY-goes-here-1234",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "1234567890123456",
            "DEMODEMODEMODEMO",
            "********",
        ] {
            assert!(!is_random(other.as_bytes()), "{other}");
        }
        assert!(is_drawn(b"3f9aB7c21dE04f8a6b5C"));
        for name in
            ["settings.api_key_version_2", "my-service-account-01", "TokenProvider2024Factory", "/etc/app/keys/v2"]
        {
            assert!(!is_drawn(name.as_bytes()), "{name}");
        }
    }
}
