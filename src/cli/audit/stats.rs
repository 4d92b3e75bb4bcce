//! `sluicegate audit stats`: what was decided, how often, and why.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;
use sluicegate::Decision;
use sluicegate::audit::{Change, Content, PastCheck, Records};
use sluicegate::config::Settings;
use sluicegate::keys::{Keys, Pseudonym};

use super::names;
use super::row::{brief, when};
use super::source::{Source, broken, tell_unusable};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::utc::Utc;
use crate::cli::visible;

/// The most rows of one kind that are counted one by one; the others are counted together.
const MOST: usize = 4_096;
/// The most rows of one kind that a person is shown.
const SHOWN: usize = 20;
/// What stands for all that is not counted one by one.
const OTHERS: &str = "(others)";

/// Count what was decided: by day, channel, rule and reason; what broke; what was changed.
#[derive(clap::Args)]
pub struct Args {
    /// Only what came in this time before now, such as `7d`, `24h`, `90m` or `2w`.
    #[arg(long, value_name = "TIME", value_parser = milliseconds)]
    since: Option<u64>,
    /// Print one JSON object, with every row.
    #[arg(long)]
    json: bool,
    /// The log; without it, that of the settings.
    file: Option<PathBuf>,
}

/// A time as a number and `m`, `h`, `d` or `w`.
fn milliseconds(text: &str) -> Result<u64, String> {
    const MINUTE: u64 = 60_000;
    let wrong = || format!("`{text}` is no time: give a number and m, h, d or w, such as 7d");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let of_one = match unit {
        'm' => MINUTE,
        'h' => 60 * MINUTE,
        'd' => 24 * 60 * MINUTE,
        'w' => 7 * 24 * 60 * MINUTE,
        _ => return Err(wrong()),
    };
    let count: u64 = text.trim_end_matches(unit).parse().map_err(|_| wrong())?;
    count.checked_mul(of_one).ok_or_else(wrong)
}

/// How often each decision was taken.
#[derive(Clone, Copy, Default, Serialize)]
struct Decided {
    allow: u64,
    hold: u64,
    drop: u64,
}

impl Decided {
    fn add(&mut self, decision: Decision) {
        match decision {
            Decision::Allow => self.allow += 1,
            Decision::Hold => self.hold += 1,
            Decision::Drop => self.drop += 1,
        }
    }

    const fn all(&self) -> u64 {
        self.allow + self.hold + self.drop
    }
}

#[derive(Default, Serialize)]
struct Stats {
    checks: u64,
    lost: u64,
    decisions: Decided,
    days: BTreeMap<String, Decided>,
    channels: BTreeMap<String, Decided>,
    rules: BTreeMap<String, u64>,
    reasons: BTreeMap<String, Decided>,
    degraded: BTreeMap<String, u64>,
    changes: BTreeMap<String, u64>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let source = Source::open(args.file.as_ref(), context)?;
    let from = args.since.map(|since| now().saturating_sub(since));
    let names = channels(&source.settings, &source.keys);
    let mut records = Records::open(&source.file, Some(&source.keys)).map_err(broken)?;
    let (mut stats, mut unusable) = (Stats::default(), 0);
    while let Some(line) = records.next_line().map_err(broken)? {
        if matches!(line.content, Content::Unusable(_)) {
            unusable += 1;
        } else if from.is_none_or(|from| line.at >= from) {
            stats.add(line.at, &line.content, &names);
        }
    }
    let mut output = Output::open();
    if args.json {
        output.json(&stats)?;
    } else {
        let since = from.map(|from| format!("since {} UTC: ", when(from))).unwrap_or_default();
        for line in stats.screen(&since) {
            output.line(&visible::lines(&line))?;
        }
    }
    output.finish()?;
    Ok(if tell_unusable(&source.file, unusable) { Outcome::Wrong } else { Outcome::Done })
}

/// The names of channels by their pseudonyms, under every key.
fn channels(settings: &Settings, keys: &Keys) -> BTreeMap<Pseudonym, String> {
    let pseudonyms = keys.pseudonyms();
    let under = |name: &String| pseudonyms.all().map(|all| (all.channel(name), name.clone())).collect::<Vec<_>>();
    names::channels(settings).iter().flat_map(under).collect()
}

impl Stats {
    fn add(&mut self, at: u64, content: &Content, names: &BTreeMap<Pseudonym, String>) {
        match content {
            Content::Check(check) => self.add_check(at, check, names),
            Content::Deed(deed) => *row(&mut self.changes, deed.word.clone()) += 1,
            Content::Change(change) => {
                let word = match **change {
                    Change::Reloaded { .. } => "reloaded",
                    Change::Refused { .. } => "reload refused",
                    Change::Quarantined { .. } => "policies quarantined",
                    _ => "something unknown",
                };
                *row(&mut self.changes, word.to_owned()) += 1;
            }
            Content::Gap(lost) => self.lost += lost,
            _ => {}
        }
    }

    fn add_check(&mut self, at: u64, check: &PastCheck, names: &BTreeMap<Pseudonym, String>) {
        self.checks += 1;
        self.decisions.add(check.decision);
        let day = Utc::of(at).map_or_else(|| "at no known time".to_owned(), |at| at.date);
        row(&mut self.days, day).add(check.decision);
        let channel = match &check.channel {
            Some(pseudonym) => names.get(pseudonym).cloned().unwrap_or_else(|| brief(Some(pseudonym))),
            None => "(none)".to_owned(),
        };
        row(&mut self.channels, channel).add(check.decision);
        let reason = if check.reason.is_empty() { "(none)" } else { &check.reason };
        row(&mut self.reasons, reason.to_owned()).add(check.decision);
        for (rule, _) in &check.rules {
            *row(&mut self.rules, rule.to_string()) += 1;
        }
        for (station, severity) in &check.degraded {
            *row(&mut self.degraded, format!("{station}, {severity}")) += 1;
        }
    }

    fn screen(&self, since: &str) -> Vec<String> {
        let mut lines = vec![format!("{since}{}", counted(self.checks, "check"))];
        if self.lost > 0 {
            lines.push(format!("{} could not be written and are not counted", counted(self.lost, "record")));
        }
        let decided = |title: &str, rows: &BTreeMap<String, Decided>, by_name: bool| {
            let mut rows: Vec<_> = rows.iter().collect();
            if !by_name {
                rows.sort_by_key(|(_, decided)| std::cmp::Reverse(decided.all()));
            }
            // Of many days, the last are shown; of the others, those that are most.
            let (skip, count) = (if by_name { rows.len().saturating_sub(SHOWN) } else { 0 }, rows.len());
            let head = format!("{:40} {:>8} {:>8} {:>8}", title, "allow", "hold", "drop");
            let shown = rows.into_iter().skip(skip).take(SHOWN).map(|(name, decided)| {
                let Decided { allow, hold, drop } = decided;
                format!("  {} {allow:>8} {hold:>8} {drop:>8}", visible::pad(name, 38))
            });
            block(head, shown.collect(), count)
        };
        let counts = |title: &str, rows: &BTreeMap<String, u64>| {
            let mut rows: Vec<_> = rows.iter().collect();
            rows.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let count = rows.len();
            let shown = rows.into_iter().take(SHOWN);
            block(
                title.to_owned(),
                shown.map(|(name, count)| format!("  {} {count:>8}", visible::pad(name, 38))).collect(),
                count,
            )
        };
        lines.extend(decided("days", &self.days, true));
        lines.extend(decided("channels", &self.channels, false));
        lines.extend(decided("reasons", &self.reasons, false));
        lines.extend(counts("rules that fired", &self.rules));
        lines.extend(counts("stations that broke", &self.degraded));
        lines.extend(counts("changes", &self.changes));
        lines
    }
}

/// A block of rows under its title; nothing where there is no row.
fn block(title: String, rows: Vec<String>, count: usize) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let untold = count - rows.len();
    let more = (untold > 0).then(|| format!("  and {untold} more: --json shows all"));
    [String::new(), title].into_iter().chain(rows).chain(more).collect()
}

/// The row of a name; that of the others where there are too many names.
fn row<T: Default>(rows: &mut BTreeMap<String, T>, name: String) -> &mut T {
    let is_known = rows.contains_key(&name) || rows.len() < MOST;
    rows.entry(if is_known { name } else { OTHERS.to_owned() }).or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_with_a_unit() {
        let day = 86_400_000;
        for (text, expected) in [("7d", 7 * day), ("24h", day), ("90m", 5_400_000), ("2w", 14 * day), ("0d", 0)] {
            assert_eq!(milliseconds(text), Ok(expected));
        }
        for text in ["", "7", "d", "-7d", "7 d", "7dd", "1.5h", "99999999999999999999d", "9999999999999999w", "7é"] {
            assert!(milliseconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_beyond_the_most_are_counted_together() {
        let mut rows: BTreeMap<String, u64> = BTreeMap::new();
        for number in 0..MOST + 100 {
            *row(&mut rows, number.to_string()) += 1;
        }
        assert_eq!((rows.len(), rows[OTHERS]), (MOST + 1, 100));
    }
}
