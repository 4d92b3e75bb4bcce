//! The engine that runs policies, and everything that bounds it.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine, INT, OptimizationLevel};

use super::host::Signal;
use super::{Limits, event, host};

/// Bytes of a text. A reason or a reply is a sentence.
const TEXT: usize = 4096;
/// Entries of a list or of options. INVARIANT: never "large but finite": Rhai walks a whole value whenever it grows one, and
/// frees nested ones by recursion, which ends the process on a small stack.
const ENTRIES: usize = 256;
/// Nested calls. Rhai's own default needs two mebibytes of stack and ends the process on less.
pub(super) const CALLS: usize = 16;
/// Nested expressions; the same in every build, or a policy would load in one and not in the other.
const DEPTH: usize = 32;
/// Functions of one file.
const FUNCTIONS: usize = 64;
/// Living variables.
const VARIABLES: usize = 64;
/// The clock is read once in so many operations. A single operation is short, since every text is.
const CLOCK_EVERY: u64 = 64;

/// The engine that runs policies: no packages, no modules, no loops, no closures.
pub(super) fn engine(limits: &Limits) -> Engine {
    with(limits, event::register)
}

/// As [`engine`], with other getters: the only thing in which an engine that looks on may differ from the one that decides.
pub(super) fn with(limits: &Limits, getters: impl FnOnce(&mut Engine)) -> Engine {
    let mut engine = bounded(limits);
    engine
        .set_allow_looping(false)
        .set_allow_anonymous_fn(false)
        .set_allow_shadowing(false)
        .set_strict_variables(true)
        .set_optimization_level(OptimizationLevel::Simple);
    getters(&mut engine);
    host::register(&mut engine);
    engine.register_fn("-", |number: INT| number.saturating_neg());
    engine
}

/// An engine that only reads: what policies may not use still parses, so that the lint can say so in its own words.
pub(super) fn reader(limits: &Limits) -> Engine {
    let mut engine = bounded(limits);
    engine.set_optimization_level(OptimizationLevel::None);
    engine
}

/// A bare engine with every limit set.
fn bounded(limits: &Limits) -> Engine {
    let mut engine = Engine::new_raw();
    engine
        .set_max_operations(limits.operations.max(1))
        .set_max_call_levels(CALLS)
        .set_max_expr_depths(DEPTH, DEPTH)
        .set_max_string_size(TEXT)
        .set_max_array_size(ENTRIES)
        .set_max_map_size(ENTRIES)
        .set_max_functions(FUNCTIONS)
        .set_max_variables(VARIABLES)
        .set_fail_on_invalid_map_property(true);
    engine.set_max_strings_interned(0);
    engine.disable_symbol("eval").disable_symbol("print").disable_symbol("debug");
    engine.on_progress(overdue);
    engine
}

/// What ends a script after so many operations: the deadline of this thread.
pub(super) fn overdue(operations: u64) -> Option<Dynamic> {
    let overdue = operations.is_multiple_of(CLOCK_EVERY) && Deadline::has_passed();
    overdue.then(|| Dynamic::from(Signal::Overdue))
}

thread_local! {
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
    /// Whether it ended what ran last.
    static MISSED: Cell<bool> = const { Cell::new(false) };
}

/// The deadline of what this thread runs, until it is dropped. It stands beside the engine, since many threads use one.
/// This is the only clock of the core.
pub(super) struct Deadline(());

impl Deadline {
    pub(super) fn start(milliseconds: u64) -> Self {
        MISSED.set(false);
        // A deadline beyond what the clock can tell is none.
        DEADLINE.set(Instant::now().checked_add(Duration::from_millis(milliseconds)));
        Self(())
    }

    fn has_passed() -> bool {
        let passed = DEADLINE.get().is_some_and(|deadline| Instant::now() >= deadline);
        if passed {
            MISSED.set(true);
        }
        passed
    }

    /// Whether it passed while something ran under it, and ended that.
    pub(super) fn was_missed(&self) -> bool {
        MISSED.get()
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        DEADLINE.set(None);
    }
}
