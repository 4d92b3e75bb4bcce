//! Formats that are more than a shape: what is found in them must be read to be known.

pub(super) mod assigned;
pub(super) mod coin;
pub(super) mod header;
pub(super) mod jwt;
pub(super) mod private_key;
pub(super) mod seed_phrase;
pub(super) mod url;
