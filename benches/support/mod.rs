//! What the benches share: the messages of `inputs/` and the starter files.

#![allow(dead_code, unused_imports, reason = "each bench uses a part of it")]

mod traffic;

pub use traffic::Traffic;

use std::fs;
use std::path::{Path, PathBuf};

use sluicegate::Event;
use sluicegate::detect::{DetectSettings, Detector, RuleSet};
use sluicegate::diagnostic::Source;
use sluicegate::gate::Gate;

/// The sizes of the inputs: the name in the file name, and bytes of each message.
pub const SIZES: [(&str, usize); 4] = [("80", 80), ("200", 200), ("1k", 1_000), ("10k", 10_000)];

/// The kinds of input: ordinary talk, and talk with an attack in the middle.
pub const KINDS: [&str; 2] = ["benign", "attack"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The messages of one kind and size, in the order of the file.
pub fn messages(kind: &str, size: &str) -> Vec<String> {
    let path = root().join(format!("benches/inputs/{kind}-{size}.txt"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

/// The same as events.
pub fn events(kind: &str, size: &str) -> Vec<Event> {
    messages(kind, size).into_iter().map(|text| Event::message(0, text)).collect()
}

/// The files of a folder with this ending, sorted by name.
pub fn sources(folder: &str, ending: &str) -> Vec<Source> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    paths.iter().map(|path| Source::new(path.file_name().unwrap_or_default().to_string_lossy(), read(path))).collect()
}

/// A detector for the starter rules as the gate has it, with the model.
pub fn starter_detector() -> Detector {
    let rules = RuleSet::load(&sources("policies/rules", "toml")).unwrap_or_else(|faults| panic!("{faults}"));
    Detector::with_settings(&rules, [], &DetectSettings::default()).expect("the starter rules fit the index")
}

/// A gate with the starter set and no log, as `Gate::builder().build()` gives it.
pub fn starter_gate() -> Gate {
    Gate::builder().build().unwrap_or_else(|error| panic!("{error}"))
}
