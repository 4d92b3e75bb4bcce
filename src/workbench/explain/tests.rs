//! What tipped a decision, and what would have changed it.

use super::*;
use crate::config::Settings;
use crate::diagnostic::Source;
use crate::sender::Standing;
use crate::verdict::Decision;

const RULES: &str = r#"format = 1
[[rule]]
id = "injection.walrus"
category = "injection"
points = 5
class = "judgement"
scope = ["text", "quoted"]
phrases = ["violet walrus"]
[[rule]]
id = "social.badger"
category = "social"
points = 3
class = "judgement"
scope = ["text", "quoted"]
phrases = ["orange badger"]
"#;

fn gate(policy: &str, settings: &str) -> Gate {
    let settings = Settings::parse("t.toml", &format!("format = 1\n{settings}")).unwrap();
    let builder = Gate::builder().settings(settings).policies([Source::new("p.rhai", policy)]);
    builder.rules([Source::new("r.toml", RULES)]).build().unwrap()
}

fn told(explanation: &Explanation) -> Vec<String> {
    explanation.changes.iter().map(|change| format!("{}: {}", change.words, change.outcome())).collect()
}

const PERSONAL: &str = "fn on_message(m) {
    if m.sender_blocked { drop(\"blocked\") }
    if m.attack { drop(\"attack\") }
    if m.suspect { hold(\"suspect\") }
    allow();
}";

#[test]
fn a_held_message_tells_the_point_too_many_and_the_finding_that_tipped_it() {
    let gate = gate(PERSONAL, "[detect]\nmodel = false\n");
    let explanation = Explanation::of(&gate, &Event::message(0, "a violet walrus").sender("a"));
    assert_eq!(explanation.inquiry.verdict().decision, Decision::Hold);
    assert!(explanation.tipped(0) && !explanation.tipped_together());
    let changes = told(&explanation);
    assert_eq!(changes[0], "with 1 point less (score 4): it would have been allowed at p.rhai:5");
    assert!(
        changes.contains(&"with 3 points more (score 8): it would have been dropped at p.rhai:3: attack".to_owned()),
        "{changes:#?}"
    );
    assert!(
        changes.contains(&"if the sender were blocked: it would have been dropped at p.rhai:2: blocked".to_owned()),
        "{changes:#?}"
    );
    assert!(
        changes.contains(
            &"if `thresholds.suspect` in the settings were 6 and not 5: it would have been allowed at p.rhai:5"
                .to_owned()
        ),
        "{changes:#?}"
    );
}

#[test]
fn every_change_that_is_told_is_true_and_the_smallest_of_its_kind_comes_first() {
    let policy = "fn on_message(m) {
    if m.channel_in([\"telegram\", \"irc\"]) && m.length >= 20 { hold(\"long\") }
    if m.says(\"weather\") || m.found(\"social\") { drop(\"tea\") }
    if m.escalated { hold(\"escalated\") }
    if m.chat_group && !m.mentioned { drop(\"not addressed\") }
    if m.score_quoted > m.score_authored { hold(\"quoted\") }
    allow();
}";
    let gate = gate(policy, "[detect]\nmodel = false\n");
    for event in [
        Event::message(0, "hello there"),
        Event::message(0, "a violet walrus and an orange badger").channel("telegram"),
        Event::message(0, "some weather and an orange badger"),
        Event::reply(0, "hello"),
    ] {
        let explanation = Explanation::of(&gate, &event);
        let decision = explanation.inquiry.verdict().decision;
        for change in &explanation.changes {
            assert_ne!(change.judgement.decision, decision, "{change:?}");
            assert_eq!(explanation.inquiry.judge(&change.hypothesis), change.judgement);
        }
        assert!(explanation.changes.is_sorted_by_key(|change| change.distance));
    }
}

#[test]
fn without_a_hypothesis_the_judgement_is_the_verdict_and_nothing_is_remembered() {
    let gate = gate(PERSONAL, "[detect]\nmodel = false\n[rate]\nmessages = 2\nseconds = 60\n");
    let events = [
        Event::message(0, "a violet").sender("a"),
        Event::message(1, "walrus here").sender("a"),
        Event::message(2, "orange badger").sender("a").id("m3"),
        Event::message(3, "orange badger").sender("a").id("m3"),
    ];
    for event in &events {
        let (first, second) = (gate.inquire(event), gate.inquire(event));
        let judgement = first.judge(&Hypothesis::default());
        let verdict = gate.check(event);
        assert_eq!(first.verdict(), &verdict, "an inquiry answers what the check after it does");
        assert_eq!(second.verdict(), &verdict, "and leaves no trace");
        assert_eq!(
            (judgement.decision, &judgement.reason, &judgement.by),
            (verdict.decision, &verdict.reason, &verdict.by)
        );
    }
}

#[test]
fn two_findings_that_are_each_enough_tipped_it_together() {
    let gate = gate("fn on_message(m) { if m.score >= 3 { hold(\"x\") } allow() }", "[detect]\nmodel = false\n");
    let explanation = Explanation::of(&gate, &Event::message(0, "violet walrus, orange badger"));
    assert!(!explanation.tipped(0) && !explanation.tipped(1) && explanation.tipped_together());
    assert!(explanation.changes.iter().all(|change| !change.words.contains(", and ")) || explanation.search.pairs > 0);
}

#[test]
fn pairs_are_tried_where_no_single_change_is_enough() {
    let gate = gate("fn on_message(m) { if m.sender_approved && m.mentioned { allow() } drop(\"x\") }", "");
    let explanation = Explanation::of(&gate, &Event::message(0, "hello").sender("a"));
    let changes = told(&explanation);
    assert_eq!(
        changes[0],
        "if the sender were approved, and if the agent were addressed: it would have been allowed at p.rhai:1"
    );
    assert!(explanation.search.pairs > 0);
}

#[test]
fn what_the_settings_decide_is_not_put_down_to_the_policy() {
    let gate = gate("fn on_message(m) { allow() }", "lockdown = true\n");
    let explanation = Explanation::of(&gate, &Event::message(0, "hello"));
    assert!(explanation.beside_the_policy().unwrap().contains("Lockdown"));
    assert!(explanation.changes.is_empty(), "{:?}", told(&explanation));
    assert_eq!(explanation.inquiry.standing(), Standing::Unknown);
}

/// Over the whole inbox with the starter set: an inquiry answers what the check after it does, its trace ends where the
/// verdict was made, and each change that is told is one that changes the decision.
#[test]
fn the_inbox_is_explained_as_it_is_judged() {
    let gate = Gate::builder().settings(Settings::demonstration()).build().unwrap();
    let inbox = include_str!("../../../corpus/inbox.jsonl");
    let mut without_change = Vec::new();
    for (number, line) in (0..).zip(inbox.lines()) {
        let event: Event = serde_json::from_str(line).unwrap();
        let explanation = (number % 8 == 0).then(|| Explanation::of(&gate, &event));
        let inquiry = gate.inquire(&event);
        let verdict = gate.check(&event);
        assert_eq!(inquiry.verdict(), &verdict, "{line}");
        let judgement = inquiry.judge(&Hypothesis::default());
        assert_eq!((judgement.facts, judgement.decision), (*inquiry.facts(), verdict.decision), "{line}");
        let run = inquiry.trace().runs.last().unwrap();
        assert!(
            run.complete && run.lines().any(|ran| Some(ran) == verdict.by.line) || verdict.by.line.is_none(),
            "{line}"
        );
        let Some(explanation) = explanation else { continue };
        assert_eq!(explanation.inquiry.verdict(), &verdict);
        for change in &explanation.changes {
            assert_ne!(change.judgement.effective(), verdict.decision, "{change:?}");
            assert_eq!(inquiry.judge(&change.hypothesis), change.judgement, "{change:?}");
        }
        if explanation.changes.is_empty() && explanation.beside_the_policy().is_none() {
            without_change.push(event.id.clone().unwrap_or_default());
        }
    }
    // A stranger, an attack, and by it escalated: three things would have to be otherwise.
    assert_eq!(without_change, ["m401".to_owned()]);
}
