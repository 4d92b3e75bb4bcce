//! The codes of what is found in a case file. They are stable: an owner may search for them.

/// The file cannot be read as TOML.
pub(in crate::workbench) const SYNTAX: &str = "C001";
/// The format is missing, or not known.
pub(in crate::workbench) const FORMAT: &str = "C002";
/// An unknown key, a missing one, or a value of another type.
pub(in crate::workbench) const SHAPE: &str = "C003";
/// There is no such policy.
pub(in crate::workbench) const POLICY: &str = "C004";
/// There is no such fact.
pub(in crate::workbench) const UNKNOWN_FACT: &str = "C005";
/// A fact of another kind of event.
pub(in crate::workbench) const OTHER_KIND: &str = "C006";
/// A fact cannot have this value.
pub(in crate::workbench) const VALUE: &str = "C007";
/// The policy never asks this.
pub(in crate::workbench) const QUESTION: &str = "C008";
/// A case gives nothing to judge, or more than one thing.
pub(in crate::workbench) const GIVEN: &str = "C009";
/// A case expects nothing, or not all that it should.
pub(in crate::workbench) const EXPECTATION: &str = "C010";
/// An expectation that nothing could meet.
pub(in crate::workbench) const IMPOSSIBLE: &str = "C011";
/// An event that no gateway would hand in.
pub(in crate::workbench) const EVENT: &str = "C012";
/// A name that is missing or taken.
pub(in crate::workbench) const NAME: &str = "C013";
/// Settings that do not belong into a case file.
pub(in crate::workbench) const SETTINGS: &str = "C014";
/// Too many cases or events, or too large a file.
pub(in crate::workbench) const TOO_LARGE: &str = "C015";
