//! What is not answered, and how it is told.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use serde_json::json;
use sluicegate::Gate;
use sluicegate::config::Settings;
use sluicegate::keys::Keys;
use sluicegate::serve::Server;

use super::support::{Answer, NOON, SETTINGS, Sidecar, message};

#[test]
fn whoever_may_not_ask_learns_nothing() {
    let sidecar = Sidecar::start();
    let bearer = |token: &str| format!("Bearer {token}");
    let (right, powerless) = (bearer(&sidecar.token), bearer(&sidecar.powerless));
    let (forged, basic) = (bearer(&format!("{}A", sidecar.token)), format!("Basic {}", sidecar.token));
    let json = ("content-type", "application/json");
    let body = message("+15550100101", "hello").to_string();
    type Case<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, u16);
    let cases: Vec<Case> = vec![
        ("POST", "/v1/check", vec![json], 401),
        ("POST", "/v1/check", vec![json, ("authorization", &forged)], 401),
        ("POST", "/v1/check", vec![json, ("authorization", &basic)], 401),
        ("POST", "/v1/check", vec![json, ("authorization", "Bearer \u{fffd}")], 401),
        ("POST", "/v1/check", vec![json, ("authorization", &powerless)], 403),
        ("POST", "/v1/check", vec![("authorization", &right)], 415),
        ("POST", "/v1/check", vec![("authorization", &right), ("content-type", "text/plain")], 415),
        ("POST", "/v1/check", vec![json, ("authorization", &right), ("host", "evil.example")], 421),
        ("POST", "/v1/check", vec![json, ("authorization", &right), ("host", "localhost.evil.example:8787")], 421),
        (
            "POST",
            "/v1/check",
            vec![json, ("authorization", &right), ("host", "localhost"), ("host", "evil.example")],
            421,
        ),
        ("GET", "/v1/check", vec![("authorization", &right)], 405),
        ("DELETE", "/v1/status", vec![("authorization", &right)], 405),
        ("GET", "/v1/status", vec![], 401),
        ("GET", "/metrics", vec![], 401),
        ("GET", "/../etc/passwd", vec![("authorization", &right)], 404),
        ("GET", "/v1/CHECK", vec![("authorization", &right)], 404),
    ];
    for (method, path, headers, status) in cases {
        let answer = sidecar.ask(method, path, &headers, &body);
        assert_eq!(answer.refusal().0, status, "{method} {path} {headers:?}: {answer:?}");
    }
    let open = sidecar.ask("GET", "/healthz", &[], "");
    assert_eq!((open.status, open.body), (200, json!({"status": "ok"})));
    let answer = sidecar.ask("POST", "/v1/check", &[json, ("x-api-key", &sidecar.token)], &body);
    assert_eq!(answer.status, 200, "the header that LiteLLM sends");
}

#[test]
fn the_guardrail_is_told_an_action_whatever_goes_wrong() {
    let sidecar = Sidecar::start();
    let plain = ("content-type", "application/json");
    let path = "/beta/litellm_basic_guardrail_api";
    let token = sidecar.token.as_str();
    for (headers, body, status) in [
        (vec![plain], "{}", 401),
        (vec![plain, ("x-api-key", token)], "{", 400),
        (vec![("x-api-key", token)], "{}", 415),
    ] {
        let answer = sidecar.ask("POST", path, &headers, body);
        assert_eq!((answer.status, &answer.body["action"]), (status, &json!("BLOCKED")), "{answer:?}");
    }
}

#[test]
fn bodies_that_are_none_are_refused() {
    let sidecar = Sidecar::start();
    let bearer = format!("Bearer {}", sidecar.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let long = format!(r#"{{"text":"{}"}}"#, "a".repeat(100_000));
    for (body, status) in
        [("", 400), ("{", 400), ("[{}", 400), ("7", 400), ("null", 400), ("{}{}", 400), (long.as_str(), 413)]
    {
        let answer = sidecar.ask("POST", "/v1/check", &headers, body);
        assert_eq!(answer.refusal().0, status, "{}", &body[..body.len().min(20)]);
    }
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(4_096));
    let bomb = format!(
        "POST /v1/check HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: {bearer}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{}",
        chunk.repeat(30)
    );
    assert_eq!(Answer::read(&sidecar.raw(bomb.as_bytes())).refusal().0, 413, "chunks without end");
}

#[test]
fn who_is_slow_or_floods_is_cut_off_and_others_are_answered() {
    let sidecar = Sidecar::hasty();
    let flood = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "x: y\r\n".repeat(1_000));
    assert_eq!(Answer::read(&sidecar.raw(flood.as_bytes())).status, 431, "header fields without end");
    // A head that never ends, a body that never comes.
    let mut never_ends = sidecar.connect();
    never_ends.write_all(b"POST /v1/check HTTP/1.1\r\nhost: localhost\r\nx-").unwrap();
    let bearer = &sidecar.token;
    let mut never_comes = sidecar.connect();
    // One that is known keeps its place.
    let status = format!("GET /v1/status HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {bearer}\r\n\r\n");
    never_comes.write_all(status.as_bytes()).unwrap();
    let mut told = vec![0; 4_096];
    assert!(never_comes.read(&mut told).unwrap() > 0);
    let head = format!(
        "POST /v1/check HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {bearer}\r\n\
         content-type: application/json\r\ncontent-length: 50\r\n\r\n{{"
    );
    never_comes.write_all(head.as_bytes()).unwrap();
    // More connections than there may be.
    let idle: Vec<TcpStream> = (0..500).map(|_| sidecar.connect()).collect();
    drop(idle);

    let mut told = String::new();
    never_comes.read_to_string(&mut told).unwrap();
    assert_eq!(Answer::read(&told).refusal(), (408, "the body did not come in time"));
    let mut rest = Vec::new();
    let _ = never_ends.read_to_end(&mut rest);
    assert!(Answer::read(&String::from_utf8_lossy(&rest)).status != 200);
    // The places of the connections that were closed are free again, sooner or later.
    let answered = (0..1_000).any(|_| sidecar.post("/v1/check", &message("+15550100101", "hello")).status == 200);
    assert!(answered, "nobody is answered any more");
}

#[test]
fn too_much_at_once_is_answered_closed() {
    let sidecar = Sidecar::start();
    let mut waiting = sidecar.occupied(8);
    // A reply counts towards nobody's rate. The eight may not all have been read yet, or one of them came while this one was
    // answered, and was refused itself.
    let reply = json!({"kind": "reply", "text": "hello"});
    let mut verdict = sidecar.post("/v1/check", &reply);
    for _ in 0..40 {
        if verdict.body["decision"] == "drop" {
            break;
        }
        waiting.extend(sidecar.occupied(1));
        verdict = sidecar.post("/v1/check", &reply);
    }
    assert_eq!((verdict.status, &verdict.body["reason"]), (200, &json!("too many events at once")));
    assert_eq!(verdict.body["degraded"][0]["severity"], "failed");
    let bearer = format!("Bearer {}", sidecar.token);
    let other = sidecar.ask("GET", "/v1/status", &[("authorization", &bearer)], "");
    assert_eq!(other.refusal(), (503, "too many requests at once"));
    drop(waiting);
}

/// Regression: four megabytes of `[7,7,…` were answered by more than a gigabyte, and as much was written to the log.
#[test]
fn a_list_has_an_end() {
    let sidecar = Sidecar::start();
    for path in ["/v1/check", "/v1/detect"] {
        let list = |count: usize| sidecar.post(path, &json!(vec![7; count]));
        let most = list(1_000);
        assert_eq!((most.status, most.body.as_array().map(Vec::len)), (200, Some(1_000)), "{path}");
        assert_eq!(list(1_001).refusal(), (413, "too many in one request"), "{path}");
        assert_eq!(list(40_000).refusal(), (413, "too many in one request"), "{path}");
        assert_eq!(list(0).body, json!([]));
    }
}

/// Regression: a list of the values of an object was taken for the object.
#[test]
fn a_list_is_no_object() {
    let sidecar = Sidecar::start();
    let event = message("+15550100101", "hello");
    for (path, body) in
        [("/v1/holds/redeem", json!(["token", event])), ("/beta/litellm_basic_guardrail_api", json!(["request"]))]
    {
        assert_eq!(sidecar.post(path, &body).status, 400, "{path}");
    }
    assert_eq!(sidecar.as_owner("POST", "/v1/owner", &json!(["some words by chance"])).refusal().0, 400);
    assert!(sidecar.post("/v1/detect", &json!([["id", "text"]])).body[0]["error"].is_string());
}

/// Regression: who keeps the process alive was told that it is busy, and would have killed it.
#[test]
fn health_is_told_however_much_is_asked() {
    let sidecar = Sidecar::start();
    let _busy = sidecar.occupied(16);
    for path in ["/healthz", "/readyz", "/v1/openapi.json"] {
        assert_eq!(sidecar.ask("GET", path, &[], "").status, 200, "{path}");
    }
}

/// More connections than there may be, from a crowd that shows no token: who shows one is answered at once, over the connection
/// that there is and over a new one.
#[test]
fn a_crowd_that_says_nothing_keeps_nobody_out() {
    let sidecar = Sidecar::start();
    let mut known = sidecar.connect();
    let head = format!("GET /v1/status HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n", sidecar.token);
    // The whole of an answer, so that the next one read is the next one given.
    let mut ask = || {
        known.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        loop {
            let mut byte = [0];
            known.read_exact(&mut byte).unwrap();
            answer.push(byte[0]);
            let text = String::from_utf8_lossy(&answer).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.to_ascii_lowercase().split("content-length: ").nth(1).unwrap().to_owned();
                if body.len() == length.split("\r\n").next().unwrap().parse::<usize>().unwrap() {
                    break;
                }
            }
        }
        String::from_utf8_lossy(&answer[..12]).into_owned()
    };
    assert_eq!(ask(), "HTTP/1.1 200");
    let crowd: Vec<TcpStream> = (0..500).map(|_| sidecar.connect()).collect();
    assert_eq!(sidecar.post("/v1/check", &message("+15550100101", "hello")).status, 200);
    assert_eq!(ask(), "HTTP/1.1 200", "and the connection that there was is kept");
    drop(crowd);
}

#[test]
fn what_would_be_open_to_others_is_not_opened() {
    let keys = Keys::new(std::array::from_fn(|index| index as u8)).unwrap();
    let with = |key: &str, value: &str| {
        let text = SETTINGS.replace("read_seconds = 60\n", &format!("read_seconds = 60\n{key} = {value}\n"));
        let text = if key == "listen" { text.replacen("listen = [\"127.0.0.1:0\"]\n", "", 1) } else { text };
        let settings = Settings::parse("sluicegate.toml", &text).unwrap();
        let gate = Arc::new(Gate::builder().build().unwrap());
        Server::bind(gate, &settings, &keys, || NOON).err().map(|error| error.to_string())
    };
    let cases = [
        ("listen", r#"["0.0.0.0:0"]"#, "can be reached from other machines"),
        ("listen", r#"["[::]:0"]"#, "can be reached from other machines"),
        ("listen", "[]", "nothing to listen at"),
        ("tls_certificate", r#""/nowhere/cert.pem""#, "needs both"),
        ("socket", r#""/""#, "no socket"),
    ];
    for (key, value, part) in cases {
        let error = with(key, value).expect(value);
        assert!(error.contains(part), "{key} = {value}: {error}");
    }
    assert_eq!(with("hosts", "[]"), None);
}
