//! A file of cases.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::case::{Case, Given, GivenFacts};
use super::code;
use super::expected::{About, Expected};
use super::given::Written;
use super::happening::{Happenings, read_kind};
use super::read::{self, Faults, Table};
use crate::config::{DEFAULTS, Settings};
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::event::Kind;

/// Bytes of one file of cases.
const MOST_BYTES: usize = 1 << 20;
/// Cases of one file.
const MOST_CASES: usize = 2_000;
/// Events of one case.
const MOST_EVENTS: usize = 200;
/// Files in the chain of policies.
const MOST_POLICIES: usize = 16;

/// A file of cases for one policy, or for one chain of them. See the [module](super) for how it is written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CaseFile {
    /// The file as it was read.
    pub source: Source,
    /// The policies that it tests, as it names them: the first is asked first.
    pub policies: Vec<String>,
    /// The settings that its events are judged under: the defaults, with what the file says.
    pub settings: Settings,
    /// The cases, in the order of the file.
    pub cases: Vec<Case>,
    /// Where each policy is named, in bytes.
    pub(super) named_at: Vec<usize>,
}

impl CaseFile {
    /// Reads a file of cases. Nothing is tried yet, and no policy is read.
    ///
    /// # Errors
    /// All faults of the file, each with its place: codes `C001` to `C015`, and `S001` and `S003` for its settings.
    pub fn load(source: &Source) -> Result<Self, LoadError> {
        if source.text.len() > MOST_BYTES {
            let message = format!("the file has {} bytes; {MOST_BYTES} are allowed", source.text.len());
            return Err(Diagnostic::error(code::TOO_LARGE, &source.name, message).into());
        }
        let root = DeTable::parse(&source.text)
            .map_err(|error| Diagnostic::toml(code::SYNTAX, &source.name, &source.text, &error, []))?;
        let mut faults = Faults::new(source);
        let file = read_file(Table::new(root.get_ref(), 0), &mut faults);
        match file {
            Some(file) if faults.is_empty() => Ok(file),
            _ => Err(faults.finish().into()),
        }
    }

    /// Says that the policy with this number in [`policies`](Self::policies) could not be found; `known` are those that
    /// could.
    #[must_use]
    pub fn no_such_policy<'a>(&self, number: usize, known: impl IntoIterator<Item = &'a str>) -> LoadError {
        let name = self.policies.get(number).map_or("", String::as_str);
        let known: Vec<&str> = known.into_iter().collect();
        let fault = Diagnostic::error(code::POLICY, &self.source.name, format!("there is no policy `{name}`"))
            .at_byte(&self.source.text, self.named_at.get(number).copied().unwrap_or_default());
        let help = match known.as_slice() {
            [] => "policies are looked for beside the cases and in the folder above".to_owned(),
            known => format!("there are {}", known.join(", ")),
        };
        fault.help(help).did_you_mean(name, known.iter().copied()).into()
    }
}

/// Reads the whole file; none if something is missing without which nothing makes sense.
fn read_file(mut table: Table<'_>, faults: &mut Faults<'_>) -> Option<CaseFile> {
    match table.number("format", faults) {
        Some((1, _)) => {}
        Some((other, at)) => {
            faults.add(code::FORMAT, at, format!("format {other} is not known; this version reads format 1"));
            return None;
        }
        None if faults.is_empty() => {
            let fault = faults.at(code::FORMAT, 0, "the first line must be `format = 1`");
            faults.push(fault);
        }
        None => {}
    }
    let named = table.texts("policy", faults).unwrap_or_default();
    if named.is_empty() {
        let fault = faults.at(code::POLICY, 0, "the file names no policy to test");
        faults.push(fault.help("write `policy = \"personal.rhai\"` below the first line"));
    }
    if let Some((_, at)) = named.get(MOST_POLICIES) {
        faults.add(code::TOO_LARGE, *at, format!("a chain has at most {MOST_POLICIES} policies"));
    }
    let policies: Vec<String> = named.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut settings =
        table.take("settings").map_or_else(|| Some(Settings::default()), |value| settings(value, faults));
    let cases = table.take("case");
    // Statements to prove stand in the same file; `workbench::prove` reads them.
    let proves = table.take("prove").is_some();
    table.end("a file of cases", faults);
    let mut reader = Cases {
        chain: &policies,
        settings: settings.clone().unwrap_or_default(),
        happenings: Happenings::new(&policies),
        names: HashMap::new(),
        cases: Vec::new(),
    };
    match cases.map(|value| (value.get_ref(), value.span().start)) {
        Some((DeValue::Array(list), at)) => {
            if list.len() > MOST_CASES {
                faults.add(code::TOO_LARGE, at, format!("a file has at most {MOST_CASES} cases, not {}", list.len()));
            }
            for value in list.iter().take(MOST_CASES) {
                reader.case(value, faults);
            }
        }
        Some((other, at)) => {
            let message = format!("cases begin with `[[case]]`, and this is {}", read::kind(other));
            faults.add(code::SHAPE, at, message);
        }
        None if proves => {}
        None => {
            let fault = faults.at(code::GIVEN, 0, "there is no case in the file");
            faults.push(fault.help("a case begins with the line `[[case]]`"));
        }
    }
    let Cases { cases, happenings, .. } = reader;
    if let Some(settings) = &mut settings {
        settings.sender.extend(happenings.people);
    }
    let named_at = named.iter().map(|(_, at)| *at).collect();
    Some(CaseFile { source: faults.source.clone(), policies, settings: settings?, cases, named_at })
}

/// Reads `[settings]`: what `sluicegate.toml` may say of how events are judged.
fn settings(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Option<Settings> {
    const ELSEWHERE: [(&str, &str); 6] = [
        ("format", "the format stands in the first line of the file"),
        ("policies", "write `policy = \"…\"` below the first line of the file"),
        ("rules", "events are judged by the rules of the settings in use"),
        ("key", "cases need no key"),
        ("audit", "cases are never written to the log"),
        ("reply", "no system prompt is guarded while cases are tried"),
    ];
    let mut table = Table::of(value, "`settings`", faults)?;
    let mut refused = false;
    for (key, help) in ELSEWHERE {
        if let Some(value) = table.take(key) {
            let fault =
                faults.at(code::SETTINGS, value.span().start, format!("`{key}` has no place in a file of cases"));
            faults.push(fault.help(help));
            refused = true;
        }
    }
    if refused {
        return None;
    }
    let read = Settings::deserialize(ValueDeserializer::from(value.clone()));
    match read {
        Ok(settings) => match settings.out_of_range() {
            None => Some(settings),
            Some((_, message)) => {
                faults.add("S003", value.span().start, message);
                None
            }
        },
        Err(error) => {
            let (name, text) = (&faults.source.name, &faults.source.text);
            let keys = DEFAULTS.iter().map(|default| default.name());
            let mut fault = Diagnostic::toml("S001", name, text, &error, keys);
            if fault.line == 0 {
                fault = fault.at_byte(text, value.span().start);
            }
            faults.push(fault);
            None
        }
    }
}

/// Reads the cases.
struct Cases<'c> {
    chain: &'c [String],
    settings: Settings,
    happenings: Happenings<'c>,
    /// The line where each name was given first.
    names: HashMap<Arc<str>, u32>,
    cases: Vec<Case>,
}

impl Cases<'_> {
    fn case(&mut self, value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) {
        let start = value.span().start;
        let Some(mut table) = Table::of(value, "a case", faults) else { return };
        let line = faults.line(start);
        let name = self.name(table.text("name", faults), start, line, faults);
        let kind = table.text("kind", faults);
        let (facts, event, events) = (table.take("facts"), table.take("event"), table.take("events"));
        let expected = table.take("expect");
        table.end("a case", faults);
        let given = match (facts, event, events) {
            (facts, None, None) if facts.is_some() || kind.is_some() => {
                self.facts(kind, facts, expected, start, faults)
            }
            (None, Some(event), None) => self.events(&[event], kind, expected, start, faults),
            (None, None, Some(events)) => match events.get_ref().as_array() {
                Some(list) => {
                    let list: Vec<_> = list.iter().collect();
                    self.events(&list, kind, expected, start, faults)
                }
                None => {
                    let message = format!("`events` is a list of events, not {}", read::kind(events.get_ref()));
                    faults.add(code::SHAPE, events.span().start, message);
                    None
                }
            },
            (None, None, None) => {
                let fault = faults.at(code::GIVEN, start, "the case gives nothing to judge");
                faults.push(fault.help("write `facts = { … }`, `event = { … }` or `events = [ … ]`"));
                None
            }
            _ => {
                let fault = faults.at(code::GIVEN, start, "the case gives more than one thing to judge");
                faults.push(fault.help("keep one of `facts`, `event` and `events`; make another case of the rest"));
                None
            }
        };
        if let (Some(name), Some(given)) = (name, given) {
            self.cases.push(Case { name, line, given });
        }
    }

    fn name(
        &mut self,
        given: Option<(&str, usize)>,
        start: usize,
        line: u32,
        faults: &mut Faults<'_>,
    ) -> Option<String> {
        let Some((name, at)) = given.filter(|(name, _)| !name.trim().is_empty()) else {
            let fault = faults.at(code::NAME, given.map_or(start, |(_, at)| at), "the case has no name");
            faults.push(fault.help("say in a few words what shall hold: `name = \"strangers meet silence\"`"));
            return None;
        };
        if let Some(first) = self.names.get(name) {
            faults.add(code::NAME, at, format!("the name is taken by the case in line {first}"));
            return None;
        }
        self.names.insert(name.into(), line);
        Some(name.to_owned())
    }

    fn facts(
        &self,
        kind: Option<(&str, usize)>,
        facts: Option<&Spanned<DeValue<'_>>>,
        expected: Option<&Spanned<DeValue<'_>>>,
        start: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Given> {
        let kind = kind.map_or(Some(Kind::Message), |(name, at)| read_kind(name, at, faults))?;
        let written = match facts {
            Some(value) => Some(Written::read(Table::of(value, "`facts`", faults)?, kind, faults)),
            None => None,
        };
        let expected = self.expected(expected, About::Facts(kind), start, faults)?;
        let (facts, answers) = written.unwrap_or_else(|| Written::none(kind)).complete(&self.settings);
        Some(Given::Facts(Box::new(GivenFacts { facts, answers, expected })))
    }

    fn expected(
        &self,
        value: Option<&Spanned<DeValue<'_>>>,
        about: About,
        start: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Expected> {
        let Some(value) = value else {
            let fault = faults.at(code::EXPECTATION, start, "the case expects nothing");
            let help = "write `expect = { decision = \"drop\", reason = \"unknown sender\" }`";
            faults.push(fault.help(help));
            return None;
        };
        if let Some(word) = value.get_ref().as_str() {
            let fault = faults.at(code::EXPECTATION, value.span().start, "an expectation is more than a word");
            faults.push(fault.help(format!("write `expect = {{ decision = \"{}\" }}`", word.escape_debug())));
            return None;
        }
        Expected::read(Table::of(value, "an expectation", faults)?, about, self.chain, faults)
    }

    fn events(
        &mut self,
        list: &[&Spanned<DeValue<'_>>],
        kind: Option<(&str, usize)>,
        expected: Option<&Spanned<DeValue<'_>>>,
        start: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Given> {
        if let Some((_, at)) = kind {
            faults.add(code::GIVEN, at, "the kind of an event is written in the event");
        }
        if list.is_empty() || list.len() > MOST_EVENTS {
            faults.add(code::TOO_LARGE, start, format!("a case has 1 to {MOST_EVENTS} events, not {}", list.len()));
            return None;
        }
        self.happenings.begin();
        let mut steps = Vec::new();
        for value in list {
            let table = Table::of(value, "an event", faults)?;
            steps.extend(self.happenings.read(table, faults));
        }
        // What the case expects, the last event must bring, unless every event says for itself.
        let own = steps.iter().any(|step| step.expected.is_some());
        if expected.is_some() || !own {
            let expected = self.expected(expected, About::Event, start, faults)?;
            match steps.last_mut() {
                Some(last) if last.expected.is_none() => last.expected = Some(expected),
                Some(_) => faults.add(code::EXPECTATION, start, "the last event and the case both have an expectation"),
                None => {}
            }
        }
        (steps.len() == list.len()).then_some(Given::Events(steps))
    }
}
