//! A sidecar that runs, and a client that speaks to it byte by byte.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use sluicegate::Gate;
use sluicegate::config::Settings;
use sluicegate::gate::Builder;
use sluicegate::keys::{Cost, Keys, OwnerSecret};
use sluicegate::serve::{ServeError, Server, Stopper, Tokens};

pub const NOON: u64 = 1_764_000_000_000;
pub const SETTINGS: &str = r#"format = 1
[[sender]]
channel = "whatsapp"
id = "+1 555 010-0101"
standing = "approved"
[[sender]]
channel = "whatsapp"
id = "+1 555 010-0199"
standing = "blocked"
[serve]
listen = ["127.0.0.1:0"]
tick_ms = 1
body_bytes = 100000
read_seconds = 60
connections = 200
requests = 8
[[serve.token]]
name = "gateway"
scopes = ["check"]
[[serve.token]]
name = "nothing"
scopes = []
[[serve.token]]
name = "owner"
scopes = ["approve", "admin"]
"#;
pub const SECRET: &str = "four words by chance";

/// A sidecar that runs until it is dropped.
pub struct Sidecar {
    pub gate: Arc<Gate>,
    tokens: Tokens,
    pub address: SocketAddr,
    pub token: String,
    pub powerless: String,
    pub owner: String,
    stopper: Stopper,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Sidecar {
    pub fn start() -> Self {
        Self::with("", Gate::builder())
    }

    /// One whose settings have these lines too, with a gate that is built of them and of what `builder` has.
    pub fn with(more: &str, builder: Builder) -> Self {
        Self::telling(more, builder, |_| {})
    }

    /// One that waits a second for what a client has begun to send, and not a minute.
    pub fn hasty() -> Self {
        Self::by(&SETTINGS.replace("read_seconds = 60", "read_seconds = 1"), Gate::builder(), |_| {})
    }

    /// The same as [`with`](Self::with), with somebody who hears of faults.
    pub fn telling(more: &str, builder: Builder, fault: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self::by(&format!("{SETTINGS}{more}"), builder, fault)
    }

    fn by(settings: &str, builder: Builder, fault: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let keys = Keys::new(std::array::from_fn(|index| index as u8)).unwrap();
        let settings = Settings::parse("sluicegate.toml", settings).unwrap();
        let tokens = Tokens::new(&settings.serve.token, &keys).unwrap();
        let key = Keys::new(std::array::from_fn(|index| index as u8)).unwrap();
        let gate = Arc::new(builder.keys(key).settings(settings.clone()).build().unwrap());
        let server = Server::bind(Arc::clone(&gate), &settings, &keys, || NOON).unwrap().on_fault(fault);
        let (address, stopper) = (server.addresses()[0], server.stopper());
        let thread = Some(std::thread::spawn(move || server.run()));
        let [token, powerless, owner] = ["gateway", "nothing", "owner"].map(|name| tokens.token(name).unwrap());
        Self { gate, tokens, address, token, powerless, owner, stopper, thread }
    }

    /// Sets the owner's secret, and gives it with the token that may do what only the owner may.
    pub fn prove_owner(&self) {
        let cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        self.gate.authority().init(&OwnerSecret::new(SECRET).unwrap(), [7; 16], NOON, cost).unwrap();
        let told = self.as_owner("POST", "/v1/owner", &json!({"secret": SECRET}));
        assert_eq!((told.status, told.body), (200, json!({"owner": true})));
    }

    /// Asks with the token that may do what only the owner may.
    pub fn as_owner(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.with_token(&self.owner, method, path, body)
    }

    /// Asks with the token `app`, where the settings have one.
    pub fn as_app(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.with_token(&self.tokens.token("app").unwrap(), method, path, body)
    }

    /// Asks as the gateway does.
    pub fn as_gateway(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.with_token(&self.token, method, path, body)
    }

    fn with_token(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask(method, path, &[("authorization", &bearer), ("content-type", "application/json")], &body)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends these bytes over a connection of their own and reads until it is closed.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // A server that has seen enough may close before all is written.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// So many requests that keep their places, since their bodies are still to come.
    pub fn occupied(&self, count: usize) -> Vec<TcpStream> {
        let head = format!(
            "POST /v1/check HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: 50\r\n\r\n{{",
            self.token
        );
        let occupy = |_| {
            let mut stream = self.connect();
            stream.write_all(head.as_bytes()).unwrap();
            stream
        };
        (0..count).map(occupy).collect()
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str("host: localhost\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        Answer::read(&self.raw(format!("{head}\r\n{body}").as_bytes()))
    }

    /// Asks as the gateway does.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.as_gateway("POST", path, body)
    }
}

impl Drop for Sidecar {
    fn drop(&mut self) {
        self.stopper.stop();
        self.thread.take().unwrap().join().unwrap().unwrap();
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Value,
}

impl Answer {
    pub fn read(raw: &str) -> Self {
        let (head, body) = raw.split_once("\r\n\r\n").unwrap_or((raw, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_ascii_lowercase(), body: serde_json::from_str(body).unwrap_or(Value::Null) }
    }

    /// Status and error; an error says nothing else.
    pub fn refusal(&self) -> (u16, &str) {
        let error = self.body["error"].as_str().unwrap_or("no error is told");
        assert!(self.body.as_object().is_none_or(|body| body.len() == 1), "{self:?}");
        (self.status, error)
    }
}

pub fn message(sender: &str, text: &str) -> Value {
    json!({"channel": "whatsapp", "sender": {"id": sender}, "text": text})
}
