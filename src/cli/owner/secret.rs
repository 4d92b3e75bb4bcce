//! Asking for a secret: on the terminal, or from a file descriptor; never from an argument or the environment, which others
//! can read.

use std::fs::File;
use std::io::{self, Read};

use sluicegate::keys::OwnerSecret;
use zeroize::Zeroizing;

use crate::cli::failure::Failure;

/// Reads a secret from the terminal, without showing it.
///
/// # Errors
/// When there is no terminal, or it is no secret.
pub fn ask(prompt: &str) -> Result<OwnerSecret, Failure> {
    let typed = rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Failure::Broken("no secret was given: the terminal was closed".to_owned()),
        _ => Failure::Misuse(
            "there is no terminal to ask for the owner's secret on: give it by --secret-fd, such as `--secret-fd 3 3<FILE`"
                .to_owned(),
        ),
    })?;
    of(&typed)
}

/// Reads a secret from the terminal, twice.
///
/// # Errors
/// As [`ask`], and when the two differ.
pub fn ask_twice(prompt: &str) -> Result<OwnerSecret, Failure> {
    let secret = ask(prompt)?;
    if ask("The same again: ")? == secret {
        Ok(secret)
    } else {
        Err(Failure::Broken("those were two different secrets, so nothing was changed: try again".to_owned()))
    }
}

/// Reads a secret from the first line of a file descriptor.
///
/// # Errors
/// When it cannot be read, or is no secret.
pub fn read(number: u32) -> Result<OwnerSecret, Failure> {
    const MOST: usize = OwnerSecret::MAX_BYTES + 64;
    let failed = |error: io::Error| {
        Failure::Broken(format!(
            "the owner's secret cannot be read from file descriptor {number}: {error}; open it as in `--secret-fd 3 3<FILE`"
        ))
    };
    let reader: Box<dyn Read> = match number {
        0 => Box::new(io::stdin()),
        1 | 2 => {
            return Err(Failure::Misuse(format!("file descriptor {number} is for what we write; use another one")));
        }
        _ => Box::new(File::open(format!("/dev/fd/{number}")).map_err(failed)?),
    };
    // Room for all of it beforehand: a vector that grows leaves copies of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST + 1));
    reader.take(MOST as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let text = std::str::from_utf8(line)
        .map_err(|_| Failure::Broken(format!("what file descriptor {number} holds is no text")))?;
    of(text)
}

fn of(typed: &str) -> Result<OwnerSecret, Failure> {
    OwnerSecret::new(typed).map_err(|error| Failure::Broken(error.to_string()))
}
