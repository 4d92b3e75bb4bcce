//! The texts of `corpus/`: what the starter set must say to each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sluicegate::config::{Settings, starter_rules};
use sluicegate::detect::{Detector, RuleSet};
use sluicegate::text::view::{Flavour, View};
use sluicegate::verdict::Category;
use sluicegate::{Event, Gate, Json, Verdict};

fn corpus(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(part)
}

fn inbox() -> Vec<Event> {
    let text = fs::read_to_string(corpus("inbox.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn judge(settings: Settings) -> Vec<Verdict> {
    let gate = Gate::builder().settings(settings).build().unwrap();
    inbox().iter().map(|event| gate.check(event)).collect()
}

/// What the golden file keeps of a verdict: enough to see that a change of rules, policies or code changed a decision, and
/// nothing that changes with every one of them.
fn golden_line(verdict: &Verdict) -> String {
    let place = verdict.by.policy.as_ref().zip(verdict.by.line).map(|(file, line)| format!("{file}:{line}"));
    serde_json::json!({
        "id": verdict.id, "decision": verdict.decision, "reason": verdict.reason, "by": verdict.by.station, "place": place,
    })
    .to_string()
}

/// `SLUICEGATE_BLESS=1` rewrites the golden file; say in the commit why it changed.
#[test]
fn the_inbox_is_judged_as_the_golden_file_says() {
    let path = corpus("inbox.golden.jsonl");
    let lines: Vec<String> = judge(Settings::demonstration()).iter().map(golden_line).collect();
    if std::env::var_os("SLUICEGATE_BLESS").is_some() {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    for (line, (expected, found)) in (1..).zip(golden.lines().zip(&lines)) {
        assert_eq!(expected, found, "line {line}");
    }
    assert_eq!(golden.lines().count(), lines.len());
}

#[test]
fn the_settings_beside_the_inbox_are_those_of_the_demonstration() {
    let given: Vec<String> = judge(Settings::load(&corpus("inbox.toml")).unwrap()).iter().map(golden_line).collect();
    let built_in: Vec<String> = judge(Settings::demonstration()).iter().map(golden_line).collect();
    assert_eq!(given, built_in);
}

#[test]
fn the_inbox_shows_every_decision_category_and_step() {
    let verdicts = judge(Settings::demonstration());
    assert!(verdicts.len() >= 300);
    let count = |found: &dyn Fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| found(verdict)).count();
    for decision in ["allow", "drop", "hold"] {
        assert!(count(&|verdict| verdict.decision.name() == decision) >= 5, "{decision}");
    }
    for reason in ["too many messages", "sender has become suspicious", "blocked sender", "unknown sender", "attack"] {
        assert!(count(&|verdict| verdict.reason.as_ref() == reason) > 0, "no event is decided with `{reason}`");
    }
    let rules = RuleSet::load(&starter_rules()).unwrap();
    let found: BTreeSet<&str> =
        verdicts.iter().flat_map(|verdict| &verdict.findings).map(|finding| finding.category.name()).collect();
    for rule in rules.rules() {
        assert!(found.contains(rule.category.name()), "no finding of category {}", rule.category.name());
    }
    let steps: BTreeSet<&str> = verdicts
        .iter()
        .flat_map(|verdict| &verdict.findings)
        // What the model reads in a guess moves with its weights.
        .filter(|finding| finding.category != Category::Model)
        .flat_map(|finding| finding.via.iter().map(|step| step.name()))
        .collect();
    assert_eq!(steps, BTreeSet::from(["base64", "hex", "leet", "reversed"]));
    assert!(verdicts.iter().all(|verdict| verdict.degraded.is_empty()), "nothing in the inbox is beyond a budget");
}

#[test]
fn no_two_texts_of_the_inbox_are_equal_after_folding() {
    fn strings(json: &Json, texts: &mut Vec<String>) {
        match json {
            Json::String(text) => texts.push(text.clone()),
            Json::Array(elements) => elements.iter().for_each(|element| strings(element, texts)),
            Json::Object(members) => members.values().for_each(|member| strings(member, texts)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    let mut seen = BTreeMap::new();
    for event in inbox() {
        let id = event.id.clone().unwrap();
        let mut texts = vec![event.text];
        texts.extend(event.quoted);
        texts.extend(event.attachments.into_iter().map(|attachment| attachment.text));
        if let Some(tool) = event.tool {
            strings(&tool.arguments, &mut texts);
            strings(&tool.result, &mut texts);
        }
        for text in texts {
            let mut view = View::new(Flavour::Symbols);
            view.fill(&text);
            let folded: Vec<u8> = view.bytes().iter().copied().filter(|byte| !byte.is_ascii_punctuation()).collect();
            // Single words, such as the argument of a tool, may well come twice.
            if folded.len() > 16 {
                let before = seen.insert(folded, id.clone());
                assert!(before.is_none(), "{id} says what {before:?} says: {text}");
            }
        }
    }
}

#[derive(Deserialize)]
struct Row {
    text: String,
    family: String,
    disguise: Option<String>,
    /// Why the starter rules let an attack through on purpose.
    missed: Option<String>,
}

fn rows(folder: &str) -> Vec<(String, Row)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(corpus(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    let mut rows = Vec::new();
    for path in paths {
        for (line, text) in (1..).zip(fs::read_to_string(&path).unwrap().lines()) {
            let place = format!("{}:{line}", path.file_name().unwrap().to_string_lossy());
            rows.push((place, serde_json::from_str(text).unwrap()));
        }
    }
    rows
}

/// All rows are named at once, so that one run shows what a change of the rules did.
fn outliers(folder: &str, expected: fn(&Row) -> std::ops::Range<u8>) -> Vec<String> {
    let detector = Detector::new(&RuleSet::load(&starter_rules()).unwrap()).unwrap();
    let rows = rows(folder);
    assert!(rows.len() >= 150);
    rows.into_iter()
        .filter_map(|(place, row)| {
            let detection = detector.detect_text(&row.text);
            let rules: Vec<&str> = detection.findings.iter().map(|finding| finding.rule.as_ref()).collect();
            let wrong = !expected(&row).contains(&detection.score);
            let (score, family, disguise) = (detection.score, row.family, row.disguise.unwrap_or_default());
            let text: String = row.text.chars().take(160).collect();
            (wrong || detection.partial).then(|| format!("{place} {score} {rules:?} {family} {disguise}: {text}"))
        })
        .collect()
}

#[test]
fn every_attack_is_suspect() {
    let missed = outliers("attacks", |row| if row.missed.is_some() { 0..5 } else { 5..32 });
    assert!(missed.is_empty(), "{} other than expected:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn no_harmless_text_is_suspect() {
    let alarms = outliers("benign", |_| 0..5);
    assert!(alarms.is_empty(), "{} false alarms:\n{}", alarms.len(), alarms.join("\n"));
}

/// Hashes, keys, certificates, emoji, joiners, puzzles and whatever else looks like a disguise and is none: never suspect,
/// never too much for the budgets, a file for each kind.
#[test]
fn no_look_alike_is_suspect_or_unread() {
    let rows = rows("benign/lookalikes");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, _) in &rows {
        *counts.entry(place.split(':').next().unwrap()).or_default() += 1;
    }
    assert!(counts.len() >= 18, "{counts:?}");
    assert!(counts.values().all(|rows| *rows >= 50), "{counts:?}");
    let alarms = outliers("benign/lookalikes", |_| 0..5);
    assert!(alarms.is_empty(), "{} of {} false alarms:\n{}", alarms.len(), rows.len(), alarms.join("\n"));
}
