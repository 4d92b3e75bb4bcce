//! Many who answer and use at the same time.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use sluicegate::Gate;
use sluicegate::gate::Release;
use sluicegate::hold::HoldId;

use super::support::{NOW, OWNER, call, gate, held, memory, message};

const THREADS: usize = 50;

/// How many of `threads` could release and redeem a hold.
fn used(gates: &[&Gate], id: &HoldId, threads: usize) -> usize {
    let (start, used) = (Barrier::new(threads), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let gate = gates[thread % gates.len()];
            let (start, used) = (&start, &used);
            scope.spawn(move || {
                start.wait();
                if let Ok(Release::Released(released)) = gate.release(id, NOW)
                    && gate.redeem(&released.token, &released.event.digest(), NOW).is_ok()
                {
                    used.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    used.into_inner()
}

#[test]
fn an_approval_is_used_exactly_once_when_50_threads_race_for_it() {
    let store = memory();
    let (one, other) = (gate(&store), gate(&store));
    for round in 0..10 {
        let id = held(&one, &call("bash", &format!(r#"{{"command":"ls {round}"}}"#)));
        one.approve(&id, &OWNER, NOW).unwrap().1.unwrap();
        assert_eq!(used(&[&one, &other], &id, THREADS), 1, "round {round}");
    }
}

#[test]
fn of_50_who_answer_one_is_first() {
    let store = memory();
    let (one, other) = (gate(&store), gate(&store));
    let id = held(&one, &message("please"));
    let (start, first) = (Barrier::new(THREADS), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let gate = if thread % 2 == 0 { &one } else { &other };
            let (start, first, id) = (&start, &first, &id);
            scope.spawn(move || {
                start.wait();
                let taken = if thread % 3 == 0 {
                    gate.deny(id, &OWNER, NOW).is_ok()
                } else {
                    gate.approve(id, &OWNER, NOW).is_ok()
                };
                first.fetch_add(usize::from(taken), Ordering::Relaxed);
            });
        }
    });
    assert_eq!(first.into_inner(), 1);
}

/// The test starts itself twice; each of the two opens the file, says that it is ready, and waits for a line.
#[cfg(feature = "sqlite")]
#[test]
fn an_approval_is_used_exactly_once_when_50_threads_in_two_processes_race_for_it() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::sync::Arc;

    use sluicegate::store::{MemoryStore, SqliteStore, Store};

    const FILE: &str = "SLUICEGATE_TEST_RACE_FILE";
    const HOLD: &str = "SLUICEGATE_TEST_RACE_HOLD";
    const NAME: &str = "race::an_approval_is_used_exactly_once_when_50_threads_in_two_processes_race_for_it";
    let open = |file: &Path| -> Arc<dyn Store> { Arc::new(SqliteStore::open(file, MemoryStore::SENDERS).unwrap()) };

    if let (Some(file), Ok(id)) = (std::env::var_os(FILE), std::env::var(HOLD)) {
        let gate = gate(&open(Path::new(&file)));
        println!("\nready");
        std::io::stdin().lock().read_line(&mut String::new()).unwrap();
        println!("\nused {}", used(&[&gate], &id.parse().unwrap(), THREADS / 2));
        return;
    }
    let folder = super::folder::Folder::new();
    let file = folder.path().join("store.db");
    let gate = gate(&open(&file));
    for round in 0..3 {
        let id = held(&gate, &call("bash", &format!(r#"{{"command":"ls {round}"}}"#)));
        gate.approve(&id, &OWNER, NOW).unwrap().1.unwrap();
        let mut children = [(); 2].map(|()| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", NAME, "--nocapture"]).env(FILE, &file).env(HOLD, id.to_string());
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
        });
        let mut outputs = children.each_mut().map(|child| BufReader::new(child.stdout.take().unwrap()).lines());
        let mut line = |number: usize, begins: &str| {
            let output: &mut std::io::Lines<_> = &mut outputs[number];
            output.map(Result::unwrap).find(|line| line.starts_with(begins)).expect("the child says so")
        };
        (0..2).for_each(|number| drop(line(number, "ready")));
        children.iter_mut().for_each(|child| child.stdin.take().unwrap().write_all(b"go\n").unwrap());
        let used = |line: String| line.trim_start_matches("used ").parse::<usize>().unwrap();
        let total: usize = (0..2).map(|number| used(line(number, "used "))).sum();
        children.iter_mut().for_each(|child| assert!(child.wait().unwrap().success()));
        assert_eq!(total, 1, "round {round}");
    }
}
