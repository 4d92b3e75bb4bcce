//! Settings, policies and rules, compiled and taken into use as one.

use std::sync::{Arc, OnceLock};

use crate::auth::Agents;
use crate::config::Settings;
use crate::detect::{Detector, Guarded, RuleSet};
use crate::diagnostic::{Diagnostic, LoadError, Source};
use crate::event::Kind;
use crate::facts::{Ask, Questions};
use crate::keys::Canary;
use crate::owner::Contents;
use crate::policy::{Limits, PolicySet};
use crate::sender::{People, Senders};
use crate::store::Store;
use crate::tool::Scene;
use crate::verdict::{By, Station, Verdict};

use super::origin::Material;
use super::signers::Signers;

/// One revision of everything that the owner writes.
pub(super) struct Loaded {
    pub(super) settings: Settings,
    pub(super) policies: PolicySet,
    /// Those of the policies, shared with the records that wait for the log.
    pub(super) questions: Arc<Questions>,
    pub(super) detector: Arc<Detector>,
    pub(super) senders: Senders,
    pub(super) agents: Arc<Agents>,
    pub(super) signers: Signers,
    pub(super) scene: Scene,
    pub(super) revision: Arc<str>,
    /// The same part by part.
    pub(super) contents: Contents,
    pub(super) warnings: Vec<Diagnostic>,
    /// Of the material that was read; also where other policies stand in for it.
    pub(super) print: [u8; 32],
    /// The texts of the policies.
    pub(super) chain: Arc<[Source]>,
    /// What policies would stand in, should these have to go.
    pub(super) spare: Option<Spare>,
    /// Why these policies are out of use: they are not asked any more.
    pub(super) quarantine: OnceLock<String>,
    /// Why other policies are out of use, in whose place these stand.
    pub(super) stands_in: Option<String>,
}

/// The last good policies, and all else that a set is made of.
pub(super) struct Spare {
    pub(super) policies: Arc<[Source]>,
    rules: Arc<[Source]>,
    prompt: Option<Source>,
    canary: Option<Canary>,
}

/// What a set is compiled with, besides the material.
pub(super) struct Means<'a> {
    pub(super) limits: Limits,
    pub(super) secret: &'a [u8; 32],
    pub(super) store: &'a Arc<dyn Store>,
    pub(super) people: &'a Arc<People>,
}

impl Loaded {
    /// Compiles everything, or nothing; `last_good` are policies that would stand in for these.
    pub(super) fn new(
        material: Material,
        last_good: Option<Arc<[Source]>>,
        means: &Means<'_>,
    ) -> Result<Self, LoadError> {
        let mut faults = material.same_names();
        let loaded = PolicySet::load(&material.policies, means.limits);
        let loaded = loaded.map_err(|error| faults.extend(error.diagnostics));
        let rule_set = RuleSet::load(&material.rules).map_err(|error| faults.extend(error.diagnostics));
        let (Ok(mut loaded), Ok(rule_set), true) = (loaded, rule_set, faults.is_empty()) else {
            return Err(faults.into());
        };
        let contents = material.contents();
        let Material { settings, policies, rules, prompt, canary, agents, revision, print } = material;
        let quiet = |code: &str| settings.policy.quiet.iter().any(|quiet| quiet.eq_ignore_ascii_case(code));
        loaded.warnings.retain(|warning| !quiet(warning.code));
        let mut guarded = Guarded::default();
        if let Some(prompt) = &prompt {
            guarded = guarded.with_prompt(&prompt.text);
        }
        if let Some(canary) = &canary {
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
        let senders = Senders::new(&settings.senders(), means.secret, Arc::clone(means.store))
            .with_people(Arc::clone(means.people));
        let signers = Signers::new(&settings.agent);
        let scene = settings.scene();
        // The texts are kept only where somebody may need them.
        let spare = last_good.map(|policies| Spare { policies, rules, prompt, canary });
        let questions = Arc::new(loaded.set.questions().clone());
        Ok(Self {
            settings,
            policies: loaded.set,
            questions,
            detector: Arc::new(detector),
            senders,
            agents,
            signers,
            scene,
            revision,
            contents,
            warnings: loaded.warnings,
            print,
            chain: policies,
            spare,
            quarantine: OnceLock::new(),
            stands_in: None,
        })
    }

    /// The policies that would stand in for `fresh` ones: these, if they do well, else those that would stand in for them.
    pub(super) fn last_good(&self, fresh: &[Source]) -> Option<Arc<[Source]>> {
        let well = self.quarantine.get().is_none() && self.policies.overdue_in_a_row() == 0;
        if well && *self.chain != *fresh {
            Some(Arc::clone(&self.chain))
        } else {
            self.spare.as_ref().map(|spare| Arc::clone(&spare.policies)).filter(|policies| **policies != *fresh)
        }
    }

    /// The same set with the last good policies in place of its own, if there are any; `why` goes with every verdict.
    ///
    /// Settings and rules stay: whom the owner has blocked since, and what was locked, stays so.
    pub(super) fn stand_in(&self, why: String, means: &Means<'_>) -> Option<Self> {
        let Spare { policies, rules, prompt, canary } = self.spare.as_ref()?;
        let (policies, rules) = (Arc::clone(policies), Arc::clone(rules));
        let material = Material::new(
            self.settings.clone(),
            policies,
            rules,
            prompt.clone(),
            canary.clone(),
            Arc::clone(&self.agents),
        );
        let loaded = Self::new(material, None, means).ok()?;
        Some(Self { print: self.print, stands_in: Some(why), ..loaded })
    }

    /// The closed decision for a kind of event.
    pub(super) fn closed(&self, kind: Kind, reason: &str) -> Verdict {
        let mut verdict = Verdict::new(self.settings.closed.decision(kind), reason, By::station(Station::Failure));
        verdict.revision = Arc::clone(&self.revision);
        verdict
    }
}
