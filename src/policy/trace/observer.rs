//! Runs policies and takes notes.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, INT, NativeCallContext, Position, Scope};

use super::instrument::{Body, Calls, ENTER, Instrumented, LINE, TEST, instrument};
use super::{Coverable, Ending, Literal, Place, Run, Step, Trace};
use crate::diagnostic::Source;
use crate::event::Kind;
use crate::facts::{Ask, FactId, Facts};
use crate::policy::call::Call;
use crate::policy::decide::{self, End, PolicyFile, PolicySet};
use crate::policy::event::{self, Event};
use crate::policy::host::Signal;
use crate::policy::sandbox::{self, Deadline};
use crate::policy::{Limits, Ruling, hook};

/// Steps of one run that are kept; each literal of a question counts as one.
const STEPS: usize = 65_536;

/// What is needed to watch a set of policies. Made when the first trace is asked for.
pub(in crate::policy) struct Observer {
    /// Runs a policy as it is, and counts.
    counting: Engine,
    /// Take notes. One for each kind of event: it is the engine that tells the host's calls what kind is judged.
    watching: Vec<Engine>,
    files: Vec<Option<Instrumented>>,
    coverable: Vec<Coverable>,
}

impl Observer {
    pub(super) fn new(set: &PolicySet) -> Self {
        let watching = Kind::ALL.into_iter().map(|kind| watching(&set.limits, kind)).collect();
        let (reader, calls) = (sandbox::reader(&set.limits), Calls::new());
        // What was loaded can be parsed. If not, nothing would be seen, and everything decided all the same.
        let read = |file: &PolicyFile| {
            let ast = catch_unwind(AssertUnwindSafe(|| reader.compile(&*file.text))).ok()?.ok()?;
            Some(instrument(calls.as_ref()?, &file.name, &file.text, &ast))
        };
        let files: Vec<Option<Instrumented>> = set.files.iter().map(read).collect();
        let of = |(file, read): (&PolicyFile, &Option<Instrumented>)| match read {
            Some(read) => read.coverable.clone(),
            None => Coverable { file: Arc::clone(&file.name), ..Coverable::default() },
        };
        let coverable = set.files.iter().zip(&files).map(of).collect();
        Self { counting: counting(&set.limits), watching, files, coverable }
    }

    pub(super) fn coverable(&self) -> &[Coverable] {
        &self.coverable
    }

    pub(super) fn trace(&self, set: &PolicySet, facts: &Facts) -> Trace {
        let kind = facts.kind();
        let event = Event::new(facts, &set.numbers);
        let mut trace = Trace { kind, ruling: Ruling::undecided(kind), runs: Vec::new() };
        let limits = Limits { deadline_ms: set.limits.deadline_ms.max(1_000), ..set.limits };
        for (index, file) in set.files.iter().enumerate().filter(|(_, file)| file.hooks.contains(&kind)) {
            let source = Source { name: Arc::clone(&file.name), text: Arc::clone(&file.text) };
            let mut run = Run::new(index, source, kind);
            let end = plain(&self.counting, file, kind, event.clone(), &limits);
            run.operations = OPERATIONS.get();
            run.ending = ending(&end);
            let instrumented = self.files.get(index).and_then(Option::as_ref);
            if let Some((engine, file)) = self.watching.get(kind as usize).zip(instrumented) {
                let watched = watched(engine, file, kind, event.clone(), &limits);
                run.complete = !watched.cut && ending(&watched.end) == run.ending && run.ending != Ending::Failed;
                run.steps = watched.steps;
            }
            trace.runs.push(run);
            if let Some(ruling) = decide::ruling(file, kind, end) {
                trace.ruling = ruling;
                break;
            }
        }
        trace
    }
}

/// The run that gives the ruling and counts the operations.
fn plain(engine: &Engine, file: &PolicyFile, kind: Kind, event: Event, limits: &Limits) -> End {
    OPERATIONS.set(0);
    let _deadline = Deadline::start(limits.deadline_ms);
    decide::run(engine, file, kind, event, limits)
}

/// What was seen of a run.
struct Watched {
    end: End,
    steps: Vec<Step>,
    /// Whether steps are missing.
    cut: bool,
}

/// The run that takes notes.
fn watched(engine: &Engine, file: &Instrumented, kind: Kind, event: Event, limits: &Limits) -> Watched {
    let _deadline = Deadline::start(limits.deadline_ms);
    let _recording = Recording::start(file);
    let is_hook = |body: &Body| *body.name == *hook(kind) && body.parameters.len() == 1;
    let end = match file.bodies.iter().position(is_hook) {
        None => End::Next(None),
        // Rhai regards its own panics as bugs and has had some; none may pass through here.
        Some(number) => match catch_unwind(AssertUnwindSafe(|| enter(engine, number, vec![Dynamic::from(event)]))) {
            Ok(Ok(_)) => End::Next(None),
            Ok(Err(error)) => decide::end(*error, limits),
            Err(_) => End::broken(),
        },
    };
    RECORDING.with_borrow_mut(|recording| {
        let (steps, cut) =
            recording.as_mut().map_or_else(Default::default, |all| (std::mem::take(&mut all.steps), all.cut));
        Watched { end, steps, cut }
    })
}

fn ending(end: &End) -> Ending {
    match end {
        End::Decided(called) => {
            let place = Place { line: called.line, column: called.column };
            match called.call {
                Call::Next => Ending::Next(place),
                call => Ending::Decided { call: call.name(), place },
            }
        }
        End::Next(Some((line, column))) => Ending::Next(Place { line: *line, column: *column }),
        End::Next(None) => Ending::Undecided,
        // Nothing is open where every fact has a value.
        End::Failed(_) | End::Open(_) => Ending::Failed,
    }
}

thread_local! {
    /// Operations of the run that this thread makes.
    static OPERATIONS: Cell<u64> = const { Cell::new(0) };
    /// What this thread records.
    static RECORDING: RefCell<Option<Recorded>> = const { RefCell::new(None) };
}

struct Recorded {
    bodies: Arc<[Body]>,
    constants: Arc<Scope<'static>>,
    /// The line that ran last.
    line: u32,
    steps: Vec<Step>,
    /// Room that is left for steps.
    room: usize,
    cut: bool,
    depth: usize,
}

/// Records on this thread until it is dropped.
struct Recording(());

impl Recording {
    fn start(file: &Instrumented) -> Self {
        let (bodies, constants) = (Arc::clone(&file.bodies), Arc::clone(&file.constants));
        RECORDING.set(Some(Recorded {
            bodies,
            constants,
            line: 0,
            steps: Vec::new(),
            room: STEPS,
            cut: false,
            depth: 0,
        }));
        Self(())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        RECORDING.set(None);
    }
}

/// Keeps a step, if anything is recorded; false where there is no room for it any more.
fn keep(weight: usize, step: impl FnOnce() -> Step) -> bool {
    RECORDING.with_borrow_mut(|recording| {
        let Some(recording) = recording else { return true };
        match recording.room.checked_sub(weight) {
            Some(left) => {
                recording.room = left;
                let step = step();
                if step != Step::Line(recording.line) {
                    if let Step::Line(line) = &step {
                        recording.line = *line;
                    }
                    recording.steps.push(step);
                }
                true
            }
            None => {
                recording.cut = true;
                false
            }
        }
    })
}

/// An engine as the policies have it, which counts.
fn counting(limits: &Limits) -> Engine {
    let mut engine = sandbox::engine(limits);
    engine.on_progress(|operations| {
        OPERATIONS.set(operations);
        sandbox::overdue(operations)
    });
    engine
}

/// An engine that takes notes. Constants and locals stand in one scope here, so there may be more of them, and a parameter
/// may have the name of a constant. What the policy itself may do is decided by the run that counts.
fn watching(limits: &Limits, kind: Kind) -> Engine {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    // What is not recorded any more must end, since every call has a count of its own.
    let full = || -> Box<EvalAltResult> {
        Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(Signal::Overdue), Position::NONE))
    };
    let mut engine = sandbox::engine(limits);
    engine.set_default_tag(kind as INT);
    engine.set_allow_shadowing(true).set_max_variables(usize::from(u16::MAX));
    event::register_watched(&mut engine, read, asked);
    engine.register_fn(LINE, move |line: INT| -> Answer<()> {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        keep(1, || Step::Line(line)).then_some(()).ok_or_else(full)
    });
    engine.register_fn(TEST, move |branch: INT, value: Dynamic| -> Answer<Dynamic> {
        if let (Ok(branch), Ok(outcome)) = (usize::try_from(branch), value.as_bool())
            && !keep(1, || Step::Tested { branch, outcome })
        {
            return Err(full());
        }
        Ok(value)
    });
    engine.register_fn(ENTER, move |context: NativeCallContext, number: INT, arguments: Array| -> Answer<Dynamic> {
        enter(context.engine(), usize::try_from(number).unwrap_or(usize::MAX), arguments)
    });
    engine
}

/// Calls a function of the policy.
fn enter(engine: &Engine, number: usize, arguments: Array) -> Result<Dynamic, Box<EvalAltResult>> {
    let stop = |error: fn(Position) -> EvalAltResult| Err(Box::new(error(Position::NONE)));
    let known = RECORDING.with_borrow_mut(|recording| {
        let recording = recording.as_mut()?;
        recording.depth += 1;
        Some((Arc::clone(&recording.bodies), recording.constants.as_ref().clone(), recording.depth))
    });
    let Some((bodies, mut scope, depth)) = known else {
        return stop(|at| EvalAltResult::ErrorTerminated(Dynamic::UNIT, at));
    };
    if depth > sandbox::CALLS + 1 {
        return stop(EvalAltResult::ErrorStackOverflow);
    }
    let Some(body) = bodies.get(number) else { return stop(|at| EvalAltResult::ErrorTerminated(Dynamic::UNIT, at)) };
    if !keep(1, || Step::Entered { function: Arc::clone(&body.name), line: body.line }) {
        return stop(|at| EvalAltResult::ErrorTerminated(Dynamic::from(Signal::Overdue), at));
    }
    for (name, value) in body.parameters.iter().zip(arguments) {
        scope.push_dynamic(name.as_str(), value);
    }
    let answer = engine.eval_ast_with_scope::<Dynamic>(&mut scope, &body.script);
    RECORDING.with_borrow_mut(|recording| {
        if let Some(recording) = recording {
            recording.depth = recording.depth.saturating_sub(1);
        }
    });
    answer
}

fn read(fact: FactId, value: u16, position: Position) {
    keep(1, || Step::Read { fact, value, place: position.into() });
}

fn asked(ask: Ask, literals: &[(&str, u16, bool)], position: Position) {
    let answer = literals.iter().any(|(_, _, yes)| *yes);
    keep(literals.len().max(1), || Step::Asked {
        ask,
        literals: literals
            .iter()
            .map(|(text, number, yes)| Literal { text: (*text).into(), number: *number, yes: *yes })
            .collect(),
        answer,
        place: position.into(),
    });
}
