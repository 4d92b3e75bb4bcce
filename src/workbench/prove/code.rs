//! The codes of what is wrong with a statement. They are stable: an owner may search for them. Up to `C015` they are those of
//! cases, which stand in the same files.

pub(super) use crate::workbench::cases::code::{FORMAT, NAME, OTHER_KIND, SHAPE, SYNTAX, UNKNOWN_FACT, VALUE};

/// A statement that claims nothing.
pub(super) const CLAIM: &str = "C020";
/// A `// waive:` that cannot be read, or waives nothing.
pub(super) const WAIVER: &str = "C021";
