//! Files of cases as their owner meets them: what is wrong with them, where, and how to mend it.
//!
//! `SLUICEGATE_BLESS=1 cargo test --test policy` writes the `.out` files anew; read the difference before committing it.

use std::fs;
use std::path::{Path, PathBuf};

use sluicegate::config::{starter_policy, starter_rules};
use sluicegate::diagnostic::Source;
use sluicegate::workbench::cases::{CaseFile, Given, Suite};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|ext| ext == "toml")).collect();
    files.sort();
    files
}

/// The faults of a file of cases for `mine.rhai`.
fn said(source: &Source) -> String {
    let policy = Source::new("mine.rhai", fs::read_to_string(folder().join("mine.rhai")).unwrap());
    let file = match CaseFile::load(source) {
        Ok(file) => file,
        Err(error) => return format!("{error}\n"),
    };
    if file.policies != ["mine.rhai"] {
        return format!("{}\n", file.no_such_policy(0, ["mine.rhai"]));
    }
    match Suite::new(file, vec![policy], &[]) {
        Ok(_) => String::new(),
        Err(error) => format!("{error}\n"),
    }
}

fn said_about(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    said(&Source::new(&*name, fs::read_to_string(path).unwrap()))
}

#[test]
fn faults_of_case_files_are_what_they_were() {
    let bless = std::env::var_os("SLUICEGATE_BLESS").is_some_and(|value| value == "1");
    let mut different = Vec::new();
    for path in files() {
        let (said, expected) = (said_about(&path), path.with_extension("out"));
        if bless {
            fs::write(&expected, &said).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            different.push(format!("{}:\n{said}", path.display()));
        }
    }
    assert!(different.is_empty(), "SLUICEGATE_BLESS=1 accepts this:\n{}", different.join("\n"));
}

#[test]
fn every_code_has_an_example_with_a_place() {
    let said: String = files().iter().map(|path| said_about(path)).collect();
    for code in (1..=15).map(|number| format!("[C{number:03}]")) {
        assert!(said.contains(&code), "no file in tests/cases shows {code}");
    }
}

/// Whatever is in a file, it is refused with a place or read; and soon, since an owner waits.
#[test]
fn what_is_no_case_file_is_refused() {
    let case = "[[case]]\nname = \"x\"\nfacts = { sender = \"approved\" }\nexpect = { decision = \"allow\" }\n";
    let head = "format = 1\npolicy = \"mine.rhai\"\n";
    let deep = format!("{head}{case}x = {}1{}", "[".repeat(2_000), "]".repeat(2_000));
    for (text, part) in [
        (String::new(), "C002"),
        ("\u{0}\u{1}\u{1b}[2J".to_owned(), "C001"),
        ("x".repeat(10 * 1024 * 1024), "C015"),
        (format!("{head}{}", "#".repeat(10 * 1024 * 1024)), "C015"),
        (format!("{head}{}", "[[case]]\n".repeat(100_000)), "C015"),
        (deep, "C001"),
        (format!("{head}case = 5"), "C003"),
        (format!("{head}case = [5]"), "C003"),
        (format!("{head}{case}[[case]]\nname = \"y\"\nevents = []\nexpect = {{ decision = \"allow\" }}\n"), "C015"),
    ] {
        let said = said(&Source::new("x.toml", text));
        assert!(said.contains(part), "{part}: {}", said.chars().take(500).collect::<String>());
        assert!(said.len() < 40_000 && !said.contains('\u{1b}'), "{part}: {} bytes", said.len());
    }
}

/// The page for owners promises what is true.
#[test]
fn every_file_of_cases_in_the_documentation_passes() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cases.md")).unwrap();
    let files: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(files.len() >= 5, "{}", files.len());
    for text in files {
        let file = CaseFile::load(&Source::new("docs/cases.md", text)).unwrap_or_else(|error| panic!("{error}"));
        let chain = file.policies.iter().map(|name| starter_policy(name).unwrap()).collect();
        let suite = Suite::new(file, chain, &starter_rules()).unwrap_or_else(|error| panic!("{error}"));
        for outcome in suite.run() {
            assert!(outcome.passed(), "{}: {:#?}", outcome.name, outcome.seen);
        }
    }
    for code in (1..=15).map(|number| format!("| C{number:03} |")) {
        assert!(page.contains(&code), "{code}");
    }
}

/// What is not said about the facts follows from what is, and what is said stays.
#[test]
fn facts_that_follow_are_filled_in() {
    use sluicegate::facts::FactId::{
        self, Attack, AttackArtifact, Escalation, Quotes, Score, ScoreArtifact, ScoreAuthored, SenderApproved,
        SenderOwner, SenderUnknown, Suspect,
    };
    let cases: &[(&str, &[(FactId, u16)])] = &[
        ("", &[(SenderUnknown, 1), (SenderApproved, 0), (Score, 0), (Suspect, 0)]),
        ("sender = \"owner\"", &[(SenderOwner, 1), (SenderApproved, 1), (SenderUnknown, 0)]),
        ("sender_approved = true", &[(SenderApproved, 1), (SenderUnknown, 0)]),
        ("score = 5", &[(Suspect, 1), (Attack, 0)]),
        ("score = 8", &[(Suspect, 1), (Attack, 1), (AttackArtifact, 0)]),
        ("suspect = true", &[(Score, 5), (Attack, 0)]),
        (
            "attack_authored = true",
            &[(ScoreAuthored, 8), (ScoreArtifact, 8), (Score, 8), (AttackArtifact, 1), (Attack, 1), (Suspect, 1)],
        ),
        ("score_quoted = 6", &[(Score, 6), (Suspect, 1), (Quotes, 1)]),
        ("escalated = true", &[(Escalation, 8)]),
        ("suspect = true, score = 0", &[(Suspect, 1), (Score, 0)]),
        ("score = 8, suspect = false", &[(Suspect, 0), (Attack, 1)]),
    ];
    for (facts, expected) in cases {
        let text = format!(
            "format = 1\npolicy = \"p\"\n[[case]]\nname = \"x\"\nfacts = {{ {facts} }}\nexpect = {{ decision = \"allow\" }}"
        );
        let file = CaseFile::load(&Source::new("x.toml", text)).unwrap_or_else(|error| panic!("{error}"));
        let Given::Facts(given) = &file.cases[0].given else { panic!("{facts}") };
        for (fact, value) in *expected {
            assert_eq!(given.facts.get(*fact), *value, "{facts}: {}", fact.entry().name);
        }
    }
}
