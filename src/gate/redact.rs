//! Blacking out what was found before an event is passed on.

use crate::detect::Detector;
use crate::event::Event;
use crate::verdict::Category;

/// What stands in place of what was found.
const BAR: &str = "[redacted]";
/// Findings that are blacked out at most.
const ROUNDS: usize = 64;

/// The text of the event without anything that rules of these categories find in it; none where it cannot be done.
///
/// A rule fires once an event, so the text is searched again until nothing is found: at most 64 times. The event is passed
/// on as the text that comes back, so a finding in another field cannot be blacked out.
pub(super) fn redact(detector: &Detector, event: &Event, categories: &[Category]) -> Option<String> {
    let mut left = event.clone();
    for _ in 0..ROUNDS {
        let detection = detector.detect(&left);
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for finding in detection.findings.iter().filter(|finding| categories.contains(&finding.category)) {
            if finding.field != "text" {
                return None;
            }
            spans.push(finding.span);
        }
        if spans.is_empty() {
            return (!detection.partial).then_some(left.text);
        }
        // From the back, so that the places before stay right; what overlaps a bar is found again in the next round.
        spans.sort_unstable();
        let mut end_before = usize::MAX;
        for (start, end) in spans.into_iter().rev() {
            if end <= end_before && left.text.get(start..end).is_some() {
                left.text.replace_range(start..end, BAR);
                end_before = start;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::RuleSet;
    use crate::diagnostic::Source;

    #[test]
    fn blacks_out_every_place_or_says_that_it_cannot() {
        let rules = r#"format = 1
[[rule]]
id = "secret.word"
category = "secret"
points = 5
class = "artifact"
scope = ["reply", "attachment"]
phrases = ["(magic|secret) password"]
"#;
        let detector = Detector::new(&RuleSet::load(&[Source::new("t.toml", rules)]).unwrap()).unwrap();
        let event = Event::reply(0, "the secret password and the Magic Password!");
        let secrets = [Category::Secret];
        assert_eq!(redact(&detector, &event, &secrets).as_deref(), Some("the [redacted] and the [redacted]!"));
        assert_eq!(redact(&detector, &event, &[Category::Personal]).as_deref(), Some(event.text.as_str()));
        let mut elsewhere = event;
        elsewhere.attachments.push(serde_json::from_str(r#"{"text":"secret password"}"#).unwrap());
        assert_eq!(redact(&detector, &elsewhere, &secrets), None);
    }
}
