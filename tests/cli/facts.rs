//! The table of facts in its formats, the pages about codes, and warnings that are switched off.

use std::fs;
use std::path::Path;

use sluicegate::facts::{Ask, TABLE};

use crate::support::Folder;

#[test]
fn the_page_of_facts_is_the_one_that_the_program_writes() {
    let printed = Folder::new().run(&["policy", "facts", "--format", "markdown"]).out;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/facts.md");
    if std::env::var_os("SLUICEGATE_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &printed).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == printed, "docs/facts.md is stale: SLUICEGATE_BLESS=1 cargo test --test cli facts writes it anew");
}

#[test]
fn every_format_has_every_fact_and_question() {
    let folder = Folder::new();
    let run = |format: &str| folder.run(&["policy", "facts", "--format", format]).out;
    assert_eq!(run("json"), folder.run(&["policy", "facts", "--json"]).out);
    assert_eq!(run("text"), folder.run(&["policy", "facts"]).out);
    let definitions = run("definitions");
    for fact in TABLE {
        assert!(definitions.contains(&format!("fn get {}(event: Event) -> ", fact.name)), "{}", fact.name);
        assert!(run("markdown").contains(&format!("\n| `{}` | ", fact.name)), "{}", fact.name);
    }
    for ask in Ask::ALL {
        assert!(definitions.contains(&format!("fn {}(event: Event, ", ask.name())), "{}", ask.name());
    }
    assert!(definitions.starts_with("module static;\n"), "an editor reads it as what is always there");
    assert_eq!(folder.run(&["policy", "facts", "--format", "yaml"]).code, Some(2));
}

#[test]
fn a_code_is_explained_without_the_documents_at_hand() {
    let folder = Folder::new();
    let run = folder.run(&["policy", "check", "--explain", "p103"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert_eq!(run.out, sluicegate::policy::page("P103").unwrap());
    for (given, told) in [("P301", "did you mean P001?"), ("everything", "there are P001, P002")] {
        let run = folder.run(&["policy", "check", "--explain", given]);
        assert!(run.code == Some(2) && run.out.is_empty() && run.err.contains(told), "{given}: {}", run.err);
    }
}

#[test]
fn warnings_are_told_counted_and_switched_off_by_the_settings() {
    let folder = Folder::new();
    folder.write("mine.rhai", "fn on_message(m) { if m.sender_blocked { drop(\"blocked\") } }\n");
    let loud = folder.run(&["policy", "check", "mine.rhai"]);
    assert!(loud.code == Some(0) && loud.out.starts_with("mine.rhai: 2 warnings\n"), "{loud:?}");
    assert!(loud.err.contains("warning[P102]") && loud.err.contains("warning[P103]"), "{}", loud.err);
    assert!(
        loud.err.ends_with("`sluicegate policy check --explain CODE` says more about P102, P103\n"),
        "{}",
        loud.err
    );

    folder.write("sluicegate.toml", "format = 1\npolicies = [\"mine.rhai\"]\n[policy]\nquiet = [\"P102\", \"P103\"]\n");
    for arguments in [&["policy", "check", "mine.rhai"][..], &["policy", "check"]] {
        let quiet = folder.run(arguments);
        assert_eq!((quiet.code, quiet.err.as_str()), (Some(0), ""));
        assert!(quiet.out.starts_with("mine.rhai: no fault\n"), "{}", quiet.out);
    }
}
