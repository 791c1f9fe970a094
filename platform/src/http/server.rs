//! A listener with bounds: on connections, on the time a request's head may take, on idleness; and
//! with an end that lets requests finish.
//!
//! `axum::serve` has neither bound, hence hyper-util's builder. Traps met here: its automatic choice
//! of HTTP version waits for the first bytes without any timeout, and an HTTP/2 connection may idle
//! for ever, so each connection is also looked after by a tick of its own.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use prometheus_client::metrics::gauge::Gauge;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use super::gather::Gather;
use crate::auth::{OverTls, PeerAddress};
use crate::lifecycle::Lifecycle;
use crate::telemetry::metrics::HttpMetrics;
use crate::tls::TlsServer;

/// The largest head of a request, in bytes.
const HEAD_LIMIT_BYTES: u32 = 64 << 10;
/// How long accepting rests when the system has no more file descriptors.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// Idle periods after which a connection is cut whose answer is still not read to its end.
const STALLED_PERIODS: u32 = 30;

/// The bounds of one listener.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// How long the head of a request may take, and how long a connection may be there before its first one.
    pub header_read_timeout: Duration,
    /// How long a connection may idle between requests, in whole multiples of `header_read_timeout`.
    /// A connection whose last answer is not read to its end after 30 times that long is cut.
    pub idle_timeout: Duration,
    /// How often the other end of an HTTP/2 connection is asked whether it is there; 10 s later it is cut.
    pub keepalive: Duration,
    /// Connections at once; one more waits, unaccepted, in the system's queue.
    pub max_connections: usize,
    /// Requests at once on one HTTP/2 connection.
    pub max_streams: u32,
    /// Whether nothing but HTTP/2 is spoken.
    pub http2_only: bool,
    /// Speaks TLS with every connection, within `header_read_timeout`; in the clear without it.
    pub tls: Option<TlsServer>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            header_read_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(10),
            keepalive: Duration::from_secs(20),
            max_connections: 1024,
            max_streams: 128,
            http2_only: false,
            tls: None,
        }
    }
}

impl ServeOptions {
    /// After how many quiet looks at a connection it is called idle.
    fn idle_looks(&self) -> u32 {
        let looks = self.idle_timeout.as_secs_f64() / self.header_read_timeout.as_secs_f64().max(0.001);
        // Saturates, which is what is meant.
        (looks.round() as u32).max(1)
    }
}

/// An address that could not be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}{}", hint(source))]
pub struct BindError {
    /// The address.
    pub address: SocketAddr,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => ": another program listens there; stop it or choose another port",
        io::ErrorKind::PermissionDenied => ": ports below 1024 need privileges; choose another port",
        io::ErrorKind::AddrNotAvailable => ": this machine does not have that address",
        _ => "",
    }
}

/// Listens on `address`; port 0 takes a free one, which `local_addr` of the result says.
///
/// # Errors
/// If the address is taken, forbidden or not this machine's.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| BindError { address, source })
}

/// How a listener ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeEnd {
    /// Connections that were cut by the hard stop.
    pub cut: u64,
}

/// Serves `routes` (HTTP/1.1 and HTTP/2) on `listener` until the lifecycle's soft stop;
/// then closes the listener, lets every connection finish the request it is on, and returns when the
/// last has, or at the hard stop. Spawn it on the lifecycle's tasks.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    options: ServeOptions,
    metrics: HttpMetrics,
    lifecycle: Lifecycle,
) -> ServeEnd {
    serve_counted(listener, routes, options, metrics.connections, lifecycle).await
}

/// The same, with the gauge that its connections are counted by.
pub(crate) async fn serve_counted(
    listener: TcpListener,
    routes: Router,
    options: ServeOptions,
    open: Gauge,
    lifecycle: Lifecycle,
) -> ServeEnd {
    let connections = TaskTracker::new();
    let permits = Arc::new(Semaphore::new(options.max_connections));
    let builder = builder(&options, Tracked { tasks: connections.clone(), hard: lifecycle.hard().clone() });
    let cut = Arc::new(AtomicU64::new(0));
    while let Some((stream, peer, permit)) = accept(&listener, &permits, lifecycle.soft()).await {
        let connection = Connection {
            builder: builder.clone(),
            routes: routes.clone(),
            peer: PeerAddress(peer),
            period: options.header_read_timeout,
            idle_looks: options.idle_looks(),
            over_tls: options.tls.is_some(),
            gather: options.http2_only,
            // Children, so that connections do not meet on the lock of one list of waiters.
            soft: lifecycle.soft().child_token(),
            hard: lifecycle.hard().child_token(),
        };
        let (open, cut, tls) = (open.clone(), Arc::clone(&cut), options.tls.clone());
        connections.spawn(async move {
            open.inc();
            let finish = match tls {
                None => connection.run(stream).await,
                Some(tls) => connection.run_over_tls(stream, &tls).await,
            };
            if finish == Finish::Cut {
                cut.fetch_add(1, Ordering::Relaxed);
            }
            open.dec();
            drop(permit);
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
    ServeEnd { cut: cut.load(Ordering::Relaxed) }
}

/// The next connection and its place; `None` when no more are taken.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    soft: &CancellationToken,
) -> Option<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let permit = tokio::select! {
        biased;
        () = soft.cancelled() => return None,
        permit = Arc::clone(permits).acquire_owned() => permit.ok()?,
    };
    loop {
        let accepted = tokio::select! {
            biased;
            () = soft.cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Answers are written whole; without this the last packet of one waits for an ACK.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY was refused");
                }
                return Some((stream, peer.ip(), permit));
            }
            // The client was gone before we came: its business.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                tokio::select! {
                    () = soft.cancelled() => return None,
                    () = tokio::time::sleep(ACCEPT_REST) => {}
                }
            }
        }
    }
}

fn builder(options: &ServeOptions, executor: Tracked) -> Builder<Tracked> {
    let mut builder = Builder::new(executor);
    if options.http2_only {
        builder = builder.http2_only();
    }
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(options.header_read_timeout)
        .max_buf_size(HEAD_LIMIT_BYTES as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(options.keepalive))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(options.max_streams)
        .max_header_list_size(HEAD_LIMIT_BYTES);
    builder
}

/// Runs the streams of HTTP/2 connections where the end of the listener waits for them.
#[derive(Debug, Clone)]
struct Tracked {
    tasks: TaskTracker,
    hard: CancellationToken,
}

impl<F> hyper::rt::Executor<F> for Tracked
where
    F: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, future: F) {
        let hard = self.hard.clone();
        self.tasks.spawn(async move { hard.run_until_cancelled(future).await.map(drop) });
    }
}

/// What a connection has done, to tell an idle one from a busy one.
#[derive(Debug, Default)]
struct Activity {
    requests: AtomicU64,
    active: AtomicUsize,
}

/// One request of a connection, until its answer has a head.
struct Active(Arc<Activity>);

impl Active {
    fn begin(activity: &Arc<Activity>) -> Self {
        activity.requests.fetch_add(1, Ordering::Relaxed);
        activity.active.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(activity))
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finish {
    /// By itself, or by either side's wish.
    Closed,
    /// By the hard stop.
    Cut,
}

struct Connection {
    builder: Builder<Tracked>,
    routes: Router,
    peer: PeerAddress,
    /// Between two looks at it.
    period: Duration,
    /// Quiet looks after which it is idle.
    idle_looks: u32,
    over_tls: bool,
    /// Whether many answers are expected at once.
    gather: bool,
    soft: CancellationToken,
    hard: CancellationToken,
}

impl Connection {
    /// Runs it once both sides speak TLS; a stop does not wait for one that does not speak yet.
    async fn run_over_tls(self, stream: TcpStream, tls: &TlsServer) -> Finish {
        let accepted = tokio::select! {
            biased;
            () = self.soft.cancelled() => return Finish::Closed,
            accepted = tokio::time::timeout(self.period, tls.accept(stream)) => accepted,
        };
        match accepted {
            Ok(Ok(stream)) => self.run(stream).await,
            Ok(Err(error)) => {
                tracing::debug!(%error, "a client and we could not agree on TLS");
                Finish::Closed
            }
            Err(_elapsed) => Finish::Closed,
        }
    }

    async fn run<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S) -> Finish {
        if self.gather { self.serve(Gather::new(stream)).await } else { self.serve(stream).await }
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S) -> Finish {
        let activity = Arc::new(Activity::default());
        let service = hyper::service::service_fn(|mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(self.peer);
            if self.over_tls {
                request.extensions_mut().insert(OverTls);
            }
            answer(self.routes.clone(), request, &activity)
        });
        let mut connection = std::pin::pin!(self.builder.serve_connection(TokioIo::new(stream), service));
        let mut tick = tokio::time::interval_at(Instant::now() + self.period, self.period);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = 0;
        let mut quiet_looks = 0_u32;
        let mut finishing = false;
        loop {
            tokio::select! {
                biased;
                result = connection.as_mut() => {
                    if let Err(error) = result {
                        tracing::debug!(error, "a connection ended early");
                    }
                    return Finish::Closed;
                }
                () = self.hard.cancelled() => return Finish::Cut,
                () = self.soft.cancelled(), if !finishing => {
                    finishing = true;
                    connection.as_mut().graceful_shutdown();
                }
                _ = tick.tick() => {
                    let requests = activity.requests.load(Ordering::Relaxed);
                    let quiet = requests == seen && activity.active.load(Ordering::Relaxed) == 0;
                    quiet_looks = if quiet { quiet_looks.saturating_add(1) } else { 0 };
                    // It has not even said which version it speaks, or does not read what it asked for:
                    // nothing to be graceful about.
                    if requests == 0 || quiet_looks > self.idle_looks.saturating_mul(STALLED_PERIODS) {
                        return Finish::Closed;
                    }
                    if quiet_looks >= self.idle_looks && !finishing {
                        finishing = true;
                        connection.as_mut().graceful_shutdown();
                    }
                    seen = requests;
                }
            }
        }
    }
}

/// Hands a request to the routes. Most have no body, and then none is boxed.
fn answer(
    mut routes: Router,
    request: hyper::Request<Incoming>,
    activity: &Arc<Activity>,
) -> impl Future<Output = Result<Response, Infallible>> + Send + 'static {
    let active = Active::begin(activity);
    let request: Request = request.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(body) });
    let response = routes.call(request);
    async move {
        let response = response.await;
        drop(active);
        response
    }
}
