//! Facts that are asked with a literal: `m.says("weather")`, `c.tool_in(["bash"])`.

use std::collections::HashMap;
use std::fmt;

use crate::event::Kind;

/// A fact that takes a literal. The literals are known when the policy loads, so each pair is one yes-or-no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Ask {
    /// `m.says("some words")`: the text holds these words. They are searched for like the phrases of a rule.
    Says,
    /// `m.found("injection")`: a rule of this category fired.
    Found,
    /// `m.channel_in(["whatsapp"])`: the event came over one of these channels.
    ChannelIn,
    /// `m.account_in(["main"])`: the event came to one of these accounts.
    AccountIn,
    /// `c.tool_in(["bash"])`: the tool is one of these.
    ToolIn,
}

impl Ask {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Says, Self::Found, Self::ChannelIn, Self::AccountIn, Self::ToolIn];

    /// The name in a policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Says => "says",
            Self::Found => "found",
            Self::ChannelIn => "channel_in",
            Self::AccountIn => "account_in",
            Self::ToolIn => "tool_in",
        }
    }

    /// What it means, in one sentence for an owner.
    #[must_use]
    pub const fn doc(self) -> &'static str {
        match self {
            Self::Says => "The text, in any disguise that is undone, holds these words.",
            Self::Found => "A rule of this category fired.",
            Self::ChannelIn => "The event came over one of these channels.",
            Self::AccountIn => "The event came to one of these accounts.",
            Self::ToolIn => {
                "The tool that is called, or gave a result, has one of these names; letter case does not matter."
            }
        }
    }

    /// Whether it takes a list of literals rather than one.
    #[must_use]
    pub const fn takes_list(self) -> bool {
        matches!(self, Self::ChannelIn | Self::AccountIn | Self::ToolIn)
    }

    /// A literal in the form in which two that mean the same are equal: letter case does not tell channels apart, nor tools,
    /// for which blanks around the name do not either.
    pub(super) fn same(self, literal: &str) -> String {
        match self {
            Self::ToolIn => literal.trim().to_ascii_lowercase(),
            Self::ChannelIn => literal.to_ascii_lowercase(),
            Self::Says | Self::Found | Self::AccountIn => literal.to_owned(),
        }
    }

    /// The kinds of event that can be asked.
    #[must_use]
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::ToolIn => &[Kind::ToolCall, Kind::ToolResult],
            _ => &Kind::ALL,
        }
    }
}

/// One question with its literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// What is asked.
    pub ask: Ask,
    /// The literal.
    pub literal: Box<str>,
}

/// All questions of the loaded policies, numbered.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    list: Vec<Question>,
    numbers: HashMap<Question, u16>,
}

/// There are more questions than [`Questions::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyQuestions;

impl fmt::Display for TooManyQuestions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policies ask more than {} different questions", Questions::MAX)
    }
}

impl std::error::Error for TooManyQuestions {}

impl Questions {
    /// How many different questions one chain of policies may ask.
    pub const MAX: usize = 256;

    /// Adds a question, or finds it, and gives its number.
    ///
    /// # Errors
    /// When it would be one question too many.
    pub fn add(&mut self, ask: Ask, literal: &str) -> Result<u16, TooManyQuestions> {
        let question = Question { ask, literal: literal.into() };
        if let Some(number) = self.numbers.get(&question) {
            return Ok(*number);
        }
        if self.list.len() >= Self::MAX {
            return Err(TooManyQuestions);
        }
        let number = u16::try_from(self.list.len()).map_err(|_| TooManyQuestions)?;
        self.list.push(question.clone());
        self.numbers.insert(question, number);
        Ok(number)
    }

    /// The number of a question that was added.
    #[must_use]
    pub fn number(&self, ask: Ask, literal: &str) -> Option<u16> {
        self.numbers.get(&Question { ask, literal: literal.into() }).copied()
    }

    /// All questions with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &Question)> {
        (0..).zip(&self.list)
    }
}
