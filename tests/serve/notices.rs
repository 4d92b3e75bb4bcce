//! How the owner is told what waits.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::channel;

use serde_json::{Value, json};
use sluicegate::gate::Release;
use sluicegate::store::Actor;

use super::holds::asks;
use super::support::{NOON, Sidecar, message};

/// Takes one request and answers it; gives its head and body.
fn served(listener: &TcpListener, status: &str) -> (String, Value) {
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "cut off after {head}");
    }
    let head = head.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    reader.get_mut().write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()).unwrap();
    (head, serde_json::from_slice(&body).unwrap())
}

#[test]
fn what_waits_is_posted_on_loopback_until_it_is_taken() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let sidecar = Sidecar::with(&format!("[notify]\nwebhook = \"http://{address}/notices\"\n"), asks());
    let held = sidecar.post("/v1/check", &message("+15550100101", "a text that stays private"));
    let (head, refused) = served(&listener, "503 Service Unavailable");
    assert!(
        head.starts_with("post /notices http/1.1\r\n") && head.contains("content-type: application/json"),
        "{head}"
    );
    let (_, told) = served(&listener, "204 No Content");
    assert_eq!(refused, told, "tried again");
    assert_eq!(told["hold"], held.body["hold"]["id"]);
    let text = told["text"].as_str().unwrap();
    assert!(text.starts_with("held: message from ") && !told.to_string().contains("private"), "{text}");
    // Nothing is told of what passes: the next thing heard is the next that is held.
    assert_eq!(sidecar.post("/v1/check", &json!({"kind": "reply", "text": "hello"})).body["decision"], "allow");
    let next = sidecar.post("/v1/check", &message("+15550100101", "another text"));
    let (_, told) = served(&listener, "204 No Content");
    assert_eq!(told["hold"], next.body["hold"]["id"]);
}

/// Regression: what was used, and put to the owner anew within a minute, was not told.
#[test]
fn the_same_hold_is_told_once_and_again_when_it_is_put_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let sidecar = Sidecar::with(&format!("[notify]\nwebhook = \"http://{address}/\"\n"), asks());
    let held = |name: &str, at: u64| {
        let event = json!({"id": name, "at": at, "channel": "whatsapp", "sender": {"id": "+15550100101"}, "text": "?"});
        sidecar.post("/v1/check", &event).body["hold"]["id"].clone()
    };
    let told = || served(&listener, "204 No Content").1["hold"].clone();
    let first = held("m1", NOON);
    assert_eq!(told(), first);
    assert_eq!(held("m1", NOON), first, "it is sent again");
    let second = held("m2", NOON);
    assert_eq!(told(), second, "and not told again");
    let id = sidecar.gate.holds().id(first.as_str().unwrap()).unwrap();
    sidecar.gate.approve(&id, &Actor::OwnerAtTerminal, NOON).unwrap().1.unwrap();
    let Release::Released(released) = sidecar.gate.release(&id, NOON).unwrap() else { panic!("it was approved") };
    sidecar.gate.redeem(&released.token, &released.event.digest(), NOON).unwrap();
    assert_eq!((held("m1", NOON + 1_000), told()), (first.clone(), first));
}

#[test]
#[cfg(unix)]
fn what_waits_is_handed_to_a_program_at_its_standard_input() {
    let file = std::env::temp_dir().join(format!("sluicegate-notice-{}", std::process::id()));
    let _ = std::fs::remove_file(&file);
    // The name appears when all of it is written.
    let script = format!("cat > {0}.new && mv {0}.new {0}", file.display());
    let command = json!(["sh", "-c", script]);
    let sidecar = Sidecar::with(&format!("[notify]\ncommand = {command}\n"), asks());
    let held = sidecar.post("/v1/check", &message("+15550100101", "private"));
    // Whoever stops the sidecar waits for what is still to be delivered.
    drop(sidecar);
    let told = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let id = held.body["hold"]["id"].as_str().unwrap();
    assert!(told.starts_with("held: message from ") && told.contains(id) && !told.contains("private"), "{told}");
}

#[test]
fn a_program_that_is_not_there_is_told_and_holds_nothing_up() {
    let (told, faults) = channel();
    let more = "[notify]\ncommand = [\"/nowhere/program\"]\n";
    let sidecar = Sidecar::telling(more, asks(), move |fault| told.send(fault.to_owned()).unwrap());
    let held = sidecar.post("/v1/check", &message("+15550100101", "private"));
    assert_eq!(held.body["decision"], "hold");
    let fault = faults.recv().unwrap();
    assert!(fault.contains("`notify.command`: it cannot be started") && !fault.contains("private"), "{fault}");
}
