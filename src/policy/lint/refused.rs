//! What policies cannot do.

/// A construct of Rhai that policies cannot use, because a table of facts to decisions needs none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Refused {
    Loop,
    Closure,
    This,
    Index,
    List,
    Options,
    Template,
    Assignment,
    Parts,
    In,
    Range,
    Switch,
    TypedFunction,
    Import,
    Eval,
    Print,
    Reserved,
}

impl Refused {
    /// What is wrong, and how it is done instead.
    pub(in crate::policy) const fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::Loop => (
                "a policy has no loops, so that it always comes to an end",
                "ask the facts one by one, or with a list: `c.tool_in([\"bash\"])`",
            ),
            Self::Closure => {
                ("a policy needs no anonymous functions", "give it a name: `fn trusted(m) { m.sender_approved }`")
            }
            Self::This => ("a policy has no `this`", "hand the event to the helper: `trusted(m)`"),
            Self::Index => ("a policy has no lists to take from", "facts are read by name: `m.score`"),
            Self::List => (
                "a list stands only in a question or in `redact`",
                "write it where it is asked: `m.channel_in([\"whatsapp\"])`",
            ),
            Self::Options => {
                ("options stand only in the call that they are for", "write `drop(\"…\", #{reply: \"…\"})`")
            }
            Self::Template => (
                "a text of a policy has no `${…}` in it",
                "write a fixed text; the verdict shows score and findings by itself",
            ),
            Self::Assignment => ("facts cannot be changed", "copy it first: `let score = m.score;`"),
            Self::Parts => ("only the event has facts, and facts have no parts", "write `m.score`"),
            Self::In => ("a policy has no `in`", "compare with `>=` and `<=`, or ask: `m.channel_in([\"whatsapp\"])`"),
            Self::Range => ("a policy has no ranges", "compare with both ends: `m.score >= 3 && m.score <= 5`"),
            // A case of another type than the value would never fit, without an error.
            Self::Switch => {
                ("a policy has no `switch`", "write one `if` after the other; the first decision ends the policy")
            }
            Self::TypedFunction => ("a helper belongs to no type", "write `fn trusted(m) { … }` and call `trusted(m)`"),
            Self::Import => {
                ("a policy cannot import anything", "put it into the same file, or into the chain of policies")
            }
            Self::Eval => ("a policy cannot run text as code", "write the code itself"),
            Self::Print => ("a policy cannot print", "the reason of `drop` and `hold` is what the owner sees"),
            Self::Reserved => ("this word is not part of the language of policies", "choose another name"),
        }
    }

    /// The construct behind a word that the parser did not take.
    pub(in crate::policy) fn word(word: &str) -> Self {
        match word {
            "eval" => Self::Eval,
            "print" | "debug" => Self::Print,
            "import" | "export" | "use" | "module" | "::" => Self::Import,
            "this" => Self::This,
            "goto" => Self::Loop,
            _ => Self::Reserved,
        }
    }
}
