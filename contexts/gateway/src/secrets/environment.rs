//! Secrets of the process environment.

use std::fmt::Debug;
use std::sync::Arc;

use secrecy::zeroize::Zeroizing;

use super::{Read, SecretError, SecretSource, value};
use crate::domain::connector::SecretName;

/// Looks a variable up.
pub type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// `comexstat-credentials/api-key` is the variable `COMEXSTAT_CREDENTIALS_API_KEY`; an empty one does not exist.
#[derive(Clone)]
pub struct Environment {
    lookup: Lookup,
}

impl Environment {
    /// Secrets that a function finds.
    #[must_use]
    pub fn new(lookup: Lookup) -> Self {
        Self { lookup }
    }
}

impl Debug for Environment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Environment")
    }
}

/// The variable of a secret.
#[must_use]
pub fn variable(name: &SecretName) -> String {
    format!("{}_{}", name.name, name.key).replace(['-', '.'], "_").to_uppercase()
}

impl SecretSource for Environment {
    fn name(&self) -> &'static str {
        "the environment"
    }

    fn place(&self, name: &SecretName) -> String {
        format!("the variable {}", variable(name))
    }

    fn read<'a>(&'a self, name: &'a SecretName) -> Read<'a> {
        let found = (self.lookup)(&variable(name)).filter(|found| !found.is_empty()).map(Zeroizing::new);
        let unreadable = |detail| SecretError::Unreadable { name: name.clone(), source_name: self.name(), detail };
        let read = found.map(|found| value(found.as_bytes()).map_err(unreadable)).transpose();
        Box::pin(std::future::ready(read))
    }
}
