//! `GET /metrics`: counters for Prometheus.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::response::IntoResponse as _;

use super::super::answer::{Refusal, with_type};
use super::super::app::App;
use super::super::metrics::Now;
use crate::config::Scope;
use crate::hold::{HeldEvent, State as HoldState};

const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All counters.
pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    if let Err(refusal) = app.client(request.headers(), Scope::Check) {
        return refusal.into_response();
    }
    // What waits is read from the store.
    match tokio::task::spawn_blocking(move || app.metrics.text(&now(&app))).await {
        Ok(text) => with_type(TEXT, text.into_bytes()),
        Err(_) => Refusal::FAILED.into_response(),
    }
}

fn now(app: &App) -> Now {
    let at = app.now();
    let waits = |held: &HeldEvent| held.state_at(at) == HoldState::Waiting;
    let holds = app.gate.holds().list().map(|holds| holds.iter().filter(|(_, held)| waits(held)).count() as u64);
    let deliveries = &app.notices.deliveries;
    let status = app.gate.status();
    Now {
        cache: status.cache,
        unwritten: status.unwritten as u64,
        under_way: app.under_way() as u64,
        holds: holds.ok(),
        delivered: deliveries.delivered.load(Ordering::Relaxed),
        undelivered: deliveries.failed.load(Ordering::Relaxed),
    }
}
