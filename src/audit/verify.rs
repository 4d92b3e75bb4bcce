//! Reading a log back: is every record there, unchanged, in its place?

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::AuditError;
use super::chain::{Link, Rank, Ring};
use super::change::Change;
use super::deed::Once;
use super::head::{self, Head};
use super::line::{HeadState, Reading, Stamp};
use super::lines::Lines;
use super::paths::{Lock, Paths};
use super::shipped::{HeadFound, ShippedHead};
use crate::keys::{KeyId, Keys};

/// How many faults are told one by one. A log with more is lost as evidence, and the list would only fill the memory.
const MAX_FAULTS: usize = 1000;
/// How many changes of what judges are told one by one: the last ones.
const MAX_CHANGES: usize = 1000;
/// How often reading begins again because the writer began a new file meanwhile.
const ATTEMPTS: usize = 5;

/// What reading a log back found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Records that are as they were written.
    pub records: u64,
    /// Files that were read.
    pub files: usize,
    /// Records that the writer itself says it could not keep.
    pub lost: u64,
    /// How often the log was not found as it had been left, such as after a crash.
    pub recoveries: u64,
    /// How often another set of settings, rules and policies was taken into use while a gate ran.
    pub reloads: u64,
    /// How often one was refused.
    pub refusals: u64,
    /// How often policies were taken out of use, since they took too long.
    pub quarantines: u64,
    /// How many changes of durable state are told, such as who was approved.
    pub deeds: u64,
    /// How often the log went over to another key.
    pub rekeyings: u64,
    /// The keys that something in the log is sealed with, in its order.
    pub keys: Vec<KeyId>,
    /// The changes of what judges, in the order of the log; the last 1,000.
    pub changes: Vec<Changed>,
    /// A process was writing the log meanwhile, so its end was not looked at.
    pub live: bool,
    /// The number and the seal of the last record. Kept elsewhere, they prove later that the log was not put back.
    pub last: Option<(u64, String)>,
    /// What is wrong, in the order of the log; at most 1,000.
    pub faults: Vec<Fault>,
}

impl Verified {
    /// Whether the log is whole: nothing was changed, removed, added, moved or cut off.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }
}

/// A change of what judges, with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// The number of the record.
    pub seq: u64,
    /// When it came, in milliseconds since 1970: by the clock of whoever reloaded, or the time of the record before.
    pub at: u64,
    /// What was changed.
    pub change: Change,
}

/// One thing that is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 where the fault belongs to the whole file.
    pub line: u64,
    /// What is wrong, in a sentence without a final stop.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.what),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.what),
        }
    }
}

/// Reads the log in `file` and the older files beside it, in bounded memory, and tells every line that is not as it was
/// written.
///
/// A log that is being written can be read too; then the records after the head are not yet judged.
///
/// # Errors
/// When there is no such log, when all of it was written with another key, or when the system refuses.
pub fn verify(file: &Path, keys: &Keys) -> Result<Verified, AuditError> {
    verify_heads(file, keys, &[]).map(|(verified, _)| verified)
}

/// As [`verify`], and also tells what became of the records that these heads name, in their order.
///
/// A head that is older than what is kept ([`HeadFound::TooOld`]) is neither proof nor fault: that those records were
/// deleted in time is sealed in the log's own head.
///
/// # Errors
/// As [`verify`].
pub fn verify_heads(file: &Path, keys: &Keys, heads: &[ShippedHead]) -> Result<(Verified, Vec<HeadFound>), AuditError> {
    let (paths, ring) = (Paths::new(file), Ring::new(keys));
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (walk, files_changed) = Walk::over(&paths, &ring, heads).map_err(AuditError::io(file))?;
        if files_changed && walk.verified.live && attempt < ATTEMPTS {
            continue;
        }
        return match walk.key {
            Some(found) if walk.last.is_none() => {
                Err(AuditError::OtherKey { path: file.to_owned(), found, given: keys.id() })
            }
            _ if walk.is_nothing => Err(AuditError::NoLog { path: file.to_owned() }),
            _ => {
                let found = heads.iter().map(|head| walk.compare(head)).collect();
                Ok((walk.verified, found))
            }
        };
    }
}

/// One walk from the first line to the last.
struct Walk<'a> {
    ring: &'a Ring,
    verified: Verified,
    /// The last record in its place.
    last: Option<Link>,
    /// The age of the key of that record, and the key that it says will come next.
    rank: Rank,
    announces: Option<String>,
    /// Deeds that were counted.
    once: Once,
    /// The records that heads name, as far as they were found.
    wanted: BTreeMap<u64, Option<Link>>,
    /// What the first record follows on, if the head says so.
    from: Option<Link>,
    /// Lines since `last` that are no records: as many records may have stood there.
    damaged: u64,
    /// The last changes of what judges.
    changes: VecDeque<Changed>,
    /// Another key that the head or a line names.
    key: Option<String>,
    /// There is neither a log nor a head.
    is_nothing: bool,
}

impl<'a> Walk<'a> {
    /// Walks over all files. Also says whether files came or went meanwhile.
    fn over(paths: &Paths, ring: &'a Ring, heads: &[ShippedHead]) -> io::Result<(Self, bool)> {
        // The head is read first: while the log is written, the log may only be ahead of it.
        let live = Lock::is_held(&paths.lock());
        let found = Head::read(&paths.head(), ring)?;
        let head = if let head::Found::Ours(head, _) = found { Some(head) } else { None };
        let mut walk = Self {
            ring,
            verified: Verified { live, ..Verified::default() },
            last: None,
            rank: Rank::default(),
            announces: None,
            once: Once::default(),
            wanted: heads.iter().map(|head| (head.seq(), None)).collect(),
            from: head.map(|head| head.from),
            damaged: 0,
            changes: VecDeque::new(),
            key: None,
            is_nothing: false,
        };
        let before = match paths.rotated() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            files => files?,
        };
        let begins = head.map_or(0, |head| head.from.seq);
        let kept = before.iter().filter(|file| file.first > begins).map(|file| file.path.as_path());
        let mut lines = 0;
        for file in kept.chain([paths.current()]) {
            match walk.file(file, head)? {
                Some(count) => (lines, walk.verified.files) = (count, walk.verified.files + 1),
                None => lines = 0,
            }
        }
        walk.is_nothing = walk.verified.files == 0 && found == head::Found::Missing;
        walk.end(paths, found, lines);
        walk.verified.changes = std::mem::take(&mut walk.changes).into();
        walk.verified.last = walk.last.map(|last| (last.seq, last.mac.to_string()));
        let changed = live && paths.rotated()? != before;
        Ok((walk, changed))
    }

    /// Reads one file and gives the number of its lines, or nothing if there is no such file.
    fn file(&mut self, path: &Path, head: Option<Head>) -> io::Result<Option<u64>> {
        let Some(mut lines) = Lines::open(path)? else { return Ok(None) };
        let mut count = 0;
        while let Some(found) = lines.next(self.ring)? {
            count = found.number;
            if !found.ended {
                let known = self.last.map_or(0, |last| last.seq);
                if self.verified.live && head.is_some_and(|head| known >= head.last.seq) {
                    break;
                }
                self.fault(path, found.number, "the line is cut off: its end is missing");
            }
            match found.reading {
                Reading::Ours(stamp, link) => {
                    if self.key_changes(path, found.number, &stamp, link) {
                        self.record(path, found.number, &stamp, link);
                        self.change(*stamp, link.seq);
                    }
                }
                reading => {
                    self.damaged += 1;
                    if let Reading::OtherKey(key) = reading {
                        let what = format!("the line was written with key {key}, or changed");
                        self.fault(path, found.number, what);
                        self.key = Some(key);
                    } else if found.ended {
                        self.fault(path, found.number, "the line was changed, or never written by the log");
                    }
                }
            }
        }
        Ok(Some(count))
    }

    /// Judges the key that a line of ours is sealed with; false where the line can be no record.
    ///
    /// INVARIANT: from one key to a newer one the log goes only where the record before says so under the old key, and back
    /// to an old key never. So whoever got hold of an old key can neither add to the log nor change what was written under
    /// it: the first record under the newer key holds on to all before.
    fn key_changes(&mut self, path: &Path, line: u64, stamp: &Stamp, link: Link) -> bool {
        let id = self.ring.id(stamp.rank);
        if self.last.is_some() && stamp.rank != self.rank {
            let (new, old) = (name_of(id), name_of(self.ring.id(self.rank)));
            if stamp.rank > self.rank {
                let what =
                    format!("the line is sealed with the older key {new}, which the log had gone over from: forged");
                self.fault(path, line, what);
                self.damaged += 1;
                return false;
            }
            let follows = self.last.is_some_and(|last| last.seq + 1 == link.seq);
            if follows && self.announces.as_deref() != Some(new.as_str()) {
                let what = format!("the log goes over from key {old} to key {new} here, and did not say so before");
                self.fault(path, line, what);
            }
        }
        self.rank = stamp.rank;
        self.announces = stamp.to.clone().filter(|_| stamp.what == "rekeyed");
        if let Some(id) = id.filter(|id| !self.verified.keys.contains(id)) {
            self.verified.keys.push(id);
        }
        true
    }

    /// Judges a line that is ours: does it stand in its place?
    fn record(&mut self, path: &Path, line: u64, stamp: &Stamp, link: Link) {
        self.verified.records += 1;
        self.verified.lost = self.verified.lost.saturating_add(stamp.lost.unwrap_or_default());
        let Some(last) = self.last.or(self.from) else {
            // The head is gone, which is told at the end; the log begins where it begins.
            (self.last, self.damaged) = (Some(link), 0);
            self.note(stamp, link);
            return;
        };
        if link.seq <= last.seq {
            let what = format!("record {} stands here again or too late: record {} came before", link.seq, last.seq);
            self.fault(path, line, what);
            return;
        }
        let skipped = link.seq - last.seq - 1;
        if skipped > self.damaged {
            self.fault(path, line, missing(last.seq + 1, link.seq - 1, self.damaged, "before this line"));
        } else if skipped == 0 && stamp.prev != last.mac {
            let what = format!("record {} does not follow on the record {} before it", link.seq, last.seq);
            self.fault(path, line, what);
        }
        (self.last, self.damaged) = (Some(link), 0);
        self.note(stamp, link);
        if stamp.what == "recovered" {
            self.verified.recoveries += 1;
            let found = match stamp.head {
                Some(HeadState::Missing) => "gone",
                Some(HeadState::Damaged) => "changed",
                Some(HeadState::Foreign) => "that of another copy",
                _ => return,
            };
            let what =
                format!("when the log was opened here, its head was {found}; records before may have been cut off");
            self.fault(path, line, what);
        }
    }

    /// Keeps what a record in its place tells of the log.
    fn note(&mut self, stamp: &Stamp, link: Link) {
        if let Some(wanted) = self.wanted.get_mut(&link.seq) {
            *wanted = Some(link);
        }
        if let Some(name) = &stamp.deed
            && stamp.is_deed()
        {
            self.verified.deeds += u64::from(self.once.is_new(name));
        }
        // The one of the two records that the newer key sealed.
        let is_rekeyed = stamp.what == "rekeyed" && stamp.to == self.ring.id(stamp.rank).map(|id| id.to_string());
        self.verified.rekeyings += u64::from(is_rekeyed);
    }

    /// What became of the record that a head names.
    fn compare(&self, head: &ShippedHead) -> HeadFound {
        let wanted = head.link;
        let found = self.wanted.get(&wanted.seq).copied().flatten();
        let from = self.from.filter(|from| from.seq == wanted.seq);
        if let Some(found) = found.or(from.filter(|from| from.seq > 0)) {
            return if found == wanted { HeadFound::Unchanged } else { HeadFound::Other };
        }
        let last = self.last.or(self.from).unwrap_or_default();
        if !self.ring.knows(&head.key().to_string()) {
            HeadFound::OtherKey
        } else if self.from.is_some_and(|from| wanted.seq < from.seq) {
            HeadFound::TooOld
        } else if wanted.seq > last.seq {
            HeadFound::CutOff
        } else {
            HeadFound::Missing
        }
    }

    /// Keeps what a record tells of what judges.
    fn change(&mut self, stamp: Stamp, seq: u64) {
        let Some(change) = stamp.change else { return };
        match change {
            Change::Reloaded { .. } => self.verified.reloads += 1,
            Change::Refused { .. } => self.verified.refusals += 1,
            Change::Quarantined { .. } => self.verified.quarantines += 1,
        }
        if self.changes.len() == MAX_CHANGES {
            self.changes.pop_front();
        }
        self.changes.push_back(Changed { seq, at: stamp.at, change });
    }

    /// Compares the end of the log with the head.
    fn end(&mut self, paths: &Paths, found: head::Found, lines: u64) {
        let (file, last) = (paths.head(), self.last.or(self.from).unwrap_or_default());
        match found {
            head::Found::Missing if self.is_nothing => {}
            head::Found::Missing => {
                self.fault(&file, 0, "the head is gone; records may have been cut off at either end of the log");
            }
            head::Found::Damaged => {
                self.fault(&file, 0, "the head was changed; records may have been cut off at either end of the log");
            }
            head::Found::OtherKey(key) => {
                self.fault(&file, 0, format!("the head was written with key {key}, or changed"));
                self.key = Some(key);
            }
            head::Found::Ours(_, rank) if rank != Rank::NEWEST => {
                let (older, newest) = (name_of(self.ring.id(rank)), name_of(self.ring.id(Rank::NEWEST)));
                let what = format!(
                    "the head is sealed with the older key {older}: the log has not gone over to key {newest} yet (run \
                     `sluicegate keys rotate --finish`), or what was written under that key was cut off"
                );
                self.fault(&file, 0, what);
            }
            head::Found::Ours(head, _) if last.seq < head.last.seq => {
                if head.last.seq - last.seq > self.damaged {
                    let what = missing(last.seq + 1, head.last.seq, self.damaged, "at the end");
                    self.fault(paths.current(), lines + 1, what);
                }
            }
            head::Found::Ours(head, _) if last.seq > head.last.seq => {
                if !self.verified.live {
                    let what = format!(
                        "the head stands at record {} and the log goes on to {}: an older head was put in its place, or \
                         the writer was killed and has not opened the log since",
                        head.last.seq, last.seq
                    );
                    self.fault(&file, 0, what);
                }
            }
            head::Found::Ours(head, _) => {
                if head.last.mac != last.mac {
                    self.fault(&file, 0, "the head belongs to another copy of the log");
                }
            }
        }
    }

    fn fault(&mut self, file: &Path, line: u64, what: impl Into<String>) {
        if self.verified.faults.len() < MAX_FAULTS {
            self.verified.faults.push(Fault { file: file.to_owned(), line, what: what.into() });
        }
    }
}

fn name_of(id: Option<KeyId>) -> String {
    id.map_or_else(String::new, |id| id.to_string())
}

/// Tells which records are missing, when `damaged` lines stand in the place of some of them.
fn missing(first: u64, last: u64, damaged: u64, place: &str) -> String {
    let (records, are) =
        if first == last { (format!("record {first}"), "is") } else { (format!("records {first} to {last}"), "are") };
    match damaged {
        0 => format!("{records} {are} missing {place}"),
        _ => format!("of {records}, all but {damaged} {are} missing {place}"),
    }
}
