//! Chains of policies, with what their owner states of them.

use std::path::{Path, PathBuf};

use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::facts::Levels;
use sluicegate::policy::{Limits, PolicySet};
use sluicegate::workbench::prove::{Statement, Waiver, invariants, policies, statements, waivers};

use crate::cli::failure::Failure;
use crate::cli::sources;

/// Where cases lie, in the folder of the policies.
const CASES: &str = "cases";

/// A chain of policies, with what is claimed of it.
pub struct Chain {
    /// The files, the first of which is asked first.
    pub sources: Vec<Source>,
    /// What is claimed: the invariants, and the owner's own statements.
    pub statements: Vec<Statement>,
    /// Invariants that the policies waive.
    pub waivers: Vec<Waiver>,
    /// Files whose statements are about some of these policies and not about this chain, so nobody would miss them.
    pub passed_over: Vec<String>,
}

/// The thresholds of the settings.
pub fn levels(settings: &Settings) -> Levels {
    let (thresholds, escalated) = (settings.thresholds, settings.escalation.threshold);
    Levels { suspect: thresholds.suspect, attack: thresholds.attack, escalated }
}

/// The chains that are meant: of each policy one by itself, of each file of cases that which it names, of no files that of
/// the settings. Own statements are those of the cases in the folder `cases` beside the first policy that name this chain.
pub fn read(files: &[PathBuf], settings: &Settings) -> Result<Vec<Chain>, Failure> {
    if files.is_empty() {
        let folder = settings.policies.first().and_then(|path| path.parent());
        return Ok(vec![Chain::new(settings.read_policies()?, folder)?]);
    }
    let mut chains = Vec::new();
    for file in files {
        if file.extension().is_some_and(|extension| extension == "toml") {
            chains.push(of_cases(file)?);
            continue;
        }
        for source in sources::read(std::slice::from_ref(file), "rhai")? {
            let folder = if file.is_dir() { Some(file.as_path()) } else { file.parent() };
            chains.push(Chain::new(vec![source], folder)?);
        }
    }
    Ok(chains)
}

/// The chain that a file of cases names, with only that file's statements.
fn of_cases(file: &Path) -> Result<Chain, Failure> {
    let cases = sources::read(&[file.to_owned()], "toml")?;
    let mut chain =
        Chain { sources: Vec::new(), statements: invariants(), waivers: Vec::new(), passed_over: Vec::new() };
    let folder = file.parent().unwrap_or(Path::new(""));
    for source in &cases {
        for name in policies(source)? {
            let above = || folder.join("..").join(&name);
            let path = Some(folder.join(&name)).filter(|path| path.is_file()).unwrap_or_else(above);
            if !path.is_file() {
                let what = format!("there is no policy `{name}`, neither beside it nor in the folder above");
                return Err(Failure::of_file(file, what));
            }
            let text = sources::read(&[path], "rhai")?.into_iter().map(|source| source.text);
            chain.sources.extend(text.map(|text| Source::new(name.as_str(), text)));
        }
        chain.statements.extend(statements(source)?);
    }
    chain.waivers = waivers(&chain.sources)?;
    Ok(chain)
}

impl Chain {
    fn new(chain: Vec<Source>, folder: Option<&Path>) -> Result<Self, Failure> {
        let (mut all, mut passed_over) = (invariants(), Vec::new());
        let names: Vec<String> = chain.iter().map(|source| base(&source.name).to_owned()).collect();
        let cases = folder.map(|folder| folder.join(CASES)).filter(|cases| cases.is_dir());
        for source in cases.map(|cases| sources::any(&cases, "toml")).transpose()?.unwrap_or_default() {
            let named = policies(&source)?;
            if named == names {
                all.extend(statements(&source)?);
            } else if names.iter().any(|name| named.contains(name)) && !statements(&source)?.is_empty() {
                passed_over.push(base(&source.name).to_owned());
            }
        }
        let waivers = waivers(&chain)?;
        Ok(Self { sources: chain, statements: all, waivers, passed_over })
    }

    /// The policies, loaded as the gate would.
    pub fn load(&self) -> Result<PolicySet, Failure> {
        Ok(PolicySet::load(&self.sources, Limits::default())?.set)
    }

    /// The names of its files.
    pub fn names(&self) -> Vec<&str> {
        self.sources.iter().map(|source| &*source.name).collect()
    }

    /// Why an invariant is waived, if it is.
    pub fn waived(&self, statement: &Statement) -> Option<&Waiver> {
        let invariant = statement.invariant?;
        self.waivers.iter().find(|waiver| waiver.invariant == invariant)
    }

    /// One line of a file.
    pub fn line(&self, file: &str, line: u32) -> Option<&str> {
        let source = self.sources.iter().find(|source| &*source.name == file)?;
        source.text.lines().nth((line as usize).checked_sub(1)?)
    }
}

/// The last part of a path.
fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
