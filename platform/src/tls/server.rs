//! TLS on our listeners.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::rotating::Rotating;
use super::{IdentityFiles, LOOK_EVERY, TlsError, pem, provider};

/// How long a client whose handshake failed is listened to, so that it can read the alert that says why: what is
/// closed with unread bytes is reset, and a reset overtakes the alert.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Who a listener is, and whom it asks.
#[derive(Debug, Clone)]
pub struct TlsSettings {
    /// The listener's certificate and key.
    pub identity: IdentityFiles,
    /// Certificates of the authorities whose clients are let in; without it no client is asked who it is.
    pub client_ca_file: Option<PathBuf>,
    /// Whether a client without a certificate is refused, where there is a `client_ca_file`; one with a wrong
    /// certificate always is.
    pub require_client_certificate: bool,
    /// How often the files are looked at, at most: [`LOOK_EVERY`].
    pub look_every: Duration,
}

impl TlsSettings {
    /// These files, and clients of these authorities only, where there are some.
    #[must_use]
    pub fn new(identity: IdentityFiles, client_ca_file: Option<PathBuf>) -> Self {
        Self { identity, client_ca_file, require_client_certificate: true, look_every: LOOK_EVERY }
    }
}

/// TLS 1.2 and 1.3 for a listener, with HTTP/2 before HTTP/1.1. Clones share it.
#[derive(Debug, Clone)]
pub struct TlsServer(Arc<Rotating<ServerConfig>>);

impl TlsServer {
    /// Reads the files. From then on they are looked at again; new ones that cannot be used change nothing.
    ///
    /// # Errors
    /// If they cannot be read, or do not belong together.
    pub fn open(settings: TlsSettings) -> Result<Self, TlsError> {
        let IdentityFiles { certificate, key } = settings.identity.clone();
        let files = [certificate, key].into_iter().chain(settings.client_ca_file.clone()).collect();
        let every = settings.look_every;
        Ok(Self(Arc::new(Rotating::open(files, every, Box::new(move |contents| config(&settings, contents)))?)))
    }

    /// Speaks TLS with a client that has connected. Bound it with a deadline: a client may say nothing.
    ///
    /// # Errors
    /// If the client does not, or is not let in.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        let accepting = TlsAcceptor::from(self.0.current()).accept(stream).into_fallible();
        let (error, mut stream) = match accepting.await {
            Ok(stream) => return Ok(stream),
            Err(failed) => failed,
        };
        let farewell = async {
            stream.shutdown().await?;
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
        };
        // The handshake has failed already; how its end went changes nothing.
        match tokio::time::timeout(LAST_WORDS, farewell).await {
            Ok(_) | Err(_) => Err(error),
        }
    }
}

fn config(settings: &TlsSettings, contents: &[Vec<u8>]) -> Result<ServerConfig, TlsError> {
    let IdentityFiles { certificate, key } = &settings.identity;
    let [certificate_text, key_text, rest @ ..] = contents else { return Err(TlsError::file(certificate, "no text")) };
    let chain = pem::certificates(certificate_text).map_err(|detail| TlsError::file(certificate, detail))?;
    let private_key = pem::private_key(key_text).map_err(|detail| TlsError::file(key, detail))?;
    let setup =
        |detail: String| TlsError::Setup { files: format!("{} and {}", certificate.display(), key.display()), detail };
    let builder = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| setup(error.to_string()))?;
    let builder = match (&settings.client_ca_file, rest.first()) {
        (Some(file), Some(text)) => {
            let roots = pem::roots(text).map_err(|detail| TlsError::file(file, detail))?;
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
            let verifier =
                if settings.require_client_certificate { verifier } else { verifier.allow_unauthenticated() };
            builder.with_client_cert_verifier(verifier.build().map_err(|error| TlsError::file(file, error))?)
        }
        _ => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, private_key).map_err(|error| setup(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
