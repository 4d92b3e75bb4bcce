//! The examples of `docs/embed`, run by the interpreters that they are written for.

use std::path::Path;
use std::process::Command;

use crate::support::{Folder, PROGRAM};

const README: &str = include_str!("../../README.md");

#[test]
fn a_node_gateway_gets_its_verdict() {
    client("node", "check.mjs");
}

#[test]
fn a_python_gateway_gets_its_verdict() {
    client("python3", "check.py");
}

fn client(interpreter: &str, example: &str) {
    if let Err(error) = Command::new(interpreter).arg("--version").output() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{interpreter} is needed: {error}");
        eprintln!("{example} was not run, since {interpreter} cannot be started: {error}");
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/embed").join(example);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(README.contains(&text), "the README shows another {example} than the one that is tested");
    let lines = text.lines().count();
    assert!(lines <= 15, "{example} has {lines} lines; a newcomer is promised fifteen");
    let folder = Folder::new();
    let paths = [Path::new(PROGRAM).parent().unwrap().to_owned()];
    let old = std::env::var_os("PATH").unwrap_or_default();
    let search = std::env::join_paths(paths.into_iter().chain(std::env::split_paths(&old))).unwrap();
    let mut command = Command::new(interpreter);
    command.arg(&path).current_dir(folder.path()).env("PATH", search).env_remove("SLUICEGATE_CONFIG");
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    // The starter policy lets nobody in whom the owner has not named.
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("m1 drop ") && output.status.success(), "{example} said {out:?}\n{told}");
}
