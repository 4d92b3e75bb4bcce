//! The codes of what is wrong with a statement. They are stable: an owner may search for them. Up to `C015` they are those of
//! cases, which stand in the same files.

/// The file cannot be read as TOML.
pub(super) const SYNTAX: &str = "C001";
/// The format is missing, or not known.
pub(super) const FORMAT: &str = "C002";
/// An unknown key, a missing one, or a value of another type.
pub(super) const SHAPE: &str = "C003";
/// There is no such fact.
pub(super) const UNKNOWN_FACT: &str = "C005";
/// A fact of another kind of event.
pub(super) const OTHER_KIND: &str = "C006";
/// A fact cannot have this value.
pub(super) const VALUE: &str = "C007";
/// A name that is missing or taken.
pub(super) const NAME: &str = "C013";
/// A statement that claims nothing.
pub(super) const CLAIM: &str = "C020";
/// A `// waive:` that cannot be read, or waives nothing.
pub(super) const WAIVER: &str = "C021";
