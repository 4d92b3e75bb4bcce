//! What a record tells of the questions of the policies: `m.says("weather")`, `m.found("injection")`.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::entry::Record;
use super::names::Compared;
use crate::facts::{Ask, Facts, Questions};
use crate::keys::{Pseudonym, Pseudonyms};
use crate::verdict::Category;

/// The answers of one event, as they are written. With them a policy that asks the same can be asked about it again.
///
/// The literal of a `says` is a word that may stand in somebody's message, so it is written as a pseudonym, like every name.
#[derive(Serialize)]
pub(super) struct Asked<'a> {
    /// The categories of the rules that fired: the answer to every `found`.
    found: Found,
    /// The literals of `says`, by the answer.
    says: Answers<'a>,
    #[serde(flatten)]
    compared: Compared,
}

#[derive(Serialize)]
struct Answers<'a> {
    yes: Literals<'a>,
    no: Literals<'a>,
}

impl<'a> Asked<'a> {
    /// What `record` tells, given the numbers and pseudonyms of the literals that the policies ask for.
    pub(super) fn new(record: &'a Record, compared: Compared, says: &'a [(u16, Pseudonym)]) -> Self {
        let literals = |answer| Literals { says, facts: &record.facts, answer };
        Self { found: Found(record.found), says: Answers { yes: literals(true), no: literals(false) }, compared }
    }
}

/// Categories as a list of their names.
struct Found(u32);

impl Serialize for Found {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(Category::ALL.iter().filter(|category| self.0 >> **category as u32 & 1 == 1))
    }
}

/// The literals with one answer.
struct Literals<'a> {
    says: &'a [(u16, Pseudonym)],
    facts: &'a Facts,
    answer: bool,
}

impl Serialize for Literals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let with_answer = self.says.iter().filter(|(number, _)| self.facts.answer(*number) == self.answer);
        serializer.collect_seq(with_answer.map(|(_, literal)| literal))
    }
}

/// The pseudonyms of the literals of `says`, worked out once for a revision of the policies.
#[derive(Default)]
pub(super) struct Says(Option<(Arc<Questions>, Numbered)>);

/// Pseudonyms by the numbers of their questions.
type Numbered = Arc<[(u16, Pseudonym)]>;

impl Says {
    /// The literals among `questions`, with their numbers.
    pub(super) fn of(&mut self, questions: &Arc<Questions>, pseudonyms: &Pseudonyms) -> Arc<[(u16, Pseudonym)]> {
        match &self.0 {
            Some((known, says)) if Arc::ptr_eq(known, questions) => Arc::clone(says),
            _ => {
                let says = questions.iter().filter(|(_, question)| question.ask == Ask::Says);
                let says: Arc<_> = says.map(|(number, it)| (number, pseudonyms.text(&it.literal))).collect();
                self.0 = Some((Arc::clone(questions), Arc::clone(&says)));
                says
            }
        }
    }
}
