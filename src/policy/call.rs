//! The calls that end a policy.

use crate::verdict::Decision;

/// A call of the host that ends the policy where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Allow,
    Drop,
    Hold,
    Next,
}

impl Call {
    pub(super) const ALL: [Self; 4] = [Self::Allow, Self::Drop, Self::Hold, Self::Next];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Drop => "drop",
            Self::Hold => "hold",
            Self::Next => "next",
        }
    }

    pub(super) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.name() == name)
    }

    /// How it is written, for the help of a diagnostic.
    pub(super) const fn usage(self) -> &'static str {
        match self {
            Self::Allow => "write `allow()`, or `allow(#{redact: [\"secret\"]})`",
            Self::Drop => "say why: `drop(\"unknown sender\")`",
            Self::Hold => "say why: `hold(\"looks like an injection\")`",
            Self::Next => "write `next()`",
        }
    }

    /// What it decides; `next()` decides nothing.
    pub(super) const fn decision(self) -> Option<Decision> {
        match self {
            Self::Allow => Some(Decision::Allow),
            Self::Drop => Some(Decision::Drop),
            Self::Hold => Some(Decision::Hold),
            Self::Next => None,
        }
    }

    /// Whether the first argument is the reason.
    pub(super) const fn takes_reason(self) -> bool {
        matches!(self, Self::Drop | Self::Hold)
    }

    /// The options that the last argument may name.
    pub(super) const fn options(self) -> &'static [&'static str] {
        match self {
            Self::Allow => &["redact", "replace"],
            Self::Drop => &["reply"],
            Self::Hold => &["reply", "expires"],
            Self::Next => &[],
        }
    }

    /// Whether it can be called with so many arguments.
    pub(super) const fn accepts(self, arguments: usize) -> bool {
        let least = self.takes_reason() as usize;
        let most = least + !self.options().is_empty() as usize;
        least <= arguments && arguments <= most
    }
}
