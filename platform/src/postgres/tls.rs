//! TLS to an external database, by the modes of PostgreSQL's own clients.

use std::path::PathBuf;

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::tls::{ClientTls, ClientTlsSettings, IdentityFiles, TlsError, Verification};

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

/// The connector of a mode, `None` where nothing is encrypted. `root_file` is a PEM file whose certificates are
/// trusted instead of the system's; `identity` is who we are to a server that asks.
pub(super) fn connector(
    mode: TlsMode,
    root_file: Option<PathBuf>,
    identity: Option<IdentityFiles>,
) -> Result<Option<Connector>, TlsError> {
    let verification = match mode {
        TlsMode::Disable => return Ok(None),
        TlsMode::Require if root_file.is_some() => Verification::Authority,
        TlsMode::Prefer | TlsMode::Require => Verification::Nothing,
        TlsMode::VerifyCa => Verification::Authority,
        TlsMode::VerifyFull => Verification::Full,
    };
    // Without verification the file is not read, as libpq does for `prefer`.
    let ca_file = root_file.filter(|_| verification != Verification::Nothing);
    let settings = ClientTlsSettings { verification, ..ClientTlsSettings::new(ca_file, identity) };
    Ok(Some(Connector(ClientTls::open(settings)?)))
}

/// Makes each connection with the files of its moment.
#[derive(Clone)]
pub(super) struct Connector(ClientTls);

impl<S> MakeTlsConnect<S> for Connector
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = <MakeRustlsConnect as MakeTlsConnect<S>>::Stream;
    type TlsConnect = <MakeRustlsConnect as MakeTlsConnect<S>>::TlsConnect;
    type Error = <MakeRustlsConnect as MakeTlsConnect<S>>::Error;

    fn make_tls_connect(&mut self, host: &str) -> Result<Self::TlsConnect, Self::Error> {
        let mut connect = MakeRustlsConnect::new(ClientConfig::clone(&self.0.config()));
        MakeTlsConnect::<S>::make_tls_connect(&mut connect, host)
    }
}
