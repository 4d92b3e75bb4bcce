//! One question to the starter policies: answered from the cache (`cached`, a hit), by running Rhai (`uncached`), and by
//! looking into the cache in vain, running Rhai, and keeping what it said (`miss`).

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

/// Facts of 32,768 messages that differ in what the policy reads, and are all allowed by it: of 1,024 that the cache can
/// keep, hardly any is met again before it is gone.
fn ever_new() -> Vec<Facts> {
    let points = 0..32_usize;
    let all = points.clone().flat_map(|a| (0..32).flat_map(move |b| (0..32).map(move |c| [a, b, c])));
    let facts = [FactId::ScoreQuoted, FactId::ScoreAuthored, FactId::ScoreAttached];
    all.map(|values| {
        let mut message = approved();
        facts.iter().zip(values).for_each(|(fact, value)| message.set(*fact, value));
        message
    })
    .collect()
}

fn policy(criterion: &mut Criterion) {
    for source in support::sources("policies", "rhai") {
        let name = source.name.trim_end_matches(".rhai").to_owned();
        let mut group = criterion.benchmark_group(format!("policy/{name}"));
        let set = PolicySet::load(&[source], Limits::default()).unwrap_or_else(|faults| panic!("{faults}")).set;
        for (what, facts) in [("benign", approved()), ("attack", attack())] {
            group.bench_function(format!("{what}/cached"), |bencher| {
                bencher.iter(|| set.decide_shared(black_box(&facts)))
            });
            group.bench_function(format!("{what}/uncached"), |bencher| {
                bencher.iter(|| set.decide_uncached(black_box(&facts)));
            });
        }
        if name == "personal" {
            let (ever_new, before) = (ever_new(), set.cache_stats());
            let mut next = ever_new.iter().cycle();
            group.bench_function("benign/miss", |bencher| {
                bencher.iter(|| next.next().map(|facts| set.decide_shared(black_box(facts))));
            });
            let after = set.cache_stats();
            let (hits, misses) = (after.hits - before.hits, after.misses - before.misses);
            println!("policy/{name}/benign/miss: {misses} misses, {hits} hits");
        }
        group.finish();
    }
}

criterion_group!(benches, policy);
criterion_main!(benches);
