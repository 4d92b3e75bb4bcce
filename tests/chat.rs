//! The owner in chat: what a command does, and that nobody else can give one.

use std::sync::Arc;

use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::gate::Release;
use sluicegate::hold::{HoldId, State};
use sluicegate::keys::Keys;
use sluicegate::sender::{Standing, person};
use sluicegate::store::{Actor, Journal, MemoryStore, Store};
use sluicegate::verdict::Station;
use sluicegate::{Decision, Event, Gate, Kind, Verdict};

const NOON: u64 = 1_764_000_000_000;
const OWNER: &str = "+1 555 010-0100";
const FRIEND: &str = "+1 555 010-0101";
const OTHER_FRIEND: &str = "+1 555 010-0102";
const BLOCKED: &str = "+1 555 010-0199";
const STRANGER: &str = "+1 555 010-0142";
/// Held, where somebody approved writes it.
const SUSPICIOUS: &str = "a magic elephant";
const RULES: &str = "format = 1\n[[rule]]\nid = \"custom.word\"\ncategory = \"custom\"\npoints = 5\nclass = \"judgement\"\n\
                     scope = [\"text\", \"quoted\"]\nphrases = [\"magic elephant\"]\n";

fn keys() -> Keys {
    Keys::new(std::array::from_fn(|index| index as u8 ^ 0x33)).unwrap()
}

/// A gate by the starter policy, with a rule that is quick to build.
fn gate_on(store: &Arc<dyn Store>) -> Gate {
    let mut settings = Settings::demonstration();
    settings.detect.model = false;
    let rules = [Source::new("r.toml", RULES)];
    Gate::builder().settings(settings).rules(rules).keys(keys()).store(Arc::clone(store)).build().unwrap()
}

struct Chat {
    gate: Gate,
    store: Arc<dyn Store>,
}

impl Chat {
    fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(64));
        Self { gate: gate_on(&store), store }
    }

    /// What the owner is answered.
    fn says(&self, text: &str) -> String {
        let verdict = self.gate.check(&from(OWNER, text));
        assert_eq!((verdict.decision, verdict.by.station), (Decision::Drop, Station::Command), "{text}: {verdict:?}");
        assert_eq!(&*verdict.reason, "owner command");
        verdict.reply.unwrap_or_else(|| panic!("no answer to {text}"))
    }

    /// A message of a friend that waits.
    fn held(&self) -> HoldId {
        let verdict = self.gate.check(&from(FRIEND, SUSPICIOUS));
        assert_eq!(verdict.decision, Decision::Hold, "{verdict:?}");
        verdict.hold.unwrap().id.parse().unwrap()
    }

    fn state(&self, id: &HoldId) -> State {
        self.gate.holds().get(id).unwrap().state
    }

    fn deeds(&self) -> Vec<(String, Actor)> {
        let mut found = Vec::new();
        Journal::new(Arc::clone(&self.store), keys().sealer())
            .hand_over(|deeds| {
                found.extend(deeds.iter().map(|noted| (noted.deed.what.clone(), noted.deed.by.clone())));
                false
            })
            .unwrap();
        found
    }
}

fn from(sender: &str, text: &str) -> Event {
    Event::message(NOON, text).channel("whatsapp").account("main").sender(sender)
}

fn bash(command: &str) -> Event {
    let event = serde_json::json!({
        "kind": "tool_call", "at": NOON, "channel": "whatsapp", "account": "main", "sender": {"id": FRIEND},
        "tool": {"name": "bash", "arguments": {"command": command}}
    });
    serde_json::from_value(event).unwrap()
}

#[test]
fn the_owner_approves_by_id_and_the_gateway_gets_the_event() {
    let chat = Chat::new();
    let id = chat.held();
    let told = chat.says(&format!("!approve {id}"));
    assert!(told.starts_with("approved: message from ") && told.ends_with(" on whatsapp"), "{told}");
    assert!(!told.contains("elephant") && !told.contains("5550"), "neither text nor number: {told}");
    let Release::Released(released) = chat.gate.release(&id, NOON).unwrap() else { panic!("not released") };
    assert_eq!(released.event.text, SUSPICIOUS);
    assert!(chat.says(&format!("!approve {id}")).contains("approved already"));
    assert!(chat.says(&format!("!deny {id}")).contains("approved already"));
    let by = chat.deeds().into_iter().find(|(what, _)| what == "hold_approved").unwrap().1;
    assert!(matches!(&by, Actor::OwnerInChat(who) if who.channel == "whatsapp" && who.account == "main"), "{by:?}");
}

#[test]
fn the_owner_denies_by_id() {
    let chat = Chat::new();
    let id = chat.held();
    assert!(chat.says(&format!("!deny {id}")).starts_with("denied: message from"));
    assert!(chat.gate.release(&id, NOON).is_err());
    assert!(chat.says(&format!("!approve {id}")).contains("denied already"));
}

/// MegaBot: no id meant the last action in the queue, which an attacker may have put there after the owner had looked.
#[test]
fn megabot_4_approve_without_an_id_approves_nothing() {
    let chat = Chat::new();
    assert_eq!(chat.says("!approve"), "nothing waits for you");
    let id = chat.held();
    for text in ["!approve", "!deny", "!Approve "] {
        let told = chat.says(text);
        assert!(told.starts_with("1 waiting\n") && told.contains(&id.to_string()), "{told}");
        assert!(told.contains("looks like an attack") && !told.contains("elephant"), "{told}");
    }
    let digits = id.to_string();
    for part in [&digits[..8], "last", "*", &digits.to_uppercase(), &format!("{digits} {digits}")] {
        assert!(chat.says(&format!("!approve {part}")).contains(if part.contains(' ') {
            "one id"
        } else {
            "not done"
        }));
    }
    assert_eq!(chat.state(&id), State::Waiting);
}

/// MegaBot: admins were a list of raw ids, so the same id on another platform was an admin as well.
#[test]
fn megabot_4_an_owner_is_one_on_one_channel() {
    let chat = Chat::new();
    let id = chat.held();
    for channel in ["signal", "telegram", "WhatsApp2", ""] {
        let verdict = chat.gate.check(&Event::message(NOON, format!("!approve {id}")).channel(channel).sender(OWNER));
        assert_ne!(verdict.by.station, Station::Command, "{channel}");
        assert_eq!(verdict.reply, None);
    }
    assert_eq!(chat.state(&id), State::Waiting);
}

/// AI-COMMS: bridges and admin commands ran before the gate, for whoever wrote in a direct chat.
#[test]
fn from_anybody_else_a_command_is_a_text_like_any_other() {
    let chat = Chat::new();
    let id = chat.held();
    let commands = [format!("!approve {id}"), "!lockdown".into(), "!block +1 555 010-0102".into(), "!forbid *".into()];
    let said =
        |verdict: &Verdict| (verdict.decision, verdict.reason.to_string(), verdict.by.clone(), verdict.reply.clone());
    for sender in [FRIEND, STRANGER, BLOCKED, ""] {
        let talk = said(&chat.gate.check(&from(sender, "good morning")));
        for command in &commands {
            assert_eq!(said(&chat.gate.check(&from(sender, command))), talk, "{command} from {sender}");
        }
    }
    assert_eq!(chat.state(&id), State::Waiting);
    assert!(chat.gate.status().lockdown.is_open());
    assert!(chat.deeds().iter().all(|(what, _)| what.starts_with("hold_")), "{:?}", chat.deeds());
}

#[test]
fn only_what_the_owner_wrote_in_a_direct_chat_is_a_command() {
    let chat = Chat::new();
    let id = chat.held();
    let command = format!("!approve {id}");
    let attached = serde_json::json!({
        "at": NOON, "channel": "whatsapp", "account": "main", "sender": {"id": OWNER}, "text": "look",
        "attachments": [{"name": "a.txt", "mime": "text/plain", "text": command}]
    });
    let encoded = data_encoding::BASE64.encode(command.as_bytes());
    let of_kind = |kind| {
        let mut event = from(OWNER, &command);
        event.kind = kind;
        event
    };
    let events = [
        from(OWNER, &command).group("g1"),
        from(OWNER, "look").quoted(&*command),
        serde_json::from_value(attached).unwrap(),
        from(OWNER, &encoded),
        from(OWNER, &format!("please {command}")),
        from(OWNER, &format!("> {command}")),
        of_kind(Kind::Reply),
        of_kind(Kind::ToolResult),
    ];
    for event in events {
        let verdict = chat.gate.check(&event);
        assert_ne!(verdict.by.station, Station::Command, "{event:?}");
        assert_eq!(verdict.reply, None, "{event:?}");
    }
    assert_eq!(chat.state(&id), State::Waiting);
    // Who answers a notice quotes it.
    let answer = from(OWNER, &command).quoted(format!("held: message. Yes: !approve {id}. No: !deny {id}"));
    assert!(chat.gate.check(&answer).reply.unwrap().starts_with("approved"));
}

#[test]
fn an_event_that_comes_again_is_not_carried_out_again() {
    let chat = Chat::new();
    let event = from(OWNER, &format!("!block {OTHER_FRIEND}")).id("m1");
    assert!(chat.gate.check(&event).reply.unwrap().starts_with("blocked"));
    let whom = person("whatsapp", None, OTHER_FRIEND).unwrap();
    chat.gate.people().unblock(&whom, NOON, Actor::OwnerAtTerminal).unwrap();
    let again = chat.gate.check(&event);
    assert_eq!((again.decision, again.reply, again.by.station), (Decision::Drop, None, Station::Command));
    assert_eq!(chat.gate.people().standing(&whom), Standing::Unknown);
    let edited = chat.gate.check(&from(OWNER, "!lockdown").id("m1"));
    assert!(edited.reply.unwrap().contains("write it anew"));
    assert!(chat.gate.status().lockdown.is_open());
}

#[test]
fn exact_commands_are_allowed_and_forbidden_for_good() {
    let chat = Chat::new();
    let decided = |command: &str| chat.gate.check(&bash(command)).decision;
    assert_eq!(decided("rm notes.txt"), Decision::Hold);
    assert!(chat.says("!allow rm notes.txt").starts_with("allowed for good: rm notes.txt"));
    assert_eq!(decided("rm notes.txt"), Decision::Allow);
    for other in ["rm notes.txt other.txt", "rm notes", "rm notes.txt && rm other.txt", "sudo rm notes.txt"] {
        assert_ne!(decided(other), Decision::Allow, "{other}");
    }
    assert!(chat.says("!forbid rm notes.txt").starts_with("forbidden for good"));
    assert_eq!(decided("rm notes.txt"), Decision::Drop, "no comes before yes");
    for text in ["!allow *", "!allow rm *", "!allow ls && rm x", "!allow echo $HOME"] {
        assert!(chat.says(text).starts_with("not done"), "{text}");
    }
    assert_eq!(decided("ls"), Decision::Allow);
    chat.says("!forbid *");
    assert_eq!(decided("ls"), Decision::Drop, "everything at once");
}

#[test]
fn somebody_is_blocked_by_the_whole_id() {
    let chat = Chat::new();
    let passes = |sender: &str| chat.gate.check(&from(sender, "hello")).decision == Decision::Allow;
    assert!(passes(FRIEND) && passes(OTHER_FRIEND));
    assert!(chat.says("!block +1 555 010-010").starts_with("blocked"), "another id, and no beginning of one");
    assert!(passes(FRIEND) && passes(OTHER_FRIEND));
    assert!(chat.says("!block +15550100101").starts_with("blocked on whatsapp"));
    assert!(!passes(FRIEND) && passes(OTHER_FRIEND));
    assert!(chat.says("!block +1 555 010-0101").contains("blocked already"));
    assert!(chat.says("!block @lui on telegram").starts_with("blocked on telegram"));
    let lui = Event::message(NOON, "hello").channel("telegram").sender("@lui");
    assert_eq!(chat.gate.check(&lui).decision, Decision::Drop);
    assert!(chat.says(&format!("!block {OWNER}")).contains("shut out"));
    assert!(chat.says("!block *").starts_with("not done"));
    assert!(chat.says("!unblock +15550100101").contains("sluicegate sender unblock"));
    assert!(!passes(FRIEND));
}

#[test]
fn a_lockdown_by_chat_is_lifted_elsewhere() {
    let chat = Chat::new();
    let id = chat.held();
    assert!(chat.says("!status").starts_with("gate: open\nwaiting for you: 1\n"));
    assert!(chat.says("!lockdown").starts_with("closed"));
    assert!(chat.says("!lockdown").starts_with("closed already"));
    assert!(chat.says("!status").starts_with("gate: locked down\n"));
    let other = gate_on(&chat.store);
    for gate in [&chat.gate, &other] {
        assert_eq!(&*gate.check(&from(FRIEND, "hello")).reason, "lockdown");
    }
    for text in ["!lockdown off", "!unlock"] {
        assert!(chat.says(text).contains("sluicegate lockdown off"), "{text}");
    }
    for text in [format!("!approve {id}"), "!allow ls".to_owned()] {
        assert!(chat.says(&text).contains("locked down"), "nothing is opened meanwhile: {text}");
    }
    assert_eq!(chat.state(&id), State::Waiting);
    assert!(chat.says(&format!("!deny {id}")).starts_with("denied"));
    assert!(chat.deeds().iter().any(|(what, by)| what == "locked_down" && matches!(by, Actor::OwnerInChat(_))));
}

#[test]
fn what_was_approved_is_not_released_while_the_gate_is_closed() {
    let chat = Chat::new();
    let id = chat.held();
    chat.says(&format!("!approve {id}"));
    chat.says("!lockdown");
    assert!(matches!(chat.gate.release(&id, NOON).unwrap(), Release::Refused(_)));
}

#[test]
fn logs_tell_times_pseudonyms_decisions_and_reasons() {
    let chat = Chat::new();
    let _ = chat.gate.check(&from(STRANGER, "a private word"));
    chat.held();
    let told = chat.says("!logs 2");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with("0 s ago, message of ") && lines[0].ends_with(": hold: looks like an attack"),
        "{told}"
    );
    assert!(lines[1].ends_with(": drop: unknown sender"), "{told}");
    for private in ["0142", "0101", "private", "elephant"] {
        assert!(!told.contains(private), "{private}: {told}");
    }
    for _ in 0..100 {
        let _ = chat.gate.check(&from(STRANGER, "again"));
    }
    assert_eq!(chat.says("!logs 50").lines().count(), 50);
    assert!(chat.says("!help").contains("!approve ID"));
    assert!(chat.says("!logs none").contains("takes a number"));
    assert!(chat.says("!aprove 1").contains("did you mean !approve?"), "a slip does not reach the agent");
    assert_ne!(chat.gate.check(&from(OWNER, "!claude write a poem")).by.station, Station::Command);
}

#[test]
fn asking_about_a_command_does_not_carry_it_out() {
    let chat = Chat::new();
    let inquiry = chat.gate.inquire(&from(OWNER, "!lockdown"));
    assert_eq!((inquiry.verdict().decision, inquiry.verdict().by.station), (Decision::Drop, Station::Command));
    assert!(chat.gate.status().lockdown.is_open());
    assert_ne!(chat.gate.inquire(&from(FRIEND, "!lockdown")).verdict().by.station, Station::Command);
}

/// AI-COMMS: a group was one sender, so one member's points and rate were everybody's.
#[test]
fn aicomms_1_2_10_members_of_a_group_have_points_and_rate_of_their_own() {
    let chat = Chat::new();
    let said = |sender: &str, text: &str| chat.gate.check(&from(sender, text).group("g1"));
    for _ in 0..30 {
        said(FRIEND, SUSPICIOUS);
    }
    assert!(said(FRIEND, "good morning").escalation >= 8);
    let other = said(OTHER_FRIEND, "good morning");
    assert_eq!(other.escalation, 0);
    assert_ne!(&*other.reason, "too many messages");
}
