//! The pages about codes, `docs/policies/PNNN.md`: what they show is what the loader says.

use std::fs;
use std::path::{Path, PathBuf};

use sluicegate::diagnostic::{Level, Source};
use sluicegate::policy::{CODES, Limits, PolicySet, page};

/// The codes that the loader has for a policy.
fn codes(script: &str) -> Vec<&'static str> {
    let sources = [Source::new("page.rhai", script)];
    let found = match PolicySet::load(&sources, Limits::default()) {
        Ok(loaded) => loaded.warnings,
        Err(error) => error.diagnostics,
    };
    found.iter().map(|diagnostic| diagnostic.code).collect()
}

/// The policies on a page. A character that would not show is written `<U+202E>`.
fn policies(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix("rhai\n")).map(|block| block.replace("<U+202E>", "\u{202e}")).collect()
}

/// An example has one hook, or it would be long; that the others are missing is not its subject.
fn without_missing_hooks(mut codes: Vec<&'static str>, subject: &str) -> Vec<&'static str> {
    codes.retain(|code| *code != "P102" || subject == "P102");
    codes.dedup();
    codes
}

#[test]
fn every_page_shows_a_fault_and_the_same_mended() {
    for code in CODES {
        let page = page(code.code).expect(code.code);
        assert!(page.starts_with(&format!("# {}: ", code.code)), "{}: the heading names the code", code.code);
        let [fault, mended] =
            policies(page).try_into().unwrap_or_else(|all: Vec<_>| panic!("{}: {} policies", code.code, all.len()));
        assert_eq!(
            without_missing_hooks(codes(&fault), code.code),
            [code.code],
            "the fault on the page of {}",
            code.code
        );
        assert!(without_missing_hooks(codes(&mended), code.code).is_empty(), "{}: {:?}", code.code, codes(&mended));
        let comment = format!("// quiet: {}", code.code);
        let tells = page.contains("\n## Switching it off\n")
            && match code.level {
                Level::Error => page.contains("Errors cannot be switched off."),
                Level::Warning => page.contains(&comment) || page.contains("No comment switches it off"),
            };
        assert!(tells, "{}: the page says whether it can be switched off", code.code);
    }
}

#[test]
fn every_page_is_about_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policies");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<PathBuf> =
        paths.filter(|path| path.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with('P'))).collect();
    assert_eq!(pages.len(), CODES.len(), "{pages:?}");
}
