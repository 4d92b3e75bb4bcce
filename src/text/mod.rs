//! Texts as they may have been meant.
//!
//! Folding, the views that are searched, the decoders that undo encodings, and the disguises that the tests put on. Pure:
//! no rule and no state is known here.

pub mod decode;
pub mod disguise;
mod escape;
pub mod fold;
pub mod hidden;
pub mod leet;
pub mod lexicon;
pub mod plain;
pub mod reading;
pub mod seen;
mod shape;
pub mod signs;
pub mod trace;
pub(crate) mod vector;
pub mod view;
