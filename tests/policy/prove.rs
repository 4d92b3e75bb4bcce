//! Proofs: what holds for the starter policies, and what a slip in them would let through.

use std::fs;
use std::path::Path;

use sluicegate::diagnostic::Source;
use sluicegate::facts::{Levels, Relations};
use sluicegate::policy::{Bounds, Limits, PolicySet};
use sluicegate::verdict::Decision;
use sluicegate::workbench::prove::{Outcome, Proof, Statement, invariants, prove, statements, survey, waivers};

const STARTERS: [&str; 4] = ["agents.rhai", "personal.rhai", "public.rhai", "readonly.rhai"];

fn starter(name: &str) -> Source {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join(name);
    Source::new(name, fs::read_to_string(path).unwrap())
}

fn load(source: &Source) -> PolicySet {
    PolicySet::load(std::slice::from_ref(source), Limits::default()).unwrap_or_else(|error| panic!("{error}")).set
}

fn proof(statement: &Statement, set: &PolicySet) -> Proof {
    prove(statement, set, Levels::default(), &Bounds::default())
}

fn invariant(name: &str) -> Statement {
    invariants().into_iter().find(|statement| statement.invariant == Some(name)).unwrap()
}

/// Each is proved, or waived and then really broken.
#[test]
fn the_invariants_hold_for_the_starter_policies() {
    for name in STARTERS {
        let source = starter(name);
        let set = load(&source);
        let waived: Vec<&str> = waivers(&[source]).unwrap().iter().map(|waiver| waiver.invariant).collect();
        for statement in invariants() {
            let proof = proof(&statement, &set);
            match statement.invariant.filter(|invariant| waived.contains(invariant)) {
                Some(_) => assert!(matches!(proof.outcome, Outcome::Refuted(_)), "{name}: {}", statement.name),
                None => assert_eq!(proof.outcome, Outcome::Proved, "{name}: {}", statement.name),
            }
            assert!(proof.paths > 0, "{name}: {}", statement.name);
        }
    }
}

/// A slip, and what it breaks: the policy, what stands there, what is written instead, the invariant or an own statement.
struct Slip {
    policy: &'static str,
    from: &'static str,
    to: &'static str,
    breaks: &'static str,
}

const SLIPS: [Slip; 12] = [
    // A condition that asks for too much.
    Slip {
        policy: "personal.rhai",
        from: "if !m.sender_approved && !m.dm_open { drop(\"unknown sender\") }",
        to: "if !m.sender_approved && !m.dm_open && m.rate_exceeded { drop(\"unknown sender\") }",
        breaks: "strangers-not-allowed",
    },
    // Two standings that nobody has at once.
    Slip {
        policy: "public.rhai",
        from: "fn on_message(m) {\n    if m.sender_blocked {",
        to: "fn on_message(m) {\n    if m.sender_blocked && m.sender_unknown {",
        breaks: "blocked-not-allowed",
    },
    // A line that is gone.
    Slip {
        policy: "readonly.rhai",
        from: "    if c.sender_blocked { drop(\"blocked sender\") }\n",
        to: "",
        breaks: "blocked-not-allowed",
    },
    // An exception for oneself, whose agent is told what to do by others.
    Slip {
        policy: "personal.rhai",
        from: "if c.tool_touches_gate {",
        to: "if c.tool_touches_gate && !c.sender_owner {",
        breaks: "gate-not-touched",
    },
    // Politeness tells a stranger that somebody is there.
    Slip {
        policy: "public.rhai",
        from: "drop(\"too many messages\")",
        to: "drop(\"too many messages\", #{reply: \"Please write more slowly.\"})",
        breaks: "strangers-not-answered",
    },
    // A sum of facts that a small attack does not reach.
    Slip {
        policy: "personal.rhai",
        from: "if t.attack_artifact { drop(\"attack in a tool result\") }\n    if t.approved { allow() }\n    if t.suspect {",
        to: "if t.score + t.score_artifact >= 20 { drop(\"attack in a tool result\") }\n    if t.suspect && !t.disguised {",
        breaks: "attacks-not-allowed",
    },
    // The wrong way round: what is worse passes.
    Slip {
        policy: "readonly.rhai",
        from: "    if r.suspect { hold(\"reply looks wrong\") }",
        to: "    if r.suspect && r.score <= 8 { hold(\"reply looks wrong\") }",
        breaks: "attacks-not-allowed",
    },
    // Arithmetic that breaks for one value.
    Slip {
        policy: "personal.rhai",
        from: "    if m.escalated {",
        to: "    if 40 / (4 - m.score) > 30 || m.escalated {",
        breaks: "never-fails",
    },
    // A helper that decides before anybody is asked who it is.
    Slip {
        policy: "public.rhai",
        from: "fn on_message(m) {\n",
        to: "fn at_home(m) { if m.channel_in([\"matrix\", \"signal\"]) && m.mentioned { allow() } }\n\nfn on_message(m) {\n    at_home(m);\n",
        breaks: "blocked-not-allowed",
    },
    // A line that decides too early.
    Slip {
        policy: "personal.rhai",
        from: "    if m.mention_required && !m.mentioned { drop(\"not addressed\") }",
        to: "    if m.mention_required { if m.mentioned { allow() } drop(\"not addressed\") }",
        breaks: "attacks-not-allowed",
    },
    // A threshold counted up in a variable, one step too far.
    Slip {
        policy: "public.rhai",
        from: "    if t.attack_artifact { drop(\"attack in a tool result\") }\n    if t.approved { allow() }\n    if t.suspect {",
        to: "    let worry = t.score; if t.disguised { worry += 3; } if t.unread { worry += 3; }\n    if worry > 9 {",
        breaks: "attacks-not-allowed",
    },
    // A name that is missing in a list; the owner's own statement tells.
    Slip { policy: "readonly.rhai", from: "\"bash\", ", to: "", breaks: "a shell waits" },
];

const OWN: &str = "format = 1\npolicy = \"readonly.rhai\"\n[[prove]]\nname = \"a shell waits\"\n\
    when = { kind = \"tool_call\", tool_in = [\"bash\", \"sh\"], approved = false, answered_allow = false }\nnever = \"allow\"\n";

#[test]
fn a_slip_in_a_starter_policy_is_refuted_by_an_event_that_shows_it() {
    for (number, slip) in SLIPS.iter().enumerate() {
        let right = starter(slip.policy);
        assert_eq!(right.text.matches(slip.from).count(), 1, "slip {number} is in one place");
        let wrong = Source::new(slip.policy, right.text.replace(slip.from, slip.to));
        let own = statements(&Source::new("cases.toml", OWN)).unwrap();
        let statement = match own.into_iter().find(|own| own.name == slip.breaks) {
            Some(own) => own,
            None => invariant(slip.breaks),
        };
        assert_eq!(proof(&statement, &load(&right)).outcome, Outcome::Proved, "slip {number}");

        let set = load(&wrong);
        let Outcome::Refuted(example) = proof(&statement, &set).outcome else { panic!("slip {number} is not refuted") };
        let ruling = set.decide(&example.facts);
        assert_eq!(ruling, example.ruling, "slip {number}");
        assert!(statement.claim.is_broken_by(&ruling), "slip {number}: {ruling:?}");
        assert!(statement.kinds.contains(&example.facts.kind()), "slip {number}");
        let relations = Relations::new(Levels::default(), set.questions());
        assert_eq!(relations.broken(&example.facts), None, "slip {number}: such an event can happen");
    }
}

#[test]
fn a_statement_is_proved_refuted_undecided_or_empty() {
    let set = load(&Source::new(
        "a.rhai",
        "fn on_message(m) { if m.score + m.escalation + m.length > 70 { drop(\"much\") } if m.says(\"x\") { hold(\"x\") } allow() }",
    ));
    let cases = [
        ("when = { kind = \"message\", length = { at_least = 80 } }\nalways = \"drop\"", "proved"),
        ("when = { kind = \"message\", length = 20 }\nalways = \"drop\"", "refuted"),
        ("when = { kind = \"message\", says = \"x\" }\nnever = \"allow\"", "proved"),
        ("when = { kind = \"message\", says = \"y\" }\nnever = \"allow\"", "refuted"),
        ("when = { kind = \"reply\" }\nalways = \"hold\"", "proved"),
        ("when = { suspect = false, score = 9 }\nnever = \"allow\"", "empty"),
        ("when = { channel_in = [\"a\", \"b\"], says = { none_of = \"x\" } }\nnever = \"hold\"", "refuted"),
        (
            "when = { kind = \"message\", channel_in = [\"a\", \"b\"], says = { none_of = \"x\" } }\nnever = \"hold\"",
            "proved",
        ),
    ];
    for (lines, expected) in cases {
        let text = format!("format = 1\n[[prove]]\nname = \"x\"\n{lines}");
        let statement = statements(&Source::new("cases.toml", text)).unwrap().remove(0);
        let found = match proof(&statement, &set).outcome {
            Outcome::Proved => "proved",
            Outcome::Refuted(example) => {
                assert!(statement.claim.is_broken_by(&set.decide(&example.facts)), "{lines}");
                "refuted"
            }
            Outcome::Empty => "empty",
            _ => "undecided",
        };
        assert_eq!(found, expected, "{lines}");
    }
    let mut few = Bounds::default();
    few.paths = 10;
    let Outcome::Undecided(reason) = prove(&invariant("never-fails"), &set, Levels::default(), &few).outcome else {
        panic!("ten paths are not all")
    };
    assert_eq!(reason, "there are more than 10 paths");
}

/// After a failure the settings decide, which cannot allow; so that is the only thing that is still certain.
#[test]
fn a_failure_is_any_decision_but_allow() {
    let set = load(&Source::new("a.rhai", "fn on_message(m) { if m.score == 13 { throw \"x\" } drop(\"x\") }"));
    for (claim, holds) in [("never = \"allow\"", true), ("never = \"hold\"", false), ("always = \"drop\"", false)] {
        let text = format!("format = 1\n[[prove]]\nname = \"x\"\nwhen = {{ kind = \"message\" }}\n{claim}");
        let statement = statements(&Source::new("cases.toml", text)).unwrap().remove(0);
        assert_eq!(proof(&statement, &set).outcome == Outcome::Proved, holds, "{claim}");
    }
}

#[test]
fn a_survey_says_what_each_file_can_still_decide() {
    let chain = [
        Source::new(
            "first.rhai",
            "fn on_message(m) { if m.sender_blocked { drop(\"blocked\") } if m.unread { hold(\"?\") } }",
        ),
        Source::new(
            "second.rhai",
            "fn on_message(m) { if m.sender_blocked || m.unread { allow() } if m.score == 7 { throw 1 } next() }",
        ),
        Source::new(
            "third.rhai",
            "fn on_message(m) { drop(\"all\") }\nfn on_reply(r) { if r.suspect { hold(\"x\") } }",
        ),
        Source::new("last.rhai", "fn on_message(m) { allow() }"),
    ];
    let set = PolicySet::load(&chain, Limits::default()).unwrap().set;
    let surveys = survey(&set, Levels::default(), &Bounds::default());
    let said: Vec<(&str, &str, Vec<Decision>, bool, bool)> = surveys
        .iter()
        .flat_map(|survey| {
            survey.passages.iter().map(|passage| {
                let decisions = passage.decisions.clone();
                (survey.kind.name(), &*passage.policy, decisions, passage.passes_on, passage.fails)
            })
        })
        .collect();
    let expected = [
        ("message", "first.rhai", vec![Decision::Drop, Decision::Hold], true, false),
        ("message", "second.rhai", vec![], true, true),
        ("message", "third.rhai", vec![Decision::Drop], false, false),
        ("message", "last.rhai", vec![], false, false),
        ("reply", "third.rhai", vec![Decision::Hold], true, false),
    ];
    assert_eq!(said, expected);
    assert_eq!(surveys.iter().map(|survey| survey.undecided).collect::<Vec<_>>(), [0, 1]);
    for passage in surveys.iter().flat_map(|survey| &survey.passages) {
        assert_eq!(passage.paths > 0, passage.dearest.is_some(), "{passage:?}");
        assert_eq!(passage.paths > 0, passage.operations > 0, "{passage:?}");
    }
}

#[test]
fn the_page_about_proofs_says_what_is_true() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/prove.md")).unwrap();
    for statement in invariants() {
        let row = format!("| `{}` | {} |", statement.invariant.unwrap(), statement.name);
        assert!(page.contains(&row), "{row}");
    }
    let block = |language: &str| page.split(&format!("```{language}\n")).nth(1).unwrap().split("```").next().unwrap();
    let own = statements(&Source::new("prove.md", block("toml"))).unwrap();
    let set = load(&starter("personal.rhai"));
    assert_eq!(own.len(), 2);
    for statement in own {
        assert_eq!(proof(&statement, &set).outcome, Outcome::Proved, "{}", statement.name);
    }
    assert_eq!(waivers(&[Source::new("prove.md", block("rhai"))]).unwrap().len(), 1);
}
