//! What an embedder gets who takes the core alone.

use std::path::Path;
use std::process::Command;

/// Nothing that could reach a network, a database or a terminal comes with the core.
#[test]
fn the_core_brings_no_network_no_database_and_no_terminal() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--locked", "--no-default-features", "--edges", "normal", "--prefix", "none"]);
    let output = cargo.arg("--manifest-path").arg(manifest).output().unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.starts_with("sluicegate "), "{}", String::from_utf8_lossy(&output.stderr));
    let brings = |name: &str| tree.lines().any(|line| line.split(' ').next() == Some(name));
    assert!(brings("aho-corasick"), "the tree names what is there");
    for name in ["tokio", "hyper", "axum", "rustls", "mio", "socket2", "rusqlite", "libsqlite3-sys", "clap"] {
        assert!(!brings(name), "the core brings {name}:\n{tree}");
    }
}
