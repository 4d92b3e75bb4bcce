//! `POST /beta/litellm_basic_guardrail_api`: LiteLLM's generic guardrail.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::Response;

use super::super::answer::{Refusal, json};
use super::super::app::App;
use super::super::litellm::{Answer, Request, answer as judge};
use super::{apart, object};
use crate::config::Scope;

/// Where the proxy asks.
pub(super) const PATH: &str = "/beta/litellm_basic_guardrail_api";

/// Judges what goes to a model or comes from it. Whoever shows no token, or sends what cannot be read, gets an error, which
/// the proxy takes for a no (`fail_on_error`, its default), and which says so too.
pub(super) async fn answer(State(app): State<Arc<App>>, request: HttpRequest) -> Response<Body> {
    match judged(&app, request).await {
        Ok(response) => response,
        Err(refusal) => Answer::refused(refusal),
    }
}

async fn judged(app: &Arc<App>, request: HttpRequest) -> Result<Response<Body>, Refusal> {
    app.client(request.headers(), Scope::Check)?;
    let body = app.body(request).await?;
    let of = Arc::clone(app);
    let answer = apart(body.len(), move || {
        let request: Request = object(&body)?;
        let mut began = Instant::now();
        Ok::<_, Refusal>(judge(&of.gate, &of.used, &request, of.now(), &mut |kind, verdict| {
            of.judged(kind, verdict, began.elapsed());
            began = Instant::now();
        }))
    })
    .await??;
    if answer != Answer::Pass {
        app.tick.wait().await;
    }
    Ok(json(&answer))
}
