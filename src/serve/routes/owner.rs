//! `POST /v1/owner`: the owner's secret, once for each token that may approve.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::super::answer::{Refusal, json};
use super::super::app::App;
use super::object;
use crate::keys::OwnerSecret;
use crate::owner::OwnerError;
use crate::store::Actor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given<'a> {
    // Borrowed from the body, which is wiped, unless it is written with escapes.
    #[serde(borrow)]
    secret: Cow<'a, str>,
}

#[derive(Serialize)]
struct Told {
    owner: bool,
}

/// Takes the owner's secret. From then on, until the sidecar ends, this client may do what its scopes say.
pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    match proved(&app, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn proved(app: &Arc<App>, request: Request) -> Result<Response<Body>, Refusal> {
    let name = app.deputy(request.headers())?.name.to_owned();
    let body = Zeroizing::new(app.body(request).await?);
    let Given { secret } = object(&body)?;
    let secret = match secret {
        Cow::Borrowed(secret) => OwnerSecret::new(secret),
        Cow::Owned(secret) => OwnerSecret::new(&Zeroizing::new(secret)),
    };
    let secret = secret.map_err(|_| Refusal::SECRET)?;
    let (of, now, by) = (Arc::clone(app), app.now(), Actor::Client { token: name.clone() });
    // A guess costs memory and a tenth of a second, on purpose.
    let proof = tokio::task::spawn_blocking(move || of.gate.authority().unlock_for(&by, &secret, now)).await;
    match proof.map_err(|_| Refusal::FAILED)? {
        Ok(_) => {
            app.prove_owner(&name);
            Ok(json(&Told { owner: true }))
        }
        Err(OwnerError::Unset) => {
            Err(Refusal(StatusCode::CONFLICT, "no owner's secret is set: `sluicegate owner init`"))
        }
        Err(_) => Err(Refusal::SECRET),
    }
}
