//! The signatures of the services that call a gateway's webhooks.
//!
//! One function a service. Each takes the header as it came and the body *as it was received*, before anything has read
//! it as JSON, and the secrets that are valid now: two while they are changed. All of them are tried, each whole, in the
//! same time wherever a code differs. Where the answer is false, answer the caller with the status 401 and nothing else.
//!
//! A signature says that the service has sent the body, and nothing of the people in it: what comes out is an event like any
//! other, and is checked.
//!
//! ```
//! use sluicegate::auth::webhook;
//! use sluicegate::keys::SharedSecret;
//! use sluicegate::{Event, Gate};
//!
//! # fn handle(gate: &Gate, secrets: &[SharedSecret], signature: &str, body: &[u8], now: u64) -> Option<u16> {
//! // First the signature, over the bytes as they came …
//! if !webhook::meta(signature, body, secrets) {
//!     return Some(401);
//! }
//! // … then the gateway's own reading of the body, and then the gate.
//! let message: serde_json::Value = serde_json::from_slice(body).ok()?;
//! let event = Event::message(now, message["text"].as_str()?).channel("whatsapp").sender(message["from"].as_str()?);
//! let verdict = gate.check(&event);
//! # let _ = verdict;
//! # Some(200)
//! # }
//! # let (gate, secrets) = (Gate::builder().rules([]).build()?, [SharedSecret::new(*b"It's a Secret to Everybody")?]);
//! # let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
//! # assert_eq!(handle(&gate, &secrets, signature, b"Hello, World?", 0), Some(401));
//! # assert_eq!(handle(&gate, &secrets, signature, b"Hello, World!", 0), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod hub;
mod slack;
mod telegram;

pub use hub::{github, meta};
pub use slack::slack;
pub use telegram::telegram;

use crate::keys::SharedSecret;

/// Whether one of the secrets gives this code, 64 hexadecimal digits, for the parts. All of them are tried.
fn signed(secrets: &[SharedSecret], parts: &[&[u8]], digits: &str) -> bool {
    let mut code = [0; 32];
    let readable = hex::decode_to_slice(digits, &mut code).is_ok();
    secrets.iter().fold(false, |right, secret| right | secret.verify(parts, &code)) & readable
}
