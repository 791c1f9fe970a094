//! TLS to an external database, by the modes of PostgreSQL's own clients.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What a connection is protected against: `sslmode` of libpq, without `allow`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted if the server can; against nobody who can change what is sent.
    Prefer,
    /// Encrypted or not at all. The server is verified only if a root certificate is given (as libpq does).
    Require,
    /// The server's certificate comes from a trusted authority.
    VerifyCa,
    /// And it names the host we asked for.
    VerifyFull,
}

impl TlsMode {
    /// The mode of a name, as in `sslmode`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "disable" => Self::Disable,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return None,
        })
    }
}

/// Why there can be no TLS as asked.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of root certificates cannot be used.
    #[error("the root certificates in {} could not be read: {detail}", path.display())]
    RootFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The system has none.
    #[error(
        "this system has no root certificates (Debian: `apt install ca-certificates`): set DB_SSL_ROOT_CERT to a file that has the right one"
    )]
    NoSystemRoots,
    /// The library refuses the configuration.
    #[error("TLS could not be set up: {0}")]
    Setup(String),
}

/// The connector of a mode, `None` where nothing is encrypted. `root_file` is a PEM file whose
/// certificates are trusted instead of the system's.
pub(super) fn connector(mode: TlsMode, root_file: Option<&Path>) -> Result<Option<MakeRustlsConnect>, TlsError> {
    let mode = match mode {
        TlsMode::Disable => return Ok(None),
        TlsMode::Require if root_file.is_some() => TlsMode::VerifyCa,
        other => other,
    };
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::Setup(error.to_string()))?;
    let config = match mode {
        TlsMode::VerifyFull => builder.with_root_certificates(roots(root_file)?).with_no_client_auth(),
        _ => {
            let chain = if mode == TlsMode::VerifyCa {
                let roots = Arc::new(roots(root_file)?);
                let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build();
                Some(verifier.map_err(|error| TlsError::Setup(error.to_string()))?)
            } else {
                None
            };
            let verifier = Arc::new(AnyName { chain, provider });
            builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
        }
    };
    Ok(Some(MakeRustlsConnect::new(config)))
}

/// The certificates that are trusted.
fn roots(file: Option<&Path>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = file {
        let failed = |detail: String| TlsError::RootFile { path: path.to_path_buf(), detail };
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| failed(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| failed(error.to_string()))?;
            roots.add(certificate).map_err(|error| failed(error.to_string()))?;
        }
        return if roots.is_empty() { Err(failed("it holds no certificate".to_owned())) } else { Ok(roots) };
    }
    let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 { Err(TlsError::NoSystemRoots) } else { Ok(roots) }
}

/// Accepts a certificate whatever host it names: of any origin (`prefer`, `require`), or from a trusted
/// authority (`verify-ca`). Signatures are checked all the same: the server has the certificate's key.
#[derive(Debug)]
struct AnyName {
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is compared last: all else was right.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
