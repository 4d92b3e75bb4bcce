//! `GET /metrics`: counters for Prometheus.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::response::IntoResponse as _;

use super::super::answer::with_type;
use super::super::app::App;
use crate::config::Scope;

const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All counters.
pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    match app.client(request.headers(), Scope::Check) {
        Ok(_) => with_type(TEXT, app.metrics.text(app.gate.status().cache, app.under_way()).into_bytes()),
        Err(refusal) => refusal.into_response(),
    }
}
