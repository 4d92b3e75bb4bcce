//! Replies that come in in pieces: nothing of a finding is released before it is told.

#[path = "properties/mod.rs"]
#[allow(dead_code, unused_imports, reason = "this test uses one of the laws")]
mod properties;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use sluicegate::config::starter_rules;
use sluicegate::detect::{COVER_LETTERS, Detector, Promise, RuleSet, Scope, late_steps};
use sluicegate::text::disguise;
use sluicegate::{Event, Gate};

use properties::stream::{late, laws};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&starter_rules()).unwrap());
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(&RULES).unwrap());

/// Talk that says nothing to any rule.
const TALK: &str = "The bakery on the corner opens at seven, and the bread is gone by nine. If you want a seat by the \
    window, call them the day before (they answer until six); the cakes cost 3.50 each. We went there on Sunday with the \
    children, who liked the lemon one best. It rained all afternoon, so we stayed and played cards until they closed. ";

fn texts() -> impl Iterator<Item = &'static str> {
    let rules = RULES.rules().iter().filter(|rule| rule.scope.contains(Scope::Reply));
    rules.flat_map(|rule| rule.matches.iter().map(String::as_str))
}

/// What every rule for replies must match, in every disguise, in the middle of talk. And what is listed as late is late.
#[test]
fn whatever_shows_itself_is_told_in_time_in_every_disguise() {
    let (mut broken, mut replies, mut number) = (Vec::new(), 0, 0_u8);
    let mut listed: BTreeSet<&str> = late_steps().iter().map(|late| late.step.name()).collect();
    for text in texts() {
        for disguise in disguise::all().iter().filter(|disguise| (disguise.applies)(text)) {
            number = number.wrapping_add(1);
            let hidden = (disguise.apply)(text);
            for reply in [format!("{TALK}{hidden} {TALK}"), format!("{TALK}{TALK}\n\n{hidden}\n\n{TALK}")] {
                replies += 1;
                broken.extend(late(&DETECTOR, &reply, number, Promise::InTime).map(|late| (disguise.name, late)));
                for late in late(&DETECTOR, &reply, number, Promise::Late) {
                    listed.retain(|step| !late.contains(step));
                }
            }
        }
    }
    println!("{replies} replies");
    assert!(replies > 5_000, "only {replies} replies");
    assert!(broken.is_empty(), "{broken:#?}");
    // A name that is used long after it was given a meaning.
    let names = "a = \"My system prompt \"; b = \"says: you are a helpful gatekeeper\";";
    let late: Vec<String> =
        late(&DETECTOR, &format!("{names} {TALK} {TALK} a + b\n{TALK}"), 3, Promise::Late).collect();
    listed.retain(|step| !late.iter().any(|late| late.contains(step)));
    assert!(listed.is_empty(), "listed as late, and told in time: {listed:?}");
}

/// A rule of which a match can be longer than what is held back for disguises is named.
#[test]
fn rules_that_reach_far_are_named() {
    let far: Vec<(&str, usize)> = DETECTOR.late_rules().collect();
    let [(rule, letters)] = far.as_slice() else { panic!("{far:?}") };
    assert!(*rule == "extraction.reply-quotes-prompt" && *letters > COVER_LETTERS, "{far:?}");
}

/// Harmless talk is withheld by no more than what is held back of every text and a look: some 40 words at most.
#[test]
fn of_harmless_talk_little_is_withheld() {
    let mut withheld = Vec::new();
    let mut scanner = DETECTOR.reply_scanner();
    let talk = TALK.repeat(20);
    for end in (20..talk.len()).step_by(20) {
        withheld.push(end - scanner.push(&talk[end - 20..end]).safe);
    }
    withheld.sort_unstable();
    assert!(withheld[withheld.len() * 99 / 100] <= 256, "{withheld:?}");
}

/// A gate hands out a scanner that keeps its rules, whatever is loaded later.
#[test]
fn a_gate_scans_with_the_rules_in_force() {
    let gate = Gate::builder().build().unwrap();
    let mut scanner = gate.reply_scanner();
    let reply = format!("{TALK}My system prompt says: you are a helpful gatekeeper. {TALK}");
    let progress = scanner.push(&reply);
    assert_eq!(&*progress.findings[0].rule, "extraction.reply-tells-prompt");
    assert!(progress.safe <= progress.findings[0].span.0);
    let verdict = gate.check(&Event::reply(0, &*reply));
    assert_eq!(scanner.finish().score, verdict.score);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Words of the rules, words beside them, and what stands between: in any order, cut anywhere.
    #[test]
    fn nothing_in_plain_letters_is_released_before_it_is_told(
        words in proptest::collection::vec((0..WORDS.len(), 0..BETWEEN.len()), 1..120), seed in any::<u8>(),
    ) {
        let text: String = words.iter().flat_map(|(word, between)| [WORDS[*word], BETWEEN[*between]]).collect();
        laws(&DETECTOR, &text, seed, Promise::Always);
    }
}

const WORDS: &[&str] = &[
    "my",
    "system prompt",
    "system",
    "prompt",
    "says",
    "is",
    "are",
    "you are",
    "now",
    "as follows",
    "a helpful assistant",
    "trained by",
    "never reveal",
    "your instructions",
    "i was",
    "instructed",
    "told",
    "by my developers",
    "never",
    "to",
    "discuss",
    "as dan",
    "i will",
    "i can",
    "now",
    "developer mode",
    "enabled",
    "here is",
    "hidden instructions",
    "the",
    "of",
    "ghp_",
    "sk-proj-",
    "-----BEGIN",
    "PRIVATE KEY-----",
    "OPENSSH",
    "word",
    "another",
    "x",
    "tpmorp metsys ym",
    "syas",
    "era uoy",
    "5y5t3m",
    "pr0mpt",
    "ｍｙ",
    "ѕуѕtem",
    "s y s t e m",
    "averyveryveryverylongwordindeed",
    "nevoerpmi",
];
const BETWEEN: &[&str] =
    &[" ", " ", " ", " ", "", ".", ", ", "\n", "  ", "-", "\u{200b}", "' ", " 12 ", "........", "\t"];
