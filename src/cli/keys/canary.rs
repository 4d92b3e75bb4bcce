//! `sluicegate keys canary`: a word for the system prompt that tells when it gets out.

use sluicegate::keys::{KeySource, Keys};

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;

/// Print a canary: a word to paste into your agent's system prompt, and nowhere else.
///
/// It is made of the key of the settings, so the gate knows it without being told: a reply or a tool call that holds it, in
/// whatever disguise, gives the prompt away and is found as `leak.canary`. A new key makes a new canary.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_: &Args, context: &Context) -> Result<Outcome, Failure> {
    let Some(key) = context.settings()?.key else {
        return Err(Failure::Misuse(
            "the settings name no key, of which the canary is made: give --config, or see `sluicegate init`".to_owned(),
        ));
    };
    let keys = Keys::load(&KeySource::File(key)).map_err(|error| Failure::Broken(error.to_string()))?;
    let mut output = Output::open();
    output.line(keys.canary().as_str())?;
    output.finish()?;
    Ok(Outcome::Done)
}
