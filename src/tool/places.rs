//! The tables of places, ready for look-ups.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::path::{Path, Root, aims, is_pattern, may_be};
use super::table::places as table;

/// Secrets.
pub(super) static SECRETS: LazyLock<Places> = LazyLock::new(|| Places::new(table::SECRETS));
/// What looks like a secret and is none.
static NO_SECRETS: LazyLock<Places> = LazyLock::new(|| Places::new(table::NO_SECRETS));
/// System configuration.
pub(super) static SYSTEM: LazyLock<Places> = LazyLock::new(|| Places::new(table::SYSTEM));
/// Devices.
pub(super) static DEVICES: LazyLock<Places> = LazyLock::new(|| Places::new(table::DEVICES));
/// Sluicegate's own.
pub(super) static GATE: LazyLock<Places> = LazyLock::new(|| Places::new(table::GATE));
/// Scratch space.
pub(super) static SCRATCH: LazyLock<Places> = LazyLock::new(|| Places::new(table::SCRATCH));
/// Devices that everything may name.
pub(super) static STREAMS: LazyLock<Places> = LazyLock::new(|| Places::new(table::STREAMS));

/// A list of places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// Those that may stand anywhere, by their first name.
    anywhere: HashMap<String, Vec<Vec<String>>>,
    /// Those of them whose first name is a pattern.
    patterns: Vec<String>,
    /// Those that begin at a root.
    rooted: Vec<Path>,
}

impl Places {
    pub(super) fn new<S: AsRef<str>>(lines: &[S]) -> Self {
        let mut places = Self::default();
        for line in lines {
            let Some(path) = Path::parse(line.as_ref()) else { continue };
            match (path.root, path.parts.first()) {
                (Root::Here(_), Some(first)) if is_pattern(first) => places.patterns.push(first.clone()),
                (Root::Here(_), Some(first)) => {
                    places.anywhere.entry(first.clone()).or_default().push(path.parts.clone());
                }
                (Root::Here(_), None) => {}
                _ => places.rooted.push(path),
            }
        }
        places
    }

    /// Whether a path is one of the places, or lies below one. Costs a look-up for each part of the path, and for a part
    /// that is a pattern a comparison with every place.
    pub(super) fn hold(&self, path: &Path) -> bool {
        self.rooted.iter().any(|place| rooted(path, place)) || self.anywhere(path)
    }

    /// Whether one of the places lies below a folder.
    pub(super) fn lie_below(&self, folder: &Path) -> bool {
        self.rooted.iter().any(|place| place.is_within(folder))
    }

    fn anywhere(&self, path: &Path) -> bool {
        (0..path.parts.len()).any(|at| {
            let parts = path.parts.get(at..).unwrap_or_default();
            let Some(first) = parts.first() else { return false };
            let along = |place: &Vec<String>| {
                parts.len() >= place.len() && parts.iter().zip(place).all(|(part, name)| aimed(part, name))
            };
            if is_pattern(first) {
                aims(first)
                    && (self.anywhere.values().flatten().any(along)
                        || self.patterns.iter().any(|name| pattern_of_pattern(first, name)))
            } else {
                self.anywhere.get(first).is_some_and(|places| places.iter().any(along))
                    || self.patterns.iter().any(|name| may_be(name, first))
            }
        })
    }
}

/// Whether a path lies at a place that begins at a root, or below it.
fn rooted(path: &Path, place: &Path) -> bool {
    let matches = |parts: &[String]| {
        parts.len() >= place.parts.len()
            && parts.iter().zip(&place.parts).all(|(part, name)| {
                if is_pattern(name) { pattern_of_pattern(part, name) || may_be(name, part) } else { aimed(part, name) }
            })
    };
    if path.root == place.root {
        return matches(&path.parts);
    }
    // Where the path begins is not known, so the place may be anywhere in it.
    path.root == Root::Unknown && (0..path.parts.len()).any(|at| matches(path.parts.get(at..).unwrap_or_default()))
}

/// Whether a part of a path is a name, or a pattern that aims at it.
fn aimed(part: &str, name: &str) -> bool {
    part == name || (is_pattern(part) && aims(part) && may_be(part, name))
}

/// Whether a pattern gives a name that another pattern of the form `x*` or `*x` stands for. It must say the `x` itself:
/// otherwise `test_*` would stand for a key.
fn pattern_of_pattern(part: &str, name: &str) -> bool {
    match (name.strip_prefix('*'), name.strip_suffix('*')) {
        (Some(ending), _) => part.ends_with(ending),
        (_, Some(beginning)) => part.starts_with(beginning),
        _ => false,
    }
}

/// Whether reading a path reads a secret.
pub(super) fn is_secret(path: &Path) -> bool {
    if SECRETS.hold(path) {
        if is_pattern(path.name()) {
            return true;
        }
        // A public key among private ones is no secret; the folder above it is.
        let name = Path { root: Root::Here(0), parts: vec![path.name().to_owned()], tilde: false };
        return !NO_SECRETS.hold(&name);
    }
    path.root == Root::Absolute
        && path.parts.first().is_some_and(|first| first == "proc")
        && table::ENVIRONMENTS.contains(&path.name())
}

/// Whether a command that goes through all of a folder comes by secrets.
pub(super) fn holds_secrets(folder: &Path) -> bool {
    matches!((folder.root, folder.parts.len()), (Root::Home | Root::Absolute, 0))
        || (folder.root == Root::Absolute
            && matches!(folder.parts.as_slice(), [only] if matches!(only.as_str(), "home" | "users")))
        || SECRETS.lie_below(folder)
}
