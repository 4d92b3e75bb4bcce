//! `sluicegate keys token`: what a client of the sidecar shows.

use sluicegate::keys::{KeySource, Keys};
use sluicegate::serve::Tokens;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;

/// Print the bearer token of a client of `sluicegate serve`, which the settings name as `[[serve.token]]`.
///
/// It is made of the key and the name, so it can be printed again at any time. To make it void, count up `serial` in the
/// settings, or take the name out, and start the sidecar again.
#[derive(clap::Args)]
pub struct Args {
    /// The client's name in the settings.
    name: String,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let settings = context.settings()?;
    let Some(key) = settings.key else {
        return Err(Failure::Misuse(
            "the settings name no key, of which tokens are made: give --config, or see `sluicegate init`".to_owned(),
        ));
    };
    let keys = Keys::load(&KeySource::File(key)).map_err(|error| Failure::Broken(error.to_string()))?;
    let tokens = Tokens::new(&settings.serve.token, &keys).map_err(|error| Failure::Broken(error.to_string()))?;
    let Some(token) = tokens.token(&args.name) else {
        let names: Vec<&str> = settings.serve.token.iter().map(|token| token.name.as_str()).collect();
        return Err(Failure::Broken(format!(
            "the settings know no client of this name; they know {}",
            names.join(", ")
        )));
    };
    let mut output = Output::open();
    output.line(&token)?;
    output.finish()?;
    Ok(Outcome::Done)
}
