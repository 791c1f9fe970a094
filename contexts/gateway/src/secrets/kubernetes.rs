//! Secrets of the Kubernetes API, in the pod's own namespace. Sealed Secrets and External Secrets end as such, and so
//! work unchanged.

use std::fmt::Debug;
use std::time::Duration;

use k8s_openapi::api::core::v1::Secret;
use kube::{Api, Client, Config};
use secrecy::SecretString;
use secrecy::zeroize::Zeroize;

use super::{Read, SecretError, SecretSource, value};
use crate::domain::connector::SecretName;

/// How long the API may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Why the API cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum KubernetesError {
    /// We do not run in a pod with a service account.
    #[error("not inside of a pod with a service account: {0}")]
    NotInPod(#[from] kube::config::InClusterError),
    /// The client cannot be made.
    #[error("the Kubernetes API cannot be used: {0}")]
    Client(#[from] kube::Error),
}

/// The Secrets of one namespace.
#[derive(Clone)]
pub struct Kubernetes {
    secrets: Api<Secret>,
    namespace: String,
    deadline: Duration,
}

impl Kubernetes {
    /// As the pod's service account, which needs `get` on the Secrets that connectors name. Nothing is asked yet.
    ///
    /// # Errors
    /// Outside of a cluster.
    pub async fn connect() -> Result<Self, KubernetesError> {
        Ok(Self::with_config(Config::incluster()?)?)
    }

    /// By other means of access.
    ///
    /// # Errors
    /// When the client cannot be made of them.
    pub fn with_config(mut config: Config) -> Result<Self, kube::Error> {
        config.connect_timeout = Some(DEADLINE);
        config.read_timeout = Some(DEADLINE);
        config.write_timeout = Some(DEADLINE);
        config.reset_reader_on_write = true;
        // The deadline below covers all attempts; callers have their own.
        config.default_retry = false;
        let namespace = config.default_namespace.clone();
        let client = Client::try_from(config)?;
        Ok(Self { secrets: Api::namespaced(client, &namespace), namespace, deadline: DEADLINE })
    }

    async fn get(&self, name: &SecretName) -> Result<Option<SecretString>, String> {
        let asked = tokio::time::timeout(self.deadline, self.secrets.get_opt(&name.name)).await;
        let found = match asked {
            Err(_) => return Err(format!("the API did not answer within {:?}", self.deadline)),
            Ok(Err(error)) => return Err(self.explain(&error, name)),
            Ok(Ok(found)) => found,
        };
        let Some(mut data) = found.and_then(|secret| secret.data) else { return Ok(None) };
        let read = data.get(&name.key).map(|bytes| value(&bytes.0)).transpose();
        data.values_mut().for_each(|bytes| bytes.0.zeroize());
        read
    }

    fn explain(&self, error: &kube::Error, name: &SecretName) -> String {
        match error {
            kube::Error::Api(status) if status.code == 403 => format!(
                "the service account may not get Secret {} in namespace {}: give it a Role with get on secrets",
                name.name, self.namespace
            ),
            kube::Error::Api(status) if status.code == 401 => "the API does not know the service account".to_owned(),
            kube::Error::Api(status) => format!("the API answered {} {}", status.code, status.reason),
            // What could not be read may be the secret itself: its text is left out.
            kube::Error::SerdeError(_) | kube::Error::FromUtf8(_) => "the API's answer is no Secret".to_owned(),
            error => {
                let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
                format!("the API cannot be reached{cause}")
            }
        }
    }
}

impl Debug for Kubernetes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Kubernetes").field("namespace", &self.namespace).finish_non_exhaustive()
    }
}

impl SecretSource for Kubernetes {
    fn name(&self) -> &'static str {
        "Kubernetes"
    }

    fn place(&self, name: &SecretName) -> String {
        format!("key {} of Secret {} in namespace {}", name.key, name.name, self.namespace)
    }

    fn read<'a>(&'a self, name: &'a SecretName) -> Read<'a> {
        Box::pin(async move {
            let unreadable = |detail| SecretError::Unreadable { name: name.clone(), source_name: self.name(), detail };
            if !name.is_sound() {
                return Err(unreadable("it is no name of a secret".to_owned()));
            }
            self.get(name).await.map_err(unreadable)
        })
    }
}

#[cfg(test)]
#[path = "kubernetes_tests.rs"]
mod tests;
