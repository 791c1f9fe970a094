//! The rival of look-ups: a bare tonic server that answers each with the same message.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use axum::extract::Request as HttpRequest;
use proto::core::{LookupKeyRequest, LookupKeyResponse, PersonType};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::server::{Grpc, UnaryService};
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

struct Echo;

impl UnaryService<LookupKeyRequest> for Echo {
    type Response = LookupKeyResponse;
    type Future = Ready<Result<Response<LookupKeyResponse>, Status>>;

    fn call(&mut self, request: Request<LookupKeyRequest>) -> Self::Future {
        ready(Ok(Response::new(LookupKeyResponse {
            key: request.into_inner().key,
            owner_type: PersonType::NaturalPerson.into(),
            owner_tax_id_masked: "***.982.247-**".to_owned(),
            owner_name: "Maria de Teste".to_owned(),
            participant: "99999008".to_owned(),
            own_base: true,
            ..LookupKeyResponse::default()
        })))
    }
}

/// Serves until it is ended; says its address first.
pub async fn serve() -> Result<ExitCode> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
    std::io::stdout().flush()?;
    let service = tower::service_fn(|request: HttpRequest| async {
        let mut grpc = Grpc::new(ProstCodec::<LookupKeyResponse, LookupKeyRequest>::default());
        Ok::<_, Infallible>(grpc.unary(Echo, request).await)
    });
    let router = axum::Router::new().route_service("/dict.core.v1.CoreDictService/LookupKey", service);
    let incoming = TcpListenerStream::new(listener);
    Server::builder().tcp_nodelay(true).add_routes(Routes::from(router)).serve_with_incoming(incoming).await?;
    Ok(ExitCode::SUCCESS)
}
