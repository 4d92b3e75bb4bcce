//! What a disguise is.

use super::Traits;
use crate::verdict::Step;

/// A way to hide a text.
#[derive(Clone, Copy, Debug)]
pub struct Disguise {
    /// Its id in the catalogue of disguises that the project was built from, such as `A04`; `X` and a number for those
    /// that it lacks. Unique and stable.
    pub id: &'static str,
    /// Its name, unique and stable, such as `hex-spaced`.
    pub name: &'static str,
    /// Whether it hides such a text in a way that can be undone: its precondition. Where this is false, `apply` promises
    /// nothing.
    pub applies: fn(&str) -> bool,
    /// The text, disguised.
    pub apply: fn(&str) -> String,
    /// What must survive of the outcome so that it can be undone.
    pub needs: Traits,
    /// What does not survive of the text.
    pub loses: Traits,
    /// What undoes it.
    pub undone_by: UndoneBy,
}

impl Disguise {
    /// Whether `self`, put on a text that wears `inner`, leaves what undoes `inner`.
    #[must_use]
    pub const fn goes_over(&self, inner: &Self) -> bool {
        !self.loses.any(inner.needs)
    }
}

/// What undoes a disguise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoneBy {
    /// The view of raw characters: nothing that a rule looks at was changed.
    Nothing,
    /// The folding of characters. Words, digits and punctuation stay what they are, so literals survive as well.
    Fold,
    /// The view of letters only. Words run together: short phrases and what is not made of letters do not survive.
    LettersOnly,
    /// A view of its own, which a finding names in `via`.
    Step(Step),
}
