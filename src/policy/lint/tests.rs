//! What is said of chains, and a law: what a load says of a policy is what all of its events show.

use proptest::prelude::*;

use crate::diagnostic::Source;
use crate::event::Kind;
use crate::facts::{Ask, FactId, Facts};
use crate::policy::{Limits, Loaded, PolicySet};

fn load(scripts: &[&str]) -> Loaded {
    let chain: Vec<Source> =
        scripts.iter().zip('a'..).map(|(text, name)| Source::new(name.to_string(), *text)).collect();
    PolicySet::load(&chain, Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Each warning as its file, line and code.
fn warnings(scripts: &[&str]) -> Vec<String> {
    load(scripts).warnings.iter().map(|found| format!("{}:{} {}", found.file, found.line, found.code)).collect()
}

/// Hooks for the other kinds, so that none is missing.
const REST: &str = "fn on_reply(r) { next() } fn on_tool_call(c) { next() } fn on_tool_result(t) { next() }";

#[test]
fn a_chain_is_looked_at_as_a_whole() {
    let asks = "fn on_message(m) { if m.sender_blocked { drop(\"x\") } }";
    let asks_of_some = "fn on_message(m) {\nif m.suspect { if m.sender_blocked { drop(\"x\") } }\n}";
    let passes = "fn on_message(m) { allow() }";
    let passes_suspects = "fn on_message(m) { if m.suspect { allow() } drop(\"x\") }";
    let silent = "fn on_message(m) { }";
    let cases: [(&[&str], &[&str]); 8] = [
        (&[asks, passes, REST], &[]),
        (&[passes, REST], &["a:1 P108"]),
        (&[silent, passes, REST], &["b:1 P108"]),
        (&[asks_of_some, passes, REST], &["b:1 P108"]),
        // Those that the first has not asked about do not pass in the second.
        (&[asks_of_some, passes_suspects, REST], &[]),
        (&[passes, asks, REST], &["a:1 P108"]),
        (&[asks, silent, REST], &["b:1 P103"]),
        (&[asks, passes], &["b:0 P102"]),
    ];
    for (chain, expected) in cases {
        assert_eq!(warnings(chain), expected, "{chain:?}");
    }
}

#[test]
fn many_ways_are_followed_without_a_false_alarm() {
    // Each line doubles the ways, and more.
    let body: String =
        (0..40).map(|n| format!("if m.says(\"x{n}\") && m.says(\"y{n}\") {{ hold(\"x\") }}\n")).collect();
    let dead = "if m.suspect { hold(\"x\") }\n".repeat(2);
    let script = format!("fn on_message(m) {{ if m.sender_blocked {{ drop(\"x\") }}\n{body}{dead}allow() }}\n{REST}");
    assert_eq!(warnings(&[&script]), ["a:43 P110"], "the last but one line is dead, and no other");
}

/// A condition over two facts, one question and the score: so few values that every way is followed by itself.
fn conditions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("m.suspect".to_owned()),
        Just("m.unread".to_owned()),
        Just("m.says(\"a\")".to_owned()),
        (prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]), prop::sample::select(vec![0, 5, 31]))
            .prop_map(|(op, n)| format!("m.score {op} {n}")),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| format!("!({one})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} && {other})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("({one} || {other})")),
        ]
    })
}

/// Statements, a line each.
fn statements() -> impl Strategy<Value = String> {
    let deciding =
        prop_oneof![Just("hold(\"x\");\n".to_owned()), Just("next();\n".to_owned()), Just("f(m);\n".to_owned())];
    let leaf = (conditions(), deciding).prop_map(|(condition, call)| format!("if {condition} {{\n{call}}}\n"));
    leaf.prop_recursive(2, 8, 3, |inner| {
        let several = prop::collection::vec(inner, 1..4).prop_map(|all| all.concat());
        prop_oneof![
            several.clone(),
            (conditions(), several).prop_map(|(condition, body)| format!("if {condition} {{\n{body}}}\n")),
        ]
    })
}

/// Every event that can tell two of these policies apart.
fn events(set: &PolicySet) -> impl Iterator<Item = Facts> + '_ {
    (0..32 * 8).map(move |number: usize| {
        let mut facts = Facts::new(Kind::Message);
        facts.set(FactId::Score, number % 32);
        facts.set(FactId::Suspect, (number / 32) & 1);
        facts.set(FactId::Unread, (number / 64) & 1);
        if let (1, Some(question)) = (number / 128, set.questions().number(Ask::Says, "a")) {
            facts.answer_yes(question);
        }
        facts
    })
}

proptest! {
    /// A line that is called dead decides nothing, a line that decides nothing is behind something that is told, and a
    /// hook is said to end without a decision exactly where some event makes it.
    #[test]
    fn what_is_said_of_a_policy_is_what_its_events_show(body in prop::collection::vec(statements(), 1..5)) {
        let body = body.concat();
        let last = "allow();\n";
        let script = format!("fn on_message(m) {{\nif m.sender_blocked {{ drop(\"x\") }}\n{body}}}\nfn f(m) {{\nif m.score > 7 {{\n{last}}}\n}}\n{REST}");
        let limits = Limits { deadline_ms: 60_000, ..Limits::default() };
        let loaded = PolicySet::load(&[Source::new("any.rhai", script.as_str())], limits).unwrap();
        let said = |code: &str| {
            let lines = loaded.warnings.iter().filter(|found| found.code == code).map(|found| found.line);
            lines.collect::<Vec<u32>>()
        };
        let rulings: Vec<_> = events(&loaded.set).map(|facts| loaded.set.decide_uncached(&facts)).collect();
        let decided: Vec<u32> = rulings.iter().filter_map(|ruling| ruling.line).collect();
        for dead in said("P104") {
            prop_assert!(!decided.contains(&dead), "line {dead} decides in\n{script}");
        }
        // The decision stands in the line below its condition.
        for dead in said("P110").into_iter().chain(said("P105")) {
            let line = script.lines().nth(dead as usize - 1).unwrap();
            let holds = line.matches("m.").count() == 1 && !line.contains('!');
            let never = loaded.warnings.iter().any(|found| found.line == dead && found.message.contains("never"));
            prop_assert!(!(holds && never && decided.contains(&(dead + 1))), "line {dead} is true in\n{script}");
        }
        let holds = script.lines().zip(1_u32..).filter(|(line, _)| *line == "hold(\"x\");").map(|(_, number)| number);
        if holds.into_iter().any(|line| !decided.contains(&line)) {
            let told = ["P104", "P105", "P110"].iter().any(|code| !said(code).is_empty());
            prop_assert!(told, "a line is dead and nothing is said of\n{script}");
        }
        if !body.contains("next()") {
            let falls = rulings.iter().any(|ruling| ruling.policy.is_none());
            prop_assert_eq!(!said("P103").is_empty(), falls, "{}", script);
        }
    }
}
