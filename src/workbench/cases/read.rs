//! Tables of a case file, read key by key, with the place of every fault.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::code;
use crate::diagnostic::{Diagnostic, Source};

/// Faults that are shown of one file. Each carries its line, so a file that is one long fault could fill the memory.
const MOST: usize = 50;

/// The faults of one file.
pub(super) struct Faults<'s> {
    pub(super) source: &'s Source,
    list: Vec<Diagnostic>,
    /// Byte offsets of the ends of lines: counting lines from the top for every place would make a large file quadratic.
    ends: Vec<usize>,
}

impl<'s> Faults<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        let ends = source.text.match_indices('\n').map(|(at, _)| at).collect();
        Self { source, list: Vec::new(), ends }
    }

    pub(super) fn line(&self, at: usize) -> u32 {
        u32::try_from(self.ends.partition_point(|end| *end < at) + 1).unwrap_or(u32::MAX)
    }

    /// A fault at a byte of the file.
    pub(super) fn at(&self, code: &'static str, at: usize, message: impl Into<String>) -> Diagnostic {
        let fault = Diagnostic::error(code, &self.source.name, message);
        if self.list.len() >= MOST { fault } else { fault.at_byte(&self.source.text, at) }
    }

    pub(super) fn push(&mut self, fault: Diagnostic) {
        if self.list.len() < MOST {
            self.list.push(fault);
        }
    }

    pub(super) fn add(&mut self, code: &'static str, at: usize, message: impl Into<String>) {
        self.push(self.at(code, at, message));
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All faults, in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|fault| (fault.line, fault.column));
        self.list
    }
}

/// A key with its place, and its value.
pub(super) type Entry<'t> = (&'t str, usize, &'t Spanned<DeValue<'t>>);

/// A table: every key is taken once, and what nobody takes is unknown.
pub(super) struct Table<'t> {
    entries: Vec<(&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>)>,
    known: Vec<&'static str>,
    /// Where it stands.
    pub(super) start: usize,
}

impl<'t> Table<'t> {
    pub(super) fn new(table: &'t DeTable<'t>, start: usize) -> Self {
        Self { entries: table.iter().collect(), known: Vec::new(), start }
    }

    /// The value as a table; a fault if it is something else.
    pub(super) fn of(value: &'t Spanned<DeValue<'t>>, what: &str, faults: &mut Faults<'_>) -> Option<Self> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(table, value.span().start)),
            other => {
                let message = format!("{what} is a table, `{{ … }}`, not {}", kind(other));
                faults.add(code::SHAPE, value.span().start, message);
                None
            }
        }
    }

    /// Takes a key.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.push(key);
        let place = self.entries.iter().position(|(name, _)| name.get_ref() == key)?;
        Some(self.entries.swap_remove(place).1)
    }

    pub(super) fn text(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<(&'t str, usize)> {
        let value = self.take(key)?;
        text(value, key, faults)
    }

    pub(super) fn bool(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<bool> {
        let value = self.take(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            let message = format!("`{key}` is true or false, not {}", kind(value.get_ref()));
            faults.add(code::SHAPE, value.span().start, message);
        }
        found
    }

    pub(super) fn number(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<(u64, usize)> {
        let value = self.take(key)?;
        let found = number(value.get_ref());
        if found.is_none() {
            let message = format!("`{key}` is a whole number, not {}", kind(value.get_ref()));
            faults.add(code::SHAPE, value.span().start, message);
        }
        found.map(|number| (number, value.span().start))
    }

    /// A list of texts; one text stands for a list of one.
    pub(super) fn texts(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Vec<(&'t str, usize)>> {
        self.take(key).map(|value| texts(value, key, faults))
    }

    /// Every key that nobody took.
    pub(super) fn rest(self) -> (Vec<Entry<'t>>, Vec<&'static str>) {
        let entry = |(name, value): (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>)| {
            (name.get_ref().as_ref(), name.span().start, value)
        };
        (self.entries.into_iter().map(entry).collect(), self.known)
    }

    /// Every key that nobody took is a fault. `what` names the table.
    pub(super) fn end(self, what: &str, faults: &mut Faults<'_>) {
        let (rest, known) = self.rest();
        for (name, at, _) in rest {
            let fault = faults.at(code::SHAPE, at, format!("{what} has no key `{name}`"));
            let listed = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            faults.push(fault.help(format!("there are {listed}")).did_you_mean(name, known.iter().copied()));
        }
    }
}

/// The value as a text; a fault if it is something else.
pub(super) fn text<'t>(
    value: &'t Spanned<DeValue<'t>>,
    key: &str,
    faults: &mut Faults<'_>,
) -> Option<(&'t str, usize)> {
    let found = value.get_ref().as_str();
    if found.is_none() {
        let message = format!("`{key}` is a text, not {}", kind(value.get_ref()));
        faults.add(code::SHAPE, value.span().start, message);
    }
    found.map(|text| (text, value.span().start))
}

/// The value as a list of texts; one text stands for a list of one.
pub(super) fn texts<'t>(value: &'t Spanned<DeValue<'t>>, key: &str, faults: &mut Faults<'_>) -> Vec<(&'t str, usize)> {
    match value.get_ref() {
        DeValue::Array(list) => list.iter().filter_map(|entry| text(entry, key, faults)).collect(),
        DeValue::String(_) => text(value, key, faults).into_iter().collect(),
        other => {
            let message = format!("`{key}` is a list of texts, `[\"…\"]`, not {}", kind(other));
            faults.add(code::SHAPE, value.span().start, message);
            Vec::new()
        }
    }
}

/// The value as a number that is not negative; none if it is something else.
pub(in crate::workbench) fn number(value: &DeValue<'_>) -> Option<u64> {
    let number = value.as_integer()?;
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// What a value is, for a message.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(number) if number.as_str().starts_with('-') => "a negative number",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Milliseconds of `30s`, `10m`, `2h` or `1d`, at most 30 days.
pub(super) fn duration(written: &str) -> Option<u64> {
    const LONGEST: u64 = 30 * 24 * 60 * 60 * 1_000;
    let unit = match written.chars().next_back()? {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        _ => return None,
    };
    let digits = written.get(..written.len() - 1).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|length| *length <= LONGEST)
}
