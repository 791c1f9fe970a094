//! TLS to a source: whom we trust, and who we are. Verification is never off.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use platform::tls::{CertificateCheck, Checked, TlsError, pem, provider, system_roots};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, OtherError, RootCertStore};

use super::UpstreamError;
use super::der::Certificate;

/// Fetched certificates that are kept; the oldest go first.
const FETCHED_MAX: usize = 4;

/// Whom a connector trusts.
#[derive(Debug)]
pub(super) struct Trust {
    /// `None` where there is no root at all: no server can be verified then.
    verifier: Option<Arc<Completing>>,
}

/// Our client certificate and its key.
pub(super) struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Trust {
    /// The system's roots, and what `extra_ca_file` adds: its self-signed certificates as roots, its others as
    /// intermediates that a host may have left out. `fetching` is whether more of those may be fetched.
    pub fn load(extra_ca_file: Option<&Path>, fetching: bool) -> Result<Self, UpstreamError> {
        let (mut roots, mut intermediates) = (RootCertStore::clone(system_roots()), Vec::new());
        if let Some(path) = extra_ca_file {
            let wrong = |why: &str| UpstreamError::Setup(format!("extra_ca_file {}: {why}", path.display()));
            let unreadable = |error: TlsError| UpstreamError::Setup(format!("extra_ca_file: {error}"));
            for certificate in pem::certificates(&pem::read(path).map_err(unreadable)?).map_err(|why| wrong(&why))? {
                match Certificate::parse(&certificate).map(|certificate| certificate.is_self_issued()) {
                    Some(true) => roots.add(certificate).map_err(|error| wrong(&error.to_string()))?,
                    Some(false) => intermediates.push(certificate),
                    None => return Err(wrong("it holds something that is no certificate")),
                }
            }
        }
        if roots.is_empty() {
            tracing::warn!("no root certificates (Debian: `apt install ca-certificates`): sources over https fail");
            return Ok(Self { verifier: None });
        }
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
            .build()
            .map_err(|error| UpstreamError::Setup(format!("TLS: {error}")))?;
        let fetched = fetching.then(RwLock::default);
        Ok(Self { verifier: Some(Arc::new(Completing { chain, intermediates, fetched })) })
    }

    /// The verifier, where it can be helped by fetching what is missing.
    pub fn helped(&self) -> Option<&Arc<Completing>> {
        self.verifier.as_ref().filter(|verifier| verifier.fetched.is_some())
    }

    /// The configuration of a client that shows `identity`. `protocols` are those offered, the best first.
    pub fn client(&self, identity: Option<Identity>, protocols: &[&[u8]]) -> Result<ClientConfig, rustls::Error> {
        let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
        let builder = match &self.verifier {
            Some(verifier) => {
                builder.dangerous().with_custom_certificate_verifier(Arc::new(Checked(Arc::clone(verifier))))
            }
            None => builder.with_root_certificates(RootCertStore::empty()),
        };
        let mut config = match identity {
            Some(Identity { chain, key }) => builder.with_client_auth_cert(chain, key)?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(config)
    }
}

/// What a server showed that leads to no trusted root: what is missing may be fetched.
#[derive(Clone)]
pub(super) struct Incomplete {
    pub end_entity: CertificateDer<'static>,
    /// What came with it.
    pub sent: Vec<CertificateDer<'static>>,
    /// For whom it has to be.
    pub name: ServerName<'static>,
    /// When that was.
    pub now: UnixTime,
}

impl fmt::Debug for Incomplete {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Incomplete").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the certificate leads to no trusted root")
    }
}

impl std::error::Error for Incomplete {}

/// Verifies as usual, with certificates of ours offered beside those that the server sent. They are no authorities:
/// they only help to find a way to a trusted root.
#[derive(Debug)]
pub(super) struct Completing {
    chain: Arc<WebPkiServerVerifier>,
    intermediates: Vec<CertificateDer<'static>>,
    /// Intermediates that were fetched and have helped; `None` where nothing may be fetched.
    fetched: Option<RwLock<Vec<CertificateDer<'static>>>>,
}

impl Completing {
    /// What can be offered, without what was fetched: what the server sent, and what the file has.
    pub fn at_hand<'a>(&'a self, chain: &'a Incomplete) -> impl Iterator<Item = &'a CertificateDer<'static>> {
        chain.sent.iter().chain(&self.intermediates)
    }

    /// Verifies again, exactly as in the handshake, with `further` offered too.
    pub fn verify(&self, chain: &Incomplete, further: &[CertificateDer<'static>]) -> Result<(), rustls::Error> {
        let offered: Vec<CertificateDer<'_>> = self.at_hand(chain).chain(further).map(borrowed).collect();
        self.chain.verify_server_cert(&chain.end_entity, &offered, &chain.name, &[], chain.now).map(drop)
    }

    /// What was fetched before and has helped.
    pub fn fetched(&self) -> Vec<CertificateDer<'static>> {
        let kept = self.fetched.as_ref().map(|kept| kept.read().unwrap_or_else(PoisonError::into_inner).clone());
        kept.unwrap_or_default()
    }

    /// Keeps what has helped.
    pub fn keep(&self, found: Vec<CertificateDer<'static>>) {
        let Some(kept) = &self.fetched else { return };
        let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.extend(found);
        let surplus = kept.len().saturating_sub(FETCHED_MAX);
        kept.drain(..surplus);
    }

    /// Forgets what was fetched for this name: it does not help any more.
    pub fn forget(&self, subject: &[u8]) {
        let Some(kept) = &self.fetched else { return };
        let named = |known: &CertificateDer<'_>| Certificate::parse(known).is_some_and(|it| it.subject == subject);
        kept.write().unwrap_or_else(PoisonError::into_inner).retain(|known| !named(known));
    }
}

fn borrowed<'a>(certificate: &'a CertificateDer<'_>) -> CertificateDer<'a> {
    CertificateDer::from(certificate.as_ref())
}

impl CertificateCheck for Completing {
    fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let offered: Vec<CertificateDer<'_>> = intermediates.iter().chain(&self.intermediates).map(borrowed).collect();
        let verified = self.chain.verify_server_cert(end_entity, &offered, server_name, ocsp_response, now);
        let unknown = matches!(verified, Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)));
        if self.fetched.is_none() || !unknown {
            return verified;
        }
        let chain = Incomplete {
            end_entity: end_entity.clone().into_owned(),
            sent: intermediates.iter().map(|sent| sent.clone().into_owned()).collect(),
            name: server_name.to_owned(),
            now,
        };
        let kept = self.fetched();
        if !kept.is_empty() && self.verify(&chain, &kept).is_ok() {
            return Ok(ServerCertVerified::assertion());
        }
        Err(CertificateError::Other(OtherError(Arc::new(chain))).into())
    }
}
