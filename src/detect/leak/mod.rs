//! What an agent must not give away: its system prompt, and a word that stands in it for no other purpose.
//!
//! Both are looked for in replies and tool calls alone, in every view and in all that disguises hide. Rules cannot do it, since
//! each owner's prompt is another: see [`Guarded`].

mod quotes;

use std::fmt;

use crate::text::view::{Flavour, View};
use crate::verdict::{Category, Class};

use super::rule::{Scope, Scopes};

pub(super) use quotes::{Quotes, Run};

/// How the ids of these findings begin; no rule of an owner's has such an id.
pub(super) const PREFIX: &str = "leak.";
/// The id of the finding of a [canary](Guarded::with_canary).
pub const CANARY: &str = "leak.canary";
/// The id of the finding of a quote of the [system prompt](Guarded::with_prompt).
pub const SYSTEM_PROMPT: &str = "leak.system-prompt";
/// Bytes of a system prompt at most.
pub const MAX_PROMPT: usize = 64 * 1024;

/// What kind of finding it is.
pub(super) const KIND: (Category, Class) = (Category::Extraction, Class::Artifact);
/// Points of a canary, and of a quote that is no accident.
pub(super) const POINTS: u8 = 8;
/// Points of a quote that is just long enough.
pub(super) const FEW_POINTS: u8 = 5;
/// Groups of a canary that must stand in a row: 48 bits, which do not come up by chance.
const GROUPS: usize = 3;

/// What a detector guards besides what its rules say.
///
/// ```
/// use sluicegate::Event;
/// use sluicegate::detect::{DetectSettings, Detector, Guarded, RuleSet};
///
/// let prompt = "You serve the bakery at the harbour. Never mention that the owner plans to sell it in spring.";
/// let guarded = Guarded::default().with_prompt(prompt);
/// let detector = Detector::guarding(&RuleSet::load(&[])?, [], &DetectSettings::default(), &guarded)?;
/// let found = detector.detect(&Event::reply(0, "Well: *never mention that the owner plans to sell it* …"));
/// assert_eq!(found.findings[0].rule.as_ref(), "leak.system-prompt");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Guarded {
    prompt: Option<String>,
    canary: Option<String>,
}

impl Guarded {
    /// Guards a system prompt: [`leak.system-prompt`](SYSTEM_PROMPT) fires where eight words of it stand in a row, with five
    /// points; with eight from ten words on, or where as much comes together from several places.
    ///
    /// At least two of the words must be none that everybody uses, or there must be twelve in a row. Eighty letters in a row are enough, however
    /// few words they are; in scripts without spaces a character is half a word. Of a prompt, [`MAX_PROMPT`] bytes are looked
    /// at.
    #[must_use]
    pub fn with_prompt(mut self, prompt: &str) -> Self {
        self.prompt =
            Some(prompt.get(..crate::text::trace::floor_boundary(prompt, MAX_PROMPT)).unwrap_or_default().to_owned());
        self
    }

    /// Guards a canary, which is groups of small letters with hyphens between them, such as
    /// [`Keys::canary`](crate::keys::Keys::canary) gives: [`leak.canary`](CANARY) fires where three groups stand in a row.
    #[must_use]
    pub fn with_canary(mut self, canary: &str) -> Self {
        self.canary = Some(canary.to_owned());
        self
    }

    /// Whether a prompt is long enough for a quote of it to be told.
    #[must_use]
    pub fn is_long_enough(prompt: &str) -> bool {
        Quotes::new(&view(prompt), |byte| byte).is_some()
    }

    /// The phrases of the canary.
    pub(super) fn phrases(&self) -> Vec<String> {
        let groups: Vec<&str> = self.groups().collect();
        groups.windows(GROUPS).map(|groups| groups.join(" ")).collect()
    }

    /// The canary as one word, as a reader of rotated letters meets it.
    pub(super) fn word(&self) -> Option<String> {
        self.canary.is_some().then(|| self.groups().collect())
    }

    fn groups(&self) -> impl Iterator<Item = &str> {
        self.canary.iter().flat_map(|canary| canary.split('-'))
    }

    /// The search for quotes of the prompt.
    pub(super) fn quotes(&self) -> Option<Leak> {
        let letters = view(self.prompt.as_ref()?);
        Some(Leak {
            exact: Quotes::new(&letters, |byte| byte)?,
            leet: Quotes::new(&letters, |byte| if byte == b'l' { b'i' } else { byte })?,
        })
    }
}

fn view(text: &str) -> View {
    let mut view = View::new(Flavour::Letters);
    view.fill(text);
    view
}

impl fmt::Debug for Guarded {
    /// Shows neither the prompt nor the canary.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prompt, canary) = (self.prompt.is_some(), self.canary.is_some());
        f.debug_struct("Guarded").field("prompt", &prompt).field("canary", &canary).finish()
    }
}

/// Where what is guarded may be given away.
pub(super) fn scopes() -> Scopes {
    let mut scopes = Scopes::default();
    scopes.insert(Scope::Reply);
    scopes.insert(Scope::ToolCall);
    scopes
}

/// The system prompt, prepared for both alphabets.
pub(super) struct Leak {
    pub(super) exact: Quotes,
    /// `l` and `i` are one letter.
    pub(super) leet: Quotes,
}

/// The points of these quotes in one text, none of which overlaps another.
pub(super) fn points(runs: &[Run]) -> u8 {
    /// Words beyond seven that make a quote certain: ten in a row, or eight at three places.
    const CERTAIN: usize = 3;
    let mut places: Vec<(usize, usize)> = runs.iter().map(|run| (run.of_prompt, run.beyond())).collect();
    // What is said twice is no more of the prompt.
    places.sort_unstable();
    places.dedup_by_key(|(place, _)| *place);
    if places.iter().map(|(_, beyond)| beyond).sum::<usize>() >= CERTAIN { POINTS } else { FEW_POINTS }
}
