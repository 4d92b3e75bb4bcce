//! Warnings that the owner has switched off on the line: `// quiet: P103`.

use super::code;
use super::comments::{Comment, comments};
use super::{Place, Report};
use crate::diagnostic::{Diagnostic, Level, nearest};

/// A warning that a comment switches off.
struct Quiet {
    code: &'static str,
    /// The line that it is switched off for; none if no code follows.
    line: Option<u32>,
    /// Whether it is for the whole file too: it stands before all code.
    whole: bool,
    place: Place,
    used: bool,
}

/// Takes out what comments switch off, and adds what is wrong with the comments themselves. `complete` says that nothing
/// was left unchecked, so that a comment without effect is told.
pub(super) fn apply(report: &mut Report, complete: bool) {
    let text = report.source.text.clone();
    let mut quiets = Vec::new();
    for comment in comments(&text) {
        read(&comment, report, &mut quiets);
    }
    report.diagnostics.retain(|diagnostic| !silenced(diagnostic, &mut quiets));
    for quiet in quiets.iter().filter(|quiet| complete && !quiet.used) {
        let message = format!("there is no {} here to be quiet about", quiet.code);
        report.warning(code::QUIET, quiet.place, message).help = Some("take the comment out".to_owned());
    }
}

fn silenced(diagnostic: &Diagnostic, quiets: &mut [Quiet]) -> bool {
    let mut silenced = false;
    for quiet in quiets.iter_mut().filter(|quiet| quiet.code == diagnostic.code) {
        let here = if diagnostic.line == 0 { quiet.whole } else { quiet.line == Some(diagnostic.line) };
        if here && diagnostic.level == Level::Warning {
            quiet.used = true;
            silenced = true;
        }
    }
    silenced
}

/// Reads one comment: `quiet:`, codes with commas between them, and then whatever the owner notes.
fn read(comment: &Comment, report: &mut Report, quiets: &mut Vec<Quiet>) {
    let Some(list) = comment.text.trim_start().strip_prefix("quiet:") else { return };
    let is_code = |word: &&str| {
        let digits = word.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let words = list.split([',', ' ', '\t']).filter(|word| !word.is_empty()).take_while(is_code);
    let mut any = false;
    for word in words {
        any = true;
        match code::find(word) {
            Some(found) if found.level == Level::Warning => quiets.push(Quiet {
                code: found.code,
                line: comment.line,
                whole: comment.first,
                place: comment.place,
                used: false,
            }),
            Some(found) => {
                let message = format!("{} is an error, and errors cannot be switched off", found.code);
                report.warning(code::QUIET, comment.place, message).help = Some("mend the error".to_owned());
            }
            None => {
                let known = nearest(&word.to_ascii_uppercase(), code::warnings());
                report.warning(code::QUIET, comment.place, format!("there is no code `{word}`")).help =
                    known.map(|known| format!("did you mean `{known}`?"));
            }
        }
    }
    if !any {
        let help = format!("write `// quiet: {}`", code::NO_END);
        report.warning(code::QUIET, comment.place, "this comment names no code").help = Some(help);
    }
}
