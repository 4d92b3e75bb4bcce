//! `sluicegate hold show`: one hold, whole.

use serde::Serialize;
use sluicegate::answer::What;
use sluicegate::event::Tool;
use sluicegate::hold::{HeldEvent, HoldId};
use sluicegate::tool::{Scene, exactly};
use sluicegate::{Event, Json};

use super::{fate, holds, refused, when, whose};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::paint::{DIM, UNDONE};
use crate::cli::stored::open_store;
use crate::cli::visible::{self, Screen};

/// Commands of a call that are listed.
const MOST_COMMANDS: usize = 40;

/// Show one hold: the whole event, what was found in it, and what a tool call would run.
///
/// Control characters and characters that cannot be seen are drawn as something that can. Nothing of a text is left out.
#[derive(clap::Args)]
pub struct Args {
    /// The hold's id, or the beginning of it: four digits or more. An answer needs all of it.
    id: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    hold: HoldId,
    now: &'static str,
    #[serde(flatten)]
    held: &'a HeldEvent,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let (id, held) = holds(&stored).find(&args.id).map_err(refused)?;
    let state = held.state_at(now());
    let mut output = Output::open();
    if args.json {
        output.json(&Shown { hold: id, now: state.name(), held: &held })?;
        output.finish()?;
        return Ok(Outcome::Done);
    }
    let kind = held.kind.name().replace('_', " ");
    let head = format!("{kind} from {}", whose(&held));
    let mut lines = vec![output.paint.draw(UNDONE, &head)];
    let mut say = |what: &str, text: &str| lines.push(format!("{what:<9} {text}"));
    say("why", &format!("{}  {}", visible::cut(&held.reason, 200), visible::cut(&held.place, 60)));
    say("held", &when(held.at));
    say(
        "state",
        &if state.name() == "waiting" { format!("waiting until {}", when(held.expires)) } else { fate(&state) },
    );
    if held.score > 0 {
        say("score", &held.score.to_string());
    }
    for found in &held.findings {
        let found = format!("{}  +{} in {}", found.rule, found.points, visible::cut(&found.field, 60));
        say("found", &found);
    }
    let width = output.width;
    match &held.event {
        Some(event) => texts(event, &stored.settings.scene(), width, &mut lines),
        None => lines.push("The event itself is no longer kept.".to_owned()),
    }
    for line in lines {
        output.line(&line)?;
    }
    if state.name() == "waiting" {
        output.line("")?;
        output.line(&output.paint.draw(DIM, &format!("sluicegate hold approve {id}")))?;
        output.line(&output.paint.draw(DIM, &format!("sluicegate hold deny {id}")))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

/// All texts of an event, field by field, and the commands of a call.
fn texts(event: &Event, scene: &Scene, width: usize, lines: &mut Vec<String>) {
    let mut text = |name: &str, text: &str| {
        if !text.is_empty() {
            lines.push(String::new());
            lines.push(format!("{name}:"));
            lines.extend(wrapped(text, width.saturating_sub(2)).into_iter().map(|line| format!("│ {line}")));
        }
    };
    text("text", &event.text);
    text("quoted", event.quoted.as_deref().unwrap_or_default());
    for (number, part) in event.attachments.iter().enumerate() {
        text(&format!("attachment {}", number + 1), &format!("{} ({})\n{}", part.name, part.mime, part.text));
    }
    text("to", event.to.as_deref().unwrap_or_default());
    let Some(tool) = &event.tool else { return };
    text("tool", &tool.name);
    let json = |value: &Json| if *value == Json::Null { String::new() } else { value.to_string() };
    text("arguments", &json(&tool.arguments));
    text("result", &json(&tool.result));
    text("runs", &commands(tool, scene));
}

/// What a call would run, a command a line.
fn commands(tool: &Tool, scene: &Scene) -> String {
    let exact = exactly(tool);
    let seen = exact.clone().unwrap_or_else(|| {
        let mut seen = scene.heard(tool).unwrap_or_default();
        seen.dedup();
        seen
    });
    let mut lines: Vec<String> =
        seen.iter().take(MOST_COMMANDS).map(|words| What::Command(words.clone()).to_string()).collect();
    if seen.len() > MOST_COMMANDS {
        lines.push(format!("and {} more", seen.len() - MOST_COMMANDS));
    }
    if exact.is_none() && !lines.is_empty() {
        lines.push("(read as well as can be; only the running shell knows exactly)".to_owned());
    }
    lines.join("\n")
}

/// A text in lines that fit, every character of it drawn as itself or as something harmless.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut screen = Screen::default();
        let mut buffer = [0; 4];
        for letter in line.chars() {
            let letter = letter.encode_utf8(&mut buffer);
            if !screen.push(letter, width) {
                lines.push(std::mem::take(&mut screen).into_text());
                screen.push(letter, width);
            }
        }
        lines.push(screen.into_text());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_left_out_and_nothing_steers_the_screen() {
        let text = format!("{}rm -rf /\nsecond\u{1b}[2J\u{202e}\r", "x".repeat(1_000));
        let shown = wrapped(&text, 60);
        assert!(shown.iter().all(|line| !line.contains(['\u{1b}', '\u{202e}', '\r', '\n'])), "{shown:?}");
        let all: String = shown.concat();
        assert_eq!(all.matches('x').count(), 1_000);
        assert!(all.contains("rm -rf /") && all.contains("second␛[2J<202E>␍"), "{all}");
    }
}
