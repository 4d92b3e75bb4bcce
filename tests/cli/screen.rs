//! What people see, compared with files that were read before they were committed.

use std::fs;

use crate::support::{Folder, fixture, golden};

/// Rules and policies of the tests' own, so that the pictures change only with what draws them.
fn folder() -> Folder {
    let folder = Folder::new();
    for name in ["screen.jsonl", "screen.rhai", "screen-rules.toml", "screen.toml"] {
        fs::copy(fixture(name), folder.path().join(name)).unwrap();
    }
    folder
}

#[test]
fn verdicts_are_a_table() {
    let folder = folder();
    let run = folder.run(&["--config", "screen.toml", "check", "screen.jsonl"]);
    golden("check.txt", &run.out);
    golden("check.err.txt", &run.err);
    assert_eq!(run.code, Some(1), "one line of it is no event");
}

#[test]
fn colours_are_drawn_when_asked_for_and_not_otherwise() {
    let folder = folder();
    let arguments = ["--config", "screen.toml", "--color", "always", "check", "screen.jsonl"];
    let drawn = folder.run(&arguments).out;
    golden("check-colour.txt", &drawn.replace('\u{1b}', "␛"));
    let plain = folder.run(&["--config", "screen.toml", "check", "screen.jsonl"]).out;
    assert!(!plain.contains('\u{1b}'), "a pipe gets no colours unasked");

    let mut command = crate::support::command(folder.path(), &["--config", "screen.toml", "check", "screen.jsonl"]);
    let output = command.env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(!output.stdout.contains(&0x1b), "NO_COLOR wins");
}

#[test]
fn nothing_that_a_stranger_wrote_steers_the_terminal() {
    let folder = folder();
    let hostile =
        |text: &str| text.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c));
    for arguments in [&["check", "screen.jsonl"][..], &["check", "--json", "screen.jsonl"], &["detect", "screen.jsonl"]]
    {
        let run = folder.run(&[&["--config", "screen.toml"], arguments].concat());
        assert!(!hostile(&run.out) && !hostile(&run.err), "{arguments:?}: {:?}", run.out);
    }
}

#[test]
fn findings_are_shown_without_a_policy() {
    let run = folder().run(&["--config", "screen.toml", "detect", "screen.jsonl"]);
    golden("detect.txt", &run.out);
}
