//! `sluicegate policy seal`: letting what the files say judge.

use serde::Serialize;
use sluicegate::Gate;
use sluicegate::owner::{Authority, Contents, Part, Seal, Seals};

use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::owner::{AsOwner, require};
use crate::cli::stored::{Stored, open_store};
use crate::cli::utc::Utc;
use crate::cli::visible;
use crate::cli::watch::short;

/// Show what changed since you sealed the last time, and seal what the files say now.
///
/// With `seal = true` in the settings, gates start with what is sealed and reload to what is sealed, and to nothing else.
/// Sealing needs your secret, so whoever can only write files cannot change what judges. Sealed are settings, policies,
/// rules, the system prompt and the version of Sluicegate itself: seal again after an update.
#[derive(clap::Args)]
pub struct Args {
    /// Only show what changed, and seal nothing.
    #[arg(long)]
    show: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    as_owner: AsOwner,
}

#[derive(Serialize)]
struct Told<'a> {
    revision: &'a str,
    sealing: bool,
    before: Option<&'a str>,
    changes: Vec<Change<'a>>,
    sealed: bool,
}

/// How a part differs from what was sealed.
#[derive(Serialize)]
struct Change<'a> {
    what: &'static str,
    part: &'a str,
    digest: &'a str,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let Some(path) = context.file() else {
        return Err(Failure::Misuse(
            "there are no settings here to seal: give --config, or see `sluicegate init`".to_owned(),
        ));
    };
    let stored = open_store(context)?;
    // What is sealed is what was read and compiled here, whatever happens to the files meanwhile.
    let contents = Gate::builder().config(path).trial(true).build()?.contents();
    let failure = |error: sluicegate::owner::OwnerError| Failure::Broken(error.to_string());
    let seals = Seals::new(&stored.store, &stored.sealer);
    let before = seals.newest().map_err(failure)?;
    let genuine = genuine(&stored, before.as_ref())?;
    let changes = changes(before.as_ref(), &contents);
    let mut output = Output::open();
    if !args.json {
        show(&mut output, before.as_ref(), genuine, &changes, &contents)?;
    }
    if !args.show {
        let at = now();
        let owner = require(&stored, &args.as_owner, at)?;
        seals.seal(&owner, &contents, at).map_err(failure)?;
    }
    if args.json {
        let before = before.as_ref().map(|seal| &*seal.revision);
        let Contents { revision, sealing, .. } = &contents;
        output.json(&Told { revision, sealing: *sealing, before, changes, sealed: !args.show })?;
    } else if !args.show {
        output.line(&format!("sealed: {}", short(&contents.revision)))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

/// Whether the seal is the owner's.
fn genuine(stored: &Stored, seal: Option<&Seal>) -> Result<bool, Failure> {
    let key = Authority::new(&stored.store, &stored.sealer).key();
    let key = key.map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(key.zip(seal).is_none_or(|(key, seal)| seal.is_of(key.public())))
}

/// Parts that are new, were changed, or are gone.
fn changes<'a>(before: Option<&'a Seal>, contents: &'a Contents) -> Vec<Change<'a>> {
    let sealed = before.map(|seal| seal.parts.as_slice()).unwrap_or_default();
    let of = |parts: &'a [Part], name: &str| parts.iter().find(|part| part.name == name);
    let change = |what, part: &'a Part| Change { what, part: &part.name, digest: &part.digest };
    let now = contents.parts.iter().filter_map(|part| match of(sealed, &part.name) {
        None => Some(change("new", part)),
        Some(old) if old.digest != part.digest => Some(change("changed", part)),
        Some(_) => None,
    });
    let gone = sealed.iter().filter(|part| of(&contents.parts, &part.name).is_none());
    now.chain(gone.map(|part| change("removed", part))).collect()
}

fn show(
    output: &mut Output,
    before: Option<&Seal>,
    genuine: bool,
    changes: &[Change<'_>],
    contents: &Contents,
) -> Result<(), Failure> {
    match before {
        None => output.line("nothing is sealed yet")?,
        Some(seal) => {
            let at = Utc::of(seal.at).map(|at| format!(", on {} at {} UTC", at.date, at.clock)).unwrap_or_default();
            output.line(&format!("sealed until now: {}{at}", visible::lines(short(&seal.revision))))?;
        }
    }
    if !genuine {
        output.line("  that seal is not the owner's: somebody else wrote it into the store")?;
    }
    for Change { what, part, digest } in changes {
        let digest = digest.get(..12).unwrap_or(digest);
        output.line(&visible::lines(&format!("  {what:<8}  {digest}  {part}")))?;
    }
    let same = contents.parts.len() - changes.iter().filter(|change| change.what != "removed").count();
    output.line(&format!("  {} as before", counted(same as u64, "part")))?;
    match (before.is_some_and(|seal| seal.sealing), contents.sealing) {
        (true, false) => output.line("these settings no longer say `seal = true`: gates will take what is not sealed"),
        (false, false) => output.line("the settings do not say `seal = true`, so gates also take what is not sealed"),
        _ => Ok(()),
    }
}
