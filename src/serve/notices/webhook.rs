//! A notice posted on loopback.

use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::config::Webhook;

/// Posts the body; fine is any status from 200 to 299, and redirects are not followed.
pub(super) async fn post(webhook: &Webhook, body: Vec<u8>) -> Result<(), String> {
    // Never the path, which may hold a key.
    let at = webhook.address();
    let stream = TcpStream::connect(at).await.map_err(|error| format!("{at}: {error}"))?;
    let fail = |error: hyper::Error| format!("{at}: {error}");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(fail)?;
    let conversation = tokio::spawn(connection);
    let request = Request::builder()
        .method(Method::POST)
        .uri(webhook.path())
        .header(HOST, at.to_string())
        .header(CONTENT_TYPE, "application/json")
        .body(axum::body::Body::from(body))
        .map_err(|error| format!("{at}: {error}"))?;
    let answer = sender.send_request(request).await.map_err(fail);
    // The answer's body is of no interest, however long it is.
    conversation.abort();
    let status = answer?.status();
    if status.is_success() { Ok(()) } else { Err(format!("{at} answered {status}")) }
}
