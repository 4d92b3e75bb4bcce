//! Every code on the screen of an owner: `tests/diagnostics/NNN-name.rhai` and what is said about it in `.out`. A file whose
//! name ends in `-quiet` is near to a fault and has none: nothing may be said about it.
//!
//! `SLUICEGATE_BLESS=1 cargo test --test policy` writes the `.out` files anew; read the difference before committing it.

use std::fs;
use std::path::{Path, PathBuf};

use sluicegate::diagnostic::{Level, Source};
use sluicegate::policy::{CODES, Limits, PolicySet};

fn files() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|ext| ext == "rhai")).collect();
    files.sort();
    files
}

fn said_about(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    let source = Source::new(&*name, fs::read_to_string(path).unwrap());
    match PolicySet::load(&[source], Limits::default()) {
        Ok(loaded) => loaded.warnings.iter().map(|warning| format!("{warning}\n")).collect(),
        Err(error) => format!("{error}\n"),
    }
}

#[test]
fn diagnostics_are_what_they_were() {
    let bless = std::env::var_os("SLUICEGATE_BLESS").is_some_and(|value| value == "1");
    let mut different = Vec::new();
    for path in files() {
        let (said, expected) = (said_about(&path), path.with_extension("out"));
        if bless {
            fs::write(&expected, &said).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            different.push(format!("{}:\n{said}", path.display()));
        }
    }
    assert!(different.is_empty(), "SLUICEGATE_BLESS=1 accepts this:\n{}", different.join("\n"));
}

#[test]
fn every_code_has_an_example_with_a_place() {
    let said: String = files().iter().map(|path| said_about(path)).collect();
    for code in CODES {
        assert!(said.contains(&format!("[{}]", code.code)), "no file in tests/diagnostics shows {}", code.code);
    }
}

/// An alarm where there is no fault teaches an owner to look away.
#[test]
fn what_is_near_to_a_fault_is_not_told() {
    let is_quiet = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("-quiet"));
    let files = files();
    let quiet: Vec<&PathBuf> = files.iter().filter(is_quiet).collect();
    for path in &quiet {
        assert_eq!(said_about(path), "", "{}", path.display());
    }
    for code in CODES.iter().filter(|code| code.level == Level::Warning) {
        let prefix = code.code.trim_start_matches('P');
        let has_one = quiet.iter().any(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix));
        assert!(has_one, "no quiet example beside {}", code.code);
    }
}
