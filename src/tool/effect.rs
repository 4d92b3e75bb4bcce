//! What a call would do, as a small set.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// A set of effects of a tool call. Each is a fact of its own for the policies.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Effects(u16);

impl Effects {
    /// Nothing that is looked for.
    pub const NONE: Self = Self(0);
    /// It deletes or overwrites what may not come back, or stops the machine.
    pub const DESTRUCTIVE: Self = Self(1);
    /// It reads passwords, keys, tokens, or the environment that holds them.
    pub const READS_SECRETS: Self = Self(1 << 1);
    /// It reaches over the network.
    pub const NETWORK: Self = Self(1 << 2);
    /// It names a place outside of the workspace.
    pub const LEAVES_WORKSPACE: Self = Self(1 << 3);
    /// It changes how the machine or the gateway is set up: services, timers, shell profiles, packages, users.
    pub const CHANGES_SYSTEM: Self = Self(1 << 4);
    /// It touches Sluicegate: its files, keys, policies, log or command line.
    pub const TOUCHES_GATE: Self = Self(1 << 5);
    /// It hands code to an interpreter, or pipes text into a shell.
    pub const RUNS_CODE: Self = Self(1 << 6);
    /// Part of it cannot be told from the text: a program, a script or a place that is only made when it runs.
    pub const UNCLEAR: Self = Self(1 << 7);

    /// It names a file or folder. Told apart from the effects in [`Reading`](super::Reading): by itself it says nothing.
    pub(super) const FILES: Self = Self(1 << 8);

    /// Every effect with its name, in the order of the documentation.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::DESTRUCTIVE, "destructive"),
        (Self::READS_SECRETS, "reads_secrets"),
        (Self::NETWORK, "network"),
        (Self::LEAVES_WORKSPACE, "leaves_workspace"),
        (Self::CHANGES_SYSTEM, "changes_system"),
        (Self::TOUCHES_GATE, "touches_gate"),
        (Self::RUNS_CODE, "runs_code"),
        (Self::UNCLEAR, "unclear"),
    ];

    /// Whether all of `others` are in the set.
    #[must_use]
    pub const fn has(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// The set without `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// The names of the effects in the set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().filter(move |(effect, _)| self.has(*effect)).map(|(_, name)| name)
    }
}

impl BitOr for Effects {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Effects {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
