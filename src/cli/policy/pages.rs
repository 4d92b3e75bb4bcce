//! The pages about codes, and the way to them.

use sluicegate::diagnostic::{Diagnostic, nearest};
use sluicegate::policy::{CODES, code, page};

use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;

/// Prints the page about a code.
pub fn print(given: &str) -> Result<Outcome, Failure> {
    let Some(page) = code(given.trim()).and_then(|code| page(code.code)) else {
        let known = CODES.iter().map(|code| code.code);
        let hint = match nearest(&given.to_ascii_uppercase(), known.clone()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("there are {}", known.collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::Misuse(format!("there is no code `{}`; {hint}", given.escape_debug())));
    };
    let mut output = Output::open();
    for line in page.lines() {
        output.line(line)?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

/// Where more is said about these faults; none if there is no page about any.
pub fn more_about<'a>(faults: impl IntoIterator<Item = &'a Diagnostic>) -> Option<String> {
    let mut codes: Vec<&str> = faults.into_iter().map(|fault| fault.code).filter(|code| page(code).is_some()).collect();
    codes.sort_unstable();
    codes.dedup();
    match codes.as_slice() {
        [] => None,
        [only] => Some(format!("`sluicegate policy check --explain {only}` says more")),
        several => Some(format!("`sluicegate policy check --explain CODE` says more about {}", several.join(", "))),
    }
}
