//! `sluicegate sender link` and `unlink`: several ids of one person.

use sluicegate::sender::person;
use sluicegate::store::Person;

use super::change::told;
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::owner::{AsOwner, required};
use crate::cli::stored::{of_people, open_store, people};

/// Say that two ids are one person. Needs your secret.
///
/// From then on they have one standing and one set of capabilities: those of the first, or of the second where you have said
/// nothing of the first; blocked where one of them is.
#[derive(clap::Args)]
pub struct Link {
    /// The channel of the first id.
    channel: String,
    /// The first id.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The channel of the other id.
    other_channel: String,
    /// The other id.
    #[arg(allow_hyphen_values = true)]
    other_id: String,
    /// The account for the first id; without it, every account.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// The account for the other id; without it, every account.
    #[arg(long, value_name = "ACCOUNT")]
    other_account: Option<String>,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Take an id from the others with whom it is linked. All keep their standing. Needs your secret.
#[derive(clap::Args)]
pub struct Unlink {
    /// The channel.
    channel: String,
    /// The id.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The account; without it, every account.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    #[command(flatten)]
    as_owner: AsOwner,
}

pub fn link(args: &Link, context: &Context) -> Result<Outcome, Failure> {
    let one = named(&args.channel, args.account.as_deref(), &args.id)?;
    let other = named(&args.other_channel, args.other_account.as_deref(), &args.other_id)?;
    let stored = open_store(context)?;
    let by = required(&stored, &args.as_owner)?;
    let outcome = people(&stored)?.link(&one, &other, now(), by).map_err(|error| of_people(&error))?;
    say(&told(&one, &outcome))
}

pub fn unlink(args: &Unlink, context: &Context) -> Result<Outcome, Failure> {
    let who = named(&args.channel, args.account.as_deref(), &args.id)?;
    let stored = open_store(context)?;
    let by = required(&stored, &args.as_owner)?;
    let outcome = people(&stored)?.unlink(&who, now(), by).map_err(|error| of_people(&error))?;
    say(&told(&who, &outcome))
}

fn named(channel: &str, account: Option<&str>, id: &str) -> Result<Person, Failure> {
    person(channel, account, id).map_err(|error| Failure::Misuse(error.to_string()))
}

fn say(line: &str) -> Result<Outcome, Failure> {
    let mut output = Output::open();
    output.line(line)?;
    output.finish()?;
    Ok(Outcome::Done)
}
