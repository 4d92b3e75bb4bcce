//! Private keys as programs write them: PEM (RFC 7468), OpenSSH, PGP (RFC 9580), SSH2, PuTTY and age.

use std::ops::Range;

use crate::detect::formats::checksum::bech32;
use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, BASE64, Set, UPPER, WORD};

/// Bytes of one key: one of RSA with 16,384 bits has 13,000, a PGP key with all its subkeys more.
const MOST: usize = 64 * 1024;
/// Characters of base64 that a key has at least: 32 bytes of Ed25519 have 43 of them, in a frame of some twenty.
const LEAST: usize = 40;

/// What stands between the head and the end of a key, but for hyphens: base64 in lines, with headers, or as strings of a
/// program.
const BODY: Set = ALNUM.with(Set::of("+/=\n\r\t \\\"',.:;()<>[]{}|#*_"));

/// A block from its head on, the gate of which is `-----BEGIN ` or `---- BEGIN `. Only the head is no secret; without a body
/// it is but talk about keys.
pub(in crate::detect::formats) fn block(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let label = hay.run(gate.end, UPPER.with(ALNUM).with(Set::of(" ")), 48);
    let head = gate.end + label;
    if !hay.text(gate.end..head).contains("PRIVATE KEY") || !hay.starts(head, "----") {
        return None;
    }
    let start = head + hay.run(head, Set::of("-"), 5);
    // Up to the next row of hyphens: the end of this key, or the head of another.
    let mut end = start;
    loop {
        let body = hay.run(end, BODY, MOST.saturating_sub(end - start));
        end += body;
        if hay.at(end) != b'-' || end - start >= MOST {
            break;
        }
        let hyphens = hay.run(end, Set::of("-"), 5);
        if hyphens >= 4 {
            break;
        }
        end += hyphens;
    }
    // In a body that was cut the words of what follows may look like it; a key goes on for longer than they do.
    let digits = hay.slice(start..end).split(|byte| !BASE64.has(*byte)).filter(|line| line.len() >= 16);
    if digits.map(<[u8]>::len).sum::<usize>() < LEAST {
        return None;
    }
    if hay.starts_folded(end, "-----END ") || hay.starts_folded(end, "---- END ") {
        let label = hay.find(end + 8, 64, |byte| byte == b'-').unwrap_or(end);
        end = label + hay.run(label, Set::of("-"), 5);
    }
    Some(Match { span: gate.start..end, public: head - gate.start })
}

/// A PuTTY key from `PuTTY-User-Key-File-` to the end of its private lines.
pub(in crate::detect::formats) fn putty(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    // Its head has some ten lines of base64 for the public half; nothing of them is a secret, and all of it goes.
    let mut at = gate.end;
    let mut private = None;
    for _ in 0..64 {
        let line = hay.find(at, 256, |byte| byte == b'\n')?;
        at = line + 1;
        if hay.starts_folded(at, "putty-user-key-file-") {
            return None;
        }
        if hay.starts_folded(at, "private-lines:") {
            private = Some(at);
            break;
        }
    }
    let private = private?;
    let body = hay.find(private, 64, |byte| byte == b'\n')? + 1;
    let run = hay.run(body, BASE64.with(Set::of("=\r\n ")), MOST);
    (run >= LEAST).then(|| Match { span: gate.start..body + run, public: gate.len() })
}

/// An age identity, `AGE-SECRET-KEY-1…`: Bech32 with a checksum.
pub(in crate::detect::formats) fn age(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let run = hay.run(gate.start, ALNUM.with(Set::of("-")), 128);
    let end = gate.start + run;
    let alone = !WORD.has(hay.before(gate.start));
    // What was appended to it hides it from nobody.
    let whole = (gate.end + 58).min(end);
    (alone && bech32(hay.slice(gate.start..whole))).then(|| Match { span: gate.start..end, public: gate.len() })
}
