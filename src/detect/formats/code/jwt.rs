//! JSON Web Tokens (RFC 7519): signed (RFC 7515) or encrypted (RFC 7516).

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::BASE64URL;

/// Bytes of a header that are read; those in use have some hundred.
const HEADER: usize = 4_096;
/// Characters of a part.
const PART: usize = 64 * 1024;
/// Characters of a signature, at least: 32 bytes of HMAC in base64, and some room for what a copy lost.
const SIGNATURE: usize = 32;

/// What encoders leave in the last character is not looked at, and nor is padding.
const ENCODING: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The token that begins at the gate, which is `eyJ`: `{"` in base64.
///
/// Its header is JSON and names an algorithm other than `none`, and there is a signature: what anybody could have written
/// opens no door.
pub(in crate::detect::formats) fn find(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if !hay.starts(gate.start, "eyJ") || BASE64URL.has(hay.before(gate.start)) || hay.before(gate.start) == b'.' {
        return None;
    }
    let head = gate.start + hay.run(gate.start, BASE64URL, HEADER);
    if hay.at(head) != b'.' || !is_header(hay.slice(gate.start..head)) {
        return None;
    }
    let mut end = head;
    let mut parts = [0_usize; 4];
    let mut count = 0;
    for part in &mut parts {
        if hay.at(end) != b'.' {
            break;
        }
        *part = hay.run(end + 1, BASE64URL, PART);
        end += 1 + *part;
        count += 1;
    }
    // Signed: payload and signature. Encrypted: key, nonce, text and tag.
    let whole = match (count, parts) {
        (2, [payload, signature, ..]) => payload >= 4 && signature >= SIGNATURE,
        (4, [_, nonce, text, tag]) => nonce >= 8 && text > 0 && tag >= 16,
        _ => false,
    };
    whole.then_some(Match { span: gate.start..end, public: 3 })
}

/// Whether this is the header of a token that is signed or encrypted.
fn is_header(part: &[u8]) -> bool {
    let Ok(json) = ENCODING.decode(part) else { return false };
    let Ok(serde_json::Value::Object(header)) = serde_json::from_slice(&json) else { return false };
    header.get("alg").and_then(serde_json::Value::as_str).is_some_and(|name| !name.eq_ignore_ascii_case("none"))
}
