//! The log that `check --live` writes, read back by `audit verify`.

use std::fs;
#[cfg(unix)]
use std::process::Command;

use sluicegate::audit::{AuditLog, AuditSettings, Entry};
use sluicegate::config::Settings;
use sluicegate::facts::Facts;
use sluicegate::keys::{KeySource, Keys};
use sluicegate::{Event, Gate, Kind};

#[cfg(unix)]
use crate::support::PROGRAM;
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

/// Records that may wait for the disk are fewer than these events, and a file is read faster than a disk writes.
#[test]
fn a_live_check_of_many_events_loses_no_record() {
    const EVENTS: usize = 20_000;
    let folder = Folder::new();
    folder.run(&["init", "."]);
    folder.write("inbox.jsonl", "{\"text\":\"hello\"}\n".repeat(EVENTS));
    let live = folder.run(&["check", "--json", "--live", "inbox.jsonl"]);
    assert_eq!((live.code, live.err.as_str(), live.out.lines().count()), (Some(0), "", EVENTS));
    let verified = folder.run(&["audit", "verify"]);
    assert_eq!((verified.code, verified.err.as_str()), (Some(0), ""), "{}", verified.out);
    assert!(!verified.out.contains("lost"), "{}", verified.out);
    let logged = |line: &str| line.contains("\"what\":\"check\"");
    let files = folder.names().into_iter().filter(|name| name.starts_with("audit") && name.ends_with(".jsonl"));
    let records: usize = files
        .map(|name| fs::read_to_string(folder.path().join(name)).unwrap().lines().filter(|it| logged(it)).count())
        .sum();
    assert_eq!(records, EVENTS);
}

/// A limit on the size of files stands in for a disk that is full.
#[cfg(unix)]
#[test]
fn a_live_check_that_could_not_log_says_so_once_and_answers_everything() {
    let folder = Folder::new();
    folder.run(&["init", "."]);
    // A gate whose store finds no room does not start at all; this is about the log.
    let settings = fs::read_to_string(folder.path().join("sluicegate.toml")).unwrap();
    folder.write("sluicegate.toml", settings.replace("file = \"store.db\"", "# file = \"store.db\""));
    folder.write("inbox.jsonl", "{\"text\":\"hello\"}\n".repeat(3_000));
    // So that the log has its limit behind it.
    assert_eq!(folder.run(&["check", "--json", "--live", "inbox.jsonl"]).code, Some(0));
    for (events, input) in [(3_000, "inbox.jsonl"), (1, "--text=hello")] {
        let limited = format!("trap '' XFSZ; ulimit -f 8; exec '{PROGRAM}' check --json --live {input}");
        let output = Command::new("sh").args(["-c", &limited]).current_dir(folder.path()).output().unwrap();
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!((output.status.code(), out.lines().count()), (Some(1), events), "{input}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(err.starts_with("error: the audit log is not complete: "), "{err}");
    }
}

/// Nobody changed this log, but whoever relies on it must know that it does not hold everything.
#[test]
fn a_log_that_says_it_lost_records_is_not_complete() {
    let folder = Folder::new();
    folder.run(&["init", "."]);
    let keys = Keys::load(&KeySource::File(folder.path().join("sluicegate.key"))).unwrap();
    let mut settings = AuditSettings::new(folder.path().join("audit.jsonl"));
    // With no room in the queue, a record is lost whenever the writer is not just waiting for one.
    settings.queue = 0;
    let log = AuditLog::open(&settings, &keys).unwrap();
    let event = Event::message(1, "hello");
    let verdict = Gate::builder().settings(Settings::demonstration()).build().unwrap().check(&event);
    let facts = Facts::new(Kind::Message);
    let entry = Entry { event: &event, sender: "", facts: &facts, questions: None, verdict: &verdict };
    while log.record(&entry).is_ok() {}
    log.flush().unwrap();
    drop(log);

    let verified = folder.run(&["audit", "verify"]);
    assert_eq!(verified.code, Some(1), "{}", verified.out);
    assert!(verified.err.starts_with("error: audit.jsonl: the log itself says that 1 record "), "{}", verified.err);
    assert!(verified.out.contains("each as it was written; 1 record lost"), "{}", verified.out);
}

#[test]
fn a_live_check_without_a_log_tells_how_to_name_one() {
    let run = Folder::new().run(&["check", "--live", "--text", "hello"]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "nothing is decided that was to be logged");
    assert!(run.err.contains("`file` in `[audit]`"), "{}", run.err);
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
