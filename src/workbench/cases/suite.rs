//! Trying the cases of a file.

use std::sync::Arc;

use crate::config::Settings;
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::facts::{FactId, Facts, Questions, TABLE};
use crate::gate::{BuildError, Gate};
use crate::policy::{Limits, PolicySet, Ruling};
use crate::store::MemoryStore;
use crate::verdict::{By, Station};

use super::case::{Answer, Case, Given, GivenFacts, Step};
use super::code;
use super::expected::Expected;
use super::file::CaseFile;
use super::outcome::{Outcome, Result as Compared, Seen};

/// Senders that a case may bring along.
const SENDERS: usize = 4_096;

/// A file of cases together with the policies that it tests.
///
/// ```
/// use sluicegate::diagnostic::Source;
/// use sluicegate::workbench::cases::{CaseFile, Suite};
///
/// let cases = r#"
/// format = 1
/// policy = "mine.rhai"
///
/// [[case]]
/// name = "strangers meet silence"
/// facts = { sender = "unknown" }
/// expect = { decision = "drop", reason = "unknown sender", line_has = "!m.sender_approved" }
/// "#;
/// let policy = r#"fn on_message(m) { if !m.sender_approved { drop("unknown sender") } allow(); }"#;
/// let file = CaseFile::load(&Source::new("mine.toml", cases))?;
/// let suite = Suite::new(file, vec![Source::new("mine.rhai", policy)], &[])?;
/// assert!(suite.run().iter().all(|outcome| outcome.passed()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Suite {
    file: CaseFile,
    chain: Vec<Source>,
    names: Vec<Arc<str>>,
    policies: PolicySet,
    /// What judges whole events, with its memory; none where no case has one.
    gate: Option<(Gate, Arc<MemoryStore>)>,
}

/// Something that a case hands to the policies and has an expectation of.
pub(super) struct Situation {
    /// The facts, without answers.
    pub(super) facts: Facts,
    pub(super) answers: Vec<Answer>,
    pub(super) expected: Expected,
    /// Whether the ruling of the policies is all that there is to the outcome: no setting overrides it, and nothing is
    /// asked that only a gate knows.
    pub(super) ruled: bool,
}

impl Suite {
    /// Loads the policies, and a gate where whole events are given: `rules` are the rule files that it searches by.
    ///
    /// # Errors
    /// When the policies, the rules or the settings cannot be loaded, or a case answers a question that no policy asks
    /// (`C008`).
    pub fn new(file: CaseFile, chain: Vec<Source>, rules: &[Source]) -> Result<Self, BuildError> {
        let policies = load(&chain)?;
        check_questions(&file, policies.questions())?;
        let has_events = file.cases.iter().any(|case| matches!(case.given, Given::Events(_)));
        let gate = if has_events { Some(gate(&file.settings, &chain, rules)?) } else { None };
        let names = chain.iter().map(|source| Arc::clone(&source.name)).collect();
        Ok(Self { file, chain, names, policies, gate })
    }

    /// The file of cases.
    #[must_use]
    pub fn file(&self) -> &CaseFile {
        &self.file
    }

    /// The policies as they were read.
    #[must_use]
    pub fn chain(&self) -> &[Source] {
        &self.chain
    }

    /// The policies, loaded.
    #[must_use]
    pub fn policies(&self) -> &PolicySet {
        &self.policies
    }

    /// Tries every case, in the order of the file.
    #[must_use]
    pub fn run(&self) -> Vec<Outcome> {
        self.file.cases.iter().map(|case| self.outcome(case)).collect()
    }

    fn outcome(&self, case: &Case) -> Outcome {
        let seen = match &case.given {
            Given::Facts(given) => vec![self.facts(given)],
            Given::Events(steps) => self.events(steps).into_iter().map(|(seen, _)| seen).collect(),
        };
        Outcome { name: case.name.clone(), line: case.line, seen }
    }

    fn facts(&self, given: &GivenFacts) -> Seen {
        let facts = with_answers(&given.facts, &given.answers, self.policies.questions());
        let ruling = self.policies.decide_uncached(&facts);
        let by = by_of(&ruling);
        let mismatches = self.compare(&Compared::of_ruling(&ruling, &by), &given.expected);
        let answers = given.answers.clone();
        let source = self.place(&by).map_or_else(String::new, |(_, line)| line.to_owned());
        Seen { event: 0, decision: ruling.decision, reason: ruling.reason, by, source, mismatches, facts, answers }
    }

    /// What was seen where something was expected, and whether the policies alone decided it.
    fn events(&self, steps: &[Step]) -> Vec<(Seen, bool)> {
        let Some((gate, store)) = &self.gate else { return Vec::new() };
        // Every case is the first thing that ever happened.
        store.clear();
        gate.forget_talks();
        let mut all = Vec::new();
        for (number, step) in (1..).zip(steps) {
            let mut event = step.event.clone();
            let mut last = gate.observe(&event);
            for _ in 1..step.times {
                event.at = event.at.saturating_add(step.every);
                last = gate.observe(&event);
            }
            let Some(expected) = &step.expected else { continue };
            let (verdict, facts) = last;
            let compared = Compared::of_verdict(&verdict);
            let mismatches = self.compare(&compared, expected);
            let settings = &self.file.settings;
            let ruled = verdict.by.station == Station::Policy
                && compared.failure.is_none()
                && facts.get(FactId::SenderBlocked) == 0
                && verdict.would.is_none()
                && !settings.lockdown;
            let answers = answers_of(&facts, self.policies.questions());
            let source = self.place(&verdict.by).map_or_else(String::new, |(_, line)| line.to_owned());
            let (decision, reason, by) = (verdict.decision, verdict.reason, verdict.by);
            all.push((Seen { event: number, decision, reason, by, source, mismatches, facts, answers }, ruled));
        }
        all
    }

    fn compare(&self, result: &Compared<'_>, expected: &Expected) -> Vec<super::outcome::Mismatch> {
        result.compare(expected, self.place(result.by), &self.names)
    }

    /// The number of the file that decided, and the text of the line.
    fn place(&self, by: &By) -> Option<(usize, &str)> {
        place(&self.chain, by)
    }

    /// Everything that the cases hand to the policies and have an expectation of.
    pub(super) fn situations(&self) -> Vec<Situation> {
        let mut situations = Vec::new();
        for case in &self.file.cases {
            match &case.given {
                Given::Facts(given) => situations.push(Situation {
                    facts: given.facts,
                    answers: given.answers.clone(),
                    expected: given.expected.clone(),
                    ruled: true,
                }),
                Given::Events(steps) => {
                    let expected = steps.iter().filter_map(|step| step.expected.as_ref());
                    for ((seen, ruled), expected) in self.events(steps).into_iter().zip(expected) {
                        let facts = bare(&seen.facts);
                        let mut expected = expected.clone();
                        // Found by the gate, whatever the policies say.
                        (expected.rules, expected.redacted) = (None, None);
                        situations.push(Situation { facts, answers: seen.answers, expected, ruled });
                    }
                }
            }
        }
        situations
    }
}

/// Loads a chain for trying it out.
pub(super) fn load(chain: &[Source]) -> Result<PolicySet, LoadError> {
    // What is decided must not depend on how busy the machine is.
    let limits = Limits { deadline_ms: 60_000, ..Limits::default() };
    Ok(PolicySet::load(chain, limits)?.set)
}

fn gate(settings: &Settings, chain: &[Source], rules: &[Source]) -> Result<(Gate, Arc<MemoryStore>), BuildError> {
    let store = Arc::new(MemoryStore::new(SENDERS));
    let kept = Arc::clone(&store);
    let builder = Gate::builder().settings(settings.clone()).policies(chain.to_vec()).rules(rules.to_vec()).trial(true);
    Ok((builder.store(kept).build()?, store))
}

/// Every question that a case answers must be asked by a policy, or the case would try something else than it says.
fn check_questions(file: &CaseFile, questions: &Questions) -> Result<(), LoadError> {
    let mut faults = Vec::new();
    for case in &file.cases {
        let Given::Facts(given) = &case.given else { continue };
        for Answer { ask, literal, at } in &given.answers {
            if questions.number(*ask, literal).is_some() {
                continue;
            }
            let asked = questions.iter().filter(|(_, question)| question.ask == *ask);
            let asked: Vec<&str> = asked.map(|(_, question)| question.literal.as_ref()).collect();
            let message = format!("no policy asks `{}` with \"{}\"", ask.name(), literal.escape_debug());
            let fault = Diagnostic::error(code::QUESTION, &file.source.name, message).at_byte(&file.source.text, *at);
            let shown: Vec<String> =
                asked.iter().take(8).map(|literal| format!("\"{}\"", literal.escape_debug())).collect();
            let fault = match shown.len() {
                0 => fault.help(format!("nothing is asked with `{}`", ask.name())),
                count if count < asked.len() => fault.help(format!("it is asked with {} and others", shown.join(", "))),
                _ => fault.help(format!("it is asked with {}", shown.join(", "))),
            };
            faults.push(fault.did_you_mean(literal, asked));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// The number of the file that decided, and the text of the line.
pub(super) fn place<'c>(chain: &'c [Source], by: &By) -> Option<(usize, &'c str)> {
    let (file, line) = (by.policy.as_ref()?, by.line?);
    let number = chain.iter().position(|source| source.name == *file)?;
    let text = chain.get(number)?.text.lines().nth((line as usize).checked_sub(1)?)?;
    Some((number, text.trim()))
}

/// Who decided, where the policies were asked alone.
pub(super) fn by_of(ruling: &Ruling) -> By {
    let mut by = By::station(if ruling.failure.is_some() { Station::Failure } else { Station::Policy });
    (by.policy, by.line, by.column) = (ruling.policy.clone(), ruling.line, ruling.column);
    by
}

/// The facts with the answers that these policies ask for.
pub(super) fn with_answers(facts: &Facts, answers: &[Answer], questions: &Questions) -> Facts {
    let mut facts = *facts;
    for answer in answers {
        if let Some(number) = questions.number(answer.ask, &answer.literal) {
            facts.answer_yes(number);
        }
    }
    facts
}

/// The questions that are answered with yes.
pub(super) fn answers_of(facts: &Facts, questions: &Questions) -> Vec<Answer> {
    let asked = questions.iter().filter(|(number, _)| facts.answer(*number));
    asked.map(|(_, asked)| Answer { ask: asked.ask, literal: asked.literal.to_string(), at: 0 }).collect()
}

/// The facts without answers, whose numbers belong to one set of policies.
fn bare(facts: &Facts) -> Facts {
    let mut bare = Facts::new(facts.kind());
    for fact in TABLE {
        bare.set(fact.id, usize::from(facts.get(fact.id)));
    }
    bare
}
