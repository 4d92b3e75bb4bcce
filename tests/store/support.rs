//! Stores on the disk, for tests.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sluicegate::store::{
    Arrival, Commit, Listener, Points, Presence, Record, Row, SenderKey, SqliteStore, Store, StoreError, Table, Terms,
    Version, Write,
};

/// A folder of the test's own, removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sluicegate-store-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where a store lies in it.
    pub fn file(&self) -> PathBuf {
        self.0.join("store.db")
    }

    /// The names of everything in it, by name.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A store in a folder of its own.
pub struct OnDisk {
    pub store: SqliteStore,
    // After the store, which is dropped first.
    pub folder: Folder,
}

impl OnDisk {
    pub fn new() -> Self {
        let folder = Folder::new();
        Self { store: SqliteStore::open(&folder.file(), 65_536).unwrap(), folder }
    }
}

/// One file, open twice: durable records are written through one and read through the other.
pub struct Twice {
    one: OnDisk,
    other: SqliteStore,
}

impl Twice {
    pub fn new() -> Self {
        let one = OnDisk::new();
        let other = SqliteStore::open(&one.folder.file(), 65_536).unwrap();
        Self { one, other }
    }
}

macro_rules! store_by {
    ($type:ty, |$self:ident| $write:expr, $read:expr) => {
        impl Store for $type {
            fn arrive(&$self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
                $write.arrive(key, arrival, terms)
            }
            fn copy(&$self, key: &SenderKey) -> Result<Record, StoreError> {
                $write.copy(key)
            }
            fn add_points(&$self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
                $write.add_points(key, at, points, terms)
            }
            fn read(&$self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
                $read.read(table, key)
            }
            fn changes(&$self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
                $read.changes(table, after, most)
            }
            fn commit(&$self, writes: &[Write]) -> Result<Commit, StoreError> {
                $write.commit(writes)
            }
            fn subscribe(&$self, listener: Listener) {
                $write.subscribe(listener);
            }
            fn flush(&$self) -> Result<(), StoreError> {
                $write.flush()
            }
        }
    };
}

store_by!(OnDisk, |self| self.store, self.store);
store_by!(Twice, |self| self.one.store, self.other);
