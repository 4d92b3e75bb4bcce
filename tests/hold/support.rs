//! Gates that hold.

use std::sync::Arc;

use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::gate::Builder;
use sluicegate::hold::HoldId;
use sluicegate::keys::Keys;
use sluicegate::sender::{Listed, Listing};
use sluicegate::store::{Actor, MemoryStore, Store};
use sluicegate::{Decision, Event, Gate, Json};

pub const NOW: u64 = 1_764_000_000_000;
pub const OWNER: Actor = Actor::OwnerAtTerminal;
pub const SENDER: &str = "+1 555 010-0101";

/// Asks the owner about everything that the owner has not answered.
pub const ASKS: &str = "fn on_message(m) { if m.approved { allow() } hold(\"ask\") }\n\
    fn on_tool_call(c) { if c.answered_deny { drop(\"denied for good\") } if c.approved || c.answered_allow { allow() } hold(\"ask\") }\n";

pub fn keys() -> Keys {
    Keys::new(std::array::from_fn(|index| index as u8)).unwrap()
}

pub fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::default())
}

pub fn listed(standing: &str) -> Listed {
    let standing = if standing == "blocked" { Listing::Blocked } else { Listing::Approved };
    Listed::new("whatsapp", SENDER, standing).unwrap()
}

pub fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.sender.push(listed("approved"));
    settings
}

pub fn builder(store: &Arc<dyn Store>, policy: &str, settings: Settings) -> Builder {
    let policy = Source::new("asks.rhai", policy);
    Gate::builder().settings(settings).policies([policy]).rules([]).keys(keys()).store(Arc::clone(store))
}

pub fn with(store: &Arc<dyn Store>, policy: &str, settings: Settings) -> Gate {
    builder(store, policy, settings).build().unwrap()
}

pub fn gate(store: &Arc<dyn Store>) -> Gate {
    with(store, ASKS, settings())
}

pub fn message(text: &str) -> Event {
    Event::message(NOW, text).channel("whatsapp").sender(SENDER)
}

pub fn call(tool: &str, arguments: &str) -> Event {
    Event::tool_call(NOW, tool, Json::parse(arguments).unwrap()).channel("whatsapp").sender(SENDER)
}

/// Checks an event that has to be held, and gives the hold.
pub fn held(gate: &Gate, event: &Event) -> HoldId {
    let verdict = gate.check(event);
    assert_eq!(verdict.decision, Decision::Hold, "{verdict:?}");
    assert_eq!(verdict.degraded, []);
    verdict.hold.unwrap().id.parse().unwrap()
}
