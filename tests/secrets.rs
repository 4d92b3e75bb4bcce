//! Secrets and personal data: what the vendors document is found, all of it, and what only looks alike is not.

#[path = "secrets/fixture.rs"]
mod fixture;

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use serde::Deserialize;
use sluicegate::config::starter_rules;
use sluicegate::detect::{Detector, RuleSet, formats};
use sluicegate::text::disguise::{self, Traits};
use sluicegate::verdict::Category;
use sluicegate::{Decision, Event, Gate};

use fixture::{Fixture, fixtures, folder};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&starter_rules()).unwrap());
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(&RULES).unwrap());

/// What formats are about.
const THEIRS: [Category; 3] = [Category::Secret, Category::Personal, Category::Filesystem];

/// The rules that name a format.
fn rules_of(format: &str) -> Vec<&'static str> {
    let names = |rule: &&sluicegate::detect::Rule| rule.formats.iter().any(|named| named.name() == format);
    RULES.rules().iter().filter(names).map(|rule| rule.id.as_ref()).collect()
}

/// The rules that fire on a text as a reply.
fn fired(text: &str) -> Vec<String> {
    DETECTOR.detect(&Event::reply(0, text)).findings.iter().map(|finding| finding.rule.to_string()).collect()
}

/// Whether a fixture is found by a rule of its format, and every byte of the secret by some rule.
fn is_found(fixture: &Fixture) -> bool {
    let rules = rules_of(&fixture.format);
    let fires = fired(&fixture.text).iter().any(|rule| rules.contains(&rule.as_str()));
    let all = DETECTOR.occurrences(&Event::reply(0, fixture.text.as_str()), &THEIRS);
    let (start, end) = fixture.secret;
    fires && all.spans.iter().any(|(from, to)| *from <= start && end <= *to)
}

#[test]
fn every_format_is_named_by_a_rule_and_has_fixtures() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    fixtures().into_iter().for_each(|fixture| *counts.entry(fixture.format).or_default() += 1);
    for format in formats::all() {
        assert!(!rules_of(format.name()).is_empty(), "no starter rule names `{}`", format.name());
        assert!(counts.get(format.name()).is_some_and(|count| *count >= 3), "too few fixtures of `{}`", format.name());
    }
    assert!(formats::all().count() >= 60);
}

/// The goal is 98 in 100; what is measured is all of them, so one that is lost is a fault.
#[test]
fn what_the_vendors_document_is_found() {
    let fixtures = fixtures();
    let missed: Vec<String> = fixtures
        .iter()
        .filter(|fixture| !is_found(fixture))
        .map(|fixture| format!("{}: {:?} in {}", fixture.format, fired(&fixture.text), fixture.text))
        .collect();
    println!("recall {} of {}", fixtures.len() - missed.len(), fixtures.len());
    assert!(missed.is_empty(), "{} of {} missed:\n{}", missed.len(), fixtures.len(), missed.join("\n"));
}

/// Alarms of secrets, and of personal data with check digits. The goal is 0.5 in 100, the aim 0.1.
#[test]
fn what_only_looks_alike_is_not_found() {
    let text = fs::read_to_string(folder("secrets/benign.jsonl")).unwrap();
    let rows: Vec<String> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 5_000);
    let alarms = alarms(&rows);
    println!("{} alarms on {} rows", alarms.len(), rows.len());
    assert!(alarms.len() * 1_000 <= rows.len(), "{} alarms:\n{}", alarms.len(), alarms.join("\n"));
}

#[derive(Deserialize)]
struct Row {
    text: String,
}

/// Code, logs, talk and look-alikes of the corpus. Some of them hold a session's token, a `Basic` header with a password, or
/// the number of a card or an account that a book has as its example: these are what they look like.
#[test]
fn harmless_texts_of_the_corpus_hold_no_secrets() {
    let mut rows = Vec::new();
    for part in ["benign", "benign/lookalikes"] {
        for path in fs::read_dir(folder(part)).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_file() {
                let text = fs::read_to_string(&path).unwrap();
                rows.extend(text.lines().map(|line| serde_json::from_str::<Row>(line).unwrap().text));
            }
        }
    }
    assert!(rows.len() >= 2_000);
    let real = ["secret.jwt:", "secret.http-credentials:", "personal.card:", "personal.iban:"];
    let alarms: Vec<String> =
        alarms(&rows).into_iter().filter(|alarm| !real.iter().any(|rule| alarm.starts_with(rule))).collect();
    println!("{} alarms on {} rows", alarms.len(), rows.len());
    assert!(alarms.len() * 1_000 <= rows.len(), "{} alarms:\n{}", alarms.len(), alarms.join("\n"));
}

fn alarms(rows: &[String]) -> Vec<String> {
    let is_alarm = |rule: &&String| {
        rule.starts_with("secret.")
            || ["personal.card", "personal.iban", "personal.national-id"].contains(&rule.as_str())
    };
    rows.iter().filter_map(|row| Some(format!("{}: {row}", fired(row).iter().find(is_alarm)?))).collect()
}

/// What a format finds it finds in every disguise that keeps its characters: that is what an agent is asked for, once it does
/// not tell a key in plain. Which steps a decoder takes is chosen by what it finds, so a few in a hundred are lost.
#[test]
fn secrets_are_found_in_disguise() {
    let kept = Traits::SYMBOLS.with(Traits::DIGITS).with(Traits::ORDER).with(Traits::RUNS).with(Traits::CASE);
    let (mut tried, mut found) = (0, 0);
    let fixtures = fixtures();
    for disguise in
        disguise::all().iter().filter(|disguise| !disguise.loses.any(kept) && disguise.loses == Traits::NONE)
    {
        let applies = fixtures.iter().filter(|fixture| (disguise.applies)(&fixture.text)).step_by(5);
        let outcomes: Vec<bool> = applies
            .map(|fixture| {
                let rules = rules_of(&fixture.format);
                fired(&(disguise.apply)(&fixture.text)).iter().any(|rule| rules.contains(&rule.as_str()))
            })
            .collect();
        let here = outcomes.iter().filter(|found| **found).count();
        println!("{}: {here} of {}", disguise.name, outcomes.len());
        (tried, found) = (tried + outcomes.len(), found + here);
    }
    println!("{found} of {tried} found in disguise");
    assert!(found * 100 >= tried * 90, "{found} of {tried} found in disguise");
}

/// Whatever stands around a secret, blanks or quotes, it is found; and nothing is left of it once it is blacked out.
#[test]
fn a_reply_without_its_secrets_has_none() {
    let policy = sluicegate::diagnostic::Source::new(
        "p.rhai",
        "fn on_reply(r) { allow(#{redact: [\"secret\", \"personal\", \"filesystem\"]}) }",
    );
    let gate = Gate::builder().policies([policy]).build().unwrap();
    for fixture in fixtures() {
        let secret = &fixture.text[fixture.secret.0..fixture.secret.1];
        for around in ["", " ", "\"", "'", "`", "\n", "\t"] {
            let text = format!("one {around}{}{around} two", fixture.text);
            let verdict = gate.check(&Event::reply(0, text.as_str()));
            let redacted = verdict.redacted.as_deref().unwrap_or_default();
            assert_eq!(verdict.decision, Decision::Allow, "{text}");
            assert!(redacted.contains("[redacted]") && !redacted.contains(secret), "{text}\n{redacted}");
            let left = DETECTOR.occurrences(&Event::reply(0, redacted), &THEIRS);
            assert_eq!(left.spans, [], "{redacted}");
            // A verdict may be logged by whoever asked for it: no finding tells the secret itself.
            let told = serde_json::to_string(&verdict.findings).unwrap();
            assert!(!told.contains(secret), "{told}");
        }
    }
}

/// The owner's policies hold a reply with a secret, and do not mind an address or a number to call.
#[test]
fn the_starter_policies_hold_secrets_and_pass_addresses() {
    for name in ["personal.rhai", "public.rhai", "readonly.rhai"] {
        let policy = sluicegate::config::starter_policy(name).unwrap();
        let gate = Gate::builder().policies([policy]).build().unwrap();
        let check = |text: &str| gate.check(&Event::reply(0, text)).decision;
        assert_eq!(check("Write to ann@example.org or call +1 555 010-0123."), Decision::Allow, "{name}");
        assert_eq!(check("A token of GitHub begins with ghp_ and is made in the settings."), Decision::Allow, "{name}");
        // What the owner's machine looks like is for the owner: nobody is known here, so this goes to a stranger.
        assert_eq!(check("It is in /home/ann/letters/march.txt."), Decision::Hold, "{name}");
        assert_eq!(check("Put it into your home folder, /home/user/letters."), Decision::Allow, "{name}");
        let fixtures = fixtures();
        let key = fixtures.iter().find(|fixture| fixture.format == "github-pat").unwrap();
        assert_eq!(check(&key.text), Decision::Hold, "{name}");
    }
}
