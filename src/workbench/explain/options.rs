//! Everything about an event that might have been otherwise, one thing at a time.
//!
//! What follows from something else is never changed by itself: `suspect` follows from the score and a threshold, the
//! score from the findings, and all `sender_…` from the standing. So every option is a world that could have been.

use crate::event::Kind;
use crate::facts::{Ask, Domain, FactId, Question, TABLE};
use crate::gate::{Added, Hypothesis, Inquiry};
use crate::sender::Standing;
use crate::verdict::Class;

/// The highest points that are tried.
const POINTS: u8 = 31;

/// One thing that might have been otherwise.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// What it is a change of. Two of the same kind exclude each other.
    pub(super) lever: Lever,
    pub(super) words: String,
    pub(super) distance: u32,
    pub(super) hypothesis: Hypothesis,
}

/// What can be changed by itself. The order is that in which equally small changes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lever {
    Less,
    More,
    Standing,
    Fact(u8),
    Question(Ask),
    Escalation,
    Threshold(u8),
}

/// All choices, the smallest first.
pub(super) fn all(inquiry: &Inquiry) -> Vec<Choice> {
    let mut choices = Vec::new();
    fewer_points(inquiry, &mut choices);
    more_points(inquiry, &mut choices);
    standings(inquiry, &mut choices);
    flags_and_numbers(inquiry, &mut choices);
    questions(inquiry, &mut choices);
    escalation(inquiry, &mut choices);
    thresholds(inquiry, &mut choices);
    choices.sort_by_key(|choice| (choice.distance, choice.lever));
    choices
}

/// Whether two choices cannot be true together, or would not be what their words say.
pub(super) fn contradict(one: &Choice, other: &Choice) -> bool {
    let has = |first: Lever, second: Lever| {
        (one.lever == first && other.lever == second) || (one.lever == second && other.lever == first)
    };
    let found = |one: &Choice, other: &Choice| {
        let Some(added) = one.hypothesis.added else { return false };
        let gone = |fact| other.hypothesis.facts.contains(&(fact, 0));
        // There is room for one new finding, in a part that is there; and an own one brings its points to the sender.
        other.hypothesis.added.is_some()
            || other.lever == Lever::Escalation
            || (added.field == "quoted" && gone(FactId::Quotes))
            || (added.field.starts_with("attachments/") && gone(FactId::Attachments))
    };
    let disguised = Lever::Fact(FactId::Disguised as u8);
    let undone = |one: &Choice, other: &Choice| one.lever == disguised && !other.hypothesis.points.is_empty();
    has(Lever::Threshold(0), Lever::Threshold(1))
        || has(Lever::Fact(FactId::Links as u8), Lever::Fact(FactId::LinkHostsUnknown as u8))
        || found(one, other)
        || found(other, one)
        || undone(one, other)
        || undone(other, one)
}

fn fewer_points(inquiry: &Inquiry, choices: &mut Vec<Choice>) {
    let findings = &inquiry.verdict().findings;
    for (place, finding) in findings.iter().enumerate() {
        for points in 0..finding.points {
            let hypothesis = Hypothesis { points: vec![(place, points)], ..Hypothesis::default() };
            let less = finding.points - points;
            let score = inquiry.facts_under(&hypothesis).get(FactId::Score);
            let words = match points {
                0 => format!("without the finding {} (score {score})", finding.rule),
                _ if findings.len() == 1 => format!("with {} less (score {score})", points_of(less)),
                _ => format!("with {} less for {} (score {score})", points_of(less), finding.rule),
            };
            choices.push(Choice { lever: Lever::Less, words, distance: less.into(), hypothesis });
        }
    }
}

fn more_points(inquiry: &Inquiry, choices: &mut Vec<Choice>) {
    for field in inquiry.fields() {
        for (class, what) in [(Class::Judgement, ""), (Class::Artifact, " for what is wrong in itself")] {
            for points in 1..=POINTS {
                let added = Added { points, class, field, category: None };
                let hypothesis = Hypothesis { added: Some(added), ..Hypothesis::default() };
                let score = inquiry.facts_under(&hypothesis).get(FactId::Score);
                let part = match *field {
                    "quoted" => " in what is quoted",
                    "attachments/0/text" => " in an attachment",
                    _ => "",
                };
                let words = format!("with {} more{what}{part} (score {score})", points_of(points));
                choices.push(Choice { lever: Lever::More, words, distance: points.into(), hypothesis });
                if u8::try_from(score).is_ok_and(|score| score >= POINTS) {
                    break;
                }
            }
        }
    }
}

fn standings(inquiry: &Inquiry, choices: &mut Vec<Choice>) {
    // What the owner does with a word is nearer than what a stranger does, and that nearer than a ban.
    for (standing, name, distance) in [
        (Standing::Approved, "approved", 1),
        (Standing::Unknown, "unknown", 2),
        (Standing::Pending, "waiting for approval", 2),
        (Standing::Owner, "the owner", 2),
        (Standing::Blocked, "blocked", 3),
    ] {
        if standing != inquiry.standing() {
            let hypothesis = Hypothesis { standing: Some(standing), ..Hypothesis::default() };
            let words = format!("if the sender were {name}");
            choices.push(Choice { lever: Lever::Standing, words, distance, hypothesis });
        }
    }
}

/// Facts that follow from nothing else, with what has to go with them.
fn flags_and_numbers(inquiry: &Inquiry, choices: &mut Vec<Choice>) {
    use FactId::{
        Attachments, ChatGroup, Disguised, Length, LinkHostsUnknown, Links, Mentioned, Quotes, RateExceeded,
        ToolChangesSystem, ToolCommands, ToolDestructive, ToolLeavesWorkspace, ToolNetwork, ToolReadsSecrets,
        ToolRunsCode, ToolTouchesGate, ToolUnclear, Unread,
    };
    let (facts, findings) = (inquiry.facts(), &inquiry.verdict().findings);
    let kind = facts.kind();
    let absent = |part: &str| -> Vec<(usize, u8)> {
        let there = findings.iter().enumerate().filter(|(_, finding)| finding.field.starts_with(part));
        there.map(|(place, _)| (place, 0)).collect()
    };
    for fact in TABLE.iter().filter(|fact| fact.kinds.contains(&kind)) {
        let (id, now) = (fact.id, facts.get(fact.id));
        let mut push = |distance: u32, words: String, hypothesis: Hypothesis| {
            choices.push(Choice { lever: Lever::Fact(id as u8), words, distance, hypothesis });
        };
        let with = |value: u16| Hypothesis { facts: vec![(id, value)], ..Hypothesis::default() };
        let other = u16::from(now == 0);
        match id {
            RateExceeded => {
                let words = if now == 0 { "if the sender wrote too much" } else { "if the sender wrote less" };
                push(1, words.to_owned(), Hypothesis { rate_exceeded: Some(now == 0), ..Hypothesis::default() });
            }
            // Something has to be found for it to be disguised.
            Disguised if findings.is_empty() => {}
            Quotes if now > 0 => {
                let hypothesis = Hypothesis { points: absent("quoted"), ..with(0) };
                push(1, "without what is quoted".to_owned(), hypothesis);
            }
            LinkHostsUnknown if now == 0 => {
                let links = facts.get(Links).max(1);
                let hypothesis = Hypothesis { facts: vec![(Links, links), (id, 1)], ..Hypothesis::default() };
                push(1, flag(id, true), hypothesis);
            }
            Disguised | Quotes | LinkHostsUnknown | Unread | ChatGroup | Mentioned | ToolDestructive
            | ToolReadsSecrets | ToolNetwork | ToolLeavesWorkspace | ToolChangesSystem | ToolTouchesGate
            | ToolRunsCode | ToolUnclear => push(1, flag(id, other > 0), with(other)),
            Attachments | Length | Links | ToolCommands => {
                let Domain::Number(edges) = fact.domain else { continue };
                let here = edges.iter().position(|edge| *edge == now).unwrap_or_default();
                for (place, edge) in edges.iter().enumerate().filter(|(place, _)| *place != here) {
                    let steps = u32::try_from(place.abs_diff(here)).unwrap_or(u32::MAX);
                    let mut hypothesis = with(*edge);
                    match (id, *edge) {
                        (Attachments, 0) => hypothesis.points = absent("attachments/"),
                        (Links, 0) => hypothesis.facts.push((LinkHostsUnknown, 0)),
                        _ => {}
                    }
                    let words = format!("if `{}` were {edge} and not {now}", fact.name);
                    push(steps, words, hypothesis);
                }
            }
            _ => {}
        }
    }
}

fn questions(inquiry: &Inquiry, choices: &mut Vec<Choice>) {
    let findings = &inquiry.verdict().findings;
    let kind = inquiry.facts().kind();
    let all: Vec<(u16, &Question)> =
        inquiry.questions().iter().filter(|(_, question)| question.ask.kinds().contains(&kind)).collect();
    for (number, Question { ask, literal }) in all.iter().copied() {
        let yes = inquiry.facts().answer(number);
        let mut push = |words: String, hypothesis: Hypothesis| {
            choices.push(Choice { lever: Lever::Question(*ask), words, distance: 1, hypothesis });
        };
        let answers = |answers: Vec<(u16, bool)>| Hypothesis { answers, ..Hypothesis::default() };
        match ask {
            Ask::Says => {
                let said = if yes { "did not say" } else { "said" };
                push(format!("if it {said} \"{literal}\""), answers(vec![(number, !yes)]));
            }
            Ask::Found if yes => {
                let of = findings.iter().enumerate().filter(|(_, finding)| finding.category.name() == &**literal);
                let points: Vec<(usize, u8)> = of.map(|(place, _)| (place, 0)).collect();
                // One finding less is told with the points.
                if points.len() < 2 {
                    continue;
                }
                push(format!("with nothing of `{literal}` found"), Hypothesis { points, ..Hypothesis::default() });
            }
            Ask::Found => {
                let category = crate::verdict::Category::ALL.into_iter().find(|known| known.name() == &**literal);
                let field = inquiry.fields().first().copied().unwrap_or("text");
                let added = Added { points: 1, class: Class::Judgement, field, category };
                let hypothesis = Hypothesis { added: category.map(|_| added), ..Hypothesis::default() };
                let score = inquiry.facts_under(&hypothesis).get(FactId::Score);
                push(format!("with a finding of `{literal}` for 1 point (score {score})"), hypothesis);
            }
            Ask::ChannelIn | Ask::AccountIn | Ask::ToolIn => {
                // An event has one channel, one account and one tool: who has this name has no other.
                let same = |other: &str| match ask {
                    Ask::AccountIn => other == &**literal,
                    _ => other.trim().eq_ignore_ascii_case(literal.trim()),
                };
                let of_ask = all.iter().filter(|(_, question)| question.ask == *ask);
                let exclusive = of_ask.map(|(other, question)| (*other, !yes && same(&question.literal))).collect();
                let what = match ask {
                    Ask::ChannelIn => "channel",
                    Ask::AccountIn => "account",
                    _ => "tool",
                };
                let words = match yes {
                    true => format!("if the {what} were none that the policy names"),
                    false => format!("if the {what} were \"{literal}\""),
                };
                push(words, answers(exclusive));
            }
        }
    }
}

fn escalation(inquiry: &Inquiry, choices: &mut Vec<Choice>) {
    let now = inquiry.verdict().escalation;
    // Whatever was before, a message brings its own points.
    let own = match inquiry.event().kind {
        Kind::Message => crate::detect::score_escalating(&inquiry.verdict().findings).min(now),
        _ => 0,
    };
    for points in (own..=POINTS).filter(|points| *points != now) {
        let hypothesis = Hypothesis { escalation: Some(points), ..Hypothesis::default() };
        let words = format!("if the sender had gathered {} and not {now}", points_of(points));
        choices.push(Choice { lever: Lever::Escalation, words, distance: points.abs_diff(now).into(), hypothesis });
    }
}

/// The thresholds of the settings, as far as the settings would be taken: nothing is an attack and not suspect.
fn thresholds(inquiry: &Inquiry, choices: &mut Vec<Choice>) {
    let [suspect, attack, escalated] = inquiry.thresholds();
    for (number, name, now, range) in [
        (0, "thresholds.suspect", suspect, 1..=attack),
        (1, "thresholds.attack", attack, suspect..=POINTS),
        (2, "escalation.threshold", escalated, 1..=POINTS),
    ] {
        for value in range.filter(|value| *value != now) {
            let mut hypothesis = Hypothesis::default();
            match number {
                0 => hypothesis.suspect = Some(value),
                1 => hypothesis.attack = Some(value),
                _ => hypothesis.escalated = Some(value),
            }
            let words = format!("if `{name}` in the settings were {value} and not {now}");
            let distance = value.abs_diff(now).into();
            choices.push(Choice { lever: Lever::Threshold(number), words, distance, hypothesis });
        }
    }
}

/// A yes-or-no fact in words.
fn flag(fact: FactId, yes: bool) -> String {
    let (is, is_not) = match fact {
        FactId::Unread => ("if part of it could not be read", "if all of it could be read"),
        FactId::ChatGroup => ("in a group", "in a chat of two"),
        FactId::Mentioned => ("if the agent were addressed", "if the agent were not addressed"),
        FactId::Quotes => ("if it quoted something", "without what is quoted"),
        FactId::Disguised => ("if what was found were disguised", "if what was found were not disguised"),
        FactId::LinkHostsUnknown => ("with a link to an unknown host", "if its links led to known hosts only"),
        FactId::ToolDestructive => ("if the call deleted something", "if the call deleted or overwrote nothing"),
        FactId::ToolReadsSecrets => ("if the call read secrets", "if the call read no secrets"),
        FactId::ToolNetwork => ("if the call reached over the network", "if the call stayed off the network"),
        FactId::ToolLeavesWorkspace => ("if the call left the workspace", "if the call stayed in the workspace"),
        FactId::ToolChangesSystem => ("if the call changed the system", "if the call left the system as it is"),
        FactId::ToolTouchesGate => ("if the call touched Sluicegate", "if the call left Sluicegate alone"),
        FactId::ToolRunsCode => ("if the call ran code", "if the call ran no code"),
        FactId::ToolUnclear => ("if part of the call were unclear", "if all of the call were clear"),
        other => {
            let (name, value) = (other.entry().name, if yes { "yes" } else { "no" });
            return format!("if `{name}` were {value}");
        }
    };
    (if yes { is } else { is_not }).to_owned()
}

fn points_of(points: u8) -> String {
    format!("{points} point{}", if points == 1 { "" } else { "s" })
}
