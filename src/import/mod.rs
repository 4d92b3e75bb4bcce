//! Coming from another system: what it knew of people, what it had been told for good, and how it was set.
//!
//! A reader for each system turns its files into one neutral list, [`Imported`]. Nothing is written: not into the foreign files,
//! which are opened for reading only, and not into ours. Whoever calls shows the owner what was found; [`Imported::apply`] then
//! makes it durable.
//!
//! What the other system took loosely is not taken over loosely. It allowed whoever's id *holds* a text, or every command
//! that *begins* with one; here ids and commands are whole. What cannot be said exactly, and whatever would give somebody more than
//! the owner may have meant, stands in [`Imported::eye`] with the reason, for the owner to decide.
//!
//! Files may be hostile: their size, depth and rows are bounded, and what is not understood is refused with its place.

mod ai_comms;
mod apply;
mod error;
mod gatekeeper;
mod json;
mod megabot;
mod openclaw;
mod source;
mod yaml;

use std::path::Path;

pub use apply::Applied;
pub use error::ImportError;

use crate::sender::{Listed, Listing, SenderId};

/// The most people, and the most of anything else that is listed, that a reader takes.
pub const MOST: usize = 100_000;

/// A system that one may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum System {
    /// OpenClaw, and Clawdbot and Moltbot before it: its store in SQLite, or the folder of its JSON files, or one of them.
    OpenClaw,
    /// The message gatekeeper of openclaw-secure-baseline: `sender-registry.json`.
    Gatekeeper,
    /// AI-COMMS: its `.env` with `SECURITY_…`.
    AiComms,
    /// MegaBot: its YAML file with `policies:`.
    MegaBot,
}

/// What was found, in neutral words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// The people whom the owner knew, one entry each. Nobody of them is an owner: that is said by hand.
    pub people: Vec<ImportedPerson>,
    /// Commands that the owner had allowed or denied for good, whole ones.
    pub answers: Vec<ImportedAnswer>,
    /// Keys of `sluicegate.toml` with their values as TOML, such as `rate.messages` and `20`.
    pub settings: Vec<(&'static str, String)>,
    /// What was not taken, or not as it was, and why: for the owner's eye.
    pub eye: Vec<Remark>,
}

/// Somebody whom the owner knew.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportedPerson {
    /// The channel, in its one spelling.
    pub channel: String,
    /// The gateway's account that it holds for; none: every account, since the other system knew of none.
    pub account: Option<String>,
    /// The id, in its normal form.
    pub id: SenderId,
    /// Approved or blocked.
    pub standing: Listing,
    /// What an approved person may have done, by the names of `sluicegate sender`; none where the other system had no such
    /// thing.
    pub capabilities: Option<Vec<&'static str>>,
    /// The name that the owner had given.
    pub name: Option<String>,
}

/// A command that the owner had answered for good.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportedAnswer {
    /// Whether it was allowed; else it was denied.
    pub allow: bool,
    /// The whole command, as it would be typed.
    pub command: String,
}

/// Something that needs the owner's eye.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remark {
    /// Where: the file, with the line or the key.
    pub place: String,
    /// What it is about, as it stands there; never a secret.
    pub what: String,
    /// Why it was not taken, and what to do.
    pub why: &'static str,
}

/// Reads what another system has left at `path`.
///
/// # Errors
/// When nothing can be made of the whole file: it cannot be read, is too large, or is not what the system writes. What is
/// wrong with a part of it is a [`Remark`].
pub fn read(system: System, path: &Path) -> Result<Imported, ImportError> {
    let mut imported = match system {
        System::OpenClaw => openclaw::read(path)?,
        System::Gatekeeper => gatekeeper::read(path)?,
        System::AiComms => ai_comms::read(path)?,
        System::MegaBot => megabot::read(path)?,
    };
    imported.settle();
    Ok(imported)
}

impl ImportedPerson {
    fn who(&self) -> (&str, Option<&str>, &SenderId) {
        (&self.channel, self.account.as_deref(), &self.id)
    }
}

impl Imported {
    fn remark(&mut self, place: &str, what: &str, why: &'static str) {
        if self.eye.len() < MOST {
            self.eye.push(Remark { place: place.to_owned(), what: clip(what), why });
        }
    }

    /// Takes a person by the whole id; what names nobody is remarked.
    fn person(
        &mut self,
        place: &str,
        channel: &str,
        account: Option<&str>,
        id: &str,
        standing: Listing,
    ) -> Option<&mut ImportedPerson> {
        if self.people.len() >= MOST {
            self.remark(place, id, "there are more people than are taken; import the rest by hand");
            return None;
        }
        // It also refuses what holds a `*`.
        let Ok(listed) = Listed::new(channel, id, standing) else {
            self.remark(place, id, "this is no whole id of one person on this channel; nobody was taken for it");
            return None;
        };
        let Listed { channel, id, .. } = listed;
        let account = account.map(str::to_owned);
        self.people.push(ImportedPerson { channel, account, id, standing, capabilities: None, name: None });
        self.people.last_mut()
    }

    /// One entry a person, in order; who is blocked anywhere is blocked.
    fn settle(&mut self) {
        self.people.sort_by(|one, other| (one.who(), other.standing).cmp(&(other.who(), one.standing)));
        let mut both = Vec::new();
        self.people.dedup_by(|later, first| {
            let same = later.who() == first.who();
            if same && later.standing != first.standing {
                both.push((first.channel.clone(), first.id.clone()));
            }
            same
        });
        for (channel, id) in both {
            self.remark(&channel, id.as_str(), "approved and blocked in the other system; taken as blocked");
        }
        // What was denied comes first, as it is asked.
        self.answers.sort_by(|one, other| (one.allow, &one.command).cmp(&(other.allow, &other.command)));
        self.answers.dedup();
    }
}

/// As much of a foreign text as is shown.
fn clip(text: &str) -> String {
    const MOST_SHOWN: usize = 200;
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
