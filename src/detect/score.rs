//! Points.

use crate::verdict::{Category, Class, Finding};

/// The highest score.
pub const MAX_SCORE: u8 = 31;
/// Rules of one category that count.
const PER_CATEGORY: usize = 2;

/// The score of findings of distinct rules: the sum of their points, at most the two strongest of a category, at most 31.
///
/// The [model](super::lexical) learned from what the rules find and adds nothing to it: its points count where they are more than
/// those of all rules together.
#[must_use]
pub fn score(findings: &[Finding]) -> u8 {
    sum(findings.iter())
}

/// The score of only what is wrong in itself.
#[must_use]
pub fn score_artifact(findings: &[Finding]) -> u8 {
    sum(findings.iter().filter(|finding| finding.class == Class::Artifact))
}

/// The score of what stands in the authored text of a message, which alone escalates its sender.
#[must_use]
pub fn score_authored(findings: &[Finding]) -> u8 {
    sum(findings.iter().filter(|finding| finding.field == "text"))
}

/// What of [`score_authored`] escalates the sender. What the text only [mentions](Finding::mentioned) does not: to ask what a
/// well-known attack means is no step of one. Nor does the
/// [model](super::lexical): in a conversation about one thing it meets the same words again and again, which is one opinion
/// and not many.
#[must_use]
pub fn score_escalating(findings: &[Finding]) -> u8 {
    let counts = |finding: &&Finding| finding.field == "text" && finding.category != Category::Model;
    sum(findings.iter().filter(counts).filter(|finding| !finding.mentioned))
}

/// The score of what is wrong in itself in the authored text.
#[must_use]
pub fn score_authored_artifact(findings: &[Finding]) -> u8 {
    let own = |finding: &&Finding| finding.field == "text" && finding.class == Class::Artifact;
    sum(findings.iter().filter(own))
}

/// The score of what stands in quoted or forwarded text, and not in the authored text as well.
///
/// A rule fires once an event, and counts for the part that is searched first: the authored text, then what is quoted, the
/// shown name, the attachments in their order.
#[must_use]
pub fn score_quoted(findings: &[Finding]) -> u8 {
    sum(findings.iter().filter(|finding| finding.field == "quoted"))
}

/// The score of what stands in attachments, in their names and texts, and in no part that is searched before them; see
/// [`score_quoted`].
#[must_use]
pub fn score_attached(findings: &[Finding]) -> u8 {
    sum(findings.iter().filter(|finding| finding.field.starts_with("attachments/")))
}

fn sum<'a>(findings: impl Iterator<Item = &'a Finding>) -> u8 {
    let mut strongest = [[0_u8; PER_CATEGORY]; Category::ALL.len()];
    for finding in findings {
        if let Some([first, second]) = strongest.get_mut(finding.category as usize) {
            if finding.points > *first {
                (*first, *second) = (finding.points, *first);
            } else {
                *second = finding.points.max(*second);
            }
        }
    }
    let model = strongest.get_mut(Category::Model as usize).map(std::mem::take).unwrap_or_default();
    let rules: u32 = strongest.iter().flatten().map(|points| u32::from(*points)).sum();
    let total = rules.max(u32::from(model[0]));
    u8::try_from(total.min(u32::from(MAX_SCORE))).unwrap_or(MAX_SCORE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(category: Category, class: Class, points: u8, field: &str) -> Finding {
        Finding {
            rule: "x.y".into(),
            category,
            class,
            points,
            field: field.to_owned(),
            span: (0, 1),
            via: vec![],
            shows: None,
            words: vec![],
            mentioned: false,
            earlier: vec![],
        }
    }

    #[test]
    fn counts_two_a_category_the_model_beside_them_and_no_more_than_31() {
        use Category::{Injection, Model, Persona, Probing, Social};
        let a = |category, points| finding(category, Class::Artifact, points, "text");
        let cases = [
            (vec![], 0),
            (vec![a(Injection, 3)], 3),
            (vec![a(Injection, 3), a(Injection, 8), a(Injection, 5)], 13),
            (vec![a(Injection, 3), a(Social, 2)], 5),
            (vec![a(Injection, 10), a(Injection, 10), a(Persona, 10), a(Probing, 10)], 31),
            // The model beside no rule, weaker and stronger ones.
            (vec![a(Model, 5)], 5),
            (vec![a(Model, 5), a(Injection, 5), a(Social, 2)], 7),
            (vec![a(Model, 8), a(Injection, 3)], 8),
        ];
        for (findings, expected) in cases {
            assert_eq!(score(&findings), expected, "{findings:?}");
        }
    }

    #[test]
    fn what_is_only_mentioned_and_what_the_model_finds_do_not_escalate() {
        let own = |category| finding(category, Class::Artifact, 8, "text");
        let mentioned = Finding { mentioned: true, ..own(Category::Injection) };
        for (finding, expected) in [(own(Category::Injection), 8), (mentioned, 0), (own(Category::Model), 0)] {
            assert_eq!(score_escalating(std::slice::from_ref(&finding)), expected, "{finding:?}");
        }
    }

    #[test]
    fn tells_artifacts_and_authored_text_apart() {
        let findings = [
            finding(Category::Injection, Class::Artifact, 8, "quoted"),
            finding(Category::Social, Class::Judgement, 3, "text"),
        ];
        assert_eq!((score(&findings), score_artifact(&findings), score_authored(&findings)), (11, 8, 3));
        assert_eq!((score_authored_artifact(&findings), score_quoted(&findings), score_attached(&findings)), (0, 8, 0));
        let attached = [finding(Category::Injection, Class::Artifact, 8, "attachments/0/name")];
        assert_eq!((score_authored_artifact(&attached), score_quoted(&attached), score_attached(&attached)), (0, 0, 8));
        let own = [finding(Category::Injection, Class::Artifact, 8, "text")];
        assert_eq!((score_authored_artifact(&own), score_quoted(&own), score_attached(&own)), (8, 0, 0));
    }
}
