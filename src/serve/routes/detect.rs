//! `POST /v1/detect`: what is found in a text.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};

use super::super::answer::{Refusal, json};
use super::super::app::App;
use super::{OneOrMany, apart, object};
use crate::Json;
use crate::config::Scope;
use crate::verdict::Finding;

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    id: Json,
    text: String,
}

#[derive(Serialize)]
struct Detected {
    id: Json,
    score: u8,
    score_artifact: u8,
    findings: Vec<Finding>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Detected(Detected),
    Unreadable { error: &'static str, line: u64 },
}

/// Searches one text, or each of a list.
pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    match searched(&app, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn searched(app: &Arc<App>, request: Request) -> Result<Response<Body>, Refusal> {
    app.client(request.headers(), Scope::Check)?;
    let body = app.body(request).await?;
    let of = Arc::clone(app);
    apart(body.len(), move || {
        let detector = of.gate.detector();
        let answer = OneOrMany::read(&body, of.batch)?.answer(|line, text| match object::<Given>(text.as_bytes()) {
            Ok(Given { id, text }) => {
                let found = detector.detect_text(&text);
                Told::Detected(Detected {
                    id,
                    score: found.score,
                    score_artifact: found.score_artifact,
                    findings: found.findings,
                    partial: found.partial,
                })
            }
            Err(_) => Told::Unreadable { error: "not an object with `text`", line },
        });
        Ok(json(&answer))
    })
    .await?
}
