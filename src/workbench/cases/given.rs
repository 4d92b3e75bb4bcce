//! The facts of a case: what is written, and what follows from it.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::case::Answer;
use super::code;
use super::read::{self, Faults, Table};
use crate::config::Settings;
use crate::event::Kind;
use crate::facts::{Ask, Domain, FactId, Facts, TABLE};
use crate::verdict::Category;

/// The standings that `sender` may name, each with the facts that it makes true.
const STANDINGS: [(&str, &[FactId]); 5] = [
    ("owner", &[FactId::SenderOwner, FactId::SenderApproved]),
    ("approved", &[FactId::SenderApproved]),
    ("pending", &[FactId::SenderPending]),
    ("blocked", &[FactId::SenderBlocked]),
    ("unknown", &[FactId::SenderUnknown]),
];

/// All facts about the standing of a sender.
const STANDING_FACTS: [FactId; 5] =
    [FactId::SenderOwner, FactId::SenderApproved, FactId::SenderPending, FactId::SenderBlocked, FactId::SenderUnknown];

/// The facts that a case writes down.
pub(super) struct Written {
    kind: Kind,
    /// What the case says, and what follows from it, by the number of the fact.
    values: BTreeMap<u8, (FactId, u16)>,
    /// The facts that the case says itself, as bits.
    said: u64,
    answers: Vec<Answer>,
}

impl Written {
    /// A case that writes down no fact.
    pub(super) const fn none(kind: Kind) -> Self {
        Self { kind, values: BTreeMap::new(), said: 0, answers: Vec::new() }
    }

    /// Reads `facts = { … }` of a case about an event of `kind`.
    pub(super) fn read(mut table: Table<'_>, kind: Kind, faults: &mut Faults<'_>) -> Self {
        let mut written = Self::none(kind);
        if let Some((name, at)) = table.text("sender", faults) {
            match STANDINGS.iter().find(|(standing, _)| *standing == name) {
                Some((_, facts)) => {
                    for fact in STANDING_FACTS {
                        written.set(fact, u16::from(facts.contains(&fact)));
                    }
                }
                None => {
                    let fault = faults.at(code::VALUE, at, format!("there is no standing `{name}`"));
                    let names = STANDINGS.iter().map(|(standing, _)| *standing);
                    let help = "a sender is `owner`, `approved`, `pending`, `blocked` or `unknown`";
                    faults.push(fault.help(help).did_you_mean(name, names));
                }
            }
        }
        for ask in Ask::ALL {
            if let Some(value) = table.take(ask.name()) {
                written.answer(ask, value, faults);
            }
        }
        for (name, at, value) in table.rest().0 {
            written.fact(name, at, value, faults);
        }
        written
    }

    fn set(&mut self, fact: FactId, value: u16) {
        self.said |= 1 << fact as u8;
        self.values.insert(fact as u8, (fact, value));
    }

    fn fact(&mut self, name: &str, at: usize, value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) {
        let Some(id) = FactId::by_name(name) else {
            let fault = faults.at(code::UNKNOWN_FACT, at, format!("there is no fact `{name}`"));
            let names = TABLE.iter().map(|fact| fact.name).chain(Ask::ALL.map(Ask::name)).chain(["sender"]);
            faults.push(fault.help("`sluicegate policy facts` lists them").did_you_mean(name, names));
            return;
        };
        let fact = id.entry();
        if !fact.kinds.contains(&self.kind) {
            faults.push(other_kind(faults, name, at, self.kind, fact.kinds));
            return;
        }
        let start = value.span().start;
        match (fact.domain, value.get_ref()) {
            (Domain::Bool, DeValue::Boolean(yes)) => self.set(id, u16::from(*yes)),
            (Domain::Number(edges), DeValue::Integer(_)) => match read::number(value.get_ref()) {
                Some(number) if edges.iter().any(|edge| u64::from(*edge) == number) => {
                    self.set(id, u16::try_from(number).unwrap_or_default());
                }
                number => faults.push(no_edge(faults, name, start, number, edges)),
            },
            (Domain::Bool, other) => {
                let message = format!("`{name}` is true or false, not {}", read::kind(other));
                faults.add(code::VALUE, start, message);
            }
            (Domain::Number(_), other) => {
                faults.add(code::VALUE, start, format!("`{name}` is a number, not {}", read::kind(other)));
            }
        }
    }

    fn answer(&mut self, ask: Ask, value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) {
        if !ask.kinds().contains(&self.kind) {
            faults.push(other_kind(faults, ask.name(), value.span().start, self.kind, ask.kinds()));
            return;
        }
        for (literal, at) in read::texts(value, ask.name(), faults) {
            if ask == Ask::Found && !Category::ALL.iter().any(|category| category.name() == literal) {
                let fault = faults.at(code::VALUE, at, format!("there is no category `{literal}`"));
                faults.push(fault.did_you_mean(literal, Category::ALL.map(Category::name)));
                continue;
            }
            self.answers.push(Answer { ask, literal: literal.to_owned(), at });
        }
    }

    /// The facts with what follows from those that are written: a score of 8 is `suspect` too, and an `attack` has a score.
    /// What is written stays as it is. The answers come along.
    pub(super) fn complete(mut self, settings: &Settings) -> (Facts, Vec<Answer>) {
        use FactId::{
            Attachments, Attack, AttackArtifact, AttackAuthored, CanAdmin, CanChat, CanFiles, CanNetwork, CanRunJobs,
            CanStatus, ChatGroup, Disguised, Escalated, Escalation, GroupAllowed, LinkHostsUnknown, Links,
            MentionRequired, Quotes, RecipientApproved, RecipientOwner, Score, ScoreArtifact, ScoreAttached,
            ScoreAuthored, ScoreQuoted, SenderApproved, SenderOwner, SenderUnknown, Suspect,
        };
        let (suspect, attack) = (u16::from(settings.thresholds.suspect), u16::from(settings.thresholds.attack));
        let escalated = u16::from(settings.escalation.threshold);
        // Only whom the owner has approved may have anything done.
        for may in [CanChat, CanStatus, CanRunJobs, CanFiles, CanNetwork, CanAdmin] {
            if self.get(may) > 0 {
                self.follows(SenderApproved, 1);
            }
        }
        // Nobody is of no standing: whom the case does not name is unknown.
        if STANDING_FACTS.iter().all(|fact| self.get(*fact) == 0) {
            self.follows(SenderUnknown, 1);
        }
        // What an approved sender may without a word about it; the owner may everything.
        if self.get(SenderApproved) > 0 {
            [CanChat, CanStatus].into_iter().for_each(|may| self.follows(may, 1));
        }
        if self.get(SenderOwner) > 0 {
            [CanRunJobs, CanFiles, CanNetwork, CanAdmin].into_iter().for_each(|may| self.follows(may, 1));
        }
        // From yes to the least number behind it.
        for (fact, number, least) in [
            (AttackAuthored, ScoreAuthored, attack),
            (AttackAuthored, ScoreArtifact, attack),
            (AttackArtifact, ScoreArtifact, attack),
            (Attack, Score, attack),
            (Suspect, Score, suspect),
            (Escalated, Escalation, escalated),
            (Disguised, Score, 1),
            (LinkHostsUnknown, Links, 1),
            (RecipientOwner, RecipientApproved, 1),
            (GroupAllowed, ChatGroup, 1),
            (MentionRequired, ChatGroup, 1),
        ] {
            if self.get(fact) > 0 {
                self.follows(number, least);
            }
        }
        if self.answers.iter().any(|answer| answer.ask == Ask::Found) {
            self.follows(Score, 1);
        }
        // From a part to the whole.
        for part in [ScoreArtifact, ScoreAuthored, ScoreQuoted, ScoreAttached] {
            self.follows(Score, self.get(part));
        }
        // From a number to the yes that it means.
        for (number, least, fact) in [
            (Score, suspect, Suspect),
            (Score, attack, Attack),
            (ScoreArtifact, attack, AttackArtifact),
            (Escalation, escalated, Escalated),
            (ScoreQuoted, 1, Quotes),
            (ScoreAttached, 1, Attachments),
        ] {
            if self.get(number) >= least {
                self.follows(fact, 1);
            }
        }
        let mut facts = Facts::new(self.kind);
        for (fact, value) in self.values.values() {
            facts.set(*fact, usize::from(*value));
        }
        (facts, self.answers)
    }

    fn get(&self, fact: FactId) -> u16 {
        self.values.get(&(fact as u8)).map_or(0, |(_, value)| *value)
    }

    /// Raises a fact that was not written, if this kind of event has it.
    fn follows(&mut self, fact: FactId, least: u16) {
        let said = self.said >> (fact as u8) & 1 == 1;
        if !said && self.get(fact) < least && fact.entry().kinds.contains(&self.kind) {
            self.values.insert(fact as u8, (fact, least));
        }
    }
}

/// A fact that this kind of event does not have.
fn other_kind(faults: &Faults<'_>, name: &str, at: usize, kind: Kind, kinds: &[Kind]) -> crate::diagnostic::Diagnostic {
    let listed: Vec<String> = kinds.iter().map(|kind| format!("`kind = \"{}\"`", kind.name())).collect();
    let message = format!("a {} has no fact `{name}`", kind.name().replace('_', " "));
    faults.at(code::OTHER_KIND, at, message).help(format!("it is a fact of {}", listed.join(" and ")))
}

/// A number that the fact cannot have, with its neighbours.
fn no_edge(
    faults: &Faults<'_>,
    name: &str,
    at: usize,
    number: Option<u64>,
    edges: &[u16],
) -> crate::diagnostic::Diagnostic {
    let most = edges.last().copied().unwrap_or_default();
    let Some(number) = number else {
        return faults.at(code::VALUE, at, format!("`{name}` is 0 to {most}, not less"));
    };
    let below = edges.iter().rev().find(|edge| u64::from(**edge) < number);
    let above = edges.iter().find(|edge| u64::from(**edge) > number);
    let help = match (below, above) {
        (Some(below), Some(above)) => {
            format!("its values are lower edges: a gate would say {below} here, and the next value is {above}")
        }
        _ => format!("its greatest value is {most}, which stands for everything above it too"),
    };
    faults.at(code::VALUE, at, format!("`{name}` is never {number}")).help(help)
}
