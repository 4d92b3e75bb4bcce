//! What needs a look inside.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::store::{Expect, copy};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sluicegate-sqlite-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("store.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn put(store: &SqliteStore, key: &[u8], length: usize) -> Result<Commit, StoreError> {
    let value = Some(vec![7; length]);
    store.commit(&[Write { table: Table::Hold, key: key.to_vec(), expect: Expect::Anything, value }])
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_done() {
    let folder = Folder::new("full");
    let store = SqliteStore::open(&folder.file(), 10).unwrap();
    let before = put(&store, b"a", 10).unwrap();
    let pages = |count: u32| lock(&store.writer).execute_batch(&format!("PRAGMA max_page_count = {count}")).unwrap();
    // At least the pages that there are.
    pages(1);
    let error = put(&store, b"b", 1_000_000).unwrap_err();
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert_eq!(store.read(Table::Hold, b"b"), Ok(None));
    assert_eq!(Commit::Done(store.read(Table::Hold, b"a").unwrap().unwrap().version), before);
    pages(1_000_000);
    assert!(put(&store, b"b", 1_000_000).is_ok(), "with room again, it goes on");
}

#[test]
fn an_older_file_is_brought_up_to_date_with_a_copy_of_it_beside() {
    let folder = Folder::new("older");
    let store = SqliteStore::open(&folder.file(), 10).unwrap();
    let _ = put(&store, b"a", 10).unwrap();
    drop(store);
    let place = Place::new(&folder.file(), false).unwrap();
    let steps = [schema::STEPS, &["CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;"]].concat();
    let mut connection = connection::connect(&place.file, WAIT).unwrap();
    schema::check_with(&place, &mut connection, &steps).unwrap();
    schema::check_with(&place, &mut connection, &steps).unwrap();
    assert_eq!(schema::stamp(&connection).unwrap().1, schema::KNOWN + 1);
    connection.execute("INSERT INTO later VALUES (1)", []).unwrap();
    drop(connection);
    let newer = SqliteStore::open(&folder.file(), 10);
    assert!(matches!(newer, Err(OpenError::Newer { .. })), "this version leaves it alone");
    let kept = folder.0.join(format!("store.db.before-{}", schema::KNOWN + 1));
    let old = SqliteStore::open(&kept, 10).unwrap();
    assert!(old.read(Table::Hold, b"a").unwrap().is_some(), "the copy is a whole store of the older schema");
    #[cfg(unix)]
    assert_eq!(mode(&kept), 0o600);
    drop(old);
    let copies = fs::read_dir(&folder.0).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains(".before-")
    });
    assert_eq!(copies.count(), 1, "what is up to date is not copied again");
}

#[test]
fn a_step_that_fails_changes_nothing() {
    let folder = Folder::new("step");
    let store = SqliteStore::open(&folder.file(), 10).unwrap();
    let _ = put(&store, b"a", 10).unwrap();
    drop(store);
    let place = Place::new(&folder.file(), false).unwrap();
    let steps = [schema::STEPS, &["CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; DROP TABLE nothing;"]].concat();
    let mut connection = connection::connect(&place.file, WAIT).unwrap();
    assert!(schema::check_with(&place, &mut connection, &steps).is_err());
    drop(connection);
    assert!(SqliteStore::open(&folder.file(), 10).unwrap().read(Table::Hold, b"a").unwrap().is_some());
}

#[test]
fn removed_records_are_told_of_for_a_while() {
    const REMOVED: usize = 5_000;
    let folder = Folder::new("removed");
    let store = SqliteStore::open(&folder.file(), 10).unwrap();
    let keys: Vec<Vec<u8>> = (0..REMOVED).map(|number| number.to_be_bytes().to_vec()).collect();
    for value in [Some(vec![1]), None] {
        for part in keys.chunks(500) {
            let write = |key: &Vec<u8>| Write {
                table: Table::Hold,
                key: key.clone(),
                expect: Expect::Anything,
                value: value.clone(),
            };
            let _ = store.commit(&part.iter().map(write).collect::<Vec<_>>()).unwrap();
        }
    }
    let told = store.changes(Table::Hold, 0, REMOVED).unwrap();
    assert!((3_500..=4_500).contains(&told.len()), "{} removed records are told of", told.len());
    assert_eq!(told.last().unwrap().key, *keys.last().unwrap(), "the newest of them");
}

#[test]
fn without_a_file_it_is_a_store_in_memory() {
    assert!(copy(None, 10).unwrap().read(Table::Hold, b"a").unwrap().is_none());
    assert!(crate::store::open(None, 10).unwrap().read(Table::Hold, b"a").unwrap().is_none());
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o7777
}
