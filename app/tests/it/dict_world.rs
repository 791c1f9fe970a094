//! A running server of dict, as its callers see it.

use std::path::Path;

use proto::core as message;
use proto::core::core_dict_extension_service_client::CoreDictExtensionServiceClient;
use proto::core::core_dict_service_client::CoreDictServiceClient;
use proto::core::reconciliation_service_client::ReconciliationServiceClient;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::harness::done;

/// The institution of a newcomer's machine.
pub const ISPB: &str = "99999008";
/// A CPF with right check digits.
pub const CPF: &str = "52998224725";

/// Every scope.
pub const SCOPES: &str = "dict.key.write,dict.key.read,dict.claim.write,dict.claim.read,dict.lookup.display,\
                          dict.lookup.payment,dict.reconciliation,dict.possession,dict.payment.report";

/// Puts a token on each call.
#[derive(Clone)]
pub struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

pub type Connection = InterceptedService<Channel, Bearer>;

/// A token of an installation.
pub fn token(data_dir: &Path, ispb: &str, scopes: &str, more: &[&str]) -> String {
    let mut arguments = vec!["token", "issue", "--sub", "test", "--ispb", ispb, "--scope", scopes];
    if !more.contains(&"--audience") {
        arguments.extend(["--audience", "core-dict"]);
    }
    arguments.extend(more);
    done(data_dir, &arguments).trim().to_owned()
}

/// A connection to `127.0.0.1:41234`.
pub async fn connect(address: &str) -> Channel {
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

/// The same with a token.
pub async fn connect_as(address: &str, token: &str) -> Connection {
    with_token(connect(address).await, token)
}

/// A connection that shows a token with each call.
pub fn with_token(channel: Channel, token: &str) -> Connection {
    InterceptedService::new(channel, Bearer(format!("Bearer {token}").parse().unwrap()))
}

pub fn core(connection: &Connection) -> CoreDictServiceClient<Connection> {
    CoreDictServiceClient::new(connection.clone())
}

pub fn extension(connection: &Connection) -> CoreDictExtensionServiceClient<Connection> {
    CoreDictExtensionServiceClient::new(connection.clone())
}

pub fn reconciliation(connection: &Connection) -> ReconciliationServiceClient<Connection> {
    ReconciliationServiceClient::new(connection.clone())
}

/// A wish to register the CPF of a person who is not there, for an account of its own.
pub fn wish(number: u64) -> message::CreateKeyRequest {
    let mut request = dict::sample::create_key(ISPB, number);
    request.request_id = request_id(number);
    request
}

/// A request id of version 4 that a number gives again.
pub fn request_id(number: u64) -> String {
    let mut bytes = [7; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
