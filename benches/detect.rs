//! Detection alone, with the starter rules: what a text costs by its size, ordinary and hostile.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// The messages that are all ASCII, which `benches/peers/bench.mjs --ascii` takes too: the goal of speed is set for these.
fn ascii(criterion: &mut Criterion) {
    let detector = support::starter_detector();
    let mut events = support::events("benign", "200");
    events.retain(|event| event.text.is_ascii());
    let mut next = events.iter().cycle();
    criterion.bench_function("detect/ascii/200", |bencher| {
        bencher.iter(|| next.next().map(|event| detector.detect(black_box(event))));
    });
}

/// One message after the other from the whole file, so that no branch learns a single text by heart.
fn detect(criterion: &mut Criterion) {
    let detector = support::starter_detector();
    for kind in support::KINDS {
        let mut group = criterion.benchmark_group(format!("detect/{kind}"));
        for (size, bytes) in support::SIZES {
            let events = support::events(kind, size);
            let mut next = events.iter().cycle();
            group.throughput(Throughput::Bytes(bytes as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter(|| next.next().map(|event| detector.detect(black_box(event))));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, detect, ascii);
criterion_main!(benches);
