//! `policy prove` and what `policy check` says of costs and chains, as their reader meets them.

use crate::support::{Folder, golden};

const FIRST: &str = r#"// waive: strangers-not-allowed, since the shop is open to all
fn on_message(m) {
    if m.sender_blocked { drop("blocked") }
    if m.sender_approved && m.score + m.escalation < 20 { allow() }
}
"#;

const SECOND: &str = r#"fn on_message(m) {
    if m.sender_blocked { allow() }
    if m.attack || m.says("umbrella") { hold("look at it") }
    allow();
}

fn on_reply(r) {
    if r.suspect { hold("looks wrong") }
}
"#;

const CASES: &str = r#"format = 1
policy = ["first.rhai", "second.rhai"]

[[case]]
name = "cases are somebody else's business"

[[prove]]
name = "who is approved waits for nothing small"
when = { kind = "message", sender = "approved", score = { at_most = 4 } }
never = "hold"

[[prove]]
name = "umbrellas of strangers wait"
when = { kind = "message", sender = "unknown", says = "umbrella" }
always = "hold"
never_replies = true

[[prove]]
name = "what is suspect has few points"
when = { suspect = true, score = { at_most = 4 } }
never = "allow"
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path().join("policies/cases")).unwrap();
    folder.write("policies/first.rhai", FIRST);
    folder.write("policies/second.rhai", SECOND);
    folder.write("policies/cases/shop.toml", CASES);
    folder.write(
        "policies/cases/other.toml",
        "format = 1\npolicy = \"other.rhai\"\n[[prove]]\nname = \"x\"\nnever = \"drop\"\n",
    );
    let settings = "format = 1\npolicies = [\"policies/first.rhai\", \"policies/second.rhai\"]\n";
    folder.write("sluicegate.toml", settings);
    folder
}

/// What is printed, without the time that it took.
fn untimed(out: &str) -> String {
    let line = |line: &str| match line.split_once(" paths in ") {
        Some((before, _)) => format!("{before} paths in … s\n"),
        None => format!("{line}\n"),
    };
    out.lines().map(line).collect()
}

#[test]
fn statements_are_proved_and_refuted_on_the_screen() {
    let run = folder().run(&["policy", "prove"]);
    golden("policy-prove.txt", &untimed(&run.out));
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
}

#[test]
fn what_a_chain_can_decide_and_costs_is_a_table() {
    let run = folder().run(&["policy", "check"]);
    golden("policy-check.txt", &run.out);
    assert_eq!(run.code, Some(1), "an attack in itself passes");
    let warned = ["P102", "P103"].map(|code| run.err.contains(&format!("warning[{code}]")));
    assert_eq!(warned, [true; 2], "{}", run.err);
}

#[test]
fn machines_get_the_same_as_json() {
    let folder = folder();
    let proofs = folder.run(&["policy", "prove", "--json", "policies/cases/shop.toml"]).verdicts();
    let words: Vec<(&str, &str)> =
        proofs.iter().map(|proof| (proof["statement"].as_str().unwrap(), proof["outcome"].as_str().unwrap())).collect();
    assert_eq!(words.len(), 9);
    assert!(words.contains(&("umbrellas of strangers wait", "proved")), "{words:?}");
    assert!(words.contains(&("what is suspect has few points", "empty")), "{words:?}");
    let refuted = proofs.iter().find(|proof| proof["invariant"] == "attacks-not-allowed").unwrap();
    let example = &refuted["counterexample"];
    assert_eq!(refuted["outcome"], "refuted");
    assert_eq!(example["decision"], "allow");
    assert_eq!(example["policy"], "first.rhai");
    assert_eq!(example["line"], 4);
    assert_eq!(example["source"], "    if m.sender_approved && m.score + m.escalation < 20 { allow() }");
    assert_eq!(example["facts"]["sender_approved"], true);
    assert_eq!(example["facts"]["score"], 8);

    let checked = folder.run(&["policy", "check", "--json"]).verdicts();
    let hooks: Vec<(&str, &str, bool)> = checked[0]["hooks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hook| {
            (hook["kind"].as_str().unwrap(), hook["policy"].as_str().unwrap(), hook["passes_on"].as_bool().unwrap())
        })
        .collect();
    assert_eq!(
        hooks,
        [("message", "first.rhai", true), ("message", "second.rhai", false), ("reply", "second.rhai", true)]
    );
    assert_eq!(checked[0]["hooks"][0]["operations_limit"], 50_000);
}

#[test]
fn a_slip_in_a_statement_or_a_waiver_is_told_with_its_place() {
    let folder = folder();
    let cases = [
        (
            "policies/cases/shop.toml",
            CASES.replace("sender = \"unknown\"", "sender_unknwon = true"),
            ["C005", "did you mean `sender_unknown`?"],
        ),
        (
            "policies/first.rhai",
            FIRST.replace("strangers-not-allowed", "strangers-allowed"),
            ["C021", "did you mean `strangers-not-allowed`?"],
        ),
    ];
    for (name, text, told) in cases {
        let before = std::fs::read_to_string(folder.path().join(name)).unwrap();
        folder.write(name, text);
        let run = folder.run(&["policy", "prove"]);
        assert_eq!(run.code, Some(1), "{name}");
        assert!(told.iter().all(|part| run.err.contains(part)), "{name}: {}", run.err);
        folder.write(name, before);
    }
    folder.write("policies/cases/shop.toml", CASES.replace("second.rhai", "secnd.rhai"));
    let run = folder.run(&["policy", "prove", "policies/cases/shop.toml"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("there is no policy `secnd.rhai`"), "{}", run.err);
}

#[test]
fn the_starter_policy_is_proved_out_of_the_box() {
    let folder = Folder::new();
    let run = folder.run(&["policy", "prove"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    assert!(run.out.contains("6 proved"), "{}", run.out);
}

#[test]
fn statements_of_another_chain_with_these_policies_are_not_passed_over_in_silence() {
    let folder = folder();
    folder.write(
        "policies/cases/alone.toml",
        "format = 1\npolicy = \"first.rhai\"\n[[prove]]\nname = \"x\"\nnever = \"hold\"\n",
    );
    let run = folder.run(&["policy", "prove"]);
    assert!(run.err.contains("alone.toml states something of other chains"), "{}", run.err);
    assert!(!run.err.contains("other.toml"), "{}", run.err);
}
