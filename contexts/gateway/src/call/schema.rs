//! What the list of connectors looks like.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::connector::{Connector, Endpoint, EndpointKind};
use crate::domain::parameter::Parameter;

/// Every source there is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConnectorList)]
pub(super) struct ConnectorListBody {
    /// In the order of their ids.
    #[schema(max_items = 200)]
    pub data: Vec<ConnectorBody>,
}

/// A source.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Connector)]
pub(super) struct ConnectorBody {
    /// Its name in addresses.
    #[schema(pattern = "^[a-z][a-z0-9-]{0,39}$", examples("comexstat"))]
    id: String,
    /// What a person calls it.
    title: String,
    /// The one host that it calls.
    #[schema(examples("api-comexstat.mdic.gov.br"))]
    host: String,
    /// How it shows who it is: `none`, `api_key`, `oauth2_client_credentials`, `mtls`.
    #[schema(examples("none"))]
    auth: &'static str,
    /// `closed` while calls go through, `open` while the source is left alone, `half_open` while one call tries.
    #[schema(pattern = "^(closed|open|half_open)$", examples("closed"))]
    breaker: &'static str,
    /// What can be asked.
    #[schema(max_items = 200)]
    endpoints: Vec<EndpointBody>,
}

/// One thing that can be asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConnectorEndpoint)]
pub(super) struct EndpointBody {
    /// Its name in addresses.
    #[schema(examples("exportacao"))]
    name: String,
    /// What it answers.
    title: String,
    /// `json` is called here; `file` is downloaded by commands.
    #[schema(pattern = "^(json|file)$", examples("json"))]
    kind: &'static str,
    /// What a caller says.
    #[schema(max_items = 50)]
    parameters: Vec<ParameterBody>,
    /// Seconds for which an answer is as good as new.
    fresh_s: u64,
    /// Seconds after that, for which it is answered when the source fails.
    stale_if_error_s: u64,
}

/// One argument.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConnectorParameter)]
pub(super) struct ParameterBody {
    /// Its name in the body.
    #[schema(examples("ano"))]
    name: String,
    /// What it means.
    title: String,
    /// Whether it has to be said.
    required: bool,
}

impl ConnectorBody {
    pub fn new(connector: &Connector, breaker: &'static str) -> Self {
        Self {
            id: connector.id.clone(),
            title: connector.title.clone(),
            host: connector.base_url.host_str().unwrap_or_default().to_owned(),
            auth: connector.auth.name(),
            breaker,
            endpoints: connector.endpoints.values().map(EndpointBody::new).collect(),
        }
    }
}

impl EndpointBody {
    fn new(endpoint: &Endpoint) -> Self {
        let parameter = |parameter: &Parameter| ParameterBody {
            name: parameter.name.clone(),
            title: parameter.title.clone(),
            required: !parameter.optional && parameter.default.is_none(),
        };
        Self {
            name: endpoint.name.clone(),
            title: endpoint.title.clone(),
            kind: match endpoint.kind {
                EndpointKind::Json => "json",
                EndpointKind::File { .. } => "file",
            },
            parameters: endpoint.parameters.iter().map(parameter).collect(),
            fresh_s: endpoint.cache.fresh.as_secs(),
            stale_if_error_s: endpoint.cache.stale_if_error.as_secs(),
        }
    }
}
