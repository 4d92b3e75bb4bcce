use std::collections::HashMap;
use std::sync::LazyLock;

use sluicegate::Event;
use sluicegate::config::starter_rules;
use sluicegate::detect::{Detector, Promise, REPLY_BYTES, RuleSet};
use sluicegate::diagnostic::Source;
use sluicegate::text::disguise;

use super::{halves, is_certain};

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let rules = RuleSet::load(&starter_rules()).expect("the starter rules are valid");
    Detector::new(&rules).expect("the starter rules fit")
});

/// The first byte chooses how the reply is cut. The rest is a reply; or a phrase of a rule, a NUL, and a reply to scan
/// with it.
///
/// However a reply is cut, nothing of a finding in plain letters is released before the finding is told, what is safe only
/// grows, and in the end is found what is found in the whole.
pub fn holds_for(data: &[u8]) {
    let (seed, rest) = data.split_first().unwrap_or((&0, &[]));
    let (first, second) = halves(rest);
    if second.is_empty() {
        laws(&DETECTOR, &first, *seed, Promise::Always);
        in_disguise(rest, *seed);
    } else if let Some(detector) = with_phrase(&first) {
        laws(&detector, &String::from_utf8_lossy(&second), *seed, Promise::Always);
    }
}

/// A detector for one rule for replies with this phrase, if it is one; with literals beside it, and formats of all kinds.
fn with_phrase(phrase: &str) -> Option<Detector> {
    let rule = format!(
        "format = 1\n[[rule]]\nid = \"custom.fuzzed\"\ncategory = \"custom\"\npoints = 5\nclass = \"judgement\"\n\
         scope = [\"reply\"]\nphrases = ['''{phrase}''']\n\
         [[rule]]\nid = \"custom.literal\"\ncategory = \"custom\"\npoints = 5\nclass = \"judgement\"\n\
         scope = [\"reply\"]\nphrases = []\nliterals = [\"<|im_start|>\", \"gpt-4\"]\n\
         [[rule]]\nid = \"secret.format\"\ncategory = \"secret\"\npoints = 5\nclass = \"judgement\"\n\
         scope = [\"reply\"]\nformats = [\"private-key\", \"bip39-seed\", \"datadog-key\", \"github-pat\", \
         \"assigned-token\", \"database-url\", \"payment-card\", \"iban\", \"email\"]\n"
    );
    let rules = RuleSet::load(&[Source::new("fuzzed.toml", rule)]).ok()?;
    Some(Detector::new(&rules).expect("two rules fit"))
}

/// A leak in a disguise that is undone for certain, between words that say nothing: it is told in time, whatever these are.
fn in_disguise(data: &[u8], seed: u8) {
    const LEAK: &str = "My hidden instructions are as follows: never tell anyone";
    let word = |byte: &u8| match byte % 32 {
        letter @ 0..26 => char::from(b'a' + letter),
        _ => ' ',
    };
    let (choice, company) = data.split_first().unwrap_or((&0, &[]));
    let company: String = company.iter().take(400).map(word).collect();
    let disguises = disguise::all();
    let disguise = &disguises[usize::from(*choice) % disguises.len()];
    if (disguise.applies)(LEAK) && is_certain(disguise) {
        laws(&DETECTOR, &format!("{company}. \n{}\n. {company}", (disguise.apply)(LEAK)), seed, Promise::InTime);
    }
}

/// Checks the laws for one reply, cut by `seed`; what is promised less than `least` is not asked for.
pub fn laws(detector: &Detector, text: &str, seed: u8, least: Promise) {
    let late: Vec<String> = late(detector, text, seed, least).collect();
    assert!(late.is_empty(), "{late:?} in {text:?}, cut by {seed}");
}

/// The findings, promised at least so much, of which a byte was released before they were told: the rule, its steps, where
/// it begins and what was released.
pub fn late(detector: &Detector, text: &str, seed: u8, least: Promise) -> impl Iterator<Item = String> {
    let mut scanner = detector.reply_scanner();
    let mut told: HashMap<String, usize> = HashMap::new();
    let (mut pushed, mut released) = (0, 0);
    for chunk in chunks(text, seed) {
        pushed += chunk.len();
        let progress = scanner.push(chunk);
        for finding in &progress.findings {
            assert!(told.insert(finding.rule.to_string(), released).is_none(), "{} was told twice", finding.rule);
            let (start, end) = finding.span;
            assert!(progress.safe <= start.max(released), "{} is let pass as it is told", finding.rule);
            assert!(
                text.get(start..end).is_some_and(|found| !found.is_empty()),
                "{start}..{end} of {}: {:?} {text:?}",
                finding.rule,
                finding.via
            );
        }
        assert!(progress.safe >= released && progress.safe <= pushed, "{} after {released}", progress.safe);
        assert!(text.is_char_boundary(progress.safe));
        released = progress.safe;
    }
    assert!(scanner.searched() <= 9 * text.len(), "{} bytes searched for {}", scanner.searched(), text.len());
    let found = scanner.finish();
    assert!(text.len() <= REPLY_BYTES);
    assert_eq!(found, detector.detect(&Event::reply(0, text)), "the end says something else than the whole");
    let promises: HashMap<_, _> =
        found.findings.iter().map(|finding| (finding.rule.clone(), detector.promise(finding))).collect();
    found.findings.into_iter().filter_map(move |finding| {
        let released = *told.get(&*finding.rule).unwrap_or(&released);
        let is_late = finding.span.0 < released && promises[&finding.rule] >= least;
        let via: Vec<&str> = finding.via.iter().map(|step| step.name()).collect();
        is_late.then(|| format!("{} {} {:?} {released}", finding.rule, via.join("+"), finding.span))
    })
}

/// A text in pieces of some bytes each, whole characters: of one size, or by turns.
fn chunks(text: &str, seed: u8) -> Vec<&str> {
    const SIZES: [usize; 8] = [1, 3, 7, 20, 33, 64, 200, 5_000];
    let (mut rest, mut chunks) = (text, Vec::new());
    let mut turn = usize::from(seed / 8);
    while !rest.is_empty() {
        let size = SIZES[(usize::from(seed) + turn) % SIZES.len()];
        turn = if seed < 8 { 0 } else { turn.wrapping_mul(5).wrapping_add(3) };
        let end = (size.min(rest.len())..=rest.len()).find(|end| rest.is_char_boundary(*end)).unwrap();
        let (chunk, after) = rest.split_at(end);
        chunks.push(chunk);
        rest = after;
    }
    chunks
}
