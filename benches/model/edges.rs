//! From which sums on a window is worth points, and what that finds.

use std::collections::BTreeMap;

use sluicegate::detect::lexical::POINTS;

use super::rows::{Kind, Row};

/// How many rows of ordinary talk may be given each of [`POINTS`] or more, of 100,000.
const CHAT: [usize; POINTS.len()] = [400, 35, 10];
/// The same for harmless texts with the words of an attack.
const TRIGGER: [usize; POINTS.len()] = [8_000, 1_500, 100];
/// The same for all harmless texts.
const BENIGN: [usize; POINTS.len()] = [4_000, 600, 60];

/// Sets the edges so that no kind of harmless row is found more often than it may be.
pub fn set(judged: &[(&Row, f64)]) -> [f64; POINTS.len()] {
    let is = |wanted: fn(&Row) -> bool| -> Vec<f64> {
        let mut sums: Vec<f64> =
            judged.iter().filter(|(row, _)| !row.attack && wanted(row)).map(|(_, sum)| *sum).collect();
        sums.sort_by(|a, b| b.total_cmp(a));
        sums
    };
    let (chat, trigger) = (is(|row| row.kind == Kind::Chat), is(|row| row.kind == Kind::Trigger));
    let benign = is(|_| true);
    let mut edges = [0.0; POINTS.len()];
    for (level, edge) in edges.iter_mut().enumerate() {
        let above = |sums: &[f64], share: [usize; POINTS.len()]| {
            sums.get(sums.len() * share[level] / 100_000).copied().unwrap_or(f64::MIN)
        };
        let highest = above(&chat, CHAT).max(above(&trigger, TRIGGER)).max(above(&benign, BENIGN));
        // Just above, so that the row itself is not found; whole numbers round.
        *edge = highest + 0.02;
    }
    edges
}

/// Prints what the edges find, by kind, and of the attacks by source.
pub fn print(title: &str, judged: &[(&Row, f64)], edges: &[f64; POINTS.len()]) {
    println!("\n{title}: found at {POINTS:?} points, sums from {edges:.2?}");
    let mut table: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (row, sum) in judged {
        let kind = format!("{:?}", row.kind).to_lowercase();
        table.entry(format!("{} {kind}", if row.attack { "1 attack" } else { "0 benign" })).or_default().push(*sum);
        if row.attack && row.kind == Kind::Core {
            table
                .entry(format!("2 source {}", row.source.chars().take(48).collect::<String>()))
                .or_default()
                .push(*sum);
        }
    }
    for (name, sums) in table.iter().filter(|(name, sums)| !name.starts_with('2') || sums.len() >= 10) {
        let found = edges.map(|edge| sums.iter().filter(|sum| **sum >= edge).count());
        let share = found.map(|found| format!("{:>6.2} %", 100.0 * found as f64 / sums.len() as f64));
        println!("  {:<58} {:>6} rows  {}", name.get(2..).unwrap_or_default(), sums.len(), share.join("  "));
    }
}
