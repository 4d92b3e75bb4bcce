//! How much of a harmless reply is withheld while it comes in: after each piece of some 20 bytes, as models write them.
//!
//! `cargo bench --bench withheld -- DATA` measures over the harmless texts of `corpus/`, several joined to one reply, and
//! over the rows of `DATA/*.jsonl` whose `kind` is `benign-reply` or `benign-chat-assistant`.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use sluicegate::detect::Detector;

/// Bytes of a piece.
const PIECE: usize = 20;
/// Bytes of a reply that texts are joined to.
const JOINED: usize = 1_500;

fn main() {
    let detector = support::starter_detector();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/benign");
    let talk = |name: &str| name.starts_with("chat-") || name.starts_with("developer-");
    report(&detector, "corpus/benign, talk, joined", &joined(&rows(&corpus, talk, |_| true)));
    report(
        &detector,
        "corpus/benign, what looks like an attack, joined",
        &joined(&rows(&corpus, |name| !talk(name), |_| true)),
    );
    if let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        let folder = Path::new(&folder);
        report(&detector, "benign-reply", &rows(folder, |_| true, |kind| kind == "benign-reply"));
        let talk = rows(folder, |_| true, |kind| kind == "benign-chat-assistant");
        report(&detector, "benign-chat-assistant", &talk);
        report(&detector, "benign-chat-assistant, joined", &joined(&talk));
    }
}

/// The texts in the files of a folder whose names are wanted, as far as their kinds are.
fn rows(folder: &Path, named: impl Fn(&str) -> bool, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl") && named(&name(path)));
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        for line in fs::read_to_string(&path).unwrap_or_default().lines() {
            let row: Value = serde_json::from_str(line).expect("a row is JSON");
            if wanted(row["kind"].as_str().unwrap_or_default()) {
                texts.extend(row["text"].as_str().map(str::to_owned));
            }
        }
    }
    texts
}

/// Texts after one another, until a reply is long enough.
fn joined(texts: &[String]) -> Vec<String> {
    let mut replies = vec![String::new()];
    for text in texts {
        if replies.last().is_some_and(|reply| reply.len() >= JOINED) {
            replies.push(String::new());
        }
        if let Some(reply) = replies.last_mut() {
            reply.push_str(text);
            reply.push('\n');
        }
    }
    replies
}

/// Prints what is withheld after each piece, in bytes, and what that costs.
fn report(detector: &Detector, name: &str, replies: &[String]) {
    let mut withheld = Vec::new();
    let (mut bytes, mut searched, mut found) = (0, 0, 0);
    for reply in replies {
        let mut scanner = detector.reply_scanner();
        let (mut pushed, mut told) = (0, 0);
        while pushed < reply.len() {
            let end = (pushed + PIECE..reply.len()).find(|end| reply.is_char_boundary(*end)).unwrap_or(reply.len());
            let progress = scanner.push(&reply[pushed..end]);
            pushed = end;
            told += progress.findings.len();
            withheld.push(pushed - progress.safe);
        }
        bytes += reply.len();
        searched += scanner.searched();
        found += usize::from(told > 0);
    }
    withheld.sort_unstable();
    let at =
        |share: usize| withheld.get(withheld.len() * share / 1_000).or(withheld.last()).copied().unwrap_or_default();
    println!(
        "{name}: {} replies of {bytes} bytes, {} pieces; withheld p50 {} p90 {} p99 {} p99.9 {} max {}; \
         {:.1} bytes searched for each; {found} replies with findings",
        replies.len(),
        withheld.len(),
        at(500),
        at(900),
        at(990),
        at(999),
        withheld.last().copied().unwrap_or_default(),
        searched as f64 / bytes.max(1) as f64,
    );
}
