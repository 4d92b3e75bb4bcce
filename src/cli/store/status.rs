//! `sluicegate store status`: what is in the store.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{broken, reader};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::output::{Output, counted};

/// Show what the store holds: its schema, how many records of each kind, and its size.
///
/// Reads the file without changing it, also while a gateway uses it. Whether the file is whole says `store check`.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Status {
    file: String,
    schema: u32,
    version: u64,
    bytes: u64,
    log_bytes: u64,
    tables: BTreeMap<&'static str, Count>,
    senders: u64,
}

#[derive(Serialize)]
struct Count {
    records: u64,
    removed: u64,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let (file, reader) = reader(context)?;
    let tables = reader.tables().map_err(broken)?;
    let (bytes, log_bytes) = reader.bytes();
    let status = Status {
        file: name_of(&file),
        schema: reader.schema(),
        version: reader.version().map_err(broken)?,
        bytes,
        log_bytes,
        tables: tables
            .iter()
            .map(|count| (count.table.name(), Count { records: count.records, removed: count.removed }))
            .collect(),
        senders: reader.senders().map_err(broken)?,
    };
    let mut output = Output::open();
    if args.json {
        output.json(&status)?;
        output.finish()?;
        return Ok(Outcome::Done);
    }
    let Status { file, schema, version, senders, .. } = status;
    output.line(&format!(
        "{file}: schema {schema}, {}, {} and {} in its log",
        counted(version, "change"),
        counted(bytes, "byte"),
        log_bytes
    ))?;
    for count in &tables {
        let removed = if count.removed > 0 { format!("   {} removed", count.removed) } else { String::new() };
        output.line(&format!("  {:<10}{:>8}{removed}", count.table.name(), count.records))?;
    }
    output.line(&format!("  {:<10}{senders:>8}", "senders"))?;
    output.finish()?;
    Ok(Outcome::Done)
}
