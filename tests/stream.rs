//! Replies that come in in pieces: nothing of a finding is released before it is told.

#[path = "properties/mod.rs"]
#[allow(dead_code, unused_imports, reason = "this test uses one of the laws")]
mod properties;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use sluicegate::config::starter_rules;
use sluicegate::detect::{Detector, Promise, RuleSet, Scope};
use sluicegate::text::disguise;

use properties::stream::{late, laws};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&starter_rules()).unwrap());
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(&RULES).unwrap());

/// Talk that says nothing to any rule.
const TALK: &str = "The bakery on the corner opens at seven, and the bread is gone by nine. If you want a seat by the \
    window, call them the day before (they answer until six); the cakes cost 3.50 each. We went there on Sunday with the \
    children, who liked the lemon one best. It rained all afternoon, so we stayed and played cards until they closed. ";

fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rules = RULES.rules().iter().filter(|rule| rule.scope.contains(Scope::Reply));
    rules.flat_map(|rule| rule.matches.iter().map(|text| (&*rule.id, text.as_str())))
}

/// What every rule for replies must match, in every disguise, in the middle of talk.
#[test]
fn whatever_shows_itself_is_told_in_time_in_every_disguise() {
    let mut by_disguise: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut count, mut number) = (0, 0_u8);
    for (_, text) in texts() {
        for disguise in disguise::all().iter().filter(|disguise| (disguise.applies)(text)) {
            number = number.wrapping_add(1);
            let hidden = (disguise.apply)(text);
            for reply in [format!("{TALK}{hidden} {TALK}"), format!("{TALK}{TALK}\n\n{hidden}\n\n{TALK}")] {
                count += 1;
                by_disguise.entry(disguise.name).or_default().extend(late(&DETECTOR, &reply, number, Promise::InTime));
            }
        }
    }
    println!("{count} replies");
    by_disguise.retain(|_, late| !late.is_empty());
    assert!(by_disguise.is_empty(), "{by_disguise:#?}");
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
    "my", "system prompt", "system", "prompt", "says", "is", "are", "you are", "now", "as follows", "a helpful assistant",
    "trained by", "never reveal", "your instructions", "i was", "instructed", "told", "by my developers", "never", "to",
    "discuss", "as dan", "i will", "i can", "now", "developer mode", "enabled", "here is", "hidden instructions", "the", "of",
    "ghp_", "sk-proj-", "-----BEGIN", "PRIVATE KEY-----", "OPENSSH", "word", "another", "x", "tpmorp metsys ym", "syas",
    "era uoy", "5y5t3m", "pr0mpt", "ｍｙ", "ѕуѕtem", "s y s t e m", "averyveryveryverylongwordindeed", "nevoerpmi",
];
const BETWEEN: &[&str] = &[" ", " ", " ", " ", "", ".", ", ", "\n", "  ", "-", "\u{200b}", "' ", " 12 ", "........", "\t"];
