//! `sluicegate store check`: whether the store is whole.

use sluicegate::store::Table;

use super::{broken, named, reader, sealer};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::faults;
use crate::cli::output::{Output, counted};

/// Read the whole store and tell what is not as it was written.
///
/// Looks at the structure of the file, at every sender's record and, if the settings name a key, at every sealed record. Changes
/// nothing. Exits 1 if something is wrong.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_: &Args, context: &Context) -> Result<Outcome, Failure> {
    let (settings, _) = named(context)?;
    let (file, reader) = reader(context)?;
    let mut found = reader.faults().map_err(broken)?;
    let mut sealed = 0;
    if found.is_empty() && settings.key.is_some() {
        let sealer = sealer(&settings)?;
        for table in Table::ALL {
            let mut wrong = 0;
            reader
                .records(table, |row| {
                    let Some(value) = row.value else { return };
                    let opened = sealer.open(&[table.name().as_bytes(), &row.key], &value);
                    if opened.is_some() { sealed += 1 } else { wrong += 1 }
                })
                .map_err(broken)?;
            if wrong > 0 {
                let wrong = counted(wrong, "record");
                found.push(format!("{wrong} of `{}` changed, or sealed with another key", table.name()));
            }
        }
    }
    for fault in &found {
        faults::error(&format!("{}: {fault}", name_of(&file)));
    }
    if !found.is_empty() {
        faults::help(
            "put a copy of the store back, or stop every gateway that uses it and run `sluicegate store recover`",
        );
        return Ok(Outcome::Wrong);
    }
    let senders = reader.senders().map_err(broken)?;
    let opened = if settings.key.is_some() {
        format!("; {} opened with the key", counted(sealed, "sealed record"))
    } else {
        "; sealed records were not opened, since the settings name no key".to_owned()
    };
    let mut output = Output::open();
    output.line(&format!("{}: whole, {}{opened}", name_of(&file), counted(senders, "sender")))?;
    output.finish()?;
    Ok(Outcome::Done)
}
