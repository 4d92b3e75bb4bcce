//! A gate with a store: what it remembers from one start to the next.
#![cfg(feature = "sqlite")]

use std::fs;

use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::gate::{BuildError, Builder, ReloadOutcome};
use sluicegate::keys::Keys;
use sluicegate::store::{OpenError, StoreReader};
use sluicegate::{Decision, Event, Gate};

#[path = "store/support.rs"]
mod support;

use support::Folder;

const NOON: u64 = 1_764_000_000_000;
const POLICY: &str = "fn on_message(m) { if m.rate_exceeded { drop(\"too many\") } allow() }";
const SETTINGS: &str = "format = 1\nkey = \"gate.key\"\n[rate]\nmessages = 2\n[store]\nfile = \"state/store.db\"\n";

fn folder() -> Folder {
    let folder = Folder::new();
    fs::write(folder.path().join("gate.toml"), SETTINGS).unwrap();
    Keys::create_file(&folder.path().join("gate.key"), std::array::from_fn(|index| index as u8)).unwrap();
    folder
}

fn builder(folder: &Folder) -> Builder {
    let policy = [Source::new("p.rhai", POLICY)];
    Gate::builder().config(folder.path().join("gate.toml")).policies(policy).rules([])
}

fn decide(gate: &Gate, at: u64) -> Decision {
    gate.check(&Event::message(NOON + at, "hello").channel("telegram").sender("@ana")).decision
}

#[test]
fn a_live_gate_knows_its_senders_after_a_restart() {
    let folder = folder();
    let gate = builder(&folder).live(true).build().unwrap();
    assert_eq!([decide(&gate, 0), decide(&gate, 1)], [Decision::Allow; 2]);
    gate.flush().unwrap();
    assert_eq!(StoreReader::open(&folder.path().join("state/store.db")).unwrap().senders().unwrap(), 1);
    drop(gate);
    let gate = builder(&folder).live(true).build().unwrap();
    assert_eq!(decide(&gate, 2), Decision::Drop, "the two before the restart count");
}

#[test]
fn a_gate_that_is_not_live_leaves_no_trace() {
    let folder = folder();
    let gate = builder(&folder).build().unwrap();
    assert_eq!(decide(&gate, 0), Decision::Allow);
    gate.flush().unwrap();
    drop(gate);
    assert_eq!(folder.names(), ["gate.key", "gate.toml"]);
}

#[test]
fn a_gate_whose_store_is_broken_does_not_start_and_says_what_to_do() {
    let folder = folder();
    let file = folder.path().join("state/store.db");
    fs::create_dir(file.parent().unwrap()).unwrap();
    fs::write(&file, "").unwrap();
    let error = builder(&folder).live(true).build().err().unwrap();
    assert!(matches!(error, BuildError::Store(OpenError::Empty { .. })));
    assert!(error.to_string().contains("sluicegate store recover"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), b"", "nothing was put in its place");
}

#[test]
fn a_store_needs_a_key() {
    let folder = Folder::new();
    let mut settings = Settings::default();
    settings.store.file = Some(folder.file());
    let error = Gate::builder().settings(settings).rules([]).live(true).build().err().unwrap();
    assert!(matches!(error, BuildError::NoStoreKey), "{error}");
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_reload_does_not_exchange_the_store() {
    let folder = folder();
    let gate = builder(&folder).live(true).build().unwrap();
    let before = gate.revision();
    let other = SETTINGS.replace("state/store.db", "other.db").replace("messages = 2", "messages = 9");
    fs::write(folder.path().join("gate.toml"), other).unwrap();
    let ReloadOutcome::Refused(error) = &gate.reload_at(NOON).outcome else { panic!("the reload was not refused") };
    let told = error.to_string();
    assert!(told.contains("S009") && told.contains("start the gateway again"), "{told}");
    assert_eq!(gate.revision(), before);
    fs::write(folder.path().join("gate.toml"), SETTINGS.replace("messages = 2", "messages = 9")).unwrap();
    assert!(gate.reload().is_ok());
    assert_ne!(gate.revision(), before);
}

#[test]
fn no_tool_may_touch_the_store() {
    let folder = folder();
    let policy = [Source::new("p.rhai", "fn on_tool_call(c) { if c.tool_touches_gate { drop(\"gate\") } allow() }")];
    let gate = Gate::builder().config(folder.path().join("gate.toml")).policies(policy).rules([]).build().unwrap();
    let call = |file: &str| {
        let command = format!("cat {}/{file}", folder.path().display());
        let json = format!(
            r#"{{"kind":"tool_call","at":{NOON},"tool":{{"name":"bash","arguments":{{"command":"{command}"}}}}}}"#
        );
        gate.check(&serde_json::from_str::<Event>(&json).unwrap()).decision
    };
    for file in ["state/store.db", "state/store.db-wal", "state/store.db-shm", "state/store.db.broken-damaged"] {
        assert_eq!(call(file), Decision::Drop, "{file}");
    }
    assert_eq!(call("state/other.txt"), Decision::Allow);
}
