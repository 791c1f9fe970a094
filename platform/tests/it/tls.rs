//! TLS on a listener and to a Redis: who is let in, who is not, and files that change.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use platform::auth::{
    Access, Authenticate, AuthenticateError, Authenticated, Caller, Guard, Presented, TrustedProxies, guard, rule,
};
use platform::http::server::{ServeEnd, ServeOptions, bind, serve};
use platform::lifecycle::Lifecycle;
use platform::redis::{RedisSettings, connect};
use platform::telemetry::metrics::Metrics;
use platform::tls::{ClientTls, ClientTlsSettings, IdentityFiles, TlsServer, TlsSettings};
use testkit::redis::TestRedis;
use testkit::tls::{Issuance, PemIdentity, TestAuthority};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::client::TlsStream;

/// Nobody has a credential here.
#[derive(Debug)]
struct Nobody;

impl Authenticate for Nobody {
    fn authenticate<'a>(&'a self, _presented: Presented<'a>) -> Authenticated<'a> {
        Box::pin(std::future::ready(Err(AuthenticateError::Unavailable)))
    }
}

struct Listener {
    address: SocketAddr,
    lifecycle: Lifecycle,
    end: JoinHandle<ServeEnd>,
}

const NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

/// An authority with other names: of the same ones, only the signature would be wrong.
fn stranger() -> TestAuthority {
    TestAuthority::issuing(Issuance { name: "stranger", ..Issuance::default() })
}

/// Settings that look at their files at every connection.
fn settings(identity: IdentityFiles, client_ca_file: Option<PathBuf>) -> TlsSettings {
    TlsSettings { look_every: Duration::ZERO, ..TlsSettings::new(identity, client_ca_file) }
}

async fn listen(tls: TlsSettings) -> Listener {
    listen_patiently(tls, Duration::from_secs(30)).await
}

/// With a deadline of handshakes and heads.
async fn listen_patiently(tls: TlsSettings, header_read_timeout: Duration) -> Listener {
    let routes = Router::new().route("/", get(async |caller: Caller| format!("secure: {}", caller.secure)));
    let rules = [rule(axum::http::Method::GET, "/", Access::Public)];
    let routes = guard(routes, Arc::new(Guard::new(rules, Arc::new(Nobody), TrustedProxies::default())));
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let options =
        ServeOptions { header_read_timeout, tls: Some(TlsServer::open(tls).unwrap()), ..ServeOptions::default() };
    let lifecycle = Lifecycle::new(Duration::from_secs(20));
    let end = tokio::spawn(serve(listener, routes, options, Metrics::new().http, lifecycle.clone()));
    Listener { address, lifecycle, end }
}

/// A client that trusts the authority.
fn client(authority: &TestAuthority, identity: Option<IdentityFiles>) -> ClientTls {
    let settings = ClientTlsSettings::new(Some(authority.root_file()), identity);
    ClientTls::open(ClientTlsSettings { look_every: Duration::ZERO, ..settings }).unwrap()
}

impl Listener {
    async fn connect(&self, client: &ClientTls, host: &str) -> std::io::Result<TlsStream<TcpStream>> {
        client.connect(host, TcpStream::connect(self.address).await?).await
    }

    /// A request on a connection of its own: the whole answer.
    async fn ask(&self, client: &ClientTls) -> std::io::Result<String> {
        let mut stream = self.connect(client, "localhost").await?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    async fn stop(self) {
        self.lifecycle.stop("the test is over");
        assert_eq!(self.end.await.unwrap().cut, 0);
    }
}

fn good(answer: std::io::Result<String>) {
    let answer = answer.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("secure: true"), "{answer}");
}

/// Why a request failed; one that was answered did not.
fn why(answer: std::io::Result<String>) -> String {
    answer.unwrap_err().to_string()
}

#[tokio::test]
async fn a_listener_speaks_nothing_but_tls_and_its_callers_are_secure() {
    let authority = TestAuthority::new();
    let identity = authority.keep("server", &authority.server(&NAMES, false));
    let listener = listen(settings(identity, None)).await;
    good(listener.ask(&client(&authority, None)).await);
    let mut plain = TcpStream::connect(listener.address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    plain.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    for (offered, agreed) in [(&[&b"h2"[..]][..], &b"h2"[..]), (&[b"http/1.1"], b"http/1.1"), (&[b"h2", b"x"], b"h2")] {
        let settings = ClientTlsSettings::new(Some(authority.root_file()), None);
        let offering = ClientTls::open(ClientTlsSettings { protocols: offered.to_vec().leak(), ..settings }).unwrap();
        let stream = listener.connect(&offering, "127.0.0.1").await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(agreed));
    }
    listener.stop().await;
}

#[tokio::test]
async fn a_server_that_is_not_who_it_should_be_is_not_spoken_to() {
    let authority = TestAuthority::new();
    let stranger = stranger();
    let good_files = authority.keep("server", &authority.server(&NAMES, false));
    let listener = listen(settings(good_files, None)).await;
    assert!(why(listener.ask(&client(&stranger, None)).await).contains("UnknownIssuer"));
    let named = listener.connect(&client(&authority, None), "elsewhere.test").await.unwrap_err().to_string();
    assert!(named.contains("not valid for name"), "{named}");
    let old = authority.keep("old", &authority.server(&NAMES, true));
    let listener = listen(settings(old, None)).await;
    let expired = why(listener.ask(&client(&authority, None)).await);
    assert!(expired.contains("expired"), "{expired}");
}

#[tokio::test]
async fn clients_show_a_certificate_of_the_authority_or_are_refused() {
    let authority = TestAuthority::new();
    let stranger = stranger();
    let identity = authority.keep("server", &authority.server(&NAMES, false));
    let required = listen(settings(identity.clone(), Some(authority.root_file()))).await;
    let optional = settings(identity, Some(authority.root_file()));
    let optional = listen(TlsSettings { require_client_certificate: false, ..optional }).await;

    let known = authority.keep("client", &authority.client("client.test", false));
    good(required.ask(&client(&authority, Some(known.clone()))).await);
    good(optional.ask(&client(&authority, Some(known))).await);

    let refused = why(required.ask(&client(&authority, None)).await);
    assert!(refused.contains("CertificateRequired"), "{refused}");
    good(optional.ask(&client(&authority, None)).await);

    let old = authority.keep("old", &authority.client("client.test", true));
    let foreign = authority.keep("foreign", &stranger.client("client.test", false));
    for listener in [&required, &optional] {
        let refused = why(listener.ask(&client(&authority, Some(old.clone()))).await);
        assert!(refused.contains("CertificateExpired"), "{refused}");
        let refused = why(listener.ask(&client(&authority, Some(foreign.clone()))).await);
        assert!(refused.contains("UnknownCA"), "{refused}");
    }
}

#[tokio::test]
async fn files_that_cannot_be_used_are_told_at_the_start() {
    let authority = TestAuthority::new();
    let (one, other) = (authority.server(&NAMES, false), authority.server(&NAMES, false));
    let mixed = PemIdentity { chain: one.chain.clone(), key: other.key };
    let mixed = TlsServer::open(settings(authority.keep("mixed", &mixed), None)).unwrap_err().to_string();
    assert!(mixed.contains("mixed.pem") && mixed.contains("mixed.key"), "{mixed}");
    let nothing = PemIdentity { chain: one.chain, key: "s3cret".to_owned() };
    let nothing = TlsServer::open(settings(authority.keep("nothing", &nothing), None)).unwrap_err().to_string();
    assert!(nothing.contains("nothing.key") && !nothing.contains("s3cret"), "{nothing}");
    let absent = IdentityFiles { certificate: "/nowhere/a.pem".into(), key: "/nowhere/a.key".into() };
    let absent = TlsServer::open(settings(absent, None)).unwrap_err().to_string();
    assert!(absent.contains("/nowhere/a.pem"), "{absent}");
    let names = ("A_CERT", "A_KEY");
    assert!(IdentityFiles::pair(Some("a".into()), None, names).unwrap_err().to_string().contains("A_KEY"));
}

/// The certificate that a listener shows.
async fn shown(listener: &Listener, client: &ClientTls) -> Vec<u8> {
    let stream = listener.connect(client, "localhost").await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_change_under_load_and_no_request_fails() {
    let authority = TestAuthority::new();
    let identities: Vec<PemIdentity> = (0..6).map(|_| authority.server(&NAMES, false)).collect();
    let files = authority.keep("server", &identities[0]);
    let listener = Arc::new(listen(settings(files.clone(), None)).await);
    let client = client(&authority, None);
    let first = shown(&listener, &client).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let load: Vec<_> = (0..4)
        .map(|_| {
            let (listener, client, stopped) = (Arc::clone(&listener), client.clone(), stopped.clone());
            tokio::spawn(async move {
                let mut asked = 0_u32;
                while !*stopped.borrow() {
                    good(listener.ask(&client).await);
                    asked += 1;
                }
                asked
            })
        })
        .collect();
    let mut last = first.clone();
    for identity in &identities[1..] {
        // A half that does not fit, then nonsense, then nothing: the old pair goes on.
        std::fs::write(&files.certificate, &identity.chain).unwrap();
        assert_eq!(shown(&listener, &client).await, last);
        std::fs::write(&files.key, "nonsense").unwrap();
        assert_eq!(shown(&listener, &client).await, last);
        std::fs::remove_file(&files.key).unwrap();
        assert_eq!(shown(&listener, &client).await, last);
        std::fs::write(&files.key, &identity.key).unwrap();
        let began = Instant::now();
        loop {
            // Whoever comes while another looks at the files gets what was there before.
            let now = shown(&listener, &client).await;
            if now != last {
                last = now;
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "the new certificate is never shown");
        }
    }
    stop.send(true).unwrap();
    let mut asked = 0;
    for task in load {
        asked += task.await.unwrap();
    }
    assert!(asked > 10, "there was a load");
    assert_ne!(first, last);
}

#[tokio::test]
async fn authorities_and_certificates_of_clients_change_too() {
    let (before, after) = (TestAuthority::new(), stranger());
    let server = before.keep("server", &before.server(&NAMES, false));
    let (roots, directory) = (before.root_file(), testkit::TempDir::new("roots"));
    let trusted = directory.join("clients.pem");
    std::fs::copy(&roots, &trusted).unwrap();
    let listener = listen(settings(server, Some(trusted.clone()))).await;
    let files = before.keep("client", &before.client("client.test", false));
    let client = client(&before, Some(files.clone()));
    good(listener.ask(&client).await);
    std::fs::copy(after.root_file(), &trusted).unwrap();
    assert!(why(listener.ask(&client).await).contains("UnknownCA"));
    before.keep("client", &after.client("client.test", false));
    good(listener.ask(&client).await);
}

#[tokio::test]
async fn who_does_not_speak_is_cut_and_holds_up_no_stop() {
    let authority = TestAuthority::new();
    let identity = authority.keep("server", &authority.server(&NAMES, false));
    let listener = listen_patiently(settings(identity.clone(), None), Duration::from_millis(200)).await;
    let mut silent = TcpStream::connect(listener.address).await.unwrap();
    assert_eq!(silent.read(&mut [0; 8]).await.unwrap_or(0), 0, "it is closed");
    let listener = listen(settings(identity, None)).await;
    let mut half = TcpStream::connect(listener.address).await.unwrap();
    half.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
    good(listener.ask(&client(&authority, None)).await);
    tokio::time::timeout(Duration::from_secs(15), listener.stop()).await.expect("long before the handshake's deadline");
}

#[tokio::test]
async fn redis_is_spoken_to_over_tls_with_a_certificate() {
    let (authority, stranger) = (TestAuthority::new(), stranger());
    let mut server = TestRedis::start_with_tls(&authority).await;
    let identity = authority.keep("client", &authority.client("client.test", false));
    let settings = |ca: PathBuf, identity: Option<&IdentityFiles>| {
        let text = |path: &PathBuf| Some(path.display().to_string());
        let url = server.url();
        RedisSettings::from_env(|name| match name {
            "REDIS_URL" => Some(url.clone()),
            "REDIS_TLS_CA" => text(&ca),
            "REDIS_TLS_CERT" => text(&identity?.certificate),
            "REDIS_TLS_KEY" => text(&identity?.key),
            _ => None,
        })
    };
    let right = settings(authority.root_file(), Some(&identity)).unwrap().unwrap();
    let strangers = settings(stranger.root_file(), Some(&identity)).unwrap().unwrap();
    let nameless = settings(authority.root_file(), None).unwrap().unwrap();
    let half = RedisSettings::from_env(|name| (name == "REDIS_TLS_CERT").then(|| "/a.pem".to_owned()));
    assert!(half.unwrap_err().to_string().contains("REDIS_TLS_KEY"));
    let (redis, deceived, refused) =
        (connect(&right).unwrap(), connect(&strangers).unwrap(), connect(&nameless).unwrap());
    crate::redis::until("it comes", async || redis.ping().await.is_ok()).await;
    let set = redis.query::<()>(redis::cmd("SET").arg("key").arg("value")).await;
    set.unwrap();
    server.restart().await;
    crate::redis::until("it returns", async || redis.ping().await.is_ok()).await;
    assert!(deceived.ping().await.is_err() && !deceived.is_connected());
    assert!(refused.ping().await.is_err() && !refused.is_connected());
}
