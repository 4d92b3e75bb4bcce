//! What it costs to remember: the two calls of a check, in memory and in a file, side by side.
//!
//! `SENDERS=all cargo bench --bench store` also fills a store with a million senders, and says what they take.

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use sluicegate::store::{Arrival, EventMark, MemoryStore, SenderKey, SqliteStore, Store, StoreReader, Terms};

const TERMS: Terms = Terms { window_ms: 60_000, half_life_ms: 300_000 };
const START: u64 = 1_764_000_000_000;

fn main() {
    let mut criterion = Criterion::default().measurement_time(Duration::from_secs(3)).configure_from_args();
    check(&mut criterion);
    criterion.final_summary();
    if std::env::var("SENDERS").is_ok_and(|senders| senders == "all") {
        million();
    }
}

fn key(number: u64) -> SenderKey {
    let spread = (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    SenderKey::from((spread ^ (spread >> 61)).to_le_bytes())
}

/// What a check does for a message with an id and a finding.
fn one_check(store: &dyn Store, number: u64) {
    let (key, at) = (key(number % 10_000), START + number);
    let mark = Some(EventMark { id: number as u32, digest: 1 });
    let presence = store.arrive(&key, &Arrival { at, mark, counts: true }, &TERMS);
    let points = store.add_points(&key, at, 1, &TERMS);
    let _ = black_box((presence, points));
}

/// A folder of our own.
fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sluicegate-bench-store-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn check(criterion: &mut Criterion) {
    let folder = folder();
    let memory = MemoryStore::new(65_536);
    let file = SqliteStore::open(&folder.join("store.db"), 65_536).expect("the folder takes files");
    let mut group = criterion.benchmark_group("store");
    group.throughput(Throughput::Elements(1));
    let stores: [(&str, &dyn Store); 2] = [("memory", &memory), ("sqlite", &file)];
    for (name, store) in stores {
        let mut number = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                number += 1;
                one_check(store, number);
            });
        });
    }
    group.finish();
    println!("waiting for the file at the end: {:?}", file.backlog());
    drop(file);
    let _ = fs::remove_dir_all(folder);
}

/// The memory that this process has in use.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|statm| statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()));
    pages.unwrap_or_default() * 4_096
}

fn million() {
    const SENDERS: u64 = 1_000_000;
    let folder = folder();
    let path = folder.join("store.db");
    let before = resident();
    let begun = Instant::now();
    {
        let store = SqliteStore::open(&path, SENDERS as usize).expect("the folder takes files");
        for number in 0..SENDERS {
            let arrival =
                Arrival { at: START + number, mark: Some(EventMark { id: 1, digest: number as u32 }), counts: true };
            store.arrive(&key(number), &arrival, &TERMS).expect("the store answers");
            // As fast as the file follows, so that each of them gets there.
            if number % 20_000 == 0 {
                store.flush().expect("the disk takes it");
            }
        }
        store.flush().expect("the disk takes it");
        let (held, resident) = (store.len() as u64, resident() - before);
        println!("{SENDERS} senders written in {:?}, {:?}", begun.elapsed(), store.backlog());
        println!("in memory: {held} of them, {resident} bytes resident, {} each", resident / held.max(1));
    }
    let kept = StoreReader::open(&path).and_then(|reader| reader.senders()).expect("the file is whole");
    let bytes = fs::metadata(&path).map_or(0, |metadata| metadata.len());
    println!("in the file: {kept} of them, {bytes} bytes, {} each", bytes / kept.max(1));
    let begun = Instant::now();
    let store = SqliteStore::open(&path, SENDERS as usize).expect("the file is whole");
    println!("opened in {:?}, {} of them in memory", begun.elapsed(), store.len());
    drop(store);
    let _ = fs::remove_dir_all(folder);
}
