//! `POST /v1/check`: events in, verdicts out.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::response::IntoResponse as _;

use super::super::answer::{Refusal, json};
use super::super::app::App;
use super::super::litellm::Answer as Guardrail;
use super::{OneOrMany, apart};
use crate::config::Scope;
use crate::event::{Event, Kind};
use crate::verdict::{Decision, Verdict};

/// Judges one event, or each of a list. An event that cannot be read is answered by the closed verdict, and the others all
/// the same.
pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    match judged(&app, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn judged(app: &Arc<App>, request: Request) -> Result<Response<Body>, Refusal> {
    app.client(request.headers(), Scope::Check)?;
    let body = app.body(request).await?;
    let of = Arc::clone(app);
    let (response, silent) = apart(body.len(), move || {
        let answer = OneOrMany::read(&body, of.batch)?.answer(|number, line| judge(&of, number, line));
        let silent = answer.all().iter().any(|verdict| verdict.decision != Decision::Allow);
        Ok::<_, Refusal>((json(&answer), silent))
    })
    .await??;
    if silent {
        app.tick.wait().await;
    }
    Ok(response)
}

fn judge(app: &App, number: u64, line: &str) -> Verdict {
    let began = Instant::now();
    let (kind, verdict) = match serde_json::from_str::<Event>(line) {
        Ok(mut event) if line.starts_with('{') => {
            if event.at == 0 {
                event.at = app.now();
            }
            (event.kind, app.gate.check(&event))
        }
        Ok(_) => (Kind::Message, app.gate.unreadable(number, "not a JSON object")),
        Err(error) => (Kind::Message, app.gate.unreadable(number, error.to_string())),
    };
    app.judged(kind, &verdict, began.elapsed());
    verdict
}

/// The answer where too many ask at once: a check gets the closed decision, all else is told to come back.
pub(super) fn shed(app: &App, request: &Request) -> Response<Body> {
    if request.uri().path() == "/v1/check" && app.client(request.headers(), Scope::Check).is_ok() {
        return json(&app.gate.overloaded());
    }
    if request.uri().path() == super::litellm::PATH {
        return Guardrail::refused(Refusal::BUSY);
    }
    Refusal::BUSY.into_response()
}
