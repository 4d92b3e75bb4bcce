//! Compressed, and in base64: gzip, zlib, raw deflate.

use std::io::{Read as _, Result};

use flate2::Compression;
use flate2::bufread::{DeflateEncoder, ZlibEncoder};

use super::base64::base64;
use super::texts::is_long_enough;
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const GZIP: Disguise = Disguise {
    id: "G74",
    name: "base64-of-gzip",
    applies: is_long_enough,
    apply: |text| encoded(gzip(text)),
    needs: ENCODED,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Inflated),
};
pub(super) const ZLIB: Disguise =
    Disguise { id: "G75", name: "base64-of-zlib", apply: |text| encoded(zlib(text)), ..GZIP };
pub(super) const DEFLATE: Disguise =
    Disguise { id: "G76", name: "base64-of-deflate", apply: |text| encoded(deflate(text)), ..GZIP };

/// Nothing fails in memory.
fn encoded(bytes: Result<Vec<u8>>) -> String {
    base64(bytes.unwrap_or_default())
}

/// Without a name or a time, as if written under Unix.
fn gzip(text: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    flate2::GzBuilder::new()
        .operating_system(3)
        .buf_read(text.as_bytes(), Compression::best())
        .read_to_end(&mut out)?;
    Ok(out)
}

fn zlib(text: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    ZlibEncoder::new(text.as_bytes(), Compression::default()).read_to_end(&mut out)?;
    Ok(out)
}

fn deflate(text: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    DeflateEncoder::new(text.as_bytes(), Compression::default()).read_to_end(&mut out)?;
    Ok(out)
}
