//! Policies as their owner meets them: what is refused and in which words, what the starter policies decide and why, and
//! what a hostile script gets away with.

#[path = "policy/bad_input.rs"]
mod bad_input;
#[path = "policy/cache.rs"]
mod cache;
#[path = "policy/case_files.rs"]
mod case_files;
#[path = "policy/diagnostics.rs"]
mod diagnostics;
#[path = "policy/hostile.rs"]
mod hostile;
#[path = "policy/pages.rs"]
mod pages;
#[path = "policy/prove.rs"]
mod prove;
#[path = "policy/relations.rs"]
mod relations;
#[path = "policy/starter.rs"]
mod starter;
