//! `sluicegate store export`: the store as lines of JSON.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sluicegate::store::{self, ExportError};

use super::{named, reader, sealer};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::faults;
use crate::cli::output::counted;

/// Write everything that the store holds as lines of JSON, also while a gateway uses it.
///
/// Records stay encrypted, so the export is of use only together with the key of the settings. A file is made for you alone and
/// is never overwritten.
#[derive(clap::Args)]
pub struct Args {
    /// Where to; `-` or nothing is standard output.
    file: Option<PathBuf>,
    /// Decrypt the records: names, notes and held messages stand in the export as they are. Needs the key.
    #[arg(long)]
    plain: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let (settings, _) = named(context)?;
    let (_, reader) = reader(context)?;
    let sealer = if args.plain { Some(sealer(&settings)?) } else { None };
    let mut output: Box<dyn Write> = match args.file.as_deref().filter(|file| *file != Path::new("-")) {
        None => Box::new(BufWriter::new(io::stdout().lock())),
        Some(file) => Box::new(BufWriter::new(create(file)?)),
    };
    let exported = store::export(&reader, sealer.as_ref(), &mut output).map_err(|error| match error {
        ExportError::Output(error) => Failure::of_output(&error),
        other => Failure::Broken(other.to_string()),
    })?;
    drop(output);
    if args.plain {
        faults::note("names, notes and messages stand in this export as they are: keep it where you keep the key");
    }
    if let Some(file) = args.file.as_deref().filter(|file| *file != Path::new("-")) {
        let records = counted(exported.records, "record");
        faults::note(&format!("{records} and {} written to {}", counted(exported.senders, "sender"), name_of(file)));
    }
    if exported.unreadable > 0 {
        let missing = counted(exported.unreadable, "record");
        faults::error(&format!("{missing} missing, which the key does not open: see `sluicegate store check`"));
        return Ok(Outcome::Wrong);
    }
    Ok(Outcome::Done)
}

fn create(file: &Path) -> Result<std::fs::File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::of_file(file, "this file is there already, and is not overwritten"),
        _ => Failure::of_io(file, &error),
    })
}
