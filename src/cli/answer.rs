//! `sluicegate answer`: exact yes and no to tool calls, for good.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use sluicegate::Event;
use sluicegate::answer::{Answer, AnswerError, AnswerId, Answers, Says, What};
use sluicegate::hold::{HoldId, masked};
use sluicegate::sender;
use sluicegate::store::{Actor, Person};

use super::context::Context;
use super::events::{now, parse};
use super::failure::{Failure, Outcome};
use super::faults;
use super::hold::when;
use super::input::Input;
use super::output::Output;
use super::owner::{self, AsOwner};
use super::span;
use super::stored::{Stored, open_store};
use super::visible;

/// The largest call that is read, in bytes.
const MOST: u64 = 1024 * 1024;

/// Standing answers to tool calls: exact commands or whole calls that are always allowed, or always denied.
///
/// A command is its program and its arguments, word for word: `ls` allows neither `ls -l` nor `ls && rm x`. A call of several
/// commands is allowed where every one of them is. What is denied is found in chains, behind sudo and within scripts too, and
/// comes before every allow.
#[derive(clap::Subcommand)]
pub enum Command {
    Allow(AllowArgs),
    Deny(DenyArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
}

/// What is answered.
#[derive(clap::Args)]
struct Asked {
    /// The command, as you would type it, in one argument: 'git status'. `*` is every tool call.
    #[arg(required_unless_present_any = ["call", "hold"])]
    command: Option<String>,
    /// The whole call instead: a file with the event, as one JSON object; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["command", "hold"])]
    call: Option<PathBuf>,
    /// The whole call instead: the one that is held under this id.
    #[arg(long, value_name = "ID", conflicts_with = "command")]
    hold: Option<String>,
    /// Only for calls on behalf of this sender: channel and id, such as whatsapp:+15550100123.
    #[arg(long, value_name = "CHANNEL:ID")]
    sender: Option<String>,
    /// Only on this one of your own accounts.
    #[arg(long, value_name = "NAME", requires = "sender")]
    account: Option<String>,
    /// Only for this time, such as 8h or 30d.
    #[arg(long = "for", value_name = "TIME", value_parser = span::parse)]
    lasts: Option<Duration>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Allow a command or a call for good, to the senders whom you have approved. What would be dropped is still dropped.
#[derive(clap::Args)]
pub struct AllowArgs {
    #[command(flatten)]
    asked: Asked,
    /// Needed to allow everything: no tool call would wait for you any more.
    #[arg(long)]
    danger: bool,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Deny a command or a call for good. `deny '*'` stops all tool calls at once, whatever your policies say. Closing needs no
/// secret.
#[derive(clap::Args)]
pub struct DenyArgs {
    #[command(flatten)]
    asked: Asked,
}

/// List the standing answers, denials first.
#[derive(clap::Args)]
pub struct ListArgs {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Take a standing answer back.
#[derive(clap::Args)]
pub struct RevokeArgs {
    /// The answer's id, all 32 digits of it.
    id: String,
    #[command(flatten)]
    as_owner: AsOwner,
}

#[derive(Serialize)]
struct Row<'a> {
    id: AnswerId,
    #[serde(flatten)]
    answer: &'a Answer,
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    match command {
        Command::Allow(args) => {
            let mut answer = asked(&args.asked, Says::Allow, &stored)?;
            if answer.what == What::Everything && !args.danger {
                return Err(Failure::Misuse(AnswerError::Danger.to_string()));
            }
            let _owner = owner::require(&stored, &args.as_owner, answer.at)?;
            if answer.what == What::Everything {
                faults::note(
                    "from now on every tool call of an approved sender passes that is not dropped; every verdict says so",
                );
            }
            answer.by = Actor::OwnerAtTerminal;
            give(&stored, answer, args.danger, args.asked.json)
        }
        Command::Deny(args) => give(&stored, asked(&args.asked, Says::Deny, &stored)?, false, args.asked.json),
        Command::List(args) => list(args, &stored),
        Command::Revoke(args) => revoke(args, &stored),
    }
}

fn answers(stored: &Stored) -> Answers {
    Answers::new(Arc::clone(&stored.store), &stored.keys)
}

fn failed(error: AnswerError) -> Failure {
    match error {
        AnswerError::Danger | AnswerError::NoId(_) => Failure::Misuse(error.to_string()),
        error => Failure::Broken(error.to_string()),
    }
}

fn asked(asked: &Asked, says: Says, stored: &Stored) -> Result<Answer, Failure> {
    let at = now();
    let what = match (&asked.command, &asked.call, &asked.hold) {
        (Some(command), ..) if command.trim() == "*" => What::Everything,
        (Some(command), ..) => What::command(command)
            .map_err(|error| Failure::Misuse(format!("{}: {error}", visible::cut(command, 100))))?,
        (None, Some(file), _) => call_of(file)?,
        (None, None, Some(id)) => held_call(id, stored)?,
        (None, None, None) => return Err(Failure::Misuse("name a command, --call or --hold".to_owned())),
    };
    let mut answer = Answer::new(says, what, at, Actor::Terminal);
    if let Some(sender) = &asked.sender {
        answer = answer.sender(person(sender, asked.account.as_deref())?);
    }
    if let Some(lasts) = asked.lasts {
        answer = answer.until(at.saturating_add(span::milliseconds(lasts)));
    }
    Ok(answer)
}

fn call_of(file: &std::path::Path) -> Result<What, Failure> {
    let input = Input::open(Some(file))?;
    let name = input.name.clone();
    let mut text = String::new();
    input.reader.take(MOST).read_to_string(&mut text).map_err(|error| Input::failure(&name, &error))?;
    let event: Event = parse(&text).map_err(|why| Failure::Broken(format!("{name}: no event: {why}")))?;
    let tool = event.tool.ok_or_else(|| Failure::Broken(format!("{name}: the event calls no tool")))?;
    Ok(What::call(&tool))
}

fn held_call(id: &str, stored: &Stored) -> Result<What, Failure> {
    let id: HoldId = id.parse().map_err(|error| Failure::Misuse(format!("{error}")))?;
    let held = super::hold::holds(stored).get(&id).map_err(super::hold::refused)?;
    let tool = held.event.and_then(|event| event.tool);
    tool.map(|tool| What::call(&tool))
        .ok_or_else(|| Failure::Broken("what is held under this id is no tool call, or no longer kept".to_owned()))
}

fn person(text: &str, account: Option<&str>) -> Result<Person, Failure> {
    let (channel, id) = text
        .split_once(':')
        .ok_or_else(|| Failure::Misuse("a sender is written as channel and id: whatsapp:+15550100123".to_owned()))?;
    sender::person(channel, account, id).map_err(|error| Failure::Misuse(error.to_string()))
}

fn give(stored: &Stored, answer: Answer, danger: bool, json: bool) -> Result<Outcome, Failure> {
    let id = answers(stored).give(&answer, danger).map_err(failed)?;
    let mut output = Output::open();
    if json {
        output.json(&Row { id, answer: &answer })?;
    } else {
        output.line(&row(&id, &answer))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

fn list(args: &ListArgs, stored: &Stored) -> Result<Outcome, Failure> {
    let list = answers(stored).list().map_err(failed)?;
    let mut output = Output::open();
    for (id, answer) in &list {
        if args.json {
            output.json(&Row { id: *id, answer })?;
        } else {
            output.line(&row(id, answer))?;
        }
    }
    if list.is_empty() && !args.json {
        output.line("there are no standing answers")?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

fn revoke(args: &RevokeArgs, stored: &Stored) -> Result<Outcome, Failure> {
    let id: AnswerId = args.id.parse().map_err(|error| Failure::Misuse(format!("{error}")))?;
    let at = now();
    let _owner = owner::require(stored, &args.as_owner, at)?;
    let answer = answers(stored).revoke(&id, &Actor::OwnerAtTerminal, at).map_err(failed)?;
    let mut output = Output::open();
    output.line(&format!("revoked: {}", row(&id, &answer)))?;
    output.finish()?;
    Ok(Outcome::Done)
}

/// An answer in one line.
fn row(id: &AnswerId, answer: &Answer) -> String {
    let what = visible::cut(&answer.what.to_string(), 400);
    let sender = answer.sender.as_ref().map_or_else(String::new, |person| {
        format!("  for {} on {}", visible::cut(&masked(&person.id), 20), visible::cut(&person.channel, 20))
    });
    let until = answer.expires.map_or_else(String::new, |end| format!("  until {}", when(end)));
    format!("{id}  {:<5}  {what}{sender}{until}", answer.says.name())
}
