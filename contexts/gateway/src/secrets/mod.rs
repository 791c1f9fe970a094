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

/// Every source of secrets, asked in order.
#[derive(Debug)]
pub struct Secrets {
    sources: Vec<std::sync::Arc<dyn SecretSource>>,
}

impl Secrets {
    /// Asks `sources` in this order.
    #[must_use]
    pub fn new(sources: Vec<std::sync::Arc<dyn SecretSource>>) -> Self {
        Self { sources }
    }

    /// The value of a secret.
    ///
    /// # Errors
    /// When no source has it, or one could not be asked.
    pub async fn get(&self, name: &SecretName) -> Result<SecretString, SecretError> {
        for source in &self.sources {
            if let Some(value) = source.read(name).await? {
                return Ok(value);
            }
        }
        let looked_in = self.sources.iter().map(|source| source.name()).collect::<Vec<_>>().join(", ");
        Err(SecretError::Missing { name: name.clone(), looked_in })
    }

    /// The next [`Self::get`] asks the sources again.
    pub fn forget(&self, _name: &SecretName) {}
}
