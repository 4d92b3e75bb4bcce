//! `GET /v1/openapi.json`: what can be asked, for programs that make clients. It is the same for everybody and needs no token.

use axum::body::Body;
use axum::http::Response;

use super::super::answer::with_type;

/// The document, which `adapters/openapi/check` tests against a server that runs.
pub(super) const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// The document.
pub(super) async fn answer() -> Response<Body> {
    with_type("application/json", DOCUMENT.into())
}
