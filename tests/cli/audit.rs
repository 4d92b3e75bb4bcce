//! The log that `check --live` writes, read back by `audit verify`.

use std::fs;
#[cfg(unix)]
use std::process::Command;
use std::sync::Arc;

use sluicegate::audit::{self, AuditLog, AuditSettings, Entry};
use sluicegate::config::Settings;
use sluicegate::event::Json;
use sluicegate::facts::Facts;
use sluicegate::keys::{KeySource, Keys};
use sluicegate::store::{Actor, Commit, Deed, Journal, MemoryStore, Person, Store};
use sluicegate::verdict::{By, Category, Class, Degraded, Finding, Severity, Station};
use sluicegate::{Decision, Event, Gate, Kind, Verdict};

#[cfg(unix)]
use crate::support::PROGRAM;
use crate::support::{Folder, command, golden, run};

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

/// A log of some checks and deeds whose lines are the same on every machine: the key is fixed.
fn recorded() -> Folder {
    const START: u64 = 1_764_000_000_000;
    let folder = Folder::new();
    folder.write("sluicegate.toml", "format = 1\nkey = \"key\"\n[audit]\nfile = \"audit.jsonl\"\n");
    let key: [u8; 32] = std::array::from_fn(|index| index as u8);
    let keys = Keys::create_file(&folder.path().join("key"), key).unwrap();
    let log = AuditLog::open(&AuditSettings::new(folder.path().join("audit.jsonl")), &keys).unwrap();
    let record = |event: &Event, sender: &str, verdict: &Verdict| {
        let facts = Facts::new(event.kind);
        log.record(&Entry { event, sender, facts: &facts, questions: None, verdict }).unwrap();
    };
    for number in 0..6 {
        let at = START + number * 7_200_000;
        let event = Event::message(at, "the text").id(format!("event-{number}")).channel("whatsapp").account("main");
        let verdict = Verdict::new(Decision::Allow, "an approved sender", By::policy("personal.rhai", 3, 5));
        record(&event, "+15550100123", &verdict);
    }
    let event = Event::message(START + 50_000_000, "the text").id("knock").channel("telegram").account("");
    let mut verdict = Verdict::new(Decision::Hold, "=cmd|' /C calc'!A0", By::policy("personal.rhai", 23, 5));
    verdict.findings.push(Finding::new(
        "injection.ignore-previous",
        (Category::Injection, Class::Artifact, 8),
        "text",
        (0, 8),
    ));
    verdict.score = 8;
    verdict.degraded.push(Degraded::new(Severity::Partial, "detect", "why"));
    record(&event, "@robin", &verdict);
    let call = Event::tool_call(START + 50_060_000, "bash", Json::Null).channel("telegram");
    record(&call, "", &Verdict::new(Decision::Drop, "never, \"whatever\" it is", By::station(Station::Override)));

    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let journal = Journal::new(Arc::clone(&store), keys.sealer());
    let person = Person { channel: "telegram".into(), account: String::new(), id: "@robin".into() };
    let deeds = [
        Deed::new(START + 51_000_000, "blocked", Actor::OwnerAtTerminal).to(person).with("note", "-2+3"),
        Deed::new(START + 51_000_000, "locked_down", Actor::Client { token: "phone".into() }),
    ];
    for deed in deeds {
        // The journal gives random names; these are known.
        let mut write = journal.note(&deed).unwrap();
        write.key = vec![deed.what.len() as u8; 16];
        let text = serde_json::to_vec(&deed).unwrap();
        write.value = Some(keys.sealer().seal(&[b"journal", &write.key], &text));
        assert!(matches!(store.commit(&[write]), Ok(Commit::Done(_))));
    }
    assert_eq!(audit::drain(&log, &journal).unwrap(), 2);
    drop(log);
    folder
}

#[test]
fn the_log_is_read_by_people() {
    let folder = recorded();
    let cases: [(&str, &[&str]); 6] = [
        ("audit-tail.txt", &["audit", "tail", "-n", "5"]),
        ("audit-show-sender.txt", &["audit", "show", "telegram:@Robin"]),
        ("audit-show-event.txt", &["audit", "show", "whatsapp:event-3"]),
        ("audit-stats.txt", &["audit", "stats"]),
        ("audit-export.csv", &["audit", "export", "--format", "csv"]),
        ("audit-head.txt", &["audit", "head"]),
    ];
    for (name, arguments) in cases {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments:?}");
        golden(name, &run.out);
    }
}

#[test]
fn a_sender_a_chat_an_event_and_a_pseudonym_are_found_and_nobody_else() {
    let folder = recorded();
    let records = |what: &[&str]| {
        let run = folder.run(&[&["audit", "show", "--json"], what].concat());
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{what:?}");
        run.verdicts().iter().map(|record| record["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(records(&["whatsapp:+1 555 010-0123"]), [1, 2, 3, 4, 5, 6], "however it is spelt");
    assert_eq!(records(&["WhatsApp:0015550100123", "--account", "main"]), [1, 2, 3, 4, 5, 6]);
    assert_eq!(records(&["whatsapp:+15550100123", "--account", "other"]), [0; 0]);
    assert_eq!(records(&["whatsapp:+1555010012"]), [0; 0], "never by a part");
    assert_eq!(records(&["telegram:robin"]), [7, 9], "what was judged, and what was done about it");
    assert_eq!(records(&["event-3"]), [4]);
    let sender =
        folder.run(&["audit", "tail", "--json", "-n", "10"]).verdicts()[6]["sender"].as_str().unwrap().to_owned();
    assert_eq!(records(&[&sender[..8]]), [7, 9]);
    let nothing = folder.run(&["audit", "show", "signal:+1 555 010-0199"]);
    assert_eq!(nothing.code, Some(0));
    assert!(nothing.out.contains("tells nothing of this"), "{}", nothing.out);
}

#[test]
fn a_spreadsheet_is_given_no_formula() {
    let folder = recorded();
    let run = folder.run(&["audit", "export", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(run.out.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 10);
    for row in &rows {
        for (column, cell) in columns.iter().zip(row) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{column}: {cell}");
        }
    }
    let cell = |row: usize, name: &str| &rows[row][columns.iter().position(|column| column == name).unwrap()];
    assert_eq!(cell(6, "reason"), "'=cmd|' /C calc'!A0");
    assert_eq!(cell(7, "reason"), "never, \"whatever\" it is");
    assert_eq!((cell(8, "what"), cell(8, "with")), ("deed.blocked", "note=-2+3"));
}

#[test]
fn an_export_of_a_changed_log_says_so_and_leaves_out_what_was_changed() {
    let folder = recorded();
    let log = folder.path().join("audit.jsonl");
    let whole = fs::read_to_string(&log).unwrap();
    let run = folder.run(&["audit", "export"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), whole.as_str()), "byte for byte");
    let lines: Vec<&str> = whole.lines().collect();
    let removed = [&lines[..4], &lines[5..]].concat().join("\n") + "\n";
    for (changed, left) in [(whole.replacen("\"decision\":\"hold\"", "\"decision\":\"drop\"", 1), 9), (removed, 9)] {
        assert_ne!(changed, whole);
        fs::write(&log, changed).unwrap();
        for format in ["json", "csv"] {
            let run = folder.run(&["audit", "export", "--format", format]);
            assert_eq!(run.code, Some(1), "{}", run.out);
            assert_eq!(run.out.lines().count(), left + usize::from(format == "csv"));
            assert!(run.err.contains("what was exported is not the whole log"), "{}", run.err);
        }
        for command in [&["audit", "tail"][..], &["audit", "stats"], &["audit", "show", "telegram:robin"]] {
            let run = folder.run(command);
            assert!(
                run.code == Some(0) || run.err.contains("run `sluicegate audit verify`"),
                "{command:?}: {}",
                run.err
            );
        }
    }
}

#[test]
fn a_noted_head_proves_the_log_from_the_command_line() {
    let folder = recorded();
    let head = folder.run(&["audit", "head"]).out;
    assert_eq!(head.lines().count(), 1);
    folder.write("heads", format!("From: me\n\n{head}"));
    for given in [head.trim(), "heads"] {
        let run = folder.run(&["audit", "verify", "--head", given]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
        assert!(run.out.contains("head 10: the record is in the log as it was"), "{}", run.out);
    }
    fs::remove_file(folder.path().join("audit.jsonl")).unwrap();
    fs::remove_file(folder.path().join("audit.jsonl.head")).unwrap();
    let gone = folder.run(&["audit", "verify", "--head", "heads"]);
    assert_eq!(gone.code, Some(1), "{}", gone.out);
    let log = folder.run(&["check", "--live", "--text", "hello"]);
    assert_eq!(log.code, Some(0), "{}", log.err);
    let begun_anew = folder.run(&["audit", "verify", "--head", "heads"]);
    assert_eq!(begun_anew.code, Some(1), "{}", begun_anew.out);
    assert!(begun_anew.err.contains("begun anew"), "{}", begun_anew.err);
    folder.write("none", "nothing\n");
    for (given, told) in
        [("none", "no head in it"), ("missing", "no such file"), ("sluicegate-head/1/2", "cannot be read")]
    {
        let run = folder.run(&["audit", "verify", "--head", given]);
        assert_ne!(run.code, Some(0));
        assert!(run.err.contains(told), "{given}: {}", run.err);
    }
}

/// Every record is printed once, as it comes, also where a new file is begun meanwhile.
#[test]
fn tail_follows_a_log_that_grows_and_rotates() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let folder = recorded();
    let mut child = command(folder.path(), &["audit", "tail", "--follow", "--json", "-n", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<serde_json::Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["seq"], 10);
    let keys = Keys::load(&KeySource::File(folder.path().join("key"))).unwrap();
    let mut settings = AuditSettings::new(folder.path().join("audit.jsonl"));
    settings.rotate_bytes = 20_000;
    let verdict = Verdict::new(Decision::Allow, "fine", By::station(Station::Policy));
    let mut seq = 10;
    for round in 0..6_u64 {
        let log = AuditLog::open(&settings, &keys).unwrap();
        for _ in 0..20 {
            let event = Event::message(1_764_000_000_000 + round, "hello");
            let facts = Facts::new(event.kind);
            log.record(&Entry { event: &event, sender: "", facts: &facts, questions: None, verdict: &verdict })
                .unwrap();
        }
        log.flush().unwrap();
        // Twenty checks, and whatever else the log told meanwhile.
        let mut checks = 0;
        while checks < 20 {
            let record = next();
            seq += 1;
            assert_eq!(record["seq"], seq, "in order, and none twice");
            checks += u32::from(record["what"] == "check");
        }
    }
    child.kill().unwrap();
    let _ = child.wait();
    let files = folder.names().into_iter().filter(|name| name.starts_with("audit-")).count();
    assert!(files >= 2, "new files were begun: {files}");
}
