//! Events that wait for the owner.
//!
//! [`Holds`] keeps every event that ended in hold, whole and encrypted, until the owner has answered or its time is up:
//!
//! ```text
//! waiting ─▶ approved ─▶ released ─▶ used
//!    │           ╰─────────┴──▶ expired
//!    ├──▶ denied
//!    ╰──▶ expired (which means denied)
//! ```
//!
//! * An answer names the whole [`HoldId`]. There is no "the last one", and no beginning of an id is enough, since what came
//!   last, or begins so, may be another by the time that the owner answers.
//! * The first answer wins, whoever else answers from another process; after its expiry nothing can be approved.
//! * An approval is for the digest that was held. What becomes of it is [`Gate::release`](crate::Gate::release): the event is
//!   judged again, and the gateway gets a [`Token`] that can be redeemed once.
//! * The queue is bounded. Where it is full, the newest event of the noisiest sender is refused, those of strangers first.

mod error;
mod held;
mod holds;
mod id;
mod notice;
mod queue;
mod settings;
mod token;

pub use error::HoldError;
pub use held::{Found, HeldEvent, PointsGiven, State};
pub use holds::{Holds, Put, Refused};
pub use id::{HoldId, NoHoldId};
pub use notice::{masked, notice};
pub use settings::HoldSettings;
pub use token::Token;
