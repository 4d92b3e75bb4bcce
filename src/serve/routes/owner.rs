//! `POST /v1/owner`: the owner's secret, once for each token that may approve.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::super::answer::{Refusal, json};
use super::super::app::App;
use crate::config::Scope;
use crate::keys::OwnerSecret;
use crate::owner::OwnerError;

#[derive(Deserialize)]
struct Given<'a> {
    // Borrowed from the body, which is wiped.
    secret: &'a str,
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
    let client =
        app.client(request.headers(), Scope::Approve).or_else(|_| app.client(request.headers(), Scope::Admin))?;
    let name = client.name.to_owned();
    let body = Zeroizing::new(app.body(request).await?);
    let Given { secret } = serde_json::from_slice(&body).map_err(|_| Refusal::JSON)?;
    let secret = OwnerSecret::new(secret).map_err(|_| Refusal::SECRET)?;
    let (of, now) = (Arc::clone(app), app.now());
    // A guess costs memory and a tenth of a second, on purpose.
    let proof = tokio::task::spawn_blocking(move || of.gate.authority().unlock(&secret, now)).await;
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
