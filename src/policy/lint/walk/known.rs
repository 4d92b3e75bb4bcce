//! What is known of an event on one path through a policy.

use super::value::{Value, compare};
use crate::event::Kind;
use crate::facts::{Ask, Domain, FactId, Questions, TABLE};

/// Comparisons of computed numbers that are kept of one way.
const COMPARED: usize = 16;

/// A set of literals, by their numbers.
type Literals = [u64; Questions::MAX / 64];

/// The values that every fact can still have, and the answers that questions can.
///
/// INVARIANT: it never excludes an event that takes this path. What is never possible here is never possible; what is
/// possible here is said to be so only with a [witness](Self::has_witness).
#[derive(Clone, Debug)]
pub(super) struct Known<'o> {
    /// For each fact a bit for each value of its domain.
    facts: [u64; TABLE.len()],
    /// Literals that are answered with no.
    no: Literals,
    /// Literals of `says` and `found` that are answered with yes.
    yes: Literals,
    /// Of each question that has one true literal at most: those that may be it.
    one_of: [Option<Literals>; Ask::ALL.len()],
    /// Comparisons of computed numbers, with their outcomes.
    compared: Vec<(&'o str, Value<'o>, Value<'o>, bool)>,
    /// Whether something went before that cannot be followed.
    unsure: bool,
}

/// The values of a fact's domain.
fn edges(fact: FactId) -> &'static [u16] {
    match fact.entry().domain {
        Domain::Bool => &[0, 1],
        Domain::Number(edges) => edges,
    }
}

/// The values of a fact for which a comparison with `number` holds, as bits.
pub(super) fn holding(fact: FactId, operator: &str, number: i64) -> u64 {
    let holds = |edge: u16| compare(operator, edge.into(), number).unwrap_or_default();
    edges(fact).iter().zip(0..).filter(|(edge, _)| holds(**edge)).fold(0, |bits, (_, bit)| bits | 1 << bit)
}

/// All values of a fact, as bits.
pub(super) fn all(fact: FactId) -> u64 {
    u64::MAX >> (64 - edges(fact).len().clamp(1, 64))
}

impl<'o> Known<'o> {
    /// Nothing is known but the kind of event.
    pub(super) fn new(kind: Kind) -> Self {
        let mut facts = [1; TABLE.len()];
        for (bits, fact) in facts.iter_mut().zip(TABLE).filter(|(_, fact)| fact.kinds.contains(&kind)) {
            *bits = all(fact.id);
        }
        Self {
            facts,
            no: Literals::default(),
            yes: Literals::default(),
            one_of: Default::default(),
            compared: Vec::new(),
            unsure: false,
        }
    }

    /// From here on nothing is sure.
    pub(super) const fn lose(&mut self) {
        self.unsure = true;
    }

    /// What is known on either of two ways. Nothing is sure of it.
    pub(super) fn join(&mut self, other: &Self) {
        self.lose();
        self.facts.iter_mut().zip(other.facts).for_each(|(known, other)| *known |= other);
        self.no = meet(&self.no, &other.no);
        self.yes = meet(&self.yes, &other.yes);
        for (known, other) in self.one_of.iter_mut().zip(&other.one_of) {
            *known = known.zip(*other).map(|(mut known, other)| {
                join(&mut known, &other);
                known
            });
        }
        self.compared.clear();
    }

    /// Narrows a fact to `bits`; false if it has none of these values.
    pub(super) fn narrow(&mut self, fact: FactId, bits: u64) -> bool {
        self.facts.get_mut(fact as usize).is_some_and(|known| {
            *known &= bits;
            *known != 0
        })
    }

    /// The values that a fact can have.
    fn values(&self, fact: FactId) -> impl Iterator<Item = i64> {
        let bits = self.facts.get(fact as usize).copied().unwrap_or_default();
        edges(fact).iter().zip(0..64).filter(move |(_, bit)| bits >> bit & 1 == 1).map(|(edge, _)| i64::from(*edge))
    }

    /// Answers a question; false if the answer contradicts what is known. `literals` are the numbers of its texts.
    pub(super) fn answer(&mut self, ask: Ask, literals: &[usize], yes: bool) -> bool {
        let mut asked = Literals::default();
        literals.iter().for_each(|literal| set(&mut asked, *literal));
        if !yes {
            join(&mut self.no, &asked);
            let one_of = self.one_of.get(ask as usize).copied().flatten();
            return !intersects(&self.yes, &asked) && one_of.is_none_or(|left| !is_within(&left, &self.no));
        }
        if matches!(ask, Ask::Says | Ask::Found) {
            join(&mut self.yes, &asked);
            return !is_within(&asked, &self.no);
        }
        let Some(one_of) = self.one_of.get_mut(ask as usize) else { return true };
        let left = one_of.map_or(asked, |known| meet(&known, &asked));
        *one_of = Some(left);
        !is_within(&left, &self.no)
    }

    /// Notes the outcome of a comparison of two numbers; false if it cannot be.
    pub(super) fn compared(&mut self, operator: &'o str, left: Value<'o>, right: Value<'o>, holds: bool) -> bool {
        if let (Value::Fact(one), Value::Fact(other)) = (&left, &right) {
            let possible = self.values(*one).any(|a| {
                self.values(*other).any(|b| compare(operator, a, b) == Some(holds) && (one != other || a == b))
            });
            if !possible {
                return false;
            }
        }
        // Each is copied wherever a way forks.
        if self.compared.len() < COMPARED {
            self.compared.push((operator, left, right, holds));
        } else {
            self.lose();
        }
        true
    }

    /// Whether there is an event that takes this path for certain. Facts that depend on each other (a sender has one
    /// standing, an attack is suspect) are respected.
    pub(super) fn has_witness(&self) -> bool {
        if self.unsure || !self.is_consistent() {
            return false;
        }
        // The lowest values, the highest, and some mixtures, as good as random and always the same.
        (0..64_u64).any(|attempt| {
            let pick = |fact: FactId| {
                let count = self.values(fact).count();
                let choice = match attempt {
                    0 => 0,
                    1 => count.checked_sub(1)?,
                    _ => {
                        let mixed = (attempt ^ (fact as u64 + 1) << 8).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
                        usize::try_from(mixed).ok()?.checked_rem(count)?
                    }
                };
                self.values(fact).nth(choice)
            };
            self.compared.iter().all(|(operator, left, right, holds)| match (left.number(&pick), right.number(&pick)) {
                (Some(left), Some(right)) => compare(operator, left, right) == Some(*holds),
                _ => false,
            })
        })
    }

    /// Whether the facts that depend on each other can be as they are.
    fn is_consistent(&self) -> bool {
        let can =
            |fact: FactId, yes: bool| self.facts.get(fact as usize).is_some_and(|bits| bits >> u8::from(yes) & 1 == 1);
        let standing = [
            FactId::SenderOwner,
            FactId::SenderApproved,
            FactId::SenderPending,
            FactId::SenderBlocked,
            FactId::SenderUnknown,
        ];
        let one_standing = standing.iter().any(|true_one| {
            standing.iter().all(|fact| {
                let implied = *true_one == FactId::SenderOwner && *fact == FactId::SenderApproved;
                can(*fact, fact == true_one || implied)
            })
        });
        let implied = [
            (FactId::RecipientOwner, FactId::RecipientApproved),
            (FactId::Attack, FactId::Suspect),
            (FactId::AttackArtifact, FactId::Attack),
            (FactId::AttackArtifact, FactId::Suspect),
            (FactId::AttackAuthored, FactId::AttackArtifact),
            (FactId::AttackAuthored, FactId::Attack),
            (FactId::AttackAuthored, FactId::Suspect),
        ];
        one_standing && implied.iter().all(|(strong, weak)| can(*strong, false) || can(*weak, true))
    }
}

fn set(literals: &mut Literals, number: usize) {
    if let Some(word) = literals.get_mut(number / 64) {
        *word |= 1 << (number % 64);
    }
}

fn join(to: &mut Literals, from: &Literals) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to |= from);
}

fn meet(one: &Literals, other: &Literals) -> Literals {
    let mut both = *one;
    both.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
    both
}

fn intersects(one: &Literals, other: &Literals) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

fn is_within(one: &Literals, other: &Literals) -> bool {
    one.iter().zip(other).all(|(one, other)| one & !other == 0)
}
