//! What Prometheus may know: counts and times, never a name or a text.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

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
    decisions: Family<Labels, Counter>,
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
}

/// What is not counted as it happens, but looked at when somebody asks.
pub(super) struct Now {
    pub(super) cache: CacheStats,
    pub(super) under_way: u64,
    /// Events that wait for the owner; none where the store gives no answer, which is told as -1.
    pub(super) holds: Option<u64>,
    pub(super) delivered: u64,
    pub(super) undelivered: u64,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("sluicegate");
        let metrics = |registry: &mut Registry| {
            let decisions = Family::default();
            registry.register("decisions", "Events by kind and decision", Family::clone(&decisions));
            let degraded = Family::default();
            registry.register("degraded", "Events in which a station failed or fell short", Family::clone(&degraded));
            let rules = Family::default();
            registry.register("rule_hits", "Events in which a rule fired", Family::clone(&rules));
            let seconds = Histogram::new(BUCKETS);
            registry.register("check_seconds", "What a check takes, without the network", seconds.clone());
            let shed = Counter::default();
            registry.register("shed", "Requests answered closed, since there were too many at once", shed.clone());
            let gauge = |registry: &mut Registry, name: &str, help: &str| {
                let gauge = Gauge::default();
                registry.register(name, help, gauge.clone());
                gauge
            };
            let cache_hits =
                gauge(registry, "policy_cache_hits", "Answers of policies that were known, since the last load");
            let cache_misses = gauge(registry, "policy_cache_misses", "Answers of policies that were not known");
            let under_way = gauge(registry, "requests_under_way", "Requests that are being answered");
            let holds = gauge(registry, "holds_waiting", "Events that wait for the owner");
            let delivered = gauge(registry, "notices_delivered", "Notices that reached a program or a webhook");
            let undelivered = gauge(registry, "notices_failed", "Notices that did not, however often it was tried");
            (
                decisions,
                degraded,
                rules,
                seconds,
                shed,
                [cache_hits, cache_misses, under_way, holds, delivered, undelivered],
            )
        };
        let (decisions, degraded, rules, seconds, shed, gauges) = metrics(&mut registry);
        let [cache_hits, cache_misses, under_way, holds, delivered, undelivered] = gauges;
        Self {
            registry,
            decisions,
            degraded,
            rules,
            seconds,
            shed,
            delivered,
            undelivered,
            holds,
            cache_hits,
            cache_misses,
            under_way,
        }
    }
}

impl Metrics {
    /// Counts a verdict, and the time that it took.
    pub(super) fn count(&self, kind: Kind, verdict: &Verdict, took: Duration) {
        let labels = vec![("kind", Arc::from(kind.name())), ("decision", Arc::from(verdict.decision.name()))];
        self.decisions.get_or_create(&labels).inc();
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
        self.holds.set(now.holds.map_or(-1, whole));
        self.delivered.set(whole(now.delivered));
        self.undelivered.set(whole(now.undelivered));
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
