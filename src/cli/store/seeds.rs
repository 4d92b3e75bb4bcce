//! `sluicegate store import --from`: what another system has left, shown and not applied.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use sluicegate::answer::Answers;
use sluicegate::import::{self, Imported, ImportedPerson, System};
use sluicegate::sender::Listing;

use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::owner::{AsOwner, required};
use crate::cli::paint::DIM;
use crate::cli::stored::{of_store, open_store, people};
use crate::cli::visible::{cut, pad};

/// Columns of an id, of a command, of what a remark is about.
const COLUMN: usize = 32;

/// How it is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For reading.
    Text,
    /// One JSON object.
    Json,
    /// Lines for the settings.
    Toml,
}

/// Reads and prints. Nothing is changed unless the owner wants it applied.
pub fn run(
    system: System,
    path: &Path,
    form: Form,
    apply: Option<&AsOwner>,
    context: &Context,
) -> Result<Outcome, Failure> {
    let imported = import::read(system, path).map_err(|error| Failure::Broken(error.to_string()))?;
    let mut output = Output::open();
    match form {
        Form::Text => text(&imported, apply.is_some(), &mut output)?,
        Form::Json => output.json(&object(&imported))?,
        Form::Toml => lines(&imported).iter().try_for_each(|line| output.line(line))?,
    }
    let outcome = apply.map_or(Ok(Outcome::Done), |as_owner| take(&imported, as_owner, context, &mut output))?;
    output.finish()?;
    Ok(outcome)
}

/// Takes people and commands into the store. What stays as it was is told, and exits 1.
fn take(imported: &Imported, as_owner: &AsOwner, context: &Context, output: &mut Output) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let by = required(&stored, as_owner)?;
    let (people, answers) = (people(&stored)?, Answers::new(Arc::clone(&stored.store), &stored.keys));
    let applied = imported.apply(&people, &answers, now(), &by).map_err(|error| of_store(&error))?;
    for (what, why) in &applied.stayed {
        output.line(&format!("{:<9} {} {}", "stays", pad(&cut(what, COLUMN), COLUMN), cut(why, 200)))?;
    }
    output.line(&format!(
        "{} approved   {} blocked   {} answered",
        applied.approved,
        applied.blocked,
        counted(applied.answers, "command")
    ))?;
    Ok(if applied.stayed.is_empty() { Outcome::Done } else { Outcome::Wrong })
}

fn standing(person: &ImportedPerson) -> &'static str {
    match person.standing {
        Listing::Blocked => "blocked",
        Listing::Owner => "owner",
        _ => "approved",
    }
}

fn text(imported: &Imported, applied: bool, output: &mut Output) -> Result<(), Failure> {
    for person in &imported.people {
        let account = person.account.as_deref().unwrap_or_default();
        let given = person.capabilities.as_ref().map(|given| format!("  may: {}", given.join(" "))).unwrap_or_default();
        let name = person.name.as_deref().map(|name| format!("  {}", cut(name, COLUMN))).unwrap_or_default();
        let channel = [person.channel.as_str(), account].join(" ");
        let (channel, id) = (pad(&cut(channel.trim(), 20), 20), pad(&cut(person.id.as_str(), COLUMN), COLUMN));
        output.line(format!("{:<9} {channel} {id}{given}{name}", standing(person)).trim_end())?;
    }
    for answer in &imported.answers {
        output.line(&format!("{:<9} {}", if answer.allow { "allow" } else { "deny" }, cut(&answer.command, 200)))?;
    }
    for (key, value) in &imported.settings {
        output.line(&format!("{:<9} {key} = {value}", "setting"))?;
    }
    for remark in &imported.eye {
        let what = pad(&cut(&remark.what, COLUMN), COLUMN);
        let place = output.paint.draw(DIM, &cut(&remark.place, 60));
        output.line(&format!("{:<9} {what} {}  {place}", "look", remark.why))?;
    }
    let count = |len: usize, what| counted(u64::try_from(len).unwrap_or(u64::MAX), what);
    output.line(&format!(
        "{}   {}   {}   {} for your eye{}",
        count(imported.people.len(), "sender"),
        count(imported.answers.len(), "command"),
        count(imported.settings.len(), "setting"),
        imported.eye.len(),
        if applied { "" } else { "   nothing was changed" },
    ))
}

fn object(imported: &Imported) -> serde_json::Value {
    let people = imported.people.iter().map(|person| {
        json!({ "channel": person.channel, "account": person.account, "id": person.id.as_str(),
                "standing": standing(person), "capabilities": person.capabilities, "name": person.name })
    });
    let answers = imported.answers.iter().map(|answer| json!({ "allow": answer.allow, "command": answer.command }));
    let settings = imported.settings.iter().map(|(key, value)| json!({ "key": key, "value": value }));
    let eye = imported.eye.iter().map(|it| json!({ "place": it.place, "what": it.what, "why": it.why }));
    json!({ "people": people.collect::<Vec<_>>(), "answers": answers.collect::<Vec<_>>(),
            "settings": settings.collect::<Vec<_>>(), "eye": eye.collect::<Vec<_>>() })
}

/// What the settings can say: people with their standing, and limits. The rest stands behind as comments.
fn lines(imported: &Imported) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in &imported.settings {
        lines.push(format!("# in its table: {key} = {value}"));
    }
    for person in &imported.people {
        let account = person.account.as_deref().unwrap_or_default();
        lines.push("[[sender]]".to_owned());
        lines.push(format!("channel = {}", quoted(&person.channel)));
        if !account.is_empty() {
            lines.push(format!("account = {}", quoted(account)));
        }
        lines.push(format!("id = {}", quoted(person.id.as_str())));
        lines.push(format!("standing = \"{}\"", standing(person)));
    }
    for answer in &imported.answers {
        lines.push(format!("# {}: {}", if answer.allow { "allow" } else { "deny" }, one_line(&answer.command)));
    }
    for remark in &imported.eye {
        lines.push(format!("# look: {}: {}: {}", one_line(&remark.place), one_line(&remark.what), remark.why));
    }
    lines
}

/// A text as TOML writes it: JSON's escapes are among its own, and `\u007f` has to be one.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A text that cannot leave its comment.
fn one_line(text: &str) -> String {
    cut(text, 200)
}
