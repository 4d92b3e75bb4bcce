//! `sluicegate pair`: codes by which senders become known.

use sluicegate::sender::{Capabilities, PairingRequest, Standing, person};
use sluicegate::store::Actor;

use super::context::Context;
use super::events::now;
use super::failure::{Failure, Outcome};
use super::output::{Output, counted};
use super::owner::{AsOwner, required};
use super::stored::{of_people, of_store, open_store, people};
use super::utc::Utc;
use super::visible::pad;

/// Codes that make known who writes them. You begin: make a code, tell it the person, and wait for the message.
#[derive(clap::Subcommand)]
pub enum Command {
    New(New),
    List(List),
    Approve(Approve),
    Revoke(Revoke),
}

/// Make a code for one sender, and show it once. Needs your secret.
///
/// Tell it the person by another way than the channel. Whoever writes it to the agent in a direct chat, in any case, with blanks
/// or dashes, is approved. It can be used once, within the time of the settings (`pairing.expires_minutes`).
#[derive(clap::Args)]
pub struct New {
    /// The channel on which the person will write.
    channel: String,
    /// The account of yours on that channel; without it, every account.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Your name for the person.
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,
    /// What may be done for the person.
    #[arg(long, value_name = "CAPABILITIES", default_value = "chat status")]
    caps: Capabilities,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// List the codes that wait, by their ids, and the senders who wait for you. No code is shown.
#[derive(clap::Args)]
pub struct List {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Approve a sender who waits for you. Needs your secret.
///
/// With `pairing.by_sender`: by the code that the sender tells you, by another way than the channel. With `pairing.confirm`: by
/// --channel and --id, as `pair list` shows them.
#[derive(clap::Args)]
pub struct Approve {
    /// The code with which the sender was answered.
    #[arg(required_unless_present = "id", conflicts_with = "id")]
    code: Option<String>,
    /// The channel of a sender who has written a code of yours.
    #[arg(long, requires = "id")]
    channel: Option<String>,
    /// The id of that sender.
    #[arg(long, requires = "channel", allow_hyphen_values = true)]
    id: Option<String>,
    /// The account of yours; without it, every account.
    #[arg(long, value_name = "ACCOUNT", requires = "id")]
    account: Option<String>,
    /// What may be done for the sender; without it, what the code says.
    #[arg(long, value_name = "CAPABILITIES")]
    caps: Option<Capabilities>,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Take a code back, by its id in `pair list`. Needs no secret.
#[derive(clap::Args)]
pub struct Revoke {
    /// The id of the code: six letters and digits.
    code: String,
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::New(args) => new(args, context),
        Command::List(args) => list(args, context),
        Command::Approve(args) => approve(args, context),
        Command::Revoke(args) => revoke(args, context),
    }
}

fn new(args: &New, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let by = required(&stored, &args.as_owner)?;
    let minutes = stored.settings.pairing.expires_minutes;
    let request = PairingRequest {
        channel: args.channel.clone(),
        account: args.account.clone(),
        name: args.name.clone(),
        capabilities: args.caps,
        expires_in: u64::from(minutes) * 60_000,
    };
    let mut entropy = [0; 8];
    getrandom::fill(&mut entropy).map_err(|error| Failure::Broken(format!("no random bytes for the code: {error}")))?;
    let people = people(&stored)?;
    let (code, made) = people.start_pairing(&request, now(), by, entropy).map_err(|error| of_people(&error))?;
    let mut output = Output::open();
    output.line(&code.to_string())?;
    let minutes = counted(minutes.into(), "minute");
    output
        .line(&format!("to be written on {} within {minutes}; it is shown this once (id {})", made.channel, made.id))?;
    output.finish()?;
    Ok(Outcome::Done)
}

fn list(args: &List, context: &Context) -> Result<Outcome, Failure> {
    let people = people(&open_store(context)?)?;
    let mut output = Output::open();
    let codes = people.pairing().list(now());
    for code in &codes {
        if args.json {
            output.json(&serde_json::json!({
                "id": code.id, "channel": code.channel, "account": code.account, "name": code.name,
                "capabilities": code.capabilities, "created": code.created, "expires": code.expires, "asked": code.asked,
            }))?;
        } else {
            let until = Utc::of(code.expires).map(|at| at.clock).unwrap_or_default();
            let asked = if code.asked.is_some() { "asked for by the sender" } else { "" };
            let row =
                format!("{}  {}  until {until}  {}  {asked}", code.id, pad(&code.channel, 10), pad(&code.name, 20));
            output.line(row.trim_end())?;
        }
    }
    let waiting = people.list().map_err(|error| of_store(&error))?;
    for record in waiting.iter().filter(|record| record.standing == Standing::Pending) {
        if args.json {
            output.json(record)?;
        } else {
            output.line(&format!("waits for you: {} on {}  {}", record.who.id, record.who.channel, record.name))?;
        }
    }
    if !args.json {
        output.line(&format!("{} waiting", counted(codes.len() as u64, "code")))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

fn approve(args: &Approve, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let by = required(&stored, &args.as_owner)?;
    let people = people(&stored)?;
    match (&args.code, &args.channel, &args.id) {
        (Some(code), ..) => {
            let caps = args.caps.unwrap_or_default();
            people.approve_pairing(code, caps, now(), by).map_err(|error| of_people(&error))?;
        }
        (None, Some(channel), Some(id)) => {
            let who = person(channel, args.account.as_deref(), id);
            let who = who.map_err(|error| Failure::Misuse(error.to_string()))?;
            let record = people.show(&who).map_err(|error| of_store(&error))?;
            if record.is_none_or(|record| record.standing != Standing::Pending) {
                return Err(Failure::Broken(
                    "this sender does not wait for you; see `sluicegate pair list`".to_owned(),
                ));
            }
            people.approve(&who, args.caps.unwrap_or_default(), now(), by).map_err(|error| of_people(&error))?;
        }
        _ => return Err(Failure::Misuse("name the code, or --channel and --id".to_owned())),
    }
    let mut output = Output::open();
    output.line("approved")?;
    output.finish()?;
    Ok(Outcome::Done)
}

fn revoke(args: &Revoke, context: &Context) -> Result<Outcome, Failure> {
    let people = people(&open_store(context)?)?;
    let code = people.revoke_pairing(&args.code, now(), Actor::Terminal).map_err(|error| of_people(&error))?;
    let mut output = Output::open();
    output.line(&format!("revoked {} on {}", code.id, code.channel))?;
    output.finish()?;
    Ok(Outcome::Done)
}
