//! `sluicegate keys agent sign`: messages as an agent signs them.

use std::path::PathBuf;

use sluicegate::auth::{Outgoing, Signer};
use sluicegate::keys::SharedSecret;

use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults::Faults;
use crate::cli::input::Input;
use crate::cli::lines::Lines;
use crate::cli::output::Output;

/// Sign events, one JSON object a line, as an agent would: now, each with a nonce of its own.
///
/// For trying out `check --signed`, and for agents that can run a command and not compute a code.
#[derive(clap::Args)]
pub struct Args {
    /// The events; `-` or nothing is standard input.
    file: Option<PathBuf>,
    /// The agent's key file.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The name of the key, as `[[agent.key]]` of the settings has it.
    #[arg(long, value_name = "ID")]
    key_id: String,
    /// The name of the gateway that they are for, as `audience` of its settings has it.
    #[arg(long, value_name = "NAME")]
    to: String,
    /// Encrypt what they say.
    #[arg(long)]
    encrypt: bool,
    /// Sign a message with this text.
    #[arg(long, value_name = "TEXT", conflicts_with = "file")]
    text: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Failure> {
    let secret = SharedSecret::load_digits(&args.key).map_err(|error| Failure::Broken(error.to_string()))?;
    let signer = Signer::new(&*args.key_id, &secret).map_err(|error| Failure::Misuse(format!("--key-id: {error}")))?;
    let sign = |body: &str| {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|error| Failure::Broken(format!("no random bytes: {error}")))?;
        let message = Outgoing { to: &args.to, sent_at: now(), nonce, body: body.as_bytes() };
        let signed = if args.encrypt { signer.sign_encrypted(&message) } else { signer.sign(&message) };
        signed.map_err(|error| Failure::Misuse(error.to_string()))
    };
    let mut output = Output::open();
    if let Some(text) = &args.text {
        let body = serde_json::json!({ "text": text }).to_string();
        output.line(&sign(&body)?)?;
        output.finish()?;
        return Ok(Outcome::Done);
    }
    let Input { name, reader, .. } = Input::open(args.file.as_deref())?;
    let (mut lines, mut faults) = (Lines::new(reader), Faults::of(&name));
    while let Some(line) = lines.next().map_err(|error| Input::failure(&name, &error))? {
        match line.text {
            Ok(text) => output.line(&sign(text.trim())?)?,
            Err(why) => faults.tell(line.number, &why),
        }
    }
    output.finish()?;
    Ok(if faults.finish() > 0 { Outcome::Wrong } else { Outcome::Done })
}
