//! `sluicegate store`: the file that the gate keeps what it remembers in.

mod check;
mod export;
mod import;
mod recover;
mod seeds;
mod status;

use std::path::PathBuf;

use sluicegate::config::Settings;
use sluicegate::keys::{KeySource, Keys, Sealer};
use sluicegate::store::{OpenError, StoreReader};

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Look after the store: what is in it, whether it is whole, copies of it.
#[derive(clap::Subcommand)]
pub enum Command {
    Status(status::Args),
    Check(check::Args),
    Export(export::Args),
    Import(import::Args),
    Recover(recover::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Status(args) => status::run(args, context),
        Command::Check(args) => check::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::Import(args) => import::run(args, context),
        Command::Recover(args) => recover::run(args, context),
    }
}

/// The settings, and the store that they name.
fn named(context: &Context) -> Result<(Settings, PathBuf), Failure> {
    let settings = context.settings()?;
    match settings.store.file.clone() {
        Some(file) => Ok((settings, file)),
        None => Err(Failure::Misuse(
            "the settings name no store: set `file` in `[store]`, for example to \"store.db\", or give --config"
                .to_owned(),
        )),
    }
}

/// The store of the settings, to read.
fn reader(context: &Context) -> Result<(PathBuf, StoreReader), Failure> {
    let (_, file) = named(context)?;
    let reader = StoreReader::open(&file).map_err(broken)?;
    Ok((file, reader))
}

/// What records of the store are sealed with.
fn sealer(settings: &Settings) -> Result<Sealer, Failure> {
    let Some(key) = settings.key.clone() else {
        return Err(Failure::Misuse(
            "the settings name no key, and records cannot be read without their key".to_owned(),
        ));
    };
    Ok(Keys::load(&KeySource::File(key)).map_err(|error| Failure::Broken(error.to_string()))?.sealer())
}

fn broken(error: OpenError) -> Failure {
    Failure::Broken(error.to_string())
}
