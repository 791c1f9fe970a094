//! TLS to a source: whom we trust, and who we are. Verification is never off.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::{UpstreamError, der};

/// The largest file of certificates that is read.
const CA_FILE_BYTES_MAX: u64 = 1 << 20;

/// Whom a connector trusts.
#[derive(Debug)]
pub(super) struct Trust {
    /// `None` where there is no root at all: no server can be verified then.
    verifier: Option<Arc<dyn ServerCertVerifier>>,
    provider: Arc<CryptoProvider>,
}

/// Our client certificate and its key.
pub(super) struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Trust {
    /// The system's roots, and what `extra_ca_file` adds: its self-signed certificates as roots, its others as
    /// intermediates that a host may have left out.
    pub fn load(extra_ca_file: Option<&Path>) -> Result<Self, UpstreamError> {
        let (mut roots, mut intermediates) = (RootCertStore::clone(system_roots()), Vec::new());
        if let Some(path) = extra_ca_file {
            let wrong = |why: &str| UpstreamError::Setup(format!("extra_ca_file {}: {why}", path.display()));
            for certificate in read(path).map_err(|why| wrong(&why))? {
                match der::is_self_issued(&certificate) {
                    Some(true) => roots.add(certificate).map_err(|error| wrong(&error.to_string()))?,
                    Some(false) => intermediates.push(certificate),
                    None => return Err(wrong("it holds something that is no certificate")),
                }
            }
        }
        let provider = Arc::new(ring::default_provider());
        if roots.is_empty() {
            tracing::warn!("no root certificates (Debian: `apt install ca-certificates`): sources over https fail");
            return Ok(Self { verifier: None, provider });
        }
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| UpstreamError::Setup(format!("TLS: {error}")))?;
        let verifier: Arc<dyn ServerCertVerifier> =
            if intermediates.is_empty() { chain } else { Arc::new(Completing { chain, intermediates }) };
        Ok(Self { verifier: Some(verifier), provider })
    }

    /// The configuration of a client that shows `identity`. `protocols` are those offered, the best first.
    pub fn client(&self, identity: Option<Identity>, protocols: &[&[u8]]) -> Result<ClientConfig, rustls::Error> {
        let builder =
            ClientConfig::builder_with_provider(Arc::clone(&self.provider)).with_safe_default_protocol_versions()?;
        let builder = match &self.verifier {
            Some(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::clone(verifier)),
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

/// The system's roots, read once a process: there are hundreds, and every connector trusts them.
fn system_roots() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    })
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > CA_FILE_BYTES_MAX {
        return Err(format!("it has more than {CA_FILE_BYTES_MAX} bytes"));
    }
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    let certificates = certificates(&text)?;
    if certificates.is_empty() { Err("it holds no PEM certificate".to_owned()) } else { Ok(certificates) }
}

/// The certificates in a PEM text.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// Verifies as usual, with certificates of ours offered beside those that the server sent. They are no authorities:
/// they only help to find a way to a trusted root.
#[derive(Debug)]
struct Completing {
    chain: Arc<WebPkiServerVerifier>,
    intermediates: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Completing {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let offered: Vec<CertificateDer<'_>> =
            intermediates.iter().chain(&self.intermediates).map(|known| CertificateDer::from(known.as_ref())).collect();
        self.chain.verify_server_cert(end_entity, &offered, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}
