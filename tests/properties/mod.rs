//! Laws that hold for every input: one module a fuzz target, each with one function, `holds_for`, that panics where a law
//! is broken. libFuzzer calls it with inputs of its own making (`fuzz/`), `tests/regressions.rs` with seeds and old crashes.

pub mod event_json;
