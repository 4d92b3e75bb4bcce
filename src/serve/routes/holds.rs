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
use serde_json::value::RawValue;

use super::super::answer::{Refusal, json};
use super::super::app::App;
use super::super::changes::Looked;
use super::{Answered, in_name_of, object};
use crate::Gate;
use crate::config::Scope;
use crate::event::{Event, Kind};
use crate::gate::Release;
use crate::hold::{Found, HeldEvent, HoldError, HoldId, State as HoldState, Token};
use crate::store::Actor;
use crate::verdict::Verdict;

/// Seconds that a request waits at most.
const LONGEST: u8 = 60;

/// What may stand behind the path.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Seconds to wait for what is asked for.
    #[serde(default)]
    wait: u8,
    /// Only holds in this state.
    state: Option<Wanted>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Waiting,
    Approved,
    Released,
    Used,
    Denied,
    Expired,
}

impl Wanted {
    const fn is(self, state: &HoldState) -> bool {
        matches!(
            (self, state),
            (Self::Waiting, HoldState::Waiting)
                | (Self::Approved, HoldState::Approved { .. })
                | (Self::Released, HoldState::Released { .. })
                | (Self::Used, HoldState::Used { .. })
                | (Self::Denied, HoldState::Denied { .. })
                | (Self::Expired, HoldState::Expired { .. })
        )
    }
}

/// A hold, as a gateway may see it.
#[derive(Serialize)]
struct Shown {
    id: HoldId,
    kind: Kind,
    state: &'static str,
    at: u64,
    expires: u64,
    /// What the owner needs to answer, for whoever may.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Details>,
}

/// What is held, and why.
#[derive(Serialize)]
struct Details {
    channel: String,
    account: String,
    sender: String,
    known: bool,
    verified: bool,
    reason: String,
    place: String,
    score: u8,
    findings: Vec<Found>,
    revision: String,
    /// What became of it: when, and by whom.
    state: HoldState,
    /// Gone once it can no longer be released.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Event>,
}

impl Shown {
    fn of(id: HoldId, held: HeldEvent, now: u64, whole: bool) -> Self {
        let state = held.state_at(now);
        let (name, kind, at, expires) = (state.name(), held.kind, held.at, held.expires);
        let details = |state: HoldState| Details {
            channel: held.channel,
            account: held.account,
            sender: held.sender,
            known: held.known,
            verified: held.verified,
            reason: held.reason,
            place: held.place,
            score: held.score,
            findings: held.findings,
            revision: held.revision,
            event: held.event.filter(|_| state.is_open()),
            state,
        };
        Self { id, kind, state: name, at, expires, held: whole.then(|| details(state)) }
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
    waited(app, headers, asked, move |app, whole| {
        let now = app.now();
        let mut holds = app.gate.holds().list()?;
        // What lapses rings no bell.
        let lapses = soonest(&holds, now);
        holds.retain(|(_, held)| asked.state.is_none_or(|wanted| wanted.is(&held.state_at(now))));
        let there_is = !holds.is_empty();
        let shown = |(id, held)| Shown::of(id, held, now, whole);
        Ok((json(&Listed { holds: holds.into_iter().map(shown).collect() }), there_is, lapses))
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
    waited(app, headers, asked, move |app, whole| {
        let (holds, now) = (app.gate.holds(), app.now());
        let id = holds.id(&id)?;
        let held = holds.get(&id)?;
        let is_answered = held.state_at(now) != HoldState::Waiting;
        let lapses = soonest(&[(id, held.clone())], now);
        Ok((json(&Shown::of(id, held, now, whole)), is_answered, lapses))
    })
    .await
}

/// What there is, whether it is what is waited for, and how long until it changes by itself.
type Look = (Response<Body>, bool, Option<Duration>);

/// How long until the first of these lapses.
fn soonest(holds: &[(HoldId, HeldEvent)], now: u64) -> Option<Duration> {
    let open = holds.iter().filter(|(_, held)| held.state_at(now).is_open());
    let ends = open.filter_map(|(_, held)| held.state.lapses(held.expires));
    ends.min().map(|end| Duration::from_millis(end.saturating_sub(now)))
}

/// Looks, and looks again after every change, as long as what is found is not what is waited for.
async fn waited(
    app: Arc<App>,
    headers: HeaderMap,
    asked: Asked,
    look: impl Fn(&App, bool) -> Result<Look, Refusal> + Clone + Send + 'static,
) -> Response<Body> {
    if asked.wait > LONGEST {
        return Refusal::REQUEST.into_response();
    }
    let longest = Duration::from_secs(asked.wait.into());
    let once = || {
        let (of, look, headers) = (Arc::clone(&app), look.clone(), headers.clone());
        async {
            let response = in_name_of(of, headers, Scope::Check, move |app, client| look(app, client.sees_holds)).await;
            match response {
                Ok((response, true, _)) => Ok(Looked::Found(response)),
                Ok((response, false, lapses)) => Ok(Looked::NotYet(response, lapses)),
                Err(refusal) => Err(refusal),
            }
        }
    };
    app.changes.wait(longest, once).await.unwrap_or_else(|refusal| refusal.into_response())
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
pub(super) async fn release(State(app): State<Arc<App>>, Path(id): Path<String>, headers: HeaderMap) -> Answered {
    in_name_of(app, headers, Scope::Check, move |app, _| {
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
struct Redeem<'a> {
    token: String,
    #[serde(borrow)]
    event: &'a RawValue,
}

#[derive(Serialize)]
struct Done {
    redeemed: bool,
}

/// Uses up a token for the event that the gateway is about to act on.
pub(super) async fn redeem(State(app): State<Arc<App>>, request: Request) -> Answered {
    app.client(request.headers(), Scope::Check)?;
    let headers = request.headers().clone();
    let body = app.body(request).await?;
    let Redeem { token, event } = object(&body)?;
    let event: Event = object(event.get().as_bytes())?;
    in_name_of(app, headers, Scope::Check, move |app, _| {
        let token: Token = token.parse().map_err(|_| HoldError::NoToken)?;
        app.gate.redeem(&token, &event.digest(), app.now())?;
        Ok(json(&Done { redeemed: true }))
    })
    .await
}

/// Ends a hold that the gateway waits for no more. It is denied then, whatever the owner says afterwards.
pub(super) async fn withdraw(app: State<Arc<App>>, id: Path<String>, headers: HeaderMap) -> Answered {
    changed(app, id, headers, Scope::Check, |gate, id, by, at| gate.withdraw(id, by, at)).await
}

/// Approves a hold, in the owner's name.
pub(super) async fn approve(app: State<Arc<App>>, id: Path<String>, headers: HeaderMap) -> Answered {
    changed(app, id, headers, Scope::Approve, |gate, id, by, at| gate.approve(id, by, at).map(|(held, _)| held)).await
}

/// Denies a hold, in the owner's name.
pub(super) async fn deny(app: State<Arc<App>>, id: Path<String>, headers: HeaderMap) -> Answered {
    changed(app, id, headers, Scope::Approve, |gate, id, by, at| gate.deny(id, by, at)).await
}

/// Changes a hold in the name of the client, and shows it as it is then.
async fn changed(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    scope: Scope,
    change: fn(&Gate, &HoldId, &Actor, u64) -> Result<HeldEvent, HoldError>,
) -> Answered {
    in_name_of(app, headers, scope, move |app, client| {
        let (id, now) = (app.gate.holds().id(&id)?, app.now());
        let held = change(&app.gate, &id, &client.actor, now)?;
        Ok(json(&Shown::of(id, held, now, false)))
    })
    .await
}

/// What a client is told. The store's own words stay inside.
impl From<HoldError> for Refusal {
    fn from(error: HoldError) -> Self {
        match error {
            HoldError::NoId(_) => Self(StatusCode::BAD_REQUEST, "an id of a hold has 32 hexadecimal digits"),
            HoldError::Unknown(_) => Self(StatusCode::NOT_FOUND, "nothing is held under this id"),
            HoldError::Settled(_) => Self(StatusCode::CONFLICT, "it was answered before, or its time is up"),
            HoldError::NotApproved => Self(StatusCode::CONFLICT, "the owner has not answered yet"),
            HoldError::NoToken => Self(StatusCode::CONFLICT, "this is no token of this gate"),
            HoldError::OtherEvent => Self(StatusCode::CONFLICT, "the token is for another event"),
            _ => Self::STORE,
        }
    }
}
