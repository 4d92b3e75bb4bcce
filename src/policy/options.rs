//! The options of a call: `hold("…", #{expires: "10m"})`.

use std::sync::Arc;

use super::call::Call;
use crate::diagnostic::nearest;
use crate::event::Kind;
use crate::verdict::Category;

/// The longest time that a policy may let an event wait: 30 days, in milliseconds.
const LONGEST_HOLD: u64 = 30 * 24 * 60 * 60 * 1000;

/// The options of one call, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) reply: Option<Arc<str>>,
    pub(super) expires_ms: Option<u64>,
    pub(super) redact: Vec<Category>,
    pub(super) replace: Option<Arc<str>>,
}

/// A value as a policy writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<Value>),
    /// Something that is neither, by its kind: `a number`.
    Other(&'static str),
    /// Known only when the policy runs.
    Unknown,
}

/// What is wrong with an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Whether a category is unknown, which has a code of its own.
    pub(super) category: bool,
}

impl Fault {
    fn new(message: String, help: impl Into<Option<String>>) -> Self {
        Self { message, help: help.into(), category: false }
    }
}

impl Options {
    /// Sets the option `name` of `call`, in a hook for one of `kinds`. The lint and the running policy both come through
    /// here, so that what is refused is the same; only the lint meets [`Value::Unknown`], of which it checks the name.
    pub(super) fn set(&mut self, call: Call, kinds: &[Kind], name: &str, value: &Value) -> Result<(), Fault> {
        if !call.options().contains(&name) {
            let message = format!("`{}` has no option `{name}`", call.name());
            let help = match nearest(name, call.options().iter().copied()) {
                Some(known) => Some(format!("did you mean `{known}`?")),
                None if call.options().is_empty() => None,
                None => Some(format!("it has {}", listed(call.options()))),
            };
            return Err(Fault::new(message, help));
        }
        match name {
            "reply" => self.reply = text(name, value)?,
            "replace" => {
                if kinds.iter().any(|kind| *kind != Kind::Reply) {
                    let help = "only a reply of the agent can be replaced, in `on_reply`".to_owned();
                    return Err(Fault::new("`replace` is for replies".to_owned(), help));
                }
                self.replace = text(name, value)?;
            }
            "expires" => {
                if let Some(written) = text(name, value)? {
                    self.expires_ms = Some(duration(&written)?);
                }
            }
            _ => self.redact = categories(value)?,
        }
        Ok(())
    }
}

/// A text that is not empty; none where it is not known yet.
fn text(name: &str, value: &Value) -> Result<Option<Arc<str>>, Fault> {
    match value {
        Value::Unknown => Ok(None),
        Value::Text(text) if !text.is_empty() => Ok(Some(Arc::from(text.as_str()))),
        Value::Text(_) => Err(Fault::new(format!("`{name}` is empty"), None)),
        Value::List(_) => Err(Fault::new(format!("`{name}` is a text, not a list"), None)),
        Value::Other(other) => Err(Fault::new(format!("`{name}` is a text, not {other}"), None)),
    }
}

/// The categories to black out.
fn categories(value: &Value) -> Result<Vec<Category>, Fault> {
    let example = || "write `redact: [\"secret\", \"personal\"]`".to_owned();
    let list = match value {
        Value::List(list) if !list.is_empty() => list,
        Value::Unknown => return Ok(Vec::new()),
        _ => return Err(Fault::new("`redact` is a list of categories".to_owned(), example())),
    };
    let mut found = Vec::new();
    for entry in list {
        match entry {
            Value::Text(name) => found.push(category(name)?),
            Value::Unknown => {}
            _ => return Err(Fault::new("`redact` is a list of categories".to_owned(), example())),
        }
    }
    Ok(found)
}

/// The category with this name.
pub(super) fn category(name: &str) -> Result<Category, Fault> {
    Category::ALL.into_iter().find(|category| category.name() == name).ok_or_else(|| {
        let help = match nearest(name, Category::ALL.map(Category::name)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("there are {}", listed(&Category::ALL.map(Category::name))),
        };
        Fault { message: format!("there is no category `{name}`"), help: Some(help), category: true }
    })
}

/// Milliseconds of `30s`, `10m`, `2h` or `1d`.
fn duration(written: &str) -> Result<u64, Fault> {
    let fault = |message: &str| {
        let help = "write a number and a unit: `30s`, `10m`, `2h` or `1d`".to_owned();
        Fault::new(format!("`expires: \"{}\"` {message}", written.escape_debug()), help)
    };
    let unit = match written.chars().next_back() {
        Some('s') => 1_000,
        Some('m') => 60_000,
        Some('h') => 3_600_000,
        Some('d') => 86_400_000,
        _ => return Err(fault("is no length of time")),
    };
    let digits = written.get(..written.len() - 1).unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault("is no length of time"));
    }
    match digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)) {
        Some(0) => Err(fault("is no time at all")),
        Some(length) if length <= LONGEST_HOLD => Ok(length),
        _ => Err(fault("is longer than 30 days")),
    }
}

/// Names in backticks, for a help.
fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_a_number_and_a_unit() {
        let cases = [
            ("30s", Some(30_000)),
            ("10m", Some(600_000)),
            ("2h", Some(7_200_000)),
            ("1d", Some(86_400_000)),
            ("30d", Some(LONGEST_HOLD)),
            ("31d", None),
            ("0m", None),
            ("", None),
            ("m", None),
            ("10", None),
            ("-1m", None),
            ("+1m", None),
            ("1.5h", None),
            ("10 m", None),
            ("99999999999999999999d", None),
            ("1000000000000000000d", None),
            ("5µ", None),
        ];
        for (written, expected) in cases {
            assert_eq!(duration(written).ok(), expected, "{written:?}");
        }
    }
}
