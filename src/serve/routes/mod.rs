//! What can be asked for, one file each.

mod check;
mod detect;
mod health;
mod holds;
mod litellm;
mod metrics;
mod openapi;
mod owner;
mod senders;
mod status;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};

use super::answer::Refusal;
use super::app::App;
use super::places::Place;

/// All routes, behind what is asked of every request.
pub(super) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/check", post(check::answer))
        .route("/v1/detect", post(detect::answer))
        .route("/v1/status", get(status::answer))
        .route("/beta/litellm_basic_guardrail_api", post(litellm::answer))
        .route("/v1/holds", get(holds::list))
        .route("/v1/holds/redeem", post(holds::redeem))
        .route("/v1/holds/{id}", get(holds::show))
        .route("/v1/holds/{id}/release", post(holds::release))
        .route("/v1/holds/{id}/withdraw", post(holds::withdraw))
        .route("/v1/holds/{id}/approve", post(holds::approve))
        .route("/v1/holds/{id}/deny", post(holds::deny))
        .route("/v1/senders", get(senders::list))
        .route("/v1/senders/knocked", get(senders::knocked))
        .route("/v1/senders/{change}", post(senders::change))
        .route("/v1/owner", post(owner::answer))
        .route("/v1/openapi.json", get(openapi::answer))
        .route("/healthz", get(health::runs))
        .route("/readyz", get(health::judges))
        .route("/metrics", get(metrics::answer))
        .fallback(|| async { Refusal::NOT_FOUND })
        .method_not_allowed_fallback(|| async { Refusal::METHOD })
        .layer(from_fn_with_state(Arc::clone(&app), guard))
        .with_state(app)
}

/// Before every request: is it meant for us, and are there not too many?
async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response<Body> {
    if !app.serves(&request) {
        return Refusal::HOST.into_response();
    }
    if let Some(place) = request.extensions().get::<Arc<Place>>()
        && app.known(request.headers()).is_ok()
    {
        place.know();
    }
    // Whoever waits for the owner takes no place from those who are answered at once.
    let waits = request.uri().path().starts_with("/v1/holds");
    let places = if waits { &app.waits } else { &app.requests };
    let Ok(_place) = places.try_acquire() else {
        app.metrics.shed();
        return check::shed(&app, &request);
    };
    let mut response = next.run(request).await;
    // What the frame itself refuses, such as a path that is no text, is told in its own words, which tell of the inside.
    let of = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    if response.status().is_client_error() && of != Some(b"application/json") {
        let mut plain = Refusal::REQUEST.into_response();
        *plain.status_mut() = response.status();
        response = plain;
    }
    response
}

/// Work that may take long goes to a thread of its own, so that short requests do not wait behind it.
async fn apart<T: Send + 'static>(bytes: usize, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    /// Bytes whose work is done before anybody notices.
    const SHORT: usize = 32 * 1024;
    if bytes <= SHORT {
        return std::panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| Refusal::FAILED);
    }
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::FAILED)
}

/// One thing or a list of them, each as it was written.
enum OneOrMany<'a> {
    One(&'a serde_json::value::RawValue),
    Many(Vec<&'a serde_json::value::RawValue>),
}

impl<'a> OneOrMany<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Refusal> {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        let read = match first {
            Some(b'{') => serde_json::from_slice(body).map(Self::One),
            Some(b'[') => serde_json::from_slice(body).map(Self::Many),
            _ => return Err(Refusal::JSON),
        };
        read.map_err(|_| Refusal::JSON)
    }

    /// What `answer` makes of each, with its number from 1, in the same form.
    fn answer<T: serde::Serialize>(self, mut answer: impl FnMut(u64, &'a str) -> T) -> Answer<T> {
        match self {
            Self::One(one) => Answer::One(Box::new(answer(1, one.get()))),
            Self::Many(many) => Answer::Many((1..).zip(many).map(|(number, one)| answer(number, one.get())).collect()),
        }
    }
}

/// The answer to one thing, or to a list.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Answer<T> {
    One(Box<T>),
    Many(Vec<T>),
}

impl<T> Answer<T> {
    fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}
