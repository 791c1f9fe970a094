//! TLS to the stores and services that we call.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerified;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::rotating::Rotating;
use super::{CertificateCheck, Checked, IdentityFiles, LOOK_EVERY, TlsError, pem, provider, system_roots};

/// What of a server's certificate is looked at. Less than [`Verification::Full`] is for PostgreSQL, whose clients have
/// modes by these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// That a trusted authority issued it, that it is in time, and that it names the host.
    Full,
    /// The same, whatever host it names.
    Authority,
    /// Nothing: against whoever only listens.
    Nothing,
}

/// Whom we trust, and who we are.
#[derive(Debug, Clone)]
pub struct ClientTlsSettings {
    /// What is looked at.
    pub verification: Verification,
    /// Certificates of the authorities that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// What we show where the server asks who we are.
    pub identity: Option<IdentityFiles>,
    /// The protocols offered (ALPN), the best first.
    pub protocols: &'static [&'static [u8]],
    /// How often the files are looked at, at most: [`LOOK_EVERY`].
    pub look_every: Duration,
}

impl ClientTlsSettings {
    /// Everything is looked at.
    #[must_use]
    pub fn new(ca_file: Option<PathBuf>, identity: Option<IdentityFiles>) -> Self {
        let verification = Verification::Full;
        Self { verification, ca_file, identity, protocols: &[], look_every: LOOK_EVERY }
    }

    /// For another gRPC server: HTTP/2 is offered.
    #[must_use]
    pub fn grpc(ca_file: Option<PathBuf>, identity: Option<IdentityFiles>) -> Self {
        Self { protocols: &[b"h2"], ..Self::new(ca_file, identity) }
    }
}

/// TLS 1.2 and 1.3 to a server. Clones share it; a connection made after a change of the files has the new ones.
#[derive(Debug, Clone)]
pub struct ClientTls(Arc<Rotating<ClientConfig>>);

impl ClientTls {
    /// Reads the files. From then on they are looked at again; new ones that cannot be used change nothing.
    ///
    /// # Errors
    /// If they cannot be read or do not belong together, or nobody is trusted.
    pub fn open(settings: ClientTlsSettings) -> Result<Self, TlsError> {
        let mut files: Vec<PathBuf> = settings.ca_file.iter().cloned().collect();
        if let Some(IdentityFiles { certificate, key }) = settings.identity.clone() {
            files.extend([certificate, key]);
        }
        let every = settings.look_every;
        Ok(Self(Arc::new(Rotating::open(files, every, Box::new(move |contents| config(&settings, contents)))?)))
    }

    /// The configuration of the next connection.
    #[must_use]
    pub fn config(&self) -> Arc<ClientConfig> {
        self.0.current()
    }

    /// Speaks TLS with the server `host`, which a connection leads to. Bound it with a deadline.
    ///
    /// # Errors
    /// If `host` is no name and no address, or the server is not who it should be, or does not know us.
    pub async fn connect<S: AsyncRead + AsyncWrite + Unpin>(&self, host: &str, stream: S) -> io::Result<TlsStream<S>> {
        let unbracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(unbracketed.to_owned())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        TlsConnector::from(self.config()).connect(name, stream).await
    }
}

fn config(settings: &ClientTlsSettings, contents: &[Vec<u8>]) -> Result<ClientConfig, TlsError> {
    let mut contents = contents.iter();
    let setup = |detail: String| TlsError::Setup { files: "the certificates of a client".to_owned(), detail };
    let named = match (&settings.ca_file, settings.ca_file.is_some().then(|| contents.next()).flatten()) {
        (Some(file), Some(text)) => Some(pem::roots(text).map_err(|detail| TlsError::file(file, detail))?),
        _ => None,
    };
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| setup(error.to_string()))?;
    let builder = match settings.verification {
        Verification::Full => builder.with_root_certificates(roots(named)?),
        Verification::Authority => {
            let chain = WebPkiServerVerifier::builder_with_provider(roots(named)?, provider()).build();
            let check = AnyName { chain: Some(chain.map_err(|error| setup(error.to_string()))?) };
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Checked(Arc::new(check))))
        }
        Verification::Nothing => {
            let check = AnyName { chain: None };
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Checked(Arc::new(check))))
        }
    };
    let mut config = match (&settings.identity, contents.next(), contents.next()) {
        (Some(IdentityFiles { certificate, key }), Some(certificate_text), Some(key_text)) => {
            let chain = pem::certificates(certificate_text).map_err(|detail| TlsError::file(certificate, detail))?;
            let private_key = pem::private_key(key_text).map_err(|detail| TlsError::file(key, detail))?;
            let files = format!("{} and {}", certificate.display(), key.display());
            builder
                .with_client_auth_cert(chain, private_key)
                .map_err(|error| TlsError::Setup { files, detail: error.to_string() })?
        }
        _ => builder.with_no_client_auth(),
    };
    config.alpn_protocols = settings.protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(config)
}

/// Those that were named, or the system's.
fn roots(named: Option<RootCertStore>) -> Result<Arc<RootCertStore>, TlsError> {
    let roots = named.map_or_else(|| Arc::clone(system_roots()), Arc::new);
    if roots.is_empty() { Err(TlsError::NoSystemRoots) } else { Ok(roots) }
}

/// Accepts a certificate whatever host it names: of any origin, or from a trusted authority.
#[derive(Debug)]
struct AnyName {
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl CertificateCheck for AnyName {
    fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use rustls::client::danger::ServerCertVerifier as _;
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is compared last: all else was right.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }
}
