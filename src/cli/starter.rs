//! The starter set as the files that `init` writes.

use sluicegate::config::{STARTER_CASES, STARTER_POLICIES, STARTER_RULES, template};

/// The settings.
pub const SETTINGS_FILE: &str = "sluicegate.toml";
/// The key, which is made anew each time.
pub const KEY_FILE: &str = "sluicegate.key";

/// What the settings of a new folder say beside the defaults.
const GIVEN: &[(&str, &str)] = &[
    ("policies", r#"["policies/personal.rhai"]"#),
    ("rules", r#"["policies/rules"]"#),
    ("key", r#""sluicegate.key""#),
    ("audit.file", r#""audit.jsonl""#),
    ("store.file", r#""store.db""#),
];

/// The files by their place in the folder, with their text; all but the key.
pub fn files() -> Vec<(String, String)> {
    let settings = (SETTINGS_FILE.to_owned(), template(GIVEN));
    let policies = STARTER_POLICIES.iter().map(|(name, text)| (format!("policies/{name}"), (*text).to_owned()));
    let rules = STARTER_RULES.iter().map(|(name, text)| (format!("policies/rules/{name}"), (*text).to_owned()));
    let cases = STARTER_CASES.iter().map(|(name, text)| (format!("policies/cases/{name}"), (*text).to_owned()));
    [settings].into_iter().chain(policies).chain(cases).chain(rules).collect()
}
