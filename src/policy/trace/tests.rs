//! A traced run decides what an untraced one does, and shows what happened.

use proptest::prelude::*;

use super::*;
use crate::policy::{Limits, PolicySet};

fn load(scripts: &[&str]) -> PolicySet {
    let name = |index: usize| format!("{index}.rhai");
    let chain: Vec<Source> = scripts.iter().enumerate().map(|(i, text)| Source::new(name(i), *text)).collect();
    PolicySet::load(&chain, Limits::default()).unwrap_or_else(|error| panic!("{error}")).set
}

fn message(facts: &[(FactId, usize)]) -> Facts {
    let mut all = Facts::new(Kind::Message);
    facts.iter().for_each(|(fact, value)| all.set(*fact, *value));
    all
}

/// The steps of a run in words.
fn told(run: &Run, coverable: &[Coverable]) -> Vec<String> {
    let at = |place: &Place| format!("{}:{}", place.line, place.column);
    let told = |step: &Step| match step {
        Step::Entered { function, line } => format!("{line} fn {function}"),
        Step::Line(line) => format!("{line}"),
        Step::Read { fact, value, place } => format!("{} {} = {value}", at(place), fact.entry().name),
        Step::Asked { ask, literals, answer, place } => {
            let literals: Vec<String> = literals.iter().map(|all| format!("{}={}", all.text, all.yes)).collect();
            format!("{} {}({}) = {answer}", at(place), ask.name(), literals.join(" "))
        }
        Step::Tested { branch, outcome } => {
            let branch = &coverable[run.index].branches[*branch];
            format!("{} {:?} `{}` = {outcome}", at(&branch.place), branch.role, branch.text)
        }
    };
    run.steps.iter().map(told).collect()
}

#[test]
fn a_trace_tells_what_was_read_tested_and_run_in_order() {
    let set = load(&[
        "const LIMIT = 3;\nfn on_message(m) {\n    if m.suspect && (m.score > LIMIT || m.says(\"tea\")) {\n        hold(\"x\")\n    }\n    if known(m) { next() }\n    drop(\"y\")\n}\nfn known(m) {\n    m.sender_approved\n}",
        "fn on_message(m) { allow() }",
    ]);
    let trace = set.trace(&message(&[(FactId::Suspect, 1), (FactId::Score, 2), (FactId::SenderApproved, 1)]));
    assert_eq!(
        told(&trace.runs[0], set.coverable()),
        [
            "2 fn on_message",
            "3",
            "3:10 suspect = 1",
            "3:8 Operand `m.suspect` = true",
            "3:24 score = 2",
            "3:22 Operand `m.score > LIMIT` = false",
            "3:43 says(tea=false) = false",
            "3:41 Operand `m.says(\"tea\")` = false",
            "3:8 If `m.suspect && (m.score > LIMIT || m.says(\"tea\"))` = false",
            "6",
            "9 fn known",
            "10",
            "10:7 sender_approved = 1",
            "6:8 If `known(m)` = true",
            "6",
        ]
    );
    let (first, second) = (&trace.runs[0], &trace.runs[1]);
    assert_eq!(first.ending, Ending::Next(Place { line: 6, column: 19 }));
    assert_eq!(second.ending, Ending::Decided { call: "allow", place: Place { line: 1, column: 20 } });
    assert!(first.complete && second.complete && first.operations > 20, "{}", first.operations);
    assert_eq!(set.coverable()[0].lines, [3, 4, 6, 7, 10]);
    let functions: Vec<(&str, u32)> =
        set.coverable()[0].functions.iter().map(|(name, line)| (&**name, *line)).collect();
    assert_eq!(functions, [("on_message", 2), ("known", 9)]);
}

#[test]
fn the_text_of_a_condition_is_what_stands_in_the_file() {
    let cases = [
        ("if m.score + 1 > 3 { drop(\"x\") }", &["m.score + 1 > 3"][..]),
        (
            "if (m.score + 1) * 2 > 3 && m.unread { drop(\"x\") }",
            &["(m.score + 1) * 2 > 3 && m.unread", "(m.score + 1) * 2 > 3", "m.unread"],
        ),
        ("if !(m.unread || m.suspect) { drop(\"x\") }", &["!(m.unread || m.suspect)", "m.unread", "m.suspect"]),
        (
            "if !m.unread && -m.score < (0) { drop(\"x\") }",
            &["!m.unread && -m.score < (0)", "!m.unread", "-m.score < (0)"],
        ),
        (
            "if m.unread // {\n && /* || */ m.says(\"a && b {\") { drop(\"x\") }",
            &["m.unread // { && /* || */ m.says(\"a && b {\")", "m.unread", "m.says(\"a && b {\")"],
        ),
        ("if m.unread { drop(\"x\") } else if m.suspect { drop(\"y\") }", &["m.unread", "m.suspect"]),
        ("let x = m.unread || m.suspect; if x { drop(\"x\") }", &["m.unread", "m.suspect", "x"]),
        ("if m.score == 3 { if m.score >= 3 {drop(\"a\")} }", &["m.score == 3", "m.score >= 3"]),
        ("if f(m, (m.score)) { drop(\"x\") }", &["f(m, (m.score))", "e.unread", "s > 2"]),
        ("let x = if m.unread { 1 } else { 2 }; if ((x == 1)) { drop(\"x\") }", &["m.unread", "((x == 1))"]),
        ("if m.score > { let y = 3; y } { drop(\"x\") }", &["m.score > { let y = 3; y }"]),
        (
            "if m.unread == (m.suspect && m.attack) { drop(\"x\") }",
            &["m.unread == (m.suspect && m.attack)", "m.suspect", "m.attack"],
        ),
    ];
    for (body, expected) in cases {
        let set = load(&[&format!("fn on_message(m) {{\n {body} }}\nfn f(e, s) {{ e.unread && s > 2 }}")]);
        let function =
            |branch: &&Branch| expected.len() == 3 && body.contains("f(m") || &*branch.function == "on_message";
        let texts: Vec<&str> =
            set.coverable()[0].branches.iter().filter(function).map(|branch| &*branch.text).collect();
        assert_eq!(texts, expected, "{body}");
    }
}

#[test]
fn a_run_that_fails_or_ends_in_a_limit_says_so() {
    let failing = load(&["fn on_message(m) {\n if m.score == 3 { throw \"boom\" }\n allow() }"]);
    let trace = failing.trace(&message(&[(FactId::Score, 3)]));
    assert_eq!(trace.ruling, failing.decide_uncached(&message(&[(FactId::Score, 3)])));
    assert_eq!((trace.runs[0].ending.clone(), trace.runs[0].complete), (Ending::Failed, false));
    assert_eq!(trace.runs[0].lines().collect::<Vec<_>>(), [2]);

    let last = |n: u32| format!("fn f{n}(m) {{ allow() }}\n");
    for depth in 14..20 {
        let helpers: String = (0..depth).map(|n| format!("fn f{n}(m) {{ f{}(m) }}\n", n + 1)).collect();
        let set = load_anyway(&format!("fn on_message(m) {{ f0(m) }}\n{helpers}{}", last(depth)));
        let Some(set) = set else { continue };
        let trace = set.trace(&message(&[]));
        assert_eq!(trace.ruling, set.decide_uncached(&message(&[])));
        let failed = trace.ruling.failure.is_some();
        assert_eq!(trace.runs[0].complete, !failed, "{depth} calls deep: {:?}", trace.ruling);
    }

    // Sixteen functions that call the next one twice and then some: more than 50,000 operations.
    let helpers: String = (0..15).map(|n| format!("fn f{n}(m) {{ f{0}(m); f{0}(m) }}\n", n + 1)).collect();
    if let Some(set) =
        load_anyway(&format!("fn on_message(m) {{ if m.score > 0 {{ f0(m) }} }}\n{helpers}fn f15(m) {{ 1 }}"))
    {
        let trace = set.trace(&message(&[(FactId::Score, 3)]));
        assert!(trace.ruling.failure.is_some() && !trace.runs[0].complete);
        assert!(trace.runs[0].steps.len() <= 65_536);
    }
}

/// None where the dry run refuses it already.
fn load_anyway(script: &str) -> Option<PolicySet> {
    PolicySet::load(&[Source::new("deep.rhai", script)], Limits::default()).ok().map(|loaded| loaded.set)
}

#[test]
fn what_the_host_is_told_of_the_kind_reaches_helpers_too() {
    let set = load(&["fn on_reply(r) { f(r) }\nfn f(r) { if r.suspect { allow(#{replace: \"no\"}) } }"]);
    let mut facts = Facts::new(Kind::Reply);
    facts.set(FactId::Suspect, 1);
    let trace = set.trace(&facts);
    assert!(trace.runs[0].complete, "{:?}", trace.runs[0]);
    assert_eq!(trace.ruling.replace.as_deref(), Some("no"));
}

/// Scripts that use what a policy may use.
const SCRIPTS: &[&str] = &[
    include_str!("../../../policies/personal.rhai"),
    include_str!("../../../policies/public.rhai"),
    include_str!("../../../policies/readonly.rhai"),
    "fn on_message(m) { f(m); allow(); }\nfn f(m) { if m.score > 3 { drop(\"bad\") } }",
    "fn on_message(m) { try { if m.unread { drop(\"bad\") } throw 5; } catch { if m.suspect { next() } } allow(); }",
    "fn on_message(m) { let x = 0; x += m.score; if x > 4 && x < 9 { return; } if x == 9 { throw \"boom\" } hold(\"x\") }",
    "fn on_message(m) { let x = if m.unread { m.score } else if m.suspect { 7 } else { 1 }; if x == m.length { allow() } }",
    "fn on_message(m) { if m.score == 20 { 1 / (m.score - 20); } let ok = trusted(m, m.score) || m.mentioned; if !ok { drop(why(m)) } }\nfn trusted(e, s) { return e.sender_approved && s < 8; }\nfn why(m) { if m.attack { \"attack\" } else { \"other\" } }",
    "const A = 3; const B = true;\nfn on_message(m) { if B && m.score >= A { hold(\"x\", #{expires: \"10m\", reply: text()}) } { let y = m.links; if y > 1 { next() } } }\nfn text() { \"hello\" }",
    "fn on_message(m) { if m.score == 3 { } else { if m.unread == m.suspect { allow(#{redact: [\"secret\"]}) } } m.attack ?? drop(\"x\"); }",
];

fn some_facts() -> impl Strategy<Value = Facts> {
    let kind = prop_oneof![3 => Just(Kind::Message), 1 => prop::sample::select(Kind::ALL.to_vec())];
    let values = prop::collection::vec(prop_oneof![Just(0_usize), Just(1), 0_usize..40], crate::facts::TABLE.len());
    (kind, values, prop::collection::vec(0_u16..64, 0..4)).prop_map(|(kind, values, answers)| {
        let mut facts = Facts::new(kind);
        crate::facts::TABLE.iter().zip(values).for_each(|(fact, value)| facts.set(fact.id, value));
        answers.into_iter().for_each(|number| facts.answer_yes(number));
        facts
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Watching changes nothing: decision, place, options and failure are those of a run that nobody watches, whatever
    /// the policy, alone or in a chain; and what was seen is consistent with the facts.
    #[test]
    fn a_traced_run_decides_the_same(all in prop::collection::vec(some_facts(), 8), rotate in 0..SCRIPTS.len()) {
        let mut scripts = SCRIPTS.to_vec();
        scripts.rotate_left(rotate);
        for chain in [&scripts[..1], &scripts[..4]] {
            let set = load(chain);
            for facts in &all {
                let (trace, ruling) = (set.trace(facts), set.decide_uncached(facts));
                prop_assert_eq!(&trace.ruling, &ruling);
                let last = trace.runs.last();
                for run in &trace.runs {
                    let coverable = &set.coverable()[run.index];
                    prop_assert_eq!(run.complete, run.ending != Ending::Failed, "{:?}", run);
                    prop_assert!(run.reads().all(|(fact, value, _)| facts.get(fact) == value));
                    prop_assert!(run.answers().all(|(number, yes)| facts.answer(number) == yes));
                    prop_assert!(run.lines().all(|line| coverable.lines.binary_search(&line).is_ok()));
                    prop_assert!(run.taken().all(|(branch, _)| branch < coverable.branches.len()));
                    let passed = matches!(run.ending, Ending::Next(_) | Ending::Undecided);
                    prop_assert_eq!(passed, Some(run) != last || ruling.policy.is_none());
                }
                if let Some((run, line)) = last.zip(ruling.line) {
                    let Ending::Decided { place, .. } = run.ending else { panic!("{run:?}") };
                    prop_assert_eq!((place.line, Some(place.column)), (line, ruling.column));
                    prop_assert!(run.lines().any(|ran| ran <= line), "the deciding line is behind one that ran");
                }
            }
        }
    }
}

#[test]
fn what_the_compiler_folds_is_seen_as_it_is_written() {
    let set = load(&[
        "const STRICT = false;\nconst LIMIT = 3;\nfn on_message(m) {\n if m.unread {\n  if m.score > LIMIT {\n   drop(\"a\")\n  }\n }\n if STRICT {\n  hold(\"b\")\n }\n allow()\n}",
    ]);
    let coverable = &set.coverable()[0];
    assert_eq!(coverable.lines, [4, 5, 6, 9, 10, 12]);
    let trace = set.trace(&message(&[(FactId::Unread, 1), (FactId::Score, 3)]));
    assert_eq!(trace.runs[0].lines().collect::<Vec<_>>(), [4, 5, 9, 12]);
    assert_eq!(trace.runs[0].taken().collect::<Vec<_>>(), [(0, true), (1, false), (2, false)]);
}
