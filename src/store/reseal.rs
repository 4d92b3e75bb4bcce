//! Carrying durable records over to a new key.

use super::book::place;
use super::durable::MAX_KEY;
use super::{Commit, Expect, Row, Store, StoreError, Table, Write};
use crate::keys::Sealer;

/// About how many records are carried over in one commit.
const PAGE: usize = 256;

/// Gives the name that a record shall have under the new key, from its table, its name until now and what it says; none where
/// that cannot be told. A record that is not named by the key keeps its name.
///
/// What names by the key are: `SenderKey`s, for instance, are keyed hashes of ids, so a person's record has another one under
/// another key, made of the ids that it holds.
pub type Naming<'a> = &'a dyn Fn(Table, &[u8], &[u8]) -> Option<Vec<u8>>;

/// What became of the records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resealed {
    /// So many were sealed anew.
    pub sealed: u64,
    /// So many of these got another name.
    pub renamed: u64,
    /// Those that no key of ours opens, or whose new name cannot be told, or is taken: they stay as they are.
    pub left: Vec<(Table, u64)>,
}

impl Resealed {
    /// Whether every record is carried over.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.left.is_empty()
    }
}

/// Seals every durable record with the newest key of `sealer`, and gives it the name that it has under that key.
///
/// Each record is carried over in one commit, so a crash leaves it as it was or as it shall be, and calling this again does
/// the rest. Records that are written meanwhile are carried over too, or left to their writer, who has the newest key.
///
/// # Errors
/// When the store gives no answer.
pub fn reseal(store: &dyn Store, sealer: &Sealer, naming: Naming<'_>) -> Result<Resealed, StoreError> {
    let mut done = Resealed::default();
    let left = counted(store, |table, row| match carried(table, row, sealer, naming) {
        Step::Done => Ok(false),
        Step::Unknown => Ok(true),
        Step::Writes(writes) => {
            let is_renamed = writes.len() > 1;
            if matches!(store.commit(&writes)?, Commit::Done(_)) || overtakes(store, row, writes)? {
                done.sealed += 1;
                done.renamed += u64::from(is_renamed);
                return Ok(false);
            }
            Ok(!was_changed(store, table, row)?)
        }
    })?;
    done.left = left;
    Ok(done)
}

/// The records that could not be carried over to another key, by table: they are opened by no key of `sealer`, or cannot be
/// named. Changes nothing.
///
/// # Errors
/// When the store gives no answer.
pub fn not_resealable(store: &dyn Store, sealer: &Sealer, naming: Naming<'_>) -> Result<Vec<(Table, u64)>, StoreError> {
    counted(store, |table, row| Ok(matches!(carried(table, row, sealer, naming), Step::Unknown)))
}

/// Visits every record that there is, and counts by table those that `is_left` says are left.
fn counted(
    store: &dyn Store,
    mut is_left: impl FnMut(Table, &Row) -> Result<bool, StoreError>,
) -> Result<Vec<(Table, u64)>, StoreError> {
    let mut all = Vec::new();
    for table in Table::ALL {
        let (mut after, mut left) = (0, 0);
        loop {
            let rows = store.changes(table, after, PAGE)?;
            let Some(last) = rows.last() else { break };
            after = last.version;
            for row in rows.iter().filter(|row| row.value.is_some()) {
                left += u64::from(is_left(table, row)?);
            }
        }
        if left > 0 {
            all.push((table, left));
        }
    }
    Ok(all)
}

/// What there is to do for a record.
enum Step {
    Done,
    Unknown,
    Writes(Vec<Write>),
}

fn carried(table: Table, row: &Row, sealer: &Sealer, naming: Naming<'_>) -> Step {
    let Some(value) = &row.value else { return Step::Done };
    let Some(text) = sealer.open(&place(table, &row.key), value) else { return Step::Unknown };
    let name = naming(table, &row.key, &text).filter(|name| (1..=MAX_KEY).contains(&name.len()));
    let Some(name) = name else { return Step::Unknown };
    let expect = Expect::Version(row.version);
    if name != row.key {
        let sealed = sealer.seal(&place(table, &name), &text);
        return Step::Writes(vec![
            Write { table, key: row.key.clone(), expect, value: None },
            Write { table, key: name, expect: Expect::Nothing, value: Some(sealed) },
        ]);
    }
    match sealer.reseal(&place(table, &row.key), value) {
        Some(sealed) => Step::Writes(vec![Write { table, key: name, expect, value: Some(sealed) }]),
        None => Step::Done,
    }
}

/// Puts a record into the place of an older one that has its new name already. That is what a process leaves that knew only the
/// old key and wrote under it after the rotation, such as a block of somebody whose record had been carried over: what was said
/// last holds.
fn overtakes(store: &dyn Store, row: &Row, mut writes: Vec<Write>) -> Result<bool, StoreError> {
    let [_, put] = writes.as_mut_slice() else { return Ok(false) };
    let Some(there) = store.read(put.table, &put.key)?.filter(|there| there.version < row.version) else {
        return Ok(false);
    };
    put.expect = Expect::Version(there.version);
    Ok(matches!(store.commit(&writes)?, Commit::Done(_)))
}

/// Whether somebody else has changed a record since: then it comes again among the later changes.
fn was_changed(store: &dyn Store, table: Table, row: &Row) -> Result<bool, StoreError> {
    Ok(store.read(table, &row.key)?.is_none_or(|now| now.version != row.version))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::keys::Keys;
    use crate::store::{Book, MemoryStore};

    fn key(seed: u8) -> Keys {
        Keys::new(std::array::from_fn(|index| index as u8 ^ seed)).unwrap()
    }

    /// Names of people are `old-…` under the old key, and `new-…` under the new one.
    fn naming(table: Table, name: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        match table {
            Table::Person if text == b"\"nameless\"" => None,
            Table::Person => Some([b"new-", text.get(1..text.len() - 1)?].concat()),
            _ => Some(name.to_vec()),
        }
    }

    #[test]
    fn every_record_is_carried_over_and_what_cannot_be_is_told_and_stays() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let old = key(0).sealer();
        let people: Book<String> = Book::new(Arc::clone(&store), old.clone(), Table::Person);
        let holds: Book<String> = Book::new(Arc::clone(&store), old, Table::Hold);
        let put = |book: &Book<String>, key: &str, value: &str| {
            let write = book.put(key.as_bytes(), Expect::Nothing, &value.to_owned()).unwrap();
            assert!(matches!(store.commit(&[write]), Ok(Commit::Done(_))));
        };
        for number in 0..600 {
            put(&people, &format!("old-{number}"), &number.to_string());
            put(&holds, &format!("{number}"), "held");
        }
        let ring = key(1).with_older(vec![key(0)]);
        assert_eq!(not_resealable(&*store, &ring.sealer(), &naming).unwrap(), []);
        put(&people, "old-x", "nameless");
        let foreign = Write { table: Table::Gate, key: vec![1], expect: Expect::Nothing, value: Some(vec![7; 40]) };
        assert!(matches!(store.commit(&[foreign]), Ok(Commit::Done(_))));
        let left = [(Table::Gate, 1), (Table::Person, 1)];
        assert_eq!(not_resealable(&*store, &ring.sealer(), &naming).unwrap(), left);
        let done = reseal(&*store, &ring.sealer(), &naming).unwrap();
        assert_eq!((done.sealed, done.renamed, &done.left[..]), (1_200, 600, &left[..]));
        assert!(!done.is_complete());
        let again = reseal(&*store, &ring.sealer(), &naming).unwrap();
        assert_eq!((again.sealed, &again.left[..]), (0, &left[..]), "done once");
        // A process that knows only the old key writes once more: what was said last holds.
        put(&people, "old-5", "5");
        let late = reseal(&*store, &ring.sealer(), &naming).unwrap();
        assert_eq!((late.renamed, &late.left[..]), (1, &left[..]));
        assert_eq!(people.read(b"old-5").unwrap(), None);

        // The new key alone reads all but those that were left.
        let people: Book<String> = Book::new(Arc::clone(&store), key(1).sealer(), Table::Person);
        let holds: Book<String> = Book::new(Arc::clone(&store), key(1).sealer(), Table::Hold);
        assert_eq!(holds.all().unwrap().len(), 600);
        for number in 0..600 {
            assert_eq!(people.read(format!("new-{number}").as_bytes()).unwrap().unwrap().value, number.to_string());
            assert_eq!(people.read(format!("old-{number}").as_bytes()).unwrap(), None);
        }
        assert!(people.read(b"old-x").is_err());
    }
}
