//! The id of a sender.

use std::fmt;

use super::channel::Grammar;
use super::characters::{invisible, plain};
use super::phone;

/// A sender's id in the one spelling that its channel allows.
///
/// Two ids of a channel name the same sender exactly where their normal forms are equal; they are compared whole, never by
/// a part. What is spelt differently without being somebody else becomes one form (`+1 555 010-0123`, `0015550100123` and
/// `15550100123:12@s.whatsapp.net`); what could be somebody else stays apart.
///
/// Some ids name nobody, and their senders are always unknown: an empty id, a group or a list instead of a person, an id
/// with characters that cannot be seen or that its channel does not have, an id over [`SenderId::LONGEST`] bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SenderId(String);

impl SenderId {
    /// The longest id that names anybody, in bytes.
    pub const LONGEST: usize = 1_024;

    /// The normal form of an id on a channel; none where it names nobody. Linear in the id, which may be anything.
    ///
    /// | channel | the same sender |
    /// |---|---|
    /// | `whatsapp` | a phone number however it is spaced or dressed; `…@s.whatsapp.net` and `…@c.us`, with or without a device; `…@lid` is apart; `…@g.us`, `…@broadcast`, `…@newsletter` name nobody |
    /// | `signal`, `imessage`, `sms` | a phone number; an e-mail address or UUID in any case; other names exactly |
    /// | `telegram` | a number; a name with or without `@`, in any case; a negative number is a group and names nobody |
    /// | `discord` | a number; other names exactly |
    /// | `matrix` | exactly, ASCII only; `!room` and `#alias` name nobody |
    /// | `email` | in any (ASCII) case |
    /// | any other | exactly, without blanks around it |
    #[must_use]
    pub fn normalise(channel: &str, id: &str) -> Option<Self> {
        if id.len() > Self::LONGEST {
            return None;
        }
        let normal = match Grammar::of(channel) {
            Grammar::WhatsApp => whatsapp(id)?,
            Grammar::Phone => phone_or_name(id)?,
            Grammar::Telegram => telegram(id)?,
            Grammar::Discord => discord(id)?,
            Grammar::Matrix => matrix(id)?,
            Grammar::Email => visible(id)?.to_ascii_lowercase(),
            Grammar::Other => visible(id)?.to_owned(),
        };
        (!normal.is_empty()).then_some(Self(normal))
    }

    /// The normal form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SenderId {
    /// Says nothing of the id, which is private and must not reach a log by way of a debug line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SenderId(…)")
    }
}

fn whatsapp(id: &str) -> Option<String> {
    let plain = plain(id)?;
    let Some((user, server)) = plain.rsplit_once('@') else {
        return phone_or_name(id);
    };
    let server = server.to_ascii_lowercase();
    if !matches!(server.as_str(), "s.whatsapp.net" | "c.us" | "lid" | "g.us" | "broadcast" | "newsletter") {
        return phone_or_name(id);
    }
    // A device of the person is the person.
    let user = match user.split_once(':') {
        Some((user, device)) if is_number(device) => user,
        Some(_) => return None,
        None => user,
    };
    match server.as_str() {
        "s.whatsapp.net" | "c.us" if is_number(user) => phone::number(user),
        // Looks like a phone number and is none.
        "lid" if is_number(user) => Some(format!("{user}@lid")),
        _ => None,
    }
}

fn phone_or_name(id: &str) -> Option<String> {
    if let Some(number) = plain(id).and_then(|id| phone::number(&id)) {
        return Some(number);
    }
    let name = ascii(id)?;
    Some(if name.contains('@') || is_uuid(name) { name.to_ascii_lowercase() } else { name.to_owned() })
}

fn telegram(id: &str) -> Option<String> {
    let plain = plain(id)?;
    if is_number(&plain) {
        return Some(plain);
    }
    if plain.strip_prefix('-').is_some_and(is_number) {
        return None;
    }
    let name = plain.strip_prefix('@').unwrap_or(&plain);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name { Some(format!("@{}", name.to_ascii_lowercase())) } else { ascii(id).map(str::to_owned) }
}

fn discord(id: &str) -> Option<String> {
    // Names could once hold any character, so only numbers may come in another dress.
    match plain(id) {
        Some(plain) if is_number(&plain) => Some(plain),
        _ => visible(id).map(str::to_owned),
    }
}

fn matrix(id: &str) -> Option<String> {
    let id = id.trim();
    // Server names and names on them are told apart by case, and another server could own any other dress of an id.
    let ascii = id.bytes().all(|byte| byte.is_ascii_graphic());
    (ascii && !id.starts_with(['!', '#', '$'])).then(|| id.to_owned())
}

/// The id without blanks around it, where every character of it can be seen.
fn visible(id: &str) -> Option<&str> {
    let id = id.trim();
    (!id.chars().any(invisible)).then_some(id)
}

/// The id without blanks around it, where it is ASCII that can be seen.
fn ascii(id: &str) -> Option<&str> {
    visible(id).filter(|id| id.is_ascii())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normal(channel: &str, id: &str) -> Option<String> {
        SenderId::normalise(channel, id).map(|id| id.as_str().to_owned())
    }

    #[test]
    fn one_person_has_one_id_however_it_is_written() {
        let cases: &[(&str, &str, &[&str])] = &[
            (
                "whatsapp",
                "+15550100123",
                &[
                    "+1 555 010-0123",
                    "+1 (555) 010.0123",
                    "0015550100123",
                    "15550100123",
                    "15550100123@s.whatsapp.net",
                    "15550100123:12@s.whatsapp.net",
                    "15550100123@S.WhatsApp.Net",
                    "15550100123@c.us",
                    "  +15550100123\n",
                    "+1\u{a0}555\u{2011}010\u{2011}0123",
                    "\u{ff0b}\u{ff11}5550100123",
                    "+1555\u{200b}0100123\u{200e}",
                    "\u{202a}+15550100123\u{202c}",
                    "+\u{661}5550100123",
                    "+\u{1d7cf}5550100123",
                ],
            ),
            ("signal", "+15550100123", &["+1 555 010-0123", "0015550100123", "15550100123"]),
            ("WhatsApp ", "+15550100123", &["+15550100123"]),
            ("sms", "72727", &["72727", " 727-27 "]),
            ("sms", "0301234567", &["030 1234567", "030/1234567"]),
            ("sms", "MyBank", &["MyBank", " MyBank "]),
            ("imessage", "ann@example.org", &["Ann@Example.org"]),
            ("signal", "0a1b2c3d-0000-4000-8000-00000000abcd", &["0A1B2C3D-0000-4000-8000-00000000ABCD"]),
            ("whatsapp", "15550100123@lid", &["15550100123@lid", "15550100123:3@lid"]),
            ("telegram", "@walk_in", &["@Walk_In", "walk_in", " @WALK_IN", "@walk\u{200d}_in", "@walk\u{ff3f}in"]),
            ("telegram", "123456", &["123456", "\u{ff11}23456"]),
            ("matrix", "@ann:example.org", &["@ann:example.org", " @ann:example.org "]),
            ("email", "ann@example.org", &["ann@example.org", "Ann@Example.ORG "]),
            ("discord", "80351110224678912", &["80351110224678912", " 8035111022467891\u{ff12}"]),
            ("webchat", "Ann Other", &["Ann Other", "\u{3000}Ann Other "]),
        ];
        for (channel, expected, ids) in cases {
            for id in *ids {
                assert_eq!(normal(channel, id).as_deref(), Some(*expected), "{channel} {id:?}");
            }
        }
    }

    #[test]
    fn somebody_else_stays_somebody_else() {
        let cases = [
            ("whatsapp", "+15550100123", "+155501001234", "one digit more"),
            ("whatsapp", "+15550100123", "+1555010012", "one digit fewer"),
            ("whatsapp", "15550100123@s.whatsapp.net", "15550100123@lid", "a lid is no phone number"),
            ("whatsapp", "15550100123@s.whatsapp.net", "15550100123@evil.example", "another server"),
            ("sms", "+301234567", "0301234567", "a national number is not an international one"),
            ("sms", "MyBank", "mybank", "names are compared exactly"),
            ("telegram", "12345", "@12345", "no name begins with a digit"),
            ("matrix", "@ann:example.org", "@Ann:example.org", "Matrix tells case apart"),
            ("matrix", "@ann:example.org", "@ann:example.org.evil.example", "another server"),
            ("email", "ann@example.org", "\u{ff41}nn@example.org", "a full-width letter is another mailbox"),
            ("email", "ann@example.org", "ann@example.org <eve@example.net>", "a display form is no address"),
            ("discord", "name#1234", "n\u{430}me#1234", "a Cyrillic letter"),
            ("webchat", "ann", "Ann", "nothing is known of the channel, so case counts"),
            ("webchat", "ann", "\u{ff41}nn", "nor may full-width letters pass as plain ones"),
        ];
        for (channel, one, other, why) in cases {
            assert_ne!(normal(channel, one), normal(channel, other), "{channel}: {why}");
        }
    }

    #[test]
    fn some_ids_name_nobody() {
        let long = "1".repeat(SenderId::LONGEST + 1);
        let cases = [
            ("whatsapp", "", "empty"),
            ("webchat", " \t\u{3000}", "blank"),
            ("whatsapp", "\u{200b}", "nothing that can be seen"),
            ("whatsapp", "120363000000000000@g.us", "a group"),
            ("whatsapp", "status@broadcast", "a list"),
            ("whatsapp", "120363000000000000@newsletter", "a list"),
            ("whatsapp", "15550100123:evil@s.whatsapp.net", "no device"),
            ("whatsapp", "ann@s.whatsapp.net", "no number"),
            ("telegram", "-1001234567890", "a group"),
            ("telegram", "@w\u{430}lk_in", "a Cyrillic letter is not in the grammar"),
            ("matrix", "!room:example.org", "a room"),
            ("matrix", "@ann\u{200b}:example.org", "hidden character"),
            ("imessage", "\u{ff41}nn@example.org", "not in the grammar, and no number"),
            ("email", "ann\u{200b}@example.org", "hidden character"),
            ("webchat", "an\u{ad}n", "hidden character"),
            ("webchat", &long, "too long"),
        ];
        for (channel, id, why) in cases {
            assert_eq!(normal(channel, id), None, "{channel} {id:?}: {why}");
        }
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own_normal_form(
            channel in prop::sample::select(vec!["whatsapp", "sms", "telegram", "discord", "matrix", "email", "webchat"]),
            id in prop_oneof!["\\PC{0,40}", "[+0-9 ().@:a-zA-Z_-]{0,24}", "[0-9]{5,16}(:[0-9])?@(s.whatsapp.net|lid|c.us)"],
        ) {
            if let Some(once) = normal(channel, &id) {
                prop_assert_eq!(normal(channel, &once), Some(once));
            }
        }
    }
}
