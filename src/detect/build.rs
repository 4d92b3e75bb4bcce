//! Rules, compiled into a detector.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::text::lexicon::Lexicon;
use crate::text::view::{Flavour, View};
use crate::verdict::Class;

use super::anchor::is_anchor;
use super::detector::{Detector, Known, Target};
use super::formats::Formats;
use super::index::Index;
use super::leak::{self, Guarded};
use super::literal::{self, Sign};
use super::phrase::Phrase;
use super::rotation::Rotations;
use super::rule::{Rule, Scope, Scopes};
use super::settings::{FIRST_LEVEL, LAST_LEVEL};

/// Why rules could not be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// There are more phrases or literals than the automaton has states for.
    TooLarge(String),
    /// The words of a `says` cannot be searched for.
    Says {
        /// The words.
        literal: String,
        /// Why not.
        why: String,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(why) => write!(f, "the rules are too many for the index: {why}"),
            Self::Says { literal, why } => write!(f, "`says(\"{literal}\")` cannot be searched for: {why}"),
        }
    }
}

impl std::error::Error for BuildError {}

impl Detector {
    /// Compiles rules, the words that policies ask for, and what is guarded. Every rule counts, and there is no model.
    pub(super) fn build<'a>(
        rules: &[&Rule],
        says: impl IntoIterator<Item = (u16, &'a str)>,
        guarded: &Guarded,
    ) -> Result<Self, BuildError> {
        let mut targets = Vec::new();
        let mut phrases = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            for phrase in &rule.parsed {
                targets.push(Target::Rule(number));
                phrases.push(phrase.clone());
            }
        }
        let (of_canary, of_prompt) = (rules.len(), rules.len() + 1);
        // What is no phrase is no canary of ours; a test reads those.
        for phrase in guarded.phrases().iter().filter_map(|phrase| Phrase::parse(phrase).ok()) {
            targets.push(Target::Rule(of_canary));
            phrases.push(phrase);
        }
        let mut questions = 0;
        for (number, words) in says {
            let fail = |why: String| BuildError::Says { literal: words.to_owned(), why };
            let phrase = Phrase::parse(words).map_err(|error| fail(error.why))?;
            if !phrase.slots.iter().any(is_anchor) {
                return Err(fail("it needs one word of three letters or more".to_owned()));
            }
            targets.push(Target::Question(number));
            phrases.push(phrase);
            questions = questions.max(usize::from(number) + 1);
        }
        let too_large = |error: aho_corasick::BuildError| BuildError::TooLarge(error.to_string());
        let mut literals = Vec::new();
        let mut literal_rules = Vec::new();
        let mut reply_literals = Vec::new();
        let mut signs = BTreeSet::new();
        let (mut literals_by_symbol, mut literals_by_digit, mut literals_always) = (false, false, false);
        for (number, rule) in rules.iter().enumerate() {
            for text in &rule.literals {
                literals.push(literal::folded(text));
                if rule.scope.contains(Scope::Reply) {
                    reply_literals.push(literal::folded(text));
                }
                literal_rules.push(number);
                match literal::sign(text) {
                    Sign::Letters(letters) => {
                        signs.insert(letters);
                    }
                    Sign::RareSymbol => literals_by_symbol = true,
                    Sign::Digit => literals_by_digit = true,
                    Sign::Nothing => literals_always = true,
                }
            }
        }
        targets.extend(signs.iter().map(|_| Target::Literals));
        let exact = Index::new(phrases.iter(), signs.iter().map(String::as_str), |byte| byte);
        let leet = Index::new(phrases.iter(), std::iter::empty(), |byte| if byte == b'l' { b'i' } else { byte });
        // A table of all transitions costs some hundred bytes a byte of literal and halves the time.
        let kind = (literals.len() <= 2_000).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder().kind(kind).build(&literals).map_err(too_large)?;
        let known = rules.iter().map(|rule| Known {
            id: Arc::clone(&rule.id),
            category: rule.category,
            class: rule.class,
            points: rule.points,
            scope: rule.scope,
            level: rule.level,
            instead: None,
        });
        let known =
            known.chain([(leak::CANARY, "the canary"), (leak::SYSTEM_PROMPT, "the system prompt")].map(of_leak));
        let mut format_scopes = Scopes::default();
        let (mut formats, mut format_rules) = (Vec::new(), Vec::new());
        for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| !rule.formats.is_empty()) {
            rule.scope.iter().for_each(|scope| format_scopes.insert(scope));
            formats.extend(&rule.formats);
            format_rules.resize(formats.len(), number);
        }
        let formats = if formats.is_empty() { None } else { Some(Formats::new(formats).map_err(too_large)?) };
        let lexicon = lexicon(rules, guarded);
        let numbered = rules.iter().enumerate();
        let step_rules = numbered.flat_map(|(number, rule)| rule.steps.iter().map(move |step| (*step, number)));
        Ok(Self {
            rules: known.collect(),
            targets,
            exact,
            leet,
            literals: (!literals.is_empty()).then_some(automaton),
            literal_rules,
            literals_by_symbol,
            literals_by_digit,
            literals_always,
            rotations: Rotations::new(lexicon.words()),
            lexicon,
            lexical: None,
            step_rules: step_rules.collect(),
            reply_literals,
            openings: OnceLock::new(),
            formats: formats.map(|formats| (formats, format_rules)),
            format_scopes,
            leak: guarded.quotes().map(|leak| (leak, of_prompt)),
            questions,
            level: LAST_LEVEL,
        })
    }
}

/// The rule of something that is guarded.
fn of_leak((id, instead): (&str, &'static str)) -> Known {
    let (category, class) = leak::KIND;
    let class = if id == leak::SYSTEM_PROMPT { Class::Judgement } else { class };
    let (points, scope) = (leak::POINTS, leak::scopes());
    Known { id: id.into(), category, class, points, scope, level: FIRST_LEVEL, instead: Some(instead) }
}

/// The words of the phrases and of what the rules must match, and the canary.
fn lexicon(rules: &[&Rule], guarded: &Guarded) -> Lexicon {
    let mut words: Vec<String> = guarded.word().into_iter().collect();
    let mut view = View::new(Flavour::Letters);
    for rule in rules {
        for phrase in &rule.parsed {
            words.extend(phrase.words().map(str::to_owned));
        }
        // Examples of a format are no words.
        let texts = if rule.formats.is_empty() { rule.matches.as_slice() } else { &[] };
        for text in texts {
            view.fill(text);
            words.extend(view.words().map(|word| String::from_utf8_lossy(word).into_owned()));
        }
    }
    Lexicon::new(words.iter().map(String::as_str))
}
