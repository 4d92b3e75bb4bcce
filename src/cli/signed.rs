//! Signed messages in, verdicts out: `sluicegate check --signed`.

use sluicegate::Gate;
use sluicegate::gate::Watcher;

use super::check::Printer;
use super::events::now;
use super::failure::{Failure, Outcome};
use super::faults::Faults;
use super::input::Input;
use super::lines::Lines;
use super::trail::Trail;

/// Judges every line of `input` as a message that an agent has signed, received now. What is refused is told with its reason on
/// standard error, for the owner; the verdict says the same of all of it.
pub fn judge(
    input: Input,
    gate: &Gate,
    watcher: Option<Watcher>,
    mut printer: Printer,
    trail: &mut Trail<'_>,
) -> Result<Outcome, Failure> {
    let Input { name, reader, .. } = input;
    let (mut lines, mut faults, mut count) = (Lines::new(reader), Faults::of(&name), 0);
    while let Some(line) = lines.next().map_err(|error| Input::failure(&name, &error))? {
        count += 1;
        let (number, received_at) = (line.number, now());
        let refusal = match line.text.map(|text| gate.verify_signed(text.as_bytes(), received_at)) {
            Ok(Ok(verified)) => {
                printer.print(Some(verified.event()), trail.note(&gate.check_verified(&verified)), "")?;
                continue;
            }
            Ok(Err(refusal)) => refusal,
            Err(why) => {
                faults.tell(number, &why);
                printer.print(None, trail.note(&gate.unreadable(number, why)), &format!("line {number}"))?;
                continue;
            }
        };
        let agent = refusal.agent().map(|agent| format!("{agent}: ")).unwrap_or_default();
        faults.tell(number, &format!("{agent}{}", refusal.check()));
        printer.print(None, trail.note(&gate.refused(&refusal, received_at)), &format!("line {number}"))?;
    }
    drop(watcher);
    printer.finish()?;
    let refused = faults.finish();
    match count {
        0 => Err(Failure::Broken(format!("{name}: there is no message in it"))),
        _ if refused > 0 => Ok(Outcome::Wrong),
        _ => Ok(Outcome::Done),
    }
}
