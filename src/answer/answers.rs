//! All standing answers: kept in the store, and in memory for the checks.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use arc_swap::ArcSwap;

use super::{Answer, Says, What};
use crate::event::{Event, Kind};
use crate::hold::{HoldId, NoHoldId};
use crate::keys::{Keys, MacKey, Purpose};
use crate::sender::EVERY_ACCOUNT;
use crate::store::{Actor, Book, Commit, Deed, Expect, Journal, Person, Store, StoreError, Table, Version};
use crate::tool::{self, Scene, Words};

/// Answers that are kept.
const MOST: usize = 4_096;
/// Bytes of one answer's command or call.
const MOST_BYTES: usize = 64 * 1024;
/// How often a change is tried again when others change the same at the same time, and a look when the store fails.
const TRIES: usize = 8;
/// Rows that are read at a time.
const PAGE: usize = 1_024;

/// The name of an answer: made of what it says, so the same answer given twice is one.
pub type AnswerId = HoldId;

/// Standing answers in a [`Store`]. A check reads them in memory and never waits for the store: whoever gives an answer, in this
/// process or another, the store tells.
pub struct Answers(Arc<Inner>);

struct Inner {
    book: Book<Answer>,
    journal: Journal,
    key: MacKey,
    /// What was read so far. Held while somebody reads on.
    known: Mutex<Known>,
    current: ArcSwap<Snapshot>,
}

#[derive(Default)]
struct Known {
    seen: Version,
    answers: BTreeMap<Vec<u8>, Answer>,
}

/// The answers as a check asks for them.
#[derive(Default)]
struct Snapshot {
    calls: HashMap<String, Vec<Terms>>,
    commands: HashMap<Words, Vec<Terms>>,
    everything: Vec<Terms>,
    /// Whether any command is denied.
    denies: bool,
    /// Why they could not be read.
    unread: Option<StoreError>,
}

/// Under which terms something was answered.
struct Terms {
    says: Says,
    sender: Option<Person>,
    expires: Option<u64>,
}

/// What standing answers say of one tool call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answered {
    /// The owner has allowed it for good: this call, or every command of it; and has denied nothing of it.
    pub allow: bool,
    /// The owner has denied it for good: this call, or a command in it.
    pub deny: bool,
    /// The owner has denied all tool calls.
    pub closed: bool,
    /// It is allowed only because the owner has allowed everything.
    pub everything: bool,
    /// The answers could not be read, so what is denied is not known.
    pub unread: Option<StoreError>,
}

/// Why an answer was not taken or revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// Allowing everything has to be meant.
    Danger,
    /// It is too long to be kept.
    TooLong,
    /// There are too many already.
    TooMany,
    /// It is no whole id.
    NoId(NoHoldId),
    /// There is no answer under this id.
    Unknown(AnswerId),
    /// The store gave no answer.
    Store(StoreError),
}

impl Answers {
    /// The answers in a store. Where they cannot be read, [`about`](Self::about) says so of every call until they can.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, keys: &Keys) -> Self {
        let inner = Arc::new(Inner {
            book: Book::new(Arc::clone(&store), keys.sealer(), Table::Answer),
            journal: Journal::new(Arc::clone(&store), keys.sealer()),
            key: keys.derive(Purpose::Answer),
            known: Mutex::default(),
            current: ArcSwap::default(),
        });
        let heard: Weak<Inner> = Arc::downgrade(&inner);
        // INVARIANT: subscribed before the first look, so that nothing falls in between.
        store.subscribe(Box::new(move || heard.upgrade().map(|inner| inner.look()).is_some()));
        inner.look();
        Self(inner)
    }

    /// What the answers say of an event; nothing where it is no tool call. `sender` is on whose behalf the call is made, `at` the
    /// time, and the scene reads the call.
    ///
    /// Without any answer it costs a load; else a reading of the call, some microseconds.
    #[must_use]
    pub fn about(&self, event: &Event, sender: Option<&Person>, at: u64, scene: &Scene) -> Answered {
        let snapshot = self.0.current.load();
        let mut answered = Answered { unread: snapshot.unread.clone(), ..Answered::default() };
        if event.kind != Kind::ToolCall || snapshot.is_empty() {
            return answered;
        }
        let says = |terms: &[Terms], says| {
            let holds = |of: &Terms| {
                of.says == says
                    && of.expires.is_none_or(|end| at < end)
                    && of.sender.as_ref().is_none_or(|of| sender.is_some_and(|sender| is(of, sender)))
            };
            terms.iter().any(holds)
        };
        let of = |words: &Words| snapshot.commands.get(words).map_or(&[][..], Vec::as_slice);
        answered.closed = says(&snapshot.everything, Says::Deny);
        answered.deny = answered.closed;
        let mut allow = false;
        if let Some(tool) = &event.tool {
            if let What::Call(call) = What::call(tool)
                && let Some(terms) = snapshot.calls.get(&call)
            {
                answered.deny |= says(terms, Says::Deny);
                allow |= says(terms, Says::Allow);
            }
            if !snapshot.commands.is_empty() {
                let denied = |words: &Words| says(of(words), Says::Deny);
                // More commands than are remembered may be any.
                answered.deny |= snapshot.denies && scene.heard(tool).is_none_or(|heard| heard.iter().any(denied));
                let commands = tool::exactly(tool).unwrap_or_default();
                allow |= !commands.is_empty() && commands.iter().all(|words| says(of(words), Says::Allow));
                answered.deny |= commands.iter().any(denied);
            }
        }
        if !allow && says(&snapshot.everything, Says::Allow) {
            (allow, answered.everything) = (true, true);
        }
        // INVARIANT: deny before allow, in whatever order they were given.
        answered.allow = allow && !answered.deny;
        answered.everything &= answered.allow;
        answered
    }

    /// Gives an answer, in the place of the same one with other terms. `danger` says that allowing everything is meant.
    ///
    /// # Errors
    /// When it is dangerous and not said to be meant, too long or one too many, or the store gives no answer.
    pub fn give(&self, answer: &Answer, danger: bool) -> Result<AnswerId, AnswerError> {
        if answer.says == Says::Allow && answer.what == What::Everything && !danger {
            return Err(AnswerError::Danger);
        }
        if answer.what.to_string().len() > MOST_BYTES {
            return Err(AnswerError::TooLong);
        }
        let id = self.0.id(answer);
        if self.0.known().answers.len() >= MOST && self.0.book.read(id.as_bytes())?.is_none() {
            return Err(AnswerError::TooMany);
        }
        let what = match answer.says {
            Says::Allow => "answer_allow",
            Says::Deny => "answer_deny",
        };
        let deed = self.0.deed(answer.at, what, answer.by.clone(), &id, answer);
        let put = self.0.book.put(id.as_bytes(), Expect::Anything, answer)?;
        let _: Commit = self.0.book.store().commit(&[put, self.0.journal.note(&deed)?])?;
        Ok(id)
    }

    /// Takes an answer back, and tells what it was.
    ///
    /// # Errors
    /// When there is none under this id, or the store gives no answer.
    pub fn revoke(&self, id: &AnswerId, by: &Actor, at: u64) -> Result<Answer, AnswerError> {
        for _ in 0..TRIES {
            let kept = self.0.book.read(id.as_bytes())?.ok_or(AnswerError::Unknown(*id))?;
            let deed = self.0.deed(at, "answer_revoked", by.clone(), id, &kept.value);
            let gone = self.0.book.remove(id.as_bytes(), Expect::Version(kept.version));
            if let Commit::Done(_) = self.0.book.store().commit(&[gone, self.0.journal.note(&deed)?])? {
                return Ok(kept.value);
            }
        }
        Err(StoreError::Failed("an answer is changed by others without end".to_owned()).into())
    }

    /// All answers, denials first, then in the order in which they were given; those that have ended too.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn list(&self) -> Result<Vec<(AnswerId, Answer)>, AnswerError> {
        let id = |key: &[u8]| <[u8; 16]>::try_from(key).ok().map(AnswerId::from);
        let all = self.0.book.all()?;
        let mut list: Vec<(AnswerId, Answer)> =
            all.into_iter().filter_map(|changed| Some((id(&changed.key)?, changed.value?))).collect();
        list.sort_by_key(|(id, answer)| (answer.says, answer.at, *id));
        Ok(list)
    }
}

/// Whether a person is the one that was named, whole: on this account, or on every account.
fn is(named: &Person, who: &Person) -> bool {
    named.channel == who.channel
        && named.id == who.id
        && (named.account == who.account || named.account == EVERY_ACCOUNT)
}

impl Inner {
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self, answer: &Answer) -> AnswerId {
        let kind = match answer.what {
            What::Command(_) => "command",
            What::Call(_) => "call",
            What::Everything => "everything",
        };
        // Words are told apart by JSON, which no joining of them could do.
        let what = serde_json::to_vec(&answer.what).unwrap_or_default();
        let sender = serde_json::to_vec(&answer.sender).unwrap_or_default();
        AnswerId::from(self.key.half(&[answer.says.name().as_bytes(), kind.as_bytes(), &what, &sender]))
    }

    /// Says nothing of the command itself, which may be private.
    fn deed(&self, at: u64, what: &str, by: Actor, id: &AnswerId, answer: &Answer) -> Deed {
        let deed = Deed::new(at, what, by).with("answer", id.to_string()).with("says", answer.says.name());
        let deed = if answer.what == What::Everything { deed.with("what", "everything") } else { deed };
        match &answer.sender {
            Some(person) => deed.to(person.clone()),
            None => deed,
        }
    }

    /// Reads what has changed, and shows it to the checks. Where that fails, what is denied is not known any more, and the
    /// checks are told so: a gate that forgot a denial would be open.
    fn look(&self) {
        let mut known = self.known();
        let before = known.seen;
        let read = (0..TRIES).map(|_| self.read(&mut known)).find_map(|read| match read {
            Ok(()) => Some(Ok(())),
            // What is damaged stays so.
            Err(error @ StoreError::Damaged { .. }) => Some(Err(error)),
            Err(_) => None,
        });
        let unread = read.unwrap_or(Err(StoreError::Stalled)).err();
        if known.seen != before || unread.is_some() || self.current.load().unread.is_some() {
            self.current.store(Arc::new(Snapshot::of(known.answers.values(), unread)));
        }
    }

    fn read(&self, known: &mut Known) -> Result<(), StoreError> {
        loop {
            let page = self.book.changes(known.seen, PAGE)?;
            let Some(last) = page.last().map(|last| last.version) else { return Ok(()) };
            for changed in page {
                match changed.value {
                    Some(answer) => known.answers.insert(changed.key, answer),
                    None => known.answers.remove(&changed.key),
                };
            }
            known.seen = last;
        }
    }
}

impl Snapshot {
    fn of<'a>(answers: impl Iterator<Item = &'a Answer>, unread: Option<StoreError>) -> Self {
        let mut snapshot = Self { unread, ..Self::default() };
        for answer in answers {
            let terms = Terms { says: answer.says, sender: answer.sender.clone(), expires: answer.expires };
            match &answer.what {
                What::Command(words) => {
                    snapshot.denies |= terms.says == Says::Deny;
                    snapshot.commands.entry(words.clone()).or_default().push(terms);
                }
                What::Call(call) => snapshot.calls.entry(call.clone()).or_default().push(terms),
                What::Everything => snapshot.everything.push(terms),
            }
        }
        snapshot
    }

    fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.commands.is_empty() && self.everything.is_empty()
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answers(..)")
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Danger => f.write_str(
                "this would allow every tool call, of everybody, without asking; add --danger if that is what you want",
            ),
            Self::TooLong => write!(f, "it is longer than {MOST_BYTES} bytes, and is not kept"),
            Self::TooMany => write!(f, "there are {MOST} answers already; revoke some that are not needed any more"),
            Self::NoId(error) => error.fmt(f),
            Self::Unknown(id) => {
                write!(f, "there is no answer {id}; `sluicegate answer list` shows those that there are")
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AnswerError {}

impl From<StoreError> for AnswerError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NoHoldId> for AnswerError {
    fn from(error: NoHoldId) -> Self {
        Self::NoId(error)
    }
}
