//! The guides of `docs/` as their reader meets them: every command is typed in the order of the page, in a folder that `init`
//! made, and prints what the page says.

use std::fs;
use std::path::Path;
use std::process::Command;

use sluicegate::config::starter_policy;
use sluicegate::diagnostic::Source;
use sluicegate::policy::{Limits, PolicySet};

use crate::support::{Folder, PROGRAM, command, run};

/// A block of a page: what stands after the three ticks, and its text.
struct Block<'p> {
    tag: &'p str,
    text: &'p str,
    line: usize,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut line = 1;
    let mut blocks = Vec::new();
    for (number, part) in page.split("```").enumerate() {
        if number % 2 == 1 {
            let (tag, text) = part.split_once('\n').unwrap_or((part, ""));
            blocks.push(Block { tag, text, line });
        }
        line += part.matches('\n').count();
    }
    blocks
}

/// A gate that has worked for a day, as its owner left it.
fn gate() -> Folder {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "."]).code, Some(0));
    let inbox = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/inbox.jsonl")).unwrap();
    let day: String = inbox.lines().take(100).fold(String::new(), |day, line| day + line + "\n");
    assert_eq!(run(folder.path(), &["check", "--live", "--json"], day.as_bytes()).code, Some(0));
    folder
}

/// A line with one blank for any number of them.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Follows a page. Every `console` block is typed; one that is tagged `console exit 1` ends with that code. A `text` block after
/// it is what it prints, or a part of that. Any other block that is tagged with a file, such as `rhai policies/mine.rhai`, is
/// written there.
fn type_out(name: &str) {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap();
    let folder = gate();
    let path = std::env::join_paths(
        [Path::new(PROGRAM).parent().unwrap().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .unwrap();
    let mut printed = String::new();
    for Block { tag, text, line } in blocks(&page) {
        if tag == "text" {
            for shown in text.lines().map(words).filter(|shown| !shown.is_empty()) {
                let found = printed.lines().any(|line| words(line).contains(&shown));
                assert!(found, "docs/{name}:{line}: this is not printed: {shown}\n{printed}");
            }
            continue;
        }
        let Some(rest) = tag.strip_prefix("console") else {
            if let Some((_, file)) = tag.split_once(' ') {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            continue;
        };
        let code = rest.trim().strip_prefix("exit ").map_or(0, |code| code.parse().unwrap());
        // The environment is that of every test of the program; only the shell takes the program's place.
        let clean = command(folder.path(), &[]);
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", text]).current_dir(folder.path()).env("PATH", &path);
        clean.get_envs().filter(|(_, value)| value.is_none()).for_each(|(variable, _)| {
            shell.env_remove(variable);
        });
        let output = shell.output().unwrap();
        printed = format!("{}{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(code), "docs/{name}:{line}:\n{text}\n{printed}");
    }
}

/// With the starter policy behind them, as the page says.
#[test]
fn every_policy_of_the_guide_loads_without_a_warning() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policies.md")).unwrap();
    let policies: Vec<_> =
        blocks(&page).into_iter().filter(|it| it.tag.starts_with("rhai ") || it.tag == "rhai").collect();
    assert!(policies.len() >= 2, "the guide shows policies");
    let behind = starter_policy("personal.rhai").unwrap();
    for Block { text, line, .. } in policies {
        let chain = [Source::new("mine.rhai", text), behind.clone()];
        let loaded = PolicySet::load(&chain, Limits::default());
        let warnings = loaded.unwrap_or_else(|error| panic!("docs/policies.md:{line}:\n{error}")).warnings;
        assert!(warnings.is_empty(), "docs/policies.md:{line}: {}", warnings[0]);
    }
}

#[cfg(unix)]
#[test]
fn the_guide_to_policies_can_be_typed_as_it_stands() {
    type_out("policies.md");
}

#[cfg(unix)]
#[test]
fn what_to_do_when_something_is_wrong_can_be_typed_as_it_stands() {
    type_out("incident.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_agents_can_be_typed_as_it_stands() {
    type_out("agents.md");
}
