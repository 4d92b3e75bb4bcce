//! Rule files: read, checked, and refused as a whole if anything is wrong.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::text::disguise;
use crate::verdict::{Category, Class, Step};

use super::anchor::is_anchor;
use super::formats;
use super::leak;
use super::literal;
use super::phrase::Phrase;
use super::rule::{Rule, Scope, Scopes};

/// Rules that one set may hold.
pub const MAX_RULES: usize = 20_000;

/// The rules of one or more files.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// Reads rule files. All faults of all files are reported together.
    ///
    /// # Errors
    /// When any file is not a rule file, or any rule is wrong; nothing is loaded then. Codes `R001` to `R012`.
    pub fn load(files: &[Source]) -> Result<Self, LoadError> {
        let mut loader = Loader::default();
        for file in files {
            loader.file(file);
        }
        if loader.faults.is_empty() { Ok(Self { rules: loader.rules }) } else { Err(loader.faults.into()) }
    }

    /// The rules up to this level.
    #[must_use]
    pub fn up_to(&self, level: u8) -> Self {
        Self { rules: self.rules.iter().filter(|rule| rule.level <= level).cloned().collect() }
    }

    /// The rules, in the order of the files.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

/// A rule file as TOML has it. Places are kept, to point at what is wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    format: Spanned<u32>,
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Spanned<String>,
    category: Spanned<String>,
    points: Spanned<i64>,
    class: Spanned<String>,
    scope: Spanned<Vec<Spanned<String>>>,
    #[serde(default = "level_one")]
    level: Spanned<i64>,
    #[serde(default)]
    phrases: Vec<Spanned<String>>,
    #[serde(default)]
    literals: Vec<Spanned<String>>,
    #[serde(default)]
    formats: Vec<Spanned<String>>,
    #[serde(default)]
    steps: Vec<Spanned<String>>,
    #[serde(default)]
    matches: Vec<String>,
    #[serde(default)]
    passes: Vec<String>,
    #[serde(default)]
    known_evasions: Vec<Spanned<String>>,
}

fn level_one() -> Spanned<i64> {
    Spanned::new(0..0, 1)
}

/// The keys of a rule, for suggestions.
const KEYS: [&str; 15] = [
    "format",
    "rule",
    "id",
    "category",
    "points",
    "class",
    "scope",
    "level",
    "phrases",
    "literals",
    "formats",
    "steps",
    "matches",
    "passes",
    "known_evasions",
];

#[derive(Default)]
struct Loader {
    rules: Vec<Rule>,
    /// Where each id was given first.
    ids: HashMap<Arc<str>, String>,
    faults: Vec<Diagnostic>,
}

impl Loader {
    fn file(&mut self, source: &Source) {
        let text = source.text.as_ref();
        let file: RuleFile = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                self.faults.push(Diagnostic::toml("R001", &source.name, text, &error, KEYS));
                return;
            }
        };
        if *file.format.as_ref() != 1 {
            let message = format!("format {} is not known; this version reads format 1", file.format.as_ref());
            self.fault("R002", source, file.format.span(), message);
            return;
        }
        // Looked up, since counting lines from the top for every rule would make a large file quadratic.
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        for raw in file.rule {
            let span = raw.span();
            let line = ends.partition_point(|end| *end < span.start) + 1;
            self.rule(source, span, u32::try_from(line).unwrap_or(u32::MAX), raw.into_inner());
        }
    }

    fn fault(&mut self, code: &'static str, source: &Source, at: Range<usize>, message: impl Into<String>) {
        self.faults.push(Diagnostic::error(code, &source.name, message).at_byte(&source.text, at.start));
    }

    /// A name that is none of `known`.
    fn unknown<'a>(
        &mut self,
        source: &Source,
        given: &Spanned<String>,
        what: &str,
        known: impl Iterator<Item = &'a str> + Clone,
    ) {
        let list = known.clone().collect::<Vec<_>>().join(", ");
        let name = given.as_ref();
        let fault = Diagnostic::error("R004", &source.name, format!("there is no {what} `{name}`"))
            .at_byte(&source.text, given.span().start)
            .help(format!("one of: {list}"))
            .did_you_mean(name, known);
        self.faults.push(fault);
    }

    fn rule(&mut self, source: &Source, span: Range<usize>, line: u32, raw: RawRule) {
        let faults = self.faults.len();
        let id: Arc<str> = raw.id.as_ref().as_str().into();
        if !is_id(&id) {
            let message = format!("`{id}` is no id; write `category.what-it-is` in small letters, digits and hyphens");
            self.fault("R003", source, raw.id.span(), message);
        }
        if id.starts_with(leak::PREFIX) {
            let message =
                format!("`{id}` is an id of the program's own; rules of yours may not begin with `{}`", leak::PREFIX);
            self.fault("R003", source, raw.id.span(), message);
        }
        if let Some(first) = self.ids.insert(Arc::clone(&id), format!("{}:{line}", source.name)) {
            self.fault("R003", source, raw.id.span(), format!("the id `{id}` is taken by the rule at {first}"));
        }
        let category = Category::ALL.into_iter().find(|category| category.name() == raw.category.as_ref());
        if category == Some(Category::Model) {
            let message = "the category `model` is the model's own; rules of yours may have `custom`".to_owned();
            self.fault("R012", source, raw.category.span(), message);
        } else if category.is_none() {
            let names = Category::ALL.iter().filter(|category| **category != Category::Model);
            self.unknown(source, &raw.category, "category", names.map(|category| category.name()));
        }
        let class = match raw.class.as_ref().as_str() {
            "artifact" => Some(Class::Artifact),
            "judgement" => Some(Class::Judgement),
            _ => {
                self.unknown(source, &raw.class, "class", ["artifact", "judgement"].into_iter());
                None
            }
        };
        let mut scope = Scopes::default();
        for given in raw.scope.as_ref() {
            match Scope::ALL.into_iter().find(|scope| scope.name() == given.as_ref()) {
                Some(known) => scope.insert(known),
                None => self.unknown(source, given, "scope", Scope::ALL.iter().map(|scope| scope.name())),
            }
        }
        if raw.scope.as_ref().is_empty() {
            self.fault(
                "R005",
                source,
                raw.scope.span(),
                format!("the rule `{id}` has no scope, so it would never be applied"),
            );
        }
        let points = self.number(source, &raw.points, "points", 1..=10);
        let level = self.number(source, &raw.level, "level", 1..=4);
        if raw.phrases.is_empty() && raw.literals.is_empty() && raw.formats.is_empty() && raw.steps.is_empty() {
            let message = format!("the rule `{id}` has neither phrases nor literals nor formats nor steps");
            self.fault("R006", source, span, message);
        }
        let mut known = Vec::new();
        for given in &raw.formats {
            match formats::named(given.as_ref()) {
                Some(format) => known.push(format),
                None => self.unknown(source, given, "format", formats::all().map(formats::Format::name)),
            }
        }
        let mut steps = Vec::new();
        for given in &raw.steps {
            match Step::ALL.iter().find(|step| step.name() == given.as_ref()) {
                Some(step) => steps.push(*step),
                None => self.unknown(source, given, "step", Step::ALL.iter().map(|step| step.name())),
            }
        }
        for given in &raw.known_evasions {
            self.evasion(source, given);
        }
        let parsed: Vec<Phrase> = raw.phrases.iter().filter_map(|phrase| self.phrase(source, phrase)).collect();
        for given in &raw.literals {
            if let Err(why) = literal::check(given.as_ref()) {
                self.fault("R008", source, given.span(), why);
            }
        }
        if self.rules.len() >= MAX_RULES {
            self.fault("R010", source, raw.id.span(), format!("there are more than {MAX_RULES} rules"));
        }
        let (Some(category), Some(class), true) = (category, class, self.faults.len() == faults) else { return };
        let owned = |list: Vec<Spanned<String>>| list.into_iter().map(Spanned::into_inner).collect();
        self.rules.push(Rule {
            id,
            category,
            points,
            class,
            scope,
            level,
            phrases: owned(raw.phrases),
            literals: owned(raw.literals),
            formats: known,
            steps,
            matches: raw.matches,
            passes: raw.passes,
            known_evasions: owned(raw.known_evasions),
            file: Arc::clone(&source.name),
            line,
            parsed,
        });
    }

    /// A known evasion is the name of a registered disguise, a colon and the reason.
    fn evasion(&mut self, source: &Source, given: &Spanned<String>) {
        let (name, reason) = given.as_ref().split_once(':').unwrap_or((given.as_ref(), ""));
        let names = disguise::all().iter().map(|disguise| disguise.name);
        if !names.clone().any(|known| known == name.trim()) {
            let fault = Diagnostic::error("R011", &source.name, format!("there is no disguise `{}`", name.trim()))
                .at_byte(&source.text, given.span().start)
                .help("`sluicegate rules report` lists the disguises")
                .did_you_mean(name.trim(), names);
            self.faults.push(fault);
        } else if reason.trim().is_empty() {
            let message = format!("the evasion `{}` has no reason; write `{}: why not`", name.trim(), name.trim());
            self.fault("R011", source, given.span(), message);
        }
    }

    fn number(
        &mut self,
        source: &Source,
        given: &Spanned<i64>,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> u8 {
        let value = *given.as_ref();
        if !range.contains(&value) {
            let message = format!("{what} are {} to {}, not {value}", range.start(), range.end());
            self.fault("R009", source, given.span(), message);
        }
        u8::try_from(value).unwrap_or_default()
    }

    fn phrase(&mut self, source: &Source, given: &Spanned<String>) -> Option<Phrase> {
        let text = given.as_ref();
        // The place within the string is exact where the string stands on one line without escapes, as phrases do.
        let quote =
            if source.text.get(given.span()).is_some_and(|raw| raw.starts_with("'''") || raw.starts_with("\"\"\"")) {
                3
            } else {
                1
            };
        match Phrase::parse(text) {
            Ok(phrase) if phrase.slots.iter().any(is_anchor) => Some(phrase),
            Ok(_) => {
                let message = "the phrase needs one word, or one group all of whose alternatives have words, of three letters \
                               or more: the index is built on it";
                self.fault("R007", source, given.span(), message);
                None
            }
            Err(error) => {
                let at = given.span().start + quote + error.at;
                self.fault("R007", source, at..at, error.why);
                None
            }
        }
    }
}

fn is_id(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    id.len() <= 80 && id.split_once('.').is_some_and(|(category, name)| part(category) && part(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"format = 1
[[rule]]
id = "injection.ignore-previous"
category = "injection"
points = 8
class = "artifact"
scope = ["text", "quoted"]
phrases = ["(ignore|forget) [all] previous instructions"]
literals = ["<|im_start|>"]
matches = ["Ignore previous instructions"]
passes = ["the previous invoice"]
known_evasions = ["hex: a reason"]
"#;

    #[test]
    fn reads_a_rule() {
        let set = RuleSet::load(&[Source::new("a.toml", GOOD)]).expect("is good");
        let rule = &set.rules()[0];
        assert_eq!((rule.id.as_ref(), rule.points, rule.level, rule.line), ("injection.ignore-previous", 8, 1, 2));
        assert!(rule.scope.contains(Scope::Quoted) && !rule.scope.contains(Scope::Reply));
    }

    #[test]
    fn says_what_is_wrong_where_and_how_to_mend_it() {
        // (what is replaced, by what, code, line, column, a part of message and help)
        let cases = [
            ("format = 1", "format = 2", "R002", 1, 10, "reads format 1"),
            ("points = 8", "points = 11", "R009", 5, 10, "1 to 10, not 11"),
            ("points = 8", "points = \"8\"", "R001", 5, 10, "expected"),
            ("points = 8", "point = 8", "R001", 5, 1, "did you mean `points`?"),
            ("\"injection\"", "\"injektion\"", "R004", 4, 12, "did you mean `injection`?"),
            ("\"artifact\"", "\"art\"", "R004", 6, 9, "one of: artifact, judgement"),
            ("\"quoted\"", "\"quote\"", "R004", 7, 18, "did you mean `quoted`?"),
            ("[\"text\", \"quoted\"]", "[]", "R005", 7, 9, "never be applied"),
            ("(ignore|forget)", "(ignore|forget", "R007", 8, 13, "never closed"),
            ("(ignore|forget) [all] previous instructions", "[all] of it", "R007", 8, 12, "three letters"),
            ("<|im_start|>", " ", "R008", 9, 13, "empty"),
            ("injection.ignore-previous", "Ignore", "R003", 3, 6, "no id"),
            ("injection.ignore-previous", "leak.canary", "R003", 3, 6, "the program's own"),
            ("hex: a", "hax: a", "R011", 12, 19, "did you mean `hex`?"),
            ("hex: a reason", "hex", "R011", 12, 19, "has no reason"),
            ("literals", "steps = [\"tag\"]\nliterals", "R004", 9, 10, "one of: base64"),
            ("literals", "formats = [\"github-pad\"]\nliterals", "R004", 9, 12, "did you mean `github-pat`?"),
            ("[[rule]]", "[[rule", "R001", 2, 7, ""),
        ];
        for (from, to, code, line, column, part) in cases {
            let error = RuleSet::load(&[Source::new("a.toml", GOOD.replacen(from, to, 1))]).expect_err(to);
            let fault = &error.diagnostics[0];
            let shown = fault.to_string();
            assert_eq!((fault.code, fault.line, fault.column), (code, line, column), "{to}: {shown}");
            assert!(shown.contains(part), "{to}: {shown}");
        }
    }

    #[test]
    fn an_id_is_given_once_over_all_files() {
        let error = RuleSet::load(&[Source::new("a.toml", GOOD), Source::new("b.toml", GOOD)]).expect_err("twice");
        assert!(error.to_string().contains("taken by the rule at a.toml:2"), "{error}");
        assert!(error.to_string().contains("b.toml:3:6"), "{error}");
    }

    #[test]
    fn reports_all_faults_and_loads_nothing() {
        let bad = GOOD.replace("points = 8", "points = 0").replace("\"text\"", "\"txet\"");
        assert_eq!(RuleSet::load(&[Source::new("a.toml", bad)]).expect_err("two faults").diagnostics.len(), 2);
    }
}
