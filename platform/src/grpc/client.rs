//! The way to another gRPC server.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::Uri;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tonic::transport::{Channel, Endpoint};
use tower::Service;

use crate::http::gather::Gather;
use crate::tls::ClientTls;

/// A channel to `endpoint` that connects when it is first used, and again whenever it has to: over TLS where `tls` is
/// given, each time with the certificates of that moment. The endpoint's `connect_timeout` bounds all of it.
#[must_use]
pub fn channel(endpoint: &Endpoint, tls: Option<ClientTls>) -> Channel {
    endpoint.connect_with_connector_lazy(Connector { tls })
}

struct Connector {
    tls: Option<ClientTls>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl Service<Uri> for Connector {
    type Response = TokioIo<Gather<Box<dyn Stream>>>;
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
            let usual_port = if tls.is_some() { 443 } else { 80 };
            let stream = TcpStream::connect((unbracketed, uri.port_u16().unwrap_or(usual_port))).await?;
            stream.set_nodelay(true)?;
            let stream: Box<dyn Stream> = match tls {
                None => Box::new(stream),
                Some(tls) => Box::new(tls.connect(host, stream).await?),
            };
            Ok(TokioIo::new(Gather::new(stream)))
        })
    }
}
