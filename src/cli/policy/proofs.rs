//! Proofs on the screen and as JSON.

use serde::Serialize;
use serde_json::{Map, Value};
use sluicegate::Kind;
use sluicegate::workbench::prove::{Counterexample, Known, Outcome, Proof, Statement};

use super::chains::Chain;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::paint::{BROKEN, DIM, FOUND, UNDONE};
use crate::cli::visible::cut;

/// Columns of the word before a statement.
const WORD: usize = 11;

/// What became of a statement of a chain, and whether that is a fault.
pub struct Told<'a> {
    pub statement: &'a Statement,
    pub proof: &'a Proof,
    /// Why it may be false.
    pub waived: Option<&'a str>,
}

impl Told<'_> {
    /// One word for it.
    pub fn word(&self) -> &'static str {
        match (&self.proof.outcome, self.waived) {
            (Outcome::Proved, _) => "proved",
            (Outcome::Refuted(_), Some(_)) => "waived",
            (Outcome::Refuted(_), None) => "refuted",
            (Outcome::Empty, _) => "empty",
            _ => "undecided",
        }
    }

    /// Whether the owner has to look at it.
    pub fn is_wrong(&self) -> bool {
        !matches!(self.word(), "proved" | "waived")
    }

    /// Draws it: one line, and below it the event that refutes it.
    pub fn draw(&self, chain: &Chain, output: &mut Output) -> Result<(), Failure> {
        let (word, paint) = (self.word(), output.paint);
        let style = match word {
            "proved" => UNDONE,
            "waived" => DIM,
            "refuted" => FOUND,
            _ => BROKEN,
        };
        let blanks = " ".repeat(WORD.saturating_sub(word.len()));
        let place = match &self.statement.place {
            Some((file, line)) => paint.draw(DIM, &cut(&format!("  {file}:{line}"), 100)),
            None => String::new(),
        };
        let name = cut(&self.statement.name, 200);
        output.line(&format!("  {}{blanks}{name}{place}", paint.draw(style, word)))?;
        let below = |text: &str| format!("  {}{}", " ".repeat(WORD), cut(text, 500));
        match (&self.proof.outcome, self.waived) {
            (Outcome::Refuted(_), Some(reason)) => output.line(&paint.draw(DIM, &below(&format!("since {reason}")))),
            (Outcome::Refuted(example), None) => {
                for line in told(example, chain) {
                    output.line(&below(&line))?;
                }
                match self.statement.invariant {
                    Some(name) => {
                        output.line(&below(&format!("if that is meant: `// waive: {name}, since …` in the policy")))
                    }
                    None => Ok(()),
                }
            }
            (Outcome::Proved, Some(_)) => output.line(&below("it is waived and need not be: take the `// waive:` out")),
            (Outcome::Undecided(reason), _) => output.line(&below(&format!("{reason}; nothing is known of the rest"))),
            (Outcome::Empty, _) => output.line(&below("no event is like that, so nothing is said; look at its `when`")),
            _ => Ok(()),
        }
    }
}

/// An event that refutes a statement, in words.
fn told(example: &Counterexample, chain: &Chain) -> Vec<String> {
    let Counterexample { facts, ruling, known, .. } = example;
    let kind = match facts.kind() {
        Kind::Message => "message",
        Kind::Reply => "reply",
        Kind::ToolCall => "tool call",
        Kind::ToolResult => "tool result",
    };
    let mut lines = vec![format!("a {kind} with")];
    let striking = known.iter().filter(|known| !known.is_plain());
    lines.extend(striking.map(|known| format!("    {} {}", known.name(), known.value())));
    let plain: Vec<String> = known.iter().filter(|known| known.is_plain()).map(Known::name).collect();
    if !plain.is_empty() {
        lines.push(format!("    and no {}", plain.join(", ")));
    }
    let what = match (&ruling.failure, ruling.decision.name()) {
        (Some(failure), _) => format!("makes the policy fail: {failure}"),
        (None, decision) => {
            let reason = if ruling.reason.is_empty() { String::new() } else { format!(", \"{}\"", ruling.reason) };
            let reply = ruling.reply.as_ref().map(|reply| format!(", and answered \"{reply}\"")).unwrap_or_default();
            format!("is decided with {decision}{reason}{reply}")
        }
    };
    let (Some(file), Some(line)) = (&ruling.policy, ruling.line) else {
        lines.push(what);
        return lines;
    };
    lines.push(format!("{what} at {file}:{line}:{}", ruling.column.unwrap_or_default()));
    lines.extend(chain.line(file, line).map(|text| format!("    {line} | {text}")));
    lines
}

/// A statement with what became of it, as JSON.
#[derive(Serialize)]
pub struct Listed<'a> {
    policies: Vec<&'a str>,
    statement: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invariant: Option<&'static str>,
    outcome: &'static str,
    /// Why it is waived, or not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    paths: u64,
    relations: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    counterexample: Option<Shown<'a>>,
    /// Milliseconds that it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<f64>,
}

#[derive(Serialize)]
struct Shown<'a> {
    kind: Kind,
    facts: Map<String, Value>,
    decision: &'static str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

impl<'a> Listed<'a> {
    pub fn new(told: &Told<'a>, chain: &'a Chain) -> Self {
        let (statement, proof) = (told.statement, told.proof);
        Self {
            policies: chain.names(),
            statement: &statement.name,
            invariant: statement.invariant,
            outcome: told.word(),
            why: match &proof.outcome {
                Outcome::Undecided(reason) => Some(reason),
                _ => told.waived,
            },
            paths: proof.paths,
            relations: &proof.relations,
            counterexample: match &proof.outcome {
                Outcome::Refuted(example) => Some(Shown::new(example, chain)),
                _ => None,
            },
            ms: None,
        }
    }
}

impl<'a> Shown<'a> {
    fn new(example: &'a Counterexample, chain: &'a Chain) -> Self {
        let ruling = &example.ruling;
        let fact = |known: &Known| {
            let value = match known {
                Known::Fact(_, value) if known.value() == value.to_string() => Value::from(*value),
                known => Value::from(known.value() == "yes"),
            };
            (known.name(), value)
        };
        Self {
            kind: example.facts.kind(),
            facts: example.known.iter().map(fact).collect(),
            decision: ruling.decision.name(),
            reason: &ruling.reason,
            reply: ruling.reply.as_deref(),
            failure: ruling.failure.as_deref(),
            policy: ruling.policy.as_deref(),
            line: ruling.line,
            column: ruling.column,
            source: ruling.policy.as_deref().zip(ruling.line).and_then(|(file, line)| chain.line(file, line)),
        }
    }
}
