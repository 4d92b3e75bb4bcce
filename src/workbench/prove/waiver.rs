//! Invariants that a policy breaks on purpose: `// waive: strangers-not-allowed, since anyone may talk to an open bot`.

use std::sync::Arc;

use super::code;
use super::invariant::invariants;
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::policy::comments;

/// An invariant that a policy breaks on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiver {
    /// The name of the invariant.
    pub invariant: &'static str,
    /// Why, in the owner's words.
    pub reason: String,
    /// The policy that says so. It speaks for the whole chain.
    pub policy: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

/// The waivers of a chain. Each is a line of its own, `// waive: NAME, since REASON`.
///
/// # Errors
/// `C021` where the name is no invariant's, or the reason is missing.
pub fn waivers(chain: &[Source]) -> Result<Vec<Waiver>, LoadError> {
    let mut waivers = Vec::new();
    let mut faults = Vec::new();
    for source in chain {
        for comment in comments(&source.text).iter().filter(|comment| comment.alone) {
            let Some(written) = comment.text.trim().strip_prefix("waive:") else { continue };
            let (line, column) = (comment.place.line, comment.place.column);
            match read(written) {
                Ok((invariant, reason)) => {
                    waivers.push(Waiver { invariant, reason, policy: Arc::clone(&source.name), line });
                }
                Err(fault) => faults.push(fault(&source.name).at(&source.text, line, column)),
            }
        }
    }
    if faults.is_empty() { Ok(waivers) } else { Err(faults.into()) }
}

/// Makes a fault of the file with this name.
type Fault = Box<dyn FnOnce(&Arc<str>) -> Diagnostic>;

fn read(written: &str) -> Result<(&'static str, String), Fault> {
    let (name, reason) = written.split_once(',').unwrap_or((written, ""));
    let (name, reason) = (name.trim().to_owned(), reason.trim());
    let known: Vec<&'static str> = invariants().into_iter().filter_map(|statement| statement.invariant).collect();
    let Some(invariant) = known.iter().copied().find(|known| *known == name) else {
        return Err(Box::new(move |file| {
            let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let fault = Diagnostic::error(code::WAIVER, file, format!("there is no invariant `{name}`"));
            fault.help(format!("there are {listed}")).did_you_mean(&name, known)
        }));
    };
    if reason.is_empty() {
        return Err(Box::new(move |file| {
            Diagnostic::error(code::WAIVER, file, format!("`{invariant}` is waived without a reason"))
                .help(format!("write why: `// waive: {invariant}, since …`"))
        }));
    }
    let reason = reason.strip_prefix("since ").unwrap_or(reason);
    Ok((invariant, reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiver_has_a_name_and_a_reason() {
        let text = "// waive: strangers-not-allowed, since it is an open bot\nfn on_message(m) {\n    //waive:never-fails, x\n}";
        let found = waivers(&[Source::new("a.rhai", text)]).unwrap();
        let said: Vec<(&str, &str, u32)> = found.iter().map(|one| (one.invariant, &*one.reason, one.line)).collect();
        assert_eq!(said, [("strangers-not-allowed", "it is an open bot", 1), ("never-fails", "x", 3)]);
    }

    #[test]
    fn what_is_switched_off_or_quoted_waives_nothing() {
        let text = "/*\n// waive: never-fails, since x\n*/\nfn on_message(m) {\n    drop(`a\n// waive: never-fails, since y\n`)\n}";
        assert_eq!(waivers(&[Source::new("a.rhai", text)]).unwrap(), []);
    }

    #[test]
    fn a_slip_is_told_with_its_place() {
        let cases = [
            ("  // waive: strangers-not-alowed, since x", "did you mean `strangers-not-allowed`?"),
            ("  // waive: everything, since x", "`never-fails`"),
            ("  // waive: never-fails", "write why"),
            ("  // waive: never-fails, ", "write why"),
        ];
        for (line, help) in cases {
            let error = waivers(&[Source::new("a.rhai", format!("\n{line}\n"))]).unwrap_err();
            let [fault] = error.diagnostics.as_slice() else { panic!("{error}") };
            assert_eq!((fault.code, fault.line, fault.column), ("C021", 2, 3), "{line}");
            assert!(fault.help.as_ref().unwrap().contains(help), "{line}: {fault}");
        }
    }
}
