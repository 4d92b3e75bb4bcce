//! The starter policies: what they decide, why, and on which line.

use std::fs;
use std::path::Path;

use sluicegate::diagnostic::Source;
use sluicegate::facts::{Ask, FactId, Facts};
use sluicegate::policy::{Limits, PolicySet};
use sluicegate::verdict::Decision::{self, Allow, Drop, Hold};
use sluicegate::{Kind, Kind::Message, Kind::Reply, Kind::ToolCall, Kind::ToolResult};

use FactId::{
    Attack, AttackArtifact, AttackAuthored, ChatGroup, Escalated, Mentioned, RateExceeded, RecipientApproved,
    RecipientOwner, Score, ScoreAttached, ScoreAuthored, ScoreQuoted, SenderApproved, SenderBlocked, SenderOwner,
    SenderPending, SenderUnknown, Suspect, ToolChangesSystem, ToolDestructive, ToolLeavesWorkspace, ToolNetwork,
    ToolReadsSecrets, ToolRunsCode, ToolTouchesGate, ToolUnclear, Unread,
};

/// An event's kind, its facts that are yes, the questions answered with yes, and what is decided and why.
type Case = (Kind, &'static [FactId], &'static [(Ask, &'static str)], Decision, &'static str);

#[rustfmt::skip]
const PERSONAL: &[Case] = &[
    (Message, &[SenderUnknown], &[], Drop, "unknown sender"),
    (Message, &[], &[], Drop, "unknown sender"),
    (Message, &[SenderUnknown, AttackArtifact, Attack, Suspect, Unread], &[], Drop, "unknown sender"),
    (Message, &[SenderPending], &[], Drop, "sender waits for approval"),
    (Message, &[SenderBlocked], &[], Drop, "blocked sender"),
    (Message, &[SenderBlocked, SenderApproved], &[], Drop, "blocked sender"),
    (Message, &[SenderApproved], &[], Allow, ""),
    (Message, &[SenderApproved, SenderOwner], &[], Allow, ""),
    (Message, &[SenderApproved, RateExceeded], &[], Drop, "too many messages"),
    (Message, &[SenderApproved, AttackAuthored, AttackArtifact, Attack, Suspect], &[], Drop, "attack"),
    (Message, &[SenderApproved, AttackArtifact, Attack, Suspect], &[], Hold, "looks like an attack"),
    (Message, &[SenderApproved, AttackArtifact, Suspect, ScoreQuoted], &[], Hold, "looks like an attack in the quoted text"),
    (Message, &[SenderApproved, Suspect, ScoreQuoted, ScoreAttached], &[], Hold, "looks like an attack in the quoted text"),
    (Message, &[SenderApproved, Suspect, ScoreAttached], &[], Hold, "looks like an attack in an attachment"),
    (Message, &[SenderApproved, Suspect, ScoreQuoted, ScoreAuthored], &[], Hold, "looks like an attack"),
    (Message, &[SenderApproved, AttackAuthored, Suspect, ScoreQuoted], &[], Drop, "attack"),
    (Message, &[SenderApproved, ScoreQuoted], &[], Allow, ""),
    (Message, &[SenderApproved, Attack, Suspect], &[], Hold, "looks like an attack"),
    (Message, &[SenderApproved, Suspect], &[], Hold, "looks like an attack"),
    (Message, &[SenderApproved, Suspect], &[(Ask::Found, "injection")], Hold, "looks like an injection"),
    (Message, &[SenderApproved], &[(Ask::Found, "injection")], Allow, ""),
    (Message, &[SenderApproved, Escalated], &[], Hold, "sender has become suspicious"),
    (Message, &[SenderApproved, Unread], &[], Hold, "could not be read to the end"),
    (Message, &[SenderApproved, ChatGroup], &[], Drop, "not addressed"),
    (Message, &[SenderApproved, ChatGroup, Mentioned], &[], Allow, ""),
    (Message, &[SenderApproved, ChatGroup, Suspect], &[], Drop, "not addressed"),
    (Reply, &[SenderApproved], &[], Allow, ""),
    (Reply, &[SenderApproved], &[(Ask::Found, "secret")], Hold, "reply contains a secret"),
    (Reply, &[SenderOwner, SenderApproved, RecipientOwner], &[(Ask::Found, "filesystem")], Allow, ""),
    (Reply, &[SenderOwner, SenderApproved], &[(Ask::Found, "filesystem")], Hold, "reply tells of your files"),
    (Reply, &[RecipientApproved], &[(Ask::Found, "filesystem")], Hold, "reply tells of your files"),
    (Reply, &[Suspect], &[], Hold, "reply looks wrong"),
    (Reply, &[Suspect], &[(Ask::Found, "extraction")], Hold, "reply gives away the system prompt"),
    (Reply, &[], &[(Ask::Found, "extraction")], Allow, ""),
    (Reply, &[Unread], &[], Hold, "could not be read to the end"),
    (ToolCall, &[SenderApproved], &[], Allow, ""),
    (ToolCall, &[SenderUnknown], &[], Hold, "tool call for an unknown sender"),
    (ToolCall, &[SenderApproved, AttackArtifact, Attack, Suspect], &[], Drop, "attack in a tool call"),
    (ToolCall, &[SenderApproved, Suspect], &[], Hold, "tool call looks dangerous"),
    (ToolCall, &[SenderApproved, Escalated], &[], Hold, "sender has become suspicious"),
    (ToolCall, &[SenderApproved, Unread], &[], Hold, "could not be read to the end"),
    (ToolCall, &[SenderApproved, SenderOwner, ToolTouchesGate], &[], Drop, "touches Sluicegate itself"),
    (ToolCall, &[SenderApproved, ToolTouchesGate, ToolUnclear], &[], Drop, "touches Sluicegate itself"),
    (ToolCall, &[SenderApproved, ToolReadsSecrets, ToolNetwork], &[], Hold, "could send a secret away"),
    (ToolCall, &[SenderApproved, ToolReadsSecrets], &[], Hold, "reads secrets"),
    (ToolCall, &[SenderApproved, ToolDestructive], &[], Hold, "deletes or overwrites something"),
    (ToolCall, &[SenderApproved, ToolChangesSystem], &[], Hold, "changes the system"),
    (ToolCall, &[SenderApproved, ToolUnclear, ToolRunsCode], &[], Hold, "cannot tell what it would do"),
    (ToolCall, &[SenderApproved, ToolNetwork, ToolRunsCode, ToolLeavesWorkspace], &[], Allow, ""),
    (ToolCall, &[SenderApproved, AttackArtifact, Attack, Suspect, ToolDestructive], &[], Drop, "attack in a tool call"),
    (ToolResult, &[SenderApproved], &[], Allow, ""),
    (ToolResult, &[AttackArtifact, Attack, Suspect], &[], Drop, "attack in a tool result"),
    (ToolResult, &[Attack, Suspect], &[], Hold, "tool result looks like an attack"),
    (ToolResult, &[Unread], &[], Hold, "could not be read to the end"),
];

#[rustfmt::skip]
const PUBLIC: &[Case] = &[
    (Message, &[SenderUnknown], &[], Allow, ""),
    (Message, &[SenderApproved], &[], Allow, ""),
    (Message, &[SenderBlocked], &[], Drop, "blocked sender"),
    (Message, &[SenderUnknown, RateExceeded], &[], Drop, "too many messages"),
    (Message, &[SenderUnknown, AttackAuthored, AttackArtifact, Attack, Suspect], &[], Drop, "attack"),
    (Message, &[SenderApproved, AttackAuthored, AttackArtifact, Attack, Suspect], &[], Drop, "attack"),
    (Message, &[SenderUnknown, AttackArtifact, Attack, Suspect], &[], Drop, "attack in what was passed on"),
    (Message, &[SenderApproved, AttackArtifact, Attack, Suspect], &[], Hold, "looks like an attack"),
    (Message, &[SenderUnknown, Attack, Suspect], &[], Hold, "looks like an attack"),
    (Message, &[SenderUnknown, Escalated], &[], Hold, "sender has become suspicious"),
    (Message, &[SenderUnknown, Unread], &[], Hold, "could not be read to the end"),
    (Message, &[SenderUnknown, ChatGroup], &[], Drop, "not addressed"),
    (Message, &[SenderUnknown, ChatGroup, Mentioned], &[], Allow, ""),
    (Reply, &[SenderUnknown], &[], Allow, ""),
    (Reply, &[SenderUnknown, Score], &[(Ask::Found, "personal")], Hold, "reply contains personal data"),
    (Reply, &[SenderUnknown], &[(Ask::Found, "personal")], Allow, ""),
    (Reply, &[SenderApproved], &[(Ask::Found, "personal")], Allow, ""),
    (Reply, &[SenderApproved], &[(Ask::Found, "secret")], Hold, "reply contains a secret"),
    (Reply, &[SenderOwner, SenderApproved, RecipientOwner], &[(Ask::Found, "filesystem")], Allow, ""),
    (Reply, &[SenderOwner, SenderApproved], &[(Ask::Found, "filesystem")], Hold, "reply tells of your files"),
    (Reply, &[RecipientApproved], &[(Ask::Found, "filesystem")], Hold, "reply tells of your files"),
    (Reply, &[Suspect], &[], Hold, "reply looks wrong"),
    (Reply, &[Suspect], &[(Ask::Found, "extraction")], Hold, "reply gives away the system prompt"),
    (Reply, &[], &[(Ask::Found, "extraction")], Allow, ""),
    (Reply, &[Unread], &[], Hold, "could not be read to the end"),
    (ToolCall, &[SenderBlocked], &[], Drop, "blocked sender"),
    (ToolCall, &[SenderUnknown], &[], Hold, "tool call for a stranger"),
    (ToolCall, &[SenderApproved], &[], Allow, ""),
    (ToolCall, &[SenderApproved, AttackArtifact, Attack, Suspect], &[], Drop, "attack in a tool call"),
    (ToolCall, &[SenderApproved, Suspect], &[], Hold, "tool call looks dangerous"),
    (ToolCall, &[SenderApproved, Escalated], &[], Hold, "sender has become suspicious"),
    (ToolCall, &[SenderApproved, Unread], &[], Hold, "could not be read to the end"),
    (ToolCall, &[SenderApproved, SenderOwner, ToolTouchesGate], &[], Drop, "touches Sluicegate itself"),
    (ToolCall, &[SenderApproved, ToolTouchesGate, ToolUnclear], &[], Drop, "touches Sluicegate itself"),
    (ToolCall, &[SenderApproved, ToolReadsSecrets, ToolNetwork], &[], Hold, "could send a secret away"),
    (ToolCall, &[SenderApproved, ToolReadsSecrets], &[], Hold, "reads secrets"),
    (ToolCall, &[SenderApproved, ToolDestructive], &[], Hold, "deletes or overwrites something"),
    (ToolCall, &[SenderApproved, ToolChangesSystem], &[], Hold, "changes the system"),
    (ToolCall, &[SenderApproved, ToolUnclear, ToolRunsCode], &[], Hold, "cannot tell what it would do"),
    (ToolCall, &[SenderApproved, ToolNetwork, ToolRunsCode, ToolLeavesWorkspace], &[], Allow, ""),
    (ToolCall, &[SenderApproved, AttackArtifact, Attack, Suspect, ToolDestructive], &[], Drop, "attack in a tool call"),
    (ToolResult, &[], &[], Allow, ""),
    (ToolResult, &[AttackArtifact, Attack, Suspect], &[], Drop, "attack in a tool result"),
    (ToolResult, &[Suspect], &[], Hold, "tool result looks like an attack"),
    (ToolResult, &[Unread], &[], Hold, "could not be read to the end"),
];

#[rustfmt::skip]
const READONLY: &[Case] = &[
    (Message, &[SenderUnknown], &[], Allow, ""),
    (Message, &[SenderBlocked], &[], Drop, "blocked sender"),
    (Message, &[RateExceeded], &[], Drop, "too many messages"),
    (Message, &[AttackAuthored, AttackArtifact, Attack, Suspect], &[], Drop, "attack"),
    (Message, &[AttackArtifact, Attack, Suspect], &[], Drop, "attack in what was passed on"),
    (Message, &[SenderApproved, AttackArtifact, Attack, Suspect], &[], Hold, "looks like an attack"),
    (Message, &[ChatGroup], &[], Drop, "not addressed"),
    (Message, &[Attack, Suspect], &[], Hold, "looks like an attack"),
    (Message, &[Escalated], &[], Hold, "sender has become suspicious"),
    (Message, &[Unread], &[], Hold, "could not be read to the end"),
    (Reply, &[], &[], Allow, ""),
    (Reply, &[], &[(Ask::Found, "secret")], Hold, "reply contains a secret"),
    (Reply, &[RecipientOwner], &[(Ask::Found, "filesystem")], Allow, ""),
    (Reply, &[RecipientApproved], &[(Ask::Found, "filesystem")], Hold, "reply tells of your files"),
    (Reply, &[Suspect], &[], Hold, "reply looks wrong"),
    (Reply, &[Suspect], &[(Ask::Found, "extraction")], Hold, "reply gives away the system prompt"),
    (Reply, &[], &[(Ask::Found, "extraction")], Allow, ""),
    (Reply, &[Unread], &[], Hold, "could not be read to the end"),
    (ToolCall, &[], &[], Allow, ""),
    (ToolCall, &[SenderBlocked], &[], Drop, "blocked sender"),
    (ToolCall, &[SenderApproved], &[(Ask::ToolIn, "bash")], Hold, "tool changes something"),
    (ToolCall, &[SenderApproved, SenderOwner], &[(Ask::ToolIn, "write_file")], Hold, "tool changes something"),
    (ToolCall, &[], &[(Ask::ToolIn, "send_email")], Hold, "tool changes something"),
    (ToolCall, &[AttackArtifact, Attack, Suspect], &[], Drop, "attack in a tool call"),
    (ToolCall, &[Suspect], &[], Hold, "tool call looks dangerous"),
    (ToolCall, &[Escalated], &[], Hold, "sender has become suspicious"),
    (ToolCall, &[Unread], &[], Hold, "could not be read to the end"),
    (ToolCall, &[SenderApproved, SenderOwner, ToolTouchesGate], &[], Drop, "touches Sluicegate itself"),
    (ToolCall, &[SenderApproved, ToolTouchesGate, ToolUnclear], &[], Drop, "touches Sluicegate itself"),
    (ToolCall, &[SenderApproved, ToolReadsSecrets, ToolNetwork], &[], Hold, "could send a secret away"),
    (ToolCall, &[SenderApproved, ToolReadsSecrets], &[], Hold, "reads secrets"),
    (ToolCall, &[SenderApproved, ToolDestructive], &[], Hold, "deletes or overwrites something"),
    (ToolCall, &[SenderApproved, ToolChangesSystem], &[], Hold, "changes the system"),
    (ToolCall, &[SenderApproved, ToolUnclear, ToolRunsCode], &[], Hold, "cannot tell what it would do"),
    (ToolCall, &[SenderApproved, ToolNetwork, ToolRunsCode, ToolLeavesWorkspace], &[], Allow, ""),
    (ToolCall, &[SenderApproved, AttackArtifact, Attack, Suspect, ToolDestructive], &[], Drop, "attack in a tool call"),
    (ToolResult, &[], &[], Allow, ""),
    (ToolResult, &[AttackArtifact, Attack, Suspect], &[], Drop, "attack in a tool result"),
    (ToolResult, &[Suspect], &[], Hold, "tool result looks like an attack"),
    (ToolResult, &[Unread], &[], Hold, "could not be read to the end"),
];

fn source(name: &str) -> Source {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join(name);
    Source::new(name, fs::read_to_string(path).unwrap())
}

/// The place of the call that a case expects: in the hook of its kind, the line that says the reason.
fn place(text: &str, kind: Kind, decision: Decision, reason: &str) -> (u32, u32) {
    let call = if decision == Allow { "allow()".to_owned() } else { format!("{decision}(\"{reason}\")") };
    let hook = format!("fn on_{}(", kind.name());
    let start = text.find(&hook).unwrap();
    let byte = start + text[start..].find(&call).unwrap_or_else(|| panic!("no `{call}` in `{hook}`"));
    let (before, line) = (&text[..byte], text[..byte].matches('\n').count() + 1);
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
}

#[test]
fn starter_policies_decide_for_the_stated_reason_on_the_stated_line() {
    for (name, cases) in [("personal.rhai", PERSONAL), ("public.rhai", PUBLIC), ("readonly.rhai", READONLY)] {
        let source = source(name);
        // What is decided must not depend on how busy the machine is.
        let mut limits = Limits::default();
        limits.deadline_ms = 60_000;
        let loaded = PolicySet::load(std::slice::from_ref(&source), limits).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(loaded.warnings, [], "{name}");
        for (kind, yes, answers, decision, reason) in cases {
            let mut facts = Facts::new(*kind);
            // Three points: more than an address and a number to call.
            yes.iter().for_each(|fact| facts.set(*fact, if *fact == Score { 3 } else { 1 }));
            for (ask, literal) in *answers {
                facts.answer_yes(loaded.set.questions().number(*ask, literal).unwrap());
            }
            let ruling = loaded.set.decide(&facts);
            let case = format!("{name}: {kind:?} {yes:?} {answers:?}");
            assert_eq!(ruling.failure, None, "{case}");
            assert_eq!((ruling.decision, &*ruling.reason), (*decision, *reason), "{case}");
            let (line, column) = place(&source.text, *kind, *decision, reason);
            assert_eq!((ruling.line, ruling.column), (Some(line), Some(column)), "{case}");
            assert_eq!(ruling.policy.as_deref(), Some(name), "{case}");
        }
    }
}

/// Every `drop`, `hold` and `allow` of a starter policy is reached by a case, so that no line stands there untested.
#[test]
fn every_line_of_the_starter_policies_is_tested() {
    for (name, cases) in [("personal.rhai", PERSONAL), ("public.rhai", PUBLIC), ("readonly.rhai", READONLY)] {
        let source = source(name);
        let mut reached: Vec<u32> = cases
            .iter()
            .map(|(kind, _, _, decision, reason)| place(&source.text, *kind, *decision, reason).0)
            .collect();
        reached.sort_unstable();
        reached.dedup();
        let deciding = source.text.lines().zip(1..).filter(|(line, _)| {
            let code = line.split("//").next().unwrap_or_default();
            ["allow(", "drop(", "hold("].iter().any(|call| code.contains(call))
        });
        let deciding: Vec<u32> = deciding.map(|(_, number)| number).collect();
        assert_eq!(reached, deciding, "{name}");
    }
}
