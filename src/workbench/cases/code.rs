//! The codes of what is found in a case file. They are stable: an owner may search for them.

/// The file cannot be read as TOML.
pub(super) const SYNTAX: &str = "C001";
/// The format is missing, or not known.
pub(super) const FORMAT: &str = "C002";
/// An unknown key, a missing one, or a value of another type.
pub(super) const SHAPE: &str = "C003";
/// There is no such policy.
pub(super) const POLICY: &str = "C004";
/// There is no such fact.
pub(super) const UNKNOWN_FACT: &str = "C005";
/// A fact of another kind of event.
pub(super) const OTHER_KIND: &str = "C006";
/// A fact cannot have this value.
pub(super) const VALUE: &str = "C007";
/// The policy never asks this.
pub(super) const QUESTION: &str = "C008";
/// A case gives nothing to judge, or more than one thing.
pub(super) const GIVEN: &str = "C009";
/// A case expects nothing, or not all that it should.
pub(super) const EXPECTATION: &str = "C010";
/// An expectation that nothing could meet.
pub(super) const IMPOSSIBLE: &str = "C011";
/// An event that no gateway would hand in.
pub(super) const EVENT: &str = "C012";
/// A name that is missing or taken.
pub(super) const NAME: &str = "C013";
/// Settings that do not belong into a case file.
pub(super) const SETTINGS: &str = "C014";
/// Too many cases or events, or too large a file.
pub(super) const TOO_LARGE: &str = "C015";
