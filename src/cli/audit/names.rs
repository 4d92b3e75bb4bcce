//! What an owner calls a sender, a chat, an event or a hold, as it stands in the log.

use std::collections::HashSet;

use sluicegate::audit::{DeedRecord, PastCheck};
use sluicegate::config::Settings;
use sluicegate::keys::{Keys, Pseudonym};
use sluicegate::sender::{EVERY_ACCOUNT, SenderId};

/// Channels that are tried where the settings do not name them.
const CHANNELS: [&str; 13] = [
    "whatsapp", "telegram", "signal", "discord", "slack", "imessage", "sms", "email", "matrix", "teams", "webchat",
    "irc", "line",
];
/// The fewest digits of a pseudonym or a hold that find it.
const FEWEST: usize = 8;

/// What is looked for.
pub struct Wanted {
    text: String,
    /// Digits that a pseudonym or a hold begins with.
    digits: Option<String>,
    /// Under every key, and as sender, chat and event: only one of them is meant, and the others do not occur.
    names: HashSet<Pseudonym>,
}

impl Wanted {
    /// What is called `text`: `CHANNEL:ID`, a hold, an event's id, or the beginning of a pseudonym. Without an account, those
    /// of the settings and none are tried.
    pub fn new(text: &str, account: Option<&str>, settings: &Settings, keys: &Keys) -> Self {
        let text = text.trim();
        let known = channels(settings);
        // What is done to somebody on every account is done on this one too.
        let everywhere = EVERY_ACCOUNT.to_owned();
        let accounts = account.map_or_else(|| accounts(settings), |account| vec![account.to_owned(), everywhere]);
        let (channels, id) = match text.split_once(':') {
            Some((channel, id)) => (vec![channel.trim().to_owned(), channel.trim().to_ascii_lowercase()], id.trim()),
            None => (known, text),
        };
        let mut names = HashSet::new();
        for pseudonyms in keys.pseudonyms().all() {
            for channel in &channels {
                let sender = SenderId::normalise(channel, id);
                for account in &accounts {
                    names.extend(sender.iter().map(|sender| pseudonyms.sender(channel, account, sender.as_str())));
                    names.insert(pseudonyms.event(channel, account, id));
                    names.insert(pseudonyms.chat(channel, account, id));
                }
            }
        }
        let is_digits = text.len() >= FEWEST && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        Self { text: text.to_owned(), digits: is_digits.then(|| text.to_ascii_lowercase()), names }
    }

    /// Whether a check is of what is looked for.
    pub fn is_in_check(&self, check: &PastCheck) -> bool {
        let names = [&check.sender, &check.chat, &check.event, &check.tool];
        names.into_iter().flatten().any(|name| self.is_name(name))
            || check.hold.as_deref().is_some_and(|hold| self.is_text(hold))
    }

    /// Whether a deed is of what is looked for.
    pub fn is_in_deed(&self, deed: &DeedRecord) -> bool {
        [&deed.whom, &deed.by.sender].into_iter().flatten().any(|name| self.is_name(name))
            || deed.with.values().any(|value| self.is_text(value))
            || self.is_text(&deed.name)
    }

    fn is_name(&self, name: &Pseudonym) -> bool {
        self.names.contains(name) || self.digits.as_ref().is_some_and(|digits| name.to_string().starts_with(digits))
    }

    fn is_text(&self, text: &str) -> bool {
        text == self.text || self.digits.as_ref().is_some_and(|digits| text.starts_with(digits))
    }
}

/// The channels that an owner may mean: those of the settings and the usual ones.
pub fn channels(settings: &Settings) -> Vec<String> {
    let named = settings.senders().listed.into_iter().map(|listed| listed.channel);
    let mut channels: Vec<String> = named.chain(CHANNELS.map(str::to_owned)).collect();
    channels.sort_unstable();
    channels.dedup();
    channels
}

fn accounts(settings: &Settings) -> Vec<String> {
    let named = settings.senders().listed.into_iter().filter_map(|listed| listed.account);
    let usual = ["", "default", "main", EVERY_ACCOUNT].map(str::to_owned);
    let mut accounts: Vec<String> = named.chain(usual).collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts
}
