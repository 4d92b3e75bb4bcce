//! Which folders to watch, and which names in them matter.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Links that are followed one after the other; more are a circle.
const MAX_LINKS: usize = 16;

/// The folders to watch for some files, and what in them is of interest.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// Folders that files are read from. Where one cannot be watched, a change of a file would not be told.
    pub(super) homes: BTreeSet<PathBuf>,
    /// Folders above, in which a folder or a link may be exchanged.
    pub(super) above: BTreeSet<PathBuf>,
    /// Paths that matter.
    names: BTreeSet<PathBuf>,
    /// Folders in which every rule file matters.
    rules: BTreeSet<PathBuf>,
}

impl Places {
    /// The places of these files and folders, which need not be there. A folder is one of rules.
    pub(super) fn new(paths: &[PathBuf]) -> Self {
        let mut places = Self::default();
        for path in paths {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            if path.is_dir() {
                places.folder(&path);
            }
            places.follow(&path, MAX_LINKS);
        }
        // Some systems tell the true path of what was changed, whatever the path that was asked about.
        let all = places.names.iter().chain(&places.rules);
        let true_paths: Vec<PathBuf> = all.filter_map(|path| true_path(path)).collect();
        places.names.extend(true_paths.iter().cloned());
        let true_rules: Vec<PathBuf> = places.rules.iter().filter_map(|path| path.canonicalize().ok()).collect();
        places.rules.extend(true_rules);
        places
    }

    /// Whether something that happened at this path may have changed what is read.
    pub(super) fn concern(&self, path: &Path) -> bool {
        let is_rule = || path.extension().is_some_and(|extension| extension == "toml");
        self.names.contains(path) || (is_rule() && path.parent().is_some_and(|folder| self.rules.contains(folder)))
    }

    fn folder(&mut self, folder: &Path) {
        self.homes.insert(folder.to_owned());
        self.rules.insert(folder.to_owned());
        let links = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for link in links.filter(|path| path.extension().is_some_and(|it| it == "toml") && path.is_symlink()) {
            self.follow(&link, MAX_LINKS);
        }
    }

    /// Adds a file, the folders on the way to it that could be exchanged, and where links lead.
    fn follow(&mut self, path: &Path, links: usize) {
        let Some(home) = path.parent() else { return };
        self.names.insert(path.to_owned());
        self.homes.insert(home.to_owned());
        // A folder can be deleted and made again.
        if let Some(above) = home.parent() {
            self.names.insert(home.to_owned());
            self.above.insert(above.to_owned());
        }
        let link = path.ancestors().find_map(|link| Some((link, fs::read_link(link).ok()?)));
        let (Some((link, target)), Some(links)) = (link, links.checked_sub(1)) else { return };
        let Some(folder) = link.parent() else { return };
        self.names.insert(link.to_owned());
        self.above.insert(folder.to_owned());
        let rest = path.strip_prefix(link).unwrap_or(Path::new(""));
        // Joining nothing would put a stroke behind the name of a file.
        let target = folder.join(target);
        let target = if rest.as_os_str().is_empty() { target } else { target.join(rest) };
        if target.is_dir() {
            self.folder(&target);
        }
        self.follow(&target, links);
    }
}

/// The path as the system knows it, of something that need not be there any more.
fn true_path(path: &Path) -> Option<PathBuf> {
    Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn every_link_on_the_way_is_watched_and_nothing_beside_it() {
        let root = std::env::temp_dir().join(format!("sluicegate-places-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let root = {
            fs::create_dir_all(root.join("config/..v1/rules")).unwrap();
            root.canonicalize().unwrap()
        };
        let config = root.join("config");
        fs::write(config.join("..v1/p.rhai"), "").unwrap();
        symlink("..v1", config.join("..data")).unwrap();
        symlink("..data/p.rhai", config.join("p.rhai")).unwrap();
        symlink("..data/rules", config.join("rules")).unwrap();
        symlink("loop", config.join("loop")).unwrap();

        let places = Places::new(&[config.join("p.rhai"), config.join("rules"), config.join("loop")]);
        for name in ["p.rhai", "..data", "..v1/p.rhai", "rules", "rules/x.toml", "..v1/rules/x.toml", "loop"] {
            assert!(places.concern(&config.join(name)), "{name}: {places:#?}");
        }
        assert!(places.concern(&config), "the folder may be deleted");
        for name in ["audit.jsonl", "x.toml", "rules/x.txt", "..v1/other.rhai"] {
            assert!(!places.concern(&config.join(name)), "{name}: {places:#?}");
        }
        for home in ["", "..v1", "..v1/rules"] {
            assert!(places.homes.contains(&config.join(home).components().collect::<PathBuf>()), "{home}");
        }
        fs::remove_dir_all(root).unwrap();
    }
}
