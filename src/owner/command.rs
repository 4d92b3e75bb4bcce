//! What the owner can say in chat.

use crate::diagnostic::nearest;

/// A command of the owner's, as it was written; nothing of it is checked yet but its form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Approve what is held under this id; without one, list what waits.
    Approve(Option<String>),
    /// Deny what is held under this id; without one, list what waits.
    Deny(Option<String>),
    /// Allow exactly this command for good.
    Allow(String),
    /// Deny exactly this command for good, or everything where it is `*`.
    Forbid(String),
    /// Block whoever has this id, on this channel or another.
    Block {
        /// The id.
        id: String,
        /// The channel; none: that of the command.
        channel: Option<String>,
    },
    /// Close the gate.
    Lockdown,
    /// Tell how the gate is doing.
    Status,
    /// Tell so many of the last decisions.
    Logs(usize),
    /// Tell the commands.
    Help,
    /// Something that is not done, with what to do instead.
    No(String),
}

/// The most decisions that are told at once: a screen of a telephone.
const MOST_LOGS: usize = 50;
const LOGS: usize = 20;
/// The longest command; what is longer is a text like any other.
const LONGEST: usize = 4_096;

/// Words that begin a command.
const WORDS: [&str; 11] =
    ["approve", "deny", "allow", "forbid", "block", "unblock", "lockdown", "unlock", "status", "logs", "help"];

/// What `!help` tells.
pub(crate) const HELP: &str = "\
!approve ID, !deny ID: answer what waits; without ID, list it
!allow COMMAND, !forbid COMMAND: exactly this, for good; !forbid * stops every tool
!block ID, !block ID on CHANNEL
!lockdown: close the gate; only the command line opens it
!status, !logs 20, !help";

impl Command {
    /// The command that a text is, the whole of it. None where it is a text like any other: it does not begin with `!` and
    /// one of our words. Words may be capitalised, as telephones do.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let line = text.trim().strip_prefix('!').filter(|line| line.len() <= LONGEST)?;
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (word, rest) = (word.to_ascii_lowercase(), rest.trim());
        let alone = |command: Self| {
            if rest.is_empty() { command } else { Self::No(format!("!{word} takes nothing behind it")) }
        };
        Some(match word.as_str() {
            "approve" => Self::answer(rest, Self::Approve),
            "deny" => Self::answer(rest, Self::Deny),
            "allow" if rest.is_empty() => Self::No("!allow what? Name the exact command.".to_owned()),
            "allow" => Self::Allow(rest.to_owned()),
            "forbid" if rest.is_empty() => Self::No("!forbid what? Name the exact command, or *.".to_owned()),
            "forbid" => Self::Forbid(rest.to_owned()),
            "block" => Self::block(rest),
            "unblock" => {
                Self::No("not in chat: run `sluicegate sender unblock`, which asks for your secret".to_owned())
            }
            "lockdown" if matches!(rest, "off" | "lift") => Self::lift(),
            "lockdown" => alone(Self::Lockdown),
            "unlock" => Self::lift(),
            "status" => alone(Self::Status),
            "logs" if rest.is_empty() => Self::Logs(LOGS),
            "logs" => match rest.parse::<usize>() {
                Ok(count) if count > 0 => Self::Logs(count.min(MOST_LOGS)),
                _ => Self::No("!logs takes a number, such as !logs 20".to_owned()),
            },
            "help" => alone(Self::Help),
            // A slip of the pen must not reach the agent as if it were talk. Other gateways have commands of their own.
            other => Self::No(format!("there is no !{other}; did you mean !{}?", nearest(other, WORDS)?)),
        })
    }

    fn answer(rest: &str, answer: impl Fn(Option<String>) -> Self) -> Self {
        if rest.contains(char::is_whitespace) {
            return Self::No("one id, and nothing behind it".to_owned());
        }
        answer(Some(rest).filter(|id| !id.is_empty()).map(str::to_owned))
    }

    fn block(rest: &str) -> Self {
        if rest.is_empty() {
            return Self::No("!block whom? Name the whole id, such as !block +1 555 010-0199.".to_owned());
        }
        match rest.rsplit_once(" on ") {
            Some((id, channel)) if !channel.trim().contains(char::is_whitespace) => {
                Self::Block { id: id.trim().to_owned(), channel: Some(channel.trim().to_owned()) }
            }
            _ => Self::Block { id: rest.to_owned(), channel: None },
        }
    }

    fn lift() -> Self {
        Self::No("not in chat: run `sluicegate lockdown off`, which asks for your secret".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_the_whole_message() {
        let some = |text: &str| Some(text.to_owned());
        let block =
            |id: &str, channel: Option<&str>| Command::Block { id: id.into(), channel: channel.map(str::to_owned) };
        let cases = [
            ("!approve 0123", Some(Command::Approve(some("0123")))),
            (" !Approve  0123 \n", Some(Command::Approve(some("0123")))),
            ("!approve", Some(Command::Approve(None))),
            ("!deny 0123", Some(Command::Deny(some("0123")))),
            ("!allow ls  -l", Some(Command::Allow("ls  -l".into()))),
            ("!forbid *", Some(Command::Forbid("*".into()))),
            ("!block +1 555 010-0199", Some(block("+1 555 010-0199", None))),
            ("!block @spm on telegram", Some(block("@spm", Some("telegram")))),
            ("!lockdown", Some(Command::Lockdown)),
            ("!STATUS", Some(Command::Status)),
            ("!logs", Some(Command::Logs(20))),
            ("!logs 7", Some(Command::Logs(7))),
            ("!logs 999999", Some(Command::Logs(50))),
            ("!help", Some(Command::Help)),
            // Talk.
            ("please !approve 0123", None),
            ("approve 0123", None),
            ("\u{ff01}approve 0123", None),
            ("> !approve 0123", None),
            ("!", None),
            ("!!", None),
            ("!claude write a poem", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Command::parse(text), expected, "{text:?}");
        }
        assert_eq!(Command::parse(&format!("!allow {}", "x".repeat(5_000))), None, "too long for a command");
    }

    #[test]
    fn what_is_no_command_says_what_to_do() {
        let cases = [
            ("!approve 1 2", "one id"),
            ("!aprove 1", "did you mean !approve?"),
            ("!unblock @spm", "sluicegate sender unblock"),
            ("!lockdown off", "sluicegate lockdown off"),
            ("!unlock", "sluicegate lockdown off"),
            ("!lockdown please", "takes nothing"),
            ("!status now", "takes nothing"),
            ("!logs all", "takes a number"),
            ("!logs 0", "takes a number"),
            ("!allow", "exact command"),
            ("!forbid", "exact command"),
            ("!block", "whole id"),
        ];
        for (text, told) in cases {
            let Some(Command::No(why)) = Command::parse(text) else { panic!("{text}") };
            assert!(why.contains(told), "{text}: {why}");
        }
    }
}
