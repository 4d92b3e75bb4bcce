//! What the README shows is what the program does.

use std::fs;
use std::path::Path;

use crate::support::{Folder, run};

const README: &str = include_str!("../../README.md");

/// The first code block after `heading` that is tagged `language` and holds `part`.
fn block(heading: &str, language: &str, part: &str) -> &'static str {
    let from = README.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("the README has no part {heading}"));
    let mut blocks = README[from..].split("```").skip(1).step_by(2);
    let found = blocks.find_map(|block| block.strip_prefix(language).filter(|text| text.contains(part)));
    found
        .unwrap_or_else(|| panic!("the README shows no {language} with {part} after {heading}"))
        .trim_start_matches('\n')
}

/// A line of the table without the time, which is that of the run.
fn untimed(line: &str) -> &str {
    line.get(5..).unwrap_or(line)
}

#[test]
fn the_table_is_one_that_check_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Folder::new();
    let inbox = root.join("corpus/inbox.jsonl");
    let printed = folder.run(&["check", inbox.to_str().unwrap()]).out;
    for stretch in block("See it work", "text", "whatsapp").trim_end().split("\n\n") {
        assert!(printed.contains(stretch), "check does not print:\n{stretch}");
    }
}

#[test]
fn an_edited_policy_changes_the_decision_as_shown() {
    let folder = Folder::new();
    folder.run(&["init", "gate"]);
    let gate = folder.path().join("gate");
    let check = || run(&gate, &["check", "--text", "Your invoice is ready"], b"");
    let shown = |decision: &str| {
        let lines = block("Make it yours", "text", decision).lines();
        lines.skip(1).map(untimed).collect::<Vec<_>>()
    };
    let printed = |out: &str| out.lines().skip(1).map(|line| untimed(line).to_owned()).collect::<Vec<_>>();
    assert_eq!(printed(&check().out), shown(" drop "));

    let (path, place) = (gate.join("policies/personal.rhai"), "    // Who is it?\n");
    let policy = fs::read_to_string(&path).unwrap();
    let lines = block("Make it yours", "rhai", "invoice");
    assert_eq!((lines.lines().count(), policy.matches(place).count()), (3, 1));
    let edited = policy.replace(place, &format!("{place}{lines}"));
    fs::write(&path, &edited).unwrap();
    assert_eq!(printed(&check().out), shown(" hold "));

    fs::write(&path, edited.replace("!m.suspect &&", "!m.suspekt &&")).unwrap();
    let told = run(&gate, &["policy", "check"], b"");
    let more = "`sluicegate policy check --explain P003` says more\n";
    assert_eq!((told.code, told.err), (Some(1), format!("{}{more}", block("Make it yours", "text", "P003"))));
}

#[test]
fn the_rule_and_the_settings_load() {
    let folder = Folder::new();
    folder.write("mine.toml", block("Rules", "toml", "custom.crypto-offer"));
    for command in ["check", "test"] {
        let run = folder.run(&["rules", command, "mine.toml"]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    }
    folder.run(&["init", "gate"]);
    let (gate, sender) = (folder.path().join("gate"), block("Make it yours", "toml", "standing"));
    let settings = fs::read_to_string(gate.join("sluicegate.toml")).unwrap();
    fs::write(gate.join("sluicegate.toml"), format!("{settings}\n{sender}")).unwrap();
    let event = br#"{"channel":"whatsapp","sender":{"id":"15550100123@s.whatsapp.net"},"text":"hello"}"#;
    let verdicts = run(&gate, &["check", "--json", "-"], event).verdicts();
    assert_eq!(verdicts[0]["decision"], "allow", "the owner is known on every spelling of the number");
}

#[test]
fn the_event_and_the_verdict_are_as_shown() {
    let folder = Folder::new();
    let event = block("An event", "json", "sent_at\"").replace('\n', " ");
    let run = run(folder.path(), &["check", "--json", "-"], event.as_bytes());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    let shown: serde_json::Value = serde_json::from_str(block("Reading a verdict", "json", "findings")).unwrap();
    let names = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&run.verdicts()[0]), names(&shown));
}
