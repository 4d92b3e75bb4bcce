//! Which cases are tried, and on which policies.

use std::fs;
use std::path::{Path, PathBuf};

use sluicegate::config::{STARTER_CASES, STARTER_POLICIES, Settings, starter_policy};
use sluicegate::diagnostic::Source;
use sluicegate::workbench::cases::{CaseFile, Given, Suite};

use crate::cli::context::Context;
use crate::cli::failure::{Failure, name_of};
use crate::cli::sources;

/// The folder of the cases, beside the policies.
const FOLDER: &str = "cases";

/// A file of cases that was chosen.
pub struct Chosen {
    source: Source,
    /// Where it lies; none if it is built in.
    path: Option<PathBuf>,
}

/// Finds cases, policies and rules.
pub struct Library {
    settings: Settings,
    /// The policies that take the place of those that the cases name.
    instead: Option<Vec<Source>>,
    instead_paths: Vec<PathBuf>,
    /// The rules, once they were needed.
    rules: Option<Vec<Source>>,
}

impl Library {
    /// For the settings in use. `instead` are policies that take the place of those that the cases name.
    pub fn new(context: &Context, instead: &[PathBuf]) -> Result<Self, Failure> {
        let given = if instead.is_empty() { None } else { Some(sources::read(instead, "rhai")?) };
        Ok(Self { settings: context.settings()?, instead: given, instead_paths: instead.to_vec(), rules: None })
    }

    /// The files that were named, or those beside the policies, or the built-in ones.
    pub fn choose(&self, files: &[PathBuf]) -> Result<Vec<Chosen>, Failure> {
        if !files.is_empty() {
            return on_disk(files);
        }
        let beside = if self.instead.is_some() { &self.instead_paths } else { &self.settings.policies };
        if beside.is_empty() {
            let built_in = STARTER_CASES.iter().map(|(name, text)| Source::new(*name, *text));
            return Ok(built_in.map(|source| Chosen { source, path: None }).collect());
        }
        let mut folders: Vec<PathBuf> = Vec::new();
        for policy in beside {
            let folder = policy.parent().unwrap_or(Path::new("")).join(FOLDER);
            if folder.is_dir() && !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        let names: Vec<&str> = beside.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        // A file that cannot be read as cases is kept, so that its faults are told.
        let tests = |chosen: &Chosen| match CaseFile::load(&chosen.source) {
            Ok(file) if self.instead.is_some() => {
                file.policies.iter().map(|name| file_of(name)).eq(names.iter().copied())
            }
            Ok(file) => file.policies.iter().any(|name| names.contains(&file_of(name))),
            Err(_) => true,
        };
        let mut chosen = on_disk(&folders)?;
        chosen.retain(tests);
        if chosen.is_empty() {
            let place = |policy: &PathBuf| {
                let name = policy.with_extension("toml");
                name_of(&policy.with_file_name(FOLDER).join(name.file_name().unwrap_or_default()))
            };
            let example = beside.first().map(place).unwrap_or_default();
            let help = format!("name a file of cases, or write them into {example}");
            return Err(Failure::Broken(format!("there are no cases for {}: {help}", names.join(", "))));
        }
        Ok(chosen)
    }

    /// Loads a file of cases and everything that it is tried with; with the paths of the policies.
    pub fn suite(&mut self, chosen: Chosen) -> Result<(Suite, Vec<String>), Failure> {
        let file = CaseFile::load(&chosen.source)?;
        let (chain, paths) = match &self.instead {
            Some(chain) => (chain.iter().map(named).collect(), chain.iter().map(|it| it.name.to_string()).collect()),
            None => chain(&file, chosen.path.as_deref())?,
        };
        // Rules are asked about whole events only; a fault in them is nothing to cases of facts.
        let has_events = file.cases.iter().any(|case| matches!(case.given, Given::Events(_)));
        if has_events && self.rules.is_none() {
            self.rules = Some(self.settings.read_rules()?);
        }
        Ok((Suite::new(file, chain, self.rules.as_deref().unwrap_or_default())?, paths))
    }
}

/// The files, and of folders those in them that end in `.toml`; a folder of policies stands for that of its cases.
fn on_disk(paths: &[PathBuf]) -> Result<Vec<Chosen>, Failure> {
    let inner = |path: &PathBuf| Some(path.join(FOLDER)).filter(|inner| inner.is_dir()).unwrap_or_else(|| path.clone());
    let paths: Vec<PathBuf> = paths.iter().map(inner).collect();
    let files = sources::files(&paths, "toml")?;
    Ok(files.into_iter().map(|(path, source)| Chosen { source, path: Some(path) }).collect())
}

/// The policies that a file of cases names, and their paths: beside it, in the folder above, or built in.
fn chain(file: &CaseFile, path: Option<&Path>) -> Result<(Vec<Source>, Vec<String>), Failure> {
    let (mut chain, mut paths) = (Vec::new(), Vec::new());
    let folders = path.map(|path| {
        let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let above = match (beside.file_name(), beside.parent()) {
            (Some(_), Some(above)) if above.as_os_str().is_empty() => PathBuf::from("."),
            (Some(_), Some(above)) => above.to_owned(),
            // What ends in `.` or `..` has no name of its own to leave away.
            _ => beside.join(".."),
        };
        [beside.to_owned(), above]
    });
    for (number, name) in file.policies.iter().enumerate() {
        let Some(folders) = &folders else {
            let known = STARTER_POLICIES.iter().map(|(name, _)| *name);
            chain.push(starter_policy(name).ok_or_else(|| file.no_such_policy(number, known))?);
            paths.push(format!("policies/{name}"));
            continue;
        };
        let Some(found) = folders.iter().map(|folder| folder.join(name)).find(|policy| policy.is_file()) else {
            let known: Vec<String> = folders.iter().flat_map(|folder| scripts(folder)).collect();
            return Err(file.no_such_policy(number, known.iter().map(String::as_str)).into());
        };
        for source in sources::read(&[found], "rhai")? {
            paths.push(source.name.strip_prefix("./").unwrap_or(&source.name).to_owned());
            chain.push(named(&source));
        }
    }
    Ok((chain, paths))
}

/// The policies of a folder by their names; a few, for a hint.
fn scripts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".rhai")).take(16).collect();
    names.sort();
    names
}

/// Verdicts name a policy by its file alone, wherever it lies.
fn named(source: &Source) -> Source {
    Source::new(file_of(&source.name), std::sync::Arc::clone(&source.text))
}

/// The last part of a path.
fn file_of(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
