//! `policy diff`: what people read, what scripts rely on, and what nobody can break.

use std::fs;

use crate::support::{Folder, Run, fixture, golden, run};

/// A key that is the same in every run, so that pseudonyms in the goldens stay.
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
const SETTINGS: &str = r#"key = "sluicegate.key"
audit.file = "audit.jsonl"
[[sender]]
channel = "signal"
id = "jo"
standing = "blocked"
"#;
const DROP: &str = "fn on_message(m) { drop(\"closed\"); }\n";
const HOLD: &str = "fn on_message(m) { hold(\"asks\"); }\n";
const ALLOW: &str = "fn on_message(m) { allow(); }\n";

/// The events and policies of the screens, a draft, and a log of what the policy in force decided.
fn folder() -> Folder {
    let folder = Folder::new();
    for name in ["screen.jsonl", "screen.rhai", "screen-rules.toml", "diff-new.rhai"] {
        fs::copy(fixture(name), folder.path().join(name)).unwrap();
    }
    folder.write("sluicegate.key", KEY);
    #[cfg(unix)]
    fs::set_permissions(folder.path().join("sluicegate.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .unwrap();
    let settings = fs::read_to_string(fixture("screen.toml")).unwrap();
    folder.write("sluicegate.toml", settings + SETTINGS);
    folder
}

fn with_log() -> Folder {
    let folder = folder();
    assert_eq!(folder.run(&["check", "--live", "--json", "screen.jsonl"]).code, Some(1), "one line of it is no event");
    folder
}

fn diff(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["policy", "diff"], arguments].concat())
}

/// The digest of everything that judges, which a new version or rule changes.
fn without_revisions(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "sha256:…" + part.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
}

#[test]
fn changes_of_events_are_grouped_by_cause_the_most_dangerous_first() {
    let folder = folder();
    let arguments = ["screen.rhai", "diff-new.rhai", "--events", "screen.jsonl"];
    for (form, name) in [(None, "diff.txt"), (Some("--markdown"), "diff.md"), (Some("--json"), "diff.json")] {
        let run = diff(&folder, &[&arguments[..], form.as_slice()].concat());
        assert_eq!(run.code, Some(1), "one line of it is no event");
        assert_eq!(run.err, "error: screen.jsonl:11: column 1: not a JSON object\n");
        golden(name, &run.out);
    }
}

#[test]
fn a_log_is_asked_again_without_a_guess() {
    let folder = with_log();
    let arguments = ["screen.rhai", "diff-new.rhai", "--audit", "audit.jsonl", "--examples", "1"];
    for (form, name) in
        [(None, "diff-audit.txt"), (Some("--markdown"), "diff-audit.md"), (Some("--json"), "diff-audit.json")]
    {
        let run = diff(&folder, &[&arguments[..], form.as_slice()].concat());
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        golden(name, &without_revisions(&run.out));
    }
    let other = diff(&folder, &["diff-new.rhai", "diff-new.rhai", "--audit", "audit.jsonl"]);
    golden("diff-audit-other.txt", &other.out);
}

/// A word that the policies asked for is answered in the log, one that they did not is not, and without the key none is.
#[test]
fn what_was_not_asked_is_undetermined() {
    let folder = folder();
    folder.write("old.rhai", "fn on_message(m) { if m.says(\"weather\") { hold(\"weather\") } allow(); }\n");
    folder.write("same.rhai", "fn on_message(m) { if m.says(\"weather\") { drop(\"weather\") } allow(); }\n");
    folder.write("new.rhai", "fn on_message(m) { if m.says(\"weather\") { hold(\"weather\") } if m.says(\"boats\") { drop(\"boats\") } allow(); }\n");
    let text = "{\"text\":\"nice weather\"}\n{\"text\":\"two boats\"}\n{\"text\":\"hello\"}\n";
    let settings = fs::read_to_string(folder.path().join("sluicegate.toml")).unwrap();
    folder.write("sluicegate.toml", settings.replace("screen.rhai", "old.rhai"));
    run(folder.path(), &["check", "--live", "--json"], text.as_bytes());
    let told = |new: &str| {
        let run = diff(&folder, &["old.rhai", new, "--audit", "audit.jsonl", "--json", "--fail-on", "undetermined"]);
        (run.code, run.verdicts()[0].clone())
    };
    let (code, same) = told("same.rhai");
    assert_eq!((code, &same["becomes"]["drop"], &same["log"]["undetermined"]), (Some(0), &1.into(), &0.into()));
    let (code, new) = told("new.rhai");
    // The first record is decided before the new question is asked.
    assert_eq!((code, &new["changed"], &new["log"]["undetermined"]), (Some(1), &0.into(), &2.into()));
    assert_eq!(new["log"]["missing"], serde_json::json!([["says(\"boats\")", 2]]));

    let settings = fs::read_to_string(folder.path().join("sluicegate.toml")).unwrap();
    folder.write("sluicegate.toml", settings.replace("key =", "# key =").replace("audit.file", "# audit.file"));
    let (code, without) = told("same.rhai");
    assert_eq!((code, &without["log"]["undetermined"], &without["log"]["sealed"]), (Some(1), &3.into(), &false.into()));
}

#[test]
fn exit_codes_are_what_a_script_asks_for() {
    let folder = folder();
    for (name, text) in
        [("drop.rhai", DROP), ("hold.rhai", HOLD), ("allow.rhai", ALLOW), ("broken.rhai", "fn on_mess(")]
    {
        folder.write(name, text);
    }
    folder.write("other.rhai", DROP.replace("closed", "shut"));
    folder.write("moved.rhai", format!("// Only a line more.\n{DROP}"));
    folder.write("event.jsonl", "{\"text\":\"hello\"}\n");
    folder.write("empty.jsonl", "\n");
    let cases: [(&[&str], i32, &str); 19] = [
        (&["drop.rhai", "allow.rhai", "--events", "event.jsonl"], 0, ""),
        (&["drop.rhai", "allow.rhai", "--events", "event.jsonl", "--fail-on", "allow"], 1, "1 verdict becomes allowed"),
        (&["drop.rhai", "allow.rhai", "--events", "event.jsonl", "--fail-on", "hold,drop"], 0, ""),
        (&["drop.rhai", "hold.rhai", "--events", "event.jsonl", "--fail-on", "allow"], 0, ""),
        (&["drop.rhai", "hold.rhai", "--events", "event.jsonl", "--fail-on", "hold"], 1, "becomes held"),
        (&["allow.rhai", "drop.rhai", "--events", "event.jsonl", "--fail-on", "drop"], 1, "becomes dropped"),
        (&["drop.rhai", "other.rhai", "--events", "event.jsonl", "--fail-on", "allow,hold,drop"], 0, ""),
        (&["drop.rhai", "other.rhai", "--events", "event.jsonl", "--fail-on", "any"], 1, "1 verdict changes"),
        (&["drop.rhai", "moved.rhai", "--events", "event.jsonl", "--fail-on", "any"], 0, ""),
        (&["drop.rhai", "broken.rhai", "--events", "event.jsonl"], 1, "in NEW, broken.rhai"),
        (&["drop.rhai", "missing.rhai", "--events", "event.jsonl"], 1, "missing.rhai: there is no such file"),
        (&["missing.toml", "drop.rhai", "--events", "event.jsonl"], 1, "missing.toml: there is no such file"),
        (&["drop.rhai", "allow.rhai", "--events", "missing.jsonl"], 1, "missing.jsonl: there is no such file"),
        (&["drop.rhai", "allow.rhai", "--events", "empty.jsonl"], 1, "there is no event in it"),
        (&["drop.rhai", "allow.rhai", "--audit", "missing.jsonl"], 1, "there is no audit log missing.jsonl"),
        (&["drop.rhai", "allow.rhai"], 2, "--events"),
        (&["drop.rhai", "allow.rhai", "--events", "event.jsonl", "--audit", "x"], 2, "cannot be used with"),
        (&["drop.rhai", "allow.rhai", "--events", "event.jsonl", "--json", "--markdown"], 2, "cannot be used with"),
        (&["drop.rhai", "allow.rhai", "--events", "event.jsonl", "--fail-on", "nothing"], 2, "nothing"),
    ];
    for (arguments, code, told) in cases {
        let run = diff(&folder, arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {}{}", run.out, run.err);
        assert!(run.err.contains(told), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn each_side_remembers_its_own_senders_and_has_its_own_settings() {
    let folder = folder();
    folder.write("rate.rhai", "fn on_message(m) { if m.rate_exceeded { drop(\"too many\") } allow(); }\n");
    let settings = "format = 1\nrules = [\"screen-rules.toml\"]\npolicies = [\"rate.rhai\"]\n";
    folder.write("old.toml", settings);
    folder.write("new.toml", settings.to_owned() + "[rate]\nmessages = 3\n");
    let event = r#"{"at":1764000000000,"channel":"signal","sender":{"id":"ann"},"text":"hello"}"#;
    let events = [event; 5].join("\n");
    let arguments = ["policy", "diff", "old.toml", "new.toml", "--events", "-", "--json"];
    let found = &run(folder.path(), &arguments, events.as_bytes()).verdicts()[0];
    assert_eq!((&found["becomes"]["drop"], &found["compared"]), (&2.into(), &5.into()), "{found}");
    assert_eq!(found["changes"][0]["examples"][0]["line"], 4, "from the fourth message on");

    let same = run(folder.path(), &["policy", "diff", "new.toml", "new.toml", "--events", "-"], events.as_bytes());
    assert_eq!(same.out.lines().last(), Some("5 events   no verdict changes"));
    assert_eq!(folder.names().iter().filter(|name| name.contains("audit")).count(), 0, "nothing is written");
}

/// A folder of policies is asked in the order of the names.
#[test]
fn a_folder_is_a_chain() {
    let folder = folder();
    fs::create_dir(folder.path().join("chain")).unwrap();
    folder.write("chain/1-first.rhai", "fn on_message(m) { if m.chat_group { hold(\"group\") } }\n");
    folder.write("chain/2-then.rhai", ALLOW);
    folder.write("drop.rhai", DROP);
    let events = b"{\"text\":\"a\",\"chat\":{\"id\":\"g\",\"group\":true}}\n{\"text\":\"b\"}\n";
    let arguments = ["policy", "diff", "drop.rhai", "chain", "--events", "-", "--json"];
    let found = &run(folder.path(), &arguments, events).verdicts()[0];
    assert_eq!((&found["becomes"]["hold"], &found["becomes"]["allow"]), (&1.into(), &1.into()));
    let empty = diff(&folder, &["drop.rhai", ".", "--events", "screen.jsonl"]);
    assert_eq!(empty.code, Some(1));
}

#[test]
fn a_hostile_log_is_counted_and_believed_in_nothing() {
    let folder = with_log();
    let log = fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    let mut hostile: Vec<Vec<u8>> = lines.iter().map(|line| line.as_bytes().to_vec()).collect();
    hostile[1] = lines[1].replacen("\"drop\"", "\"allow\"", 1).into_bytes();
    let changed = [
        b"\xff\xfe\x00binary".to_vec(),
        b"[".repeat(5_000),
        format!("{{\"what\":\"check\",\"facts\":{}1{}}}", "{\"a\":".repeat(200), "}".repeat(200)).into_bytes(),
        lines[0].replacen("\"seq\":1", "\"seq\":-1", 1).into_bytes(),
        lines[0].replacen("\"key\":\"", "\"key\":\"00000000\",\"x\":\"", 1).into_bytes(),
        "x".repeat(100_000).into_bytes(),
        Vec::new(),
    ];
    hostile.extend(changed);
    folder.write("audit.jsonl", hostile.join(&b'\n'));
    let arguments = ["screen.rhai", "screen.rhai", "--audit", "audit.jsonl", "--json"];
    let run = diff(&folder, &arguments);
    let found = &run.verdicts()[0];
    assert_eq!((run.code, &found["unreadable"]), (Some(1), &7.into()), "{}", run.err);
    assert_eq!(found["log"]["records"], 14, "15 events without the changed line; one more was no event");
    assert!(run.err.lines().all(|line| line.len() < 400 && !line.contains('\u{1b}')), "{}", run.err);

    // Without the key nobody can tell what was changed. What cannot be true is still refused, and nothing breaks.
    let settings = fs::read_to_string(folder.path().join("sluicegate.toml")).unwrap();
    folder.write("sluicegate.toml", settings.replace("key =", "# key =").replace("audit.file", "# audit.file"));
    let strange = [
        lines[0].replacen("\"sender_owner\":false", "\"sender_owner\":7", 1),
        lines[0].replacen("\"score\":0,\"score_artifact\"", "\"score\":77,\"invented\":{},\"score_artifact\"", 1),
        lines[0].replacen("\"reason\":\"\"", "\"reason\":\"\\u001b[2J\\u202e| `x` @everyone\"", 1),
    ];
    folder.write("audit.jsonl", strange.join("\n"));
    for form in [&[][..], &["--markdown"], &["--json"]] {
        let run = diff(&folder, &[&arguments[..4], form].concat());
        assert_eq!(run.code, Some(1), "{}", run.err);
        assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{202e}'), "{}", run.out);
        if form == ["--json"] {
            let found = &run.verdicts()[0];
            assert_eq!((&found["log"]["records"], &found["unreadable"]), (&2.into(), &1.into()));
            assert_eq!((&found["log"]["strange_facts"], &found["log"]["not_reproduced"]), (&2.into(), &1.into()));
        }
    }
}

/// What a log of before the answers were recorded holds is used, and nothing else is made up.
#[test]
fn a_log_without_answers_is_read() {
    let folder = with_log();
    let settings = fs::read_to_string(folder.path().join("sluicegate.toml")).unwrap();
    folder.write("sluicegate.toml", settings.replace("key =", "# key =").replace("audit.file", "# audit.file"));
    let log = fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let old = log.lines().map(|line| match (line.find("\"asked\":"), line.find("\"degraded\":")) {
        (Some(from), Some(to)) => line[..from].to_owned() + &line[to..],
        _ => line.to_owned(),
    });
    folder.write("audit.jsonl", old.collect::<Vec<_>>().join("\n"));
    let run = diff(&folder, &["diff-new.rhai", "diff-new.rhai", "--audit", "audit.jsonl", "--json"]);
    let found = &run.verdicts()[0];
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    // Messages in which a rule fired, since nobody knows of which category, and the reply.
    assert_eq!(found["log"]["undetermined"], 8, "{found}");
}
