//! The form of a signed message.
//!
//! ```text
//! {"v":1,"key":"K","to":"T","sent_at":N,"nonce":"R","body":"B","mac":"M"}
//! {"v":1,"key":"K","to":"T","sent_at":N,"nonce":"R","enc":"A256GCM","body":"B","mac":"M"}
//! ```
//!
//! INVARIANT: a message has exactly one spelling. The code covers every byte before `,"mac":"` as it was received, and what
//! comes after those bytes can only be read in one way. So no byte can be changed without being noticed, no field can be
//! forgotten, and nothing is written anew in order to be verified.

use data_encoding::BASE64URL_NOPAD;

/// What comes before the code.
const BEFORE_CODE: &[u8] = b",\"mac\":\"";
/// Characters of the code and of what ends the line.
const CODE: usize = 64;
/// Digits of the latest time that can be told: the year 33658.
const DIGITS: usize = 15;
/// Characters of a nonce: 16 bytes.
const NONCE: usize = 22;
/// Bytes of the longest key id.
pub(super) const MAX_KEY_ID: usize = 64;
/// Bytes of the longest audience.
pub(super) const MAX_AUDIENCE: usize = 128;

/// A signed message, taken apart and not verified.
pub(super) struct Envelope<'a> {
    pub(super) key: &'a str,
    pub(super) to: &'a str,
    pub(super) sent_at: u64,
    pub(super) nonce: [u8; 16],
    pub(super) encrypted: bool,
    pub(super) body: &'a [u8],
    /// All that comes before `"body"`.
    pub(super) header: &'a [u8],
    /// All that the code covers.
    pub(super) covered: &'a [u8],
    pub(super) code: [u8; 32],
}

impl<'a> Envelope<'a> {
    /// Takes a message apart.
    ///
    /// # Errors
    /// With the byte up to which it has the form. Linear in its length.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, usize> {
        let mut reader = Reader { bytes, at: 0 };
        reader.expect(b"{\"v\":1,\"key\":\"")?;
        let key = reader.text(MAX_KEY_ID, is_key_id)?;
        reader.expect(b"\",\"to\":\"")?;
        let to = reader.text(MAX_AUDIENCE, is_audience)?;
        reader.expect(b"\",\"sent_at\":")?;
        let sent_at = reader.number()?;
        reader.expect(b",\"nonce\":\"")?;
        let nonce = reader.nonce()?;
        reader.expect(b"\",")?;
        let encrypted = reader.skip(b"\"enc\":\"A256GCM\",");
        let header = bytes.get(..reader.at).unwrap_or_default();
        reader.expect(b"\"body\":\"")?;
        let body = reader.take(usize::MAX, is_base64url);
        reader.expect(b"\"")?;
        let covered = bytes.get(..reader.at).unwrap_or_default();
        reader.expect(BEFORE_CODE)?;
        let code = reader.code()?;
        reader.expect(b"\"}")?;
        if reader.at == bytes.len() {
            Ok(Self { key, to, sent_at, nonce, encrypted, body, header, covered, code })
        } else {
            Err(reader.at)
        }
    }

    /// The bytes of the body; none where it is not the one spelling of any.
    pub(super) fn body(&self) -> Option<Vec<u8>> {
        BASE64URL_NOPAD.decode(self.body).ok()
    }
}

/// What a message says before its body.
pub(super) fn header(key: &str, to: &str, sent_at: u64, nonce: &[u8; 16], encrypted: bool) -> String {
    let nonce = BASE64URL_NOPAD.encode(nonce);
    let enc = if encrypted { "\"enc\":\"A256GCM\"," } else { "" };
    format!("{{\"v\":1,\"key\":\"{key}\",\"to\":\"{to}\",\"sent_at\":{sent_at},\"nonce\":\"{nonce}\",{enc}")
}

/// A header with its body: all that the code covers.
pub(super) fn covered(header: &str, body: &[u8]) -> String {
    let body = BASE64URL_NOPAD.encode(body);
    format!("{header}\"body\":\"{body}\"")
}

/// A whole message.
pub(super) fn complete(covered: &str, code: &[u8; 32]) -> String {
    let code = hex::encode(code);
    format!("{covered},\"mac\":\"{code}\"}}")
}

/// Whether a key may have this name.
pub(super) fn valid_key_id(id: &str) -> bool {
    (1..=MAX_KEY_ID).contains(&id.len()) && id.bytes().all(is_key_id)
}

/// Whether a gateway may have this name.
pub(super) fn valid_audience(name: &str) -> bool {
    (1..=MAX_AUDIENCE).contains(&name.len()) && name.bytes().all(is_audience)
}

fn is_key_id(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
}

/// Characters that every JSON library writes as they are.
fn is_audience(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':' | b'@')
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Where the reading has got to.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, expected: &[u8]) -> bool {
        let found = self.rest().starts_with(expected);
        self.at += if found { expected.len() } else { 0 };
        found
    }

    fn expect(&mut self, expected: &[u8]) -> Result<(), usize> {
        if self.skip(expected) {
            return Ok(());
        }
        Err(self.at + self.rest().iter().zip(expected).take_while(|(byte, expected)| byte == expected).count())
    }

    /// As many of the bytes as are of a sort, up to `most` of them.
    fn take(&mut self, most: usize, of_sort: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take(most).take_while(|byte| of_sort(**byte)).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn text(&mut self, most: usize, of_sort: impl Fn(u8) -> bool) -> Result<&'a str, usize> {
        let taken = self.take(most, of_sort);
        std::str::from_utf8(taken).ok().filter(|text| !text.is_empty()).ok_or(self.at)
    }

    fn number(&mut self) -> Result<u64, usize> {
        let digits = self.text(DIGITS, |byte| byte.is_ascii_digit())?;
        let one_spelling = digits == "0" || !digits.starts_with('0');
        digits.parse().ok().filter(|_| one_spelling).ok_or(self.at)
    }

    fn nonce(&mut self) -> Result<[u8; 16], usize> {
        let taken = self.take(NONCE, is_base64url);
        BASE64URL_NOPAD.decode(taken).ok().and_then(|nonce| nonce.try_into().ok()).ok_or(self.at)
    }

    fn code(&mut self) -> Result<[u8; 32], usize> {
        let taken = self.take(CODE, |byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let mut code = [0; 32];
        hex::decode_to_slice(taken, &mut code).map_err(|_| self.at)?;
        Ok(code)
    }
}
