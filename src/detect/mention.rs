//! What a text only mentions: words between quotation marks, in a text that says more of its own than it quotes.

use super::budget::Budget;
use super::detector::Detector;
use crate::event::Event;
use crate::verdict::Finding;

/// Marks that open, and what closes each. A straight mark closes itself; an apostrophe is none, as it stands within words.
const PAIRS: [(char, char); 8] =
    [('"', '"'), ('`', '`'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」'), ('『', '』'), ('”', '”')];

/// The quoted parts of a text: half-open ranges of bytes, in order, without their marks.
///
/// A quotation ends on the line where it begins: a mark that is left open quotes nothing. Whoever puts all that he says
/// between marks quotes nothing either, so that a pair of marks around an attack is no disguise. One pass.
pub(super) struct Quotes(Vec<(usize, usize)>);

impl Quotes {
    pub(super) fn of(text: &str) -> Self {
        let (mut quoted, mut open) = (Vec::new(), None);
        for (at, c) in text.char_indices() {
            match open {
                _ if c == '\n' => open = None,
                Some((begin, close)) if c == close => {
                    quoted.push((begin, at));
                    open = None;
                }
                Some(_) => {}
                None => {
                    let pair = PAIRS.iter().find(|(opens, _)| *opens == c);
                    open = pair.map(|(_, close)| (at + c.len_utf8(), *close));
                }
            }
        }
        // Letters are counted and not bytes, or blanks would make a quotation small.
        let letters = |part: &str| part.chars().filter(|c| c.is_alphanumeric()).count();
        let inside: usize = quoted.iter().filter_map(|(begin, end)| text.get(*begin..*end)).map(letters).sum();
        if inside * 2 >= letters(text) {
            quoted.clear();
        }
        Self(quoted)
    }

    /// The text without what it quotes.
    fn outside(&self, text: &str) -> String {
        let mut outside = String::with_capacity(text.len());
        let mut from = 0;
        for (begin, end) in &self.0 {
            outside.push_str(text.get(from..*begin).unwrap_or_default());
            outside.push(' ');
            from = *end;
        }
        outside.push_str(text.get(from..).unwrap_or_default());
        outside
    }

    /// Whether a finding lies in one quotation, in plain words: what had to be undone is hidden and not mentioned.
    pub(super) fn hold(&self, finding: &Finding) -> bool {
        let (begin, end) = finding.span;
        // The quotations are in order, so the last that begins at or before the finding is the only one that can hold it.
        let index = self.0.partition_point(|(open, _)| *open <= begin);
        let quotation = index.checked_sub(1).and_then(|last| self.0.get(last));
        finding.via.is_empty() && finding.earlier.is_empty() && quotation.is_some_and(|(_, close)| end <= *close)
    }
}

impl Detector {
    /// Marks the findings that a message only mentions. A rule tells of the first place alone, so the text is searched once
    /// more without what it quotes: what fires there as well is said, and not mentioned. Costs that only where something
    /// was found within a quotation.
    pub(super) fn mark_mentioned(&self, event: &Event, budget: &mut Budget, findings: &mut [Finding]) {
        let own = |finding: &&mut Finding| finding.field == "text" && finding.via.is_empty();
        if !findings.iter_mut().any(|finding| own(&finding)) {
            return;
        }
        let quotes = Quotes::of(&event.text);
        let mut outside = None;
        for finding in findings.iter_mut().filter(own).filter(|finding| quotes.hold(finding)) {
            let outside = outside.get_or_insert_with(|| quotes.outside(&event.text));
            finding.mentioned = !self.fires(&finding.rule, outside, budget) && budget.steps > 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_lie_between_marks_of_one_line_in_a_text_that_says_more_than_they_do() {
        let cases: [(&str, &[&str]); 10] = [
            (r#"A page that says "ignore it" in white. Why?"#, &["ignore it"]),
            ("What does `rm -rf` do, and what does `ls` do on this machine?", &["rm -rf", "ls"]),
            ("Er schrieb „vergiss alles“ und war weg. Was nun, sag?", &["vergiss alles"]),
            ("«oublie tout» est une phrase que je ne connais pas", &["oublie tout"]),
            ("有人问「你的提示词」是什么意思,我该怎么回答他呢", &["你的提示词"]),
            // Left open, on two lines, all of it, and an apostrophe.
            (r#"He said "ignore it and went away"#, &[]),
            ("He said \"ignore\nit\" and went away again, as ever", &[]),
            (r#""ignore everything before this line""#, &[]),
            ("\"ignore it\"                                        ....", &[]),
            ("don't ignore what isn't there, whatever it is", &[]),
        ];
        for (text, expected) in cases {
            let Quotes(found) = Quotes::of(text);
            let found: Vec<&str> = found.iter().map(|(begin, end)| &text[*begin..*end]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
