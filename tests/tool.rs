//! What tool calls would do: tables of commands and calls with exactly the effects that are expected of each.

#[path = "tool/benign.rs"]
mod benign;
#[path = "tool/calls.rs"]
mod calls;
#[path = "tool/code.rs"]
mod code;
#[path = "tool/destructive.rs"]
mod destructive;
#[path = "tool/gate.rs"]
mod gate;
#[path = "tool/hidden.rs"]
mod hidden;
#[path = "tool/laws.rs"]
mod laws;
#[path = "tool/network.rs"]
mod network;
#[path = "tool/secrets.rs"]
mod secrets;
#[path = "tool/system.rs"]
mod system;
#[path = "tool/workspace.rs"]
mod workspace;

use std::path::Path;

use sluicegate::tool::{LinkSettings, Scene, ToolSettings};

/// A command, and the names of its effects.
type Case = (&'static str, &'static str);

/// A scene without a workspace, in which the settings name files of Sluicegate's own.
fn scene() -> Scene {
    let mut scene = Scene::new(&ToolSettings::default(), &LinkSettings::default());
    scene.own_file(Path::new("/home/mara/gw/sluicegate.toml"));
    scene.own_file(Path::new("/home/mara/gw/gate.key"));
    scene.own_folder(Path::new("/home/mara/gw/policies"));
    scene.own_log(Path::new("/srv/gw-log/audit.jsonl"));
    scene
}

/// All that differ are told at once.
fn assert_effects(cases: &[Case]) {
    let scene = Scene::new(&ToolSettings::default(), &LinkSettings::default());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(command, expected)| {
            let found: Vec<&str> = scene.shell(command).effects.names().collect();
            let mut expected: Vec<&str> = expected.split_whitespace().collect();
            expected.sort_by_key(|name| order(name));
            (found != expected).then(|| format!("{command:?}\n    expected {expected:?}\n    found    {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} are other:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The place of an effect in the order of the documentation.
fn order(name: &str) -> usize {
    let place = sluicegate::tool::Effects::ALL.iter().position(|(_, known)| *known == name);
    place.unwrap_or_else(|| panic!("there is no effect {name}"))
}
