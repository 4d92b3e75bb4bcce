//! What tells of the files of a machine: rows of a directory, and folders that carry a person's name.

pub(super) mod home;
pub(super) mod listing;
