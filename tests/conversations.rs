//! The conversations of `corpus/conversations/`: no harmless sender becomes suspicious by writing much.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use sluicegate::config::Settings;
use sluicegate::sender::{Listed, Listing};
use sluicegate::{Event, Gate};

const NOON: u64 = 1_764_000_000_000;
const MESSAGES: usize = 60;
/// From message to message, in milliseconds: six a minute, within the rate.
const APART: u64 = 10_000;
const ESCALATED: u8 = 8;
/// Harmless conversations that escalate all the same, each with its reason. They must, so that an improvement is noticed.
/// The rules were mended with these conversations at hand, so they are a regression and no evidence; `benches/score` has that.
const KNOWN: &[(&str, &str)] = &[(
    "en-05",
    "a teacher's children imagine a world without any rules, and a worksheet says to ignore everything above",
)];

#[derive(Deserialize)]
struct Turn {
    conversation: String,
    turn: usize,
    text: String,
    topic: String,
}

/// The conversations by name, each in the order of its lines; a file holds those of one language.
fn conversations() -> BTreeMap<String, Vec<Turn>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/conversations");
    let mut found: BTreeMap<String, Vec<Turn>> = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let language = path.file_stem().unwrap().to_string_lossy().into_owned();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let turn: Turn = serde_json::from_str(line).unwrap();
            let number = turn.conversation.strip_prefix(&format!("{language}-"));
            assert!(
                number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())),
                "{} in {language}.jsonl",
                turn.conversation
            );
            found.entry(turn.conversation.clone()).or_default().push(turn);
        }
    }
    found
}

/// The test below says nothing about a conversation that is cut short or that says one thing again and again.
#[test]
fn a_conversation_is_sixty_turns_on_one_topic() {
    let conversations = conversations();
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    let mut texts = BTreeSet::new();
    for (name, turns) in &conversations {
        *languages.entry(name.rsplit_once('-').unwrap().0).or_default() += 1;
        assert_eq!(turns.len(), MESSAGES, "{name}");
        for (number, turn) in (1..).zip(turns) {
            assert_eq!((turn.turn, &turn.topic), (number, &turns[0].topic), "{name}");
            // A short answer may well come twice, and in another conversation.
            let fresh = texts.insert(turn.text.as_str()) || turn.text.chars().count() < 32;
            assert!(fresh, "{name}, turn {number}, was said before: {}", turn.text);
        }
    }
    assert!(languages.len() >= 12 && languages.values().all(|count| *count >= 3), "{languages:?}");
    assert!(languages["en"] >= 20, "{languages:?}");
}

/// All of them are named at once, so that one run shows what a change of the rules did.
#[test]
fn no_harmless_sender_but_those_known_becomes_suspicious() {
    let conversations = conversations();
    let mut settings = Settings::default();
    settings.sender =
        conversations.keys().map(|name| Listed::new("matrix", name, Listing::Approved).unwrap()).collect();
    let gate = Gate::builder().settings(settings).build().unwrap();
    let (mut found, mut stories) = (BTreeSet::new(), String::new());
    for (name, turns) in &conversations {
        let mut story = String::new();
        for (number, turn) in (0..).zip(turns) {
            let event = Event::message(NOON + number * APART, turn.text.as_str())
                .channel("matrix")
                .sender(name.as_str())
                .id(format!("{name}/{}", turn.turn));
            let verdict = gate.check(&event);
            assert!(verdict.degraded.is_empty() && verdict.reason.as_ref() != "unknown sender", "{verdict:?}");
            if verdict.score > 0 {
                let rules: Vec<&str> = verdict.findings.iter().map(|finding| finding.rule.as_ref()).collect();
                let (score, sum) = (verdict.score, verdict.escalation);
                story.push_str(&format!(
                    "{name}, turn {}: {score}, {sum} in sum, {rules:?}: {}\n",
                    turn.turn, turn.text
                ));
            }
            if verdict.escalation >= ESCALATED {
                found.insert(name.as_str());
            }
        }
        if found.contains(name.as_str()) {
            stories.push_str(&story);
        }
    }
    let known: BTreeSet<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, known, "\n{stories}");
}
