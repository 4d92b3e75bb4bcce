//! The codes of what is found in a policy. They are stable: an owner may search for them.

/// The file cannot be read as a script.
pub(in crate::policy) const SYNTAX: &str = "P001";
/// There is no such variable.
pub(in crate::policy) const UNKNOWN_VARIABLE: &str = "P002";
/// There is no such fact or question.
pub(in crate::policy) const UNKNOWN_FACT: &str = "P003";
/// A fact of another kind of event.
pub(in crate::policy) const OTHER_KIND: &str = "P004";
/// There is no such function, or it is called with something else.
pub(in crate::policy) const UNKNOWN_FUNCTION: &str = "P005";
/// The name is taken.
pub(in crate::policy) const TAKEN: &str = "P006";
/// No hook, or one that is written wrongly.
pub(in crate::policy) const HOOK: &str = "P007";
/// A question with something else than a literal.
pub(in crate::policy) const NOT_LITERAL: &str = "P008";
/// There is no such category.
pub(in crate::policy) const CATEGORY: &str = "P009";
/// The chain asks too many questions.
pub(in crate::policy) const QUESTIONS: &str = "P010";
/// Something that policies cannot do: a loop, a closure, an import.
pub(in crate::policy) const REFUSED: &str = "P011";
/// A statement outside of the functions.
pub(in crate::policy) const STRAY: &str = "P012";
/// An option that is unknown, or wrongly given.
pub(in crate::policy) const OPTION: &str = "P013";
/// A function that calls itself.
pub(in crate::policy) const RECURSION: &str = "P014";
/// Things of different types are compared, or something else than yes or no is a condition.
pub(in crate::policy) const TYPES: &str = "P015";
/// It failed in a dry run.
pub(in crate::policy) const DRY_RUN: &str = "P016";
/// Too large, or nested too deep.
pub(in crate::policy) const TOO_LARGE: &str = "P017";
/// A character that does not show, and changes how the rest is read.
pub(in crate::policy) const HIDDEN: &str = "P018";
/// Warning: a function that nothing calls.
pub(in crate::policy) const UNUSED: &str = "P101";
