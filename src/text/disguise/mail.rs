//! Encodings of mail: quoted-printable, and encoded words of headers.

use super::base64::base64;
use super::texts::{is_long_enough, listed};
use super::traits::{ENCODED, ESCAPES};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const QUOTED_PRINTABLE: Disguise = Disguise {
    id: "G60",
    name: "quoted-printable",
    applies: is_long_enough,
    apply: |text| listed(text.bytes(), "", |byte| format!("={byte:02X}")),
    needs: ESCAPES,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::QuotedPrintable),
};
pub(super) const WORD_BASE64: Disguise = Disguise {
    id: "G72",
    name: "mime-word-base64",
    apply: |text| format!("=?utf-8?B?{}?=", base64(text)),
    needs: ENCODED,
    undone_by: UndoneBy::Step(Step::MimeWords),
    ..QUOTED_PRINTABLE
};
pub(super) const WORD_QUOTED: Disguise = Disguise {
    id: "G73",
    name: "mime-word-quoted",
    apply: |text| format!("=?utf-8?Q?{}?=", listed(text.bytes(), "", quoted)),
    ..WORD_BASE64
};

/// An `e` is hidden as well, so that more than blanks is.
fn quoted(byte: u8) -> String {
    match byte {
        b' ' => "_".to_owned(),
        b'e' | b'=' | b'?' | b'_' | ..=b'\x1f' | b'\x7f'.. => format!("={byte:02X}"),
        byte => char::from(byte).to_string(),
    }
}
