//! Where calls are made: the workspace, Sluicegate's own files, the gateway's settings.

use std::path::Path as FilePath;

use super::effect::Effects;
use super::link::Hosts;
use super::path::{Path, Root, is_pattern, may_be};
use super::places::{self, DEVICES, GATE, Places, SCRATCH, STREAMS, SYSTEM};
use super::settings::{LinkSettings, ToolSettings};
use super::table::places::OUTSIDE;

/// What a command does at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Access {
    /// It reads what is there.
    pub(super) reads: bool,
    /// It changes, makes or removes what is there.
    pub(super) writes: bool,
    /// It goes through everything below.
    pub(super) below: bool,
}

impl Access {
    /// Names the place: lists it, or asks whether it is there.
    pub(super) const NAMES: Self = Self { reads: false, writes: false, below: false };
    /// Reads it.
    pub(super) const READS: Self = Self { reads: true, writes: false, below: false };
    /// Writes it.
    pub(super) const WRITES: Self = Self { reads: false, writes: true, below: false };
    /// May do either.
    pub(super) const BOTH: Self = Self { reads: true, writes: true, below: false };

    /// The same with everything below.
    pub(super) const fn below(self, below: bool) -> Self {
        Self { below, ..self }
    }
}

/// A file or folder of Sluicegate's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Own {
    path: Path,
    /// Whether everything in it is Sluicegate's too.
    folder: bool,
}

/// What the effects of a call depend on besides the call. Made once from the settings.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    workspace: Option<Path>,
    own: Vec<Own>,
    /// What the settings add to the system's configuration.
    system: Places,
    hosts: Hosts,
}

impl Scene {
    /// A scene with the workspace and the places of the settings.
    #[must_use]
    pub fn new(tools: &ToolSettings, links: &LinkSettings) -> Self {
        let workspace = tools.workspace.as_deref().and_then(|folder| Path::parse(&folder.to_string_lossy()));
        let mut scene =
            Self { workspace, own: Vec::new(), system: Places::new(&tools.system_paths), hosts: Hosts::new(links) };
        for path in &tools.gate_paths {
            scene.own_path(path, true);
        }
        scene
    }

    /// Adds a file of Sluicegate's own, which no call may touch.
    pub fn own_file(&mut self, file: &FilePath) {
        self.own_path(&file.to_string_lossy(), false);
    }

    /// Adds a folder in which everything is Sluicegate's own.
    pub fn own_folder(&mut self, folder: &FilePath) {
        self.own_path(&folder.to_string_lossy(), true);
    }

    /// Adds a log: the file, what stands beside it under its name (`audit.jsonl.head`), and its older parts
    /// (`audit-000000000001.jsonl`).
    pub fn own_log(&mut self, file: &FilePath) {
        let Some(path) = Path::parse(&file.to_string_lossy()) else { return };
        let (stem, ending) = path.name().rsplit_once('.').map_or((path.name(), ""), |(stem, ending)| (stem, ending));
        let older = if ending.is_empty() { format!("{stem}-*") } else { format!("{stem}-*.{ending}") };
        for name in [path.name().to_owned(), format!("{}.*", path.name()), older] {
            let mut path = path.clone();
            path.parts.pop();
            path.parts.push(name);
            self.own.push(Own { path, folder: false });
        }
    }

    /// Adds a store: the file, and what stands beside it under its name (`store.db-wal`, `store.db.broken-damaged`).
    pub fn own_store(&mut self, file: &FilePath) {
        let Some(path) = Path::parse(&file.to_string_lossy()) else { return };
        for ending in ["", "-*", ".*"] {
            let mut path = path.clone();
            let name = format!("{}{ending}", path.name());
            path.parts.pop();
            path.parts.push(name);
            self.own.push(Own { path, folder: false });
        }
    }

    fn own_path(&mut self, text: &str, folder: bool) {
        let path = Path::parse(text).filter(|path| !path.parts.is_empty());
        self.own.extend(path.map(|path| Own { path, folder }));
    }

    /// The hosts that links may lead to.
    pub(super) const fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// What it means to do something at a path; `bases` are the folders that the command may run in.
    pub(super) fn effects(&self, path: &Path, access: Access, bases: &[Path]) -> Effects {
        let mut effects = Effects::NONE;
        if bases.is_empty() || !matches!(path.root, Root::Here(_)) {
            return self.effects_at(path, access);
        }
        for base in bases {
            effects |= self.effects_at(&path.from(base), access);
        }
        effects
    }

    fn effects_at(&self, path: &Path, access: Access) -> Effects {
        let mut effects = Effects::NONE;
        if STREAMS.hold(path) {
            return effects;
        }
        effects |= Effects::FILES;
        let place = self.place(path);
        if self.is_own(&place, access) {
            effects |= Effects::TOUCHES_GATE;
        }
        if access.reads && (places::is_secret(path) || (access.below && places::holds_secrets(path))) {
            effects |= Effects::READS_SECRETS;
        }
        if access.writes {
            if SYSTEM.hold(path) || self.system.hold(&place) || is_root(path) {
                effects |= Effects::CHANGES_SYSTEM;
            }
            if DEVICES.hold(path) {
                effects |= Effects::DESTRUCTIVE;
            }
        }
        if self.is_outside(path) {
            effects |= Effects::LEAVES_WORKSPACE;
        }
        effects
    }

    /// A relative path is meant from the workspace, where there is one.
    fn place(&self, path: &Path) -> Path {
        match (&self.workspace, path.root) {
            (Some(workspace), Root::Here(_)) => path.from(workspace),
            _ => path.clone(),
        }
    }

    fn is_own(&self, path: &Path, access: Access) -> bool {
        GATE.hold(path)
            || (access.below && access.writes && GATE.lie_below(path))
            || self.own.iter().any(|own| own.is_touched(path, access))
    }

    fn is_outside(&self, path: &Path) -> bool {
        if SCRATCH.hold(path) {
            return false;
        }
        match (path.root, &self.workspace) {
            (Root::Here(above), _) => above > 0 && !self.is_inside(path),
            (Root::Unknown, _) => false,
            (_, Some(_)) => !self.is_inside(path),
            (Root::Home, None) => path.tilde,
            (Root::Absolute, None) => path
                .parts
                .first()
                .is_none_or(|first| OUTSIDE.iter().any(|name| may_be(first, name) || may_be(name, first))),
        }
    }

    fn is_inside(&self, path: &Path) -> bool {
        self.workspace.as_ref().is_some_and(|workspace| self.place(path).is_within(workspace))
    }

    /// Whether deleting at a path loses nothing of anybody's.
    pub(super) fn is_scratch(path: &Path) -> bool {
        SCRATCH.hold(path)
    }
}

/// Whether a part of a path is a name of Sluicegate's own; either may be a pattern.
fn same_name(part: &str, name: &str) -> bool {
    may_be(part, name) || may_be(name, part)
}

/// Whether a path is the root of the machine.
fn is_root(path: &Path) -> bool {
    path.root == Root::Absolute && path.parts.is_empty()
}

impl Own {
    fn is_touched(&self, path: &Path, access: Access) -> bool {
        let own = &self.path;
        match path.root {
            // Where it is meant from is not known: it is Sluicegate's if it ends as Sluicegate's does.
            Root::Here(_) | Root::Unknown => self.ends_alike(&path.parts),
            _ if path.root != own.root => false,
            _ => {
                let shorter = own.parts.len().min(path.parts.len());
                let alike = path.parts.iter().zip(&own.parts).all(|(part, name)| same_name(part, name));
                alike
                    && (path.parts.len() == own.parts.len()
                        || (self.folder && shorter == own.parts.len())
                        // A whole folder is moved, deleted or read in which Sluicegate's file lies.
                        || (access.below && (access.reads || access.writes) && shorter == path.parts.len()))
            }
        }
    }

    fn ends_alike(&self, parts: &[String]) -> bool {
        let own = &self.path.parts;
        let ends = |parts: &[String]| {
            !parts.is_empty()
                && parts.len() <= own.len()
                && parts.iter().rev().zip(own.iter().rev()).all(|(part, name)| same_name(part, name))
                && parts.last().is_some_and(|name| !is_pattern(name) || super::path::aims(name))
        };
        if !self.folder {
            return ends(parts);
        }
        // A folder: any beginning of the path may be the folder.
        (1..=parts.len().min(64)).any(|length| ends(parts.get(..length).unwrap_or_default()))
    }
}
