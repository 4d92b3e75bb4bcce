//! The people whom the owner knows, over HTTP.

use serde_json::{Value, json};
use sluicegate::Gate;

use super::support::{Sidecar, message};

#[test]
fn the_owner_says_over_http_whom_the_gate_lets_in() {
    let sidecar = Sidecar::start();
    let asks = |text: &str| sidecar.post("/v1/check", &message("+1 (555) 010-0144", text)).body["reason"].clone();
    assert_eq!(asks("hello"), "unknown sender");
    sidecar.prove_owner();
    let knocked = sidecar.as_owner("GET", "/v1/senders/knocked", &Value::Null);
    assert_eq!(knocked.body["strangers"][0]["who"]["id"], "+15550100144", "{knocked:?}");
    let says = |what: &str, more: Value| {
        let mut body = json!({"channel": "WhatsApp", "id": "+1 555 010-0144"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = sidecar.as_owner("POST", &format!("/v1/senders/{what}"), &body);
        (answer.status, answer.body["before"].clone(), answer.body["after"].clone(), answer)
    };
    let approved = says("approve", json!({"capabilities": ["chat", "files"], "name": "Ann"}));
    assert_eq!((approved.0, &approved.1, &approved.2), (200, &json!("unknown"), &json!("approved")));
    assert_eq!(asks("hello"), "", "a change counts from the next event on");
    let listed = sidecar.as_owner("GET", "/v1/senders?standing=approved", &Value::Null);
    let ann = &listed.body["senders"][0];
    assert_eq!((&ann["name"], &ann["capabilities"]), (&json!("Ann"), &json!(["chat", "files"])));
    let one = sidecar.as_owner("GET", "/v1/senders?channel=whatsapp&id=%2B1-555-010-0144", &Value::Null);
    assert_eq!(one.body["senders"].as_array().unwrap().len(), 1);
    assert_eq!(sidecar.as_owner("GET", "/v1/senders?standing=blocked", &Value::Null).body, json!({"senders": []}));
    assert_eq!(says("note", json!({"note": "from the club"})).0, 200);
    assert_eq!(says("capabilities", json!({"capabilities": []})).0, 200);
    let blocked = says("block", json!({}));
    assert_eq!((blocked.0, &blocked.2), (200, &json!("blocked")));
    assert_eq!(asks("hello"), "blocked sender");
    let over = says("approve", json!({}));
    assert_eq!(over.3.refusal(), (409, "the person is blocked: unblock first"));
    assert_eq!(says("unblock", json!({})).2, "unknown");
    assert_eq!(says("revoke", json!({})).0, 409);
    assert_eq!(says("praise", json!({})).0, 404);
    for body in [json!({"channel": "whatsapp"}), json!({"channel": "whatsapp", "id": "*"}), json!([])] {
        assert_eq!(sidecar.as_owner("POST", "/v1/senders/block", &body).refusal().0, 400, "{body}");
    }
    let unknown_key = json!({"channel": "whatsapp", "id": "+15550100144", "capability": ["admin"]});
    assert_eq!(sidecar.as_owner("POST", "/v1/senders/approve", &unknown_key).refusal().0, 400, "nothing is guessed");
    assert_eq!(says("approve", json!({"name": "a".repeat(201)})).0, 400);
    assert_eq!(asks("hello"), "unknown sender", "and nobody was approved");
    // What is forgotten takes nothing away.
    for what in ["capabilities", "name", "note"] {
        assert_eq!(says(what, json!({})).0, 400, "{what}");
    }
    for query in ["?standing=friendly", "?id=1", "?who=x"] {
        assert_eq!(sidecar.as_owner("GET", &format!("/v1/senders{query}"), &Value::Null).refusal().0, 400, "{query}");
    }
}

#[test]
fn who_may_only_check_learns_of_nobody() {
    let sidecar = Sidecar::with("", Gate::builder());
    let body = json!({"channel": "whatsapp", "id": "+15550100144"});
    let needed = "the owner's secret is needed once: POST it to /v1/owner with this token";
    for (method, path) in [("GET", "/v1/senders"), ("GET", "/v1/senders/knocked"), ("POST", "/v1/senders/approve")] {
        assert_eq!(sidecar.as_gateway(method, path, &body).refusal(), (403, "this token may not do that"), "{path}");
        assert_eq!(sidecar.as_owner(method, path, &body).refusal(), (403, needed), "{path}");
        assert_eq!(sidecar.ask(method, path, &[], "").refusal().0, 401, "{path}");
    }
}

/// Regression: what was taken back for every account stayed where it had been given for one, as by pairing.
#[test]
fn what_is_taken_back_for_every_account_is_taken_back_for_each() {
    let sidecar = Sidecar::start();
    sidecar.prove_owner();
    let says = |what: &str, more: Value| {
        let mut body = json!({"channel": "telegram", "id": "777"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sidecar.as_owner("POST", &format!("/v1/senders/{what}"), &body)
    };
    let decision = || {
        let event = json!({"channel": "telegram", "account": "main", "sender": {"id": "777"}, "text": "hello"});
        sidecar.post("/v1/check", &event).body["decision"].clone()
    };
    says("approve", json!({"account": "main", "capabilities": ["chat", "files"]}));
    says("approve", json!({"capabilities": ["chat", "files"]}));
    assert_eq!(decision(), "allow");
    let which = says("capabilities", json!({"capabilities": []}));
    assert_eq!(which.refusal(), (409, "the person is known for several accounts: say which"));
    // Approving again with a name takes nothing away, and gives nothing.
    assert_eq!(says("approve", json!({"name": "Bo"})).status, 200);
    let listed = sidecar.as_owner("GET", "/v1/senders?standing=approved", &Value::Null).body;
    let bo = listed["senders"].as_array().unwrap().iter().find(|it| it["name"] == "Bo").unwrap();
    assert_eq!(bo["capabilities"], json!(["chat", "files"]));
    assert_eq!(says("revoke", json!({})).body["after"], "unknown");
    assert_eq!(decision(), "drop");
}
