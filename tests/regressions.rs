//! Replays what the fuzzers start from (`corpus/fuzz`) and every input that once broke a law (`fuzz/regressions`).
//!
//! A crash that libFuzzer finds is mended by copying its file into `fuzz/regressions/TARGET/`, under a name that tells what
//! was wrong, and making this test pass again.

mod properties;

use std::fs;
use std::path::Path;

use properties::{
    auth, detect, event_json, fold, formats, metamorphic, policy_load, policy_run, rule_file, stream, tool, undo,
};

#[test]
fn laws_of_fold_hold_for_seeds_and_old_crashes() {
    replay("fold", fold::holds_for);
}

#[test]
fn laws_of_auth_hold_for_seeds_and_old_crashes() {
    replay("auth", auth::holds_for);
}

#[test]
fn laws_of_detect_hold_for_seeds_and_old_crashes() {
    replay("detect", detect::holds_for);
}

#[test]
fn laws_of_formats_hold_for_seeds_and_old_crashes() {
    replay("formats", formats::holds_for);
}

#[test]
fn laws_of_rule_file_hold_for_seeds_and_old_crashes() {
    replay("rule_file", rule_file::holds_for);
}

#[test]
fn laws_of_policy_load_hold_for_seeds_and_old_crashes() {
    replay("policy_load", policy_load::holds_for);
}

#[test]
fn laws_of_policy_run_hold_for_seeds_and_old_crashes() {
    replay("policy_run", policy_run::holds_for);
}

#[test]
fn laws_of_event_json_hold_for_seeds_and_old_crashes() {
    replay("event_json", event_json::holds_for);
}

#[test]
fn laws_of_undo_hold_for_seeds_and_old_crashes() {
    replay("undo", undo::holds_for);
}

#[test]
fn laws_of_tool_hold_for_seeds_and_old_crashes() {
    replay("tool", tool::holds_for);
}

#[test]
fn laws_of_metamorphic_hold_for_seeds_and_old_crashes() {
    replay("metamorphic", metamorphic::holds_for);
}

#[test]
fn laws_of_stream_hold_for_seeds_and_old_crashes() {
    replay("stream", stream::holds_for);
}

/// The fuzz target chooses triples by chance, this goes through them in order: every 7th, or with `TRIPLES=all` all.
#[test]
fn laws_of_metamorphic_hold_for_triples_of_disguises() {
    const AROUND: [&[u8]; 4] = [b"", b"mmppaiabbf", b"we will meet at the station", b"a b c d e f g h"];
    let step = if std::env::var("TRIPLES").is_ok_and(|which| which == "all") { 1 } else { 7 };
    let choices = u32::from(metamorphic::choices());
    for number in (0..choices.pow(3)).step_by(step) {
        let chosen = [number, number / choices, number / choices.pow(2)].map(|choice| (choice % choices) as u8);
        metamorphic::holds_for(&[chosen.as_slice(), AROUND[number as usize % AROUND.len()]].concat());
    }
}

/// Calls `holds_for` with every file kept for the fuzz target. An empty set would be a test that tests nothing.
fn replay(target: &str, holds_for: fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut replayed = 0;
    for kept in ["corpus/fuzz", "fuzz/regressions"] {
        let Ok(folder) = fs::read_dir(root.join(kept).join(target)) else { continue };
        for entry in folder {
            let path = entry.expect("the folder can be listed").path();
            println!("replaying {}", path.display());
            holds_for(&fs::read(&path).expect("the file can be read"));
            replayed += 1;
        }
    }
    assert!(replayed > 0, "no seed in corpus/fuzz/{target}");
}
