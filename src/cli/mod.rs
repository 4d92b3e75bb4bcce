//! The command line: one file a command, and what they share.

mod answer;
mod audit;
mod check;
mod context;
mod detect;
mod events;
mod excerpt;
mod failure;
mod faults;
mod hold;
mod init;
mod input;
mod journal;
mod keys;
mod lines;
mod lockdown;
mod mask;
mod output;
mod owner;
mod paint;
mod pair;
mod policy;
mod progress;
mod rules;
mod sender;
mod serve;
mod signed;
mod sources;
mod span;
mod starter;
mod store;
mod stored;
mod table;
mod trail;
mod utc;
mod visible;
mod watch;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use context::Context;
use failure::{Failure, Outcome};

/// Filter for messaging gateways in front of AI agents: allow, drop or hold, with a reason.
#[derive(Parser)]
#[command(name = "sluicegate", version, about, after_help = EXIT_CODES, propagate_version = true)]
struct Cli {
    /// Settings [default: $SLUICEGATE_CONFIG, then ./sluicegate.toml, then the built-in starter set].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When to draw with colour; `auto` honours NO_COLOR.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, whatever was decided; 1 something was unreadable or found wrong, and \
                          everything else was answered; 2 misuse.";

#[derive(Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Detect(detect::Args),
    #[command(subcommand)]
    Policy(policy::Command),
    #[command(subcommand)]
    Rules(rules::Command),
    #[command(subcommand)]
    Sender(sender::Command),
    #[command(subcommand)]
    Pair(pair::Command),
    #[command(subcommand)]
    Audit(audit::Command),
    #[command(subcommand)]
    Store(store::Command),
    #[command(subcommand)]
    Keys(keys::Command),
    Serve(serve::Args),
    #[command(subcommand)]
    Hold(hold::Command),
    #[command(subcommand)]
    Answer(answer::Command),
    #[command(subcommand)]
    Owner(owner::Command),
    Lockdown(lockdown::Args),
}

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return told(&answer),
    };
    match cli.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let context = Context::new(cli.config);
    let outcome = match cli.command {
        Command::Init(args) => init::run(&args),
        Command::Check(args) => check::run(&args, &context),
        Command::Detect(args) => detect::run(&args, &context),
        Command::Policy(command) => policy::run(&command, &context),
        Command::Rules(command) => rules::run(&command, &context),
        Command::Sender(command) => sender::run(&command, &context),
        Command::Pair(command) => pair::run(&command, &context),
        Command::Audit(command) => audit::run(&command, &context),
        Command::Store(command) => store::run(&command, &context),
        Command::Keys(command) => keys::run(&command, &context),
        Command::Serve(args) => serve::run(&args, &context),
        Command::Hold(command) => hold::run(&command, &context),
        Command::Answer(command) => answer::run(&command, &context),
        Command::Owner(command) => owner::run(&command, &context),
        Command::Lockdown(args) => lockdown::run(&args, &context),
    };
    match outcome {
        Ok(Outcome::Done) | Err(Failure::Unheard) => ExitCode::SUCCESS,
        Ok(Outcome::Wrong) => ExitCode::from(1),
        Err(Failure::Broken(message)) => {
            faults::error(&message);
            ExitCode::from(1)
        }
        Err(Failure::Misuse(message)) => {
            faults::error(&message);
            ExitCode::from(2)
        }
    }
}

/// Prints the help or the version that was asked for, or why the arguments make no sense.
fn told(answer: &clap::Error) -> ExitCode {
    let printed = answer.print().and_then(|()| std::io::stdout().flush());
    match printed.map_err(|error| Failure::of_output(&error)) {
        Err(Failure::Broken(message)) if !answer.use_stderr() => {
            faults::error(&message);
            ExitCode::from(1)
        }
        _ => u8::try_from(answer.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Cli::command().debug_assert();
    }
}
