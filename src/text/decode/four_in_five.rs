//! Ascii85, base85 and Z85: four bytes in five characters.

use super::{Decoder, Found, Source, tokens};
use crate::verdict::Step;

/// Ascii85, with or without `<~` and `~>`.
pub const ASCII85: Decoder = Decoder { calls: tokens::CALLS, find: ascii85 };
/// Base85 of RFC 1924, as git writes it.
pub const BASE85: Decoder = Decoder { calls: tokens::CALLS, find: base85 };
/// Z85 of ZeroMQ.
pub const Z85: Decoder = Decoder { calls: tokens::CALLS, find: z85 };

const RFC1924: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const ZEROMQ: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

fn ascii85(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Ascii85, found, |token| {
        let token = token.strip_prefix("<~").unwrap_or(token);
        let token = token.strip_suffix("~>").unwrap_or(token).replace('z', "!!!!!");
        bytes(token.bytes().map(|byte| (b'!'..=b'u').contains(&byte).then(|| u32::from(byte - b'!'))))
    });
}

fn base85(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Base85, found, |token| bytes(token.bytes().map(|byte| tokens::value(RFC1924, byte))));
}

fn z85(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Z85, found, |token| bytes(token.bytes().map(|byte| tokens::value(ZEROMQ, byte))));
}

/// The bytes of values from 0 to 84; those that do not fill a group of five give one byte less than they are.
fn bytes(values: impl Iterator<Item = Option<u32>>) -> Option<Vec<u8>> {
    let (mut group, mut count, mut out) = (0_u64, 0_usize, Vec::new());
    for value in values {
        group = group * 85 + u64::from(value?);
        count += 1;
        if count == 5 {
            out.extend_from_slice(&u32::try_from(group).ok()?.to_be_bytes());
            (group, count) = (0, 0);
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group * 85 + 84;
        }
        let last = u32::try_from(group).ok()?.to_be_bytes();
        out.extend_from_slice(last.get(..count - 1)?);
    }
    // Z85 knows no incomplete group; encoders fill the last one up.
    while out.last().is_some_and(|byte| matches!(byte, 0 | b' ')) {
        out.pop();
    }
    Some(out)
}
