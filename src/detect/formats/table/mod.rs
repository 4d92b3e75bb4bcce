//! All formats, by whose they are.

mod ai;
mod chat;
mod cloud;
mod code;
mod files;
mod keys;
mod personal;
mod services;

use super::Format;

/// Every format, in the order of the files.
pub(super) fn all() -> impl Iterator<Item = &'static Format> + Clone {
    [
        code::FORMATS,
        cloud::FORMATS,
        ai::FORMATS,
        chat::FORMATS,
        services::FORMATS,
        keys::FORMATS,
        personal::FORMATS,
        files::FORMATS,
    ]
    .into_iter()
    .flatten()
}
