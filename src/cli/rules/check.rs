//! `sluicegate rules check`: whether rule files can be loaded.

use std::path::PathBuf;

use sluicegate::detect::{Detector, RuleSet};

use super::chosen;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};

/// Load rule files and tell their faults.
#[derive(clap::Args)]
pub struct Args {
    /// Rule files, or folders of them; without any, those of the settings.
    files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let sources = chosen(&args.files, context)?;
    let rules = RuleSet::load(&sources)?;
    Detector::new(&rules).map_err(|error| Failure::Broken(error.to_string()))?;
    let mut output = Output::open();
    output.line(&format!(
        "{} in {}: no fault",
        counted(rules.rules().len() as u64, "rule"),
        counted(sources.len() as u64, "file")
    ))?;
    output.finish()?;
    Ok(Outcome::Done)
}
