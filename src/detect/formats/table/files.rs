//! What tells of the files of a machine.

use crate::detect::formats::files::{home, listing};
use crate::detect::formats::format::{Format, found_at};

pub(super) static FORMATS: &[Format] = &[
    found_at(
        "directory-listing",
        "row of a directory, as ls, dir and tree print it",
        "POSIX.1-2017, ls, STDOUT; Microsoft Learn, dir; tree(1)",
        listing::GATES,
        listing::find,
    )
    .spans(41, 800),
    found_at(
        "home-folder",
        "folder of a person on a Unix, a Mac or Windows",
        "FHS 3.0, 3.8; Apple, File System Programming Guide; Microsoft Learn, KNOWNFOLDERID, Profile",
        home::GATES,
        home::find,
    )
    .spans(2, 48),
];
