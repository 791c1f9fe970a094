//! The command line as a client of the gRPC server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use platform::clock::Clock;
use platform::tls::{ClientTls, ClientTlsSettings};
use proto::core::core_dict_extension_service_client::CoreDictExtensionServiceClient;
use proto::core::core_dict_service_client::CoreDictServiceClient;
use proto::core::reconciliation_service_client::ReconciliationServiceClient;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_types::StatusExt;

use crate::cli::dict::Connection;
use crate::config::Config;

/// How long one call may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// Puts the token on each call.
#[derive(Clone)]
pub struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// The fifteen methods.
pub type Core = CoreDictServiceClient<InterceptedService<Channel, Bearer>>;
/// Those beside them.
pub type Extension = CoreDictExtensionServiceClient<InterceptedService<Channel, Bearer>>;
/// Reconciliation.
pub type Reconciliation = ReconciliationServiceClient<InterceptedService<Channel, Bearer>>;

/// Where to call, and as whom.
pub struct Client {
    endpoint: Endpoint,
    tls: Option<ClientTls>,
    bearer: Bearer,
    /// The institution spoken for.
    pub ispb: String,
}

impl Client {
    /// From the options of a command; a token is issued where none is given.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>, connection: &Connection) -> Result<Self> {
        let url = match &connection.url {
            Some(url) => url.clone(),
            None => format!("{}://{}", crate::tls::scheme(config), config.dict_address()?),
        };
        let ispb = match &connection.ispb {
            Some(ispb) => ispb.clone(),
            None => config.dict_participants()?.first().context("dict.participants is empty")?.to_string(),
        };
        let token = match &connection.token {
            Some(token) => token.clone(),
            None => super::issue_token(config, clock, &ispb).await.context("issue a token; give one with --token")?,
        };
        let bearer = Bearer(format!("Bearer {token}").parse().context("the token is not one line of ASCII")?);
        let endpoint = Endpoint::from_shared(url.clone())
            .with_context(|| format!("{url:?} is no address such as http://127.0.0.1:9090"))?
            .timeout(DEADLINE)
            .connect_timeout(Duration::from_secs(5));
        let tls = if url.starts_with("https://") {
            let settings = ClientTlsSettings::grpc(connection.ca_file.clone(), None);
            Some(ClientTls::open(settings).context("read --ca-file")?)
        } else {
            None
        };
        Ok(Self { endpoint, tls, bearer, ispb })
    }

    fn channel(&self) -> InterceptedService<Channel, Bearer> {
        // Connects when it is first used; a server that is not there is told by the first call.
        let channel = platform::grpc::channel(&self.endpoint, self.tls.clone());
        InterceptedService::new(channel, self.bearer.clone())
    }

    /// The fifteen methods, on a connection of their own.
    pub fn core(&self) -> Core {
        CoreDictServiceClient::new(self.channel())
    }

    /// Those beside them.
    pub fn extension(&self) -> Extension {
        CoreDictExtensionServiceClient::new(self.channel())
    }

    /// Reconciliation.
    pub fn reconciliation(&self) -> Reconciliation {
        ReconciliationServiceClient::new(self.channel())
    }
}

/// The answer of a call, or what its refusal says to a person.
pub fn answered<T>(outcome: Result<tonic::Response<T>, Status>) -> Result<T> {
    match outcome {
        Ok(response) => Ok(response.into_inner()),
        Err(status) => {
            let reason = status.get_details_error_info().map(|info| format!(" ({})", info.reason)).unwrap_or_default();
            let wait = status.get_details_retry_info().and_then(|retry| retry.retry_delay);
            let wait = wait.map(|wait| format!("; try again after {:.1} s", wait.as_secs_f64())).unwrap_or_default();
            bail!("{}{reason}{wait}", status.message())
        }
    }
}
