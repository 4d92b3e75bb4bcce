//! What should be true of every policy.

use super::statement::{Claim, Condition, Statement};
use crate::event::Kind;
use crate::facts::FactId;
use crate::verdict::Decision;

/// The statements that are built in. A policy that breaks one on purpose [waives](super::Waiver) it by its name.
///
/// They speak of messages and tool calls of a blocked sender, and not of what the agent says or a tool gives back, which
/// nobody but the agent or the tool has written; the gate drops those too.
#[must_use]
pub fn invariants() -> Vec<Statement> {
    let never_allowed = || Claim { never: vec![Decision::Allow], ..Claim::default() };
    let mut unheard = Statement::built_in(
        "strangers-not-answered",
        "nobody gets an answer whom the owner has not approved",
        &Kind::ALL,
        &[],
        Claim { never_replies: true, ..Claim::default() },
    );
    unheard.when.push(Condition::Fact(FactId::SenderApproved, vec![0]));
    let mut attacks = Statement::built_in(
        "attacks-not-allowed",
        "nothing is allowed that is an attack in itself, unless the owner has approved that very event",
        &Kind::ALL,
        &[FactId::AttackArtifact],
        never_allowed(),
    );
    attacks.when.push(Condition::Fact(FactId::Approved, vec![0]));
    // Whom the settings let in by `open` is let in.
    let mut strangers = Statement::built_in(
        "strangers-not-allowed",
        "no message of an unknown sender is allowed, but in a direct chat that the settings open to everybody",
        &[Kind::Message],
        &[FactId::SenderUnknown],
        never_allowed(),
    );
    strangers.when.push(Condition::Fact(FactId::DmOpen, vec![0]));
    vec![
        Statement::built_in(
            "blocked-not-allowed",
            "no message or tool call of a blocked sender is allowed",
            &[Kind::Message, Kind::ToolCall],
            &[FactId::SenderBlocked],
            never_allowed(),
        ),
        strangers,
        unheard,
        attacks,
        Statement::built_in(
            "gate-not-touched",
            "no tool call is allowed that touches Sluicegate itself",
            &[Kind::ToolCall],
            &[FactId::ToolTouchesGate],
            never_allowed(),
        ),
        Statement::built_in(
            "never-fails",
            "no policy fails or runs into a limit",
            &Kind::ALL,
            &[],
            Claim { never_fails: true, ..Claim::default() },
        ),
    ]
}
