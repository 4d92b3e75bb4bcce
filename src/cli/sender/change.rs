//! `sluicegate sender approve`, `block` and the like: changing what the owner says of a sender.

use sluicegate::sender::{Capabilities, Outcome as Change, People, PeopleError};
use sluicegate::store::{Actor, Person};

use super::list::standing;
use super::who::{Who, shown};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::owner::{AsOwner, required};
use crate::cli::stored::{of_people, open_store, people};

/// Approve a sender, who may then talk to the agent. Needs your secret.
///
/// Holds for direct chats; in groups only senders count whom the settings name. Who is blocked has to be unblocked first.
#[derive(clap::Args)]
pub struct Approve {
    #[command(flatten)]
    who: Who,
    /// What may be done for the sender: `chat status run_jobs files network admin`, `all` or `none`.
    #[arg(long, value_name = "CAPABILITIES", default_value = "chat status")]
    caps: Capabilities,
    /// Your name for the sender.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Block a sender: nothing of theirs passes, whatever settings and policies say. Needs no secret.
#[derive(clap::Args)]
pub struct Block {
    #[command(flatten)]
    who: Who,
}

/// Lift a block: the sender is unknown again. Needs your secret.
#[derive(clap::Args)]
pub struct Unblock {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Take an approval back, or refuse who waits for one: the sender is unknown again. Needs no secret.
#[derive(clap::Args)]
pub struct Revoke {
    #[command(flatten)]
    who: Who,
}

/// Set what may be done for an approved sender. Needs your secret.
#[derive(clap::Args)]
pub struct SetCaps {
    /// `chat status run_jobs files network admin` with blanks or commas between them, `all` or `none`.
    #[arg(long, value_name = "CAPABILITIES", required = true)]
    caps: Capabilities,
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Give a sender a name of your own; an empty one takes it away.
#[derive(clap::Args)]
pub struct Name {
    /// The name.
    #[arg(long, value_name = "NAME", required = true)]
    name: String,
    #[command(flatten)]
    who: Who,
}

/// Keep a note on a sender; an empty one takes it away.
#[derive(clap::Args)]
pub struct Note {
    /// The note.
    #[arg(long, value_name = "TEXT", required = true)]
    note: String,
    #[command(flatten)]
    who: Who,
}

pub fn approve(args: &Approve, context: &Context) -> Result<Outcome, Failure> {
    change(&args.who, context, Some(&args.as_owner), |people, who, at, by| {
        let outcome = people.approve(who, args.caps, at, by.clone())?;
        if let Some(name) = &args.name {
            people.rename(who, name, at, by)?;
        }
        Ok(outcome)
    })
}

pub fn block(args: &Block, context: &Context) -> Result<Outcome, Failure> {
    change(&args.who, context, None, |people, who, at, by| people.block(who, at, by))
}

pub fn unblock(args: &Unblock, context: &Context) -> Result<Outcome, Failure> {
    change(&args.who, context, Some(&args.as_owner), |people, who, at, by| people.unblock(who, at, by))
}

pub fn revoke(args: &Revoke, context: &Context) -> Result<Outcome, Failure> {
    change(&args.who, context, None, |people, who, at, by| people.revoke(who, at, by))
}

pub fn set_caps(args: &SetCaps, context: &Context) -> Result<Outcome, Failure> {
    change(&args.who, context, Some(&args.as_owner), |people, who, at, by| people.capabilities(who, args.caps, at, by))
}

pub fn name(args: &Name, context: &Context) -> Result<Outcome, Failure> {
    change(&args.who, context, None, |people, who, at, by| people.rename(who, &args.name, at, by))
}

pub fn note(args: &Note, context: &Context) -> Result<Outcome, Failure> {
    change(&args.who, context, None, |people, who, at, by| people.note(who, &args.note, at, by))
}

fn change(
    who: &Who,
    context: &Context,
    as_owner: Option<&AsOwner>,
    change: impl Fn(&People, &Person, u64, Actor) -> Result<Change, PeopleError>,
) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let by = as_owner.map_or(Ok(Actor::Terminal), |as_owner| required(&stored, as_owner))?;
    let people = people(&stored)?;
    let who = who.person(&people)?;
    let outcome = change(&people, &who, now(), by).map_err(|error| of_people(&error))?;
    let mut output = Output::open();
    output.line(&told(&who, &outcome))?;
    output.finish()?;
    Ok(Outcome::Done)
}

/// What came of it, in one line.
pub fn told(who: &Person, outcome: &Change) -> String {
    let who = shown(who);
    let linked = match outcome.linked {
        0 => String::new(),
        linked => format!(", with {}", counted(linked as u64, "linked id")),
    };
    match (outcome.changed, outcome.before == outcome.after) {
        (false, _) => format!("{who}: nothing to change, {}", standing(outcome.after)),
        (true, true) => format!("{who}: noted, {}{linked}", standing(outcome.after)),
        (true, false) => format!("{who}: {}, was {}{linked}", standing(outcome.after), standing(outcome.before)),
    }
}
