//! Connections, from their beginning to their end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::future::RouteFuture;
use hyper::body::Incoming as Received;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;

use super::app::App;
use super::listen::{Incoming, Listener};
use super::places::Place;
use super::{GRACE, routes};

/// Header lines of a request at most.
const HEADERS: usize = 64;
/// Bytes of the head of a request at most.
const HEAD: usize = 16 * 1024;
/// How long nothing is accepted after the system gave no connection, such as when there are no file descriptors left.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers everything until it is stopped, and lets what is under way end.
pub(super) async fn serve(listeners: Vec<Listener>, app: Arc<App>, stop: watch::Sender<bool>) {
    tokio::spawn(stop_on_signal(stop.clone()));
    let router = routes::router(Arc::clone(&app));
    let graceful = GracefulShutdown::new();
    let watcher = &graceful;
    let loops = listeners.iter().map(|listener| accept(listener, &app, &router, watcher, stop.subscribe()));
    futures(loops).await;
    drop(listeners);
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

/// Runs all of them to their end.
async fn futures(all: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

async fn accept(
    listener: &Listener,
    app: &Arc<App>,
    router: &Router,
    graceful: &GracefulShutdown,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let incoming = tokio::select! {
            incoming = listener.accept() => incoming,
            _ = stopped.wait_for(|stopped| *stopped) => return,
        };
        let Ok(incoming) = incoming else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // One too many is closed at once, without a word.
        let Some(place) = app.places.enter().map(Arc::new) else { continue };
        let (app, router, watcher) = (Arc::clone(app), router.clone(), graceful.watcher());
        tokio::spawn(async move {
            let conversation = async {
                match incoming {
                    Incoming::Tcp(stream, None) => {
                        let _ = watcher.watch(talk(stream, &app, router, &place)).await;
                    }
                    Incoming::Tcp(stream, Some(tls)) => {
                        if let Ok(Ok(stream)) = timeout(app.patience, tls.accept(stream)).await {
                            let _ = watcher.watch(talk(stream, &app, router, &place)).await;
                        }
                    }
                    #[cfg(unix)]
                    Incoming::Unix(stream) => {
                        let _ = watcher.watch(talk(stream, &app, router, &place)).await;
                    }
                }
            };
            // How a client goes away is of no interest to anybody.
            tokio::select! {
                () = conversation => {}
                () = place.wanted() => {}
            }
        });
    }
}

/// A conversation over a connection. Whoever does not get the head of a request across in time is cut off, and so is who
/// keeps a connection open that long without a request.
fn talk<S: AsyncRead + AsyncWrite + Unpin>(stream: S, app: &App, router: Router, place: &Arc<Place>) -> Talk<S> {
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.patience)
        .max_headers(HEADERS)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), Answering { router, place: Arc::clone(place) })
}

type Talk<S> = http1::Connection<TokioIo<S>, Answering>;

/// What answers the requests of one connection. As long as no token was shown over it, requests carry its place, so that it
/// can be kept.
struct Answering {
    router: Router,
    place: Arc<Place>,
}

impl Service<Request<Received>> for Answering {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn call(&self, mut request: Request<Received>) -> Self::Future {
        if !self.place.is_known() {
            request.extensions_mut().insert(Arc::clone(&self.place));
        }
        // A router is always ready.
        tower::Service::call(&mut self.router.clone(), request)
    }
}

/// SIGINT and SIGTERM stop the server; where they cannot be heard of, the process ends as it would without a server.
async fn stop_on_signal(stop: watch::Sender<bool>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            return;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    stop.send_replace(true);
}
