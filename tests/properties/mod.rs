//! Laws that hold for every input: one module a fuzz target, each with one function, `holds_for`, that panics where a law
//! is broken. libFuzzer calls it with inputs of its own making (`fuzz/`), `tests/regressions.rs` with seeds and old crashes.

pub mod auth;
pub mod detect;
pub mod event_json;
pub mod fold;
pub mod formats;
pub mod metamorphic;
pub mod policy_load;
pub mod policy_run;
pub mod rule_file;
pub mod stream;
pub mod tool;
pub mod undo;

/// Splits an input at its first NUL, into what the engine is set up with and what it is then given. Both are text, so that
/// seeds can be read and written by hand.
fn halves(data: &[u8]) -> (String, Vec<u8>) {
    let (first, second) = match data.iter().position(|byte| *byte == 0) {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[][..]),
    };
    (String::from_utf8_lossy(first).into_owned(), second.to_vec())
}

/// Whether a disguise is undone for certain, whatever stands around it: by folding, by nothing at all, by a view that every
/// text is searched in, or by an encoding that is plain to see. Others are told by signs, which company may blur; the contract
/// of the rules holds those.
fn is_certain(disguise: &sluicegate::text::disguise::Disguise) -> bool {
    use sluicegate::text::disguise::UndoneBy;
    const PLAIN: [&str; 15] =
        ["A04", "A06", "C00", "C01", "D00", "G00", "G01", "G02", "G20", "G22", "G23", "G24", "G61", "G64", "G65"];
    matches!(disguise.undone_by, UndoneBy::Nothing | UndoneBy::Fold) || PLAIN.contains(&disguise.id)
}
