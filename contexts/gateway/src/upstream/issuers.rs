//! What a host leaves out of its chain, fetched from where its certificate says that it is (RFC 5280, section 4.2.2.1).
//!
//! Nothing is trusted because it was fetched: it is offered to the verifier like a certificate that the host itself
//! sent, and kept only if the chain then leads to a trusted root, for the right name and time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::tls::pem;
use reqwest::Client;
use reqwest::header::ACCEPT;
use rustls::CertificateError;
use rustls::pki_types::CertificateDer;
use tokio::sync::Mutex;
use tracing::Instrument as _;
use url::Url;

use super::der::{self, Certificate};
use super::failure::{self, Failure};
use super::tls::{Completing, Incomplete};
use super::{UpstreamError, address, body, now};
use crate::domain::connector::Connector;

/// The largest answer that is read.
const ISSUER_BYTES_MAX: u64 = 64 << 10;
/// Links between what a host shows and a trusted root that are fetched.
const LINKS_MAX: usize = 3;
/// Addresses of one issuer that are tried.
const ADDRESSES_TRIED_MAX: usize = 2;
/// The most time for all links together; never more than half of an attempt's, so that there is time to say why.
const TIME_MAX: Duration = Duration::from_secs(10);
/// How long a failure is remembered.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Failures in that time; nothing is fetched for a further certificate then.
const REMEMBERED_MAX: usize = 4;

/// Words of every failure.
const NO_ROOT: &str = "its certificate leads to no trusted root";
const NAME_A_FILE: &str = "name a file with the certificate of its issuer in extra_ca_file";

/// A chain that could not be completed a moment ago.
#[derive(Debug)]
struct Failed {
    end_entity: CertificateDer<'static>,
    until: Instant,
    why: String,
}

/// Fetches the issuers that the hosts of one connector leave out.
#[derive(Debug, Clone)]
pub(super) struct Issuers {
    connector: String,
    verifier: Arc<Completing>,
    client: Client,
    private: bool,
    time: Duration,
    /// Held while something is fetched: one call does, the others wait for it.
    failed: Arc<Mutex<Vec<Failed>>>,
}

impl Issuers {
    /// `client` shows no client certificate, follows no redirect, and resolves names as every call does.
    pub fn new(verifier: &Arc<Completing>, client: Client, connector: &Connector) -> Self {
        Self {
            connector: connector.id.clone(),
            verifier: Arc::clone(verifier),
            client,
            private: connector.allow_private_network,
            time: TIME_MAX.min(connector.limits.timeout / 2),
            failed: Arc::default(),
        }
    }

    /// Sees to it that the verifier can lead a chain to a trusted root, or says why it cannot.
    pub async fn complete(&self, chain: &Incomplete) -> Result<(), String> {
        let mut failed = Arc::clone(&self.failed).lock_owned().await;
        let (issuers, chain) = (self.clone(), chain.clone());
        // A caller that has less time does not undo what others wait for; how long it takes is bounded all the same.
        let fetching = async move { issuers.once(&chain, &mut failed).await };
        let done = tokio::spawn(fetching.in_current_span()).await;
        done.unwrap_or_else(|_| Err(format!("{NO_ROOT}; fetching the issuer it names was broken off")))
    }

    async fn once(&self, chain: &Incomplete, failed: &mut Vec<Failed>) -> Result<(), String> {
        // Whoever came before may have fetched it.
        if self.verifier.verify(chain, &self.verifier.fetched()).is_ok() {
            return Ok(());
        }
        failed.retain(|failed| now() < failed.until);
        if let Some(known) = failed.iter().find(|failed| failed.end_entity == chain.end_entity) {
            return Err(known.why.clone());
        }
        if failed.len() >= REMEMBERED_MAX {
            return Err(format!(
                "{NO_ROOT}; too many issuers could not be fetched in the last minute to try another one"
            ));
        }
        let late = || Err(format!("{NO_ROOT}; the issuer it names did not arrive within {} ms", self.time.as_millis()));
        let links = tokio::time::timeout(self.time, self.links(chain)).await.unwrap_or_else(|_| late());
        links.map(|found| self.verifier.keep(found)).inspect_err(|why| {
            let (end_entity, until) = (chain.end_entity.clone(), now() + REMEMBERED);
            failed.push(Failed { end_entity, until, why: why.clone() });
        })
    }

    /// Every certificate that the chain lacks.
    async fn links(&self, chain: &Incomplete) -> Result<Vec<CertificateDer<'static>>, String> {
        let mut found: Vec<CertificateDer<'static>> = Vec::new();
        let mut last = None;
        while found.len() < LINKS_MAX {
            let at_hand = self.verifier.at_hand(chain).chain(&found).map(AsRef::as_ref);
            let Some(lacking) = lacking(&chain.end_entity, at_hand) else {
                return Err(failure::untrusted(&CertificateError::UnknownIssuer).to_owned());
            };
            self.verifier.forget(lacking.issuer);
            let (url, issuer) = self.issuer_of(&lacking, last.as_ref()).await?;
            found.push(issuer);
            match self.verifier.verify(chain, &found) {
                Ok(()) => {
                    let connector = self.connector.as_str();
                    tracing::info!(connector, %url, "a host leaves out its issuer, which was fetched and is trusted");
                    return Ok(found);
                }
                Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) => last = Some(url),
                Err(error) => return Err(useless(&url, &error)),
            }
        }
        Err(format!("{NO_ROOT}, nor do the {LINKS_MAX} issuers above it that were fetched; {NAME_A_FILE}"))
    }

    /// The issuer of a certificate, and where it was. `below` is where the certificate itself was fetched.
    async fn issuer_of(
        &self,
        certificate: &Certificate<'_>,
        below: Option<&Url>,
    ) -> Result<(Url, CertificateDer<'static>), String> {
        let mut why = match below {
            None => format!("{NO_ROOT}, and names no address (http or https) of its issuer; {NAME_A_FILE}"),
            Some(url) => format!("{NO_ROOT}; the issuer fetched from {url} is itself of an unknown one; {NAME_A_FILE}"),
        };
        for url in usable(&certificate.issuer_addresses()) {
            match self.fetch(&url, certificate.issuer).await {
                Ok(issuer) => return Ok((url, issuer)),
                Err(reason) => {
                    why = format!("{NO_ROOT}; the issuer it names could not be fetched from {url}: {reason}");
                }
            }
        }
        Err(why)
    }

    /// A certificate for `subject`, from an address that a stranger wrote.
    async fn fetch(&self, url: &Url, subject: &[u8]) -> Result<CertificateDer<'static>, String> {
        address::check(url, self.private).map_err(|error| error.to_string())?;
        let request = self.client.get(url.clone()).header(ACCEPT, "application/pkix-cert, */*");
        let mut response = request.send().await.map_err(|error| said(Failure::of(&error, None)))?;
        match response.status().as_u16() {
            200 => {}
            status @ 300..400 => return Err(format!("it answers {status}, and redirects are not followed here")),
            status => return Err(format!("it answers {status}")),
        }
        let answer = body::read(&mut response, ISSUER_BYTES_MAX).await.map_err(said)?;
        issuer_in(&answer, subject)
    }
}

/// A failure in words of its own.
fn said(failure: Failure) -> String {
    match *failure.error {
        UpstreamError::Unreachable(why) => why,
        UpstreamError::TooLarge(bytes_max) => format!("it has more than {bytes_max} bytes"),
        other => other.to_string(),
    }
}

/// Why a chain is not trusted though its issuer was fetched.
fn useless(url: &Url, error: &rustls::Error) -> String {
    let why = match error {
        rustls::Error::InvalidCertificate(
            why @ (CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }),
        ) => return failure::untrusted(why).to_owned(),
        rustls::Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "it has expired"
        }
        rustls::Error::InvalidCertificate(CertificateError::BadSignature) => {
            "another key of that name signed the certificate, or it is itself not signed by the trusted root of that name"
        }
        _ => "the chain cannot be verified with it",
    };
    format!("{NO_ROOT}; the issuer fetched from {url} does not help: {why}")
}

/// The last certificate on the way up from `end_entity` whose issuer is not at hand; `None` where the way ends at a
/// root that nobody trusts, or goes round.
fn lacking<'a>(end_entity: &'a [u8], at_hand: impl Iterator<Item = &'a [u8]>) -> Option<Certificate<'a>> {
    let at_hand: Vec<Certificate<'a>> = at_hand.filter_map(Certificate::parse).collect();
    let mut last = Certificate::parse(end_entity)?;
    for _ in 0..=at_hand.len() {
        if last.is_self_issued() {
            return None;
        }
        match at_hand.iter().find(|certificate| certificate.subject == last.issuer) {
            Some(issuer) => last = *issuer,
            None => return Some(last),
        }
    }
    None
}

/// The addresses that may be tried, of all that a certificate names.
fn usable(addresses: &[&str]) -> Vec<Url> {
    let plain =
        |url: &Url| matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let urls = addresses.iter().filter_map(|text| Url::parse(text).ok()).filter(plain);
    let urls = urls.map(|mut url| {
        url.set_fragment(None);
        url
    });
    urls.take(ADDRESSES_TRIED_MAX).collect()
}

/// The certificate of `subject` in DER or PEM.
fn issuer_in(answer: &[u8], subject: &[u8]) -> Result<CertificateDer<'static>, String> {
    let found = if Certificate::parse(answer).is_some() {
        vec![CertificateDer::from(answer.to_vec())]
    } else if der::is_cms(answer)
        || answer.starts_with(b"-----BEGIN PKCS7-----")
        || answer.starts_with(b"-----BEGIN CMS-----")
    {
        return Err(format!("it is a PKCS#7 bundle, which is not read; {NAME_A_FILE}"));
    } else {
        pem::certificates(answer).unwrap_or_default()
    };
    if found.is_empty() {
        return Err("it is no certificate".to_owned());
    }
    let named = |found: &CertificateDer<'_>| Certificate::parse(found).is_some_and(|it| it.subject == subject);
    let issuer = found.into_iter().find(named).ok_or("it is the certificate of somebody else")?;
    // The trusted root of that name would have been found before.
    if Certificate::parse(&issuer).is_some_and(|issuer| issuer.is_self_issued()) {
        return Err("it is a root, and none of those that are trusted".to_owned());
    }
    Ok(issuer)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::Router;
    use axum::routing::get as on_get;
    use rustls::pki_types::UnixTime;
    use testkit::http::TestListener;
    use testkit::tls::{Issuance, TestAuthority};
    use tokio::net::TcpListener;

    use super::*;
    use crate::connectors;
    use crate::upstream::address::Lookup;
    use crate::upstream::clients::Clients;

    /// The middle of 2020, in seconds of Unix.
    const IN_2020_S: u64 = 1_592_000_000;
    const IN_2025_S: u64 = 1_750_000_000;

    fn loopback() -> Lookup {
        Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) }))
    }

    /// The issuers of a connector as it is shipped.
    fn issuers(authority: &TestAuthority, private: bool) -> Issuers {
        let shipped = &connectors::load(None).unwrap().connectors["comexstat-bulk"];
        let extra_ca_file = Some(authority.root_file());
        let connector = Connector { extra_ca_file, allow_private_network: private, ..Connector::clone(shipped) };
        Clients::new(&connector, loopback()).unwrap().issuers.unwrap()
    }

    /// What a host shows that has a certificate of this authority and leaves out the intermediate.
    fn chain(authority: &TestAuthority, now_s: u64) -> Incomplete {
        let end_entity =
            pem::certificates(authority.client("host.test", false).chain.as_bytes()).unwrap().swap_remove(0);
        let (name, now) = ("host.test".try_into().unwrap(), UnixTime::since_unix_epoch(Duration::from_secs(now_s)));
        Incomplete { end_entity, sent: Vec::new(), name, now }
    }

    #[tokio::test]
    async fn private_addresses_are_not_called_unless_the_file_says_so() {
        let inside = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = inside.local_addr().unwrap().port();
        for host in ["127.0.0.1", "0x7f.1", "[::1]", "10.0.0.1", "looks-public.test"] {
            let issuer_url = Some(format!("http://{host}:{port}/ca"));
            let authority = TestAuthority::issuing(Issuance { issuer_url, ..Issuance::default() });
            let why = issuers(&authority, false).complete(&chain(&authority, IN_2025_S)).await.unwrap_err();
            assert!(why.contains("/ca: the host ") && why.contains("private or special network"), "{why}");
        }
        let called = tokio::time::timeout(Duration::ZERO, inside.accept()).await;
        assert!(called.is_err(), "{called:?}");
    }

    #[tokio::test]
    async fn what_does_not_help_any_more_is_forgotten() {
        let file = Arc::new(std::sync::OnceLock::<Vec<u8>>::new());
        let served = Arc::clone(&file);
        let answer = on_get(move || std::future::ready(served.get().cloned().unwrap_or_default()));
        let listener = TestListener::serve(Router::new().route("/ca", answer)).await;
        let issuer_url = Some(listener.url("/ca"));
        let authority =
            TestAuthority::issuing(Issuance { issuer_url, intermediate_expired: true, ..Issuance::default() });
        file.set(authority.intermediate_der()).unwrap();
        let issuers = issuers(&authority, true);
        issuers.complete(&chain(&authority, IN_2020_S)).await.unwrap();
        issuers.complete(&chain(&authority, IN_2020_S)).await.unwrap();
        assert_eq!(issuers.verifier.fetched().len(), 1);
        let why = issuers.complete(&chain(&authority, IN_2025_S)).await.unwrap_err();
        assert!(why.contains("does not help: it has expired"), "{why}");
        assert!(issuers.verifier.fetched().is_empty());
        // No more than the newest are kept.
        for _ in 0..3 {
            issuers.verifier.keep(vec![CertificateDer::from(vec![1]), CertificateDer::from(vec![2])]);
        }
        assert_eq!(issuers.verifier.fetched().len(), 4);
    }

    #[tokio::test]
    async fn many_certificates_of_unknown_issuers_cost_a_few_requests_only() {
        let issuer_url = Some("http://127.0.0.1:1/ca".to_owned());
        let authority = TestAuthority::issuing(Issuance { issuer_url, ..Issuance::default() });
        let issuers = issuers(&authority, true);
        for number in 0..6 {
            let why = issuers.complete(&chain(&authority, IN_2025_S)).await.unwrap_err();
            assert_eq!(why.contains("too many issuers"), number >= REMEMBERED_MAX, "{number}: {why}");
        }
        assert_eq!(issuers.failed.lock().await.len(), REMEMBERED_MAX);
    }

    #[test]
    fn addresses_with_credentials_and_of_other_schemes_are_left_out() {
        let named =
            ["ldap://a/cn=ca", "file:///etc/passwd", "http://u:p@a/", "http://a/1#x", "https://b/2", "http://c/3"];
        let found: Vec<String> = usable(&named).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["http://a/1", "https://b/2"]);
    }
}
