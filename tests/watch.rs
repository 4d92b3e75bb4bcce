//! A gate whose files change while it runs, however editors, deployments and people change them.
//!
//! Nothing here waits for a time: every change is waited for until the watcher tells of it, and a minute is only the end of
//! patience.
#![cfg(feature = "watch")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use sluicegate::gate::{ReloadOutcome, ReloadStatus, WatchSettings, Watcher};
use sluicegate::{Event, Gate};

const PATIENCE: Duration = Duration::from_secs(60);
const SETTINGS: &str = "format = 1\npolicies = [\"policies/p.rhai\"]\nrules = [\"rules\"]\n[detect]\nmodel = false\n";

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sluicegate-watch-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.write("s.toml", SETTINGS);
        folder.write("policies/p.rhai", &policy("first"));
        folder.write("rules/r.toml", &rules("magic elephant"));
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file as a whole: nobody ever sees half of it.
    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let beside = path.with_extension("beside");
        fs::write(&beside, text).unwrap();
        fs::rename(beside, path).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn policy(reason: &str) -> String {
    format!("fn on_message(m) {{ if m.attack {{ drop(\"{reason}\") }} hold(\"{reason}, harmless\") }}\n")
}

fn rules(phrase: &str) -> String {
    format!(
        "format = 1\n[[rule]]\nid = \"custom.word\"\ncategory = \"custom\"\npoints = 8\nclass = \"artifact\"\nscope = [\"text\"]\n\
         phrases = [\"{phrase}\"]\n"
    )
}

/// A gate that is watched, and what was told.
struct Watched {
    gate: Arc<Gate>,
    told: Receiver<ReloadStatus>,
    watcher: Watcher,
}

impl Watched {
    fn new(config: &Path, settings: WatchSettings) -> Self {
        let gate = Arc::new(Gate::builder().config(config).build().unwrap());
        let (tell, told) = channel();
        let tell = move |status: &ReloadStatus| tell.send(status.clone()).unwrap();
        let watcher = Watcher::start(&gate, settings, tell).unwrap();
        Self { gate, told, watcher }
    }

    /// What is told next.
    fn next(&self) -> ReloadStatus {
        self.told.recv_timeout(PATIENCE).expect("the watcher tells of a change")
    }

    fn says(&self, text: &str) -> String {
        self.gate.check(&Event::message(1, text)).reason.to_string()
    }

    /// Waits until an attack is dropped for this reason; other reloads may come before, such as one of half a change.
    fn until(&self, reason: &str) {
        while self.says("a magic elephant") != reason {
            self.next();
        }
    }
}

/// As the system tells, and by looking alone.
fn both() -> [WatchSettings; 2] {
    let mut told = WatchSettings::default();
    told.settle = Duration::from_millis(30);
    let mut looking = told;
    (looking.notify, looking.poll) = (false, Duration::from_millis(30));
    [told, looking]
}

#[test]
fn every_way_to_change_a_file_takes_effect() {
    type Change = fn(&Folder, &str);
    let ways: [(&str, Change); 7] = [
        ("in place", |folder, text| fs::write(folder.path("policies/p.rhai"), text).unwrap()),
        ("a new file moved over it", |folder, text| {
            folder.write("policies/.p.rhai.swp", text);
            fs::rename(folder.path("policies/.p.rhai.swp"), folder.path("policies/p.rhai")).unwrap();
        }),
        ("the old one moved away first", |folder, text| {
            fs::rename(folder.path("policies/p.rhai"), folder.path("policies/p.rhai~")).unwrap();
            folder.write("policies/p.rhai", text);
        }),
        ("the file deleted and made again", |folder, text| {
            fs::remove_file(folder.path("policies/p.rhai")).unwrap();
            folder.write("policies/p.rhai", text);
        }),
        ("the folder deleted and made again", |folder, text| {
            fs::remove_dir_all(folder.path("policies")).unwrap();
            folder.write("policies/p.rhai", text);
        }),
        ("another folder moved into its place", |folder, text| {
            folder.write("new/p.rhai", text);
            fs::rename(folder.path("policies"), folder.path("old")).unwrap();
            fs::rename(folder.path("new"), folder.path("policies")).unwrap();
            fs::remove_dir_all(folder.path("old")).unwrap();
        }),
        ("everything deleted and made again", |folder, text| {
            fs::remove_dir_all(&folder.0).unwrap();
            folder.write("rules/r.toml", &rules("magic elephant"));
            folder.write("policies/p.rhai", text);
            folder.write("s.toml", SETTINGS);
        }),
    ];
    for settings in both() {
        let folder = Folder::new();
        let watched = Watched::new(&folder.path("s.toml"), settings);
        // One after the other, twice, on one watcher: each must leave it able to see the next.
        for round in 0..2 {
            for (number, (way, change)) in ways.iter().enumerate() {
                let reason = format!("way {number} of round {round}");
                change(&folder, &policy(&reason));
                watched.until(&reason);
                assert!(matches!(watched.gate.last_reload().unwrap().outcome, ReloadOutcome::Changed(_)), "{way}");
            }
        }
    }
}

/// As Kubernetes mounts a ConfigMap: links to a folder behind a link, which is exchanged as a whole.
#[cfg(unix)]
#[test]
fn links_that_are_turned_elsewhere_take_effect_as_one() {
    use std::os::unix::fs::symlink;
    for settings in both() {
        let folder = Folder::new();
        // A phrase holds no digits.
        let word = |number: usize| ["alpha", "beta", "gamma", "delta"][number];
        let version = |number: usize| {
            let text = policy(&format!("version {number}"));
            folder.write(&format!("mount/..v{number}/p.rhai"), &text);
            folder.write(&format!("mount/..v{number}/r.toml"), &rules(&format!("magic elephant {}", word(number))));
            folder.write(
                &format!("mount/..v{number}/s.toml"),
                "format = 1\npolicies = [\"p.rhai\"]\nrules = [\"r.toml\"]\n",
            );
            symlink(format!("..v{number}"), folder.path("mount/..data_tmp")).unwrap();
            fs::rename(folder.path("mount/..data_tmp"), folder.path("mount/..data")).unwrap();
        };
        version(0);
        for name in ["p.rhai", "r.toml", "s.toml"] {
            symlink(format!("..data/{name}"), folder.path("mount").join(name)).unwrap();
        }
        let watched = Watched::new(&folder.path("mount/s.toml"), settings);
        for number in 1..4 {
            version(number);
            let status = watched.next();
            assert!(matches!(status.outcome, ReloadOutcome::Changed(_)), "{status:?}");
            assert_eq!(watched.says(&format!("a magic elephant {}", word(number))), format!("version {number}"));
            fs::remove_dir_all(folder.path(&format!("mount/..v{}", number - 1))).unwrap();
        }
        // One link on the way, for a folder above.
        symlink("mount", folder.path("current")).unwrap();
        let watched = Watched::new(&folder.path("current/s.toml"), settings);
        folder.write("other/s.toml", "format = 1\npolicies = [\"p.rhai\"]\n");
        folder.write("other/p.rhai", &policy("another place"));
        symlink("other", folder.path("next")).unwrap();
        fs::rename(folder.path("next"), folder.path("current")).unwrap();
        watched.next();
        assert_eq!(watched.says("hello"), "another place, harmless");
    }
}

#[test]
fn what_is_the_same_is_not_loaded_again() {
    for settings in both() {
        let folder = Folder::new();
        let watched = Watched::new(&folder.path("s.toml"), settings);
        folder.write("policies/p.rhai", &policy("first"));
        folder.write("policies/notes.txt", "nothing to do with it");
        folder.write("rules/r.toml", &rules("magic elephant"));
        folder.write("s.toml", &format!("# a comment\n{SETTINGS}"));
        folder.write("policies/p.rhai", &policy("second"));
        watched.until("second");
        assert_eq!(watched.says("hello"), "second, harmless");
        assert_eq!(watched.gate.last_reload().unwrap().number, 1, "one reload for one change");
    }
}

/// A settle time that is long beside what lies between two writes.
#[test]
fn half_a_file_is_waited_for() {
    let mut settings = WatchSettings::default();
    settings.settle = Duration::from_secs(3);
    let folder = Folder::new();
    let watched = Watched::new(&folder.path("s.toml"), settings);
    let text = policy("whole");
    for part in 1..20 {
        fs::write(folder.path("policies/p.rhai"), &text[..text.len() * part / 20]).unwrap();
    }
    fs::write(folder.path("policies/p.rhai"), &text).unwrap();
    let status = watched.next();
    assert!(matches!(status.outcome, ReloadOutcome::Changed(_)), "{status:?}");
    assert_eq!((status.number, watched.says("a magic elephant").as_str()), (1, "whole"));
}

#[test]
fn a_bad_change_is_told_once_and_the_way_back_is_told_too() {
    for settings in both() {
        let folder = Folder::new();
        let watched = Watched::new(&folder.path("s.toml"), settings);
        let revision = watched.gate.revision();
        folder.write("policies/p.rhai", "fn on_message(m) { m.scroe }");
        let status = watched.next();
        let ReloadOutcome::Refused(error) = &status.outcome else { panic!("{status:?}") };
        assert_eq!((error.diagnostics[0].code, &status.revision), ("P003", &revision));
        assert!(status.at.is_some(), "the watcher has a clock");
        assert_eq!(watched.says("a magic elephant"), "first");
        folder.write("policies/p.rhai", "fn on_message(m) { m.scroe }");
        folder.write("policies/p.rhai", &policy("first"));
        let status = watched.next();
        assert_eq!((status.number, status.outcome), (2, ReloadOutcome::Unchanged));
        assert_eq!(watched.gate.revision(), revision);
    }
}

#[test]
fn files_that_settings_begin_to_name_are_watched_from_then_on() {
    for settings in both() {
        let folder = Folder::new();
        let watched = Watched::new(&folder.path("s.toml"), settings);
        // Before the file is there: refused, and mended by the file alone.
        folder.write("s.toml", &SETTINGS.replace("policies/p.rhai", "elsewhere/q.rhai"));
        assert!(matches!(watched.next().outcome, ReloadOutcome::Refused(_)));
        folder.write("elsewhere/q.rhai", &policy("elsewhere"));
        watched.until("elsewhere");
        folder.write("elsewhere/q.rhai", &policy("changed there"));
        watched.until("changed there");
        folder.write("rules/more.toml", &rules("quiet walrus").replace("custom.word", "custom.more"));
        watched.next();
        assert_eq!(watched.says("a quiet walrus"), "changed there");
    }
}

#[test]
fn a_watcher_finds_what_changed_before_it_began_and_ends_with_its_gate() {
    for settings in both() {
        let folder = Folder::new();
        let gate = Arc::new(Gate::builder().config(folder.path("s.toml")).build().unwrap());
        folder.write("policies/p.rhai", &policy("before"));
        let (tell, told) = channel();
        let watcher = Watcher::start(&gate, settings, move |status| tell.send(status.number).unwrap()).unwrap();
        assert_eq!(told.recv_timeout(PATIENCE), Ok(1));
        drop(watcher);
        assert!(told.recv().is_err(), "dropping the watcher ends its thread");
        assert_eq!(Arc::strong_count(&gate), 1, "nobody else keeps the gate");
    }
    let folder = Folder::new();
    let Watched { gate, told, watcher } = Watched::new(&folder.path("s.toml"), both()[1]);
    drop(gate);
    assert!(told.recv().is_err(), "the thread ends when the gate is gone");
    drop(watcher);
}
