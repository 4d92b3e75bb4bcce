//! `GET /healthz` and `/readyz`: for whoever keeps the process alive. They need no token and say nothing else.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::Serialize;

use super::super::answer::json;
use super::super::app::App;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

/// The process runs.
pub(super) async fn runs() -> Response<Body> {
    json(&Health { status: "ok" })
}

/// The gate judges by the owner's policies: they are not in quarantine.
pub(super) async fn judges(State(app): State<Arc<App>>) -> Response<Body> {
    if app.gate.status().quarantine.is_none() {
        return json(&Health { status: "ok" });
    }
    let mut response = json(&Health { status: "closed" });
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}
