//! AI-COMMS: the `SECURITY_…` lines of its environment file.

use std::path::Path;

use super::{ImportError, Imported, source};
use crate::sender::Listing;

const SECRET: &str = "a secret, which is not copied: put it into a file of its own (docs/agents.md)";
const PART: &str =
    "AI-COMMS took this for a part of an id; here ids are whole, so it names nobody: add the people by hand";

/// Digits of a whole international number, without its `+`.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// Reads an environment file.
pub(super) fn read(path: &Path) -> Result<Imported, ImportError> {
    let text = source::text(path)?;
    let file = source::name(path);
    let mut imported = Imported::default();
    let mut any = false;
    let (mut rate, mut list) = (true, false);
    for (number, line) in text.lines().enumerate() {
        let place = format!("{file}:{}", number + 1);
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let (key, value) = (key.trim(), unquoted(value.trim()));
        if !key.starts_with("SECURITY_")
            && !matches!(key, "ADMIN_LIST" | "REMOTE_AGENT_ALLOWLIST" | "WHATSAPP_APP_SECRET")
        {
            continue;
        }
        any = true;
        let on = value.eq_ignore_ascii_case("true");
        match key {
            "SECURITY_ENABLE_ALLOWLIST" => list = on,
            "SECURITY_ALLOWLIST" => people(&mut imported, &place, value, Listing::Approved),
            "SECURITY_BLOCKLIST" => people(&mut imported, &place, value, Listing::Blocked),
            "SECURITY_ENABLE_RATE_LIMIT" => rate = on,
            "SECURITY_RATE_LIMIT_MAX" => number_of(&mut imported, &place, "rate.messages", key, value, 1, 60_000),
            "SECURITY_RATE_LIMIT_WINDOW_MS" => {
                number_of(&mut imported, &place, "rate.seconds", key, value, 1_000, 86_400)
            }
            "SECURITY_MAX_MESSAGE_LENGTH" => {
                number_of(&mut imported, &place, "limits.message_characters", key, value, 1, 1_048_576);
            }
            "SECURITY_MAX_MESSAGE_AGE_MS" => {
                number_of(&mut imported, &place, "auth.window_seconds", key, value, 1_000, 3_600);
            }
            "SECURITY_BLOCK_PROMPT_INJECTION" if !on => imported.remark(
                &place,
                key,
                "it only logged attacks; here they are dropped and held, unless you set `mode = \"observe\"`",
            ),
            "SECURITY_BLOCK_PROMPT_INJECTION"
            | "SECURITY_ENABLE_INPUT_SANITIZATION"
            | "SECURITY_REQUIRE_AGENT_AUTH" => {
                if !on {
                    imported.remark(&place, key, "it was off; here it cannot be switched off this way");
                }
            }
            "SECURITY_AGENT_SECRET" | "SECURITY_ENCRYPTION_KEY" | "WHATSAPP_APP_SECRET" => {
                imported.remark(&place, key, SECRET)
            }
            "ADMIN_LIST" | "REMOTE_AGENT_ALLOWLIST" => {
                for entry in entries(value) {
                    imported.remark(
                        &place,
                        entry,
                        "could give commands there; name an owner by hand, with `[[sender]]`",
                    );
                }
            }
            _ => imported.remark(&place, key, "this setting is not known here"),
        }
    }
    if !any {
        let why = "there is no `SECURITY_…` in it; is this the `.env` of AI-COMMS?";
        return Err(ImportError::NotThis { path: path.to_owned(), why });
    }
    if !list {
        imported.remark(
            &file,
            "SECURITY_ENABLE_ALLOWLIST",
            "it was off, so everybody was heard, blocked or not; here only those who are approved",
        );
    }
    if !rate {
        imported.settings.retain(|(key, _)| !key.starts_with("rate."));
        imported.remark(
            &file,
            "SECURITY_ENABLE_RATE_LIMIT",
            "it was off; here the default of 20 messages in 60 seconds holds",
        );
    }
    Ok(imported)
}

/// The people of a list. There is no channel in it; AI-COMMS's ids are those of WhatsApp.
fn people(imported: &mut Imported, place: &str, value: &str, standing: Listing) {
    for entry in entries(value) {
        let user = entry.strip_suffix("@s.whatsapp.net").or_else(|| entry.strip_suffix("@c.us"));
        let number = entry.strip_prefix('+').or(user);
        let digits = number.map_or(0, |number| number.bytes().filter(u8::is_ascii_digit).count());
        if DIGITS.contains(&digits) {
            imported.person(place, "whatsapp", None, entry, standing);
        } else {
            imported.remark(place, entry, PART);
        }
    }
}

/// A number as a setting. `least` of 1,000 says that it is in milliseconds there, and in seconds here.
fn number_of(
    imported: &mut Imported,
    place: &str,
    setting: &'static str,
    key: &str,
    value: &str,
    least: u64,
    most: u64,
) {
    let unit = if least == 1_000 { 1_000 } else { 1 };
    // Rounded up: a window that is longer by a part of a second.
    let number = value.parse::<u64>().ok().filter(|number| *number > 0).map(|number| number.div_ceil(unit));
    match number.filter(|number| *number <= most) {
        Some(number) => {
            imported.settings.retain(|(known, _)| *known != setting);
            imported.settings.push((setting, number.to_string()));
        }
        None => imported.remark(place, key, "its value is out of range here; the default holds"),
    }
}

fn entries(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

/// A value without the quotation marks around it, or without the comment behind it.
fn unquoted(value: &str) -> &str {
    for mark in ['"', '\'', '`'] {
        if let Some((inner, _)) = value.strip_prefix(mark).and_then(|rest| rest.split_once(mark)) {
            return inner;
        }
    }
    value.split_once('#').map_or(value, |(before, _)| before).trim()
}
