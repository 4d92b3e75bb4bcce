//! One thing to look for, as the owner writes it.

use std::sync::Arc;

use crate::event::Kind;
use crate::verdict::{Category, Class, Step};

use super::formats::Format;
use super::phrase::Phrase;

/// A field of an event, as far as rules care. A rule is never applied to a field outside its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Scope {
    /// The authored text of a message.
    Text,
    /// What the sender quoted or forwarded.
    Quoted,
    /// Name and text of an attachment.
    Attachment,
    /// The name that the sender shows.
    SenderName,
    /// The text of a reply.
    Reply,
    /// Name and arguments of a tool call.
    ToolCall,
    /// The result of a tool.
    ToolResult,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Quoted, Self::Attachment, Self::SenderName, Self::Reply, Self::ToolCall, Self::ToolResult];

    /// The name in rule files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Quoted => "quoted",
            Self::Attachment => "attachment",
            Self::SenderName => "sender_name",
            Self::Reply => "reply",
            Self::ToolCall => "tool_call",
            Self::ToolResult => "tool_result",
        }
    }

    /// The scope of the `text` of an event of this kind.
    #[must_use]
    pub const fn of_text(kind: Kind) -> Self {
        match kind {
            Kind::Message => Self::Text,
            Kind::Reply => Self::Reply,
            Kind::ToolCall => Self::ToolCall,
            Kind::ToolResult => Self::ToolResult,
        }
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// Every scope.
    pub const ALL: Self = Self(0x7f);

    /// Adds a scope.
    pub const fn insert(&mut self, scope: Scope) {
        self.0 |= 1 << scope as u8;
    }

    /// Whether the scope is in the set.
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 >> scope as u8 & 1 == 1
    }

    /// The scopes in the set.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
}

/// A rule, read and checked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its id: `category.what-it-is`.
    pub id: Arc<str>,
    /// What kind of trouble it looks for.
    pub category: Category,
    /// Points, 1–10: 1 hint, 3 weak, 5 suspicious, 8 enough alone.
    pub points: u8,
    /// How sure it is.
    pub class: Class,
    /// Where it may be applied.
    pub scope: Scopes,
    /// Sensitivity, 1–4.
    pub level: u8,
    /// The phrases as authored.
    pub phrases: Vec<String>,
    /// The literals as authored.
    pub literals: Vec<String>,
    /// The formats of secrets and personal data that it looks for.
    pub formats: Vec<&'static Format>,
    /// Steps that make it fire by having undone something, whatever that says.
    pub steps: Vec<Step>,
    /// Texts that it must match.
    pub matches: Vec<String>,
    /// Texts that it must pass.
    pub passes: Vec<String>,
    /// Disguises that it is known not to see through.
    pub known_evasions: Vec<String>,
    /// The file it stands in.
    pub file: Arc<str>,
    /// The line of its `[[rule]]`, from 1.
    pub line: u32,
    /// The phrases, parsed.
    pub(super) parsed: Vec<Phrase>,
}
