//! `check -` on a pipe, whose files change while it runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::support::{Folder, command};

const PATIENCE: Duration = Duration::from_secs(60);

fn policy(reason: &str) -> String {
    format!("fn on_message(m) {{ hold(\"{reason}\") }}\n")
}

/// Writes the policy as a whole, as editors do: nobody ever sees half of it.
fn save(folder: &Folder, text: &str) {
    folder.write("mine.rhai.new", text);
    std::fs::rename(folder.path().join("mine.rhai.new"), folder.path().join("mine.rhai")).unwrap();
}

#[test]
fn a_change_takes_effect_between_two_events_and_a_bad_one_is_told() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "."]).code, Some(0));
    let settings = std::fs::read_to_string(folder.path().join("sluicegate.toml")).unwrap();
    let line = settings.lines().find(|line| line.starts_with("policies = ")).unwrap();
    folder.write("sluicegate.toml", settings.replace(line, "policies = [\"mine.rhai\"]"));
    folder.write("mine.rhai", policy("first"));

    let mut command = command(folder.path(), &["check", "--json", "--live", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let (tell, told) = channel();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let listener =
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).for_each(|line| tell.send(line).unwrap()));
    let until = |part: &str| {
        let mut all = Vec::new();
        loop {
            let line = told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("`{part}` was not told, only {all:?}"));
            let found = line.contains(part);
            all.push(line);
            if found {
                return all.join("\n");
            }
        }
    };
    let mut number = 0;
    let mut ask = || {
        number += 1;
        writeln!(stdin, r#"{{"id":"m{number}","text":"hello"}}"#).unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        let verdict: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(verdict["id"], format!("m{number}"), "every event is judged once, in order");
        (verdict["reason"].as_str().unwrap().to_owned(), verdict["revision"].as_str().unwrap().to_owned())
    };
    let (reason, first) = ask();
    assert_eq!(reason, "first");

    save(&folder, &policy("second"));
    let note = until("reloaded: ");
    let (reason, second) = ask();
    assert_eq!(reason, "second");
    assert!(note.contains(&second[..19]) && note.contains(&first[..19]), "{note}");

    save(&folder, "fn on_message(m) { hold(m.scroe) }\n");
    let error = until("not reloaded: ");
    assert!(
        error.contains("error[P003]") && error.contains("mine.rhai:1:") && error.contains(&second[..19]),
        "{error}"
    );
    assert_eq!(ask(), ("second".to_owned(), second.clone()));

    save(&folder, &policy("third"));
    until("reloaded: ");
    assert_eq!(ask().0, "third");
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("", Some(0)));
    listener.join().unwrap();

    let verified = folder.run(&["audit", "verify"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    assert!(verified.out.contains("2 reloads; 1 refused reload;"), "{}", verified.out);
    let changes = folder.run(&["audit", "changes"]);
    let lines: Vec<&str> = changes.out.lines().collect();
    assert_eq!((changes.code, lines.len()), (Some(0), 3), "{}{}", changes.out, changes.err);
    assert!(lines[0].contains("reloaded") && lines[0].contains(&second[..19]), "{}", changes.out);
    assert!(lines[1].contains("refused") && lines[1].contains("P003 mine.rhai:1:"), "{}", changes.out);
}

#[test]
fn a_log_without_changes_says_so() {
    let folder = Folder::new();
    folder.run(&["init", "."]);
    folder.run(&["check", "--live", "--text", "hello"]);
    let changes = folder.run(&["audit", "changes"]);
    assert_eq!(
        (changes.code, changes.out.as_str()),
        (Some(0), "nothing was changed while a gate ran\n"),
        "{}",
        changes.err
    );
}
