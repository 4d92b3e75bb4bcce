//! What Prometheus may know: counts and times, never a name or a text.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

use crate::event::Kind;
use crate::policy::CacheStats;
use crate::verdict::Verdict;

/// Pairs of a label and its value.
type Labels = Vec<(&'static str, Arc<str>)>;

/// Seconds that a check may take: from a microsecond to a second.
const BUCKETS: [f64; 13] = [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 1e-2, 1e-1, 1.0];

/// Counters of the sidecar.
pub(super) struct Metrics {
    registry: Registry,
    decisions: Family<[(&'static str, &'static str); 2], Counter>,
    degraded: Family<Labels, Counter>,
    rules: Family<Labels, Counter>,
    seconds: Histogram,
    shed: Counter,
    delivered: Gauge,
    undelivered: Gauge,
    holds: Gauge,
    cache_hits: Gauge,
    cache_misses: Gauge,
    under_way: Gauge,
    unwritten: Gauge,
}

/// What is not counted as it happens, but looked at when somebody asks.
pub(super) struct Now {
    pub(super) cache: CacheStats,
    pub(super) under_way: u64,
    pub(super) unwritten: u64,
    /// Events that wait for the owner; none where the store gives no answer, which is told as -1.
    pub(super) holds: Option<u64>,
    pub(super) delivered: u64,
    pub(super) undelivered: u64,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("sluicegate");
        let of = &mut registry;
        Self {
            decisions: registered(of, "decisions", "Events by kind and decision", Family::default()),
            degraded: registered(of, "degraded", "Events in which a station failed or fell short", Family::default()),
            rules: registered(of, "rule_hits", "Events in which a rule fired", Family::default()),
            seconds: registered(
                of,
                "check_seconds",
                "What a check takes, without the network",
                Histogram::new(BUCKETS),
            ),
            shed: registered(of, "shed", "Requests that found too many others before them", Counter::default()),
            delivered: registered(
                of,
                "notices_delivered",
                "Notices that reached a program or a webhook",
                Gauge::default(),
            ),
            undelivered: registered(
                of,
                "notices_failed",
                "Notices that did not, however often tried",
                Gauge::default(),
            ),
            holds: registered(of, "holds_waiting", "Events that wait for the owner", Gauge::default()),
            cache_hits: registered(of, "policy_cache_hits", "Answers of policies that were known", Gauge::default()),
            cache_misses: registered(of, "policy_cache_misses", "Answers that were not known", Gauge::default()),
            under_way: registered(of, "requests_under_way", "Requests that are being answered", Gauge::default()),
            unwritten: registered(of, "audit_queue", "Records that wait for the disk of the log", Gauge::default()),
            registry,
        }
    }
}

/// A metric, which the registry knows too.
fn registered<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    /// Counts a verdict, and the time that it took.
    pub(super) fn count(&self, kind: Kind, verdict: &Verdict, took: Duration) {
        self.decisions.get_or_create(&[("kind", kind.name()), ("decision", verdict.decision.name())]).inc();
        for degraded in &verdict.degraded {
            self.degraded.get_or_create(&vec![("station", Arc::from(degraded.station))]).inc();
        }
        for finding in &verdict.findings {
            self.rules.get_or_create(&vec![("rule", Arc::clone(&finding.rule))]).inc();
        }
        self.seconds.observe(took.as_secs_f64());
    }

    /// Counts a request that found too many others before it.
    pub(super) fn shed(&self) {
        self.shed.inc();
    }

    /// All of it, as Prometheus reads it.
    pub(super) fn text(&self, now: &Now) -> String {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.cache_hits.set(whole(now.cache.hits));
        self.cache_misses.set(whole(now.cache.misses));
        self.under_way.set(whole(now.under_way));
        self.unwritten.set(whole(now.unwritten));
        self.holds.set(now.holds.map_or(-1, whole));
        self.delivered.set(whole(now.delivered));
        self.undelivered.set(whole(now.undelivered));
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
