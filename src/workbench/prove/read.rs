//! Reading `[[prove]]` of a file of cases.

use std::borrow::Cow;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::code;
use super::statement::{Claim, Condition, Statement};
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::event::Kind;
use crate::facts::{Ask, Domain, FactId, TABLE};
use crate::verdict::{Category, Decision};
use crate::workbench::cases::read::number;

/// Statements of one file.
const MOST: usize = 200;
/// Faults that are shown of one file.
const MOST_FAULTS: usize = 50;

type Value<'t> = Spanned<DeValue<'t>>;

/// The standings that `sender` may name, each with the fact that it makes true.
const STANDINGS: [(&str, FactId); 5] = [
    ("owner", FactId::SenderOwner),
    ("approved", FactId::SenderApproved),
    ("pending", FactId::SenderPending),
    ("blocked", FactId::SenderBlocked),
    ("unknown", FactId::SenderUnknown),
];

/// The statements of a file of cases: its `[[prove]]` tables, in their order. Everything else in the file is left to whom it
/// concerns. How a statement is written stands in the [module](super).
///
/// # Errors
/// All faults of the statements, each with its place: `C001` to `C007`, `C013` and `C020`.
pub fn statements(source: &Source) -> Result<Vec<Statement>, LoadError> {
    let root = DeTable::parse(&source.text)
        .map_err(|error| Diagnostic::toml(code::SYNTAX, &source.name, &source.text, &error, []))?;
    let mut reader = Reader { source, faults: Vec::new() };
    let mut statements: Vec<Statement> = Vec::new();
    if let Some(format) = root.get_ref().get("format").filter(|format| number(format.get_ref()) != Some(1)) {
        reader.fault(code::FORMAT, format.span().start, "this version reads format 1", "write `format = 1`");
    }
    match root.get_ref().get("prove").map(Spanned::get_ref) {
        None => {}
        Some(DeValue::Array(list)) if list.len() > MOST => {
            let message = format!("a file has at most {MOST} statements, not {}", list.len());
            reader.fault(code::SHAPE, 0, message, "spread them over several files");
        }
        Some(DeValue::Array(list)) => {
            for value in list {
                let Some(statement) = reader.statement(value) else { continue };
                if statements.iter().any(|other| other.name == statement.name) {
                    let message = format!("there are two statements `{}`", statement.name);
                    reader.fault(code::NAME, value.span().start, message, "give each a name of its own");
                }
                statements.push(statement);
            }
        }
        Some(_) => reader.fault(code::SHAPE, 0, "`prove` is no list", "a statement begins with the line `[[prove]]`"),
    }
    if reader.faults.is_empty() { Ok(statements) } else { Err(reader.faults.into()) }
}

/// The policies that a file of cases names: `policy = "personal.rhai"`, or a list of them.
///
/// # Errors
/// `C001` where it is no TOML. What else may be wrong with the names is told by whoever reads the cases.
pub fn policies(source: &Source) -> Result<Vec<String>, LoadError> {
    let root = DeTable::parse(&source.text)
        .map_err(|error| Diagnostic::toml(code::SYNTAX, &source.name, &source.text, &error, []))?;
    let text = |value: &Value| value.get_ref().as_str().map(str::to_owned);
    Ok(match root.get_ref().get("policy") {
        None => Vec::new(),
        Some(value) => match value.get_ref() {
            DeValue::Array(list) => list.iter().filter_map(text).collect(),
            _ => text(value).into_iter().collect(),
        },
    })
}

struct Reader<'s> {
    source: &'s Source,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fault(&mut self, code: &'static str, at: usize, message: impl Into<String>, help: impl Into<String>) {
        // To find a place means to count lines, so what is not shown gets none.
        if self.faults.len() < MOST_FAULTS {
            self.push(Diagnostic::error(code, &self.source.name, message).at_byte(&self.source.text, at).help(help));
        }
    }

    fn push(&mut self, fault: Diagnostic) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    /// A name that is none of `known`.
    fn unknown<'a>(
        &mut self,
        code: &'static str,
        at: usize,
        message: String,
        given: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        if self.faults.len() >= MOST_FAULTS {
            return;
        }
        let fault = Diagnostic::error(code, &self.source.name, message).at_byte(&self.source.text, at);
        let listed = known.clone().into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let fault = if listed.len() > 20 {
            fault.help("`sluicegate policy facts` lists all facts")
        } else {
            fault.help(format!("there are {}", listed.join(", ")))
        };
        self.push(fault.did_you_mean(given, known));
    }

    fn statement(&mut self, value: &Value) -> Option<Statement> {
        const KEYS: [&str; 6] = ["name", "when", "never", "always", "never_replies", "never_fails"];
        let DeValue::Table(table) = value.get_ref() else {
            self.fault(code::SHAPE, value.span().start, "this is no statement", "write `[[prove]]` and `name = \"…\"`");
            return None;
        };
        if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(&&**key.get_ref())) {
            let message = format!("a statement has no key `{}`", key.get_ref());
            self.unknown(code::SHAPE, key.span().start, message, key.get_ref(), KEYS);
        }
        let start = value.span().start;
        let name = match table.get("name").map(|name| (name.get_ref().as_str(), name.span().start)) {
            Some((Some(name), _)) if !name.trim().is_empty() => name.trim().to_owned(),
            Some((_, at)) => {
                self.fault(code::NAME, at, "a name is a text", "say what must hold: `name = \"strangers wait\"`");
                return None;
            }
            None => {
                self.fault(
                    code::NAME,
                    start,
                    "a statement has no name",
                    "say what must hold: `name = \"strangers wait\"`",
                );
                return None;
            }
        };
        let claim = Claim {
            never: self.decisions(table.get("never")),
            always: self.decisions(table.get("always")),
            never_replies: self.flag("never_replies", table.get("never_replies")),
            never_fails: self.flag("never_fails", table.get("never_fails")),
        };
        if claim.is_empty() {
            let help = "write what must never be decided, `never = \"allow\"`, or what always, `always = \"drop\"`";
            self.fault(code::CLAIM, start, format!("`{name}` claims nothing"), help);
        }
        let (kinds, when) = self.when(table.get("when"));
        let line = self.source.text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let place = Some((Arc::clone(&self.source.name), u32::try_from(line).unwrap_or(u32::MAX)));
        Some(Statement { name, invariant: None, kinds, when, claim, place })
    }

    fn flag(&mut self, key: &str, value: Option<&Value>) -> bool {
        let Some(value) = value else { return false };
        let yes = value.get_ref().as_bool() == Some(true);
        if !yes {
            let help = "leave the line out if nothing is claimed";
            self.fault(code::SHAPE, value.span().start, format!("`{key}` can only be true"), help);
        }
        yes
    }

    fn decisions(&mut self, value: Option<&Value>) -> Vec<Decision> {
        let mut found = Vec::new();
        for (name, at) in value.map(|value| self.texts(value)).unwrap_or_default() {
            const ALL: [Decision; 3] = [Decision::Allow, Decision::Drop, Decision::Hold];
            match ALL.into_iter().find(|decision| decision.name() == name) {
                Some(decision) => found.push(decision),
                None => {
                    let message = format!("there is no decision `{name}`");
                    self.unknown(code::VALUE, at, message, name, ALL.map(Decision::name));
                }
            }
        }
        found
    }

    /// The texts of a list; one text stands for a list of one.
    fn texts<'t>(&mut self, value: &'t Value<'t>) -> Vec<(&'t str, usize)> {
        let one = |value: &'t Value<'t>| value.get_ref().as_str().map(|text| (text, value.span().start));
        let list: Option<Vec<_>> = match value.get_ref() {
            DeValue::Array(list) if !list.is_empty() => list.iter().map(one).collect(),
            _ => one(value).map(|one| vec![one]),
        };
        if list.is_none() {
            self.fault(code::SHAPE, value.span().start, "this is a text or a list of texts", "write `[\"…\", \"…\"]`");
        }
        list.unwrap_or_default()
    }

    fn when(&mut self, value: Option<&Value>) -> (Vec<Kind>, Vec<Condition>) {
        let Some(value) = value else { return (Kind::ALL.to_vec(), Vec::new()) };
        let DeValue::Table(table) = value.get_ref() else {
            let help = "write `when = { kind = \"message\", sender_blocked = true }`";
            self.fault(code::SHAPE, value.span().start, "`when` is a table", help);
            return (Kind::ALL.to_vec(), Vec::new());
        };
        let named = table.get("kind").map(|value| self.kinds(value));
        let mut kinds = named.clone().unwrap_or_else(|| Kind::ALL.to_vec());
        let mut when = Vec::new();
        for (key, value) in table.iter().filter(|(key, _)| key.get_ref() != "kind") {
            let Some((condition, of)) = self.condition(key, value) else { continue };
            when.push(condition);
            let other = kinds.iter().find(|kind| !of.contains(kind)).copied();
            if let (Some(other), Some(_)) = (other, &named) {
                let names: Vec<&str> = of.iter().map(|kind| kind.name()).collect();
                let message = format!("`{}` is no fact of a {}", key.get_ref(), other.name());
                self.fault(code::OTHER_KIND, key.span().start, message, format!("it is one of: {}", names.join(", ")));
            }
            kinds.retain(|kind| of.contains(kind));
        }
        if kinds.is_empty() && named.is_none() {
            let message = "no kind of event has all of these facts";
            self.fault(code::OTHER_KIND, value.span().start, message, "make one statement of each kind");
        }
        (kinds, when)
    }

    fn kinds(&mut self, value: &Value) -> Vec<Kind> {
        let mut kinds = Vec::new();
        for (name, at) in self.texts(value) {
            match Kind::ALL.into_iter().find(|kind| kind.name() == name) {
                Some(kind) => kinds.push(kind),
                None => {
                    let message = format!("there is no kind of event `{name}`");
                    self.unknown(code::VALUE, at, message, name, Kind::ALL.map(Kind::name));
                }
            }
        }
        kinds
    }

    /// One condition, and the kinds of event that have the fact.
    fn condition(&mut self, key: &Spanned<Cow<str>>, value: &Value) -> Option<(Condition, &'static [Kind])> {
        let name: &str = key.get_ref();
        if name == "sender" {
            return self.standing(value).map(|condition| (condition, &Kind::ALL as &[Kind]));
        }
        if let Some(ask) = Ask::ALL.into_iter().find(|ask| ask.name() == name) {
            return self.question(ask, value).map(|condition| (condition, ask.kinds()));
        }
        let Some(fact) = FactId::by_name(name) else {
            let names = TABLE.iter().map(|fact| fact.name).chain(Ask::ALL.map(Ask::name)).chain(["kind", "sender"]);
            self.unknown(code::UNKNOWN_FACT, key.span().start, format!("there is no fact `{name}`"), name, names);
            return None;
        };
        let values = match fact.entry().domain {
            Domain::Bool => self.yes_or_no(name, value)?,
            Domain::Number(edges) => self.range(name, value, edges)?,
        };
        Some((Condition::Fact(fact, values), fact.entry().kinds))
    }

    fn standing(&mut self, value: &Value) -> Option<Condition> {
        let (at, name) = (value.span().start, value.get_ref().as_str().unwrap_or_default());
        match STANDINGS.iter().find(|(standing, _)| *standing == name) {
            Some((_, fact)) => Some(Condition::Fact(*fact, vec![1])),
            None => {
                let message = format!("there is no standing `{name}`");
                self.unknown(code::VALUE, at, message, name, STANDINGS.map(|(standing, _)| standing));
                None
            }
        }
    }

    fn question(&mut self, ask: Ask, value: &Value) -> Option<Condition> {
        let none_of = match value.get_ref() {
            DeValue::Table(table) => match table.get("none_of") {
                Some(list) if table.len() == 1 => Some(list),
                _ => {
                    let help = format!("write `{0} = [\"…\"]` or `{0} = {{ none_of = [\"…\"] }}`", ask.name());
                    self.fault(code::SHAPE, value.span().start, "this is no list of texts", help);
                    return None;
                }
            },
            _ => None,
        };
        let written = self.texts(none_of.unwrap_or(value));
        if ask == Ask::Found {
            for (name, at) in &written {
                if !Category::ALL.iter().any(|category| category.name() == *name) {
                    let message = format!("there is no category `{name}`");
                    self.unknown(code::VALUE, *at, message, name, Category::ALL.map(Category::name));
                    return None;
                }
            }
        }
        let literals: Vec<Box<str>> = written.into_iter().map(|(text, _)| text.into()).collect();
        if literals.is_empty() {
            return None;
        }
        Some(match (none_of, ask.takes_list()) {
            (Some(_), _) => Condition::Each(ask, literals, false),
            (None, true) => Condition::Any(ask, literals),
            (None, false) => Condition::Each(ask, literals, true),
        })
    }

    fn yes_or_no(&mut self, name: &str, value: &Value) -> Option<Vec<u16>> {
        let yes = value.get_ref().as_bool();
        if yes.is_none() {
            let help = format!("write `{name} = true` or `{name} = false`");
            self.fault(code::SHAPE, value.span().start, format!("`{name}` is yes or no"), help);
        }
        yes.map(|yes| vec![u16::from(yes)])
    }

    fn range(&mut self, name: &str, value: &Value, edges: &'static [u16]) -> Option<Vec<u16>> {
        const KEYS: [&str; 2] = ["at_least", "at_most"];
        let DeValue::Table(table) = value.get_ref() else {
            return self.edge(name, value, edges).map(|only| vec![only]);
        };
        if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(&&**key.get_ref())) {
            let message = format!("a number has no condition `{}`", key.get_ref());
            self.unknown(code::SHAPE, key.span().start, message, key.get_ref(), KEYS);
            return None;
        }
        let [least, most] = KEYS.map(|key| table.get(key).map(|value| self.edge(name, value, edges)));
        let least = least.unwrap_or_else(|| edges.first().copied())?;
        let most = most.unwrap_or_else(|| edges.last().copied())?;
        let values: Vec<u16> = edges.iter().copied().filter(|value| (least..=most).contains(value)).collect();
        if values.is_empty() {
            let message = format!("`{name}` cannot be at least {least} and at most {most}");
            self.fault(code::VALUE, value.span().start, message, "exchange the two numbers");
            return None;
        }
        Some(values)
    }

    /// A value of the domain.
    fn edge(&mut self, name: &str, value: &Value, edges: &[u16]) -> Option<u16> {
        let given = number(value.get_ref());
        let known = given.and_then(|given| edges.iter().copied().find(|edge| u64::from(*edge) == given));
        if known.is_none() {
            let last = edges.last().copied().unwrap_or_default();
            let help = if edges.len() == usize::from(last) + 1 {
                format!("it is a whole number from 0 to {last}, or `{{ at_least = … }}`")
            } else {
                let listed: Vec<String> = edges.iter().map(u16::to_string).collect();
                format!("it is rounded down to {}", listed.join(", "))
            };
            self.fault(code::VALUE, value.span().start, format!("`{name}` never has this value"), help);
        }
        known
    }
}

#[cfg(test)]
mod tests;
