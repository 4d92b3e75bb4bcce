//! The thread that writes: formats, seals, groups, rotates.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, SyncSender};
use std::time::Duration;

use super::asked::Says;
use super::chain::{ChainKeys, Link, Ring};
use super::change::Change;
use super::deed::DeedRecord;
use super::entry::{Level, Record};
use super::head::Head;
use super::line::{self, Body, Check, Reading};
use super::lines::Lines;
use super::log::Shared;
use super::paths::{Lock, Paths, private};
use super::queue::{Message, Outlet};
use super::recent::Recent;
use crate::keys::{Pseudonyms, sync_folder};
use crate::store::Journal;

/// How many messages are written together at most, with one wait for the disk.
const GROUP: usize = 1024;
/// How often a disk that failed is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// What the writer keeps of the newest file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileState {
    /// Its bytes that are known to be on the disk.
    pub(super) bytes: u64,
    /// The number of its first record.
    pub(super) first: Option<u64>,
    /// When it was begun, by the times of the events.
    pub(super) since: Option<u64>,
}

/// The writing end of a log.
///
/// INVARIANT: records reach the disk before the head that names them, so a head never names a record that a crash took.
pub(super) struct Writer {
    pub(super) paths: Paths,
    pub(super) keys: ChainKeys,
    /// To read the beginnings of older files.
    pub(super) ring: Ring,
    pub(super) pseudonyms: Pseudonyms,
    /// What the policies in force ask of a text.
    pub(super) says: Says,
    pub(super) shared: Arc<Shared>,
    pub(super) rotate_bytes: u64,
    /// How long records are kept, in milliseconds; 0 for ever.
    pub(super) keep: u64,
    pub(super) file: File,
    pub(super) state: FileState,
    /// Where the log begins, and its last record, written or waiting in `pending`.
    pub(super) head: Head,
    /// The time of the last record.
    pub(super) at: u64,
    /// The times of the last checks.
    pub(super) recent: Recent,
    /// Sealed lines that are not on the disk yet.
    pub(super) pending: Vec<u8>,
    /// The file may hold part of `pending` after its known bytes.
    pub(super) uncertain: bool,
    /// The head on the disk is not `head`.
    pub(super) head_is_old: bool,
    /// The next file is to be begun.
    pub(super) rotation_due: bool,
    /// Whose deeds are taken over.
    pub(super) journal: Option<Journal>,
    /// The names of the deeds that were written last, and may still be in the journal.
    pub(super) taken: HashSet<String>,
    /// The journal gave no answer when it was asked last.
    pub(super) journal_fails: bool,
    /// The newest file has already got the name of an older one.
    pub(super) renamed: bool,
    pub(super) _lock: Lock,
}

impl Writer {
    /// Writes what comes until nobody can send any more.
    pub(super) fn run(mut self, queue: &Outlet) {
        let mut waiting = Vec::new();
        loop {
            let again = (self.is_failing() || self.journal_fails).then_some(RETRY);
            let message = match queue.next(again) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            for message in message.into_iter().chain(queue.others().take(GROUP)) {
                self.take(message, &mut waiting);
            }
            self.finish(&mut waiting);
        }
        self.finish(&mut waiting);
    }

    /// Takes one message: formats a record, or remembers who waits.
    pub(super) fn take(&mut self, message: Message, waiting: &mut Vec<SyncSender<io::Result<()>>>) {
        match message {
            Message::Flush(answer) => waiting.push(answer),
            Message::Record(record) => {
                if self.is_failing() || self.add_record(&record).is_err() {
                    self.shared.lost.fetch_add(1, Ordering::Relaxed);
                }
            }
            Message::Change(change) => {
                let (at, change) = *change;
                if self.is_failing() || self.add_change(at.unwrap_or(self.at), &change).is_err() {
                    self.shared.lost.fetch_add(1, Ordering::Relaxed);
                }
            }
            Message::Deeds(records, answer) => {
                // Who has stopped waiting is not told.
                let _ = answer.send(self.add_deeds(&records));
            }
            Message::Follow(journal) => {
                self.journal = Some(*journal);
                self.shared.deeds_wait.store(true, Ordering::Relaxed);
            }
            Message::Wake => {}
        }
    }

    /// Ends a group: tells of losses, writes, takes deeds over, and answers those who wait.
    pub(super) fn finish(&mut self, waiting: &mut Vec<SyncSender<io::Result<()>>>) {
        let mut result = self.settle();
        if result.is_ok() {
            let lost = self.shared.lost.swap(0, Ordering::Relaxed);
            if lost > 0 {
                result = self.push((self.at, Level::Error), &Body::Gap { lost }).and_then(|()| self.settle());
            }
        }
        if result.is_ok() {
            result = self.drain(!waiting.is_empty());
        }
        for answer in waiting.drain(..) {
            let told = result.as_ref().copied().map_err(|error| io::Error::new(error.kind(), error.to_string()));
            // Who has stopped waiting is not told.
            let _ = answer.send(told);
        }
    }

    fn is_failing(&self) -> bool {
        self.shared.failing.load(Ordering::Relaxed)
    }

    /// Takes over what waits in the journal, if anything may; in any case where somebody waits for that.
    fn drain(&mut self, wanted: bool) -> io::Result<()> {
        let due = self.shared.deeds_wait.swap(false, Ordering::Acquire) || self.journal_fails || wanted;
        let Some(journal) = self.journal.clone().filter(|_| due) else { return Ok(()) };
        let mut failed = None;
        let given = journal.hand_over(|deeds| {
            let records = deeds.iter().map(|noted| (noted.deed.at, DeedRecord::new(noted, &self.pseudonyms)));
            let records: Vec<_> = records.collect();
            failed = self.add_deeds(&records).err();
            failed.is_none()
        });
        let result = match (failed, given) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(io::Error::other(error)),
            (None, Ok(_)) => Ok(()),
        };
        self.journal_fails = result.is_err();
        result
    }

    /// Writes deeds and waits for the disk. Those that were written before, and then could not be removed from the journal or
    /// had to wait for the disk, are not written again.
    fn add_deeds(&mut self, records: &[(u64, DeedRecord)]) -> io::Result<()> {
        self.settle()?;
        for (at, record) in records {
            if self.taken.contains(&record.name) {
                continue;
            }
            if self.is_full() {
                self.rotation_due = true;
                self.settle()?;
            }
            self.push((*at, Level::Info), &Body::Deed(record))?;
            self.taken.insert(record.name.clone());
        }
        self.settle()?;
        // Those of earlier pages have left the journal by now, or no page would have come after them.
        self.taken = records.iter().map(|(_, record)| record.name.clone()).collect();
        Ok(())
    }

    fn add_record(&mut self, record: &Record) -> io::Result<()> {
        self.recent.add(record.at);
        if self.is_full() || self.is_old(record.at) {
            self.rotation_due = true;
            self.settle()?;
        }
        let names = record.names.keyed(&self.pseudonyms);
        self.state.since.get_or_insert(record.at);
        let says = record.questions.as_ref().map(|questions| self.says.of(questions, &self.pseudonyms));
        self.push((record.at, record.level), &Body::Check(Check::new(record, names, says.as_deref())))
    }

    /// Says nothing of what time it is: who changes files need not have the clock of those who send events.
    fn add_change(&mut self, at: u64, change: &Change) -> io::Result<()> {
        if self.is_full() {
            self.rotation_due = true;
            self.settle()?;
        }
        self.push((at, change.level()), &Body::Change(change))
    }

    fn is_full(&self) -> bool {
        self.state.first.is_some() && self.state.bytes + self.pending.len() as u64 >= self.rotate_bytes
    }

    /// Whether the newest file was begun a tenth of the kept time ago.
    fn is_old(&self, at: u64) -> bool {
        let ends = |since: u64| since.saturating_add(self.keep / 10);
        // Most records are settled by the first comparison; the present is worked out only for the others.
        self.keep > 0 && self.state.since.is_some_and(|since| at > ends(since) && self.recent.middle() > ends(since))
    }

    /// Seals a line and puts it to those that wait to be written.
    pub(super) fn push(&mut self, stamp: (u64, Level), body: &Body<'_>) -> io::Result<()> {
        self.head.last = line::write(&self.keys, self.head.last, stamp, body, &mut self.pending)?;
        self.at = stamp.0;
        self.state.first.get_or_insert(self.head.last.seq);
        self.head_is_old = true;
        Ok(())
    }

    /// Brings everything to the disk. What fails is kept and tried again; until then the log takes no records.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        let result = self.try_settle();
        self.shared.failing.store(result.is_err(), Ordering::Relaxed);
        result
    }

    fn try_settle(&mut self) -> io::Result<()> {
        self.write_pending()?;
        if self.rotation_due { self.rotate() } else { Ok(()) }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        if self.uncertain {
            self.file.set_len(self.state.bytes)?;
            self.uncertain = false;
        }
        if !self.pending.is_empty() {
            self.uncertain = true;
            self.file.write_all(&self.pending)?;
            self.file.sync_data()?;
            self.uncertain = false;
            self.state.bytes += self.pending.len() as u64;
            self.pending.clear();
        }
        if self.head_is_old {
            self.head.write(&self.paths, &self.keys)?;
            self.head_is_old = false;
        }
        Ok(())
    }

    /// Begins the next file. Its first record tells which file was before, so that each file leads to the one before it.
    fn rotate(&mut self) -> io::Result<()> {
        let name = self.paths.rotated_name(self.state.first.unwrap_or(self.head.last.seq));
        if !self.renamed {
            let path = self.paths.folder().join(&name);
            if path.try_exists()? {
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is in the way", path.display())));
            }
            fs::rename(self.paths.current(), path)?;
            self.renamed = true;
        }
        self.file = private().append(true).create_new(true).open(self.paths.current())?;
        let time = self.recent.middle();
        self.state = FileState { since: Some(time), ..FileState::default() };
        (self.renamed, self.rotation_due) = (false, false);
        self.push((self.at, Level::Info), &Body::Rotated { file: name.to_string_lossy().into_owned(), time })?;
        self.write_pending()?;
        sync_folder(self.paths.current())?;
        // A file that cannot be deleted today is tried again with the next rotation; recording goes before.
        let _ = self.retire();
        Ok(())
    }

    /// Deletes the older files whose records have been kept for long enough.
    ///
    /// The head is moved first: a file that it does not reach back to is no part of the log any more.
    pub(super) fn retire(&mut self) -> io::Result<()> {
        if self.keep == 0 {
            return Ok(());
        }
        let (files, now) = (self.paths.rotated()?, self.recent.middle());
        let mut old = 0;
        for (index, next) in files.iter().enumerate().skip(1) {
            match self.file_before(&next.path)? {
                // The age of this file is not known; it goes with the one after it.
                Some((_, 0)) => {}
                Some((last, time)) if now.saturating_sub(time) > self.keep => {
                    (self.head.from, old) = (last, index);
                    self.head_is_old = true;
                }
                _ => break,
            }
        }
        self.write_pending()?;
        files.iter().take(old).try_for_each(|file| fs::remove_file(&file.path))
    }

    /// What a file's first record tells of the file before: its last record, and the time when it was full.
    fn file_before(&self, path: &Path) -> io::Result<Option<(Link, u64)>> {
        let Some(mut lines) = Lines::open(path)? else { return Ok(None) };
        Ok(match lines.next(&self.ring)?.map(|found| found.reading) {
            Some(Reading::Ours(stamp, link)) => {
                stamp.time.map(|time| (Link { seq: link.seq.saturating_sub(1), mac: stamp.prev }, time))
            }
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::audit::{AuditSettings, Entry, Verified, open, verify};
    use crate::event::{Event, Kind};
    use crate::facts::Facts;
    use crate::keys::Keys;
    use crate::verdict::{By, Decision, Station, Verdict};

    fn keys() -> Keys {
        Keys::new(std::array::from_fn(|index| index as u8)).unwrap()
    }

    fn writer(name: &str) -> (PathBuf, Writer) {
        let folder = std::env::temp_dir().join(format!("sluicegate-writer-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let settings = AuditSettings::new(folder.join("audit.jsonl"));
        let writer = open::open(&settings, &keys(), Arc::default()).unwrap();
        (settings.file, writer)
    }

    /// Reads the log back and clears it away.
    fn finished(path: &Path) -> Verified {
        let verified = verify(path, &keys()).unwrap();
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
        verified
    }

    fn group(writer: &mut Writer, records: usize) -> bool {
        let event = Event::message(1_000_000, "text").channel("whatsapp");
        let verdict = Verdict::new(Decision::Allow, "fine", By::station(Station::Policy));
        let entry =
            Entry { event: &event, sender: "x", facts: &Facts::new(Kind::Message), questions: None, verdict: &verdict };
        let mut waiting = Vec::new();
        for _ in 0..records {
            let record = Record::new(&entry, &writer.pseudonyms);
            writer.take(Message::Record(Box::new(record)), &mut waiting);
        }
        let (answer, answered) = std::sync::mpsc::sync_channel(1);
        writer.take(Message::Flush(answer), &mut waiting);
        writer.finish(&mut waiting);
        answered.recv().unwrap().is_ok()
    }

    /// A file open for reading stands in for a disk that takes nothing.
    #[test]
    fn a_disk_that_fails_loses_no_record_it_took_and_counts_the_others() {
        let (path, mut writer) = writer("failing");
        assert!(group(&mut writer, 3));
        let good = std::mem::replace(&mut writer.file, File::open(&path).unwrap());
        assert!(!group(&mut writer, 2), "who waits is told");
        assert!(writer.is_failing(), "and so is every check from now on");
        assert!(!group(&mut writer, 5));
        assert_eq!(verify(&path, &keys()).unwrap().faults, [], "what is on the disk stays sound");

        writer.file = good;
        // Half a group may have got to the disk before it failed.
        writer.file.write_all(b"{\"v\":1,").unwrap();
        assert!(group(&mut writer, 0), "the next attempt succeeds");
        assert!(!writer.is_failing());
        assert!(group(&mut writer, 1));
        drop(writer);
        let verified = finished(&path);
        assert_eq!(verified.faults, []);
        assert_eq!((verified.records, verified.lost), (3 + 2 + 1 + 1, 5), "five are told of in one gap");
    }

    #[test]
    fn records_lost_to_a_full_queue_are_told_once() {
        let (path, mut writer) = writer("full");
        writer.shared.lost.store(7, Ordering::Relaxed);
        assert!(group(&mut writer, 1) && group(&mut writer, 1));
        drop(writer);
        let verified = finished(&path);
        assert_eq!((verified.records, verified.lost, verified.faults.len()), (3, 7, 0));
    }

    /// The first line of the next file stands, and the file in the way is not overwritten.
    #[test]
    fn rotation_overwrites_nothing() {
        let (path, mut writer) = writer("rotation");
        assert!(group(&mut writer, 2));
        let taken = writer.paths.folder().join(writer.paths.rotated_name(1));
        fs::write(&taken, "not ours").unwrap();
        writer.rotation_due = true;
        assert!(!group(&mut writer, 0));
        assert_eq!(fs::read_to_string(&taken).unwrap(), "not ours");
        fs::remove_file(&taken).unwrap();
        assert!(group(&mut writer, 0) && group(&mut writer, 1));
        drop(writer);
        let verified = finished(&path);
        assert_eq!((verified.faults.len(), verified.files, verified.records), (0, 2, 4));
    }
}
