//! What every request may use.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Limited};
use tokio::sync::{Semaphore, watch};

use super::answer::Refusal;
use super::changes::Changes;
use super::litellm::Used;
use super::metrics::Metrics;
use super::notices::Notices;
use super::places::Places;
use super::tick::Tick;
use super::token::{Client, Tokens};
use crate::Gate;
use crate::config::{Scope, ServeSettings};
use crate::event::Kind;
use crate::verdict::Verdict;

/// Requests that may wait for the owner at once. After every change of the store each of them looks again.
const WAITS: usize = 128;

/// The gate, and what is asked of every request.
pub(super) struct App {
    pub(super) gate: Arc<Gate>,
    pub(super) metrics: Metrics,
    pub(super) tick: Tick,
    pub(super) notices: Notices,
    pub(super) changes: Changes,
    /// What the guardrail of LiteLLM has let pass by an approval.
    pub(super) used: Used,
    /// Requests that may be under way at once.
    pub(super) requests: Arc<Semaphore>,
    /// Requests that may wait for the owner at once.
    pub(super) waits: Arc<Semaphore>,
    /// Connections that may be open at once.
    pub(super) places: Arc<Places>,
    /// How long a request may take to come in.
    pub(super) patience: Duration,
    most_requests: usize,
    tokens: Tokens,
    body_bytes: usize,
    /// Events or texts that one request may bring.
    pub(super) batch: usize,
    hosts: Vec<String>,
    clock: Clock,
    /// Tokens with which the owner's secret was given.
    owners: Mutex<BTreeSet<String>>,
}

/// Milliseconds since 1970.
pub(super) type Clock = Box<dyn Fn() -> u64 + Send + Sync>;

impl App {
    pub(super) fn new(
        gate: Arc<Gate>,
        settings: &ServeSettings,
        tokens: Tokens,
        notices: Notices,
        stopped: watch::Receiver<bool>,
        clock: Clock,
    ) -> Self {
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec();
        hosts.extend(
            settings.listen.iter().filter(|it| !it.ip().is_unspecified()).map(|it| host_of(&it.to_string()).to_owned()),
        );
        hosts.extend(settings.hosts.iter().map(|host| host.to_ascii_lowercase()));
        let most_requests = settings.requests.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            metrics: Metrics::default(),
            tick: Tick::new(settings.tick_ms),
            notices,
            changes: Changes::of(gate.store(), stopped),
            used: Used::default(),
            gate,
            requests: Arc::new(Semaphore::new(most_requests)),
            waits: Arc::new(Semaphore::new(WAITS)),
            places: Places::new(settings.connections),
            patience: Duration::from_secs(u64::from(settings.read_seconds.max(1))),
            most_requests,
            tokens,
            body_bytes: settings.body_bytes,
            batch: settings.batch.max(1),
            hosts,
            clock,
            owners: Mutex::default(),
        }
    }

    /// Whether the owner's secret was given with this token.
    pub(super) fn is_owner(&self, token: &str) -> bool {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).contains(token)
    }

    /// The owner's secret was given with this token.
    pub(super) fn prove_owner(&self, token: &str) {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned());
    }

    /// What is done with every verdict: it is counted, and the owner is told what waits.
    pub(super) fn judged(&self, kind: Kind, verdict: &Verdict, took: Duration) {
        self.metrics.count(kind, verdict, took);
        self.notices.tell(verdict);
    }

    /// Requests that are being answered.
    pub(super) fn under_way(&self) -> usize {
        self.most_requests.saturating_sub(self.requests.available_permits())
    }

    pub(super) fn now(&self) -> u64 {
        (self.clock)()
    }

    /// Whether the request names a host that is served. A page of another site that a browser was made to load from here
    /// (DNS rebinding) names its own.
    pub(super) fn serves(&self, request: &Request<Body>) -> bool {
        let mut lines = request.headers().get_all(HOST).iter();
        let line = lines.next();
        // Of two, somebody in front of this might have taken the other one.
        if lines.next().is_some() {
            return false;
        }
        let named = request.uri().host().or_else(|| line?.to_str().ok().map(host_of));
        named.is_some_and(|named| self.hosts.iter().any(|host| host.eq_ignore_ascii_case(named)))
    }

    /// Who asks, if they may do this. What only the owner may do needs the owner's secret too, given once with this token.
    pub(super) fn client(&self, headers: &HeaderMap, scope: Scope) -> Result<Client<'_>, Refusal> {
        let client = self.known(headers)?;
        if !client.may(scope) {
            return Err(Refusal::NOT_ALLOWED);
        }
        if scope != Scope::Check && !self.is_owner(client.name) {
            return Err(Refusal::NO_OWNER);
        }
        Ok(client)
    }

    /// Who asks, if the owner's secret would let them do more.
    pub(super) fn deputy(&self, headers: &HeaderMap) -> Result<Client<'_>, Refusal> {
        let client = self.known(headers)?;
        let may_more = client.may(Scope::Approve) || client.may(Scope::Admin);
        if may_more { Ok(client) } else { Err(Refusal::NOT_ALLOWED) }
    }

    /// Whose token it is that a request shows.
    pub(super) fn known(&self, headers: &HeaderMap) -> Result<Client<'_>, Refusal> {
        let bearer = || {
            let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        };
        // LiteLLM sends its key in this header.
        let given = bearer().or_else(|| headers.get("x-api-key")?.to_str().ok());
        given.and_then(|token| self.tokens.client(token)).ok_or(Refusal::NO_TOKEN)
    }

    /// The body of a request, which is JSON, not too long, and there in time.
    pub(super) async fn body(&self, request: Request<Body>) -> Result<Vec<u8>, Refusal> {
        let of = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let of = of.split(';').next().unwrap_or_default().trim();
        if !of.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::TYPE);
        }
        let whole = Limited::new(request.into_body(), self.body_bytes).collect();
        match tokio::time::timeout(self.patience, whole).await {
            Err(_) => Err(Refusal::SLOW),
            Ok(Ok(body)) => Ok(body.to_bytes().into()),
            Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Refusal::LENGTH),
            Ok(Err(_)) => Err(Refusal::CUT),
        }
    }
}

/// A host without its port.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.is_empty() => host,
        _ => authority,
    }
}
