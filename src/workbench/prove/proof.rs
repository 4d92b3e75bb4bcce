//! Proving a statement.

use std::ops::ControlFlow;

use super::counterexample::Counterexample;
use super::statement::Statement;
use crate::facts::{Levels, Relations};
use crate::policy::{Bounds, Ended, PolicySet};

/// What became of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is true of every event.
    Proved,
    /// It is false; here is an event that shows it.
    Refuted(Box<Counterexample>),
    /// Neither is known, and why not.
    Undecided(String),
    /// It speaks of no event at all, so it is a slip: what it asks for never comes together.
    Empty,
}

/// A statement with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proof {
    /// What became of it.
    pub outcome: Outcome,
    /// Paths that were followed to their end.
    pub paths: u64,
    /// The relations between facts by which events were left out, each in a sentence.
    pub relations: Vec<&'static str>,
}

/// Tries to prove a statement of a chain, under the thresholds of the settings. The bounds are for each kind of event.
///
/// The statement is refuted at the first event for which it is false. Costs some microseconds a path, and follows only paths
/// that an event can take of which the statement speaks.
#[must_use]
pub fn prove(statement: &Statement, set: &PolicySet, levels: Levels, bounds: &Bounds) -> Proof {
    let mut proof = Proof { outcome: Outcome::Empty, paths: 0, relations: Vec::new() };
    let questions = match statement.questions(set.questions()) {
        Ok(questions) => questions,
        Err(full) => return Proof { outcome: Outcome::Undecided(full.to_string()), ..proof },
    };
    let relations = Relations::new(levels, &questions);
    let speaks_of = statement.speaks_of();
    for kind in &statement.kinds {
        for events in statement.events(*kind, &questions) {
            let mut broken = None;
            let explored = set.paths(&events, &questions, &relations, bounds, &mut |path| {
                if statement.claim.is_broken_by(path.ruling) {
                    broken = Counterexample::of(path, &relations, &questions, &speaks_of);
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            proof.paths += explored.paths;
            for says in explored.used.says() {
                if !proof.relations.contains(&says) {
                    proof.relations.push(says);
                }
            }
            match (broken, explored.ended) {
                (Some(counterexample), _) => {
                    proof.outcome = Outcome::Refuted(Box::new(counterexample));
                    return proof;
                }
                (None, Ended::Bound(reason)) => proof.outcome = Outcome::Undecided(reason),
                (None, Ended::Stopped) => {
                    proof.outcome = Outcome::Undecided("the facts of a counterexample do not go together".to_owned());
                }
                // What is undecided stays so, unless another event refutes it.
                (None, Ended::Complete) if proof.outcome == Outcome::Empty && explored.paths > 0 => {
                    proof.outcome = Outcome::Proved;
                }
                (None, Ended::Complete) => {}
            }
        }
    }
    proof
}
