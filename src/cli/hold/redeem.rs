//! `sluicegate hold redeem`: the last step before a gateway acts.

use std::io::Read as _;
use std::path::PathBuf;

use serde::Serialize;
use sluicegate::Event;
use sluicegate::hold::{HoldId, Token};

use super::{holds, refused};
use crate::cli::context::Context;
use crate::cli::events::{now, parse};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::input::Input;
use crate::cli::output::Output;
use crate::cli::stored::open_store;

/// The largest event that is read, in bytes.
const MOST: u64 = 16 * 1024 * 1024;

/// Redeem a token that `hold wait` gave, for the event that is about to be acted on. For gateways.
///
/// It succeeds once, for one caller, and only for the event that was approved. Act if the exit code is 0, and never otherwise.
#[derive(clap::Args)]
pub struct Args {
    /// The token.
    token: String,
    /// The event, as one JSON object; `-` or nothing is standard input.
    event: Option<PathBuf>,
}

#[derive(Serialize)]
struct Redeemed {
    hold: HoldId,
    redeemed: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let token: Token = args.token.parse().map_err(refused)?;
    let input = Input::open(args.event.as_deref())?;
    let name = input.name.clone();
    let mut text = String::new();
    input.reader.take(MOST).read_to_string(&mut text).map_err(|error| Input::failure(&name, &error))?;
    let event: Event = parse(&text).map_err(|why| Failure::Broken(format!("{name}: no event: {why}")))?;
    holds(&open_store(context)?).redeem(&token, &event.digest(), now()).map_err(refused)?;
    let mut output = Output::open();
    output.json(&Redeemed { hold: token.id(), redeemed: true })?;
    output.finish()?;
    Ok(Outcome::Done)
}
