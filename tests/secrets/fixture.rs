//! The rows of `corpus/secrets/`: what vendors' secrets and personal data look like.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A text, and the bytes of it that are the secret.
#[derive(Deserialize)]
pub struct Fixture {
    pub format: String,
    pub text: String,
    pub secret: (usize, usize),
}

pub fn folder(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(part)
}

pub fn fixtures() -> Vec<Fixture> {
    let files = ["ai", "chat", "cloud", "code", "documented", "files", "keys", "personal", "services"];
    let read = |file| fs::read_to_string(folder("secrets").join(format!("{file}.jsonl"))).unwrap();
    let rows = |text: String| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>();
    files.into_iter().flat_map(|file| rows(read(file))).collect()
}
