//! Checksums that vendors and standards put into what they issue.

use sha2::{Digest as _, Sha256};

/// CRC-32 as in zlib and Ethernet (ISO 3309).
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// The checksum of GitHub's and npm's tokens: CRC-32 of what stands before it, in six digits of base 62.
pub(super) fn crc32_base62(bytes: &[u8]) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut left = crc32(bytes);
    let mut sum = [b'0'; 6];
    for digit in sum.iter_mut().rev() {
        *digit = DIGITS.get(left as usize % 62).copied().unwrap_or_default();
        left /= 62;
    }
    sum
}

/// Whether digits end in the check digit of Luhn (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(digit.wrapping_sub(b'0'))) {
            (0, digit) => digit,
            (_, digit) => digit * 2 % 10 + digit / 5,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether an IBAN without blanks has the check digits of ISO 13616: the rest of ISO 7064, MOD 97-10, is one.
pub(super) fn iban(bytes: &[u8]) -> bool {
    let Some((head, account)) = bytes.split_at_checked(4) else { return false };
    let rest = account.iter().chain(head).try_fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
        _ => None,
    });
    rest == Some(1)
}

/// The bytes before the checksum of a Base58Check text: the first four bytes of SHA-256, twice, of what stands before them.
/// At most 128 characters, since the work grows with the square.
pub(super) fn base58check(text: &[u8]) -> Option<Vec<u8>> {
    const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if text.len() > 128 {
        return None;
    }
    // The number, its lowest byte first.
    let mut number: Vec<u8> = Vec::with_capacity(text.len());
    for byte in text {
        let mut carry = DIGITS.iter().position(|digit| digit == byte)? as u32;
        for place in &mut number {
            carry += u32::from(*place) * 58;
            *place = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        while carry > 0 {
            number.push(carry.to_le_bytes()[0]);
            carry >>= 8;
        }
    }
    number.extend(text.iter().take_while(|byte| **byte == b'1').map(|_| 0));
    number.reverse();
    let (payload, sum) = number.split_at_checked(number.len().checked_sub(4)?)?;
    Sha256::digest(Sha256::digest(payload)).starts_with(sum).then(|| payload.to_vec())
}

/// Whether a Bech32 text (BIP-173), all of one case, has the right checksum.
pub(super) fn bech32(text: &[u8]) -> bool {
    const DIGITS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const TERMS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let Some(parting) = text.iter().rposition(|byte| *byte == b'1') else { return false };
    let Some((name, rest)) = text.split_at_checked(parting) else { return false };
    let step = |sum: u32, digit: u32| {
        let top = sum >> 25;
        let shifted = (sum & 0x01ff_ffff) << 5 ^ digit;
        TERMS.iter().zip(0..).fold(shifted, |sum, (term, bit)| if top >> bit & 1 == 1 { sum ^ term } else { sum })
    };
    let name = || name.iter().map(|byte| u32::from(byte.to_ascii_lowercase()));
    let expanded = name().map(|byte| byte >> 5).chain([0]).chain(name().map(|byte| byte & 31));
    let sum = expanded.fold(1, step);
    let digits = rest.iter().skip(1).map(|byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte.to_ascii_lowercase());
        digit.and_then(|digit| u32::try_from(digit).ok())
    });
    let mut sum = sum;
    for digit in digits {
        let Some(digit) = digit else { return false };
        sum = step(sum, digit);
    }
    sum == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        // The check value of the CRC catalogue.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(&crc32_base62(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), b"0mLq17");
        assert!(luhn(b"4111111111111111") && luhn(b"378282246310005") && !luhn(b"4111111111111112"));
        // The examples of the IBAN registry.
        for (text, expected) in
            [("GB29NWBK60161331926819", true), ("DE89370400440532013000", true), ("DE88370400440532013000", false)]
        {
            assert_eq!(iban(text.as_bytes()), expected, "{text}");
        }
        // The examples of BIP-173 and of Bitcoin's wiki on WIF.
        assert!(bech32(b"A12UEL5L") && bech32(b"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"));
        assert!(!bech32(b"A12UEL5M") && !bech32(b"no digits") && !bech32(b""));
        let key = base58check(b"5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ");
        assert_eq!(key.map(|key| (key.len(), key[0])), Some((33, 0x80)));
        assert_eq!(base58check(b"5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK"), None);
    }
}
