//! TLS for everything the product speaks: its listeners ([`TlsServer`]) and the stores and services that it calls
//! ([`ClientTls`]). Certificates are files, and files change: what is made of them is made again without a restart.
//!
//! Verification is only off where PostgreSQL's own modes say so; everywhere else there is no way to ask for that.

mod check;
mod client;
pub mod pem;
mod rotating;
mod server;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, ring};

pub use check::{CertificateCheck, Checked};
pub use client::{ClientTls, ClientTlsSettings, Verification};
pub use server::{TlsServer, TlsSettings};

/// How often files of certificates are looked at for a change, at most: at the next connection after that.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Why there can be no TLS as asked.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be used.
    #[error("{} cannot be used: {detail}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong. Never a part of the file: it may be a key.
        detail: String,
    },
    /// The system has no roots, and nobody named others.
    #[error(
        "this system has no root certificates (Debian: `apt install ca-certificates`): name a file that has the right one"
    )]
    NoSystemRoots,
    /// A certificate and a key are needed together.
    #[error("a certificate ({certificate}) and its key ({key}) are needed together, and only one of them is named")]
    HalfIdentity {
        /// What names the certificate.
        certificate: &'static str,
        /// What names the key.
        key: &'static str,
    },
    /// The library refuses the configuration: a key of another certificate, for one.
    #[error("TLS could not be set up with {files}: {detail}")]
    Setup {
        /// Which files, where there are some.
        files: String,
        /// What it says.
        detail: String,
    },
}

impl TlsError {
    fn file(path: &Path, detail: impl ToString) -> Self {
        Self::File { path: path.to_path_buf(), detail: detail.to_string() }
    }
}

/// A certificate with its key, as two files of PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityFiles {
    /// The certificate, then those that lead to its root.
    pub certificate: PathBuf,
    /// The private key (PKCS #8, PKCS #1 or SEC 1), without a password.
    pub key: PathBuf,
}

impl IdentityFiles {
    /// Both of them, or none; `names` are what a person calls them, for the error.
    ///
    /// # Errors
    /// If only one is given.
    pub fn pair(
        certificate: Option<PathBuf>,
        key: Option<PathBuf>,
        names: (&'static str, &'static str),
    ) -> Result<Option<Self>, TlsError> {
        match (certificate, key) {
            (Some(certificate), Some(key)) => Ok(Some(Self { certificate, key })),
            (None, None) => Ok(None),
            _ => Err(TlsError::HalfIdentity { certificate: names.0, key: names.1 }),
        }
    }
}

/// The cryptography behind it all.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| Arc::new(ring::default_provider())))
}

/// The system's roots, read once a process: there are hundreds. Empty on a system that has none.
#[must_use]
pub fn system_roots() -> &'static Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Arc::new(roots)
    })
}
