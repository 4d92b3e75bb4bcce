//! How closely the owner wants to look.

use serde::{Deserialize, Deserializer};

/// How closely texts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DetectSettings {
    /// Rules up to this level count, 1 to 4. Level 1 is for everybody; each further level finds more and is wrong more often.
    #[serde(deserialize_with = "level")]
    pub level: u8,
    /// Rules above `level` and up to this level, 1 to 4, are recorded when they fire and decide nothing: to see what a higher
    /// level would do before it is set.
    #[serde(deserialize_with = "level")]
    pub counted_level: u8,
    /// Whether the lexical model looks too.
    pub model: bool,
}

/// The level of a rule that says none.
pub(super) const FIRST_LEVEL: u8 = 1;
/// The highest level.
pub(super) const LAST_LEVEL: u8 = 4;

impl Default for DetectSettings {
    fn default() -> Self {
        Self { level: FIRST_LEVEL, counted_level: FIRST_LEVEL, model: true }
    }
}

impl DetectSettings {
    /// Up to which level rules are searched for at all.
    #[must_use]
    pub fn searched(&self) -> u8 {
        self.level.max(self.counted_level)
    }
}

fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let level = i64::deserialize(deserializer)?;
    u8::try_from(level)
        .ok()
        .filter(|level| (FIRST_LEVEL..=LAST_LEVEL).contains(level))
        .ok_or_else(|| serde::de::Error::custom(format_args!("a level is {FIRST_LEVEL} to {LAST_LEVEL}, not {level}")))
}
