//! Carrying out what the owner commands in chat.

use std::fmt::Write as _;

use super::Gate;
use super::case::Case;
use super::recent::Decided;
use crate::answer::{Answer, AnswerError, Says, What};
use crate::event::{Event, Kind};
use crate::hold::{HeldEvent, HoldError, State, masked};
use crate::owner::{Command, HELP, Lock};
use crate::sender::{PeopleError, Standing, person};
use crate::store::{Actor, Person, Seen};
use crate::verdict::{By, Decision, Station, Verdict};

/// Holds that are listed at once: a screen of a telephone.
const LISTED: usize = 5;
/// Said where the store gave no answer. More of it is in no chat's interest.
const NO_STORE: &str = "not done: the store gives no answer. Look at the command line.";
/// Said where nobody knows that whoever hands in the events is the owner's gateway.
const NOT_HERE: &str = "not done: this gate was started without your secret. Answer at the command line, or start it with \
                        --secret-fd.";
/// Said where something would be opened while the gate is closed.
const CLOSED: &str = "not done: the gate is locked down. `sluicegate lockdown off` opens it.";

impl Gate {
    /// The answer to a command of the owner's, who writes in a direct chat; none where it is no command or comes from anybody
    /// else: then it is a text like any other, and nothing is said of it.
    ///
    /// The command is what the owner wrote, and the whole of it: never what is quoted, attached or hidden in a text. An event
    /// that was handed in before is not carried out again. This waits for the disk, as only a hold does besides.
    pub(super) fn command(&self, case: &Case<'_>) -> Option<Verdict> {
        let (owner, command) = commanded(case)?;
        let reply = match case.met.as_ref()?.seen {
            // By the gateway's clock: an owner's message that was once dated in the future must not let holds lapse.
            Seen::New => Some(self.carry_out(&command, &owner, case.event.at)),
            Seen::Same => None,
            Seen::Edited => Some("an edited message is no command: write it anew".to_owned()),
        };
        let mut verdict = of_command();
        verdict.reply = reply;
        Some(verdict)
    }

    fn carry_out(&self, command: &Command, owner: &Person, at: u64) -> String {
        let by = || Actor::OwnerInChat(owner.clone());
        let closed = self.switches.lock() != Lock::Open || self.loaded.load().settings.lockdown;
        match command {
            Command::Approve(None) | Command::Deny(None) => self.waiting(at),
            Command::Approve(Some(_)) | Command::Allow(_) if !self.opens_in_chat => NOT_HERE.to_owned(),
            Command::Approve(Some(_)) | Command::Allow(_) if closed => CLOSED.to_owned(),
            Command::Approve(Some(id)) => self.approve_for(id, &by(), at),
            Command::Deny(Some(id)) => {
                let denied = self.holds.id(id).and_then(|id| self.deny(&id, &by(), at));
                denied.map_or_else(|error| of_hold(&error), |held| format!("denied: {}", described(&held)))
            }
            Command::Allow(text) if text == "*" => "not done: only exact commands are allowed in chat".to_owned(),
            Command::Allow(text) => self.answer_for_good(Says::Allow, text, by(), at),
            Command::Forbid(text) => self.answer_for_good(Says::Deny, text, by(), at),
            Command::Block { id, channel } => self.block_for(id, channel.as_deref(), owner, at),
            Command::Lockdown => match self.lockdown().close(by(), at) {
                Ok(true) => "closed: nothing passes until `sluicegate lockdown off`".to_owned(),
                Ok(false) => "closed already; `sluicegate lockdown off` opens it".to_owned(),
                Err(_) => NO_STORE.to_owned(),
            },
            Command::Status => self.status_for(closed, at),
            Command::Logs(count) => self.logs(*count, at),
            Command::Help => HELP.to_owned(),
            Command::No(why) => why.clone(),
        }
    }

    /// Approves one hold, and tells whether what judges now will let it pass.
    fn approve_for(&self, id: &str, by: &Actor, at: u64) -> String {
        let approved = self.holds.id(id).and_then(|id| self.approve(&id, by, at));
        let held = match approved {
            Ok((held, _)) => held,
            Err(error) => return of_hold(&error),
        };
        let told = format!("approved: {}", described(&held));
        match self.judge_held(&held).filter(|verdict| verdict.decision != Decision::Allow) {
            Some(verdict) => {
                let why = if verdict.reason.is_empty() { verdict.decision.name() } else { &*verdict.reason };
                format!("{told}. But what judges now does not let it pass: {why}")
            }
            None => told,
        }
    }

    fn answer_for_good(&self, says: Says, text: &str, by: Actor, at: u64) -> String {
        let what = if text == "*" { Ok(What::Everything) } else { What::command(text) };
        let what = match what {
            Ok(what) => what,
            Err(why) => return format!("not done: {why}"),
        };
        match self.answers.give(&Answer::new(says, what.clone(), at, by), false) {
            Ok(_) => {
                let word = if says == Says::Allow { "allowed" } else { "forbidden" };
                format!("{word} for good: {what}. `sluicegate answer list` shows it")
            }
            Err(AnswerError::Store(_)) => NO_STORE.to_owned(),
            Err(error) => format!("not done: {error}"),
        }
    }

    fn block_for(&self, id: &str, channel: Option<&str>, owner: &Person, at: u64) -> String {
        let channel = channel.unwrap_or(&owner.channel);
        let whom = match person(channel, None, id) {
            Ok(whom) => whom,
            Err(error) => return format!("not done: {error}"),
        };
        let looked_at = Event::message(at, "").channel(channel).account(owner.account.as_str()).sender(id);
        if self.loaded.load().senders.standing(&looked_at) == Standing::Owner {
            return "not done: that is an owner, who would be shut out".to_owned();
        }
        match self.people.block(&whom, at, Actor::OwnerInChat(owner.clone())) {
            Ok(outcome) if !outcome.changed => format!("{} is blocked already", masked(&whom.id)),
            Ok(_) => format!("blocked on {}: {}", whom.channel, masked(&whom.id)),
            Err(PeopleError::Store(_)) => NO_STORE.to_owned(),
            Err(error) => format!("not done: {error}"),
        }
    }

    /// What waits, the newest last.
    fn waiting(&self, at: u64) -> String {
        let Ok(all) = self.holds.list() else { return NO_STORE.to_owned() };
        let waiting: Vec<_> = all.iter().filter(|(_, held)| held.state_at(at) == State::Waiting).collect();
        if waiting.is_empty() {
            return "nothing waits for you".to_owned();
        }
        let mut told = format!("{} waiting", waiting.len());
        let first = waiting.len().saturating_sub(LISTED);
        for (id, held) in waiting.iter().skip(first) {
            let left = length(held.expires.saturating_sub(at));
            let why = if held.reason.is_empty() { String::new() } else { format!(": {}", held.reason) };
            let _ = write!(told, "\n{id}\n  {}{why}, {left} left", described(held));
        }
        if first > 0 {
            let _ = write!(told, "\nand {first} older");
        }
        told
    }

    fn status_for(&self, closed: bool, at: u64) -> String {
        let status = self.status();
        let gate = match (closed, status.lockdown) {
            (false, _) => "open",
            (true, Lock::Unreadable) => "closed: the owner's switches cannot be read",
            (true, Lock::Closed) => "locked down",
            (true, _) => "locked down by the settings",
        };
        let waiting =
            self.holds.list().map(|all| all.iter().filter(|(_, held)| held.state_at(at) == State::Waiting).count());
        let waiting =
            waiting.map_or_else(|_| "unknown, the store gives no answer".to_owned(), |count| count.to_string());
        let people = self.people.stats();
        let revision: String = status.revision.chars().skip_while(|letter| *letter != ':').skip(1).take(12).collect();
        let quarantine = status.quarantine.map(|why| format!("\nquarantine: {why}")).unwrap_or_default();
        format!(
            "gate: {gate}\nwaiting for you: {waiting}\napproved: {}, pending: {}, blocked: {}\nrevision: {revision}{quarantine}",
            people.approved, people.pending, people.blocked
        )
    }

    /// The last decisions, the newest first: when, who by pseudonym, what and why.
    fn logs(&self, count: usize, at: u64) -> String {
        let lines: Vec<String> = self
            .recent
            .last(count)
            .iter()
            .map(|Decided { at: when, kind, sender, decision, reason }| {
                let who = sender
                    .map_or_else(|| "nobody".to_owned(), |key| hex::encode(key.as_bytes()).chars().take(8).collect());
                let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
                let ago = length(at.saturating_sub(*when));
                format!("{ago} ago, {} of {who}: {decision}{why}", kind.name().replace('_', " "))
            })
            .collect();
        if lines.is_empty() { "nothing was decided yet".to_owned() } else { lines.join("\n") }
    }
}

/// What the owner commands with an event, and which owner; none where it is no command, or comes from anybody else.
pub(super) fn commanded(case: &Case<'_>) -> Option<(Person, Command)> {
    let event = case.event;
    // INVARIANT: nobody but the owner gets beyond this line, and for everybody else it costs the same.
    if case.standing() != Standing::Owner || event.kind != Kind::Message || event.chat.group {
        return None;
    }
    Some((case.person()?, Command::parse(&event.text)?))
}

/// The verdict on a command, whatever comes of it: the agent never sees one.
pub(super) fn of_command() -> Verdict {
    Verdict::new(Decision::Drop, "owner command", By::station(Station::Command))
}

/// A held event in a few words, without a word of its text.
fn described(held: &HeldEvent) -> String {
    let kind = held.kind.name().replace('_', " ");
    match (masked(&held.sender), held.channel.as_str()) {
        (sender, "") if sender.is_empty() => kind,
        (sender, channel) if sender.is_empty() => format!("{kind} on {channel}"),
        (sender, channel) => format!("{kind} from {sender} on {channel}"),
    }
}

fn of_hold(error: &HoldError) -> String {
    match error {
        HoldError::Store(_) => NO_STORE.to_owned(),
        error => format!("not done: {error}"),
    }
}

/// A length of time in its greatest unit.
fn length(milliseconds: u64) -> String {
    match milliseconds / 1_000 {
        seconds @ ..60 => format!("{seconds} s"),
        seconds @ ..3_600 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
