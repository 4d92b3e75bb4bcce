//! `GET /v1/status`: what is loaded, and how the last reload went.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::response::IntoResponse as _;
use serde::Serialize;

use super::super::answer::json;
use super::super::app::App;
use crate::config::Scope;
use crate::gate::ReloadOutcome;

#[derive(Serialize)]
struct Told {
    version: &'static str,
    revision: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quarantine: Option<String>,
    warnings: Vec<String>,
    cache: Cache,
    last_reload: Option<Reload>,
}

#[derive(Serialize)]
struct Cache {
    hits: u64,
    misses: u64,
}

#[derive(Serialize)]
struct Reload {
    number: u64,
    at: Option<u64>,
    outcome: &'static str,
    /// What was wrong, for the owner: codes, files, lines.
    faults: Vec<String>,
}

/// How the gate is doing.
pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    if let Err(refusal) = app.client(request.headers(), Scope::Check) {
        return refusal.into_response();
    }
    let status = app.gate.status();
    let last_reload = status.last_reload.map(|last| {
        let (outcome, faults) = match &last.outcome {
            ReloadOutcome::Changed(_) => ("changed", Vec::new()),
            ReloadOutcome::Unchanged => ("unchanged", Vec::new()),
            ReloadOutcome::Refused(error) => {
                let place =
                    |fault: &crate::diagnostic::Diagnostic| format!("{} {}:{}", fault.code, fault.file, fault.line);
                ("refused", error.diagnostics.iter().take(32).map(place).collect())
            }
        };
        Reload { number: last.number, at: last.at, outcome, faults }
    });
    json(&Told {
        version: env!("CARGO_PKG_VERSION"),
        revision: status.revision,
        quarantine: status.quarantine,
        warnings: app.gate.warnings().iter().map(|it| format!("{} {}:{}", it.code, it.file, it.line)).collect(),
        cache: Cache { hits: status.cache.hits, misses: status.cache.misses },
        last_reload,
    })
}
