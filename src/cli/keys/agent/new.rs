//! `sluicegate keys agent new`: a key that an agent and this gate share.

use std::path::PathBuf;

use sluicegate::keys::Keys;

use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::output::Output;

/// Make a key for an agent, and print what to add to the settings.
///
/// The file holds 64 hexadecimal digits and can be read by you alone; it never overwrites another. Give the agent a copy by a
/// way that nobody listens to. Whoever has it can sign as that agent, so every agent has a key of its own.
#[derive(clap::Args)]
pub struct Args {
    /// The file to make, such as `billing.key`.
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Failure> {
    let mut entropy = [0; 32];
    getrandom::fill(&mut entropy).map_err(|error| Failure::Broken(format!("no random bytes for the key: {error}")))?;
    Keys::create_file(&args.file, entropy).map_err(|error| Failure::Broken(error.to_string()))?;
    let name: String = args
        .file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' })
        .take(48)
        .collect();
    let file = name_of(&args.file).replace('\\', "\\\\").replace('"', "\\\"");
    let mut output = Output::open();
    output.line("Written. Give the agent a copy, and add this to sluicegate.toml:")?;
    for line in [
        String::new(),
        "[[agent]]".to_owned(),
        format!("id = \"{name}\""),
        "[[agent.key]]".to_owned(),
        format!("id = \"{name}-1\""),
        format!("file = \"{file}\""),
    ] {
        output.line(&line)?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}
