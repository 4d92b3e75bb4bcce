//! Settings, policies and rules, compiled and taken into use as one.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::config::Settings;
use crate::detect::{Detector, Guarded, RuleSet};
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::event::Kind;
use crate::facts::{Ask, Questions};
use crate::keys::Canary;
use crate::policy::{Limits, PolicySet};
use crate::sender::Senders;
use crate::store::Store;
use crate::tool::Scene;
use crate::verdict::{By, Station, Verdict};

/// One revision of everything that the owner writes.
pub(super) struct Loaded {
    pub(super) settings: Settings,
    pub(super) policies: PolicySet,
    /// Those of the policies, shared with the records that wait for the log.
    pub(super) questions: Arc<Questions>,
    pub(super) detector: Arc<Detector>,
    pub(super) senders: Senders,
    pub(super) scene: Scene,
    pub(super) revision: Arc<str>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl Loaded {
    /// Compiles everything, or nothing.
    pub(super) fn new(
        settings: Settings,
        policies: &[Source],
        rules: &[Source],
        canary: Option<&Canary>,
        secret: &[u8; 32],
        store: &Arc<dyn Store>,
    ) -> Result<Self, LoadError> {
        let loaded = PolicySet::load(policies, Limits::default())?;
        let rule_set = RuleSet::load(rules)?;
        let prompt = settings.read_system_prompt()?;
        let revision = revision(&settings, policies, rules, prompt.as_ref());
        let mut guarded = Guarded::default();
        if let Some(prompt) = &prompt {
            guarded = guarded.with_prompt(&prompt.text);
        }
        if let Some(canary) = canary {
            guarded = guarded.with_canary(canary.as_str());
        }
        let says = loaded.set.questions().iter().filter(|(_, question)| question.ask == Ask::Says);
        let detector = Detector::guarding(
            &rule_set,
            says.map(|(number, question)| (number, question.literal.as_ref())),
            &settings.detect,
            &guarded,
        )
        .map_err(|error| {
            let file = policies.first().map_or_else(|| Arc::from("rules"), |source| Arc::clone(&source.name));
            LoadError::from(Diagnostic::error("R010", &file, error.to_string()))
        })?;
        let senders = Senders::new(&settings.senders(), secret, Arc::clone(store));
        let detector = Arc::new(detector);
        let scene = settings.scene();
        let questions = Arc::new(loaded.set.questions().clone());
        Ok(Self {
            settings,
            policies: loaded.set,
            questions,
            detector,
            senders,
            scene,
            revision,
            warnings: loaded.warnings,
        })
    }

    /// The closed decision for a kind of event.
    pub(super) fn closed(&self, kind: Kind, reason: &str) -> Verdict {
        let mut verdict = Verdict::new(self.settings.closed.decision(kind), reason, By::station(Station::Failure));
        verdict.revision = Arc::clone(&self.revision);
        verdict
    }
}

/// A digest of everything that judges.
fn revision(settings: &Settings, policies: &[Source], rules: &[Source], prompt: Option<&Source>) -> Arc<str> {
    let mut hasher = Sha256::new();
    // INVARIANT: every part is preceded by its length. Settings are hashed as parsed, so a comment is no new revision.
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(env!("CARGO_PKG_VERSION").as_bytes());
    let mut judging = settings.clone();
    // Where the files lie changes no verdict.
    (judging.policies, judging.rules, judging.key, judging.audit, judging.file) = Default::default();
    judging.reply.system_prompt = None;
    part(format!("{judging:?}").as_bytes());
    // A prompt counts by what it says, whatever its file is called; no file has an empty name.
    if let Some(prompt) = prompt {
        part(b"");
        part(prompt.text.as_bytes());
    }
    for source in policies.iter().chain(rules) {
        part(source.name.as_bytes());
        part(source.text.as_bytes());
    }
    format!("sha256:{}", hex::encode(hasher.finalize())).into()
}
