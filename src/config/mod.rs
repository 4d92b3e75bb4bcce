//! The owner's settings: `sluicegate.toml`.
//!
//! Every key has a default, from one [table](DEFAULTS) that `sluicegate init` writes out; an unknown key is an error.

mod defaults;
mod files;
mod notify;
mod serve;
mod settings;
mod starter;

pub use defaults::{DEFAULTS, Default as DefaultValue, template};
pub use notify::{NotifySettings, Webhook};
pub use serve::{Scope, ServeSettings, TokenSettings};
pub use settings::{
    AuditFile, Closed, Mode, OverSize, PolicySettings, ReplySettings, Settings, SizeLimits, Thresholds,
};
pub use starter::{STARTER_CASES, STARTER_POLICIES, STARTER_RULES, starter_policy, starter_rules};
