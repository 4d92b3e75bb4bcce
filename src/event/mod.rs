//! What the gateway hands in.
//!
//! An [`Event`] is a message, a reply, a tool call or a tool result. It deserialises from one JSON object (unknown fields
//! are ignored) and can be built in code:
//!
//! ```
//! use sluicegate::Event;
//!
//! let event = Event::message(1_764_000_000_000, "hello").channel("whatsapp").sender("+1 555 010-0123");
//! assert_eq!(event.text, "hello");
//! ```

mod digest;
mod json;
pub(crate) mod object;

pub use digest::Digest;
pub use json::Json;
pub(crate) use json::Members;

use serde::{Deserialize, Serialize};

/// What an event is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something that a person or another agent wrote to the agent.
    #[default]
    Message,
    /// Something that the agent is about to say.
    Reply,
    /// A tool that the agent is about to use.
    ToolCall,
    /// What a tool gave back.
    ToolResult,
}

impl Kind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Message, Self::Reply, Self::ToolCall, Self::ToolResult];

    /// The name in JSON: `message`, `reply`, `tool_call` or `tool_result`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Reply => "reply",
            Self::ToolCall => "tool_call",
            Self::ToolResult => "tool_result",
        }
    }
}

/// One event. Every field but `at` may be empty; a missing sender counts as unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Event {
    /// The gateway's own name for the event; it comes back in the verdict. Without it nothing is deduplicated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the event is.
    pub kind: Kind,
    /// When the gateway received the event, in milliseconds since 1970. The core has no clock of its own.
    pub at: u64,
    /// When the sender claims to have sent it, in milliseconds since 1970. Used against replay only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<u64>,
    /// The messaging system, such as `whatsapp` or `telegram`.
    pub channel: String,
    /// Which of the gateway's accounts on that channel.
    pub account: String,
    /// The agent session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The conversation.
    #[serde(deserialize_with = "object::one")]
    pub chat: Chat,
    /// Who wrote the message; for a reply, a tool call or a tool result, on whose behalf the agent acts.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::option")]
    pub sender: Option<Sender>,
    /// Who a reply goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The authored text.
    pub text: String,
    /// Text that the sender quoted or forwarded. It is judged apart: its findings never escalate the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted: Option<String>,
    /// What is attached, with the text that the gateway could read from it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "object::many")]
    pub attachments: Vec<Attachment>,
    /// The tool that is called, or that gave a result.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::option")]
    pub tool: Option<Tool>,
}

/// The conversation that an event belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Chat {
    /// The channel's id of the chat.
    pub id: String,
    /// Whether more people than the sender and the agent read it.
    pub group: bool,
    /// Whether the agent was addressed by name.
    pub mentioned: bool,
}

/// Who an event comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Sender {
    /// The channel's id of the sender: a phone number, a user id, a name.
    pub id: String,
    /// The name that the sender shows. The sender chooses it, so it is never trusted and is searched like text.
    pub name: String,
}

/// A file or picture, with what could be read from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Media type, such as `application/pdf`.
    pub mime: String,
    /// Caption, transcript or extracted text.
    pub text: String,
}

/// A tool call or its result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Tool {
    /// The tool's name, such as `bash`.
    pub name: String,
    /// The arguments of the call.
    pub arguments: Json,
    /// What the tool gave back.
    pub result: Json,
}

impl Event {
    /// An event of `kind`, received `at` milliseconds since 1970, with nothing else in it.
    #[must_use]
    pub fn new(kind: Kind, at: u64) -> Self {
        Self { kind, at, ..Self::default() }
    }

    /// A message with its text.
    #[must_use]
    pub fn message(at: u64, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::new(Kind::Message, at) }
    }

    /// A reply with its text.
    #[must_use]
    pub fn reply(at: u64, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::new(Kind::Reply, at) }
    }

    /// A call of the tool `name` with its arguments.
    #[must_use]
    pub fn tool_call(at: u64, name: impl Into<String>, arguments: Json) -> Self {
        let tool = Tool { name: name.into(), arguments, result: Json::Null };
        Self { tool: Some(tool), ..Self::new(Kind::ToolCall, at) }
    }

    /// What the tool `name` gave back.
    #[must_use]
    pub fn tool_result(at: u64, name: impl Into<String>, result: Json) -> Self {
        let tool = Tool { name: name.into(), arguments: Json::Null, result };
        Self { tool: Some(tool), ..Self::new(Kind::ToolResult, at) }
    }

    /// Sets the gateway's own id of the event.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the channel.
    #[must_use]
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = channel.into();
        self
    }

    /// Sets the account.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// Sets the sender's id.
    #[must_use]
    pub fn sender(mut self, id: impl Into<String>) -> Self {
        self.sender.get_or_insert_default().id = id.into();
        self
    }

    /// Sets the chat's id, and marks it as a group.
    #[must_use]
    pub fn group(mut self, id: impl Into<String>) -> Self {
        self.chat.id = id.into();
        self.chat.group = true;
        self
    }

    /// Sets the text that the sender quoted or forwarded.
    #[must_use]
    pub fn quoted(mut self, text: impl Into<String>) -> Self {
        self.quoted = Some(text.into());
        self
    }

    /// The sender's id, or the empty string where there is none.
    #[must_use]
    pub fn sender_id(&self) -> &str {
        self.sender.as_ref().map_or("", |sender| sender.id.as_str())
    }
}
