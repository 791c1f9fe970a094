//! The way to another gRPC server.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Channel, Endpoint};
use tower::Service;

use crate::tls::ClientTls;

/// A channel to `endpoint` that connects when it is first used, and again whenever it has to: over TLS where `tls` is
/// given, each time with the certificates of that moment. The endpoint's `connect_timeout` bounds all of it.
#[must_use]
pub fn channel(endpoint: &Endpoint, tls: Option<ClientTls>) -> Channel {
    match tls {
        None => endpoint.connect_lazy(),
        Some(tls) => endpoint.connect_with_connector_lazy(Connector { tls }),
    }
}

struct Connector {
    tls: ClientTls,
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TlsStream<TcpStream>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, io::Error>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let tls = self.tls.clone();
        Box::pin(async move {
            let no_host = || io::Error::new(io::ErrorKind::InvalidInput, "the address names no host");
            let host = uri.host().ok_or_else(no_host)?;
            let unbracketed = host.trim_start_matches('[').trim_end_matches(']');
            let stream = TcpStream::connect((unbracketed, uri.port_u16().unwrap_or(443))).await?;
            stream.set_nodelay(true)?;
            Ok(TokioIo::new(tls.connect(host, stream).await?))
        })
    }
}
