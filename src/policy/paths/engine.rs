//! The sandbox with getters that know sets of events.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rhai::{Dynamic, Engine, EvalAltResult, INT, NativeCallContext};

use super::cuts::{Comparisons, Cuts};
use super::{FactId, Possible, Questions, Reads, TABLE};
use crate::event::Kind;
use crate::facts::{Ask, Domain};
use crate::policy::decide::{End, PolicyFile, run};
use crate::policy::event::{self, Numbers};
use crate::policy::host::{Signal, terminated};
use crate::policy::{PolicySet, sandbox};

/// What was read although the events differ in it.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) enum Open {
    /// A fact, and where its values have to be told apart.
    Fact(FactId, Cuts),
    /// The answer to a question.
    Question(u16),
}

/// Runs the files of a chain for sets of events.
pub(in crate::policy) struct Explorer<'s> {
    set: &'s PolicySet,
    engine: Engine,
    known: Arc<Known>,
}

/// What does not change from run to run.
struct Known {
    numbers: Numbers,
    comparisons: Comparisons,
}

/// How the run of a file went.
pub(in crate::policy) struct Run {
    pub(in crate::policy) end: End,
    pub(super) operations: u64,
    pub(super) reads: Reads,
}

impl<'s> Explorer<'s> {
    /// For this chain, with the numbers that `questions` gives.
    pub(in crate::policy) fn new(set: &'s PolicySet, questions: &Questions) -> Self {
        let mut engine = sandbox::with(&set.limits, register);
        // Operations are counted instead of time: what is proved must not depend on how busy the machine is.
        engine.on_progress(|operations| {
            OPERATIONS.set(operations);
            None
        });
        let comparisons = Comparisons::of(set.files.iter().map(|file| &file.ast));
        Self { set, engine, known: Arc::new(Known { numbers: Numbers::new(questions), comparisons }) }
    }

    /// The files that have a hook for this kind of event, in their order.
    pub(in crate::policy) fn files(&self, kind: Kind) -> impl Iterator<Item = &'s PolicyFile> {
        self.set.files.iter().filter(move |file| file.hooks.contains(&kind))
    }

    pub(in crate::policy) fn run(&self, file: &PolicyFile, possible: &Possible) -> Run {
        let event = Events(Arc::new(Shared {
            possible: *possible,
            known: Arc::clone(&self.known),
            facts: AtomicU64::new(0),
            questions: Default::default(),
        }));
        OPERATIONS.set(0);
        let end = run(&self.engine, file, possible.kind(), event.clone(), &self.set.limits);
        let reads = Reads {
            facts: event.0.facts.load(Ordering::Relaxed),
            questions: event.0.questions.each_ref().map(|word| word.load(Ordering::Relaxed)),
        };
        Run { end, operations: OPERATIONS.get(), reads }
    }
}

thread_local! {
    /// Operations of the run that this thread is at.
    static OPERATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The parameter of a hook: stands for many events.
#[derive(Clone)]
struct Events(Arc<Shared>);

struct Shared {
    possible: Possible,
    known: Arc<Known>,
    /// What was read, as bits. Atomic only since a value of the engine has to be shareable; one thread uses it.
    facts: AtomicU64,
    questions: [AtomicU64; Questions::MAX / 64],
}

impl Shared {
    /// The value of a fact. Where the events differ in it and the script can tell, the run ends.
    fn value(&self, fact: FactId) -> Result<u16, Box<EvalAltResult>> {
        self.facts.fetch_or(1 << fact as u64, Ordering::Relaxed);
        if let Some(value) = self.possible.fixed(fact) {
            return Ok(value);
        }
        let cuts = self.known.comparisons.cuts(fact, &self.possible);
        let mask = self.possible.mask(fact);
        match self.possible.values(fact).next() {
            // Whichever of them it is, the script goes on in the same way.
            Some(value) if cuts.highest(mask) == mask => Ok(value),
            _ => Err(ended(Open::Fact(fact, cuts))),
        }
    }

    /// Whether one of these questions is answered with yes.
    fn any(&self, numbers: &[u16]) -> Result<bool, Box<EvalAltResult>> {
        let mut open = None;
        let mut any = false;
        for number in numbers {
            if let Some(word) = self.questions.get(usize::from(*number) / 64) {
                word.fetch_or(1 << (number % 64), Ordering::Relaxed);
            }
            match self.possible.answered(*number) {
                Some(yes) => any |= yes,
                None => open = open.or(Some(*number)),
            }
        }
        match open {
            Some(number) if !any => Err(ended(Open::Question(number))),
            _ => Ok(any),
        }
    }
}

fn ended(open: Open) -> Box<EvalAltResult> {
    terminated(Signal::Open(open))
}

/// As the getters of [`event`], one for each of them.
fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Events>(event::TYPE);
    for fact in TABLE {
        let id = fact.id;
        match fact.domain {
            Domain::Bool => {
                engine.register_get(fact.name, move |events: &mut Events| events.0.value(id).map(|value| value > 0))
            }
            Domain::Number(_) => {
                engine.register_get(fact.name, move |events: &mut Events| events.0.value(id).map(INT::from))
            }
        };
    }
    for ask in Ask::ALL {
        engine.register_fn(
            ask.name(),
            move |context: NativeCallContext,
                  events: &mut Events,
                  argument: Dynamic|
                  -> Result<bool, Box<EvalAltResult>> {
                let mut numbers = Vec::new();
                event::each(&events.0.known.numbers, ask, argument, |number| numbers.push(number))
                    .ok_or_else(|| event::unasked(&context, ask))?;
                events.0.any(&numbers)
            },
        );
    }
}
