#![deny(missing_docs, unsafe_code)]
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
#![doc = include_str!("../README.md")]

pub mod answer;
pub mod audit;
pub mod auth;
pub mod config;
pub mod detect;
pub mod diagnostic;
pub mod event;
pub mod facts;
pub mod gate;
pub mod hold;
pub mod import;
pub mod keys;
pub mod owner;
pub mod policy;
pub mod rotation;
pub mod sender;
#[cfg(feature = "serve")]
pub mod serve;
mod step;
pub mod store;
pub mod text;
pub mod tool;
pub mod verdict;
pub mod workbench;

pub use event::{Event, Json, Kind};
pub use gate::Gate;
pub use verdict::{Decision, Verdict};
