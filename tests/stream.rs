//! Replies that come in in pieces: nothing of a finding is released before it is told.

#[path = "secrets/fixture.rs"]
#[allow(dead_code, reason = "this test does not ask what the secret is")]
mod fixture;
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

use fixture::{Fixture, fixtures};
use properties::stream::{late, laws};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&starter_rules()).unwrap());
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(&RULES).unwrap());
static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(fixtures);

/// Talk that says nothing to any rule.
const TALK: &str = "The bakery on the corner opens at seven, and the bread is gone by nine. If you want a seat by the \
    window, call them the day before (they answer until six); the cakes cost 3.50 each. We went there on Sunday with the \
    children, who liked the lemon one best. It rained all afternoon, so we stayed and played cards until they closed. ";

/// What the rules for replies must match; of formats, which have a law of their own, one example a rule.
fn texts() -> impl Iterator<Item = &'static str> {
    let rules = RULES.rules().iter().filter(|rule| rule.scope.contains(Scope::Reply));
    rules.flat_map(|rule| {
        let examples = if rule.formats.is_empty() { usize::MAX } else { 1 };
        rule.matches.iter().take(examples).map(String::as_str)
    })
}

/// What rules for replies must match, in every disguise, in the middle of talk. And what is listed as late is late. Every third
/// text; all of them, which takes minutes, with `REPLIES=all`.
#[test]
fn whatever_shows_itself_is_told_in_time_in_every_disguise() {
    let (mut broken, mut replies, mut number) = (Vec::new(), 0, 0_u8);
    let mut listed: BTreeSet<&str> = late_steps().iter().map(|late| late.step.name()).collect();
    let every = if std::env::var_os("REPLIES").is_some_and(|given| given == "all") { 1 } else { 3 };
    for (place, text) in texts().enumerate() {
        // Few texts are late in Morse code.
        let wanted = |name: &str| place % every == 0 || name == "morse";
        for disguise in disguise::all().iter().filter(|one| (one.applies)(text)) {
            // Each pair is cut as it is where all are tried.
            number = number.wrapping_add(1);
            if !wanted(disguise.name) {
                continue;
            }
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

/// What stands around a secret, and how it may be written with characters that a reader takes for the same.
const CARRIERS: &[fn(&str) -> String] = &[
    |secret| format!("{LEAD}{secret}. {LEAD}"),
    |secret| format!("{LEAD}\n```\n{secret}\n```\n{LEAD}"),
    |secret| format!("{LEAD}{{\"it\": {secret:?}}}, {LEAD}"),
    |secret| format!("{LEAD}{}{secret}\n{}{LEAD}", "12 34567 ".repeat(40), "A1b2/".repeat(60)),
    |secret| format!("{LEAD}{}\n{LEAD}", secret.replace(['-', '_'], "\u{200b}-")),
    |secret| format!("{LEAD}{}\n{LEAD}", secret.chars().flat_map(|c| ['\u{2060}', c]).collect::<String>()),
    |secret| format!("{LEAD}{} {LEAD}", secret.chars().map(wide).collect::<String>()),
    |secret| format!("{LEAD}{secret}"),
];

/// The wide form of a character of ASCII, which takes three bytes.
fn wide(c: char) -> char {
    char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic()).unwrap_or(c)
}

/// Talk that is long enough to let what stands before it go, if nothing holds it back.
const LEAD: &str = "The bakery on the corner opens at seven, and the bread is gone by nine. If you want a seat by the \
    window, call them the day before (they answer until six); the cakes cost 3.50 each. ";

/// Nothing of a secret is released before it is told, whatever stands around it and wherever the reply is cut: byte by byte,
/// in pieces of 7 and 20, and in pieces of all sizes by turns.
#[test]
fn nothing_of_a_secret_is_released_before_it_is_told() {
    let (mut broken, mut told, mut number) = (Vec::new(), 0, 7_u8);
    for fixture in FIXTURES.iter() {
        for (carrier, carry) in CARRIERS.iter().enumerate() {
            let reply = carry(&fixture.text);
            told += usize::from(!DETECTOR.detect(&Event::reply(0, reply.as_str())).findings.is_empty());
            number = number.wrapping_add(8) | 8;
            for seed in [0, 2, 3, number] {
                let late = late(&DETECTOR, &reply, seed, Promise::Always);
                broken
                    .extend(late.map(|late| format!("{} in carrier {carrier}, cut by {seed}: {late}", fixture.format)));
            }
        }
    }
    assert!(told > FIXTURES.len() * CARRIERS.len() * 3 / 4, "only {told} replies hold something");
    assert!(broken.is_empty(), "{} are late: {broken:#?}", broken.len());
}

/// A key of some KiB is held back from its head on, and told as soon as its end has come in; so are the words of a wallet.
#[test]
fn what_is_long_is_held_back_from_its_beginning() {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n";
    let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
    let key = format!("{begin}\n{}{end}", line.repeat(200));
    let words = "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel \
                 tennis maple dilemma loan word shrug inflict delay length";
    for (secret, rule) in [(key.as_str(), "secret.private-key"), (words, "secret.wallet")] {
        let (mut scanner, mut told) = (DETECTOR.reply_scanner(), Vec::new());
        // A look is due when an eighth of what is held back is new.
        let reply = format!("{LEAD}{LEAD}\n{secret}\n{}", LEAD.repeat(15));
        let begins = reply.find(secret).unwrap();
        for chunk in reply.as_bytes().chunks(20) {
            let progress = scanner.push(std::str::from_utf8(chunk).unwrap());
            assert!(!progress.stalled);
            told.extend(progress.findings.iter().map(|finding| finding.rule.to_string()));
            if told.is_empty() {
                assert!(progress.safe <= begins, "{} of {begins}", progress.safe);
            }
        }
        assert!(told.iter().any(|told| told == rule), "{told:?}");
    }
}

/// A rule of which a match can be longer than what is held back for disguises is named.
#[test]
fn rules_that_reach_far_are_named() {
    let far: Vec<(&str, usize)> = DETECTOR.late_rules().collect();
    assert!(far.iter().all(|(_, letters)| *letters > COVER_LETTERS), "{far:?}");
    let rule = |id: &str| RULES.rules().iter().find(|rule| &*rule.id == id).unwrap();
    let phrased: Vec<&str> = far.iter().map(|(id, _)| *id).filter(|id| rule(id).formats.is_empty()).collect();
    assert_eq!(phrased, ["extraction.reply-owns-up", "extraction.reply-quotes-prompt"]);
    for long in RULES.rules().iter().filter(|rule| rule.scope.contains(Scope::Reply)) {
        let is_long = long.formats.iter().any(|format| format.longest().is_none_or(|bytes| bytes > COVER_LETTERS));
        assert!(!is_long || far.iter().any(|(id, _)| *id == &*long.id), "{} is not named", long.id);
    }
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
    let found: Vec<&str> = progress.findings.iter().map(|finding| &*finding.rule).collect();
    assert_eq!(found, ["extraction.reply-owns-up", "extraction.reply-tells-prompt"]);
    assert!(progress.findings.iter().all(|finding| progress.safe <= finding.span.0), "{progress:?}");
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

    /// Pieces of secrets behind one another, whole or broken off, with digits and words between them: cut anywhere.
    #[test]
    fn nothing_of_a_broken_secret_is_released_before_it_is_told(
        pieces in proptest::collection::vec((any::<u16>(), 0_usize..12, 0_usize..12, 0..BETWEEN.len()), 1..12),
        seed in any::<u8>(),
    ) {
        let mut text = String::new();
        for (number, from, to, between) in pieces {
            let whole = match usize::from(number) % 8 {
                0 => WORDS[usize::from(number) % WORDS.len()].to_owned(),
                1 => format!("{number} {number:05} {number:04} 4111 1111 1111 1111 {number:05}").repeat(1 + from),
                2 => "legal winner thank year wave sausage worth useful legal winner thank yellow ".to_owned(),
                _ => FIXTURES[usize::from(number) % FIXTURES.len()].text.clone(),
            };
            // Most pieces begin or end where they do.
            let cut = |twelfths: usize| (0..=whole.len() * twelfths / 12).rev().find(|at| whole.is_char_boundary(*at));
            let (from, to) = (cut(from.saturating_sub(7)).unwrap(), cut((to + 6).min(12)).unwrap());
            text.push_str(whole.get(from..to).unwrap_or_default());
            text.push_str(BETWEEN[between]);
            if number % 5 == 0 {
                text.push_str(LEAD);
            }
        }
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
