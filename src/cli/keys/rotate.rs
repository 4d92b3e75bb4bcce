//! `sluicegate keys rotate`: a new key in the place of the old one.

use sluicegate::keys::KeyId;
use sluicegate::rotation::{Rotated, Rotation};
use sluicegate::sender::name_under;
use sluicegate::store;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::faults;
use crate::cli::output::{Output, counted};

/// Make a new key, and carry over everything that depends on the old one.
///
/// For when somebody may have read the key, or once a year. Stop the gateway first, and everything else that uses its store: a
/// process that runs has the old key in its memory. This is refused while one holds the audit log.
///
/// The new key goes to the top of the key file. Those before stay below it, to read what they have sealed, until nothing
/// needs them any more. The audit log goes on under the new key, and `audit verify` verifies across; note `audit head` before
/// and after. The records of the store are sealed anew, and whoever is blocked stays blocked. Senders have other pseudonyms from
/// then on; `audit show` looks for all of them. Points and rates of senders begin at nothing; pairing codes and tokens that wait
/// are worth nothing any more. There is a new canary: put it into your agent's system prompt.
///
/// If this is interrupted, run it with --finish.
#[derive(clap::Args)]
pub struct Args {
    /// Make no new key: do what an interrupted rotation left undone, and drop the old keys that nothing needs any more.
    #[arg(long)]
    finish: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let settings = context.settings()?;
    let Some(key) = &settings.key else {
        return Err(Failure::Misuse("the settings name no key: give --config, or see `sluicegate init`".to_owned()));
    };
    let log = settings.audit.log();
    let store = store::open(settings.store.file.as_deref(), settings.store.remembered);
    let store = store.map_err(|error| Failure::Broken(error.to_string()))?;
    let mut rotation = Rotation::of(key).store(&*store, &name_under);
    if let Some(log) = &log {
        rotation = rotation.log(log);
    }
    let done = if args.finish {
        rotation.finish()
    } else {
        let mut entropy = [0; 32];
        let failed = |error| Failure::Broken(format!("no random bytes for the key: {error}"));
        getrandom::fill(&mut entropy).map_err(failed)?;
        rotation.rotate(entropy)
    };
    let done = done.map_err(|error| Failure::Broken(error.to_string()))?;
    let mut output = Output::open();
    for line in told(&done, args.finish, &name_of(key)) {
        output.line(&line)?;
    }
    output.finish()?;
    for (table, count) in &done.left {
        let records = counted(*count, "record");
        faults::error(&format!("{records} of {} could not be carried over, and stay under an older key", table.name()));
    }
    Ok(if done.left.is_empty() { Outcome::Done } else { Outcome::Wrong })
}

/// What was done, and what is left to do by hand.
fn told(done: &Rotated, finish: bool, file: &str) -> Vec<String> {
    let ids = |keys: &[KeyId]| keys.iter().map(KeyId::to_string).collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("{file} {} key {}", if finish { "holds" } else { "now holds the new" }, done.key)];
    if done.sealed > 0 {
        lines.push(format!("{} of the store sealed anew", counted(done.sealed, "record")));
    }
    if !done.kept.is_empty() {
        lines.push(format!("kept to read what is older: {}", ids(&done.kept)));
    }
    if !done.dropped.is_empty() {
        lines.push(format!("dropped, since nothing needs them any more: {}", ids(&done.dropped)));
    }
    if !finish {
        lines.push("What to do next:".to_owned());
        lines.push("  1. put the new canary into your agent's system prompt: sluicegate keys canary".to_owned());
        lines.push("  2. note the log's head elsewhere: sluicegate audit head".to_owned());
        lines.push("  3. back up the key file, and start the gateway".to_owned());
    }
    lines
}
