//! What more phrases cost: time to build the index, memory, and time to search an ordinary message with it.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use sluicegate::detect::{Detector, RuleSet};
use sluicegate::diagnostic::Source;

/// Phrases a rule of the made file has.
const PHRASES_A_RULE: usize = 10;

/// A rule file with this many authored phrases. Each has alternatives, an optional word and a gap or an open ending, as
/// phrases of the starter rules do; the words are made of syllables, so they look like words and are mostly different.
fn rule_file(phrases: usize) -> String {
    let mut dice = Dice(0x5eed);
    let mut file = String::from("format = 1\n");
    for rule in 0..phrases.div_ceil(PHRASES_A_RULE) {
        file += &format!(
            "[[rule]]\nid = \"custom.made-{rule}\"\ncategory = \"custom\"\npoints = 5\nclass = \"judgement\"\n\
             scope = [\"text\"]\nphrases = [\n"
        );
        for _ in (rule * PHRASES_A_RULE..phrases).take(PHRASES_A_RULE) {
            let [a, b, c, d, e] = std::array::from_fn(|_| dice.word());
            file += &match dice.below(3) {
                0 => format!("  \"({a}|{b}) [all] [the|your] {c} ({d}|{e})\",\n"),
                1 => format!("  \"{a} ({b}|{c}) ... {d}\",\n"),
                _ => format!("  \"{a} [{b}] {c} {d}*\",\n"),
            };
        }
        file += "]\n";
    }
    file
}

/// A generator that gives the same words on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 32] = [
            "re", "con", "in", "ta", "ver", "lo", "ment", "di", "ser", "pro", "na", "ti", "cu", "ex", "per", "mo",
            "sta", "ge", "ral", "ob", "un", "fi", "ca", "mis", "dor", "el", "ri", "sub", "ja", "pe", "quo", "an",
        ];
        (0..2 + self.below(3)).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }
}

fn index(criterion: &mut Criterion) {
    let events = support::events("benign", "200");
    let mut group = criterion.benchmark_group("index");
    group.sample_size(20);
    for phrases in [100, 2_000, 10_000] {
        let file = Source::new("made.toml", rule_file(phrases));
        let rules = RuleSet::load(std::slice::from_ref(&file)).unwrap_or_else(|faults| panic!("{faults}"));
        let detector = Detector::new(&rules).expect("the rules fit the index");
        println!("index/memory/{phrases}: {:?} bytes", detector.memory());
        group.bench_function(BenchmarkId::new("load", phrases), |bencher| {
            bencher.iter(|| RuleSet::load(black_box(std::slice::from_ref(&file))));
        });
        group.bench_function(BenchmarkId::new("build", phrases), |bencher| {
            bencher.iter(|| Detector::new(black_box(&rules)));
        });
        let mut next = events.iter().cycle();
        group.bench_function(BenchmarkId::new("detect/benign/200", phrases), |bencher| {
            bencher.iter(|| next.next().map(|event| detector.detect(black_box(event))));
        });
    }
    group.finish();
}

criterion_group!(benches, index);
criterion_main!(benches);
