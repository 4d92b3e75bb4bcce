//! One question to the starter policies: answered from the cache, and by running Rhai.

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sluicegate::Kind;
use sluicegate::facts::{FactId, Facts};
use sluicegate::policy::{Limits, PolicySet};

/// Facts of an ordinary message from a sender whom the owner approved.
fn approved() -> Facts {
    let mut facts = Facts::new(Kind::Message);
    facts.set(FactId::SenderApproved, 1);
    facts.set(FactId::Length, 200);
    facts
}

/// Facts of an attack from the same sender.
fn attack() -> Facts {
    let mut facts = approved();
    for (fact, value) in [(FactId::Score, 8), (FactId::ScoreArtifact, 8), (FactId::Suspect, 1), (FactId::Attack, 1)] {
        facts.set(fact, value);
    }
    facts.set(FactId::AttackArtifact, 1);
    facts.set(FactId::AttackAuthored, 1);
    facts
}

fn policy(criterion: &mut Criterion) {
    for source in support::sources("policies", "rhai") {
        let name = source.name.trim_end_matches(".rhai").to_owned();
        let mut group = criterion.benchmark_group(format!("policy/{name}"));
        let set = PolicySet::load(&[source], Limits::default()).unwrap_or_else(|faults| panic!("{faults}")).set;
        for (what, facts) in [("benign", approved()), ("attack", attack())] {
            group.bench_function(format!("{what}/cached"), |bencher| bencher.iter(|| set.decide(black_box(&facts))));
            group.bench_function(format!("{what}/uncached"), |bencher| {
                bencher.iter(|| set.decide_uncached(black_box(&facts)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, policy);
criterion_main!(benches);
