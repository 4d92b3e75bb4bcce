//! `sluicegate policy check`: whether policies can be loaded.

use std::path::PathBuf;

use sluicegate::Gate;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::output::Output;
use crate::cli::sources;

/// Load policies as the gate would, and tell their faults.
#[derive(clap::Args)]
pub struct Args {
    /// Policies, or folders of them, each tried by itself; without any, the chain of the settings.
    files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let chains: Vec<_> = if args.files.is_empty() {
        vec![context.settings()?.read_policies()?]
    } else {
        sources::read(&args.files, "rhai")?.into_iter().map(|source| vec![source]).collect()
    };
    let mut output = Output::open();
    let mut outcome = Outcome::Done;
    for chain in &chains {
        // As the gate loads them, but without rules, whose faults are the business of `rules check`.
        match Gate::builder().policies(chain.clone()).rules([]).build() {
            Ok(gate) => {
                for warning in &gate.warnings() {
                    faults::error(&warning.to_string());
                }
                for source in chain {
                    output.line(&format!("{}: no fault", source.name))?;
                }
            }
            Err(error) => {
                faults::error(&error.to_string());
                outcome = Outcome::Wrong;
            }
        }
    }
    output.finish()?;
    Ok(outcome)
}
