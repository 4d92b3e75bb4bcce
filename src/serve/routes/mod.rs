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

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, Method, Response};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse as _;
use axum::routing::{MethodRouter, get, post};
use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::answer::Refusal;
use super::app::App;
use super::places::Place;
use crate::config::Scope;
use crate::event;
use crate::store::Actor;

/// All that can be asked for.
fn routes() -> Vec<(&'static str, MethodRouter<Arc<App>>)> {
    vec![
        ("/v1/check", post(check::answer)),
        ("/v1/detect", post(detect::answer)),
        (litellm::PATH, post(litellm::answer)),
        ("/v1/holds", get(holds::list)),
        ("/v1/holds/redeem", post(holds::redeem)),
        ("/v1/holds/{id}", get(holds::show)),
        ("/v1/holds/{id}/release", post(holds::release)),
        ("/v1/holds/{id}/withdraw", post(holds::withdraw)),
        ("/v1/holds/{id}/approve", post(holds::approve)),
        ("/v1/holds/{id}/deny", post(holds::deny)),
        ("/v1/senders", get(senders::list)),
        ("/v1/senders/knocked", get(senders::knocked)),
        ("/v1/senders/{change}", post(senders::change)),
        ("/v1/owner", post(owner::answer)),
        ("/v1/status", get(status::answer)),
        ("/v1/openapi.json", get(openapi::answer)),
        ("/healthz", get(health::runs)),
        ("/readyz", get(health::judges)),
        ("/metrics", get(metrics::answer)),
    ]
}

/// All routes, behind what is asked of every request.
pub(super) fn router(app: Arc<App>) -> Router {
    routes()
        .into_iter()
        .fold(Router::new(), |router, (path, answer)| router.route(path, answer))
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
    // Whoever waits for the owner takes no place from those who are answered at once; what costs nothing needs none.
    let places = match asks_for(&request) {
        AsksFor::Nothing => None,
        AsksFor::Patience => Some(&app.waits),
        AsksFor::Work => Some(&app.requests),
    };
    let place = places.map(|places| places.try_acquire()).transpose();
    let Ok(_place) = place else {
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

/// What a request takes.
enum AsksFor {
    Nothing,
    Work,
    /// To wait for the owner.
    Patience,
}

fn asks_for(request: &Request) -> AsksFor {
    let uri = request.uri();
    // Whatever is asked behind the path, it is a look at holds.
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let waits = looks && uri.path().starts_with("/v1/holds") && uri.query().is_some();
    match uri.path() {
        "/healthz" | "/readyz" | "/v1/openapi.json" => AsksFor::Nothing,
        _ if waits => AsksFor::Patience,
        _ => AsksFor::Work,
    }
}

/// A body that is one JSON object, and not a list of its values.
fn object<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = event::object::one(&mut reader).map_err(|_| Refusal::JSON)?;
    reader.end().map(|()| read).map_err(|_| Refusal::JSON)
}

/// What most routes answer.
type Answered = Result<Response<Body>, Refusal>;

/// In whose name something is done.
struct InName {
    actor: Actor,
    /// Whether the client may see what is held.
    sees_holds: bool,
}

/// Does what waits for the disk on a thread of its own, in the name of the client, if it may do that.
async fn in_name_of<T: Send + 'static>(
    app: Arc<App>,
    headers: HeaderMap,
    scope: Scope,
    work: impl FnOnce(&App, InName) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let client = app.client(&headers, scope)?;
    let sees_holds = client.may(Scope::Approve) && app.is_owner(client.name);
    let client = InName { actor: Actor::Client { token: client.name.to_owned() }, sees_holds };
    let of = Arc::clone(&app);
    tokio::task::spawn_blocking(move || work(&of, client)).await.map_err(|_| Refusal::FAILED)?
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
    One(&'a RawValue),
    Many(Vec<&'a RawValue>),
}

impl<'a> OneOrMany<'a> {
    fn read(body: &'a [u8], most: usize) -> Result<Self, Refusal> {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            Some(b'{') => serde_json::from_slice(body).map(Self::One).map_err(|_| Refusal::JSON),
            Some(b'[') => {
                let mut reader = serde_json::Deserializer::from_slice(body);
                let read = UpTo(most).deserialize(&mut reader).map_err(|_| Refusal::JSON)?;
                let many = read.ok_or(Refusal::MANY)?;
                reader.end().map(|()| Self::Many(many)).map_err(|_| Refusal::JSON)
            }
            _ => Err(Refusal::JSON),
        }
    }

    /// What `answer` makes of each, with its number from 1, in the same form.
    fn answer<T: serde::Serialize>(self, mut answer: impl FnMut(u64, &'a str) -> T) -> Answer<T> {
        match self {
            Self::One(one) => Answer::One(Box::new(answer(1, one.get()))),
            Self::Many(many) => Answer::Many((1..).zip(many).map(|(number, one)| answer(number, one.get())).collect()),
        }
    }
}

/// Reads a list of so many at most; none where there are more, of which nothing is kept.
struct UpTo(usize);

impl<'de> DeserializeSeed<'de> for UpTo {
    type Value = Option<Vec<&'de RawValue>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for UpTo {
    type Value = Option<Vec<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {}", self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(one) = list.next_element()? {
            if kept.len() == self.0 {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(None);
            }
            kept.push(one);
        }
        Ok(Some(kept))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_what_can_be_asked_and_nothing_else() {
        let document: serde_json::Value = serde_json::from_str(openapi::DOCUMENT).unwrap();
        let named: Vec<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut there: Vec<&str> = routes().into_iter().map(|(path, _)| path).collect();
        there.sort_unstable();
        assert_eq!(named, there);
    }
}
