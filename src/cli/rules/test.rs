//! `sluicegate rules test`: whether rules find what they say.

use std::path::PathBuf;

use sluicegate::detect::{Detector, Rule, RuleSet, Scope};
use sluicegate::event::{Attachment, Sender};
use sluicegate::{Event, Json};

use super::chosen;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::visible::cut;

/// Try every rule on its own examples, wherever it may be applied: its `matches` must fire it, its `passes` must not.
#[derive(clap::Args)]
pub struct Args {
    /// Rule files, or folders of them; without any, those of the settings.
    files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let rules = RuleSet::load(&chosen(&args.files, context)?)?;
    let detector = Detector::new(&rules).map_err(|error| Failure::Broken(error.to_string()))?;
    let mut output = Output::open();
    let (mut tried, mut wrong) = (0_u64, 0_u64);
    for rule in rules.rules() {
        for (text, fires) in examples(rule) {
            tried += 1;
            let is_wrong = |scope: &Scope| {
                let findings = detector.detect(&event(*scope, text)).findings;
                findings.iter().any(|finding| finding.rule == rule.id) != fires
            };
            if let Some(scope) = rule.scope.iter().find(is_wrong) {
                wrong += 1;
                let what = if fires { "does not find" } else { "must not find" };
                let line = format!("{}:{}: {} {what} in {}: {text}", rule.file, rule.line, rule.id, scope.name());
                output.line(&cut(&line, 500))?;
            }
        }
    }
    let (rules, tried) = (counted(rules.rules().len() as u64, "rule"), counted(tried, "example"));
    output.line(&format!("{rules}   {tried}   {wrong} wrong"))?;
    output.finish()?;
    Ok(if wrong == 0 { Outcome::Done } else { Outcome::Wrong })
}

/// A rule's own examples, and whether it must fire on each.
fn examples(rule: &Rule) -> impl Iterator<Item = (&str, bool)> {
    let matches = rule.matches.iter().map(|text| (text.as_str(), true));
    matches.chain(rule.passes.iter().map(|text| (text.as_str(), false)))
}

/// An event with `text` in one field and nothing else.
fn event(scope: Scope, text: &str) -> Event {
    match scope {
        Scope::Text => Event::message(0, text),
        Scope::Quoted => Event::message(0, "").quoted(text),
        Scope::Attachment => {
            let mut attachment = Attachment::default();
            text.clone_into(&mut attachment.text);
            let mut event = Event::message(0, "");
            event.attachments.push(attachment);
            event
        }
        Scope::SenderName => {
            let mut sender = Sender::default();
            text.clone_into(&mut sender.name);
            let mut event = Event::message(0, "");
            event.sender = Some(sender);
            event
        }
        Scope::Reply => Event::reply(0, text),
        Scope::ToolCall => Event::tool_call(0, "", Json::from(text)),
        Scope::ToolResult => Event::tool_result(0, "", Json::from(text)),
    }
}
