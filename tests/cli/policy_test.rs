//! `policy test`, as a policy's owner meets it.

use std::fs;

use crate::support::{Folder, Run, fixture, golden, run};

/// A policy with its cases, and with rules of the tests' own, so that the pictures change only with what draws them.
fn folder() -> Folder {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().join("cases")).unwrap();
    for name in ["test-mine.rhai", "screen-rules.toml"] {
        fs::copy(fixture(name), folder.path().join(name)).unwrap();
    }
    folder.write("sluicegate.toml", "format = 1\nrules = [\"screen-rules.toml\"]\n");
    for name in ["test-mine.toml", "test-wrong.toml"] {
        fs::copy(fixture(name), folder.path().join("cases").join(name)).unwrap();
    }
    folder
}

fn test(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["policy", "test"], arguments].concat())
}

#[test]
fn cases_that_pass_are_a_line_each() {
    let run = test(&folder(), &["cases/test-mine.toml"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    golden("policy-test.txt", &run.out);
}

#[test]
fn a_failed_case_shows_what_was_expected_and_what_came() {
    let run = test(&folder(), &["cases/test-wrong.toml"]);
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""), "{}", run.out);
    golden("policy-test-failed.txt", &run.out);
}

#[test]
fn what_no_case_reaches_is_shown_with_its_line() {
    let folder = folder();
    let run = test(&folder, &["cases/test-mine.toml", "--coverage", "--lcov", "lcov.info"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    golden("policy-test-coverage.txt", &run.out);
    golden("policy-test-lcov.txt", &fs::read_to_string(folder.path().join("lcov.info")).unwrap());
}

#[test]
fn mutants_that_no_case_catches_are_listed() {
    let run = test(&folder(), &["cases/test-mine.toml", "--mutate"]);
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""), "a missed mutant is something found wrong: {}", run.out);
    golden("policy-test-mutants.txt", &run.out);
}

#[test]
fn mutants_are_not_tried_while_cases_fail() {
    let run = test(&folder(), &["cases/test-wrong.toml", "--mutate"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("the cases must pass first") && !run.out.contains("mutant"), "{}{}", run.out, run.err);
}

#[test]
fn machines_get_an_object_a_line() {
    let run = test(&folder(), &["cases", "--json", "--coverage"]);
    let lines = run.verdicts();
    let passed = |yes: bool| lines.iter().filter(|line| line["passed"] == yes).count();
    assert_eq!((run.code, passed(true), passed(false)), (Some(1), 6, 4), "{}", run.out);
    let wrong = lines.iter().find(|line| line["case"] == "another reply than was expected").unwrap();
    assert_eq!(wrong["seen"][0]["mismatches"][0]["what"], "reply");
    assert_eq!(wrong["seen"][0]["facts"]["sender_approved"], true);
    assert!(lines.iter().any(|line| line["coverage"] == "test-mine.rhai" && line["lines"]["of"].is_u64()));

    let run = test(&folder(), &["cases/test-mine.toml", "--json", "--mutate"]);
    let last = run.verdicts().pop().unwrap();
    assert!(last["mutants"].as_u64() > Some(20) && last["fates"]["caught"].as_u64() > Some(10), "{last}");
}

#[test]
fn without_arguments_the_cases_beside_the_policies_in_use_are_tried() {
    // The built-in ones, where there are no settings.
    let run = test(&Folder::new(), &[]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    for name in ["agents.toml", "personal.toml", "public.toml", "readonly.toml"] {
        assert!(run.out.contains(name), "{}", run.out);
    }
    let folder = folder();
    fs::remove_file(folder.path().join("cases/test-wrong.toml")).unwrap();
    folder.write("sluicegate.toml", "format = 1\nrules = [\"screen-rules.toml\"]\npolicies = [\"test-mine.rhai\"]\n");
    let run = test(&folder, &[]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(
        run.out.contains("cases/test-mine.toml") && run.out.ends_with("5 cases   5 passed   0 failed\n"),
        "{}",
        run.out
    );
    // None there: said, and where they would be looked for.
    folder.write("other.rhai", "fn on_message(m) { allow(); }");
    folder.write("sluicegate.toml", "format = 1\npolicies = [\"other.rhai\"]\n");
    let run = test(&folder, &[]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    assert!(run.err.contains("no cases for other.rhai") && run.err.contains("cases/other.toml"), "{}", run.err);
}

#[test]
fn a_draft_is_tried_on_the_cases_of_the_policy_in_use() {
    let folder = folder();
    let policy = fs::read_to_string(fixture("test-mine.rhai")).unwrap();
    folder.write("draft.rhai", policy.replace("m.links >= 2", "m.links >= 5"));
    let run = test(&folder, &["cases/test-mine.toml", "--policy", "draft.rhai"]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("FAIL  links to unknown places wait") && run.out.contains("draft.rhai:12"), "{}", run.out);
    assert!(run.out.ends_with("5 cases   4 passed   1 failed\n"), "{}", run.out);
    // A policy whose own cases stand beside it finds them by itself.
    let run = test(&folder, &["--policy", "test-mine.rhai"]);
    assert!(run.out.contains("test-mine.toml"), "{}{}", run.out, run.err);
}

#[test]
fn what_init_writes_passes_its_own_cases_wherever_one_stands() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "gate"]).code, Some(0));
    let gate = folder.path().join("gate");
    for arguments in [&["policy", "test"][..], &["policy", "test", "policies"], &["policy", "test", "policies/cases"]] {
        let run = run(&gate, arguments, b"");
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments:?}: {}", run.out);
        assert!(run.out.contains("personal.rhai"), "{}", run.out);
    }
    let run = run(&gate.join("policies/cases"), &["policy", "test", "personal.toml"], b"");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    // Beside the cases as well as in the folder above.
    fs::rename(gate.join("policies/personal.rhai"), gate.join("policies/cases/personal.rhai")).unwrap();
    let run = crate::support::run(&gate, &["policy", "test", "policies/cases/personal.toml"], b"");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
}

#[test]
fn what_is_wrong_is_told_and_the_rest_is_tried() {
    let folder = folder();
    folder.write("cases/b-empty.toml", b"");
    folder.write("cases/c-large.toml", "#".repeat(10 * 1024 * 1024));
    folder.write("cases/d-policy.toml", "format = 1\npolicy = \"test-mien.rhai\"\n[[case]]\nname = \"x\"\nfacts = {}\nexpect = { decision = \"allow\" }\n");
    let run = test(&folder, &["cases"]);
    assert_eq!(run.code, Some(1));
    for told in [
        "b-empty.toml",
        "C002",
        "c-large.toml",
        "C015",
        "there is no policy `test-mien.rhai`",
        "did you mean `test-mine.rhai`?",
    ] {
        assert!(run.err.contains(told), "{told}: {}", run.err);
    }
    assert!(run.out.contains("10 cases"), "{}", run.out);

    folder.write("binary.toml", b"\x00\xff\xfe");
    for (arguments, told) in [
        (&["binary.toml"][..], "binary.toml: not UTF-8"),
        (&["nothing.toml"], "there is no such file"),
        (&["cases/test-mine.toml", "--policy", "nothing.rhai"], "there is no such file"),
        (&["--policy", "draft.rhai"], "there is no such file"),
    ] {
        let run = test(&folder, arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(run.err.contains(told), "{arguments:?}: {}", run.err);
    }
    // A policy that cannot be loaded is told as `policy check` would.
    folder.write("test-mine.rhai", "fn on_message(m) { if m.scroe > 1 { allow() } }");
    let run = test(&folder, &["cases/test-mine.toml"]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    assert!(run.err.contains("P003") && run.err.contains("did you mean `score`?"), "{}", run.err);
}
