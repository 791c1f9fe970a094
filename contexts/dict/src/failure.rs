//! Why a use case did not do what it was asked. `grpc/` and `http.rs` turn it into their own words.

use crate::directory::DirectoryError;
use crate::domain::refusal::{Refusal, RefusalKind, Violation};
use crate::store::StoreError;
use crate::vault::VaultError;

/// Why a use case failed. No text in it repeats personal data.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A rule refuses it: ours or the directory's, by the directory's names.
    #[error("refused: {:?}", .0.kind)]
    Refused(Refusal),
    /// Fields are wrong.
    #[error("{} field(s) are not valid", .0.len())]
    Invalid(Vec<Violation>),
    /// There is no such thing, or it is another institution's: the kind of thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The caller's token does not allow this scope.
    #[error("the token lacks the scope {0}")]
    MissingScope(&'static str),
    /// A limit of ours, by its name.
    #[error("the limit {limit} is reached")]
    Quota {
        /// Which limit.
        limit: String,
        /// When there is room again, in milliseconds.
        retry_after_ms: u64,
    },
    /// What is needed cannot be reached now: which, by its name.
    #[error("{what} is not available")]
    Unavailable {
        /// Which.
        what: &'static str,
        /// When trying again makes sense, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// Another request with the same subject is under way: try again.
    #[error("busy with another request for the same thing")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A defect on our side; the text is for the log.
    #[error("defect: {0}")]
    Internal(String),
}

impl Failure {
    /// One wrong field.
    #[must_use]
    pub fn field(property: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation { property: property.to_owned(), reason: reason.to_owned() }])
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<RefusalKind> for Failure {
    fn from(kind: RefusalKind) -> Self {
        Self::Refused(kind.into())
    }
}

impl From<DirectoryError> for Failure {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Refused(refusal) => Self::Refused(refusal),
            DirectoryError::Unavailable { retry_after_ms } => Self::Unavailable { what: "directory", retry_after_ms },
            DirectoryError::Unknown => Self::Unavailable { what: "directory", retry_after_ms: None },
            DirectoryError::Broken(what) => Self::Internal(what),
        }
    }
}
