//! The whole path of a message through a gate with the starter set: sender, detection, escalation, facts, cached decision.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn check(criterion: &mut Criterion) {
    for kind in support::KINDS {
        let mut group = criterion.benchmark_group(format!("check/{kind}"));
        for (size, bytes) in support::SIZES {
            let gate = support::starter_gate();
            let mut traffic = support::Traffic::new(kind, size);
            group.throughput(Throughput::Bytes(bytes as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter(|| gate.check(black_box(traffic.next())));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, check);
criterion_main!(benches);
