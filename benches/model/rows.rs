//! What the model learns from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sluicegate::detect::lexical::Lexical;
use sluicegate::detect::{Detector, RuleSet};
use sluicegate::diagnostic::Source;
use sluicegate::verdict::Finding;

/// One text.
pub struct Row {
    /// Where it comes from. Rows of one source are never parted.
    pub source: String,
    pub attack: bool,
    pub kind: Kind,
    /// Whether `benches/score/left_out.txt` names the source, or the row is one of the held halves of `corpus/languages`.
    pub left_out: bool,
    /// Whether it is one of this project's own texts: written by one hand, so always learned from and never judged.
    pub own: bool,
    /// How much it teaches; 0 for what is only judged.
    pub weight: f64,
    /// The features of each window.
    pub windows: Vec<Vec<u32>>,
    /// What the rules find in it.
    pub found: Vec<Finding>,
}

/// As which figure a row counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An attack that reads as one.
    Core,
    /// An attack without a sign in its words.
    Stress,
    /// Ordinary talk, and what people ask an assistant.
    Chat,
    /// Harmless with the words of an attack.
    Trigger,
    /// Documents, code, logs and the rest.
    Other,
}

/// A line of the development data, or of the corpus.
#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    tier: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    lang: String,
}

/// All rows, in a fixed order.
pub fn read(root: &Path, data: &Path) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let rules = rules(&root.join("policies/rules"))?;
    let detector = Detector::new(&rules).map_err(|error| error.to_string())?;
    let left_out = left_out(&root.join("benches/score/left_out.txt"))?;
    for path in files(&data.join("dev"))? {
        for line in lines(&path)? {
            // Disguised rows are attacks that stand there in plain too; what undoes disguises comes before the model.
            if line.source.starts_with("derived:") {
                continue;
            }
            let attack = line.label == "attack";
            let kind = match (attack, line.tier.as_str(), line.kind.as_str()) {
                (true, "stress", _) => Kind::Stress,
                (true, "noisy", _) => continue,
                (true, ..) => Kind::Core,
                (false, _, "benign" | "benign-chat" | "benign-chat-assistant") => Kind::Chat,
                (false, _, kind) if kind.contains("trigger") || kind.contains("overdefense") => Kind::Trigger,
                (false, ..) => Kind::Other,
            };
            // A bare instruction has no sign in its words: learning it would be learning a source by heart.
            let weight = if kind == Kind::Stress { 0.0 } else { 1.0 };
            let prefixes = if attack { &left_out.0 } else { &left_out.1 };
            let left_out = prefixes.iter().any(|prefix| line.source.starts_with(prefix));
            let found = detector.detect_text(&line.text).findings;
            rows.push(Row { left_out, weight, found, ..row(line.source, attack, kind, &line.text) });
        }
    }
    for (folder, attack) in [("attacks", true), ("benign", false), ("model", false), ("languages", false)] {
        let folder = root.join("corpus").join(folder);
        if !folder.exists() {
            continue;
        }
        for path in files(&folder)? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            for line in lines(&path)? {
                let attack = if line.label.is_empty() { attack } else { line.label == "attack" };
                let held = line.part == "held";
                let (kind, source) = match (attack, line.lang.is_empty()) {
                    (true, true) => (Kind::Core, format!("corpus/{name}")),
                    (false, true) => (Kind::Trigger, format!("corpus/{name}")),
                    // One source a language, so that a model without it judges it.
                    (true, false) => (Kind::Core, format!("corpus/languages/{}", line.lang)),
                    (false, false) => (Kind::Chat, format!("corpus/languages/{}", line.lang)),
                };
                let weight = if held { 0.0 } else { 1.0 };
                let found = detector.detect_text(&line.text).findings;
                rows.push(Row { left_out: held, own: true, weight, found, ..row(source, attack, kind, &line.text) });
            }
        }
    }
    for rule in rules.rules().iter().filter(|rule| rule.points >= 5) {
        let own = |row: Row| Row { own: true, ..row };
        rows.extend(rule.matches.iter().map(|text| own(row("rules".to_owned(), true, Kind::Core, text))));
        rows.extend(rule.passes.iter().map(|text| own(row("rules".to_owned(), false, Kind::Trigger, text))));
    }
    Ok(rows)
}

fn rules(folder: &Path) -> Result<RuleSet, String> {
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Source::new(path.file_name().unwrap_or_default().to_string_lossy(), text))
    };
    let sources = files(folder)?.iter().map(read).collect::<Result<Vec<_>, String>>()?;
    RuleSet::load(&sources).map_err(|error| error.to_string())
}

fn row(source: String, attack: bool, kind: Kind, text: &str) -> Row {
    Row {
        source,
        attack,
        kind,
        left_out: false,
        own: false,
        weight: 1.0,
        windows: Lexical::features(text),
        found: Vec::new(),
    }
}

/// Parts the sources into `count` folds of about as many rows each: the largest source first, into the smallest fold.
pub fn folds(rows: &[&Row], count: usize) -> Vec<usize> {
    let mut sizes: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for row in rows {
        *sizes.entry((row.attack, group(&row.source))).or_default() += 1;
    }
    let mut sources: Vec<((bool, &str), usize)> = sizes.into_iter().collect();
    sources.sort_by_key(|(source, size)| (std::cmp::Reverse(*size), *source));
    let mut of: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for attack in [true, false] {
        let mut filled = vec![0; count];
        for (source, size) in sources.iter().filter(|((is, _), _)| *is == attack) {
            let smallest = (0..count).min_by_key(|fold| filled[*fold]).unwrap_or_default();
            filled[smallest] += size;
            of.insert(*source, smallest);
        }
    }
    rows.iter().map(|row| of[&(row.attack, group(&row.source))]).collect()
}

/// The owner of a collection: two collections of one owner overlap.
fn group(source: &str) -> &str {
    match source.split_once(['/', ':']) {
        // The two large collections of jailbreaks were gathered by the same people from the same places.
        Some(("TrustAIRLab", _)) => "verazuo",
        Some(("corpus", _)) | None => source,
        Some((owner, _)) => owner,
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl" || ending == "toml"));
    paths.sort();
    Ok(paths)
}

fn lines(path: &Path) -> Result<Vec<Line>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let read = |(number, line)| {
        serde_json::from_str(line).map_err(|error| format!("{}:{}: {error}", path.display(), number + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}

/// The prefixes of sources that are left out: of attacks, and of harmless texts.
fn left_out(path: &Path) -> Result<(Vec<String>, Vec<String>), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (mut attack, mut benign, mut in_benign) = (Vec::new(), Vec::new(), false);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line {
            "[attack]" => in_benign = false,
            "[benign]" => in_benign = true,
            prefix if in_benign => benign.push(prefix.to_owned()),
            prefix => attack.push(prefix.to_owned()),
        }
    }
    Ok((attack, benign))
}
