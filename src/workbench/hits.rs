//! What each rule does over many texts: how often it fires on attacks and on harmless texts, how often it fires alone, and what
//! share of the search it costs.

use crate::detect::{Detector, RuleSet, Scope};

use super::contract::SUSPECT;

/// What one rule did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleHits {
    /// Attacks in which it fired.
    pub attacks: u64,
    /// Harmless texts in which it fired.
    pub benign: u64,
    /// Texts in which it fired and no other rule did: what would not be seen without it.
    pub alone: u64,
    /// Comparisons that following its phrases took, over all texts, in plain letters.
    pub steps: u64,
    /// Whether it may be applied to the text of a message at all.
    pub applied: bool,
}

/// What all rules did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hits {
    /// For each rule of the set, in its order.
    pub rules: Vec<RuleHits>,
    /// Attacks that were tried.
    pub attacks: u64,
    /// Of these, those with a score from [`SUSPECT`] on.
    pub attacks_found: u64,
    /// Harmless texts that were tried.
    pub benign: u64,
    /// Of these, those with a score from [`SUSPECT`] on.
    pub benign_found: u64,
    /// Texts in which the lexical model found something.
    pub model: u64,
}

impl Hits {
    /// Nothing tried yet. Of a detector of these `rules`.
    #[must_use]
    pub fn new(rules: &RuleSet) -> Self {
        let applied = rules.rules().iter().map(|rule| rule.scope.contains(Scope::Text));
        let rules = applied.map(|applied| RuleHits { applied, ..RuleHits::default() });
        Self { rules: rules.collect(), ..Self::default() }
    }

    /// Tries a text as the text of a message. `rules` is the set that the detector was made of. Costs two searches.
    pub fn add(&mut self, detector: &Detector, rules: &RuleSet, text: &str, is_attack: bool) {
        let detection = detector.detect_text(text);
        let found = u64::from(detection.score >= SUSPECT);
        if is_attack {
            self.attacks += 1;
            self.attacks_found += found;
        } else {
            self.benign += 1;
            self.benign_found += found;
        }
        let fired = detection.findings.iter().chain(&detection.counted);
        let known: Vec<usize> =
            fired.filter_map(|finding| rules.rules().iter().position(|rule| rule.id == finding.rule)).collect();
        self.model += u64::from(known.len() < detection.findings.len() + detection.counted.len());
        for number in &known {
            if let Some(hits) = self.rules.get_mut(*number) {
                *(if is_attack { &mut hits.attacks } else { &mut hits.benign }) += 1;
                hits.alone += u64::from(known.len() == 1);
            }
        }
        for (hits, steps) in self.rules.iter_mut().zip(detector.steps_by_rule(text)) {
            hits.steps += steps;
        }
    }

    /// Comparisons of all rules.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.rules.iter().map(|rule| rule.steps).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn tells_who_fires_alone_and_who_never() {
        let rule = |id: &str, scope: &str, phrase: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\ncategory = \"custom\"\npoints = 5\nclass = \"artifact\"\nscope = [\"{scope}\"]\nphrases = [\"{phrase}\"]\n"
            )
        };
        let text = [
            "format = 1\n".to_owned(),
            rule("custom.a", "text", "violet walrus"),
            rule("custom.b", "text", "(violet|green) walrus hums"),
            rule("custom.never", "text", "yellow walrus"),
            rule("custom.reply", "reply", "violet walrus"),
        ]
        .concat();
        let rules = RuleSet::load(&[Source::new("t.toml", text)]).unwrap();
        let detector = Detector::new(&rules).unwrap();
        let mut hits = Hits::new(&rules);
        for (text, is_attack) in
            [("the violet walrus", true), ("a violet walrus hums", true), ("green walrus hums", false), ("tea", false)]
        {
            hits.add(&detector, &rules, text, is_attack);
        }
        let seen: Vec<(u64, u64, u64, bool)> =
            hits.rules.iter().map(|rule| (rule.attacks, rule.benign, rule.alone, rule.applied)).collect();
        assert_eq!(seen, [(2, 0, 1, true), (1, 1, 1, true), (0, 0, 0, true), (0, 0, 0, false)]);
        assert_eq!((hits.attacks, hits.attacks_found, hits.benign, hits.benign_found, hits.model), (2, 2, 2, 1, 0));
        assert!(hits.rules[0].steps > 0 && hits.steps() >= hits.rules[0].steps);
    }
}
