//! What every store of senders has to do. To add an implementation, add one line to `every_store!` at the end.

use std::sync::Arc;
use std::thread;

use proptest::prelude::*;
use sluicegate::store::{
    Arrival, Commit, EventMark, Expect, Fault, FaultyStore, MAX_KEY, MAX_VALUE, MAX_WRITES, MemoryStore, Points,
    Presence, Row, Seen, SenderKey, Store, StoreError, Table, Terms, Version, Write,
};

#[cfg(feature = "sqlite")]
#[path = "store/support.rs"]
mod support;

const TERMS: Terms = Terms { window_ms: 60_000, half_life_ms: 300_000 };
const START: u64 = 1_764_000_000_000;

/// A key that is spread as a keyed hash is.
fn key(number: u64) -> SenderKey {
    let spread = (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    SenderKey::from((spread ^ (spread >> 61)).to_le_bytes())
}

fn message(at: u64) -> Arrival {
    Arrival { at: START + at, mark: None, counts: true }
}

fn marked(at: u64, id: u32, digest: u32) -> Arrival {
    Arrival { mark: Some(EventMark { id, digest }), ..message(at) }
}

/// What is known of a sender, changing nothing: an arrival before all time that does not count.
fn look(store: &dyn Store, sender: u64) -> Presence {
    store.arrive(&key(sender), &Arrival::default(), &TERMS).unwrap()
}

fn senders_are_kept_apart(store: &dyn Store) {
    store.arrive(&key(1), &marked(0, 1, 1), &TERMS).unwrap();
    store.add_points(&key(1), START, 8, &TERMS).unwrap();
    assert_eq!(look(store, 2), Presence::default());
    assert_eq!(store.arrive(&key(2), &marked(0, 1, 1), &TERMS).unwrap().seen, Seen::New);
    assert_eq!(look(store, 1).points, Points::new(8));
}

fn the_clock_is_the_latest_time(store: &dyn Store) {
    for (at, expected) in [(5, 5), (3, 5), (9, 9), (0, 9)] {
        assert_eq!(store.arrive(&key(1), &message(at), &TERMS).unwrap().now, START + expected);
    }
}

fn a_message_counts_for_the_window(store: &dyn Store) {
    let count = |at| store.arrive(&key(1), &message(at), &TERMS).unwrap().messages;
    assert_eq!([count(0), count(0), count(59_999)], [1, 2, 3]);
    assert_eq!(count(70_000), 2, "the first two are older than 65.5 s");
    let other = Arrival { counts: false, ..message(70_000) };
    assert_eq!(store.arrive(&key(1), &other, &TERMS).unwrap().messages, 2, "what is no message does not count");
    assert_eq!(count(u64::MAX / 2), 1, "far in the future");
}

fn the_last_eight_events_are_known_again(store: &dyn Store) {
    let seen = |id, digest| store.arrive(&key(1), &marked(0, id, digest), &TERMS).unwrap();
    for id in 0..8 {
        assert_eq!(seen(id, 1).seen, Seen::New);
    }
    let again = seen(0, 1);
    assert_eq!((again.seen, again.messages), (Seen::Same, 8), "counted once");
    let edited = seen(0, 2);
    assert_eq!((edited.seen, edited.messages), (Seen::Edited, 9), "an edit counts");
    assert_eq!(seen(0, 1).seen, Seen::Edited, "and so does the way back");
    assert_eq!(seen(8, 1).seen, Seen::New);
    assert_eq!(seen(0, 1).seen, Seen::New, "the ninth took the place of the first");
}

fn points_fade_and_are_capped(store: &dyn Store) {
    let add = |at, points| store.add_points(&key(1), START + at, points, &TERMS).unwrap();
    assert_eq!(add(0, 8), Points::new(8));
    assert_eq!(add(300_000, 8), Points::new(12));
    assert_eq!(add(300_000, 127), Points::new(31));
    assert_eq!(add(600_000, -15).as_256ths(), 128, "15 1/2 less 15");
    assert_eq!(add(600_000, -128), Points::default(), "never below nothing");
}

fn points_taken_back_leave_what_was_there(store: &dyn Store) {
    store.add_points(&key(1), START, 4, &TERMS).unwrap();
    store.add_points(&key(1), START + 1, 8, &TERMS).unwrap();
    store.add_points(&key(1), START + 300_000, 1, &TERMS).unwrap();
    let left = store.add_points(&key(1), START + 1, -8, &TERMS).unwrap();
    assert_eq!(left, Points::new(3), "half of four, and one");
}

fn points_before_the_first_arrival_are_kept(store: &dyn Store) {
    store.add_points(&key(1), START, 8, &TERMS).unwrap();
    assert_eq!(store.arrive(&key(1), &message(0), &TERMS).unwrap().points, Points::new(8));
}

fn threads_lose_no_delta(store: &dyn Store) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for sender in 0..100 {
                    store.arrive(&key(sender), &message(0), &TERMS).unwrap();
                    store.add_points(&key(sender), START, 2, &TERMS).unwrap();
                }
            });
        }
    });
    for sender in 0..100 {
        let presence = look(store, sender);
        assert_eq!((presence.messages, presence.points), (4, Points::new(8)), "sender {sender}");
    }
}

fn absurd_values_are_survived(store: &dyn Store) {
    for terms in [Terms { window_ms: 0, half_life_ms: 0 }, Terms { window_ms: u64::MAX, half_life_ms: u64::MAX }] {
        for at in [0, START, u64::MAX] {
            let arrival = Arrival { at, ..message(0) };
            assert!(store.arrive(&key(1), &arrival, &terms).unwrap().now >= at);
            assert!(store.add_points(&key(1), at, i8::MAX, &terms).unwrap() <= Points::new(31));
            store.add_points(&key(1), at, i8::MIN, &terms).unwrap();
        }
    }
}

fn write(key: &[u8], expect: Expect, value: Option<&[u8]>) -> Write {
    Write { table: Table::Person, key: key.to_vec(), expect, value: value.map(<[u8]>::to_vec) }
}

fn done(commit: Commit) -> Version {
    match commit {
        Commit::Done(version) => version,
        Commit::Conflict => panic!("the commit met something that it did not expect"),
    }
}

fn a_commit_is_done_whole_or_not_at_all(store: &dyn Store) {
    let first = done(store.commit(&[write(b"a", Expect::Nothing, Some(b"1"))]).unwrap());
    let both = [write(b"b", Expect::Nothing, Some(b"2")), write(b"a", Expect::Nothing, Some(b"3"))];
    assert_eq!(store.commit(&both), Ok(Commit::Conflict), "`a` is there already");
    assert_eq!(store.read(Table::Person, b"b"), Ok(None), "so `b` was not written either");
    let both = [write(b"b", Expect::Nothing, Some(b"2")), write(b"a", Expect::Version(first), Some(b"3"))];
    let second = done(store.commit(&both).unwrap());
    assert!(second > first);
    let row = |key: &[u8], value: &[u8]| Row { key: key.to_vec(), value: Some(value.to_vec()), version: second };
    assert_eq!(store.read(Table::Person, b"a"), Ok(Some(row(b"a", b"3"))));
    assert_eq!(store.read(Table::Person, b"b"), Ok(Some(row(b"b", b"2"))));
    assert_eq!(store.read(Table::Hold, b"a"), Ok(None), "tables are kept apart");
    let late = [write(b"a", Expect::Version(first), Some(b"4"))];
    assert_eq!(store.commit(&late), Ok(Commit::Conflict), "somebody was faster");
}

fn what_is_removed_is_gone_and_told_of(store: &dyn Store) {
    let first = done(store.commit(&[write(b"a", Expect::Anything, Some(b"1"))]).unwrap());
    let second = done(store.commit(&[write(b"a", Expect::Version(first), None)]).unwrap());
    let removed = Row { key: b"a".to_vec(), value: None, version: second };
    assert_eq!(store.changes(Table::Person, first, 10), Ok(vec![removed]));
    assert_eq!(store.commit(&[write(b"a", Expect::Version(second), Some(b"2"))]), Ok(Commit::Conflict));
    let third = done(store.commit(&[write(b"a", Expect::Nothing, Some(b"2"))]).unwrap());
    assert_eq!(store.changes(Table::Person, second, 10).unwrap()[0].version, third);
}

fn changes_come_in_order_and_commits_whole(store: &dyn Store) {
    for number in 0..10_u8 {
        let pair = [number * 2, number * 2 + 1].map(|key| write(&[key], Expect::Nothing, Some(&[number])));
        done(store.commit(&pair).unwrap());
    }
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let page = store.changes(Table::Person, after, 3).unwrap();
        let Some(last) = page.last() else { break };
        after = last.version;
        assert_eq!(page.len() % 2, 0, "no commit is taken apart");
        seen.extend(page.into_iter().map(|row| row.key[0]));
    }
    seen.chunks_mut(2).for_each(<[u8]>::sort_unstable);
    assert_eq!(seen, (0..20).collect::<Vec<_>>());
}

fn of_many_who_race_one_wins(store: &dyn Store) {
    let wins = std::sync::atomic::AtomicU32::new(0);
    thread::scope(|scope| {
        for number in 0..8_u8 {
            let wins = &wins;
            scope.spawn(move || {
                let commit = store.commit(&[write(b"hold", Expect::Nothing, Some(&[number]))]).unwrap();
                wins.fetch_add(u32::from(commit != Commit::Conflict), std::sync::atomic::Ordering::Relaxed);
            });
        }
    });
    assert_eq!(wins.into_inner(), 1);
}

fn listeners_hear_of_a_commit_until_they_want_no_more(store: &dyn Store) {
    let heard = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let count = Arc::clone(&heard);
    store.subscribe(Box::new(move || count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 1));
    for _ in 0..3 {
        done(store.commit(&[write(b"a", Expect::Anything, Some(b"1"))]).unwrap());
    }
    assert_eq!(heard.load(std::sync::atomic::Ordering::Relaxed), 2);
}

fn impossible_records_are_refused(store: &dyn Store) {
    let cases = [
        (write(b"", Expect::Anything, Some(b"1")), "a key of 0 bytes"),
        (write(&[0; MAX_KEY + 1], Expect::Anything, Some(b"1")), "a key of 65 bytes"),
        (write(b"a", Expect::Anything, Some(&vec![0; MAX_VALUE + 1])), "at most"),
    ];
    for (write, part) in cases {
        let error = store.commit(&[write]).expect_err(part).to_string();
        assert!(error.contains(part), "{error}");
    }
    let many = vec![write(b"a", Expect::Anything, None); MAX_WRITES + 1];
    assert!(store.commit(&many).is_err());
    assert_eq!(store.changes(Table::Person, 0, 1), Ok(Vec::new()));
}

macro_rules! every_store {
    ($($name:ident: $make:expr;)*) => {
        $(mod $name {
            use super::*;
            every_store!(@tests $make;
                senders_are_kept_apart the_clock_is_the_latest_time a_message_counts_for_the_window
                the_last_eight_events_are_known_again points_fade_and_are_capped
                points_taken_back_leave_what_was_there points_before_the_first_arrival_are_kept
                threads_lose_no_delta absurd_values_are_survived a_commit_is_done_whole_or_not_at_all
                what_is_removed_is_gone_and_told_of changes_come_in_order_and_commits_whole
                of_many_who_race_one_wins listeners_hear_of_a_commit_until_they_want_no_more
                impossible_records_are_refused);
        })*
    };
    (@tests $make:expr; $($test:ident)*) => {
        $(#[test]
        fn $test() {
            super::$test(&$make);
        })*
    };
}

every_store! {
    memory: MemoryStore::default();
    faulty_that_never_breaks: FaultyStore::new(MemoryStore::default(), Fault::Fail, u64::MAX);
}

#[cfg(feature = "sqlite")]
every_store! {
    sqlite: support::OnDisk::new();
    sqlite_by_two_handles: support::Twice::new();
}

#[test]
fn a_flood_of_strangers_pushes_out_no_sender_with_points() {
    let store = MemoryStore::new(1_000);
    for sender in 0..20 {
        store.arrive(&key(sender), &marked(0, 1, 1), &TERMS).unwrap();
        store.add_points(&key(sender), START, 1, &TERMS).unwrap();
    }
    for stranger in 0..50_000 {
        store.arrive(&key(1_000 + stranger), &message(stranger), &TERMS).unwrap();
        assert!(stranger % 1_000 != 0 || store.len() <= 1_000);
    }
    for sender in 0..20 {
        assert_eq!(store.arrive(&key(sender), &marked(50_000, 1, 1), &TERMS).unwrap().seen, Seen::Same, "{sender}");
    }
}

#[test]
fn who_has_fewest_points_left_is_forgotten_and_then_who_was_away_longest() {
    const HOUR: u64 = 3_600_000;
    // Arrival time and points of three senders; when a fourth comes; who is forgotten.
    let cases = [
        ("fewest points", [(0, 9), (0, 2), (0, 5)], 1, 1),
        ("points that have faded the most", [(0, 8), (600_000, 4), (600_000, 4)], 600_001, 0),
        ("no points are left: the oldest", [(0, 31), (HOUR, 0), (HOUR + 1, 0)], 3 * HOUR, 0),
        ("points before age", [(0, 1), (1, 0), (2, 0)], 3, 1),
        ("a clock that stands in the future is the furthest away", [(0, 0), (1_000 * HOUR, 0), (1, 0)], 2, 1),
    ];
    for (why, senders, newcomer, forgotten) in cases {
        let store = MemoryStore::new(3);
        for (sender, (at, points)) in (0..).zip(senders) {
            store.arrive(&key(sender), &marked(at, 1, 1), &TERMS).unwrap();
            store.add_points(&key(sender), START + at, points, &TERMS).unwrap();
        }
        store.arrive(&key(3), &marked(newcomer, 1, 1), &TERMS).unwrap();
        assert_eq!(store.len(), 3);
        // Whoever is forgotten is asked last, since asking brings a record back.
        for sender in (0..3).filter(|sender| *sender != forgotten).chain([forgotten]) {
            let seen = store.arrive(&key(sender), &marked(newcomer, 1, 1), &TERMS).unwrap().seen;
            assert_eq!(seen == Seen::New, sender == forgotten, "{why}: sender {sender}");
        }
    }
}

#[test]
fn a_store_never_holds_more_than_it_may() {
    for senders in [0, 1, 2, 15, 16, 17, 100] {
        let store = MemoryStore::new(senders);
        for sender in 0..1_000 {
            store.arrive(&key(sender), &message(0), &TERMS).unwrap();
        }
        assert!(!store.is_empty() && store.len() <= senders.max(1), "{} of {senders}", store.len());
    }
}

#[test]
fn a_failing_call_applies_nothing_and_a_stalled_one_does() {
    let cases = [(Fault::Fail, 2), (Fault::Stall, 3)];
    for (fault, applied) in cases {
        let store = FaultyStore::new(MemoryStore::default(), fault, 3);
        let answers = [0, 1, 2].map(|at| store.arrive(&key(1), &message(at), &TERMS));
        assert!(answers[0].is_ok() && answers[1].is_ok());
        match fault {
            Fault::Stall => assert_eq!(answers[2], Err(StoreError::Stalled)),
            _ => assert!(matches!(answers[2], Err(StoreError::Failed(_)))),
        }
        assert_eq!(look(store.inner(), 1).messages, applied, "{fault:?}");
        assert_eq!(store.calls(), 3);
    }
}

#[test]
fn a_lying_store_keeps_the_truth_beneath() {
    let store = FaultyStore::new(MemoryStore::default(), Fault::Lie, 1);
    let answers: Vec<_> = (0..6).map(|at| store.arrive(&key(1), &message(at), &TERMS).unwrap()).collect();
    for (index, answer) in answers.iter().enumerate() {
        assert_ne!(answer.messages as usize, index + 1, "answer {index} was to be wrong");
    }
    assert_eq!(look(store.inner(), 1).messages, 6);
}

/// Deltas of a few senders, each at one time or another.
fn deltas() -> impl Strategy<Value = Vec<(u64, u64, i8)>> {
    prop::collection::vec((0_u64..3, 0_u64..2_000_000, 1_i8..=3), 1..10)
}

proptest! {
    #[test]
    fn points_commute_up_to_the_rounding(
        (ordered, shuffled) in deltas().prop_flat_map(|deltas| (Just(deltas.clone()), Just(deltas).prop_shuffle())),
    ) {
        let (one, other) = (MemoryStore::default(), MemoryStore::default());
        for (store, deltas) in [(&one, &ordered), (&other, &shuffled)] {
            for (sender, at, points) in deltas {
                store.add_points(&key(*sender), START + at, *points, &TERMS).unwrap();
            }
        }
        for sender in 0..3 {
            // The clock of a sender without an arrival stands at zero, where nothing has faded yet.
            let (a, b) = (look(&one, sender).points.as_256ths(), look(&other, sender).points.as_256ths());
            prop_assert!(a.abs_diff(b) as usize <= 2 * ordered.len(), "{} and {}", a, b);
        }
    }

    #[test]
    fn reordered_deltas_of_one_time_end_in_the_same_state(deltas in deltas(), kept_back in 1_u64..6) {
        let faulty = FaultyStore::new(MemoryStore::default(), Fault::Reorder, kept_back);
        let store = MemoryStore::default();
        for (sender, event, points) in &deltas {
            for target in [&faulty as &dyn Store, &store] {
                target.arrive(&key(*sender), &marked(0, *event as u32 % 5, 1), &TERMS).unwrap();
                target.add_points(&key(*sender), START, *points, &TERMS).unwrap();
            }
        }
        faulty.flush().unwrap();
        for sender in 0..3 {
            prop_assert_eq!(look(faulty.inner(), sender), look(&store, sender));
        }
    }

    #[test]
    fn late_arrivals_never_count_fewer_messages_than_arrivals_in_order(
        times in prop::collection::vec(0_u64..100_000, 1..30).prop_shuffle(),
    ) {
        let (ordered, disordered) = (MemoryStore::default(), MemoryStore::default());
        let mut sorted = times.clone();
        sorted.sort_unstable();
        for (store, times) in [(&ordered, &sorted), (&disordered, &times)] {
            for at in times {
                store.arrive(&key(1), &message(*at), &TERMS).unwrap();
            }
        }
        let (ordered, disordered) = (look(&ordered, 1), look(&disordered, 1));
        prop_assert_eq!(ordered.now, disordered.now);
        prop_assert!(disordered.messages >= ordered.messages);
    }
}

#[test]
fn stores_can_be_shared() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(4));
    let other = Arc::clone(&store);
    thread::spawn(move || other.add_points(&key(1), START, 3, &TERMS)).join().unwrap().unwrap();
    assert_eq!(look(store.as_ref(), 1).points, Points::new(3));
}
