//! The audit log as its owner meets it: every change made to it is found, it survives crashes honestly, and it tells
//! nothing of who wrote what.

mod deeds;
mod heads;
mod rotation;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use sluicegate::audit::{AuditError, AuditLog, AuditSettings, Entry, Fault, Verified, verify};
use sluicegate::event::{Event, Json, Kind};
use sluicegate::facts::{Ask, FactId, Facts, Questions};
use sluicegate::keys::Keys;
use sluicegate::verdict::{By, Category, Class, Decision, Degraded, Finding, Severity, Station, Verdict};

/// 15 November 2023.
const START: u64 = 1_700_000_000_000;
const DAY: u64 = 86_400_000;

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sluicegate-audit-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn log(&self) -> PathBuf {
        self.0.join("audit.jsonl")
    }

    fn head(&self) -> PathBuf {
        self.0.join("audit.jsonl.head")
    }

    fn lines(&self) -> Vec<String> {
        fs::read_to_string(self.log()).unwrap().lines().map(str::to_owned).collect()
    }

    fn older(&self) -> Vec<PathBuf> {
        let all = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path());
        let mut older: Vec<_> =
            all.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("audit-")).collect();
        older.sort();
        older
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn keys(seed: u8) -> Keys {
    Keys::new(std::array::from_fn(|index| index as u8 ^ seed)).unwrap()
}

fn open(settings: &AuditSettings) -> AuditLog {
    AuditLog::open(settings, &keys(0)).unwrap()
}

/// The event with number `index`, one minute after the one before, with what was decided.
fn check(index: u64) -> (Event, Verdict) {
    let event = Event::message(START + index * 60_000, "the text")
        .id(format!("event-{index}"))
        .channel("whatsapp")
        .account("main")
        .sender("+1 555 010-0123");
    let mut verdict = match index % 3 {
        0 => Verdict::new(Decision::Allow, "an approved sender", By::policy("personal.rhai", 3, 5)),
        1 => Verdict::new(Decision::Hold, "looks like an \"injection\"", By::policy("personal.rhai", 23, 5)),
        _ => Verdict::new(Decision::Drop, "the policy failed", By::station(Station::Failure)),
    };
    if index % 3 == 1 {
        let strength = (Category::Injection, Class::Artifact, 8);
        let mut finding = Finding::new("injection.ignore-previous", strength, "text", (0, 8));
        finding.shows = Some("the text undone".into());
        verdict.findings.push(finding);
        verdict.score = 8;
    }
    if index % 3 == 2 {
        verdict.degraded.push(Degraded::new(Severity::Failed, "policy", "why it failed"));
    }
    (event, verdict)
}

fn record(log: &AuditLog, event: &Event, verdict: &Verdict) {
    let mut facts = Facts::new(event.kind);
    facts.set(FactId::Length, event.text.len());
    // A policy asks for the very words of the event.
    let mut questions = Questions::default();
    facts.answer_yes(questions.add(Ask::Says, &event.text).unwrap());
    let questions = Arc::new(questions);
    log.record(&Entry { event, sender: event.sender_id(), facts: &facts, questions: Some(&questions), verdict })
        .unwrap();
}

fn record_range(log: &AuditLog, range: std::ops::Range<u64>) {
    for index in range {
        let (event, verdict) = check(index);
        record(log, &event, &verdict);
    }
}

/// A closed log of `count` records.
fn written(count: u64) -> Folder {
    let folder = Folder::new();
    record_range(&open(&AuditSettings::new(folder.log())), 0..count);
    folder
}

fn verified(folder: &Folder) -> Verified {
    verify(&folder.log(), &keys(0)).unwrap()
}

fn assert_whole(folder: &Folder, records: u64) -> Verified {
    let verified = verified(folder);
    assert_eq!(verified.faults, [], "the log is whole");
    assert_eq!(verified.records, records);
    verified
}

/// Asserts that the first fault is in `line` of `file` and says `what`.
fn assert_fault(verified: &Verified, file: &Path, line: u64, what: &str) -> Fault {
    let fault = verified.faults.first().unwrap_or_else(|| panic!("nothing was found; expected line {line}: {what}"));
    assert_eq!((fault.file.as_path(), fault.line), (file, line), "{fault}");
    assert!(fault.what.contains(what), "{fault}; expected: {what}");
    fault.clone()
}

#[test]
fn a_log_holds_what_was_decided_and_is_whole() {
    let folder = written(50);
    let verified = assert_whole(&folder, 50);
    assert_eq!((verified.files, verified.lost, verified.recoveries, verified.live), (1, 0, 0, false));
    assert_eq!(verified.last.as_ref().unwrap().0, 50);

    let line: serde_json::Value = serde_json::from_str(&folder.lines()[1]).unwrap();
    let pseudonyms = keys(0).pseudonyms();
    let cases = [
        ("/v", 1.into()),
        ("/key", keys(0).id().to_string().into()),
        ("/seq", 2.into()),
        ("/at", (START + 60_000).into()),
        ("/level", "block".into()),
        ("/what", "check".into()),
        ("/kind", "message".into()),
        ("/channel", pseudonyms.channel("whatsapp").to_string().into()),
        ("/sender", pseudonyms.sender("whatsapp", "main", "+1 555 010-0123").to_string().into()),
        ("/decision", "hold".into()),
        ("/reason", "looks like an \"injection\"".into()),
        ("/by/policy", "personal.rhai".into()),
        ("/by/line", 23.into()),
        ("/score", 8.into()),
        ("/rules/0/0", "injection.ignore-previous".into()),
        ("/rules/0/1", 8.into()),
        ("/facts/length", 1.into()),
        ("/facts/sender_owner", false.into()),
    ];
    for (pointer, expected) in cases {
        assert_eq!(line.pointer(pointer), Some(&expected), "{pointer} in {line}");
    }
    let levels: Vec<_> = folder
        .lines()
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["level"].clone())
        .collect();
    assert_eq!(levels[..3], ["info", "block", "error"]);

    #[cfg(unix)]
    for entry in fs::read_dir(&folder.0).unwrap() {
        use std::os::unix::fs::PermissionsExt as _;
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o7777, 0o600, "{:?}", entry.path());
    }
}

#[test]
fn every_changed_byte_is_found_in_its_line() {
    let folder = written(50);
    let sound = fs::read(folder.log()).unwrap();
    let mut line = 1;
    for index in 0..sound.len() {
        // Every byte of a middle line, and a sample of the others.
        if line == 20 || (matches!(line, 1 | 50) && index % 4 == 0) || index % 101 == 0 {
            let mask = [0x01, 0x20, 0x80][index % 3];
            let mut bytes = sound.clone();
            bytes[index] ^= mask;
            fs::write(folder.log(), bytes).unwrap();
            let fault = verified(&folder).faults.into_iter().next();
            let fault = fault.unwrap_or_else(|| panic!("byte {index} of line {line} ^ {mask:#x} was not found"));
            assert_eq!(fault.line, line, "byte {index} ^ {mask:#x}: {fault}");
        }
        line += u64::from(sound[index] == b'\n');
    }
}

#[test]
fn every_tampering_with_lines_is_found_and_named() {
    type Tamper = fn(&mut Vec<String>);
    let cases: [(&str, Tamper, u64, &str); 14] = [
        ("the first removed", |lines| drop(lines.remove(0)), 1, "record 1 is missing before"),
        ("a middle one removed", |lines| drop(lines.remove(19)), 20, "record 20 is missing before"),
        ("three removed", |lines| drop(lines.drain(9..12)), 10, "records 10 to 12 are missing before"),
        ("the last removed", |lines| drop(lines.pop()), 50, "record 50 is missing at the end"),
        ("the end removed", |lines| lines.truncate(40), 41, "records 41 to 50 are missing at the end"),
        ("all removed", Vec::clear, 1, "records 1 to 50 are missing at the end"),
        ("two swapped", |lines| lines.swap(19, 20), 20, "record 20 is missing before"),
        ("one repeated", |lines| lines.insert(20, lines[19].clone()), 21, "record 20 stands here again"),
        (
            "one moved to the end",
            |lines| {
                let line = lines.remove(4);
                lines.push(line);
            },
            5,
            "record 5 is missing",
        ),
        ("one exchanged for another", |lines| lines[9] = lines[10].clone(), 10, "record 10 is missing"),
        ("one forged at the end", |lines| lines.push(lines[49].replace("\"seq\":50", "\"seq\":51")), 51, "was changed"),
        ("a blank line", |lines| lines.insert(7, String::new()), 8, "was changed"),
        ("a decision edited", |lines| lines[1] = lines[1].replace("hold", "allow"), 2, "was changed"),
        ("a line of another kind", |lines| lines.insert(3, "not even JSON".into()), 4, "was changed"),
    ];
    let folder = written(50);
    let sound = folder.lines();
    for (name, tamper, line, what) in cases {
        let mut lines = sound.clone();
        tamper(&mut lines);
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        fs::write(folder.log(), text).unwrap();
        println!("{name}");
        assert_fault(&verified(&folder), &folder.log(), line, what);
    }
}

#[test]
fn a_log_cut_anywhere_is_found() {
    let folder = written(50);
    let sound = fs::read(folder.log()).unwrap();
    for cut in (0..sound.len()).rev().step_by(37).chain([sound.len() - 1]) {
        fs::write(folder.log(), &sound[..cut]).unwrap();
        let whole_lines = sound[..cut].iter().filter(|byte| **byte == b'\n').count() as u64;
        let verified = verified(&folder);
        let fault = verified.faults.first().unwrap_or_else(|| panic!("cut at {cut} was not found"));
        assert_eq!(fault.line, whole_lines + 1, "cut at {cut}: {fault}");
    }
}

#[test]
fn every_tampering_with_the_head_is_found() {
    let folder = written(50);
    let (sound, log) = (fs::read(folder.head()).unwrap(), fs::read(folder.log()).unwrap());
    for index in 0..sound.len() - 1 {
        let mut bytes = sound.clone();
        bytes[index] ^= 0x01;
        fs::write(folder.head(), bytes).unwrap();
        let found = verified(&folder);
        assert!(!found.is_whole() && found.records == 50, "byte {index} of the head");
    }
    fs::remove_file(folder.head()).unwrap();
    assert_fault(&verified(&folder), &folder.head(), 0, "the head is gone");

    // An older head, put back together with a log that has grown since.
    fs::write(folder.head(), &sound).unwrap();
    record_range(&open(&AuditSettings::new(folder.log())), 50..60);
    fs::write(folder.head(), &sound).unwrap();
    assert_fault(&verified(&folder), &folder.head(), 0, "stands at record 50 and the log goes on to 60");

    // The head of another log with the same key and as many records.
    let other = written(49);
    record_range(&open(&AuditSettings::new(other.log())), 7..8);
    fs::write(folder.log(), log).unwrap();
    fs::copy(other.head(), folder.head()).unwrap();
    assert_fault(&verified(&folder), &folder.head(), 0, "another copy");
}

#[test]
fn another_key_is_told_apart_from_a_forgery() {
    let folder = written(5);
    let told = format!("was written with key {}, and the key given is {}", keys(0).id(), keys(9).id());
    let error = verify(&folder.log(), &keys(9)).unwrap_err();
    assert!(error.to_string().contains(&told), "{error}");
    let error = AuditLog::open(&AuditSettings::new(folder.log()), &keys(9)).unwrap_err();
    assert!(error.to_string().contains(&told), "{error}");
    assert_whole(&folder, 5);

    let other = Folder::new();
    let log = AuditLog::open(&AuditSettings::new(other.log()), &keys(9)).unwrap();
    record_range(&log, 0..1);
    drop(log);
    let mut lines = folder.lines();
    lines.insert(2, other.lines().remove(0));
    fs::write(folder.log(), lines.join("\n") + "\n").unwrap();
    assert_fault(&verified(&folder), &folder.log(), 3, &format!("written with key {}", keys(9).id()));
}

#[test]
fn opening_a_log_covers_nothing_up() {
    let settings = |folder: &Folder| AuditSettings::new(folder.log());
    let cut = |folder: &Folder| {
        fs::write(folder.log(), folder.lines()[..45].join("\n") + "\n").unwrap();
    };
    // Cut off at the end, then opened and continued.
    let folder = written(50);
    cut(&folder);
    record_range(&open(&settings(&folder)), 50..55);
    assert_fault(&verified(&folder), &folder.log(), 46, "records 46 to 50 are missing before this line");
    assert_eq!(verified(&folder).recoveries, 1);

    // Cut off, and the head removed so that nobody knows.
    let folder = written(50);
    cut(&folder);
    fs::remove_file(folder.head()).unwrap();
    record_range(&open(&settings(&folder)), 50..55);
    assert_fault(&verified(&folder), &folder.log(), 46, "its head was gone");

    // All removed but the head.
    let folder = written(50);
    fs::remove_file(folder.log()).unwrap();
    record_range(&open(&settings(&folder)), 50..55);
    assert_fault(&verified(&folder), &folder.log(), 1, "records 1 to 50 are missing before this line");

    // Edited: told once, not again with every start.
    let folder = written(50);
    fs::write(
        folder.log(),
        (folder.lines().join("\n") + "\n").replacen("\"decision\":\"hold\"", "\"decision\":\"drop\"", 1),
    )
    .unwrap();
    for round in 0..3 {
        record_range(&open(&settings(&folder)), 50..51);
        assert_fault(&verified(&folder), &folder.log(), 2, "was changed");
        assert_eq!((verified(&folder).recoveries, verified(&folder).faults.len()), (1, 1), "round {round}");
    }
}

#[test]
fn a_log_opened_again_continues() {
    let folder = Folder::new();
    for round in 0..5 {
        record_range(&open(&AuditSettings::new(folder.log())), round * 3..round * 3 + 3);
        assert_whole(&folder, (round + 1) * 3);
    }
    let error = verify(&folder.0.join("other.jsonl"), &keys(0)).unwrap_err();
    assert!(matches!(error, AuditError::NoLog { .. }), "{error}");
}

/// What `kill -9` or a power cut leaves: records are on the disk up to any byte, and the head is the one before the group.
#[test]
fn a_crash_while_writing_is_recovered_and_told() {
    let folder = written(10);
    let (old, old_head) = (fs::read(folder.log()).unwrap(), fs::read(folder.head()).unwrap());
    record_range(&open(&AuditSettings::new(folder.log())), 10..13);
    let new = fs::read(folder.log()).unwrap();
    for cut in old.len()..=new.len() {
        if cut % 23 != 0 && !new[..cut].ends_with(b"\n") && new.get(cut) != Some(&b'\n') {
            continue;
        }
        let folder = Folder::new();
        fs::write(folder.log(), &new[..cut]).unwrap();
        fs::write(folder.head(), &old_head).unwrap();
        record_range(&open(&AuditSettings::new(folder.log())), 20..21);

        let verified = verified(&folder);
        assert_eq!(verified.faults, [], "cut at {cut}: nothing that was acknowledged is gone");
        assert_eq!(verified.recoveries, u64::from(cut > old.len()), "cut at {cut}: a crash is told");
        let log = fs::read(folder.log()).unwrap();
        let kept = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path());
        let torn: Vec<_> = kept.filter(|path| path.to_string_lossy().contains(".torn-")).collect();
        let whole = new[..cut].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
        let is_record = new.get(cut) == Some(&b'\n');
        assert!(log.starts_with(&new[..if is_record { cut } else { whole }]), "cut at {cut}");
        if whole < cut && !is_record {
            assert_eq!(fs::read(&torn[0]).unwrap(), &new[whole..cut], "the evidence is kept");
            let name = torn[0].file_name().unwrap().to_str().unwrap();
            assert!(String::from_utf8_lossy(&log).contains(name), "and the log says where");
        } else {
            assert!(torn.is_empty(), "cut at {cut}: {torn:?}");
        }
    }
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let folder = Folder::new();
    let settings = AuditSettings::new(folder.log());
    let log = open(&settings);
    record_range(&log, 0..20);
    let error = AuditLog::open(&settings, &keys(0)).unwrap_err();
    assert!(error.to_string().contains("another process writes the audit log"), "{error}");
    log.flush().unwrap();
    assert!(assert_whole(&folder, 20).live);
    drop(log);
    record_range(&open(&settings), 20..21);
    assert_whole(&folder, 21);
}

/// Small files, written and opened again many times.
fn rotated(days: u32) -> (Folder, AuditSettings) {
    let folder = Folder::new();
    let mut settings = AuditSettings::new(folder.log());
    (settings.rotate_bytes, settings.keep_days) = (8_000, days);
    for round in 0..10 {
        record_range(&open(&settings), round * 10..round * 10 + 10);
    }
    (folder, settings)
}

#[test]
fn rotation_keeps_the_chain() {
    let (folder, settings) = rotated(90);
    let older = folder.older();
    assert!(older.len() >= 5, "{older:?}");
    let found = assert_whole(&folder, 100 + older.len() as u64);
    assert_eq!(found.files, older.len() + 1);
    for path in &older {
        let bytes = fs::metadata(path).unwrap().len();
        assert!((settings.rotate_bytes..settings.rotate_bytes + 2_000).contains(&bytes), "{bytes} bytes");
    }

    // A file in the middle removed, its end cut, two exchanged, the newest removed.
    let lines = |path: &Path| fs::read_to_string(path).unwrap().lines().count() as u64;
    let (second, third) = (&older[1], &older[2]);
    let (second_text, third_text) = (fs::read_to_string(second).unwrap(), fs::read_to_string(third).unwrap());
    fs::remove_file(second).unwrap();
    assert_fault(&verified(&folder), third, 1, "are missing before this line");
    fs::write(second, &second_text[..second_text.len() - 10]).unwrap();
    assert_fault(&verified(&folder), second, second_text.lines().count() as u64, "cut off");
    fs::write(second, &third_text).unwrap();
    fs::write(third, &second_text).unwrap();
    assert_fault(&verified(&folder), second, 1, "are missing before this line");
    fs::write(second, &second_text).unwrap();
    fs::write(third, &third_text).unwrap();
    let count = lines(&folder.log());
    fs::remove_file(folder.log()).unwrap();
    let fault = assert_fault(&verified(&folder), &folder.log(), 1, "missing at the end");
    assert!(count == 1 || fault.what.contains("records"), "{fault}");
}

#[test]
fn a_crash_while_rotating_is_no_fault() {
    let (folder, settings) = rotated(90);
    // The newest file has got the name of an older one, and the new one is not there yet.
    let first = serde_json::from_str::<serde_json::Value>(&folder.lines()[0]).unwrap()["seq"].as_u64().unwrap();
    fs::rename(folder.log(), folder.0.join(format!("audit-{first:012}.jsonl"))).unwrap();
    record_range(&open(&settings), 100..101);
    assert_whole(&folder, 101 + folder.older().len() as u64);
}

#[test]
fn records_go_after_their_days_and_not_before() {
    let folder = Folder::new();
    let mut settings = AuditSettings::new(folder.log());
    (settings.rotate_bytes, settings.keep_days) = (4_000, 10);
    let write = |log: &AuditLog, at: u64| {
        let (mut event, verdict) = check(0);
        event.at = at;
        record(log, &event, &verdict);
    };
    let log = open(&settings);
    for hour in 0..60 * 24 {
        write(&log, START + hour * DAY / 24);
    }
    drop(log);
    let times = |path: &PathBuf| -> Vec<u64> {
        let text = fs::read_to_string(path).unwrap();
        text.lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["at"].as_u64().unwrap())
            .collect()
    };
    let oldest = times(&folder.older()[0])[0];
    let end = START + 60 * DAY;
    assert!(oldest < end - 9 * DAY, "ten days are kept");
    assert!(oldest > end - 12 * DAY, "older ones are gone");
    assert!(verified(&folder).is_whole(), "what was deleted in time is not missing: {:?}", verified(&folder).faults);

    // A few events with false times delete nothing.
    let before = folder.older();
    let log = open(&settings);
    for hour in 0..24 {
        write(&log, end + hour * DAY / 24);
        if hour % 8 == 0 {
            for at in [u64::MAX, end + 9_999 * DAY, 1] {
                write(&log, at);
            }
        }
    }
    drop(log);
    assert_ne!(folder.older(), before, "files were begun meanwhile");
    assert!(folder.older().contains(&before[before.len() / 2]), "recent files are still there");
    assert!(verified(&folder).is_whole());

    // But a file of the oldest ones removed by hand is missed.
    fs::remove_file(&folder.older()[0]).unwrap();
    assert!(!verified(&folder).is_whole());
}

#[test]
fn what_a_flood_loses_is_counted() {
    let folder = Folder::new();
    let mut settings = AuditSettings::new(folder.log());
    settings.queue = 1;
    let log = open(&settings);
    let (event, verdict) = check(1);
    let facts = Facts::new(Kind::Message);
    let entry = Entry { event: &event, sender: "x", facts: &facts, questions: None, verdict: &verdict };
    let lost = (0..5_000).filter(|_| log.record(&entry).is_err()).count() as u64;
    drop(log);
    let verified = verified(&folder);
    assert!(verified.is_whole());
    assert_eq!(verified.lost, lost, "the log says how many it lost");
    let checks = folder.lines().iter().filter(|line| line.contains("\"what\":\"check\"")).count() as u64;
    assert_eq!(checks + lost, 5_000, "and none went in silence");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Texts with no hexadecimal digits, so that none can stand in a pseudonym by chance.
    #[test]
    fn no_id_name_or_text_is_ever_written(texts in prop::collection::vec("[g-zG-Z+@é✓ \"\\\\\n/]{9,60}", 14), long in 0..2_usize) {
        let mut texts = texts;
        // Long ids take another way through the code.
        texts[3] = texts[3].repeat(1 + long * 200);
        let mut event = Event::tool_call(START, &*texts[0], Json::String(texts[1].clone()))
            .id(&*texts[2]).channel(&*texts[4]).account(&*texts[5]).sender(&*texts[3]).group(&*texts[6]).quoted(&*texts[7]);
        event.text.clone_from(&texts[8]);
        event.session = Some(texts[9].clone());
        event.to = Some(texts[10].clone());
        if let Some(sender) = &mut event.sender {
            sender.name.clone_from(&texts[11]);
        }
        let mut verdict = Verdict::new(Decision::Hold, "words of the owner", By::policy("personal.rhai", 1, 1));
        verdict.id.clone_from(&event.id);
        let mut finding = Finding::new("a.rule", (Category::Injection, Class::Artifact, 8), "/arguments", (0, 4));
        finding.shows = Some(texts[12].clone());
        verdict.findings.push(finding);
        verdict.redacted = Some(texts[8].clone());
        verdict.degraded.push(Degraded::new(Severity::Partial, "detect", &*texts[13]));

        let folder = Folder::new();
        let log = open(&AuditSettings::new(folder.log()));
        record(&log, &event, &verdict);
        log.flush().unwrap();
        let mut written = format!("{log:?}");
        for entry in fs::read_dir(&folder.0).unwrap() {
            written.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap());
        }
        prop_assert!(written.contains("words of the owner"));
        for text in &texts {
            let escaped = serde_json::to_string(text).unwrap();
            for form in [text.as_str(), escaped.trim_matches('"')] {
                let form: String = form.chars().take(9).collect();
                prop_assert!(!written.contains(&form), "{form:?} stands in the log");
            }
        }
        prop_assert!(!written.contains(&event.digest().to_string()), "a digest without a key can be guessed");
    }
}
