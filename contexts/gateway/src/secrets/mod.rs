//! Secrets through one port: the environment, files, the Kubernetes API. Values cannot be printed.

use std::fmt::Debug;
use std::pin::Pin;

use secrecy::SecretString;

use crate::domain::connector::SecretName;

/// Why a secret cannot be had. It never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No source has it.
    #[error("the secret {name} does not exist; looked in {looked_in}")]
    Missing {
        /// Which.
        name: SecretName,
        /// Where it was looked for, in words that tell an operator what to do.
        looked_in: String,
    },
    /// A source could not be asked.
    #[error("the secret {name} could not be read from {source_name}: {detail}")]
    Unreadable {
        /// Which.
        name: SecretName,
        /// The source.
        source_name: &'static str,
        /// Why.
        detail: String,
    },
}

/// What [`SecretSource::read`] answers; `None` where the source has no such secret.
pub type Read<'a> = Pin<Box<dyn Future<Output = Result<Option<SecretString>, SecretError>> + Send + 'a>>;

/// A place where secrets are.
pub trait SecretSource: Debug + Send + Sync + 'static {
    /// What it is called in messages.
    fn name(&self) -> &'static str;
    /// The value now.
    fn read<'a>(&'a self, name: &'a SecretName) -> Read<'a>;
}
