//! Base32 (RFC 4648).

use super::texts::is_long_enough;
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const BASE32: Disguise = Disguise {
    id: "G40",
    name: "base32",
    applies: is_long_enough,
    apply: |text| data_encoding::BASE32.encode(text.as_bytes()),
    // Small letters are read as capitals, but a capital among them may belong to something else.
    needs: ENCODED,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Base32),
};
