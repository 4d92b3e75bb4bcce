//! Records of what judges, rather than of what was judged.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::entry::Level;
use crate::diagnostic::LoadError;

/// The most faults of a refused change that are written one by one; of the others, only how many there are.
const MAX_FAULTS: usize = 32;
/// The longest name of a file that is written, in bytes.
const MAX_NAME: usize = 128;

/// A change of what judges: settings, rules and policies. Holds no text of any file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// Another set was taken into use.
    #[non_exhaustive]
    Reloaded {
        /// The revision until then.
        old: Arc<str>,
        /// The revision since then.
        new: Arc<str>,
    },
    /// A set was refused, and the one before goes on.
    #[non_exhaustive]
    Refused {
        /// The revision that goes on.
        old: Arc<str>,
        /// That of what was refused; none where not all of it could be read.
        new: Option<Arc<str>>,
        /// What was wrong with it: the first 32 faults.
        faults: Vec<FaultPlace>,
        /// How many faults there are besides.
        more: u64,
    },
    /// The policies were taken out of use, since they took too long again and again.
    #[non_exhaustive]
    Quarantined {
        /// Their revision.
        old: Arc<str>,
        /// The revision that judges in their place; without one, every event gets the closed decision.
        new: Option<Arc<str>>,
        /// The file that took too long last.
        policy: Arc<str>,
    },
}

/// A fault in a file of the owner's: its code and its place, without a word of what stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FaultPlace {
    /// The code, such as `P003`.
    pub code: Arc<str>,
    /// The file's name, without its folder.
    pub file: Arc<str>,
    /// The line, from 1; 0 where the fault belongs to the whole file.
    pub line: u32,
    /// The column, from 1, in characters; 0 where it belongs to the whole line.
    pub column: u32,
}

impl Change {
    /// A set was taken into use.
    #[must_use]
    pub fn reloaded(old: &Arc<str>, new: &Arc<str>) -> Self {
        Self::Reloaded { old: Arc::clone(old), new: Arc::clone(new) }
    }

    /// A set with these faults was refused; `new` is its revision, where all of it could be read.
    #[must_use]
    pub fn refused(old: &Arc<str>, new: Option<Arc<str>>, error: &LoadError) -> Self {
        let places = error.diagnostics.iter().map(|fault| FaultPlace {
            code: fault.code.into(),
            file: name(&fault.file).into(),
            line: fault.line,
            column: fault.column,
        });
        let more = error.diagnostics.len().saturating_sub(MAX_FAULTS) as u64;
        Self::Refused { old: Arc::clone(old), new, faults: places.take(MAX_FAULTS).collect(), more }
    }

    /// Policies were taken out of use, of which `policy` took too long last; `new` judges in their place.
    #[must_use]
    pub fn quarantined(old: &Arc<str>, new: Option<Arc<str>>, policy: &str) -> Self {
        Self::Quarantined { old: Arc::clone(old), new, policy: name(policy).into() }
    }

    pub(super) const fn level(&self) -> Level {
        match self {
            Self::Reloaded { .. } => Level::Info,
            Self::Refused { .. } => Level::Warn,
            Self::Quarantined { .. } => Level::Error,
        }
    }

    /// Whether a record with this `what` is one of these.
    pub(super) fn is(what: &str) -> bool {
        matches!(what, "reloaded" | "refused" | "quarantined")
    }
}

/// The last part of a path, clipped between characters. Folders may be named after people.
fn name(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    (0..=MAX_NAME).rev().find_map(|end| name.get(..end.min(name.len()))).unwrap_or_default()
}
