//! The HTTP clients of a connector: one for answers, one for files, and both anew when our client certificate changes.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};

use super::UpstreamError;
use super::address::{Lookup, Resolver};
use super::credentials::{Fingerprint, Shown};
use super::failure::{self, Failure};
use super::issuers::Issuers;
use super::tls::{Identity, Trust};
use crate::domain::connector::{Connector, Limits};

/// Clients that share trust and identity.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// Decompresses what it receives.
    pub answers: Client,
    /// Leaves bytes as they are: lengths and ranges count them so.
    pub files: Client,
}

/// Every client of a connector.
pub(super) struct Clients {
    trust: Trust,
    resolver: Arc<Resolver>,
    limits: Limits,
    /// Fetches what hosts leave out of their chains, where the connector's file says so.
    pub issuers: Option<Issuers>,
    /// Without a client certificate: for sources that want none, and for hosts that are not to see ours.
    pub plain: Pair,
    /// With the client certificate of this fingerprint.
    ours: Mutex<Option<(Fingerprint, Pair)>>,
}

impl Clients {
    pub fn new(connector: &Connector, lookup: Lookup) -> Result<Self, UpstreamError> {
        let trust = Trust::load(connector.extra_ca_file.as_deref(), connector.fetch_missing_issuer)?;
        let resolver = Arc::new(Resolver { lookup, private: connector.allow_private_network });
        let limits = connector.limits.clone();
        let plain = pair(&trust, &resolver, &limits, &[b"h2", b"http/1.1"], || Ok(None))?;
        let issuers = trust.helped().map(|verifier| Issuers::new(verifier, plain.files.clone(), connector));
        Ok(Self { trust, resolver, limits, issuers, plain, ours: Mutex::new(None) })
    }

    /// Sends a request of one of these clients. Where the host leaves out what its certificate needs, that is fetched
    /// if it may be, and the request goes out once more: nothing of it was sent before. `used` is as in
    /// [`Failure::of`].
    pub async fn send(&self, request: RequestBuilder, used: Option<Fingerprint>) -> Result<Response, Failure> {
        let again = self.issuers.as_ref().zip(request.try_clone());
        let error = match request.send().await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        if let (Some((issuers, again)), Some(chain)) = (again, failure::incomplete(&error)) {
            let completed = issuers.complete(chain).await;
            completed.map_err(|why| Failure::lasting(UpstreamError::Unreachable(why)))?;
            return again.send().await.map_err(|error| Failure::of(&error, used));
        }
        Err(Failure::of(&error, used))
    }

    /// The clients that show what `shown` says. A changed certificate gets connections of its own: those that exist
    /// were made with the old one.
    pub fn of(&self, shown: &Shown) -> Result<Pair, UpstreamError> {
        if !shown.has_identity() {
            return Ok(self.plain.clone());
        }
        let mut ours = self.ours.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pair)) = ours.as_ref().filter(|(fingerprint, _)| *fingerprint == shown.fingerprint) {
            return Ok(pair.clone());
        }
        // Over HTTP/2 the library loses why a server refuses a certificate; that is worth more than streams.
        let pair = pair(&self.trust, &self.resolver, &self.limits, &[b"http/1.1"], || shown.identity())?;
        *ours = Some((shown.fingerprint, pair.clone()));
        Ok(pair)
    }
}

fn pair(
    trust: &Trust,
    resolver: &Arc<Resolver>,
    limits: &Limits,
    answers: &[&[u8]],
    identity: impl Fn() -> Result<Option<Identity>, UpstreamError>,
) -> Result<Pair, UpstreamError> {
    let build = |protocols: &[&[u8]], gzip: bool| {
        let wrong = |why: String| UpstreamError::Setup(format!("TLS: {why}"));
        let tls = trust.client(identity()?, protocols).map_err(|error| wrong(error.to_string()))?;
        Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::clone(resolver))
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .gzip(gzip)
            .connect_timeout(limits.connect)
            .pool_max_idle_per_host(usize::try_from(limits.concurrency).unwrap_or(usize::MAX))
            .build()
            .map_err(|error| wrong(error.without_url().to_string()))
    };
    // Files come over HTTP/1.1: one stream of bytes needs no windows.
    Ok(Pair { answers: build(answers, true)?, files: build(&[b"http/1.1"], false)? })
}
