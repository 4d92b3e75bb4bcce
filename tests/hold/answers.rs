//! The owner's standing answers to tool calls.

use std::sync::Arc;

use sluicegate::answer::{Answer, AnswerError, Says, What};
use sluicegate::config::Mode;
use sluicegate::store::{Expect, Store, Table, Write};
use sluicegate::verdict::Severity;
use sluicegate::{Decision, Gate};

use super::support::{ASKS, NOW, OWNER, call, gate, memory, settings, with};

fn give(gate: &Gate, says: Says, command: &str) -> sluicegate::answer::AnswerId {
    let what = if command == "*" { What::Everything } else { What::command(command).unwrap() };
    gate.answers().give(&Answer::new(says, what, NOW, OWNER), true).unwrap()
}

fn decides(gate: &Gate, script: &str) -> Decision {
    let arguments = serde_json::json!({ "command": script }).to_string();
    gate.check(&call("bash", &arguments)).decision
}

fn all(gate: &Gate, cases: &[(&str, Decision)]) {
    for (script, decision) in cases {
        assert_eq!(decides(gate, script), *decision, "{script}");
    }
}

use Decision::{Allow, Drop, Hold};

#[test]
fn allow_ls_does_not_allow_ls_and_rm() {
    let gate = gate(&memory());
    give(&gate, Says::Allow, "ls");
    all(
        &gate,
        &[
            ("ls", Allow),
            ("  ls ", Allow),
            ("ls && rm -rf /", Hold),
            ("ls; rm -rf /", Hold),
            ("ls\nrm -rf /", Hold),
            ("ls | sh", Hold),
            ("ls & rm x", Hold),
            ("ls $(rm x)", Hold),
            ("ls > /etc/passwd", Hold),
            ("ls -l", Hold),
            ("lsof", Hold),
            ("/tmp/ls", Hold),
            ("X=1 ls", Hold),
            ("PATH=/tmp ls", Hold),
            ("rm x && ls", Hold),
        ],
    );
    // A chain passes where every part of it is allowed.
    give(&gate, Says::Allow, "pwd");
    all(&gate, &[("ls && pwd", Allow), ("pwd | ls; ls", Allow), ("ls && pwd && rm x", Hold)]);
}

#[test]
fn deny_git_push_force_beats_allow_git_in_any_order() {
    let pair = [(Says::Allow, "git push --force"), (Says::Deny, "git push --force")];
    for order in [pair, [pair[1], pair[0]]] {
        let gate = gate(&memory());
        give(&gate, Says::Allow, "git");
        for (says, command) in order {
            give(&gate, says, command);
        }
        all(
            &gate,
            &[
                ("git", Allow),
                ("git push --force", Drop),
                ("git  push   '--force'", Drop),
                ("git && git push --force", Drop),
                ("cd x; git push --force", Drop),
                // Other words are another command: nobody has answered it.
                ("git push", Hold),
                ("git push --force origin", Hold),
            ],
        );
    }
}

#[test]
fn deny_rm_rf_meets_sudo_rm_rf_and_every_other_way_to_say_the_same() {
    let gate = gate(&memory());
    give(&gate, Says::Deny, "rm -rf /");
    all(
        &gate,
        &[
            ("rm -rf /", Drop),
            ("rm  -rf  /", Drop),
            ("sudo rm -rf /", Drop),
            ("/bin/rm -rf /", Drop),
            ("bash -c 'rm -rf /'", Drop),
            ("echo \"$(rm -rf /)\"", Drop),
            // It is exact all the same: whoever means these has to say so, or leave it to the policy.
            ("rm -fr /", Hold),
            ("rm -rf /home", Hold),
        ],
    );
}

#[test]
fn deny_everything_closes_at_once_whatever_the_policies_say() {
    let store = memory();
    let open = "fn on_tool_call(c) { allow() }\nfn on_message(m) { allow() }";
    let mut observes = settings();
    observes.mode = Mode::Observe;
    let gates = [with(&store, open, settings()), with(&store, ASKS, observes)];
    let id = give(&gates[0], Says::Deny, "*");
    for gate in &gates {
        assert_eq!(decides(gate, "ls"), Drop);
        assert_eq!(gate.check(&super::support::message("hello")).decision, Allow, "only tool calls are closed");
    }
    gates[1].answers().revoke(&id, &OWNER, NOW).unwrap();
    assert_eq!(decides(&gates[0], "ls"), Allow);
}

#[test]
fn allow_everything_has_to_be_meant_and_warns_each_time() {
    let gate = gate(&memory());
    let everything = Answer::new(Says::Allow, What::Everything, NOW, OWNER);
    assert_eq!(gate.answers().give(&everything, false), Err(AnswerError::Danger));
    assert_eq!(decides(&gate, "ls"), Hold);
    gate.answers().give(&everything, true).unwrap();
    for _ in 0..2 {
        let verdict = gate.check(&call("anything", "{}"));
        assert_eq!((verdict.decision, verdict.degraded.len()), (Allow, 1));
        assert_eq!((verdict.degraded[0].station, verdict.degraded[0].severity), ("answer", Severity::Partial));
    }
    give(&gate, Says::Deny, "rm x");
    assert_eq!(decides(&gate, "rm x"), Drop, "deny comes before it too");
}

#[test]
fn an_answer_is_for_whom_and_for_how_long_the_owner_said() {
    let gate = gate(&memory());
    let person = |id: &str| sluicegate::sender::person("WhatsApp", None, id).unwrap();
    let ls = || Answer::new(Says::Allow, What::command("ls").unwrap(), NOW, OWNER);
    gate.answers().give(&ls().sender(person("+15550100102")), false).unwrap();
    assert_eq!(decides(&gate, "ls"), Hold, "that was somebody else");
    let mine = gate.answers().give(&ls().sender(person("+15550100101")).until(NOW + 1), false).unwrap();
    assert_eq!(decides(&gate, "ls"), Allow);
    gate.answers().revoke(&mine, &OWNER, NOW).unwrap();
    assert_eq!(decides(&gate, "ls"), Hold);
    assert_eq!(gate.answers().revoke(&mine, &OWNER, NOW), Err(AnswerError::Unknown(mine)));
    gate.answers().give(&ls().until(NOW), false).unwrap();
    assert_eq!(decides(&gate, "ls"), Hold, "its time is over");
    // On one account is not on another.
    let main = sluicegate::sender::person("whatsapp", Some("main"), "+15550100101").unwrap();
    gate.answers()
        .give(&Answer::new(Says::Deny, What::command("pwd").unwrap(), NOW, OWNER).sender(main), false)
        .unwrap();
    let pwd = call("bash", r#"{"command":"pwd"}"#);
    assert_eq!((gate.check(&pwd).decision, gate.check(&pwd.clone().account("main")).decision), (Hold, Drop));
    // Whom the owner has not approved is helped by no answer.
    give(&gate, Says::Allow, "ls");
    let stranger = call("bash", r#"{"command":"ls"}"#).sender("+1 555 010-0199");
    assert_eq!((decides(&gate, "ls"), gate.check(&stranger).decision), (Allow, Hold));
}

#[test]
fn a_whole_call_is_answered_to_the_last_digit() {
    let gate = gate(&memory());
    let event = call("pay", r#"{"to":"baker","amount":1.50}"#);
    let what = What::call(event.tool.as_ref().unwrap());
    gate.answers().give(&Answer::new(Says::Allow, what, NOW, OWNER), false).unwrap();
    let cases = [
        ("pay", r#"{ "amount": 1.50, "to": "baker" }"#, Allow),
        ("pay", r#"{"to":"baker","amount":1.5}"#, Hold),
        ("pay", r#"{"to":"baker","amount":1.50,"x":1}"#, Hold),
        ("pay", r#"{"to":"bakers","amount":1.50}"#, Hold),
        ("Pay", r#"{"to":"baker","amount":1.50}"#, Hold),
    ];
    for (tool, arguments, decision) in cases {
        assert_eq!(gate.check(&call(tool, arguments)).decision, decision, "{tool} {arguments}");
    }
}

#[test]
fn answers_that_cannot_be_read_close_the_gate_to_tool_calls() {
    let store = memory();
    let gate = with(&store, "fn on_tool_call(c) { allow() }\nfn on_message(m) { allow() }", settings());
    assert_eq!(decides(&gate, "ls"), Allow);
    let garbage = |value| Write { table: Table::Answer, key: vec![7; 16], expect: Expect::Anything, value };
    let _ = store.commit(&[garbage(Some(vec![1, 2, 3]))]).unwrap();
    // What is denied is not known any more.
    let verdict = gate.check(&call("bash", r#"{"command":"ls"}"#));
    assert_eq!((verdict.decision, verdict.degraded[0].severity), (Hold, Severity::Failed));
    assert_eq!(gate.check(&super::support::message("hello")).decision, Allow);
    let _ = store.commit(&[garbage(None)]).unwrap();
    assert_eq!(decides(&gate, "ls"), Allow);
}

#[test]
fn an_answer_given_elsewhere_is_heard_here() {
    let store: Arc<dyn Store> = memory();
    let (here, there) = (gate(&store), gate(&store));
    give(&there, Says::Allow, "ls");
    assert_eq!(decides(&here, "ls"), Allow);
    assert_eq!(here.answers().list().unwrap().len(), 1);
    assert_eq!(decides(&gate(&store), "ls"), Allow, "and after a new start");
}
