//! What a scanner promises of a finding: whether it is told before a byte of it is released.

use crate::verdict::{Finding, Step};

use super::super::detector::{Detector, Known, Target};
use super::super::formats::Format;
use super::super::leak::SYSTEM_PROMPT;
use super::super::rule::Scope;
use super::COVER_LETTERS;

/// Whether a finding is told before a byte of it is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// It may be told late: one of its steps is among the [`late_steps`], or its rule among the
    /// [late rules](Detector::late_rules).
    Late,
    /// It is told in time wherever what hides it shows itself within [`COVER_LETTERS`] letters, as the registered disguises
    /// do: measured, not proved.
    InTime,
    /// It is told in time whatever the text, since nothing but folding undid it.
    ///
    /// What only a view undid, such as letters in reverse order, is told in time as well; but by its steps it cannot be told
    /// from what a reading undid.
    Always,
}

/// A step that may reveal something in what was released long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Late {
    /// The step.
    pub step: Step,
    /// Why nothing can be held back for it.
    pub why: &'static str,
}

const LATE: &[Late] = &[
    Late {
        step: Step::Bidi,
        why: "an override changes the order of its whole paragraph, which may have begun long before",
    },
    Late { step: Step::Edited, why: "deletes may take back all that stands before them, however much that is" },
    Late { step: Step::Initials, why: "a letter of it stands in a line, and a line may be as long as it likes" },
    Late {
        step: Step::Morse,
        why: "it is told by stretches of 64 bytes, which a part of a reply is cut into elsewhere",
    },
    Late { step: Step::Substituted, why: "what a name stands for may have been said long before the name is used" },
    Late { step: Step::UpsideDown, why: "it is read from the end, and only as a whole" },
];

/// The steps for which nothing is promised, each with the reason.
#[must_use]
pub const fn late_steps() -> &'static [Late] {
    LATE
}

impl Detector {
    /// What a [`ReplyScanner`](super::ReplyScanner) promises of a finding in a reply.
    #[must_use]
    pub fn promise(&self, finding: &Finding) -> Promise {
        let is_quote = &*finding.rule == SYSTEM_PROMPT;
        if finding.via.is_empty() && !is_quote {
            return Promise::Always;
        }
        let is_late = |step: &Step| LATE.iter().any(|late| late.step == *step);
        // What was written backwards as a whole and is read on has no place but the whole text. Formats are in no view.
        let whole = finding.via.len() > 1 || self.formats_of(|rule| rule.id == finding.rule).next().is_some();
        let backwards = whole && finding.via.first() == Some(&Step::Reversed);
        if backwards || finding.via.iter().any(is_late) || self.late_rules().any(|(id, _)| id == &*finding.rule) {
            Promise::Late
        } else {
            Promise::InTime
        }
    }

    /// The rules for replies of which a match can be longer than what is held back for disguises, each with the letters of
    /// its longest match; [`usize::MAX`] where a format has no [longest](super::super::formats::Format::longest). In plain
    /// letters they are told in time like all others.
    pub fn late_rules(&self) -> impl Iterator<Item = (&str, usize)> {
        let mut longest = vec![0; self.rules.len()];
        for (target, program) in self.targets.iter().zip(self.exact.programs()) {
            if let Target::Rule(rule) = target
                && let Some(longest) = longest.get_mut(*rule)
            {
                *longest = program.longest().max(*longest);
            }
        }
        for (rule, longest) in longest.iter_mut().enumerate() {
            let of_format = self.formats_of(|known| self.rules.get(rule).is_some_and(|rule| rule.id == known.id));
            let of_formats = of_format.map(|format| format.longest().unwrap_or(usize::MAX)).max();
            *longest = of_formats.unwrap_or_default().max(*longest);
        }
        let of_replies = self.rules.iter().zip(longest).filter(|(rule, _)| rule.scope.contains(Scope::Reply));
        of_replies.filter(|(_, letters)| *letters > COVER_LETTERS).map(|(rule, letters)| (&*rule.id, letters))
    }

    /// The formats of the rules for which `is` holds.
    fn formats_of(&self, is: impl Fn(&Known) -> bool) -> impl Iterator<Item = &'static Format> {
        let all = self.formats.iter().flat_map(|(formats, rules)| formats.all().zip(rules));
        all.filter_map(move |(format, rule)| self.rules.get(*rule).is_some_and(&is).then_some(format))
    }
}
