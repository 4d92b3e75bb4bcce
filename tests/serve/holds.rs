//! What waits for the owner, over HTTP: from the verdict to the token that is used up.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};
use sluicegate::Gate;
use sluicegate::diagnostic::Source;
use sluicegate::gate::Builder;

use super::support::{NOON, SECRET, Sidecar, message};

const ASKS: &str = "fn on_message(m) { if m.approved { allow() } hold(\"ask\") }\nfn on_reply(r) { allow() }\n\
    fn on_tool_call(c) { if c.approved { allow() } hold(\"ask\") }\nfn on_tool_result(r) { allow() }\n";

pub fn asks() -> Builder {
    Gate::builder().policies([Source::new("asks.rhai", ASKS)]).rules([])
}

/// Sends a message that is held, and gives its hold and its event.
fn held(sidecar: &Sidecar, text: &str) -> (String, Value) {
    let event = message("+15550100101", text);
    let verdict = sidecar.post("/v1/check", &event);
    assert_eq!(verdict.body["decision"], "hold", "{verdict:?}");
    (verdict.body["hold"]["id"].as_str().unwrap().to_owned(), event)
}

#[test]
fn an_event_is_held_approved_released_and_used_once() {
    let sidecar = Sidecar::with("", asks());
    sidecar.prove_owner();
    let (id, _) = held(&sidecar, "may I?");
    let path = |does: &str| format!("/v1/holds/{id}{does}");
    let early = sidecar.post(&path("/release"), &Value::Null);
    assert_eq!(early.refusal(), (409, "the owner has not answered yet"));
    let shown = sidecar.as_gateway("GET", &path(""), &Value::Null);
    assert_eq!((shown.status, &shown.body["state"], &shown.body["held"]), (200, &json!("waiting"), &Value::Null));
    let whole = sidecar.as_owner("GET", "/v1/holds?state=waiting", &Value::Null);
    assert_eq!(whole.refusal(), (403, "this token may not do that"), "the owner's token lists nothing without `check`");

    let approved = sidecar.as_owner("POST", &path("/approve"), &Value::Null);
    assert_eq!((approved.status, &approved.body["state"]), (200, &json!("approved")));
    let twice = sidecar.as_owner("POST", &path("/deny"), &Value::Null);
    assert_eq!(twice.refusal(), (409, "it was answered before, or its time is up"));
    let waited = sidecar.as_gateway("GET", &path("?wait=60"), &Value::Null);
    assert_eq!(waited.body["state"], "approved", "there is nothing to wait for");
    let released = sidecar.post(&path("/release"), &Value::Null);
    assert_eq!((released.status, &released.body["event"]["text"]), (200, &json!("may I?")));
    let other = json!({"token": released.body["token"], "event": message("+15550100101", "something else")});
    assert_eq!(sidecar.post("/v1/holds/redeem", &other).refusal(), (409, "the token is for another event"));
    let redeem = json!({"token": released.body["token"], "event": released.body["event"]});
    assert_eq!(sidecar.post("/v1/holds/redeem", &redeem).body, json!({"redeemed": true}));
    let again = sidecar.post("/v1/holds/redeem", &redeem);
    assert_eq!(again.refusal(), (409, "it was answered before, or its time is up"));
}

#[test]
fn who_waits_is_woken_by_the_answer() {
    let sidecar = Sidecar::with("", asks());
    sidecar.prove_owner();
    let (id, _) = held(&sidecar, "may I?");
    let mut stream = sidecar.connect();
    // Twenty seconds at most for the answer, where the wait would be sixty.
    stream.write_all(waiting(&sidecar, &id).as_bytes()).unwrap();
    // It does wait: nothing has come while others were answered.
    for _ in 0..20 {
        assert_eq!(sidecar.as_gateway("GET", &format!("/v1/holds/{id}"), &Value::Null).body["state"], "waiting");
    }
    stream.set_nonblocking(true).unwrap();
    assert!(stream.peek(&mut [0]).is_err(), "nobody has answered");
    stream.set_nonblocking(false).unwrap();
    sidecar.as_owner("POST", &format!("/v1/holds/{id}/deny"), &Value::Null);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(r#""state":"denied""#), "{answer}");
}

/// A request that waits for an answer as long as may be.
fn waiting(sidecar: &Sidecar, id: &str) -> String {
    format!(
        "GET /v1/holds/{id}?wait=60 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {}\r\n\r\n",
        sidecar.token
    )
}

#[test]
fn a_call_that_nobody_waits_for_any_more_is_denied_whatever_is_answered_later() {
    let sidecar = Sidecar::with("", asks());
    sidecar.prove_owner();
    let call = json!({"kind": "tool_call", "channel": "whatsapp", "sender": {"id": "+15550100101"},
        "tool": {"name": "exec", "arguments": {"command": "ls"}}});
    let verdict = sidecar.post("/v1/check", &call);
    let id = verdict.body["hold"]["id"].as_str().unwrap();
    let withdrawn = sidecar.post(&format!("/v1/holds/{id}/withdraw"), &Value::Null);
    assert_eq!((withdrawn.status, &withdrawn.body["state"]), (200, &json!("denied")));
    let late = sidecar.as_owner("POST", &format!("/v1/holds/{id}/approve"), &Value::Null);
    assert_eq!(late.refusal(), (409, "it was answered before, or its time is up"));
    // Also what was approved a moment before; but not what is on its way already.
    let (id, _) = held(&sidecar, "may I?");
    sidecar.as_owner("POST", &format!("/v1/holds/{id}/approve"), &Value::Null);
    assert_eq!(sidecar.post(&format!("/v1/holds/{id}/withdraw"), &Value::Null).body["state"], "denied");
    assert_eq!(sidecar.post(&format!("/v1/holds/{id}/release"), &Value::Null).status, 409);
    let (id, _) = held(&sidecar, "and now?");
    sidecar.as_owner("POST", &format!("/v1/holds/{id}/approve"), &Value::Null);
    sidecar.post(&format!("/v1/holds/{id}/release"), &Value::Null);
    assert_eq!(sidecar.post(&format!("/v1/holds/{id}/withdraw"), &Value::Null).status, 409, "it was released");
}

#[test]
fn only_the_owner_answers_and_only_who_may_sees_what_is_held() {
    let sidecar = Sidecar::with("", asks());
    let (id, _) = held(&sidecar, "private");
    let approve = format!("/v1/holds/{id}/approve");
    let needed = "the owner's secret is needed once: POST it to /v1/owner with this token";
    assert_eq!(sidecar.as_owner("POST", &approve, &Value::Null).refusal(), (403, needed));
    assert_eq!(sidecar.post(&approve, &Value::Null).refusal(), (403, "this token may not do that"));
    let unset = sidecar.as_owner("POST", "/v1/owner", &json!({"secret": "some words by chance"}));
    assert_eq!(unset.status, 409);
    sidecar.prove_owner();
    let wrong = sidecar.as_owner("POST", "/v1/owner", &json!({"secret": "other words by chance"}));
    assert_eq!(wrong.refusal(), (403, "this is not the owner's secret, or it is too early to try again"));
    assert_eq!(sidecar.post("/v1/owner", &json!({"secret": "x"})).refusal(), (403, "this token may not do that"));
    let listed = sidecar.as_gateway("GET", "/v1/holds", &Value::Null);
    assert!(!listed.body.to_string().contains("private"), "{listed:?}");
    for (path, status) in [("/v1/holds/12", 400), ("/v1/holds/00000000000000000000000000000000", 404)] {
        assert_eq!(sidecar.as_gateway("GET", path, &Value::Null).refusal().0, status, "{path}");
    }
    for path in
        ["/v1/holds?wait=soon", "/v1/holds?wait=61", "/v1/holds?state=approvd", "/v1/holds?stat=used", "/v1/holds/%ff"]
    {
        let answer = sidecar.as_gateway("GET", path, &Value::Null);
        assert_eq!(answer.refusal(), (400, "path or query are not what is expected here"), "{path}");
    }
}

/// Regression: who waits kept a thread and a place each, so the owner could not answer, and who had gone away was waited for.
#[test]
fn who_waits_is_in_nobodys_way() {
    let sidecar = Sidecar::with("", asks());
    sidecar.prove_owner();
    let (id, _) = held(&sidecar, "may I?");
    let wait = waiting(&sidecar, &id);
    // All who may wait do, and as many have asked and gone away.
    for kept in [false, true] {
        let who_wait: Vec<TcpStream> = (0..100)
            .map(|_| {
                let mut stream = sidecar.connect();
                stream.write_all(wait.as_bytes()).unwrap();
                stream
            })
            .collect();
        let long = json!({"channel": "whatsapp", "sender": {"id": "+15550100101"}, "text": "a".repeat(40_000)});
        assert_eq!(sidecar.post("/v1/check", &long).status, 200, "what needs a thread has one");
        if kept {
            assert_eq!(sidecar.as_owner("POST", &format!("/v1/holds/{id}/approve"), &Value::Null).status, 200);
            for mut stream in who_wait {
                let mut answer = [0; 12];
                stream.read_exact(&mut answer).unwrap();
                assert_eq!(&answer, b"HTTP/1.1 200", "and all of them are told");
            }
        }
    }
}

/// Regression: what had lapsed was `expired` outside and `waiting` inside.
#[test]
fn what_has_lapsed_is_told_so_throughout() {
    let more = "[[serve.token]]\nname = \"app\"\nscopes = [\"check\", \"approve\"]\n";
    let policy = "fn on_message(m) { hold(\"ask\", #{expires: \"1s\"}) }\nfn on_reply(r) { allow() }\n\
        fn on_tool_call(c) { allow() }\nfn on_tool_result(r) { allow() }\n";
    let sidecar = Sidecar::with(more, Gate::builder().policies([Source::new("asks.rhai", policy)]).rules([]));
    sidecar.prove_owner();
    let event = json!({"channel": "whatsapp", "sender": {"id": "+15550100101"}, "text": "may I?", "at": NOON - 5_000});
    let verdict = sidecar.post("/v1/check", &event);
    let id = verdict.body["hold"]["id"].as_str().unwrap();
    sidecar.as_app("POST", "/v1/owner", &json!({"secret": SECRET}));
    let shown = sidecar.as_app("GET", &format!("/v1/holds/{id}"), &Value::Null).body;
    let held = &shown["held"];
    assert_eq!((&shown["state"], &held["state"]["is"]), (&json!("expired"), &json!("expired")), "{shown}");
    assert_eq!((&held["reason"], &held["event"]), (&json!("ask"), &Value::Null));
}
