//! What goes back over the wire.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde::Serialize;

use crate::store::StoreError;

/// Why a request is not answered as it wished. Says nothing of the inside, and nothing that the far side could have planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) StatusCode, pub(super) &'static str);

impl Refusal {
    pub(super) const NO_TOKEN: Self = Self(StatusCode::UNAUTHORIZED, "a bearer token is needed");
    pub(super) const NOT_ALLOWED: Self = Self(StatusCode::FORBIDDEN, "this token may not do that");
    pub(super) const NO_OWNER: Self =
        Self(StatusCode::FORBIDDEN, "the owner's secret is needed once: POST it to /v1/owner with this token");
    pub(super) const SECRET: Self =
        Self(StatusCode::FORBIDDEN, "this is not the owner's secret, or it is too early to try again");
    pub(super) const HOST: Self = Self(StatusCode::MISDIRECTED_REQUEST, "nothing is served under this host name");
    pub(super) const NOT_FOUND: Self = Self(StatusCode::NOT_FOUND, "there is nothing here");
    pub(super) const METHOD: Self = Self(StatusCode::METHOD_NOT_ALLOWED, "this is not asked for in that way");
    pub(super) const TYPE: Self = Self(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the content type must be application/json");
    pub(super) const LENGTH: Self = Self(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long");
    pub(super) const MANY: Self = Self(StatusCode::PAYLOAD_TOO_LARGE, "too many in one request");
    pub(super) const SLOW: Self = Self(StatusCode::REQUEST_TIMEOUT, "the body did not come in time");
    pub(super) const CUT: Self = Self(StatusCode::BAD_REQUEST, "the body could not be read");
    pub(super) const JSON: Self = Self(StatusCode::BAD_REQUEST, "the body is not the JSON that is expected here");
    pub(super) const REQUEST: Self = Self(StatusCode::BAD_REQUEST, "path or query are not what is expected here");
    pub(super) const BUSY: Self = Self(StatusCode::SERVICE_UNAVAILABLE, "too many requests at once");
    pub(super) const STORE: Self = Self(StatusCode::SERVICE_UNAVAILABLE, "the store gives no answer");
    pub(super) const FAILED: Self = Self(StatusCode::INTERNAL_SERVER_ERROR, "a part of the sidecar failed");
}

impl Refusal {
    /// Gives a response the status, and the header that goes with it.
    pub(super) fn told_by(self, response: &mut Response<Body>) {
        *response.status_mut() = self.0;
        if self.0 == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }
}

impl From<StoreError> for Refusal {
    /// The store's own words stay inside.
    fn from(_: StoreError) -> Self {
        Self::STORE
    }
}

#[derive(Serialize)]
struct Told {
    error: &'static str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let mut response = json(&Told { error: self.1 });
        self.told_by(&mut response);
        response
    }
}

/// A value as JSON.
pub(super) fn json(value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => with_type("application/json", bytes),
        // Nothing that is answered here has keys that JSON cannot have; should it happen, nothing half-written goes out.
        Err(_) => {
            let mut response = with_type("application/json", br#"{"error":"a part of the sidecar failed"}"#.to_vec());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

/// A body of a type. Nothing of it is to be kept by anybody on the way.
pub(super) fn with_type(of: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(of));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
}
