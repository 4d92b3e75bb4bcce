//! `sluicegate serve`: the sidecar.

use std::sync::Arc;

use sluicegate::Gate;
use sluicegate::keys::{KeySource, Keys};
use sluicegate::serve::{Server, apart};
use sluicegate::store;

use super::context::Context;
use super::events::now;
use super::failure::{Failure, Outcome};
use super::faults;
use super::owner::{AsOwner, require};
use super::stored::open_store;
use super::watch;

/// Answer a gateway over HTTP, on loopback.
///
/// Listens where `[serve]` of the settings says, to clients that show a token (`sluicegate keys token NAME`). Writes the
/// audit log and the store, watches the settings and what they name, and ends on SIGINT or SIGTERM once everything under way is
/// answered. Started with your secret, it also obeys `!approve` and `!allow` in your chat.
#[derive(clap::Args)]
pub struct Args {
    /// Judge to the end by what the files say now, whatever is changed in them meanwhile.
    #[arg(long)]
    no_watch: bool,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let Some(file) = context.file() else {
        return Err(Failure::Misuse(
            "there are no settings to serve by: give --config, or make some with `sluicegate init DIR`".to_owned(),
        ));
    };
    let settings = context.settings()?;
    let Some(key) = &settings.key else {
        return Err(Failure::Misuse("the settings name no key, of which tokens are made: set `key`".to_owned()));
    };
    let keys = Keys::load(&KeySource::File(key.clone())).map_err(|error| Failure::Broken(error.to_string()))?;
    // Whoever may start this, or holds a token, could write a message in the owner's name.
    let opens = args.as_owner.is_given();
    if opens {
        let _owner = require(&open_store(context)?, &args.as_owner, now())?;
    }
    let store = store::open(settings.store.file.as_deref(), settings.store.remembered)
        .map_err(|error| Failure::Broken(error.to_string()))?;
    let gate = Arc::new(
        Gate::builder()
            .config(file)
            .store(apart(store))
            .audit(settings.audit.file.is_some())
            .live(true)
            .began(now())
            .opens_in_chat(opens)
            .build()?,
    );
    let watcher = if args.no_watch { None } else { Some(watch::start(&gate)?) };
    let server = Server::bind(Arc::clone(&gate), &settings, &keys, now).map_err(broken)?.on_fault(faults::note);
    for address in server.addresses() {
        faults::note(&format!("listening at {address}"));
    }
    if let Some(socket) = &settings.serve.socket {
        faults::note(&format!("listening at {}", socket.display()));
    }
    server.run().map_err(broken)?;
    drop(watcher);
    Ok(Outcome::Done)
}

fn broken(error: sluicegate::serve::ServeError) -> Failure {
    Failure::Broken(error.to_string())
}
