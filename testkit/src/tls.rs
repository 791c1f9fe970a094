//! An authority of our own, and listeners over TLS that are right or wrong in the ways that servers are.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use platform::tls::IdentityFiles;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::TempDir;

/// How a listener shows who it is, and whom it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Its certificate and the intermediate: as it should be.
    WholeChain,
    /// Its certificate alone, as the ministry's host does.
    NoIntermediate,
    /// A certificate for another host.
    AnotherHost,
    /// A certificate that expired in 2021.
    Expired,
    /// The same, alone.
    ExpiredAlone,
    /// As it should be, and it demands a certificate of this authority from its clients.
    ClientCertificateDemanded,
}

/// A certificate with its chain and key, in PEM.
#[derive(Debug, Clone)]
pub struct PemIdentity {
    /// The certificate, then the intermediate.
    pub chain: String,
    /// The private key.
    pub key: String,
}

/// What an authority puts into the certificates that it issues, besides what is always there.
#[derive(Debug, Clone, Default)]
pub struct Issuance {
    /// Where its servers' certificates say that the intermediate is.
    pub issuer_url: Option<String>,
    /// Where the intermediate says that its issuer is: there is one more intermediate then, between it and the root.
    pub upper_issuer_url: Option<String>,
    /// Whether the intermediate signs itself: a root with the name of an intermediate.
    pub self_signed: bool,
    /// Whether the intermediate expired in 2021.
    pub intermediate_expired: bool,
    /// What its names begin with; `bgc test` when it is empty.
    pub name: &'static str,
}

/// A root that nobody trusts but those who are told to, and an intermediate below it.
#[derive(Debug)]
pub struct TestAuthority {
    root: CertifiedIssuer<'static, KeyPair>,
    upper: Option<CertifiedIssuer<'static, KeyPair>>,
    intermediate: CertifiedIssuer<'static, KeyPair>,
    issuer_url: Option<String>,
    files: TempDir,
}

/// What must not fail in a test.
fn must<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = must("parameters", CertificateParams::new(Vec::new()));
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

/// Id-pe-authorityInfoAccess with one id-ad-caIssuers (RFC 5280, section 4.2.2.1).
fn issuer_at(url: &str) -> CustomExtension {
    let element = |tag: u8, content: &[u8]| {
        let length = must("a short address", u8::try_from(content.len()));
        let length = if length < 0x80 { vec![length] } else { vec![0x81, length] };
        [&[tag][..], &length, content].concat()
    };
    let ca_issuers = element(0x06, &[0x2b, 6, 1, 5, 5, 7, 48, 2]);
    let description = element(0x30, &[ca_issuers, element(0x86, url.as_bytes())].concat());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], element(0x30, &description))
}

fn expired(params: &mut CertificateParams) {
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
}

fn key() -> KeyPair {
    must("a key", KeyPair::generate())
}

impl TestAuthority {
    /// A new one.
    ///
    /// # Panics
    /// If keys or files cannot be made.
    #[must_use]
    pub fn new() -> Self {
        Self::issuing(Issuance::default())
    }

    /// A new one that issues its certificates so.
    ///
    /// # Panics
    /// If keys or files cannot be made, or an address has more than about 200 characters.
    #[must_use]
    pub fn issuing(issuance: Issuance) -> Self {
        let named = |what: &str| {
            authority(&format!("{} {what}", if issuance.name.is_empty() { "bgc test" } else { issuance.name }))
        };
        let root = must("the root", CertifiedIssuer::self_signed(named("root"), key()));
        let mut params = named("intermediate");
        if issuance.intermediate_expired {
            expired(&mut params);
        }
        let upper = issuance.upper_issuer_url.map(|url| {
            params.custom_extensions.push(issuer_at(&url));
            must("the upper one", CertifiedIssuer::signed_by(named("upper intermediate"), key(), &root))
        });
        let below = if issuance.self_signed {
            CertifiedIssuer::self_signed(params, key())
        } else {
            CertifiedIssuer::signed_by(params, key(), upper.as_ref().unwrap_or(&root))
        };
        let (intermediate, files) = (must("the intermediate", below), TempDir::new("authority"));
        Self { root, upper, intermediate, issuer_url: issuance.issuer_url, files }
    }

    /// The root, in DER.
    #[must_use]
    pub fn root_der(&self) -> Vec<u8> {
        self.root.der().to_vec()
    }

    /// The intermediate that issues, in DER.
    #[must_use]
    pub fn intermediate_der(&self) -> Vec<u8> {
        self.intermediate.der().to_vec()
    }

    /// The intermediate above that one, in DER; empty where there is none.
    #[must_use]
    pub fn upper_der(&self) -> Vec<u8> {
        self.upper.as_ref().map(|upper| upper.der().to_vec()).unwrap_or_default()
    }

    /// A PEM file with the root.
    #[must_use]
    pub fn root_file(&self) -> PathBuf {
        self.file("root.pem", &self.root.pem())
    }

    /// A PEM file with the intermediate.
    #[must_use]
    pub fn intermediate_file(&self) -> PathBuf {
        self.file("intermediate.pem", &self.intermediate.pem())
    }

    /// A PEM file with both.
    #[must_use]
    pub fn both_file(&self) -> PathBuf {
        self.file("both.pem", &format!("{}{}", self.intermediate.pem(), self.root.pem()))
    }

    /// Writes an identity to two files of that name, which it replaces; they go with this value.
    ///
    /// # Panics
    /// If they cannot be written.
    pub fn keep(&self, name: &str, identity: &PemIdentity) -> IdentityFiles {
        let certificate = self.file(&format!("{name}.pem"), &identity.chain);
        IdentityFiles { certificate, key: self.file(&format!("{name}.key"), &identity.key) }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.files.join(name);
        must("a file of certificates", std::fs::write(&path, text));
        path
    }

    /// A certificate for a client; the one that has expired did so in 2021.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn client(&self, name: &str, expired: bool) -> PemIdentity {
        self.server(&[name], expired)
    }

    /// A certificate for a server with these names; the one that has expired did so in 2021.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn server(&self, names: &[&str], expired: bool) -> PemIdentity {
        let (certificate, key) = self.leaf(names, expired);
        PemIdentity { chain: format!("{}{}", certificate.pem(), self.intermediate.pem()), key: key.serialize_pem() }
    }

    fn leaf(&self, names: &[&str], old: bool) -> (rcgen::Certificate, KeyPair) {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = must("names", CertificateParams::new(names));
        if old {
            expired(&mut params);
        }
        params.custom_extensions.extend(self.issuer_url.as_deref().map(issuer_at));
        let key = key();
        (must("a certificate", params.signed_by(&key, &self.intermediate)), key)
    }

    fn server_config(&self, shows: Shows) -> ServerConfig {
        let names: &[&str] =
            if shows == Shows::AnotherHost { &["elsewhere.test"] } else { &["localhost", "127.0.0.1"] };
        let (certificate, key) = self.leaf(names, matches!(shows, Shows::Expired | Shows::ExpiredAlone));
        let mut chain = vec![certificate.der().clone()];
        if !matches!(shows, Shows::NoIntermediate | Shows::ExpiredAlone) {
            chain.push(CertificateDer::from(self.intermediate.der().to_vec()));
        }
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let builder = must("TLS versions", builder);
        let builder = if shows == Shows::ClientCertificateDemanded {
            let mut roots = RootCertStore::empty();
            must("the root", roots.add(self.root.der().clone()));
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(must("the verifier of clients", verifier))
        } else {
            builder.with_no_client_auth()
        };
        let mut config = must("the server's certificate", builder.with_single_cert(chain, key));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }
}

impl Default for TestAuthority {
    fn default() -> Self {
        Self::new()
    }
}

/// A router that is served over TLS on a free port of the loopback, until this value is dropped.
#[derive(Debug)]
pub struct TlsListener {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl TlsListener {
    /// Serves a router.
    ///
    /// # Panics
    /// If there is no port to be had.
    pub async fn serve(router: Router, authority: &TestAuthority, shows: Shows) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(authority.server_config(shows)));
        let listener = must("a port", TcpListener::bind(("127.0.0.1", 0)).await);
        let address = must("an address", listener.local_addr());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = must("a connection", listener.accept().await);
                let (acceptor, router) = (acceptor.clone(), router.clone());
                tokio::spawn(async move {
                    // What ends badly here is what the client under test reports.
                    match acceptor.accept(stream).into_fallible().await {
                        Ok(stream) => {
                            let service = TowerToHyperService::new(router);
                            let server = auto::Builder::new(TokioExecutor::new());
                            server.serve_connection(TokioIo::new(stream), service).await.unwrap_or_default();
                        }
                        // Closed only when the client has: a reset could overtake the alert that says why.
                        Err((_, mut stream)) => {
                            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.unwrap_or_default();
                        }
                    }
                });
            }
        });
        Self { address, task }
    }

    /// The absolute address of a path that begins with `/`, by the host's address.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.task.abort();
    }
}
