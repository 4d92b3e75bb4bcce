//! Asking the policies.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, INT, Scope};

use super::cache::{Cache, CacheStats};
use super::event::{Event, Numbers};
use super::host::{Called, Signal, place};
use super::overdue::Overdue;
use super::paths::Open;
use super::sandbox::Deadline;
use super::trace::Observer;
use super::{Limits, Ruling, hook};
use crate::event::Kind;
use crate::facts::{Facts, Mask, Questions};

/// A chain of policies, loaded and never changed. See the [module](self::super).
pub struct PolicySet {
    pub(super) engine: Engine,
    pub(super) files: Vec<PolicyFile>,
    pub(super) limits: Limits,
    pub(super) questions: Questions,
    pub(super) numbers: Arc<Numbers>,
    /// The facts that the chain reads, a word for each kind of event.
    pub(super) reads: [u64; Kind::ALL.len()],
    /// The same with the questions that it asks: what a ruling on an event of this kind can depend on.
    pub(super) seen: [Mask; Kind::ALL.len()],
    pub(super) cache: Cache,
    pub(super) overdue: Overdue,
    /// Made when a trace is asked for.
    pub(super) observer: OnceLock<Observer>,
}

/// One file of the chain.
pub(super) struct PolicyFile {
    pub(super) name: Arc<str>,
    pub(super) text: Arc<str>,
    pub(super) ast: AST,
    /// The kinds of event that it has a hook for.
    pub(super) hooks: Vec<Kind>,
}

/// How one file ended.
pub(super) enum End {
    Decided(Box<Called>),
    /// By `next()` at this line and column, or by coming to the end of the hook.
    Next(Option<(u32, u32)>),
    Failed(Failure),
    /// It read a fact that has no value yet; only where paths are explored.
    Open(Open),
}

impl End {
    /// The interpreter panicked.
    pub(super) fn broken() -> Self {
        Self::Failed(Failure { message: "the interpreter broke down".to_owned(), line: 0, column: 0 })
    }
}

/// What went wrong, and where; line 0 is the whole file.
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl fmt::Debug for PolicySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<&str> = self.files.iter().map(|file| &*file.name).collect();
        f.debug_struct("PolicySet")
            .field("files", &files)
            .field("limits", &self.limits)
            .field("reads", &self.reads)
            .finish_non_exhaustive()
    }
}

impl PolicySet {
    /// Every question that the policies ask, with its literal. The answers are part of the facts.
    #[must_use]
    pub fn questions(&self) -> &Questions {
        &self.questions
    }

    /// What the policies say. Never fails and never panics: what goes wrong in a policy is a closed decision with
    /// [`failure`](Ruling::failure).
    ///
    /// Facts that were met before cost a look-up; new ones cost a run of the chain, some microseconds.
    #[must_use]
    pub fn decide(&self, facts: &Facts) -> Ruling {
        Arc::unwrap_or_clone(self.decide_shared(facts))
    }

    /// As [`decide`](Self::decide), without a copy of what the cache keeps.
    #[must_use]
    pub fn decide_shared(&self, facts: &Facts) -> Arc<Ruling> {
        let facts = self.seen(facts);
        if let Some(ruling) = self.cache.get(&facts) {
            return ruling;
        }
        let (ruling, missed) = self.run(&facts);
        self.overdue.note(missed);
        let ruling = Arc::new(ruling);
        // A failure may be the machine's, such as a deadline missed under load, and must not outlive it.
        if ruling.failure.is_none() {
            self.cache.put(facts, Arc::clone(&ruling));
        }
        ruling
    }

    /// As [`decide`](Self::decide), but always runs the chain.
    #[must_use]
    pub fn decide_uncached(&self, facts: &Facts) -> Ruling {
        self.run(facts).0
    }

    /// How often an answer of [`decide`](Self::decide) was known already. Some microseconds.
    #[must_use]
    pub fn cache_stats(&self) -> CacheStats {
        self.cache.stats()
    }

    /// How many of the last runs of [`decide`](Self::decide), without one in between that ended by itself, were ended by
    /// the deadline: of any hook and in any thread. One that takes too long again and again is to be taken out of use.
    #[must_use]
    pub fn overdue_in_a_row(&self) -> u32 {
        self.overdue.in_a_row()
    }

    /// Runs the chain; also says whether the deadline ended it.
    fn run(&self, facts: &Facts) -> (Ruling, bool) {
        let deadline = Deadline::start(self.limits.deadline_ms);
        let ruling = self.chain(facts);
        (ruling, deadline.was_missed())
    }

    fn chain(&self, facts: &Facts) -> Ruling {
        let kind = facts.kind();
        let event = Event::new(facts, &self.numbers);
        for file in self.files.iter().filter(|file| file.hooks.contains(&kind)) {
            let end = run(&self.engine, file, kind, event.clone(), &self.limits);
            if let Some(ruling) = ruling(file, kind, end) {
                return ruling;
            }
        }
        Ruling::undecided(kind)
    }

    /// The part of `facts` that the chain can see.
    fn seen(&self, facts: &Facts) -> Facts {
        self.seen.get(facts.kind() as usize).map_or(*facts, |mask| facts.seen_by(mask))
    }
}

/// Runs a file's hook for these facts, for the dry run of a load.
pub(super) fn trial(
    engine: &Engine,
    file: &PolicyFile,
    facts: &Facts,
    numbers: &Arc<Numbers>,
    limits: &Limits,
) -> Result<(), Failure> {
    // Generous: a busy machine must not refuse a good policy. The operations are counted all the same.
    let limits = Limits { deadline_ms: limits.deadline_ms.max(1000), ..*limits };
    let _deadline = Deadline::start(limits.deadline_ms);
    match run(engine, file, facts.kind(), Event::new(facts, numbers), &limits) {
        End::Failed(failure) => Err(failure),
        End::Decided(_) | End::Next(_) | End::Open(_) => Ok(()),
    }
}

/// Runs a file's hook. The event is an [`Event`], or what stands for one where paths are explored.
pub(super) fn run<E>(engine: &Engine, file: &PolicyFile, kind: Kind, event: E, limits: &Limits) -> End
where
    E: Clone + Send + Sync + 'static,
{
    // The tag tells the host's calls what kind of event this is.
    let options = CallFnOptions::new().eval_ast(false).with_tag(kind as INT);
    // Rhai regards its own panics as bugs and has had some; none may pass through here.
    let called = catch_unwind(AssertUnwindSafe(|| {
        engine.call_fn_with_options::<Dynamic>(options, &mut Scope::new(), &file.ast, hook(kind), (event,))
    }));
    match called {
        Ok(Ok(_)) => End::Next(None),
        Ok(Err(error)) => end(*error, limits),
        Err(_) => End::broken(),
    }
}

/// What an error of the interpreter means.
pub(super) fn end(error: EvalAltResult, limits: &Limits) -> End {
    let error = innermost(error);
    let (line, column) = place(error.position());
    let message = match error {
        EvalAltResult::ErrorTerminated(signal, _) => match signal.try_cast::<Signal>() {
            Some(Signal::Called(called)) if called.call.decision().is_none() => {
                return End::Next(Some((called.line, called.column)));
            }
            Some(Signal::Called(called)) => return End::Decided(called),
            Some(Signal::Fault(message, line, column)) => return End::Failed(Failure { message, line, column }),
            Some(Signal::Overdue) => format!("it took longer than {} ms", limits.deadline_ms),
            Some(Signal::Open(open)) => return End::Open(open),
            None => "it was ended from outside".to_owned(),
        },
        EvalAltResult::ErrorTooManyOperations(_) => format!("it took more than {} operations", limits.operations),
        EvalAltResult::ErrorStackOverflow(_) => "its functions call each other too deep".to_owned(),
        EvalAltResult::ErrorDataTooLarge(what, _) => format!("a value grew too large: {what}"),
        EvalAltResult::ErrorRuntime(value, _) => format!("it threw `{value}`"),
        mut other => {
            other.clear_position();
            other.to_string()
        }
    };
    End::Failed(Failure { message: printable(&message), line, column })
}

/// The error that stands at the bottom of a chain of calls.
fn innermost(mut error: EvalAltResult) -> EvalAltResult {
    while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = error {
        error = *inner;
    }
    error
}

/// On one line and not long, since it may hold a text of the script.
fn printable(message: &str) -> String {
    message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

impl Failure {
    fn at(self, file: &str) -> String {
        match self.line {
            0 => format!("{file}: {}", self.message),
            line => format!("{file}:{line}:{}: {}", self.column, self.message),
        }
    }
}

/// What the end of a file means for the chain; none where the next file is asked.
pub(super) fn ruling(file: &PolicyFile, kind: Kind, end: End) -> Option<Ruling> {
    let called = match end {
        End::Next(_) => return None,
        End::Decided(called) => called,
        End::Failed(failure) => return Some(Ruling::failed(kind, &file.name, failure.at(&file.name))),
        End::Open(_) => return Some(Ruling::failed(kind, &file.name, "a fact has no value".to_owned())),
    };
    let undecided = Ruling::undecided(kind);
    Some(Ruling {
        decision: called.call.decision().unwrap_or(undecided.decision),
        reason: Arc::from(called.reason.as_str()),
        policy: Some(Arc::clone(&file.name)),
        line: (called.line > 0).then_some(called.line),
        column: (called.line > 0).then_some(called.column),
        reply: called.options.reply,
        expires_ms: called.options.expires_ms,
        redact: called.options.redact,
        replace: called.options.replace,
        failure: None,
    })
}
