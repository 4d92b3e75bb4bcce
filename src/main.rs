#![deny(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unreachable,
        clippy::todo,
        clippy::allow_attributes
    )
)]
//! The command line. It uses the library as any other program would.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
