//! Reading lines back, and merging them into a store.

use std::fmt;
use std::io::{BufRead, Read};

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::{Counts, FORMAT, Head, Line, RecordLine, SenderLine, WHAT, place};
use crate::keys::Sealer;
use crate::store::{
    Commit, Deed, Expect, Journal, MAX_KEY, MAX_VALUE, Record, SenderKey, SqliteStore, Store as _, StoreError, Table,
    Terms, Write,
};

/// The longest line: a value at its longest as base64, and some room.
const MAX_LINE: u64 = MAX_VALUE as u64 * 2;
/// Records of one commit; fewer where they are long.
const AT_ONCE: usize = 256;
/// How often a commit is tried again that met the change of somebody else.
const TRIES: usize = 16;

/// An export that was read and is whole, with every record sealed for the store that it goes to.
#[derive(Debug, Default)]
pub struct Import {
    records: Vec<Incoming>,
    senders: Vec<(SenderKey, Record)>,
    left_out: u64,
}

#[derive(Debug)]
struct Incoming {
    table: Table,
    key: Vec<u8>,
    sealed: Vec<u8>,
}

/// What was merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// Durable records that were not here and are now.
    pub added: u64,
    /// Durable records that were here already and say the same.
    pub same: u64,
    /// Durable records that say something else here: what is here stays.
    pub differ: u64,
    /// Durable records that were removed here: they stay removed.
    pub removed: u64,
    /// Records of tables that are never imported: holds, pairing codes, deeds. They are used once, and where they were made.
    pub left_out: u64,
    /// Senders whose records were joined to those that are here.
    pub senders: u64,
}

/// What is wrong with an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The line, from 1; 0 for the whole file.
    pub line: u64,
    /// What is wrong, for a person.
    pub what: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.what),
            line => write!(f, "line {line}: {}", self.what),
        }
    }
}

impl std::error::Error for ImportError {}

impl Import {
    /// Reads an export to its end. `sealer` is that of the store that it goes to: sealed records open with it, or the export
    /// is refused; records that were decrypted are sealed with it.
    ///
    /// # Errors
    /// When a line is not one of an export, a record was sealed with another key, or the end is missing. Nothing is changed by
    /// reading.
    pub fn read(input: &mut dyn BufRead, sealer: &Sealer) -> Result<Self, ImportError> {
        let mut import = Self::default();
        let (mut number, mut plain, mut counts) = (0, None, Counts { records: 0, senders: 0 });
        let mut end = None;
        let mut line = Vec::new();
        loop {
            line.clear();
            number += 1;
            let fault = |what: String| ImportError { line: number, what };
            let read = Read::take(&mut *input, MAX_LINE).read_until(b'\n', &mut line);
            if read.map_err(|error| fault(error.to_string()))? == 0 {
                break;
            }
            if end.is_some() {
                return Err(fault("there is something behind the end of the export".to_owned()));
            }
            let parsed = Line::parse(&line)
                .ok_or_else(|| fault("this is no line of an export of `sluicegate store export`".to_owned()))?;
            match (parsed, plain) {
                (Line::Head(head), None) => plain = Some(head.plain().map_err(fault)?),
                (_, None) => return Err(fault("the first line of an export is missing".to_owned())),
                (Line::Head(_), Some(_)) => return Err(fault("a second export begins here".to_owned())),
                (Line::Record(record), Some(plain)) => {
                    counts.records += 1;
                    import.take(record, plain, sealer).map_err(fault)?;
                }
                (Line::Sender(sender), Some(_)) => {
                    counts.senders += 1;
                    import.senders.push(read_sender(&sender).ok_or_else(|| fault("no sender's record".to_owned()))?);
                }
                (Line::End(line), Some(_)) => end = Some(line.end),
            }
        }
        if end != Some(counts) {
            let what = "the export is not whole: its last lines are missing, or some in between".to_owned();
            return Err(ImportError { line: 0, what });
        }
        Ok(import)
    }

    fn take(&mut self, line: RecordLine, plain: bool, sealer: &Sealer) -> Result<(), String> {
        let table = Table::ALL.into_iter().find(|table| table.name() == line.table);
        let table = table.ok_or_else(|| format!("there is no table `{}`", line.table))?;
        let key = HEXLOWER_PERMISSIVE.decode(line.key.as_bytes()).ok();
        let key = key.filter(|key| (1..=MAX_KEY).contains(&key.len())).ok_or("the key is none")?;
        let sealed = match (line.sealed, line.value, plain) {
            (Some(sealed), None, false) => {
                let sealed = BASE64.decode(sealed.as_bytes()).map_err(|_| "`sealed` is not base64")?;
                if sealer.open(&place(table, &key), &sealed).is_none() {
                    return Err(
                        "the record was sealed with another key, or was changed: give the settings with the key \
                                of the store that was exported, or export it again with `--plain`"
                            .to_owned(),
                    );
                }
                sealed
            }
            (None, Some(value), true) => sealer.seal(&place(table, &key), value.get().as_bytes()),
            _ => return Err("the record is neither as sealed nor as plain as the first line says".to_owned()),
        };
        if sealed.len() > MAX_VALUE {
            return Err("the record is too long".to_owned());
        }
        match table {
            Table::Gate | Table::Person | Table::Stranger | Table::Answer => {
                self.records.push(Incoming { table, key, sealed });
            }
            Table::Pairing | Table::Hold | Table::Journal => self.left_out += 1,
        }
        Ok(())
    }

    /// Merges the export into a store. What is here stays, whatever the export says; what was removed here stays removed, as
    /// long as the store still tells of it; only what was never here is added. So nothing that the owner has decided here is
    /// undone: no block, no deny, no lockdown. Senders' records are joined, so that nobody gets milder.
    ///
    /// Every commit holds the deed that tells of it. Merging once more changes nothing.
    ///
    /// # Errors
    /// When the store fails. What was merged before stays; merge again.
    pub fn merge(
        &self,
        store: &SqliteStore,
        journal: &Journal,
        deed: &Deed,
        sealer: &Sealer,
        terms: &Terms,
    ) -> Result<Imported, StoreError> {
        let mut imported = Imported { left_out: self.left_out, ..Imported::default() };
        for chunk in self.chunks() {
            add(chunk, &mut imported, store, journal, deed, sealer)?;
        }
        for senders in self.senders.chunks(4_096) {
            store.join_senders(senders, terms)?;
            imported.senders += senders.len() as u64;
        }
        Ok(imported)
    }

    /// Records that go into one commit.
    fn chunks(&self) -> impl Iterator<Item = &[Incoming]> {
        let mut rest = self.records.as_slice();
        std::iter::from_fn(move || {
            let mut bytes = 0;
            let fits = rest.iter().take(AT_ONCE).take_while(|record| {
                bytes += record.sealed.len();
                bytes <= MAX_VALUE
            });
            let count = fits.count().max(1).min(rest.len());
            let (chunk, others) = rest.split_at_checked(count)?;
            rest = others;
            (!chunk.is_empty()).then_some(chunk)
        })
    }
}

/// Adds those of the records that were never here.
fn add(
    chunk: &[Incoming],
    imported: &mut Imported,
    store: &SqliteStore,
    journal: &Journal,
    deed: &Deed,
    sealer: &Sealer,
) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        let (mut counts, mut writes) = (*imported, Vec::new());
        for incoming in chunk {
            let Incoming { table, key, sealed } = incoming;
            match store.read(*table, key)?.map(|row| row.value) {
                None => {
                    counts.added += 1;
                    let value = Some(sealed.clone());
                    writes.push(Write { table: *table, key: key.clone(), expect: Expect::Nothing, value });
                }
                Some(None) => counts.removed += 1,
                Some(Some(here)) => {
                    let open = |sealed: &[u8]| sealer.open(&place(*table, key), sealed);
                    let same = here == *sealed || open(&here).is_some_and(|here| Some(here) == open(sealed));
                    if same { counts.same += 1 } else { counts.differ += 1 }
                }
            }
        }
        let done = if writes.is_empty() {
            true
        } else {
            writes.push(journal.note(&deed.clone().with("records", writes.len().to_string()))?);
            store.commit(&writes)? != Commit::Conflict
        };
        if done {
            *imported = counts;
            return Ok(());
        }
    }
    Err(StoreError::Failed("the records are changed by others without end".to_owned()))
}

impl Head {
    /// Whether the records are decrypted.
    fn plain(&self) -> Result<bool, String> {
        if self.what != WHAT {
            return Err("this is no export of a store".to_owned());
        }
        if self.format != FORMAT {
            return Err(format!("format {} is not known; this version reads format {FORMAT}", self.format));
        }
        Ok(self.plain)
    }
}

fn read_sender(line: &SenderLine) -> Option<(SenderKey, Record)> {
    let key: [u8; 16] = HEXLOWER_PERMISSIVE.decode(line.sender.as_bytes()).ok()?.try_into().ok()?;
    let record = Record::from_bytes(&BASE64.decode(line.record.as_bytes()).ok()?)?;
    Some((SenderKey::from(key), record))
}
