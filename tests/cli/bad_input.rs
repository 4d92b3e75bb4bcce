//! Input that cannot be read: each bad line is told and answered by a closed verdict, and every other line is answered.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::json;

use crate::support::{Folder, command, run};

/// A line between two good ones, and a part of what is said of it.
fn bad_lines() -> Vec<(Vec<u8>, &'static str)> {
    let nested =
        |depth| [b"{\"tool\":{\"arguments\":".to_vec(), vec![b'['; depth], vec![b']'; depth], b"}}".to_vec()].concat();
    vec![
        (b"nonsense".to_vec(), "column 1: not a JSON object"),
        (br#"["m1","message",7]"#.to_vec(), "column 1: not a JSON object"),
        (br#"{"text":"cut off"#.to_vec(), "EOF while parsing a string"),
        (br#"{"text":"a","text":"b"}"#.to_vec(), "duplicate field `text`"),
        (br#"{"tool":{"arguments":{"a":1,"a":2}}}"#.to_vec(), "the key `a` is given twice"),
        (br#"{"kind":"massage","text":"a"}"#.to_vec(), "unknown variant `massage`"),
        (br#"{"text":{"nested":"a"}}"#.to_vec(), "expected a string"),
        (br#"{"at":"now"}"#.to_vec(), "expected u64"),
        (b"{\"text\":\"caf\xe9\"}".to_vec(), "column 13: not UTF-8"),
        (nested(40), "nested deeper than 32 levels"),
        (nested(200_000), "nested deeper than 32 levels"),
        ([&b"{\"text\":\""[..], &vec![b'x'; 9 << 20], b"\"}"].concat(), "longer than 8 MiB"),
        (b"{\"kind\":\"\x1b[2J\"}".to_vec(), "control character"),
    ]
}

#[test]
fn a_bad_line_is_told_and_closed_and_the_others_are_answered_in_order() {
    let folder = Folder::new();
    for (bad, why) in bad_lines() {
        let input = [&b"{\"id\":\"before\"}\n"[..], &bad, b"\n{\"id\":\"after\"}\n"].concat();
        folder.write("inbox.jsonl", &input);
        for (arguments, name) in
            [(["check", "--json", "inbox.jsonl"], "inbox.jsonl"), (["check", "--json", "-"], "standard input")]
        {
            let run = run(folder.path(), &arguments, &input);
            let shown = String::from_utf8_lossy(&bad[..bad.len().min(60)]).into_owned();
            assert_eq!(run.code, Some(1), "{shown}");
            let verdicts = run.verdicts();
            let ids: Vec<_> = verdicts.iter().map(|verdict| verdict["id"].clone()).collect();
            assert_eq!(ids, [json!("before"), json!(null), json!("after")], "{shown}");
            let error = verdicts[1]["error"].as_str().unwrap();
            assert!(error.contains(why), "{shown}: {error}");
            assert_eq!(verdicts[1]["line"], 2, "{shown}");
            assert_eq!(verdicts[1]["decision"], "drop", "{shown}");
            assert_eq!(verdicts[1]["by"]["station"], "event", "{shown}");
            assert!(verdicts[0].get("error").is_none() && verdicts[2].get("line").is_none(), "{shown}");
            let told = format!("error: {name}:2: ");
            assert!(run.err.contains(&told) && run.err.contains(why), "{shown}: {}", run.err);
        }
    }
}

#[test]
fn an_input_that_cannot_be_read_at_all_is_told_with_its_name() {
    let folder = Folder::new();
    folder.write("empty.jsonl", "");
    folder.write("blank.jsonl", "\n  \n\r\n");
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    let cases = [
        ("empty.jsonl", "error: empty.jsonl: there is no event in it\n"),
        ("blank.jsonl", "error: blank.jsonl: there is no event in it\n"),
        ("missing.jsonl", "error: missing.jsonl: there is no such file\n"),
        ("inbox", "error: inbox: this is a directory; a file is needed\n"),
        ("-", "error: standard input: there is no event in it\n"),
    ];
    for (name, told) in cases {
        for arguments in [vec!["check", name], vec!["check", "--json", name]] {
            let run = folder.run(&arguments);
            assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(1), "", told), "{arguments:?}");
        }
    }
}

#[test]
fn many_bad_lines_are_counted_and_not_all_told() {
    let folder = Folder::new();
    let run = run(folder.path(), &["check", "--json"], "x\n".repeat(1_000).as_bytes());
    assert_eq!((run.code, run.verdicts().len(), run.err.lines().count()), (Some(1), 1_000, 21));
    assert!(run.err.ends_with("standard input: 980 more lines could not be read\n"), "{}", run.err);
}

#[test]
fn an_event_buried_in_a_field_that_nobody_knows_is_still_answered() {
    let folder = Folder::new();
    let deep = format!("{{\"id\":\"deep\",\"other\":{}{}}}\n", "[".repeat(200_000), "]".repeat(200_000));
    let run = run(folder.path(), &["check", "--json"], deep.as_bytes());
    assert_eq!((run.code, &run.verdicts()[0]["id"]), (Some(0), &json!("deep")), "{}", run.err);
}

/// The most memory that a process held at once, in kilobytes; none where the system does not tell.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

/// Written into the pipe as it is read, so that neither side ever holds it.
#[test]
fn a_line_of_100_megabytes_is_skipped_in_constant_memory() {
    let folder = Folder::new();
    let mut child = command(folder.path(), &["check", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<serde_json::Value>(&lines.next().unwrap().unwrap()).unwrap();
    stdin.write_all(b"{\"id\":\"before\"}\n").unwrap();
    assert_eq!(next()["id"], "before");
    let before = peak(child.id());
    let writer = std::thread::spawn(move || {
        stdin.write_all(b"{\"text\":\"").unwrap();
        let megabyte = vec![b'x'; 1 << 20];
        for _ in 0..100 {
            stdin.write_all(&megabyte).unwrap();
        }
        stdin.write_all(b"\"}\n{\"id\":\"after\"}\n").unwrap();
        stdin
    });
    assert_eq!(next()["error"], "the line is longer than 8 MiB");
    assert_eq!(next()["id"], "after");
    let stdin = writer.join().unwrap();
    // What the rules take is there before the line and after it; of the line, 8 MiB and a buffer that doubles.
    if let (Some(before), Some(after)) = (before, peak(child.id())) {
        assert!(after - before < 24_000, "{before} kB grew to {after} kB by a line that is skipped");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
