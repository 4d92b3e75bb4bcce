//! `sluicegate store import`: merging an export into the store.

use std::path::PathBuf;

use clap::ValueEnum;
use sluicegate::import::System;
use sluicegate::owner::Authority;
use sluicegate::store::{Actor, Deed, Import, Imported, Journal, SqliteStore, Store};

use super::{broken, named, sealer, seeds};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::input::Input;
use crate::cli::output::{Output, counted};
use crate::cli::owner::{self, AsOwner};

/// Merge an export of `store export` into the store.
///
/// What the store holds stays, whatever the export says, and what was removed stays removed: no block, deny or lockdown of
/// yours is undone. Only what was never here is added: people, strangers, standing answers, switches of the gate. Senders'
/// points and rates are joined, so that nobody gets milder. Held events and pairing codes are never imported, since each is
/// used once, where it was made. The whole export is read before anything is changed. Your secret is needed: an export can be
/// of another store, in which somebody else has approved whom he likes.
///
/// With `--from` another system, what its files say of people, commands and limits is shown, with what could not be taken and
/// why; nothing is changed. `--toml` prints it as lines for sluicegate.toml, `--apply` takes people and commands into the store.
#[derive(clap::Args)]
pub struct Args {
    /// The export; `-` is standard input. Of another system: its file, or OpenClaw's folder `credentials`.
    file: PathBuf,
    /// What wrote the file.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = From::Sluicegate)]
    from: From,
    /// Print what another system knew as one JSON object.
    #[arg(long, conflicts_with = "toml")]
    json: bool,
    /// Print what another system knew as lines for sluicegate.toml, to be read before they are pasted.
    #[arg(long)]
    toml: bool,
    /// Take over senders and commands of another system into the store, and not only show them. Needs your secret.
    #[arg(long, conflicts_with_all = ["json", "toml"])]
    apply: bool,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Whose export it is.
#[derive(Clone, Copy, ValueEnum)]
enum From {
    /// `sluicegate store export`.
    Sluicegate,
    /// OpenClaw: `state/openclaw.sqlite`, or the folder `credentials` of older versions, or one file of it.
    Openclaw,
    /// The message gatekeeper of openclaw-secure-baseline: `sender-registry.json`.
    Gatekeeper,
    /// AI-COMMS: its `.env`.
    AiComms,
    /// MegaBot: its YAML file with `policies:`.
    Megabot,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let system = match args.from {
        From::Sluicegate if args.json || args.toml || args.apply => {
            return Err(Failure::Misuse(
                "--json, --toml and --apply are for what comes from another system".to_owned(),
            ));
        }
        From::Sluicegate => return own(args, context),
        From::Openclaw => System::OpenClaw,
        From::Gatekeeper => System::Gatekeeper,
        From::AiComms => System::AiComms,
        From::Megabot => System::MegaBot,
    };
    let form = match (args.json, args.toml) {
        (true, _) => seeds::Form::Json,
        (_, true) => seeds::Form::Toml,
        _ => seeds::Form::Text,
    };
    let apply = args.apply.then_some(&args.as_owner);
    seeds::run(system, &args.file, form, apply, context)
}

fn own(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let (settings, file) = named(context)?;
    let sealer = sealer(&settings)?;
    let Input { name, mut reader, .. } = Input::open(Some(&args.file))?;
    let import = Import::read(&mut reader, &sealer).map_err(|error| Failure::Broken(format!("{name}: {error}")))?;
    let store = SqliteStore::open(&file, settings.store.remembered).map_err(broken)?;
    let store = std::sync::Arc::new(store);
    let durable = std::sync::Arc::clone(&store) as std::sync::Arc<dyn Store>;
    let authority = Authority::new(&durable, &sealer);
    let _owner = owner::prove(&authority, &args.as_owner, now())?;
    let journal = Journal::new(durable, sealer.clone());
    let deed = Deed::new(now(), "imported", Actor::OwnerAtTerminal);
    let imported = import.merge(&store, &journal, &deed, &sealer, &settings.senders().terms());
    let imported = imported.map_err(|error| Failure::Broken(error.to_string()))?;
    let mut output = Output::open();
    output.line(&summary(&imported))?;
    output.finish()?;
    if imported.differ > 0 {
        let differ = counted(imported.differ, "record");
        faults::note(&format!("{differ} of the export would change what the store holds, and did not"));
    }
    Ok(Outcome::Done)
}

fn summary(imported: &Imported) -> String {
    let Imported { added, same, differ, removed, left_out, senders, .. } = *imported;
    let mut parts = vec![format!("{} added", counted(added, "record"))];
    for (count, what) in [
        (same, "there already"),
        (differ, "kept as they are here"),
        (removed, "removed here before"),
        (left_out, "of kinds that are used once and not imported"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.push(format!("{} joined", counted(senders, "sender")));
    parts.join(", ")
}
