//! How arguments become a request, and a source's answer becomes ours.

use serde_json::Value;

use super::parameter::Arguments;

/// The part of a connector file that makes requests; see `connectors::file` for its text form.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestTemplate {}

/// The part of a connector file that reads answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResponseMapping {}

/// A request to a source, below its connector's `base_url`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutboundRequest {
    /// Path segments after the base address, percent-encoded already, beginning with `/`.
    pub path: String,
    /// Query parameters in order, unencoded.
    pub query: Vec<(String, String)>,
    /// The JSON body of a POST.
    pub body: Option<Value>,
}

/// What a source's answer turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Mapped {
    /// Our answer.
    Found(Value),
    /// There is no such thing.
    Missing,
}

/// Why an answer cannot be used; never cached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// A field is absent or of another type than the file says. The text names the place and not the value.
    #[error("{0}")]
    Unexpected(String),
    /// The source says, inside an answer of status 200, that we ask too often.
    #[error("the source says that it is asked too often")]
    TooManyRequests,
    /// The source says, inside an answer of status 200, that it failed or refused.
    #[error("the source says: {0}")]
    Refused(String),
}

impl RequestTemplate {
    /// The request of these arguments.
    #[must_use]
    pub fn fill(&self, _arguments: &Arguments) -> OutboundRequest {
        OutboundRequest::default()
    }
}

impl ResponseMapping {
    /// Our form of a source's JSON.
    ///
    /// # Errors
    /// When the answer is not what the file says.
    pub fn apply(&self, answer: &Value, _arguments: &Arguments) -> Result<Mapped, MappingError> {
        Ok(Mapped::Found(answer.clone()))
    }
}
