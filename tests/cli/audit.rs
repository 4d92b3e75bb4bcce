//! The log that `check --live` writes, read back by `audit verify`.

use std::fs;

use crate::support::{Folder, run};

#[test]
fn a_live_check_leaves_a_log_that_shows_every_change() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "."]).code, Some(0));
    let inbox =
        b"{\"id\":\"a\",\"at\":1764000000000,\"text\":\"hello\"}\nnonsense\n{\"id\":\"b\",\"text\":\"again\"}\n";
    run(folder.path(), &["check", "--json"], inbox);
    assert!(!folder.path().join("audit.jsonl").exists(), "trying things out leaves no trace");

    run(folder.path(), &["check", "--json", "--live"], inbox);
    let whole = folder.run(&["audit", "verify"]);
    assert_eq!((whole.code, whole.err.as_str()), (Some(0), ""), "{}", whole.out);
    assert!(whole.out.contains("each as it was written"), "{}", whole.out);

    let log = folder.path().join("audit.jsonl");
    let written = fs::read_to_string(&log).unwrap();
    assert!(!written.contains("hello") && !written.contains("nonsense"), "{written}");
    let lines: Vec<&str> = written.lines().collect();
    let cut = lines[..lines.len() - 1].join("\n") + "\n";
    let swapped = [&lines[1..2], &lines[..1], &lines[2..]].concat().join("\n") + "\n";
    let changed = [written.replacen("drop", "hold", 1), written.replacen(lines[1], "", 1), cut, swapped];
    for (number, changed) in changed.iter().enumerate() {
        assert_ne!(*changed, written, "change {number}");
        fs::write(&log, changed).unwrap();
        let found = folder.run(&["audit", "verify"]);
        assert_eq!(found.code, Some(1), "change {number}: {}", found.out);
        assert!(
            found.err.contains("audit.jsonl") && found.out.contains("fault"),
            "{number}: {}{}",
            found.err,
            found.out
        );
    }
}

#[test]
fn a_log_is_not_read_without_its_key() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["audit", "verify"]).code, Some(2), "the built-in settings name no log");
    let named = folder.run(&["audit", "verify", "audit.jsonl"]);
    assert_eq!(named.code, Some(2));
    assert!(named.err.contains("name no key"), "{}", named.err);
    folder.run(&["init", "gate"]);
    let missing = folder.run(&["--config", "gate/sluicegate.toml", "audit", "verify", "other.jsonl"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("other.jsonl"), "{}", missing.err);
}
