//! `/v1/holds`: what waits for the owner.
//!
//! A gateway, with the scope `check`, sees ids and states, waits for an answer, takes what was approved and redeems its token. Who
//! has the scope `approve`, and has given the owner's secret, sees the events too and answers them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};

use super::super::answer::{Refusal, json};
use super::super::app::App;
use crate::config::Scope;
use crate::event::{Event, Kind};
use crate::gate::Release;
use crate::hold::{HeldEvent, HoldError, HoldId, Token};
use crate::store::Actor;
use crate::verdict::Verdict;

/// Seconds that a request waits at most.
const LONGEST: u64 = 60;

/// What may stand behind the path.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// Seconds to wait for what is asked for.
    #[serde(default)]
    wait: u64,
    /// Only holds in this state.
    state: Option<String>,
}

/// A hold, as a gateway may see it.
#[derive(Serialize)]
struct Shown {
    id: HoldId,
    kind: Kind,
    state: &'static str,
    at: u64,
    expires: u64,
    /// The whole of it, for whoever may answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<HeldEvent>,
}

impl Shown {
    fn of(id: HoldId, held: HeldEvent, now: u64, whole: bool) -> Self {
        let state = held.state_at(now).name();
        Self { id, kind: held.kind, state, at: held.at, expires: held.expires, held: whole.then_some(held) }
    }
}

#[derive(Serialize)]
struct Listed {
    holds: Vec<Shown>,
}

/// What waits, and what was answered lately; with `state` only those in this state, and with `wait` not before there is one.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response<Body> {
    answer(app, headers, Scope::Check, move |app, whole, _| {
        let now = app.now();
        let wanted = |held: &HeldEvent| asked.state.as_deref().is_none_or(|state| held.state_at(now).name() == state);
        let found = app.gate.holds().wait_for(patience(asked.wait), |holds| {
            let mut all = holds.list()?;
            all.retain(|(_, held)| wanted(held));
            Ok(Some(all).filter(|all| !all.is_empty()))
        })?;
        let shown = |(id, held)| Shown::of(id, held, now, whole);
        Ok(json(&Listed { holds: found.unwrap_or_default().into_iter().map(shown).collect() }))
    })
    .await
}

/// One hold; with `wait` not before it is answered.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response<Body> {
    answer(app, headers, Scope::Check, move |app, whole, _| {
        let holds = app.gate.holds();
        let id = holds.id(&id)?;
        let held = holds.wait(&id, patience(asked.wait))?;
        Ok(json(&Shown::of(id, held, app.now(), whole)))
    })
    .await
}

#[derive(Serialize)]
struct Released {
    verdict: Verdict,
    event: Event,
    token: String,
}

#[derive(Serialize)]
struct Refused {
    verdict: Verdict,
}

/// Judges an approved event again and gives it out, with its token; with status 409 and the verdict where it does not pass.
pub(super) async fn release(State(app): State<Arc<App>>, Path(id): Path<String>, headers: HeaderMap) -> Response<Body> {
    answer(app, headers, Scope::Check, move |app, _, _| {
        let id = app.gate.holds().id(&id)?;
        Ok(match app.gate.release(&id, app.now())? {
            Release::Released(it) => {
                json(&Released { verdict: it.verdict, event: it.event, token: it.token.to_string() })
            }
            Release::Refused(it) => {
                let mut response = json(&Refused { verdict: it.verdict });
                *response.status_mut() = StatusCode::CONFLICT;
                response
            }
        })
    })
    .await
}

#[derive(Deserialize)]
struct Redeem {
    token: String,
    event: Event,
}

#[derive(Serialize)]
struct Done {
    redeemed: bool,
}

/// Uses up a token for the event that the gateway is about to act on.
pub(super) async fn redeem(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    if let Err(refusal) = app.client(request.headers(), Scope::Check) {
        return refusal.into_response();
    }
    let headers = request.headers().clone();
    let body = match app.body(request).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    answer(app, headers, Scope::Check, move |app, _, _| {
        let Ok(Redeem { token, event }) = serde_json::from_slice(&body) else {
            return Ok(Refusal::JSON.into_response());
        };
        let token: Token = token.parse().map_err(|_| HoldError::NoToken)?;
        app.gate.redeem(&token, &event.digest(), app.now())?;
        Ok(json(&Done { redeemed: true }))
    })
    .await
}

/// Ends a hold that the gateway waits for no more. It is denied then, whatever the owner says afterwards.
pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    answer(app, headers, Scope::Check, move |app, _, by| {
        let id = app.gate.holds().id(&id)?;
        let held = app.gate.withdraw(&id, &by, app.now())?;
        Ok(json(&Shown::of(id, held, app.now(), false)))
    })
    .await
}

/// Approves a hold, in the owner's name.
pub(super) async fn approve(State(app): State<Arc<App>>, Path(id): Path<String>, headers: HeaderMap) -> Response<Body> {
    answer(app, headers, Scope::Approve, move |app, _, by| {
        let id = app.gate.holds().id(&id)?;
        let (held, _) = app.gate.approve(&id, &by, app.now())?;
        Ok(json(&Shown::of(id, held, app.now(), false)))
    })
    .await
}

/// Denies a hold, in the owner's name.
pub(super) async fn deny(State(app): State<Arc<App>>, Path(id): Path<String>, headers: HeaderMap) -> Response<Body> {
    answer(app, headers, Scope::Approve, move |app, _, by| {
        let id = app.gate.holds().id(&id)?;
        let held = app.gate.deny(&id, &by, app.now())?;
        Ok(json(&Shown::of(id, held, app.now(), false)))
    })
    .await
}

/// Does what waits for the disk, or for the owner, on a thread of its own. The work hears whether the client may see whole
/// events, and as whom it acts.
async fn answer(
    app: Arc<App>,
    headers: HeaderMap,
    scope: Scope,
    work: impl FnOnce(&App, bool, Actor) -> Result<Response<Body>, HoldError> + Send + 'static,
) -> Response<Body> {
    let client = match app.client(&headers, scope) {
        Ok(client) => client,
        Err(refusal) => return refusal.into_response(),
    };
    let whole = client.may(Scope::Approve) && app.is_owner(client.name);
    let by = Actor::Client { token: client.name.to_owned() };
    let of = Arc::clone(&app);
    match tokio::task::spawn_blocking(move || work(&of, whole, by)).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => refused(&error).into_response(),
        Err(_) => Refusal::FAILED.into_response(),
    }
}

/// What a client is told. The store's own words stay inside.
const fn refused(error: &HoldError) -> Refusal {
    match error {
        HoldError::NoId(_) => Refusal(StatusCode::BAD_REQUEST, "an id of a hold has 32 hexadecimal digits"),
        HoldError::Unknown(_) => Refusal(StatusCode::NOT_FOUND, "nothing is held under this id"),
        HoldError::Settled(_) => Refusal(StatusCode::CONFLICT, "it was answered before, or its time is up"),
        HoldError::NotApproved => Refusal(StatusCode::CONFLICT, "the owner has not answered yet"),
        HoldError::NoToken => Refusal(StatusCode::CONFLICT, "this is no token of this gate"),
        HoldError::OtherEvent => Refusal(StatusCode::CONFLICT, "the token is for another event"),
        _ => Refusal(StatusCode::SERVICE_UNAVAILABLE, "the store gives no answer"),
    }
}

fn patience(seconds: u64) -> Duration {
    Duration::from_secs(seconds.min(LONGEST))
}
