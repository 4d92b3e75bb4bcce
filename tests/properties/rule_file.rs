use sluicegate::detect::{Detector, RuleSet};
use sluicegate::diagnostic::{Level, LoadError, Source};

/// The input is a rule file.
///
/// A file is refused with faults that can be shown and point into it, or gives rules that compile and whose own `matches`
/// can be searched.
pub fn holds_for(data: &[u8]) {
    let source = Source::new("fuzzed.toml", String::from_utf8_lossy(data));
    match RuleSet::load(std::slice::from_ref(&source)) {
        Err(refused) => points_into(&refused, &source),
        Ok(rules) => {
            let detector = Detector::new(&rules).expect("what a file of this size holds fits the index");
            for rule in rules.rules() {
                assert!((1..=10).contains(&rule.points) && (1..=4).contains(&rule.level), "{}", rule.id);
                assert!(!rule.phrases.is_empty() || !rule.literals.is_empty(), "{} looks for nothing", rule.id);
                for text in rule.matches.iter().chain(&rule.passes) {
                    let _ = detector.detect_text(text);
                }
            }
        }
    }
}

/// What the owner is shown: at least one error, and no place outside the file.
pub fn points_into(refused: &LoadError, source: &Source) {
    assert!(refused.diagnostics.iter().any(|fault| fault.level == Level::Error), "refused without an error");
    // A last line that is empty has a place too: what is missing at the end is missing there.
    let lines = source.text.split('\n').count();
    for fault in &refused.diagnostics {
        assert!(fault.line as usize <= lines, "line {} of {lines}: {fault}", fault.line);
        let width =
            source.text.split('\n').nth((fault.line as usize).saturating_sub(1)).map_or(0, |l| l.chars().count());
        assert!(fault.column as usize <= width + 1, "column {} of {width}: {fault}", fault.column);
        assert!(!fault.message.is_empty() && !fault.to_string().contains('\u{1b}'), "an escape reaches the screen");
    }
}
