//! `sluicegate store recover`: setting a broken store aside.

use sluicegate::store;

use super::{broken, named};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::faults;
use crate::cli::output::{Output, counted};

/// Set a broken store aside and begin a new one with what can still be read of it.
///
/// Stop every gateway that uses the store before. The broken file gets a name that says what is wrong, such as
/// `store.db.broken-damaged`; nothing is deleted. What could not be read is missing afterwards, and may be a block or a
/// deny of yours: look through `sender list` and `answer list` before a gateway goes on. A store that is whole is left alone.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_: &Args, context: &Context) -> Result<Outcome, Failure> {
    let (_, file) = named(context)?;
    let recovered = store::recover(&file).map_err(broken)?;
    faults::note(&format!("it was broken: {}", recovered.why));
    let mut output = Output::open();
    output.line(&format!("set aside as {}", name_of(&recovered.aside)))?;
    output.line(&format!(
        "{}: begun anew with {} and {} that could be read",
        name_of(&file),
        counted(recovered.records, "record"),
        counted(recovered.senders, "sender")
    ))?;
    output.finish()?;
    faults::note("what could not be read is missing, and may be a block: look through it before a gateway goes on");
    Ok(Outcome::Done)
}
