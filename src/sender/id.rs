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
            Grammar::WhatsApp => whatsapp(plain(id)?)?,
            Grammar::Phone => phone_or_name(plain(id)?),
            Grammar::Telegram => telegram(plain(id)?)?,
            Grammar::Discord => plain(id)?,
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

fn whatsapp(id: String) -> Option<String> {
    let Some((user, server)) = id.rsplit_once('@') else {
        return Some(phone_or_name(id));
    };
    // A device of the person is the person.
    let user = match user.split_once(':') {
        Some((user, device)) if !device.is_empty() && device.bytes().all(|byte| byte.is_ascii_digit()) => user,
        Some(_) => return None,
        None => user,
    };
    let digits = !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit());
    match server.to_ascii_lowercase().as_str() {
        "s.whatsapp.net" | "c.us" if digits => phone::number(user),
        // Looks like a number and is none.
        "lid" if digits => Some(format!("{user}@lid")),
        "s.whatsapp.net" | "c.us" | "lid" | "g.us" | "broadcast" | "newsletter" => None,
        _ => Some(id),
    }
}

fn phone_or_name(id: String) -> String {
    match phone::number(&id) {
        Some(number) => number,
        None if id.contains('@') || is_uuid(&id) => id.to_ascii_lowercase(),
        None => id,
    }
}

fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn telegram(id: String) -> Option<String> {
    if id.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let name = id.strip_prefix('@').unwrap_or(&id);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    Some(if is_name { format!("@{}", name.to_ascii_lowercase()) } else { id })
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
