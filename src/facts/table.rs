//! The table of facts.

use crate::event::Kind;

/// The values that a fact can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Yes or no.
    Bool,
    /// A number, rounded down to one of these edges, which rise from 0. At most 64.
    Number(&'static [u16]),
}

impl Domain {
    /// The edge that `value` is rounded down to.
    #[must_use]
    pub fn bucket(self, value: usize) -> u16 {
        match self {
            Self::Bool => u16::from(value > 0),
            Self::Number(edges) => {
                edges.iter().copied().take_while(|edge| usize::from(*edge) <= value).last().unwrap_or_default()
            }
        }
    }
}

/// One fact that a policy may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// Which it is.
    pub id: FactId,
    /// The name in a policy, without the leading `m.`.
    pub name: &'static str,
    /// What it means, in one sentence for an owner.
    pub doc: &'static str,
    /// Its values.
    pub domain: Domain,
    /// The kinds of event that have it; reading it in the hook of another kind is an error at load.
    pub kinds: &'static [Kind],
    /// The version of Sluicegate that brought it.
    pub since: &'static str,
}

const ALL: &[Kind] = &Kind::ALL;
const MESSAGE: &[Kind] = &[Kind::Message];
const TEXT: &[Kind] = &[Kind::Message, Kind::Reply];
const REPLY: &[Kind] = &[Kind::Reply];
const CALL: &[Kind] = &[Kind::ToolCall];

/// Points, one by one, 0–31.
const POINTS: Domain = Domain::Number(&[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    31,
]);
/// Things that are counted.
const COUNT: Domain = Domain::Number(&[0, 1, 2, 5, 10]);
/// Characters of authored text.
const LENGTH: Domain = Domain::Number(&[0, 1, 20, 80, 200, 500, 1_000, 2_000, 5_000, 10_000]);

macro_rules! facts {
    ($($id:ident, $name:literal, $domain:expr, $kinds:expr, $doc:literal;)*) => {
        /// Names a fact of the [`TABLE`]; its number is the place in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum FactId {
            $(#[doc = $doc] $id,)*
        }

        /// All facts. Names are unique, and every one is read in a policy as `m.name`.
        pub static TABLE: &[Fact] = &FACTS;

        const FACTS: [Fact; [$(FactId::$id),*].len()] = [
            $(Fact { id: FactId::$id, name: $name, doc: $doc, domain: $domain, kinds: $kinds, since: "0.1" },)*
        ];
    };
}

facts! {
    SenderOwner, "sender_owner", Domain::Bool, ALL, "The sender is the owner, named in the settings.";
    SenderApproved, "sender_approved", Domain::Bool, ALL, "The owner has approved the sender; the owner is approved too.";
    SenderPending, "sender_pending", Domain::Bool, ALL, "The sender has begun to pair and waits for the owner.";
    SenderBlocked, "sender_blocked", Domain::Bool, ALL, "The owner has blocked the sender.";
    SenderUnknown, "sender_unknown", Domain::Bool, ALL, "Nothing is known of the sender.";
    AgentVerified, "agent_verified", Domain::Bool, MESSAGE, "The message was signed by an agent of the settings, and is as it was signed.";
    CanChat, "can_chat", Domain::Bool, ALL, "The sender is approved and may talk to the agent (capability `chat`).";
    CanStatus, "can_status", Domain::Bool, ALL, "The sender is approved and may ask how the agent is doing (capability `status`).";
    CanRunJobs, "can_run_jobs", Domain::Bool, ALL, "The sender is approved and may have commands and code run (capability `run_jobs`).";
    CanFiles, "can_files", Domain::Bool, ALL, "The sender is approved and may have files read and written (capability `files`).";
    CanNetwork, "can_network", Domain::Bool, ALL, "The sender is approved and may have the network reached (capability `network`).";
    CanAdmin, "can_admin", Domain::Bool, ALL, "The sender is approved and may have the system or the gateway changed (capability `admin`).";
    PairedNow, "paired_now", Domain::Bool, MESSAGE, "The message was a pairing code, and has just made the sender known.";
    DmOpen, "dm_open", Domain::Bool, MESSAGE, "A direct chat in which everybody may write: its policy is `open`.";
    DmDisabled, "dm_disabled", Domain::Bool, MESSAGE, "A direct chat in which nobody may write: its policy is `disabled`.";
    RecipientOwner, "recipient_owner", Domain::Bool, REPLY, "Nobody but the owner reads the reply: it goes to the owner, and not to a group.";
    RecipientApproved, "recipient_approved", Domain::Bool, REPLY, "Nobody reads the reply whom the owner has not approved: it goes to the owner or to an approved sender, and not to a group.";
    RateExceeded, "rate_exceeded", Domain::Bool, ALL, "The sender wrote more messages than `[rate]` of the settings allows.";
    Escalation, "escalation", POINTS, ALL, "Points that the sender has gathered, this message included; half of them fade every five minutes.";
    Escalated, "escalated", Domain::Bool, ALL, "The sender's gathered points have reached the threshold of the settings.";
    Score, "score", POINTS, ALL, "Points of everything found in this event: 5 is suspect, 8 is an attack.";
    ScoreArtifact, "score_artifact", POINTS, ALL, "Points of only those findings that are wrong in themselves, whoever writes them.";
    ScoreAuthored, "score_authored", POINTS, MESSAGE, "Points of what was found in the sender's own text; only these escalate the sender, without those of the model and what stands in quotation marks.";
    ScoreQuoted, "score_quoted", POINTS, MESSAGE, "Points of what was found in quoted or forwarded text. A rule that fires in several parts counts for the first: own text, quoted text, attachments.";
    ScoreAttached, "score_attached", POINTS, TEXT, "Points of what was found in attachments, their names and texts, and in no part before them.";
    Suspect, "suspect", Domain::Bool, ALL, "The score has reached `suspect` of the settings.";
    Attack, "attack", Domain::Bool, ALL, "The score has reached `attack` of the settings.";
    AttackArtifact, "attack_artifact", Domain::Bool, ALL, "The points of what is wrong in itself alone have reached `attack` of the settings.";
    AttackAuthored, "attack_authored", Domain::Bool, MESSAGE, "The points of what is wrong in itself in the sender's own text have reached `attack` of the settings.";
    Disguised, "disguised", Domain::Bool, ALL, "Something was found only after a disguise was undone, such as base64.";
    Unread, "unread", Domain::Bool, ALL, "Part of the event could not be read or searched to the end.";
    ChatGroup, "chat_group", Domain::Bool, ALL, "More people than the sender and the agent read the chat.";
    GroupAllowed, "group_allowed", Domain::Bool, MESSAGE, "A group that the settings list, or any where `group_policy` is `open`.";
    MentionRequired, "mention_required", Domain::Bool, MESSAGE, "A group in which the agent is meant only where it is named.";
    Mentioned, "mentioned", Domain::Bool, MESSAGE, "The agent was addressed by name: the gateway says so, or the text has a word of `mention_patterns`.";
    Quotes, "quotes", Domain::Bool, MESSAGE, "The sender quoted or forwarded text of somebody else.";
    Attachments, "attachments", COUNT, TEXT, "How many attachments there are: 0, 1, 2, 5 or 10 and more.";
    Length, "length", LENGTH, TEXT, "Characters of the text, rounded down to 0, 1, 20, 80, 200, 500, 1000, 2000, 5000 or 10000.";
    Links, "links", COUNT, TEXT, "How many links there are in the text and in what is quoted: 0, 1, 2, 5 or 10 and more.";
    LinkHostsUnknown, "link_hosts_unknown", Domain::Bool, TEXT, "A link leads to a host that `known_hosts` of the settings does not name, or hides where it leads.";
    ToolCommands, "tool_commands", COUNT, CALL, "How many commands the call runs, however they are joined: 0, 1, 2, 5 or 10 and more.";
    ToolFiles, "tool_files", Domain::Bool, CALL, "The call names a file or folder.";
    ToolDestructive, "tool_destructive", Domain::Bool, CALL, "The call deletes or overwrites what may not come back, or stops the machine.";
    ToolReadsSecrets, "tool_reads_secrets", Domain::Bool, CALL, "The call reads passwords, keys, tokens, or the environment that holds them.";
    ToolNetwork, "tool_network", Domain::Bool, CALL, "The call reaches over the network.";
    ToolLeavesWorkspace, "tool_leaves_workspace", Domain::Bool, CALL, "The call names a place outside of `workspace` of the settings; without that, one that is clearly outside of any.";
    ToolChangesSystem, "tool_changes_system", Domain::Bool, CALL, "The call changes how the machine or the gateway is set up: timers, services, shell profiles, packages, users.";
    ToolTouchesGate, "tool_touches_gate", Domain::Bool, CALL, "The call touches Sluicegate: its settings, keys, policies, rules, log or command line.";
    ToolRunsCode, "tool_runs_code", Domain::Bool, CALL, "The call hands code to an interpreter, or pipes text into a shell.";
    ToolUnclear, "tool_unclear", Domain::Bool, CALL, "Part of the call cannot be told from its text: a program, a script or a place that is only made when it runs.";
    Approved, "approved", Domain::Bool, ALL, "You have approved this very event after it was held, and it is judged again.";
    AnsweredAllow, "answered_allow", Domain::Bool, CALL, "You have allowed this for good: the whole call, or every command of it, word for word; and denied nothing of it. Only for senders whom you have approved.";
    AnsweredDeny, "answered_deny", Domain::Bool, CALL, "You have denied this for good: the whole call, or a command in it, word for word.";
}

impl FactId {
    /// The fact's entry in the table.
    #[must_use]
    pub fn entry(self) -> &'static Fact {
        #[expect(clippy::indexing_slicing, reason = "the enum and the table are made from the same list")]
        &FACTS[self as usize]
    }

    /// The fact with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        FACTS.iter().find(|fact| fact.name == name).map(|fact| fact.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_edges_rise_from_zero() {
        for (number, fact) in TABLE.iter().enumerate() {
            assert_eq!(fact.id as usize, number);
            assert_eq!(FactId::by_name(fact.name), Some(fact.id), "{} stands twice", fact.name);
            if let Domain::Number(edges) = fact.domain {
                assert_eq!(edges.first(), Some(&0), "{}", fact.name);
                assert!(edges.is_sorted() && edges.len() <= 64, "{}", fact.name);
            }
        }
        assert!(TABLE.len() <= 64, "a set of facts is one word");
    }
}
