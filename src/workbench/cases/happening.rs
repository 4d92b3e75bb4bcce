//! The events of a case.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::case::Step;
use super::code;
use super::expected::{About, Expected};
use super::read::{self, Faults, Table, duration};
use crate::event::{Attachment, Chat, Event, Json, Kind, Sender, Tool};
use crate::sender::{Listed, Listing};

/// When the first event of a case happens unless it says otherwise: on 2025-11-24, in milliseconds since 1970.
const BEGINNING: u64 = 1_764_000_000_000;
/// Milliseconds between two events that do not say otherwise.
const APART: u64 = 1_000;
/// How often one event may come.
const MOST_TIMES: u64 = 1_000;
/// The channel of events that name none.
const CHANNEL: &str = "test";

/// The senders that a case may name by their standing alone: who they are on the channel [`CHANNEL`] or any other.
const PEOPLE: [(&str, &str, Option<Listing>); 4] = [
    ("owner", "owner-of-the-test", Some(Listing::Owner)),
    ("approved", "approved-of-the-test", Some(Listing::Approved)),
    ("blocked", "blocked-of-the-test", Some(Listing::Blocked)),
    ("unknown", "unknown-of-the-test", None),
];

/// Reads events one after the other, with the time that passes between them.
pub(super) struct Happenings<'c> {
    pub(super) chain: &'c [String],
    /// The time of the last event; none before the first.
    now: Option<u64>,
    /// The people that the events name by their standing.
    pub(super) people: Vec<Listed>,
}

impl<'c> Happenings<'c> {
    pub(super) fn new(chain: &'c [String]) -> Self {
        Self { chain, now: None, people: Vec::new() }
    }

    /// Begins a new case.
    pub(super) fn begin(&mut self) {
        self.now = None;
    }

    /// Reads one event.
    pub(super) fn read(&mut self, mut table: Table<'_>, faults: &mut Faults<'_>) -> Option<Step> {
        let start = table.start;
        let times = match table.number("times", faults) {
            Some((times, _)) if (1..=MOST_TIMES).contains(&times) => u32::try_from(times).unwrap_or(1),
            Some((times, at)) => {
                faults.add(code::TOO_LARGE, at, format!("an event comes 1 to {MOST_TIMES} times, not {times}"));
                1
            }
            None => 1,
        };
        let after = match table.text("after", faults) {
            Some((text, at)) => duration(text).or_else(|| {
                let fault = faults.at(code::EVENT, at, format!("`{text}` is no length of time"));
                faults.push(fault.help("write a number and a unit: `30s`, `10m`, `2h` or `1d`"));
                None
            }),
            None => Some(APART),
        }?;
        let at = table.number("at", faults).map(|(at, _)| at);
        let first = at.unwrap_or_else(|| self.now.map_or(BEGINNING, |now| now.saturating_add(after)));
        self.now = Some(first.saturating_add(after.saturating_mul(u64::from(times - 1))));
        let expected = table.take("expect");
        let event = self.event(table, first, start, faults);
        let expected = match expected {
            Some(value) => {
                let table = Table::of(value, "an expectation", faults)?;
                Some(Expected::read(table, About::Event, self.chain, faults)?)
            }
            None => None,
        };
        Some(Step { event: event?, times, every: after, expected })
    }

    fn event(&mut self, mut table: Table<'_>, at: u64, start: usize, faults: &mut Faults<'_>) -> Option<Event> {
        let kind = match table.text("kind", faults) {
            Some((name, at)) => read_kind(name, at, faults)?,
            None => Kind::Message,
        };
        let mut event = Event::new(kind, at);
        let text = |table: &mut Table<'_>, key, faults: &mut Faults<'_>| {
            table.text(key, faults).map(|(text, _)| text.to_owned())
        };
        event.id = text(&mut table, "id", faults);
        event.sent_at = table.number("sent_at", faults).map(|(number, _)| number);
        event.channel = text(&mut table, "channel", faults).unwrap_or_else(|| CHANNEL.to_owned());
        event.account = text(&mut table, "account", faults).unwrap_or_default();
        event.session = text(&mut table, "session", faults);
        event.to = text(&mut table, "to", faults);
        event.text = text(&mut table, "text", faults).unwrap_or_default();
        event.quoted = text(&mut table, "quoted", faults);
        if let Some(value) = table.take("chat") {
            event.chat = chat(Table::of(value, "`chat`", faults)?, faults);
        }
        if let Some(value) = table.take("sender") {
            event.sender = Some(self.sender(value, &event.channel, faults)?);
        }
        if let Some(value) = table.take("attachments") {
            event.attachments = attachments(value, faults)?;
        }
        if let Some(value) = table.take("tool") {
            event.tool = Some(tool(Table::of(value, "`tool`", faults)?, faults));
        }
        table.end("an event", faults);
        let is_tool = matches!(kind, Kind::ToolCall | Kind::ToolResult);
        if is_tool != event.tool.is_some() {
            let name = kind.name().replace('_', " ");
            let (message, help) = if is_tool {
                (
                    format!("a {name} without a tool"),
                    "write `tool = { name = \"bash\", arguments = { command = \"ls\" } }`",
                )
            } else {
                (format!("a {name} has no tool"), "write `kind = \"tool_call\"` or `kind = \"tool_result\"` before it")
            };
            faults.push(faults.at(code::EVENT, start, message).help(help));
        }
        Some(event)
    }

    /// A sender, by standing (`sender = "approved"`) or by id (`sender = { id = "…" }`).
    fn sender(&mut self, value: &Spanned<DeValue<'_>>, channel: &str, faults: &mut Faults<'_>) -> Option<Sender> {
        if let Some(name) = value.get_ref().as_str() {
            let Some((_, id, listing)) = PEOPLE.iter().find(|(standing, ..)| *standing == name) else {
                let fault = faults.at(code::EVENT, value.span().start, format!("there is no standing `{name}` here"));
                let names = PEOPLE.iter().map(|(standing, ..)| *standing);
                let help = "write `owner`, `approved`, `blocked` or `unknown`, or an id: `sender = { id = \"…\" }`";
                faults.push(fault.help(help).did_you_mean(name, names));
                return None;
            };
            match listing.map(|listing| Listed::new(channel, id, listing)) {
                Some(Ok(listed)) if !self.people.contains(&listed) => self.people.push(listed),
                Some(Err(why)) => {
                    let fault = faults.at(code::EVENT, value.span().start, why);
                    faults.push(fault.help("give the sender an id, and a standing in `[[settings.sender]]`"));
                    return None;
                }
                _ => {}
            }
            return Some(Sender { id: (*id).to_owned(), ..Sender::default() });
        }
        let mut table = Table::of(value, "`sender`", faults)?;
        let sender = Sender { id: owned(&mut table, "id", faults), name: owned(&mut table, "name", faults) };
        table.end("a sender", faults);
        Some(sender)
    }
}

/// The kind of event with this name.
pub(super) fn read_kind(name: &str, at: usize, faults: &mut Faults<'_>) -> Option<Kind> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    if found.is_none() {
        let fault = faults.at(code::SHAPE, at, format!("there is no kind of event `{name}`"));
        let help = "there are `message`, `reply`, `tool_call` and `tool_result`";
        faults.push(fault.help(help).did_you_mean(name, Kind::ALL.map(Kind::name)));
    }
    found
}

fn owned(table: &mut Table<'_>, key: &'static str, faults: &mut Faults<'_>) -> String {
    table.text(key, faults).map(|(text, _)| text.to_owned()).unwrap_or_default()
}

fn chat(mut table: Table<'_>, faults: &mut Faults<'_>) -> Chat {
    let chat = Chat {
        id: owned(&mut table, "id", faults),
        group: table.bool("group", faults).unwrap_or_default(),
        mentioned: table.bool("mentioned", faults).unwrap_or_default(),
    };
    table.end("a chat", faults);
    chat
}

fn attachments(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Option<Vec<Attachment>> {
    let Some(list) = value.get_ref().as_array() else {
        let message = format!("`attachments` is a list of tables, not {}", read::kind(value.get_ref()));
        faults.add(code::SHAPE, value.span().start, message);
        return None;
    };
    let mut attachments = Vec::new();
    for entry in list.iter() {
        let mut table = Table::of(entry, "an attachment", faults)?;
        attachments.push(Attachment {
            name: owned(&mut table, "name", faults),
            mime: owned(&mut table, "mime", faults),
            text: owned(&mut table, "text", faults),
        });
        table.end("an attachment", faults);
    }
    Some(attachments)
}

fn tool(mut table: Table<'_>, faults: &mut Faults<'_>) -> Tool {
    let name = owned(&mut table, "name", faults);
    let mut value = |key| table.take(key).map(|value| json(value, faults)).unwrap_or_default();
    let (arguments, result) = (value("arguments"), value("result"));
    table.end("a tool", faults);
    Tool { name, arguments, result }
}

/// A value as JSON; TOML itself bounds how deep it is nested.
fn json(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Json {
    match value.get_ref() {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Boolean(yes) => Json::Bool(*yes),
        DeValue::Array(list) => Json::Array(list.iter().map(|entry| json(entry, faults)).collect()),
        DeValue::Table(table) => {
            let member = |(name, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                (name.get_ref().to_string(), json(value, faults))
            };
            Json::Object(table.iter().map(member).collect::<BTreeMap<_, _>>())
        }
        other => {
            // A number is kept as it is written, unless JSON writes it in another way.
            let number = match other {
                DeValue::Integer(number) if number.radix() == 10 => Json::parse(number.as_str()).ok(),
                DeValue::Float(number) => Json::parse(number.as_str()).ok(),
                _ => None,
            };
            number.unwrap_or_else(|| {
                let message = format!("{} cannot be written as JSON in this form", read::kind(other));
                faults.add(code::EVENT, value.span().start, message);
                Json::Null
            })
        }
    }
}
