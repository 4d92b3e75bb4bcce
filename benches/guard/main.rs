//! Runs one case of the hot path a fixed number of times, for `benches/guard/run` to count its instructions.
//!
//! `guard --list` prints the cases, `guard CASE` runs one. Clocks are noisy on shared machines; counts are not.

mod cases;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

/// How often a case is run while instructions are counted. `benches/guard/run` divides by it.
const CALLS: usize = 100;

/// How often it is run before: memory is allocated, caches and tables are filled, every sender was met.
const WARM_UP: usize = 100;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    match cases::all().into_iter().find(|case| case.name == argument) {
        Some(case) => {
            let mut call = (case.prepare)();
            (0..WARM_UP).for_each(|_| call());
            counted(&mut call);
        }
        None if argument == "--list" || argument == "--bench" => {
            cases::all().iter().for_each(|case| println!("{}", case.name));
        }
        None if argument == "--calls" => println!("{CALLS}"),
        None => {
            eprintln!("guard: there is no case `{argument}`; see `guard --list`");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// The only part that is counted: `benches/guard/run` finds this function by its name.
#[inline(never)]
fn counted(call: &mut dyn FnMut()) {
    (0..CALLS).for_each(|_| call());
}
