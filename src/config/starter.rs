//! The starter set, built in: what `sluicegate init` writes out, and what is used where there are no settings.

use crate::diagnostic::Source;

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../policies/", $folder, $name)))),*]
    };
}

/// The starter policies: file name and text.
pub const STARTER_POLICIES: &[(&str, &str)] =
    files!("": "agents.rhai", "personal.rhai", "public.rhai", "readonly.rhai");

/// The cases of the starter policies, which `sluicegate policy test` tries: file name and text.
pub const STARTER_CASES: &[(&str, &str)] =
    files!("cases/": "agents.toml", "personal.toml", "public.toml", "readonly.toml");

/// The starter rules: file name and text.
pub const STARTER_RULES: &[(&str, &str)] = files!("rules/":
    "control-token-dialogue.toml",
    "control-token.toml",
    "destructive.toml",
    "distrust.toml",
    "escalation.toml",
    "exfiltration-links.toml",
    "exfiltration-secrets.toml",
    "exfiltration.toml",
    "extraction-conversation.toml",
    "extraction-sideways.toml",
    "extraction.toml",
    "filesystem.toml",
    "hijack-results.toml",
    "hijack-settings.toml",
    "hijack.toml",
    "injection-aside.toml",
    "injection-indirect.toml",
    "injection-orders.toml",
    "injection-reader.toml",
    "injection-world.toml",
    "injection.toml",
    "lang-ar.toml",
    "lang-de.toml",
    "lang-depth.toml",
    "lang-es.toml",
    "lang-fr.toml",
    "lang-hi-latin.toml",
    "lang-hi.toml",
    "lang-it.toml",
    "lang-ja.toml",
    "lang-pt.toml",
    "lang-ru.toml",
    "lang-zh.toml",
    "lure-spread.toml",
    "lure.toml",
    "obfuscation-answer.toml",
    "obfuscation-markup.toml",
    "obfuscation.toml",
    "persona-answers.toml",
    "persona-frames.toml",
    "persona-leave.toml",
    "persona-limits.toml",
    "persona-manner.toml",
    "persona.toml",
    "personal.toml",
    "probing-owner.toml",
    "probing.toml",
    "reply-compliance.toml",
    "reply.toml",
    "secret-ai.toml",
    "secret-chat.toml",
    "secret-cloud.toml",
    "secret-code.toml",
    "secret-keys.toml",
    "secret-services.toml",
    "social-conscience.toml",
    "social.toml",
);

/// The starter policy with this file name.
#[must_use]
pub fn starter_policy(name: &str) -> Option<Source> {
    STARTER_POLICIES.iter().find(|(file, _)| *file == name).map(|(file, text)| Source::new(*file, *text))
}

/// All starter rules.
#[must_use]
pub fn starter_rules() -> Vec<Source> {
    STARTER_RULES.iter().map(|(file, text)| Source::new(*file, *text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is added to the folder and not here would be missing from the binary.
    #[test]
    fn every_file_of_the_folders_is_built_in() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        for (folder, extension, built_in) in [
            (folder.clone(), "rhai", STARTER_POLICIES),
            (folder.join("cases"), "toml", STARTER_CASES),
            (folder.join("rules"), "toml", STARTER_RULES),
        ] {
            let mut names: Vec<String> = std::fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|found| found == extension))
                .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
                .collect();
            names.sort();
            assert_eq!(names, built_in.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
        }
    }
}
