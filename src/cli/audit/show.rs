//! `sluicegate audit show`: all that the log tells of a sender, a chat, a hold or an event.

use std::path::PathBuf;

use sluicegate::audit::{Content, Line, Records};

use super::names::Wanted;
use super::row::row;
use super::source::{Source, broken, tell_unusable};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::visible;
use crate::cli::watch::short;

/// Show all that the log tells of a sender, a chat, a hold or an event.
///
/// Name a sender, a chat or an event by channel and id, such as `whatsapp:+15550100123` or `telegram:@robin`. The log holds no
/// names: the key turns yours into the pseudonyms that stand there, those of older keys too. A hold is named by its id, or
/// its first eight digits; the short pseudonyms that this and other commands print are found in the same way.
#[derive(clap::Args)]
pub struct Args {
    /// `CHANNEL:ID`, a hold's id, or the first digits of a pseudonym.
    #[arg(value_name = "SENDER|HOLD|EVENT")]
    what: String,
    /// The gateway's account; without it, those of the settings, `default`, `main` and none are tried.
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Print the records as they stand in the log, one JSON object a line.
    #[arg(long)]
    json: bool,
    /// The log; without it, that of the settings.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let source = Source::open(args.log.as_ref(), context)?;
    let wanted = Wanted::new(&args.what, args.account.as_deref(), &source.settings, &source.keys);
    let mut records = Records::open(&source.file, Some(&source.keys)).map_err(broken)?;
    let mut output = Output::open();
    let (mut count, mut unusable) = (0, 0);
    while let Some(line) = records.next_line().map_err(broken)? {
        let is_wanted = match &line.content {
            Content::Check(check) => wanted.is_in_check(check),
            Content::Deed(deed) => wanted.is_in_deed(deed),
            Content::Unusable(_) => {
                unusable += 1;
                false
            }
            _ => false,
        };
        if !is_wanted {
            continue;
        }
        count += 1;
        if args.json {
            output.line(&visible::json(String::from_utf8_lossy(records.bytes()).into_owned()))?;
        } else {
            output.line(&row(&line))?;
            for detail in details(&line) {
                output.line(&format!("{:27}{}", "", visible::lines(&detail)))?;
            }
        }
    }
    if !args.json {
        output.line(&match count {
            0 => "the log tells nothing of this; is the account another one (--account)?".to_owned(),
            _ => counted(count, "record"),
        })?;
    }
    output.finish()?;
    Ok(if tell_unusable(&source.file, unusable) { Outcome::Wrong } else { Outcome::Done })
}

/// What is told of a check besides its row.
fn details(line: &Line) -> Vec<String> {
    let Content::Check(check) = &line.content else { return Vec::new() };
    let mut details = Vec::new();
    if !check.rules.is_empty() {
        let rules: Vec<String> = check.rules.iter().map(|(rule, points)| format!("{rule} {points}")).collect();
        details.push(format!("rules: {}", rules.join(", ")));
    }
    if check.escalation > 0 {
        details.push(format!("escalation: {}", check.escalation));
    }
    for (station, severity) in &check.degraded {
        details.push(format!("{station}: {severity}"));
    }
    if let Some(hold) = &check.hold {
        details.push(format!("hold {hold}"));
    }
    if !check.revision.is_empty() {
        details.push(format!("judged by {}", short(&check.revision)));
    }
    details
}
