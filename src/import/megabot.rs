//! MegaBot: what its `policies:` allow and deny.

use std::path::Path;

use super::{ImportError, Imported, ImportedAnswer, source, yaml};

/// What a shell would not take word by word. A command with any of it is not the one command that it looks like.
const SHELL: &[char] =
    &['*', '?', '[', ']', '{', '}', '$', '`', '"', '\'', '\\', '|', '&', ';', '<', '>', '(', ')', '~', '#', '!', '\n'];

const PREFIX_ALLOWED: &str =
    "there it allowed every command that begins with it; taken as this one command, whole: allow others as they come";
const PREFIX_DENIED: &str = "there it denied every command that begins with it; taken as this one command, whole: commands that \
                             destroy something wait for you by the starter policy, others need a line in yours";

/// Reads MegaBot's settings.
pub(super) fn read(path: &Path) -> Result<Imported, ImportError> {
    let text = source::text(path)?;
    let file = source::name(path);
    let lists = yaml::lists(&text, &["policies", "default_permission", "admins"])
        .map_err(|(line, why)| ImportError::Form { path: path.to_owned(), line: Some(line), why: why.to_owned() })?;
    if !lists.iter().any(|list| list.key == "policies") {
        let why = "there is no `policies:` at the first level; is this the settings file of MegaBot?";
        return Err(ImportError::NotThis { path: path.to_owned(), why });
    }
    let mut imported = Imported::default();
    for list in lists {
        for (line, entry) in list.entries {
            let place = format!("{file}:{line}");
            match list.key.as_str() {
                "policies.allow" => answer(&mut imported, &place, &entry, true),
                "policies.deny" => answer(&mut imported, &place, &entry, false),
                "default_permission" | "policies.default_permission" => {
                    if !entry.eq_ignore_ascii_case("ask_each") {
                        let why = "what is in no list is for your policy to decide here; see docs/policies.md";
                        imported.remark(&place, &entry, why);
                    }
                }
                "admins" => {
                    let why = "an administrator there, on any channel; name an owner by hand, with `[[sender]]`";
                    imported.remark(&place, &entry, why);
                }
                _ => imported.remark(&place, &entry, "this is no list that MegaBot has"),
            }
        }
    }
    Ok(imported)
}

/// One entry of `allow` or `deny`.
fn answer(imported: &mut Imported, place: &str, entry: &str, allow: bool) {
    let entry = entry.trim();
    if entry == "*" {
        let why = if allow {
            "allowed everything; that is never taken over"
        } else {
            "denied everything; set `lockdown = true` if you mean it"
        };
        return imported.remark(place, entry, why);
    }
    let command = entry.strip_prefix("shell.").unwrap_or(entry);
    // A scope, such as `vision.outbound`, is no command. A dotted word may be a program too; who knows?
    if command == entry && !entry.contains(' ') && entry.contains('.') {
        return imported.remark(
            place,
            entry,
            "a scope of MegaBot's and no command; your policy decides such things here",
        );
    }
    if command.is_empty() || command.contains(SHELL) {
        let why = "more than one plain command: only a shell would know what it means; answer it when it comes";
        return imported.remark(place, entry, why);
    }
    imported.remark(place, command, if allow { PREFIX_ALLOWED } else { PREFIX_DENIED });
    imported.answers.push(ImportedAnswer {
        allow,
        command: command.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
    });
}
