//! Decisions, the chain, options, the nets under the lint, and the cache.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use rhai::Scope;

use super::cache::Cache;
use super::decide::PolicyFile;
use super::event::Numbers;
use super::overdue::Overdue;
use super::*;
use crate::diagnostic::Source;
use crate::facts::{Ask, FactId, Facts, Mask, Questions, TABLE};
use crate::verdict::{Category, Decision};

pub(super) fn load(scripts: &[&str]) -> PolicySet {
    let name = |index: usize| format!("{index}.rhai");
    let chain: Vec<Source> = scripts.iter().enumerate().map(|(i, text)| Source::new(name(i), *text)).collect();
    PolicySet::load(&chain, Limits::default()).unwrap_or_else(|error| panic!("{error}")).set
}

fn message(score: usize) -> Facts {
    let mut facts = Facts::new(Kind::Message);
    facts.set(FactId::Score, score);
    facts
}

fn place(ruling: &Ruling) -> (&str, u32, u32) {
    (ruling.policy.as_deref().unwrap_or_default(), ruling.line.unwrap_or_default(), ruling.column.unwrap_or_default())
}

#[test]
fn drop_ends_the_policy_where_it_is_called() {
    let set = load(&["fn on_message(m) {\n    if m.score >= 8 { drop(\"bad\") }\n    allow();\n}"]);
    let dropped = set.decide(&message(8));
    assert_eq!((dropped.decision, &*dropped.reason), (Decision::Drop, "bad"));
    assert_eq!(place(&dropped), ("0.rhai", 2, 23));
    let allowed = set.decide(&message(7));
    assert_eq!((allowed.decision, &*allowed.reason), (Decision::Allow, ""));
    assert_eq!(place(&allowed), ("0.rhai", 3, 5));
}

#[test]
fn a_decision_in_a_helper_or_a_try_stands_at_its_own_place() {
    let cases = [
        ("fn on_message(m) { f(); allow(); }\nfn f() {\n  drop(\"bad\") }", (3, 3)),
        ("fn on_message(m) { try {\n drop(\"bad\") } catch { }\n allow(); }", (2, 2)),
        (
            "fn on_message(m) { try { f() } catch { allow() } }\nfn f() { try { g() } catch { } }\nfn g() { drop(\"bad\") }",
            (3, 10),
        ),
        ("const WHY = \"bad\";\nfn on_message(m) { f() }\nfn f() { g(WHY) }\nfn g(why) { drop(why) }", (4, 13)),
    ];
    for (script, (line, column)) in cases {
        let ruling = load(&[script]).decide(&message(0));
        assert_eq!((ruling.decision, &*ruling.reason), (Decision::Drop, "bad"), "{script}");
        assert_eq!(place(&ruling), ("0.rhai", line, column), "{script}");
    }
}

#[test]
fn next_and_silence_pass_to_the_next_file() {
    let last = "fn on_message(m) { hold(\"last\") }";
    for first in [
        "fn on_message(m) { next(); allow(); }",
        "fn on_message(m) { if m.score >= 8 { allow() } }",
        "fn on_message(m) { return 5; }",
        "fn on_message(m) { m.score }",
        "fn on_reply(r) { allow() }",
    ] {
        let ruling = load(&[first, last]).decide(&message(0));
        assert_eq!((ruling.decision, place(&ruling).0), (Decision::Hold, "1.rhai"), "{first}");
    }
}

#[test]
fn the_end_of_the_chain_is_closed() {
    for set in [load(&[]), load(&["fn on_message(m) { }", "fn on_message(m) { next() }"])] {
        for kind in Kind::ALL {
            let ruling = set.decide(&Facts::new(kind));
            let closed = if kind == Kind::Message { Decision::Drop } else { Decision::Hold };
            assert_eq!((ruling.decision, &*ruling.reason), (closed, "no policy decided"));
            assert_eq!((ruling.policy, ruling.line, ruling.failure), (None, None, None));
        }
    }
}

#[test]
fn an_error_ends_the_chain_closed_and_says_where() {
    let broken =
        "fn on_message(m) {\n  if m.score == 3 { throw \"boom\"; }\n}\nfn on_reply(r) { if r.score == 3 { 1 / 0 } }";
    let open = "fn on_message(m) { allow() } fn on_reply(r) { allow() }";
    let set = load(&[broken, open]);
    assert_eq!(set.decide(&message(0)).decision, Decision::Allow);
    let ruling = set.decide(&message(3));
    assert_eq!((ruling.decision, ruling.failure.as_deref()), (Decision::Drop, Some("0.rhai:2:21: it threw `boom`")));
    let mut reply = Facts::new(Kind::Reply);
    reply.set(FactId::Score, 3);
    let ruling = set.decide(&reply);
    assert_eq!(
        (ruling.decision, ruling.failure.as_deref()),
        (Decision::Hold, Some("0.rhai:4:38: Division by zero: 1 / 0"))
    );
}

#[test]
fn options_come_through() {
    let script = r#"
        const HELLO = "come back later";
        fn on_message(m) {
            if m.score == 1 { hold("why", #{reply: HELLO, expires: "10m"}) }
            if m.score == 2 { drop("why", #{reply: "no"}) }
            allow(#{redact: ["secret", "personal"]});
        }
        fn on_reply(r) { allow(#{replace: "I cannot say."}) }"#;
    let set = load(&[script]);
    let held = set.decide(&message(1));
    assert_eq!((held.reply.as_deref(), held.expires_ms), (Some("come back later"), Some(600_000)));
    assert_eq!(set.decide(&message(2)).reply.as_deref(), Some("no"));
    assert_eq!(set.decide(&message(0)).redact, [Category::Secret, Category::Personal]);
    assert_eq!(set.decide(&Facts::new(Kind::Reply)).replace.as_deref(), Some("I cannot say."));
}

/// Rhai hides what stands at the top of a script from its functions; the compiler must put every constant in its place.
#[test]
fn constants_are_known_everywhere() {
    let places = [
        "if m.score >= LIMIT { drop(\"bad\") }",
        "if m.score + LIMIT == 16 { drop(\"bad\") }",
        "let x = 1; x += LIMIT; if x == 9 { drop(\"bad\") }",
        "let x = LIMIT; if x == 8 { drop(\"bad\") }",
        "let x = if STRICT { LIMIT } else { 0 }; if x == 8 { drop(WHY) }",
        "let x = { let y = 1; y + LIMIT }; if x == 9 { drop(WHY) }",
        "if !STRICT || m.score == LIMIT { drop(WHY, #{reply: WHY}) }",
        "try { drop(WHY) } catch { }",
        "if same(LIMIT) { drop(WHY) }",
        "if limit() == m.score { drop(WHY) }",
        "if m.says(WHY) || STRICT { drop(WHY) }",
        "let y = WHY; drop(y)",
        "drop(WHY + \"\")",
        "stop(m)",
    ];
    for body in places {
        let helpers =
            "fn same(x) { x == LIMIT }\nfn limit() { LIMIT }\nfn stop(m) { if STRICT { let z = LIMIT; drop(WHY) } }";
        let script = format!(
            "const LIMIT = 8; const WHY = \"bad\"; const STRICT = true;\nfn on_message(m) {{ {body} }}\n{helpers}"
        );
        let ruling = load(&[&script]).decide(&message(8));
        assert_eq!((&*ruling.reason, ruling.failure), ("bad", None), "{body}");
    }
}

#[test]
fn a_question_is_answered_by_the_facts_and_numbered_over_the_chain() {
    let set = load(&[
        "fn on_tool_call(c) { if c.tool_in([\"bash\", \"exec\"]) { hold(\"tool\") } }",
        "const WORD = \"exec\"; fn on_tool_call(c) { if c.says(WORD) { drop(\"says\") } allow() }",
    ]);
    let asked: Vec<(Ask, &str)> =
        set.questions().iter().map(|(_, question)| (question.ask, &*question.literal)).collect();
    assert_eq!(asked, [(Ask::ToolIn, "bash"), (Ask::ToolIn, "exec"), (Ask::Says, "exec")]);
    for (yes, decision) in
        [(None, Decision::Allow), (Some(0), Decision::Hold), (Some(1), Decision::Hold), (Some(2), Decision::Drop)]
    {
        let mut facts = Facts::new(Kind::ToolCall);
        yes.into_iter().for_each(|number| facts.answer_yes(number));
        assert_eq!(set.decide(&facts).decision, decision, "{yes:?}");
    }
}

#[test]
fn every_fact_of_the_table_can_be_read_where_it_is_known() {
    for kind in Kind::ALL {
        for fact in TABLE.iter().filter(|fact| fact.kinds.contains(&kind)) {
            let script = match fact.domain {
                crate::facts::Domain::Bool => {
                    format!("fn {}(e) {{ if e.{} {{ hold(\"yes\") }} allow() }}", hook(kind), fact.name)
                }
                crate::facts::Domain::Number(_) => {
                    format!("fn {}(e) {{ if e.{} > 0 {{ hold(\"yes\") }} allow() }}", hook(kind), fact.name)
                }
            };
            let set = load(&[&script]);
            let mut facts = Facts::new(kind);
            assert_eq!(set.decide(&facts).decision, Decision::Allow, "{}", fact.name);
            facts.set(fact.id, 31);
            assert_eq!(set.decide(&facts).decision, Decision::Hold, "{}", fact.name);
        }
    }
}

#[test]
fn a_set_with_a_fault_in_any_file_is_not_loaded_and_all_faults_are_named() {
    let chain =
        [Source::new("a.rhai", "fn on_message(m) { m.x; m.y }"), Source::new("b.rhai", "fn on_message(m) { m.z }")];
    let error = PolicySet::load(&chain, Limits::default()).unwrap_err();
    let places: Vec<(&str, u32)> = error.diagnostics.iter().map(|fault| (&*fault.file, fault.column)).collect();
    assert_eq!(places, [("a.rhai", 22), ("a.rhai", 27), ("b.rhai", 22)]);
    let many: Vec<Source> = (0..17).map(|n| Source::new(n.to_string(), "fn on_message(m) { }")).collect();
    assert_eq!(PolicySet::load(&many, Limits::default()).unwrap_err().diagnostics[0].code, "P017");
}

#[test]
fn a_file_of_faults_is_refused_without_telling_them_all() {
    let script = format!("fn on_message(m) {{ {} }}", "m.x;".repeat(15_000));
    let error = PolicySet::load(&[Source::new("a.rhai", script)], Limits::default()).unwrap_err();
    assert_eq!(error.diagnostics.len(), 100);
}

/// A set that was not linted, with every construct of Rhai allowed: the nets alone.
pub(super) fn unlinted(script: &str, limits: Limits) -> Option<PolicySet> {
    let mut engine = sandbox::engine(&limits);
    engine.set_allow_looping(true).set_allow_anonymous_fn(true).set_allow_shadowing(true).set_strict_variables(false);
    engine.register_fn("break_down", || -> bool { panic!("a bug of the interpreter") });
    let ast = engine.compile_with_scope(&Scope::new(), script).ok()?;
    Some(PolicySet {
        engine,
        files: vec![PolicyFile {
            name: Arc::from("raw.rhai"),
            text: Arc::from(script),
            ast,
            hooks: vec![Kind::Message],
        }],
        limits,
        questions: Questions::default(),
        numbers: Arc::new(Numbers::default()),
        reads: [u64::MAX; Kind::ALL.len()],
        seen: [Mask::ALL; Kind::ALL.len()],
        cache: Cache::default(),
        overdue: Overdue::default(),
        observer: OnceLock::new(),
    })
}

#[test]
fn the_nets_hold_without_the_lint() {
    let cases = [
        ("loop { }", "operations"),
        ("let x = 0; while true { x += 1; }", "operations"),
        ("let s = \"a\"; loop { s += s; }", "too large"),
        ("let a = #{}; loop { a = #{ inner: a }; }", ""),
        ("fn f(n) { f(n) }\nf(1)", "too deep"),
        ("fn f(n) { g(n) }\nfn g(n) { f(n) }\nf(1)", "too deep"),
        ("fn f(n) { if n > 0 { f(n - 1); f(n - 1) } }\nf(14)", "operations"),
        ("let f = |g| g.call(g); f.call(f)", ""),
        ("let f = |x| x; loop { f = f.curry(f); }", ""),
        ("sleep(1)", "Function not found"),
        ("Fn(\"sleep\").call(1)", ""),
        ("break_down()", "broke down"),
        ("try { drop(5) } catch { } allow()", "is a text"),
        ("try { drop(\"x\", 5) } catch { } allow()", "options"),
        ("try { hold(\"x\", #{expires: 5}) } catch { } allow()", "is a text"),
        ("try { hold(\"x\", #{expires: \"soon\"}) } catch { } allow()", "no length of time"),
        ("try { allow(#{redact: [\"x\"]}) } catch { } allow()", "no category"),
        ("try { allow(#{redact: [[]]}) } catch { } allow()", "list of categories"),
        ("try { allow(#{replace: \"x\"}) } catch { } allow()", "for replies"),
        ("try { m.says(\"x\") } catch { } allow()", "not written out"),
        ("try { m.channel_in(5) } catch { } allow()", "not written out"),
        ("try { m.channel_in([\"x\"]) } catch { } allow()", "not written out"),
        ("m.score = 0", ""),
        ("m[\"score\"]", ""),
    ];
    for (script, why) in cases {
        // Where a reason is named, a busy machine must not end the script by the clock first; elsewhere any end will do.
        let deadline_ms = if why.is_empty() { Limits::default().deadline_ms } else { 60_000 };
        let limits = Limits { deadline_ms, ..Limits::default() };
        let (functions, body) = script.rsplit_once('\n').unwrap_or(("", script));
        let set = unlinted(&format!("{functions}\nfn on_message(m) {{ {body} }}"), limits).expect(script);
        let ruling = set.decide(&message(0));
        let failure = ruling.failure.unwrap_or_else(|| panic!("{script} did not fail"));
        assert_eq!(ruling.decision, Decision::Drop, "{script}");
        assert!(failure.contains(why), "{script}: {failure}");
    }
}

#[test]
fn the_deadline_holds_where_operations_do_not() {
    let limits = Limits { operations: u64::MAX, ..Limits::default() };
    for body in
        ["loop { }", "try { loop { } } catch { } allow()", "loop { try { let s = \"abc\" + \"def\"; } catch { } }"]
    {
        let set = unlinted(&format!("fn on_message(m) {{ {body} }}"), limits).unwrap();
        let failure = set.decide(&message(0)).failure.unwrap();
        assert!(failure.contains("longer than 10 ms"), "{body}: {failure}");
    }
}

#[test]
fn failures_are_not_cached_and_the_cache_is_bounded() {
    let failing = unlinted("fn on_message(m) { loop { } }", Limits::default()).unwrap();
    assert!(failing.decide(&message(0)).failure.is_some());
    assert_eq!(failing.cache.len(), 0);

    // The policy reads one fact, so all else does not make an event a new one.
    let narrow = load(&["fn on_message(m) { if m.suspect { hold(\"x\") } allow() }"]);
    for length in [0, 100, 10_000] {
        let mut facts = message(5);
        facts.set(FactId::Length, length);
        assert_eq!(narrow.decide(&facts).decision, Decision::Allow);
    }
    assert_eq!(narrow.cache.len(), 1);

    let wide = load(&["fn on_message(m) { if m.score + m.escalation + m.length + m.attachments > 0 { hold(\"x\") } }"]);
    for score in 0..32 {
        for escalation in 0..32 {
            for length in [0, 1, 20, 80] {
                let mut facts = message(score);
                facts.set(FactId::Escalation, escalation);
                facts.set(FactId::Length, length);
                let _ = wide.decide(&facts);
            }
        }
    }
    assert!(wide.cache.len() <= 1024, "{}", wide.cache.len());
}

#[test]
fn a_set_can_be_shared_between_threads() {
    const fn shared<T: Send + Sync>() {}
    shared::<PolicySet>();
    shared::<Ruling>();
}

pub(super) fn some_facts() -> impl Strategy<Value = Facts> {
    let kind = prop::sample::select(Kind::ALL.to_vec());
    let values = prop::collection::vec(prop_oneof![Just(0_usize), Just(1), 0_usize..40], TABLE.len());
    (kind, values, prop::collection::vec(0_u16..64, 0..4)).prop_map(|(kind, values, answers)| {
        let mut facts = Facts::new(kind);
        TABLE.iter().zip(values).for_each(|(fact, value)| facts.set(fact.id, value));
        answers.into_iter().for_each(|number| facts.answer_yes(number));
        facts
    })
}

proptest! {
    /// The cache, and the blindness for facts that no policy reads, change nothing.
    #[test]
    fn cached_is_uncached(all in prop::collection::vec(some_facts(), 1..40)) {
        let limits = Limits { deadline_ms: 10_000, ..Limits::default() };
        let texts = [include_str!("../../policies/personal.rhai"), include_str!("../../policies/readonly.rhai")];
        let chain = texts.map(|text| Source::new("starter.rhai", text));
        let set = PolicySet::load(&chain, limits).unwrap().set;
        for facts in all.iter().chain(&all) {
            prop_assert_eq!(set.decide(facts), set.decide_uncached(facts));
        }
    }

    /// Whatever the bytes, loading answers.
    #[test]
    fn loading_never_panics(text in "([a-z(){}\\[\\]\"'`.,;:#|&!<>=+*/ \n-]{0,60}|fn on_message\\(m\\) \\{ \\PC{0,60} \\})") {
        if let Err(error) = PolicySet::load(&[Source::new("any.rhai", text)], Limits::default()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
