//! Where everything comes from that judges, and what was read there.

use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::auth::{AgentSettings, Agents};
use crate::config::Settings;
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::keys::{Canary, KeySource, Keys};
use crate::owner::{Contents, Part, Switches};

/// Where everything comes from, to read it again.
pub(super) struct Origin {
    pub(super) settings: SettingsFrom,
    pub(super) policies: Option<Vec<Source>>,
    pub(super) rules: Option<Vec<Source>>,
    /// That of keys that were handed in; else it is that of the key file.
    pub(super) canary: Option<Canary>,
}

pub(super) enum SettingsFrom {
    File(PathBuf),
    Given(Box<Settings>),
}

/// Everything that the owner writes, read and not yet compiled.
pub(super) struct Material {
    pub(super) settings: Settings,
    pub(super) policies: Arc<[Source]>,
    pub(super) rules: Arc<[Source]>,
    pub(super) prompt: Option<Source>,
    pub(super) canary: Option<Canary>,
    pub(super) agents: Arc<Agents>,
    /// What judges, as verdicts name it.
    pub(super) revision: Arc<str>,
    /// The revision, and where the files lie: two materials with one print make no difference to anything.
    pub(super) print: [u8; 32],
}

impl Origin {
    pub(super) fn settings(&self) -> Result<Settings, LoadError> {
        match &self.settings {
            SettingsFrom::File(path) => Settings::load(path),
            SettingsFrom::Given(settings) => Ok(settings.as_ref().clone()),
        }
    }

    /// Reads everything. The texts that are compiled are those that were read here, so what changes meanwhile is for the next time.
    ///
    /// # Errors
    /// All that cannot be read.
    pub(super) fn read(&self) -> Result<Material, LoadError> {
        let settings = self.settings()?;
        let mut faults = Vec::new();
        let policies = self.policies.clone().map_or_else(|| settings.read_policies(), Ok);
        let policies = policies.map_err(|error| faults.extend(error.diagnostics));
        let rules = self.rules.clone().map_or_else(|| settings.read_rules(), Ok);
        let rules = rules.map_err(|error| faults.extend(error.diagnostics));
        let prompt = settings.read_system_prompt().map_err(|error| faults.extend(error.diagnostics));
        let canary = self.canary(&settings).map_err(|fault| faults.push(fault));
        let agents = Agents::load(&settings.auth, &settings.agent).map_err(|found| faults.extend(found));
        match (policies, rules, prompt, canary, agents) {
            (Ok(policies), Ok(rules), Ok(prompt), Ok(canary), Ok(agents)) => {
                Ok(Material::new(settings, policies.into(), rules.into(), prompt, canary, agents.into()))
            }
            _ => Err(faults.into()),
        }
    }

    fn canary(&self, settings: &Settings) -> Result<Option<Canary>, Diagnostic> {
        if let Some(canary) = &self.canary {
            return Ok(Some(canary.clone()));
        }
        let Some(path) = &settings.key else { return Ok(None) };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Keys::load(&KeySource::File(path.clone()))
            .map(|keys| Some(keys.canary()))
            .map_err(|error| Diagnostic::error("S006", &name.as_ref().into(), error.to_string()))
    }

    /// The files and folders that are read with these settings, whether they are there or not.
    #[cfg(feature = "watch")]
    pub(super) fn places(&self, settings: &Settings) -> Vec<PathBuf> {
        let mut places = Vec::new();
        if let SettingsFrom::File(path) = &self.settings {
            places.push(path.clone());
        }
        if self.policies.is_none() {
            places.extend(settings.policies.iter().cloned());
        }
        if self.rules.is_none() {
            places.extend(settings.rules.iter().cloned());
        }
        places.extend(settings.reply.system_prompt.clone());
        places.extend(settings.agent.iter().flat_map(AgentSettings::files).cloned());
        if self.canary.is_none() {
            places.extend(settings.key.clone());
        }
        places
    }
}

impl Material {
    pub(super) fn new(
        settings: Settings,
        policies: Arc<[Source]>,
        rules: Arc<[Source]>,
        prompt: Option<Source>,
        canary: Option<Canary>,
        agents: Arc<Agents>,
    ) -> Self {
        let digest = revision(&settings, &policies, &rules, prompt.as_ref(), canary.as_ref());
        let revision = format!("sha256:{}", hex::encode(digest)).into();
        let print = Parts::default().part(&digest).part(format!("{settings:?}").as_bytes());
        // Keys that were exchanged judge no event otherwise, but other messages are believed.
        let print = print.part(&agents.print()).digest();
        Self { settings, policies, rules, prompt, canary, agents, revision, print }
    }

    /// The revision part by part, each with its digest.
    pub(super) fn contents(&self) -> Contents {
        let digest = |bytes: &[u8]| Parts::default().part(bytes).digest();
        let mut parts = vec![
            Part::new("sluicegate itself".to_owned(), digest(env!("CARGO_PKG_VERSION").as_bytes())),
            Part::new("settings".to_owned(), digest(judging(&self.settings).as_bytes())),
        ];
        parts.extend(
            self.canary.iter().map(|it| Part::new("canary of the key".to_owned(), digest(it.as_str().as_bytes()))),
        );
        parts.extend(self.prompt.iter().map(|it| Part::new("system prompt".to_owned(), digest(it.text.as_bytes()))));
        for (what, sources) in [("policy", &self.policies), ("rules", &self.rules)] {
            let named = |source: &Source| Part::new(format!("{what} {}", source.name), digest(source.text.as_bytes()));
            parts.extend(sources.iter().map(named));
        }
        Contents { revision: Arc::clone(&self.revision), sealing: self.settings.seal, parts }
    }

    /// Whether the owner lets this judge: as the first, or after another.
    ///
    /// # Errors
    /// Where only sealed revisions may and this is none, or nobody can tell (`S009`).
    pub(super) fn admitted(&self, switches: &Switches, first: bool) -> Result<(), LoadError> {
        let (revision, wants) = (&self.revision, self.settings.seal);
        let admitted = if first { switches.admit_first(revision, wants) } else { switches.admit(revision, wants) };
        admitted.map_err(|(message, help)| {
            let file = self.settings.file.as_deref().and_then(std::path::Path::file_name);
            let name = file.map_or_else(|| "settings".into(), |name| name.to_string_lossy());
            Diagnostic::error("S009", &name.as_ref().into(), message).help(help).into()
        })
    }

    /// Two policies of one name, or two rule files: a verdict or a fault could not say which of them it means.
    pub(super) fn same_names(&self) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for (what, sources) in [("policy", &self.policies), ("rule file", &self.rules)] {
            let mut names: Vec<&Arc<str>> = sources.iter().map(|source| &source.name).collect();
            names.sort_unstable();
            for pair in names.windows(2) {
                if let [one, other] = pair
                    && one == other
                {
                    let message = format!("there is another {what} of this name, so no place in it could be told");
                    faults.push(Diagnostic::error("S007", one, message).help("give one of the two another name"));
                }
            }
        }
        faults
    }
}

/// A digest of everything that judges: the engine's version, settings, canary, prompt, policies and rules.
///
/// Not of where the files lie, so that one set has one revision wherever it is tried out. What a tool call may not touch
/// depends on that too.
fn revision(
    settings: &Settings,
    policies: &[Source],
    rules: &[Source],
    prompt: Option<&Source>,
    canary: Option<&Canary>,
) -> [u8; 32] {
    let mut parts = Parts::default().part(env!("CARGO_PKG_VERSION").as_bytes());
    parts = parts.part(judging(settings).as_bytes());
    // A canary has 96 bits that nobody can guess from a digest, and a prompt counts by what it says, whatever its file is
    // called. No file has an empty name.
    for secret in canary.map(Canary::as_str).into_iter().chain(prompt.map(|prompt| prompt.text.as_ref())) {
        parts = parts.part(b"").part(secret.as_bytes());
    }
    for source in policies.iter().chain([&Source::new("", "")]).chain(rules) {
        parts = parts.part(source.name.as_bytes()).part(source.text.as_bytes());
    }
    parts.digest()
}

/// Those settings that decide something. As parsed, so a comment is no new revision.
fn judging(settings: &Settings) -> String {
    let mut judging = settings.clone();
    (judging.policies, judging.rules, judging.key, judging.audit, judging.file) = Default::default();
    judging.store = Default::default();
    judging.reply.system_prompt = None;
    judging.agent.iter_mut().flat_map(AgentSettings::files_mut).for_each(|file| *file = PathBuf::new());
    // Nor does what the owner is told of policies.
    judging.policy = Default::default();
    format!("{judging:?}")
}

/// A digest of parts. INVARIANT: every part is preceded by its length, so no two lists of parts have one digest.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn part(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
