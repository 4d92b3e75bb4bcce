//! Replies that come in in pieces, as a model writes them.

mod hold;
mod promise;
#[cfg(test)]
mod tests;
mod window;

use std::fmt;
use std::ops::Deref;

use crate::event::Event;
use crate::text::trace::floor_boundary;
use crate::verdict::Finding;

use super::detector::{Cost, Detection, Detector};

pub use promise::{Late, Promise, late_steps};
use window::Window;

/// Letters at the end of a reply that are held back whatever they say: the longest phrase but a few, in whatever disguise.
pub const COVER_LETTERS: usize = 96;
/// Bytes that may be held back. Where more would have to be, nothing more is released until the reply has ended.
pub const WINDOW_BYTES: usize = 64 * 1024;
/// Bytes of a reply that are kept for its end. Of a longer one nothing more is released.
pub const REPLY_BYTES: usize = 1024 * 1024;

/// Bytes that must have come in before a look, however little is held back.
const STEP: usize = 32;
/// A look is due when this part of the window is new.
const NEW: usize = 8;
/// Bytes that are taken in at once.
const TAKEN: usize = 4_096;

/// Scans a reply while it comes in, and says after each piece how much of it may be released.
///
/// No byte is released that can belong to a finding that is told later. Held back is, at the end of what came in:
///
/// * from where a phrase or literal may have begun that is not complete yet, in any view of the text;
/// * from where a format of secrets or personal data may have begun, until what follows cannot change what is found of it: a
///   private key from its head on, and the words of a seed phrase from the first on;
/// * the last [`COVER_LETTERS`] letters, so that whatever alters letters has shown itself before the first of them goes;
/// * what was decoded or read in another way and may go on, with as many letters of what that gave.
///
/// What is promised of a finding by its steps says [`Detector::promise`]; what cannot be promised is listed in
/// [`late_steps`] and [`Detector::late_rules`]. A finding that comes late is told all the same, at the end if not before.
///
/// At most [`WINDOW_BYTES`] are held back and [`REPLY_BYTES`] kept; beyond that nothing is released
/// any more ([`Progress::stalled`]), and the end decides. Every byte is searched some eight times, and once more at the end;
/// see [`searched`](Self::searched).
///
/// ```
/// use sluicegate::detect::{Detector, RuleSet};
/// use sluicegate::diagnostic::Source;
///
/// # let rules = RuleSet::load(&[Source::new("my.toml", r#"
/// # format = 1
/// # [[rule]]
/// # id = "extraction.prompt"
/// # category = "extraction"
/// # points = 8
/// # class = "judgement"
/// # scope = ["reply"]
/// # phrases = ["my system prompt says"]
/// # "#)])?;
/// let detector = Detector::new(&rules)?;
/// let mut scanner = detector.reply_scanner();
/// let reply = format!("Sure. My system prompt says that I am to be brief.{}", " So I am.".repeat(40));
/// let mut sent = 0;
/// for chunk in reply.as_bytes().chunks(16) {
///     let progress = scanner.push(std::str::from_utf8(chunk)?);
///     if !progress.findings.is_empty() {
///         break;
///     }
///     sent = progress.safe; // `&reply[..sent]` may go to the reader.
/// }
/// assert!(sent <= reply.find("My system").unwrap());
/// assert_eq!(scanner.finish().score, 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ReplyScanner<D> {
    detector: D,
    window: Window,
    /// What came in.
    text: String,
    /// Where what is held back begins.
    held: usize,
    /// What was said to be safe: less, for as long as a finding is news.
    safe: usize,
    /// Where the next look begins.
    start: usize,
    /// Bytes that had come in at the last look.
    looked: usize,
    findings: Vec<Finding>,
    stalled: bool,
    /// More came in than is kept.
    cut: bool,
    searched: usize,
    cost: Cost,
}

/// What is known after a piece of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes of the reply, from its beginning, that may be released. Never less than before, never within a character.
    pub safe: usize,
    /// The rules that fired for the first time, with places in the reply. What is found in a part may look otherwise in the
    /// whole: [`ReplyScanner::finish`] has the last word.
    pub findings: Vec<Finding>,
    /// Whether nothing more is released until the reply has ended.
    pub stalled: bool,
}

impl<D: Deref<Target = Detector>> ReplyScanner<D> {
    /// A scanner for one reply.
    pub const fn new(detector: D) -> Self {
        Self {
            detector,
            window: Window::new(),
            text: String::new(),
            held: 0,
            safe: 0,
            start: 0,
            looked: 0,
            findings: Vec::new(),
            stalled: false,
            cut: false,
            searched: 0,
            cost: Cost { decoded_bytes: 0, search_steps: 0 },
        }
    }

    /// Takes the next piece in and says how much of all that came in may be released. With a finding that is told now,
    /// nothing of it and nothing behind it; who pushes on has decided to let it pass.
    ///
    /// Costs a look at what is held back where enough is new, and nothing where it is not.
    pub fn push(&mut self, chunk: &str) -> Progress {
        let before = self.findings.len();
        let mut rest = chunk;
        while !rest.is_empty() {
            let (part, after) = rest.split_at_checked(part_len(rest)).unwrap_or((rest, ""));
            rest = after;
            if self.text.len() + part.len() > REPLY_BYTES {
                (self.cut, self.stalled) = (true, true);
            }
            if self.cut {
                break;
            }
            self.text.push_str(part);
            self.look_if_due();
        }
        let findings = self.findings.get(before..).unwrap_or_default().to_vec();
        let first = findings.iter().map(|finding| finding.span.0).min().unwrap_or(usize::MAX);
        self.safe = self.held.min(first).max(self.safe);
        Progress { safe: self.safe, findings, stalled: self.stalled }
    }

    /// Bytes that may be released by now.
    #[must_use]
    pub const fn safe(&self) -> usize {
        self.safe
    }

    /// Bytes that were searched so far, each as often as it was: at most nine times what came in.
    #[must_use]
    pub const fn searched(&self) -> usize {
        self.searched
    }

    /// What that took apart from the passes over the text.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }

    /// Ends the reply: what is found in the whole of it, as [`Detector::detect`] finds it. If that is good, all of it may be
    /// released.
    ///
    /// Of a reply of more than [`REPLY_BYTES`] it is what is found up to there, and `partial`.
    #[must_use]
    pub fn finish(self) -> Detection {
        let found = self.detector.detect(&Event::reply(0, self.text));
        Detection { partial: found.partial || self.cut, ..found }
    }

    fn look_if_due(&mut self) {
        let start = self.start;
        let (len, new) = (self.text.len() - start, self.text.len() - self.looked);
        if self.stalled || new < STEP.max(len / NEW) {
            return;
        }
        if len > WINDOW_BYTES {
            self.stalled = true;
            return;
        }
        self.looked = self.text.len();
        self.searched += len;
        let window = self.text.get(start..).unwrap_or_default();
        let looked = self.window.look(&self.detector, window, self.held - start);
        self.held = start + looked.safe;
        self.start = Window::start(&self.text, self.held);
        self.cost.decoded_bytes += looked.cost.decoded_bytes;
        self.cost.search_steps += looked.cost.search_steps;
        let mut found = looked.findings;
        // What is above the level that counts stops no reply; the whole, at its end, records it.
        let _ = self.detector.take_counted(&mut found);
        self.findings.extend(found.into_iter().map(|mut finding| {
            finding.span = (start + finding.span.0, start + finding.span.1);
            finding
        }));
    }
}

/// Bytes of the next part of a chunk, at least one character.
fn part_len(chunk: &str) -> usize {
    if chunk.len() <= TAKEN { chunk.len() } else { floor_boundary(chunk, TAKEN) }
}

impl<D> fmt::Debug for ReplyScanner<D> {
    /// Does not show the text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ReplyScanner");
        debug.field("bytes", &self.text.len()).field("safe", &self.safe).field("stalled", &self.stalled).finish()
    }
}
