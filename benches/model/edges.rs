//! From which sums on a window is worth points, and what that finds.

use std::collections::BTreeMap;

use sluicegate::detect::lexical::{MODEL, POINTS};
use sluicegate::detect::score;
use sluicegate::verdict::{Category, Class, Finding};

use super::rows::{Kind, Row};

/// How many rows of ordinary talk may be given each of [`POINTS`] or more, of 100,000.
const CHAT: [usize; POINTS.len()] = [400, 35, 10];
/// The same for harmless texts with the words of an attack.
const TRIGGER: [usize; POINTS.len()] = [8_000, 1_500, 100];
/// The same for documents, code and logs.
const OTHER: [usize; POINTS.len()] = [4_000, 1_200, 150];

/// Sets the edges so that no kind of harmless row is found more often than it may be.
pub fn set(judged: &[(&Row, f64)]) -> [f64; POINTS.len()] {
    let is = |wanted: fn(&Row) -> bool| -> Vec<f64> {
        let mut sums: Vec<f64> =
            judged.iter().filter(|(row, _)| !row.attack && wanted(row)).map(|(_, sum)| *sum).collect();
        sums.sort_by(|a, b| b.total_cmp(a));
        sums
    };
    let (chat, trigger) = (is(|row| row.kind == Kind::Chat), is(|row| row.kind == Kind::Trigger));
    let other = is(|row| row.kind == Kind::Other);
    let mut edges = [0.0; POINTS.len()];
    for (level, edge) in edges.iter_mut().enumerate() {
        let above = |sums: &[f64], share: [usize; POINTS.len()]| {
            sums.get(sums.len() * share[level] / 100_000).copied().unwrap_or(f64::MIN)
        };
        let highest = above(&chat, CHAT).max(above(&trigger, TRIGGER)).max(above(&other, OTHER));
        // Just above, so that the row itself is not found; whole numbers round.
        *edge = highest + 0.02;
    }
    edges
}

/// The score of a row: what the rules found, and what the model's sum is worth.
fn total(row: &Row, sum: f64, edges: &[f64; POINTS.len()]) -> u8 {
    let mut found = row.found.clone();
    if let Some((points, _)) = POINTS.into_iter().zip(edges).rev().find(|(_, edge)| sum >= **edge) {
        found.push(Finding::new(MODEL, (Category::Model, Class::Judgement, points), "text", (0, 0)));
    }
    score(&found)
}

/// Prints what is found, by kind, and of the attacks by source: by the model alone at each of its points, and by rules and
/// model together at suspect and at attack.
pub fn print(title: &str, judged: &[(&Row, f64)], edges: &[f64; POINTS.len()]) {
    println!(
        "\n{title}; the model alone at {POINTS:?} points (sums from {edges:.2?}), with the rules at 5 and 8 points"
    );
    let mut table: BTreeMap<String, Vec<[bool; POINTS.len() + 2]>> = BTreeMap::new();
    for (row, sum) in judged {
        let total = total(row, *sum, edges);
        let [a, b, c] = edges.map(|edge| *sum >= edge);
        let found = [a, b, c, total >= 5, total >= 8];
        let kind = format!("{:?}", row.kind).to_lowercase();
        table.entry(format!("{} {kind}", if row.attack { "1 attack" } else { "0 benign" })).or_default().push(found);
        if row.attack && row.kind == Kind::Core {
            let source: String = row.source.chars().take(48).collect();
            table.entry(format!("2 source {source}")).or_default().push(found);
        }
    }
    for (name, rows) in table.iter().filter(|(name, rows)| !name.starts_with('2') || rows.len() >= 10) {
        let shares = (0..POINTS.len() + 2).map(|column| {
            let found = rows.iter().filter(|row| row[column]).count();
            format!("{:>6.2} %", 100.0 * found as f64 / rows.len() as f64)
        });
        let shares: Vec<String> = shares.collect();
        println!("  {:<56} {:>6} rows  {}", name.get(2..).unwrap_or_default(), rows.len(), shares.join("  "));
    }
}
