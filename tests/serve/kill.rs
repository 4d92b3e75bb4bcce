//! A sidecar that is killed in the middle of its work.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use sluicegate::keys::Keys;

const SETTINGS: &str = r#"format = 1
key = "key"
policies = ["asks.rhai"]
rules = ["none.toml"]
[rate]
messages = 60000
seconds = 1
[hold]
most = 100000
[store]
file = "store.db"
[[sender]]
channel = "whatsapp"
id = "+1 555 010-0101"
standing = "approved"
[serve]
listen = ["127.0.0.1:0"]
[[serve.token]]
name = "gateway"
scopes = ["check"]
"#;

const ASKS: &str = "fn on_message(m) { hold(\"ask\") }\nfn on_reply(r) { allow() }\n\
    fn on_tool_call(c) { hold(\"ask\") }\nfn on_tool_result(r) { allow() }\n";
const RULES: &str = "format = 1\n";

/// A folder with settings, and the sidecar that runs in it.
struct Place {
    folder: PathBuf,
    token: String,
}

/// A sidecar that runs; killed when it goes.
struct Running {
    child: Child,
    address: String,
}

impl Place {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("sluicegate-serve-kill-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("sluicegate.toml", SETTINGS), ("asks.rhai", ASKS), ("none.toml", RULES)] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        Keys::create_file(&folder.join("key"), std::array::from_fn(|index| index as u8)).unwrap();
        let mut place = Self { folder, token: String::new() };
        let output = place.command(&["keys", "token", "gateway"]).output().unwrap();
        place.token = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        place
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluicegate"));
        command.current_dir(&self.folder).args(arguments).env_remove("SLUICEGATE_CONFIG").stdin(Stdio::null());
        command
    }

    fn serve(&self) -> Running {
        let mut child = self.command(&["serve"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("listening at ") {
            line.clear();
            assert!(errors.read_line(&mut line).unwrap() > 0, "it ended at once");
        }
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        let address = line.rsplit("listening at ").next().unwrap().trim().to_owned();
        Running { child, address }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request over a connection of its own; none where it was cut off.
fn ask(address: &str, token: &str, method: &str, path: &str, body: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

/// `KILLS=N cargo test --test serve -- --nocapture kill` kills so many times instead of 3.
#[test]
fn no_hold_that_was_acknowledged_is_lost_by_a_kill_under_load() {
    const CLIENTS: u32 = 4;
    let rounds = std::env::var("KILLS").map_or(3, |kills| kills.parse().unwrap());
    let place = Place::new();
    let acknowledged = Mutex::new(BTreeSet::new());
    for round in 0..rounds {
        let mut running = place.serve();
        let before = acknowledged.lock().unwrap().len();
        let enough = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (address, token, acknowledged, enough) =
                    (running.address.clone(), &place.token, &acknowledged, &enough);
                scope.spawn(move || {
                    for number in 0.. {
                        let text = format!("{round}/{client}/{number}");
                        let event = json!({"channel": "whatsapp", "sender": {"id": "+15550100101"}, "text": text});
                        // Whatever was not answered whole is not acknowledged, and the sidecar is gone.
                        let Some(verdict) = ask(&address, token, "POST", "/v1/check", &event.to_string()) else {
                            break;
                        };
                        let Some(id) = verdict["hold"]["id"].as_str() else { panic!("no hold: {verdict}") };
                        acknowledged.lock().unwrap().insert(id.to_owned());
                        enough.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            // Somewhere in the middle of it, at another place in each round.
            while enough.load(Ordering::SeqCst) < 20 + round % 17 {
                std::thread::yield_now();
            }
            running.child.kill().unwrap();
        });
        running.child.wait().unwrap();

        let again = place.serve();
        let listed = ask(&again.address, &place.token, "GET", "/v1/holds", "").unwrap();
        let kept: BTreeSet<&str> =
            listed["holds"].as_array().unwrap().iter().map(|hold| hold["id"].as_str().unwrap()).collect();
        let acknowledged = acknowledged.lock().unwrap();
        assert!(acknowledged.len() > before);
        let lost: Vec<&String> = acknowledged.iter().filter(|id| !kept.contains(id.as_str())).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} holds are lost", lost.len(), acknowledged.len());
    }
    println!("{rounds} kills, {} holds acknowledged, none lost", acknowledged.lock().unwrap().len());
}
