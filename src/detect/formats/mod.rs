//! Formats of secrets, of personal data and of what tells of a machine's files, by name: what a rule's `formats = ["github-pat", "private-key"]` stands for.
//!
//! A format is told by a gate that is cheap to look for, a prefix or a keyword; behind it stands a shape with its alphabet and
//! length, and what stands in the shape must pass a check: the checksum that the vendor puts into it, where there is one, else
//! that it looks drawn at random. Placeholders such as `xxxx` and `<your-key>` do not; the keys of a vendor's documentation
//! are found like any others.
//!
//! Case matters in a key, so formats are looked for in the text itself and not in a view that folds it; and in the same text
//! in plain letters, where it has letters that only look like them or characters that nobody sees.
//!
//! ```
//! let format = sluicegate::detect::formats::named("github-pat").expect("is known");
//! assert!(format.source().contains("GitHub"));
//! assert!(sluicegate::detect::formats::all().count() >= 60);
//! ```

mod checksum;
mod code;
mod files;
mod format;
mod hay;
mod near;
mod personal;
mod random;
mod search;
mod set;
mod shape;
mod table;

pub use format::Format;
pub(super) use search::{Formats, Found, Hit};

/// Every format, by whose it is.
pub fn all() -> impl Iterator<Item = &'static Format> + Clone {
    table::all()
}

/// The format of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Format> {
    all().find(|format| format.name() == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_format_has_a_name_of_its_own_and_says_where_it_comes_from() {
        let mut names = HashSet::new();
        for format in all() {
            let name = format.name();
            assert!(names.insert(name), "{name} is given twice");
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{name}"
            );
            assert!(!format.what().is_empty() && !format.source().is_empty(), "{name}");
        }
        assert!(names.len() >= 60, "{}", names.len());
    }
}
