//! Holds and standing answers at the command line, on the file that a gateway works on.
#![cfg(unix)]

use std::path::Path;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use sluicegate::gate::Gate;
use sluicegate::keys::Keys;
use sluicegate::{Decision, Event, Json};

use crate::support::{Folder, Run, command, with_secret};

const SETTINGS: &str = "format = 1\npolicies = [\"p.rhai\"]\nrules = [\"r.toml\"]\nkey = \"sluicegate.key\"\n[detect]\nmodel = false\n\
    [store]\nfile = \"sluicegate.db\"\n[[sender]]\nchannel = \"whatsapp\"\nid = \"+1 555 010-0101\"\nstanding = \"approved\"\n";
const RULES: &str = "format = 1\n[[rule]]\nid = \"custom.word\"\ncategory = \"custom\"\npoints = 8\nclass = \"artifact\"\n\
                     scope = [\"text\"]\nphrases = [\"magic elephant\"]\n";
const POLICY: &str = "fn on_message(m) { if m.approved { allow() } hold(\"ask me\") }\n\
    fn on_tool_call(c) { if c.answered_deny { drop(\"denied for good\") } if c.approved || c.answered_allow { allow() } hold(\"ask me\") }\n";

fn place() -> Folder {
    let folder = Folder::new();
    folder.write("sluicegate.toml", SETTINGS);
    folder.write("p.rhai", POLICY);
    folder.write("r.toml", RULES);
    folder.write("secret", "four words by chance\n");
    Keys::create_file(&folder.path().join("sluicegate.key"), std::array::from_fn(|index| index as u8)).unwrap();
    done(&with_secret(&folder, "owner init --secret-fd 3", ""));
    folder
}

fn done(run: &Run) {
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

/// The gate of a gateway, on the store that its settings name.
fn gateway(folder: &Path) -> Gate {
    Gate::builder().config(folder.join("sluicegate.toml")).live(true).build().unwrap()
}

fn call(script: &str) -> Event {
    let arguments = Json::parse(&serde_json::json!({ "command": script }).to_string()).unwrap();
    Event::tool_call(now(), "bash", arguments).channel("whatsapp").sender("+1 555 010-0101")
}

fn hold(gate: &Gate, event: &Event) -> String {
    let verdict = gate.check(event);
    assert_eq!(verdict.decision, Decision::Hold, "{verdict:?}");
    verdict.hold.expect("it is kept").id
}

fn json(run: &Run) -> Value {
    done(run);
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{}: {error}", run.out))
}

#[test]
fn a_held_tool_call_is_shown_approved_waited_for_and_redeemed_once() {
    let folder = place();
    let gate = gateway(folder.path());
    let event = call("sudo make deploy; echo \u{1b}[2Jhidden\u{202e}");
    let id = hold(&gate, &event);

    let list = folder.run(&["hold", "list"]);
    done(&list);
    assert!(
        list.out.contains(&id)
            && list.out.contains("+1•••0101 on whatsapp")
            && list.out.contains("1 event waits for you")
    );
    assert!(!list.out.contains("deploy"), "a list may be looked at by others: {}", list.out);
    let show = folder.run(&["hold", "show", &id[..8]]);
    done(&show);
    for part in [
        "tool call from +1•••0101",
        "ask me",
        "p.rhai:2",
        "sudo make deploy",
        "make deploy",
        &format!("hold approve {id}"),
    ] {
        assert!(show.out.contains(part), "{part}: {}", show.out);
    }
    assert!(!show.out.contains(['\u{1b}', '\u{202e}']), "nothing steers the screen: {}", show.out);

    // A beginning is no answer, nor is an answer without the owner's secret.
    let short = with_secret(&folder, &format!("hold approve {} --secret-fd 3", &id[..8]), "");
    assert_eq!(short.code, Some(2), "{}", short.err);
    let agent = folder.run(&["hold", "approve", &id]);
    assert_eq!(agent.code, Some(2), "{}{}", agent.out, agent.err);
    let nothing = folder.run(&["hold", "approve"]);
    assert_eq!(nothing.code, Some(2), "there is no last one: {}", nothing.err);

    // The gateway waits in a process of its own, and is woken by the answer that comes from another.
    let waiting = command(folder.path(), &["hold", "wait", &id]).stdout(Stdio::piped()).spawn().unwrap();
    let approved = with_secret(&folder, &format!("hold approve {id} --secret-fd 3"), "");
    done(&approved);
    assert!(approved.out.contains("approved"), "{}", approved.out);
    let output = waiting.wait_with_output().unwrap();
    assert!(output.status.success());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["answer"], &answer["hold"]), (&"allow".into(), &id.clone().into()));
    assert_eq!(
        answer["event"]["tool"]["arguments"]["command"],
        event.tool.as_ref().unwrap().arguments.to_string().parse::<Value>().unwrap()["command"]
    );
    assert_eq!(answer["verdict"]["decision"], "allow");

    let token = answer["token"].as_str().unwrap();
    folder.write("event.json", answer["event"].to_string());
    folder.write("other.json", serde_json::to_string(&call("rm -rf /")).unwrap());
    let other = folder.run(&["hold", "redeem", token, "other.json"]);
    assert_eq!((other.code, other.out.as_str()), (Some(1), ""), "{}", other.err);
    let redeemed = folder.run(&["hold", "redeem", token, "event.json"]);
    assert_eq!(json(&redeemed)["redeemed"], true);
    let again = folder.run(&["hold", "redeem", token, "event.json"]);
    assert_eq!((again.code, again.out.as_str()), (Some(1), ""), "{}", again.err);
    assert!(again.err.contains("used already"), "{}", again.err);
}

#[test]
fn a_denial_needs_no_secret_and_a_wait_ends() {
    let folder = place();
    let gate = gateway(folder.path());
    let id = hold(&gate, &call("ls"));
    assert_eq!(json(&folder.run(&["hold", "wait", &id, "--timeout", "0s"]))["answer"], "waiting");
    done(&folder.run(&["hold", "deny", &id]));
    assert_eq!(json(&folder.run(&["hold", "wait", &id]))["answer"], "deny");
    let late = with_secret(&folder, &format!("hold approve {id} --secret-fd 3"), "");
    assert_eq!(late.code, Some(1));
    assert!(late.err.contains("denied already"), "{}", late.err);
    // Nobody has answered this one, and its ten minutes were over long ago.
    let mut old = call("pwd").sender("+1 555 010-0102");
    old.at = 1_764_000_000_000;
    let old = hold(&gate, &old);
    assert_eq!(json(&folder.run(&["hold", "wait", &old]))["answer"], "expired");
    let all = folder.run(&["hold", "list", "--all", "--json"]);
    let states: Vec<Value> = all.verdicts().iter().map(|row| row["now"].clone()).collect();
    assert_eq!(states, ["expired", "denied"]);
}

#[test]
fn standing_answers_are_given_listed_and_revoked() {
    let folder = place();
    let gate = gateway(folder.path());
    assert_eq!(folder.run(&["answer", "allow", "ls -l"]).code, Some(2), "only the owner allows");
    let allowed = with_secret(&folder, "answer allow 'ls  -l' --for 8h --json --secret-fd 3", "");
    let id = json(&allowed)["id"].as_str().unwrap().to_owned();
    done(&folder.run(&["answer", "deny", "rm -rf /"]));
    // The store tells the gateway; until it has, nothing passes that would not have passed before.
    let answered = |script: &str, decision| {
        (0..600).any(|_| {
            let heard = gate.check(&call(script)).decision == decision;
            if !heard {
                std::thread::park_timeout(std::time::Duration::from_millis(50));
            }
            heard
        })
    };
    assert!(answered("sudo rm -rf /", Decision::Drop));
    assert_eq!(gate.check(&call("ls -l")).decision, Decision::Allow, "it was given before the denial");
    let list = folder.run(&["answer", "list"]);
    done(&list);
    let lines: Vec<&str> = list.out.lines().collect();
    assert!(lines[0].contains("deny   rm -rf /") && lines[1].contains("allow  ls -l  until "), "{}", list.out);
    for (command, why) in [("ls && rm x", "several commands"), ("rm *", "running shell"), ("*", "--danger")] {
        let refused = with_secret(&folder, &format!("answer allow '{command}' --secret-fd 3"), "");
        assert_eq!(refused.code, Some(2), "{command}");
        assert!(refused.err.contains(why), "{command}: {}", refused.err);
    }
    done(&with_secret(&folder, &format!("answer revoke {id} --secret-fd 3"), ""));
    assert!(answered("ls -l", Decision::Hold));
}
