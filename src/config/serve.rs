//! What the owner sets for the sidecar.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// Everything that the owner sets for `sluicegate serve`.
///
/// ```toml
/// [serve]
/// listen = ["127.0.0.1:8787"]
///
/// [[serve.token]]
/// name = "gateway"
/// scopes = ["check"]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ServeSettings {
    /// Addresses to listen at. Beyond loopback only with TLS.
    pub listen: Vec<SocketAddr>,
    /// A Unix socket to listen at, which only the same user may open (0600).
    pub socket: Option<PathBuf>,
    /// Milliseconds between two ticks. What is dropped or held is answered on a tick, so that nobody can tell from the time
    /// why; 0 answers at once. At most 1,000.
    pub tick_ms: u16,
    /// The longest body of a request, in bytes.
    pub body_bytes: usize,
    /// Events or texts that one request may bring.
    pub batch: usize,
    /// Seconds in which a request has to be there whole.
    pub read_seconds: u16,
    /// Connections at once; more are closed.
    pub connections: usize,
    /// Requests at once; more are answered with the closed decision.
    pub requests: usize,
    /// More names that a request may address the sidecar by (`Host`), besides loopback's.
    pub hosts: Vec<String>,
    /// The certificate chain (PEM) for TLS.
    pub tls_certificate: Option<PathBuf>,
    /// The private key (PEM) for TLS.
    pub tls_key: Option<PathBuf>,
    /// Who may ask.
    pub token: Vec<TokenSettings>,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 8787))],
            socket: None,
            tick_ms: 5,
            body_bytes: 4 * 1024 * 1024,
            batch: 1_000,
            read_seconds: 10,
            connections: 512,
            requests: 256,
            hosts: Vec::new(),
            tls_certificate: None,
            tls_key: None,
            token: Vec::new(),
        }
    }
}

/// One client of the sidecar. Its bearer token is made from the key file: `sluicegate keys token NAME` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TokenSettings {
    /// Its name: letters, digits and `-`, at most 64.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Counted up, it makes all tokens of this name void that were given out before.
    #[serde(default)]
    pub serial: u32,
}

/// What a client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scope {
    /// Ask for verdicts and wait for holds.
    Check,
    /// Answer holds, once the owner's secret was given.
    Approve,
    /// Change senders, once the owner's secret was given.
    Admin,
}

impl Scope {
    /// Its name in settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Approve => "approve",
            Self::Admin => "admin",
        }
    }
}
