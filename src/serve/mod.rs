//! The sidecar: a gate over HTTP, on loopback or a Unix socket, for gateways that are not written in Rust.
//!
//! | request | does |
//! |---|---|
//! | `POST /v1/check` | one event or a list of them; the verdicts |
//! | `POST /v1/detect` | `{"id", "text"}` or a list; what is found in it, without sender and policy |
//! | `POST /beta/litellm_basic_guardrail_api` | what LiteLLM's generic guardrail asks |
//! | `GET /v1/holds`, `/v1/holds/ID` | what waits for the owner; `?wait=SECONDS` until there is an answer |
//! | `POST /v1/holds/ID/release`, `/v1/holds/redeem` | take an approved event; use its token up |
//! | `POST /v1/holds/ID/withdraw` | wait for an answer no more, which denies it |
//! | `POST /v1/holds/ID/approve`, `/deny`, `/v1/owner` | the owner's answer; the owner's secret, once a token |
//! | `GET /v1/senders`, `/v1/senders/knocked` | the people whom the owner knows; unknown senders who wrote |
//! | `POST /v1/senders/approve`, `block`, `unblock`, `revoke`, `capabilities`, `name`, `note` | what the owner says of one |
//! | `GET /v1/status` | what is loaded, and how the last reload went |
//! | `GET /metrics` | counters for Prometheus |
//! | `GET /healthz`, `/readyz` | whether the process runs; whether it judges |
//! | `GET /v1/openapi.json` | all of this, for programs |
//!
//! Every request but the last three needs a bearer token, and a `Host` that names loopback: a web page that a browser
//! on this machine opens can send neither. An error is a status and `{"error":"…"}`, which says nothing of the inside.
//!
//! A client that goes away, is slow, or sends what is too long is cut off; one that asks while too many others do is answered
//! with the closed decision. What is dropped or held is answered on a fixed tick.

mod answer;
mod apart;
mod app;
mod changes;
mod connections;
mod error;
mod listen;
mod litellm;
mod metrics;
mod notices;
mod places;
mod routes;
mod tick;
mod tls;
mod token;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use crate::Gate;
use crate::config::Settings;
use crate::keys::Keys;

pub use apart::apart;
pub use error::ServeError;
pub use token::Tokens;

use app::App;
use listen::Listener;
use notices::{Deliverer, Fault, Notices};

/// How long requests under way may take once the server is asked to stop, and then the notices that wait, and then all else. Less
/// than the ten seconds together after which a container is killed.
const GRACE: Duration = Duration::from_secs(4);
const DELIVERIES: Duration = Duration::from_secs(4);
const LAST: Duration = Duration::from_secs(1);

/// A sidecar that listens and does not answer yet.
pub struct Server {
    runtime: Runtime,
    listeners: Vec<Listener>,
    app: Arc<App>,
    deliverer: Option<Deliverer>,
    fault: Fault,
    stop: watch::Sender<bool>,
}

/// Stops a [`Server`] that runs.
#[derive(Clone)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// No new requests from here on. Those that wait are answered with what there is, those under way and notices get four
    /// seconds each; what still goes on then is cut off.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Opens the addresses of the settings. `clock` gives milliseconds since 1970.
    ///
    /// # Errors
    /// Where an address cannot be had, or lies beyond loopback without TLS; where certificate or key cannot be read; where
    /// there is no token.
    pub fn bind(
        gate: Arc<Gate>,
        settings: &Settings,
        keys: &Keys,
        clock: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Result<Self, ServeError> {
        let tokens = Tokens::new(&settings.serve.token, keys)?;
        let tls = tls::acceptor(&settings.serve)?;
        let workers = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        let runtime = Builder::new_multi_thread()
            .worker_threads(workers)
            .thread_name("sluicegate-serve")
            .enable_all()
            .build()
            .map_err(ServeError::Runtime)?;
        let listeners = {
            let _inside = runtime.enter();
            listen::open(&settings.serve, tls.as_ref())?
        };
        let (notices, deliverer) = Notices::new(&settings.notify);
        let stop = watch::Sender::new(false);
        let app = Arc::new(App::new(gate, &settings.serve, tokens, notices, stop.subscribe(), Box::new(clock)));
        Ok(Self { runtime, listeners, app, deliverer, fault: Box::new(|_| {}), stop })
    }

    /// Who hears of what goes wrong while it runs, such as a notice that could not be delivered. Nobody, where nothing is said.
    #[must_use]
    pub fn on_fault(mut self, fault: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.fault = Box::new(fault);
        self
    }

    /// The addresses that it listens at; a port that was left to the system is filled in.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.listeners.iter().filter_map(Listener::address).collect()
    }

    /// What stops it, from any thread.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(self.stop.clone())
    }

    /// Answers until it is stopped by its [`Stopper`], or by SIGINT or SIGTERM; then what the gate has in memory is on the
    /// disk.
    ///
    /// # Errors
    /// Where the log or the store does not take what waits.
    pub fn run(self) -> Result<(), ServeError> {
        let Self { runtime, listeners, app, deliverer, fault, stop } = self;
        let gate = Arc::clone(&app.gate);
        let deliveries = deliverer.map(|deliverer| runtime.spawn(deliverer.run(fault)));
        runtime.block_on(async {
            connections::serve(listeners, Arc::clone(&app), stop).await;
            app.notices.close();
        });
        // What the gate has in memory comes first: whoever ends this process next may not be patient.
        let flushed = gate.flush().map_err(ServeError::Flush);
        if let Some(deliveries) = deliveries {
            let _ = runtime.block_on(async { tokio::time::timeout(DELIVERIES, deliveries).await });
        }
        runtime.shutdown_timeout(LAST);
        flushed
    }
}
