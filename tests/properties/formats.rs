use std::sync::LazyLock;

use sluicegate::Event;
use sluicegate::detect::{Detector, RuleSet, formats, search_steps};
use sluicegate::diagnostic::Source;
use sluicegate::verdict::Category;

/// A rule for every format.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let rule = |format: &formats::Format| {
        format!(
            "[[rule]]\nid = \"secret.{0}\"\ncategory = \"secret\"\npoints = 5\nclass = \"judgement\"\nscope = [\"reply\"]\n\
             formats = [\"{0}\"]\n",
            format.name()
        )
    };
    let file = format!("format = 1\n{}", formats::all().map(rule).collect::<String>());
    let rules = RuleSet::load(&[Source::new("formats.toml", file)]).expect("the rules are valid");
    Detector::new(&rules).expect("the rules fit")
});

/// The input is a text.
///
/// Whatever it is, a place that a format finds is made of whole characters, and no longer than the format says; places are in
/// order and apart; what is found in
/// plain is found between other lines too; no finding tells what it found; and the work is bounded by the length.
pub fn holds_for(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let event = Event::reply(0, &*text);
    let detection = DETECTOR.detect(&event);
    assert!(detection.cost.search_steps <= search_steps(text.len() * 5 + 64 * 1024));
    for finding in &detection.findings {
        let (start, end) = finding.span;
        let found = text.get(start..end);
        assert!(found.is_some_and(|found| !found.is_empty()), "{}: {start}..{end} cuts a character", finding.rule);
        let longest = formats::named(finding.rule.trim_start_matches("secret.")).and_then(formats::Format::longest);
        let is_long = text.is_ascii() && finding.via.is_empty() && longest.is_some_and(|longest| end - start > longest);
        assert!(!is_long, "{}: {} bytes", finding.rule, end - start);
        assert!(finding.via.is_empty() || finding.shows.as_ref().is_some_and(|shown| shown.ends_with('…')));
    }
    let all = DETECTOR.occurrences(&event, &[Category::Secret]);
    assert!(all.spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{:?} overlap", all.spans);
    assert!(all.spans.iter().all(|(start, end)| text.get(*start..*end).is_some()), "{:?} cut a character", all.spans);
    if !detection.partial && !all.partial {
        let none = detection.findings.iter().all(|finding| finding.field != "text");
        assert_eq!(all.spans.is_empty(), none, "one finds and the other does not");
    }
    let among = DETECTOR.detect(&Event::reply(0, format!("one\n{text}\ntwo")));
    for finding in detection.findings.iter().filter(|finding| finding.via.is_empty()) {
        let again = among.findings.iter().any(|found| found.rule == finding.rule);
        // Where a better known format stands besides, one that is known by the words around it is silent.
        assert!(again || among.partial || detection.findings.len() > 1, "{} is hidden by its company", finding.rule);
    }
}
