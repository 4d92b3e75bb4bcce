//! UTF-7: base64 of UTF-16 between `+` and `-`.

use ::base64::Engine as _;
use ::base64::prelude::BASE64_STANDARD_NO_PAD;

use super::texts::is_long_enough;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const UTF7: Disguise = Disguise {
    id: "B58",
    name: "utf-7",
    applies: is_long_enough,
    apply: |text| {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        format!("+{}-", BASE64_STANDARD_NO_PAD.encode(bytes))
    },
    needs: Traits::CASE.with(Traits::DIGITS).with(Traits::SYMBOLS).with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Utf7),
};
