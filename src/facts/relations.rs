//! What the facts of one event have to do with each other.
//!
//! Facts are not independent: a sender who is approved is not unknown as well, and what is an attack is suspect. This table
//! is the one place where such relations stand. A proof leaves out the events that they rule out, and names those that it
//! used. `tests/properties/relations.rs` asserts that no event breaks one.
//!
//! INVARIANT: a relation may be missing here, and a proof then counts with events that cannot happen. One that stands here
//! and is not true would prove what is false. So nothing that depends on how the store or the rules are kept is listed: the
//! points of a sender, for one, can be fewer than those of the message, after the owner has taken them back.

use FactId::{
    AnsweredAllow, AnsweredDeny, Attachments, Attack, AttackArtifact, AttackAuthored, CanAdmin, CanChat, CanFiles,
    CanNetwork, CanRunJobs, CanStatus, ChatGroup, Disguised, DmDisabled, DmOpen, Escalated, Escalation, GroupAllowed,
    LinkHostsUnknown, Links, MentionRequired, PairedNow, Quotes, RecipientApproved, RecipientOwner, Score,
    ScoreArtifact, ScoreAttached, ScoreAuthored, ScoreQuoted, SenderApproved, SenderBlocked, SenderOwner,
    SenderPending, SenderUnknown, Suspect,
};

use super::{Ask, FactId, Facts, Possible, Questions, TABLE};

/// The thresholds of the settings, as far as facts depend on them. Each is from 1 to 31 points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Points from which an event is suspect. Default 5.
    pub suspect: u8,
    /// Points from which it is an attack. Default 8.
    pub attack: u8,
    /// Points from which a sender is escalated. Default 8.
    pub escalated: u8,
}

impl Default for Levels {
    fn default() -> Self {
        Self { suspect: 5, attack: 8, escalated: 8 }
    }
}

/// From which value on a fact counts.
#[derive(Clone, Copy, Debug)]
enum From {
    /// From 1 on: a yes, or at least one.
    One,
    Suspect,
    Attack,
    Escalated,
}

/// What one relation says of the values.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// Exactly one of these is yes.
    OneOf(&'static [FactId]),
    /// Where the first has reached its value, the second has reached its own.
    IfThen((FactId, From), (FactId, From)),
    /// At most one of the two is yes.
    NotBoth(FactId, FactId),
    /// The first is not greater than the second.
    AtMost(FactId, FactId),
    /// Where one of these questions is answered with yes, the fact is at least 1.
    Found(Ask, FactId),
    /// Questions for the same name have the same answer, and at most one name is it.
    Name(Ask),
}

struct Relation {
    says: &'static str,
    forms: &'static [Form],
}

use Form::{AtMost, Found, IfThen, Name, NotBoth, OneOf};

const RELATIONS: &[Relation] = &[
    Relation {
        says: "a sender is approved, pending, blocked or unknown, and nothing else besides; the owner is approved",
        forms: &[
            OneOf(&[SenderApproved, SenderPending, SenderBlocked, SenderUnknown]),
            IfThen((SenderOwner, From::One), (SenderApproved, From::One)),
        ],
    },
    Relation {
        says: "what only the owner reads is read by nobody whom the owner has not approved",
        forms: &[IfThen((RecipientOwner, From::One), (RecipientApproved, From::One))],
    },
    Relation {
        says: "a sender is escalated from the threshold of the settings on",
        forms: &[
            IfThen((Escalated, From::One), (Escalation, From::Escalated)),
            IfThen((Escalation, From::Escalated), (Escalated, From::One)),
        ],
    },
    Relation {
        says: "an event is suspect from the threshold of the settings on",
        forms: &[
            IfThen((Suspect, From::One), (Score, From::Suspect)),
            IfThen((Score, From::Suspect), (Suspect, From::One)),
        ],
    },
    Relation {
        says: "an event is an attack from the threshold of the settings on",
        forms: &[
            IfThen((Attack, From::One), (Score, From::Attack)),
            IfThen((Score, From::Attack), (Attack, From::One)),
        ],
    },
    Relation {
        says: "it is an attack in itself where the points of what is wrong in itself have reached that threshold",
        forms: &[
            IfThen((AttackArtifact, From::One), (ScoreArtifact, From::Attack)),
            IfThen((ScoreArtifact, From::Attack), (AttackArtifact, From::One)),
        ],
    },
    Relation {
        says: "an attack in the sender's own text is one in itself, and its points are the sender's own",
        forms: &[
            IfThen((AttackAuthored, From::One), (ScoreArtifact, From::Attack)),
            IfThen((AttackAuthored, From::One), (ScoreAuthored, From::Attack)),
        ],
    },
    Relation {
        says: "no part of the score is greater than the whole",
        forms: &[
            AtMost(ScoreArtifact, Score),
            AtMost(ScoreAuthored, Score),
            AtMost(ScoreQuoted, Score),
            AtMost(ScoreAttached, Score),
        ],
    },
    Relation {
        says: "what is found has at least one point",
        forms: &[Found(Ask::Found, Score), IfThen((Disguised, From::One), (Score, From::One))],
    },
    Relation {
        says: "points for quoted text need a quote",
        forms: &[IfThen((ScoreQuoted, From::One), (Quotes, From::One))],
    },
    Relation {
        says: "points for attachments need an attachment",
        forms: &[IfThen((ScoreAttached, From::One), (Attachments, From::One))],
    },
    Relation {
        says: "a link to an unknown host is a link",
        forms: &[IfThen((LinkHostsUnknown, From::One), (Links, From::One))],
    },
    Relation {
        says: "what the owner has allowed for good is denied in nothing, and is for approved senders alone",
        forms: &[NotBoth(AnsweredAllow, AnsweredDeny), IfThen((AnsweredAllow, From::One), (SenderApproved, From::One))],
    },
    Relation { says: "an event comes over one channel", forms: &[Name(Ask::ChannelIn)] },
    Relation { says: "an event comes to one account", forms: &[Name(Ask::AccountIn)] },
    Relation { says: "a call is of one tool", forms: &[Name(Ask::ToolIn)] },
    Relation {
        says: "only an approved sender may have something done, and the owner may everything",
        forms: &[
            IfThen((CanChat, From::One), (SenderApproved, From::One)),
            IfThen((CanStatus, From::One), (SenderApproved, From::One)),
            IfThen((CanRunJobs, From::One), (SenderApproved, From::One)),
            IfThen((CanFiles, From::One), (SenderApproved, From::One)),
            IfThen((CanNetwork, From::One), (SenderApproved, From::One)),
            IfThen((CanAdmin, From::One), (SenderApproved, From::One)),
            IfThen((SenderOwner, From::One), (CanChat, From::One)),
            IfThen((SenderOwner, From::One), (CanStatus, From::One)),
            IfThen((SenderOwner, From::One), (CanRunJobs, From::One)),
            IfThen((SenderOwner, From::One), (CanFiles, From::One)),
            IfThen((SenderOwner, From::One), (CanNetwork, From::One)),
            IfThen((SenderOwner, From::One), (CanAdmin, From::One)),
        ],
    },
    Relation {
        says: "what holds for direct chats is in no group, and the other way round",
        forms: &[
            NotBoth(DmOpen, DmDisabled),
            NotBoth(DmOpen, ChatGroup),
            NotBoth(DmDisabled, ChatGroup),
            NotBoth(PairedNow, ChatGroup),
            NotBoth(PairedNow, DmOpen),
            NotBoth(PairedNow, DmDisabled),
            IfThen((GroupAllowed, From::One), (ChatGroup, From::One)),
            IfThen((MentionRequired, From::One), (ChatGroup, From::One)),
        ],
    },
];

/// Which relations narrowed something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used(u32);

impl Used {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// The relations, each in one sentence.
    pub fn says(self) -> impl Iterator<Item = &'static str> {
        RELATIONS.iter().enumerate().filter(move |(number, _)| self.0 >> number & 1 == 1).map(|(_, of)| of.says)
    }
}

impl std::ops::BitOrAssign for Used {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The relations between the facts, for certain settings and questions.
#[derive(Clone, Debug)]
pub struct Relations {
    levels: Levels,
    /// The relations that are looked at, as bits.
    active: u32,
    /// For each [`Ask`], the numbers of its questions, those for the same name together.
    names: [Vec<Vec<u16>>; Ask::ALL.len()],
}

impl Relations {
    /// All relations, under these thresholds, with these questions.
    #[must_use]
    pub fn new(levels: Levels, questions: &Questions) -> Self {
        let mut names = [const { Vec::new() }; Ask::ALL.len()];
        for (names, ask) in names.iter_mut().zip(Ask::ALL) {
            let mut spelled: Vec<(String, Vec<u16>)> = Vec::new();
            for (number, question) in questions.iter().filter(|(_, question)| question.ask == ask) {
                let name = ask.same(&question.literal);
                match spelled.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, numbers)) => numbers.push(number),
                    None => spelled.push((name, vec![number])),
                }
            }
            *names = spelled.into_iter().map(|(_, numbers)| numbers).collect();
        }
        Self { levels, active: (1 << RELATIONS.len()) - 1, names }
    }

    /// No relation: every combination of facts counts, also those that no event has.
    #[must_use]
    pub fn none() -> Self {
        Self { levels: Levels::default(), active: 0, names: [const { Vec::new() }; Ask::ALL.len()] }
    }

    /// Only the relations that can tell something about the facts in `relevant` (bit n for the fact with number n) and the
    /// questions. What they rule out of those stays the same.
    #[must_use]
    pub fn about(mut self, relevant: u64) -> Self {
        let asked = |ask: &Ask| self.numbers(*ask).flatten().count();
        let relevant =
            Ask::ALL.iter().filter(|ask| asked(ask) > 0).fold(u128::from(relevant), |all, ask| all | of(*ask));
        // Something is told of a fact by way of a chain of relations that begins at another one.
        let mut useful = 0;
        for start in (0..u128::BITS).map(|node| 1_u128 << node).filter(|node| relevant & node != 0) {
            self.lead(start, start, 0, relevant, &mut useful);
        }
        for number in self.living() {
            let forms = RELATIONS.get(number).map(|relation| relation.forms).unwrap_or_default();
            if forms.iter().any(|form| matches!(form, Name(ask) if asked(ask) > 1)) {
                useful |= 1 << number;
            }
        }
        self.active &= useful;
        self
    }

    /// Follows the relations from a fact to the next relevant ones, and notes those that lead to one. `passed` are the facts
    /// on the way, and `trail` the relations.
    fn lead(&self, from: u128, passed: u128, trail: u32, relevant: u128, useful: &mut u32) {
        for number in self.living() {
            let forms = RELATIONS.get(number).map(|relation| relation.forms).unwrap_or_default();
            for facts in forms.iter().map(|form| facts_of(*form)).filter(|facts| facts & from != 0) {
                let trail = trail | 1 << number;
                for next in (0..u128::BITS).map(|node| 1_u128 << node).filter(|next| facts & next & !passed != 0) {
                    if relevant & next != 0 {
                        *useful |= trail;
                    } else {
                        self.lead(next, passed | next, trail, relevant, useful);
                    }
                }
            }
        }
    }

    /// Takes away what cannot be together with the rest, and notes in `used` which relations did. False if nothing is left.
    ///
    /// INVARIANT: where something is left, some event is possible: once no relation takes anything away any more, the
    /// smallest values that are left go together, since every relation but that of the standings holds for the smaller of
    /// each two values where it holds for both, and the standings are few enough to be decided one by one.
    pub fn narrow(&self, possible: &mut Possible, used: &mut Used) -> bool {
        while !possible.is_empty() {
            let before = *possible;
            for number in self.living() {
                let last = *possible;
                let forms = RELATIONS.get(number).map(|relation| relation.forms).unwrap_or_default();
                forms.iter().for_each(|form| self.apply(*form, possible));
                if *possible != last {
                    used.0 |= 1 << number;
                }
            }
            if *possible == before {
                return true;
            }
        }
        false
    }

    /// The first relation that these facts break, in a sentence.
    #[must_use]
    pub fn broken(&self, facts: &Facts) -> Option<&'static str> {
        let alone = |number: &usize| {
            let mut one = Possible::only(facts);
            !Self { active: 1 << number, ..self.clone() }.narrow(&mut one, &mut Used::default())
        };
        self.living().find(alone).and_then(|number| RELATIONS.get(number)).map(|relation| relation.says)
    }

    /// An event that is possible, with values as small as can be and few answers of yes. None if there is none.
    #[must_use]
    pub fn example(&self, possible: &Possible) -> Option<Facts> {
        let mut possible = *possible;
        if !self.narrow(&mut possible, &mut Used::default()) {
            return None;
        }
        for fact in TABLE {
            // The first that fits, nearly always; see `narrow`.
            let fits = possible.values(fact.id).find_map(|value| {
                let mut with = possible;
                with.keep(fact.id, |other| other == value);
                self.narrow(&mut with, &mut Used::default()).then_some(with)
            });
            possible = fits?;
        }
        Some(possible.smallest())
    }

    fn living(&self) -> impl Iterator<Item = usize> {
        let active = self.active;
        (0..RELATIONS.len()).filter(move |number| active >> number & 1 == 1)
    }

    fn numbers(&self, ask: Ask) -> impl Iterator<Item = &Vec<u16>> {
        self.names.get(ask as usize).into_iter().flatten()
    }

    fn apply(&self, form: Form, possible: &mut Possible) {
        match form {
            OneOf(facts) => {
                for one in facts {
                    let others = || facts.iter().filter(|other| *other != one);
                    if possible.fixed(*one) == Some(1) {
                        others().for_each(|other| possible.keep(*other, |value| value == 0));
                    } else if others().all(|other| possible.fixed(*other) == Some(0)) {
                        possible.keep(*one, |value| value == 1);
                    }
                }
            }
            IfThen((first, first_from), (second, second_from)) => {
                let (first_from, second_from) = (self.value(first_from), self.value(second_from));
                if possible.least(first) >= first_from && possible.least(second) < second_from {
                    possible.keep(second, |value| value >= second_from);
                } else if possible.most(second) < second_from && possible.most(first) >= first_from {
                    possible.keep(first, |value| value < first_from);
                }
            }
            AtMost(part, whole) => {
                let (most, least) = (possible.most(whole), possible.least(part));
                if possible.most(part) > most {
                    possible.keep(part, |value| value <= most);
                }
                if possible.least(whole) < least {
                    possible.keep(whole, |value| value >= least);
                }
            }
            NotBoth(one, other) => {
                for (yes, no) in [(one, other), (other, one)] {
                    if possible.least(yes) >= 1 {
                        possible.keep(no, |value| value == 0);
                    }
                }
            }
            Found(ask, fact) => {
                let mut numbers = self.numbers(ask).flatten().copied();
                if possible.most(fact) == 0 {
                    numbers.for_each(|number| possible.answer(number, false));
                } else if numbers.any(|number| possible.answered(number) == Some(true)) {
                    possible.keep(fact, |value| value >= 1);
                }
            }
            Name(ask) => {
                let is = |name: &Vec<u16>, yes| name.iter().any(|number| possible.answered(*number) == Some(yes));
                let it = self.numbers(ask).position(|name| is(name, true));
                let not: Vec<bool> = self.numbers(ask).map(|name| is(name, false)).collect();
                for ((place, name), not) in self.numbers(ask).enumerate().zip(not) {
                    for number in name {
                        if it == Some(place) {
                            possible.answer(*number, true);
                        }
                        if not || it.is_some_and(|it| it != place) {
                            possible.answer(*number, false);
                        }
                    }
                }
            }
        }
    }

    const fn value(&self, from: From) -> u16 {
        let value = match from {
            From::One => 1,
            From::Suspect => self.levels.suspect,
            From::Attack => self.levels.attack,
            From::Escalated => self.levels.escalated,
        };
        value as u16
    }
}

/// The facts that a form speaks of, as bits; those of questions stand behind those of the table.
fn facts_of(form: Form) -> u128 {
    let bit = |fact: FactId| 1_u128 << fact as u8;
    match form {
        OneOf(facts) => facts.iter().fold(0, |all, fact| all | bit(*fact)),
        IfThen((first, _), (second, _)) | AtMost(first, second) | NotBoth(first, second) => bit(first) | bit(second),
        Found(ask, fact) => of(ask) | bit(fact),
        Name(ask) => of(ask),
    }
}

/// The bit of all questions of a sort.
const fn of(ask: Ask) -> u128 {
    1 << (64 + ask as u32)
}

#[cfg(test)]
mod tests;
