//! The laws that the fuzz targets try to break. The same code replays seeds and old crashes in `tests/regressions.rs`.

#[path = "../tests/properties/mod.rs"]
pub mod properties;
