//! PostgreSQL over TLS, by the modes of its own clients. A server of a test listens on a Unix socket only, which has
//! no TLS: a front speaks it and hands on what was said.

use std::path::Path;
use std::time::Duration;

use platform::postgres::Role;
use platform::postgres::pool::{PoolOptions, build};
use platform::postgres::settings::{DatabasePlace, PoolSize, from_env};
use platform::postgres::target::Target;
use platform::tls::{IdentityFiles, TlsServer, TlsSettings};
use testkit::TestDatabase;
use testkit::tls::{Issuance, TestAuthority};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;

/// `SSLRequest` (PostgreSQL, "Message Formats").
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

struct Front {
    port: u16,
    database: TestDatabase,
    task: JoinHandle<()>,
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Front {
    /// Speaks TLS and lets in whoever shows a certificate of the authority.
    async fn start(authority: &TestAuthority) -> Self {
        let identity = authority.keep("postgres", &authority.server(&["localhost", "127.0.0.1"], false));
        let tls = TlsServer::open(TlsSettings::new(identity, Some(authority.root_file()))).unwrap();
        let database = TestDatabase::create(&[]).await;
        let config = database.config(Role::AppRw);
        let [Host::Unix(directory)] = config.get_hosts() else { panic!("it listens on a Unix socket") };
        let socket = directory.join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, socket) = (tls.clone(), socket.clone());
                // What ends badly here is what the client under test reports.
                tokio::spawn(async move { hand_on(stream, &tls, &socket).await.unwrap_or_default() });
            }
        });
        Self { port, database, task }
    }

    /// What a `DATABASE_URL` with these parameters leads to.
    fn target(&self, parameters: &str) -> Target {
        let url = format!("postgres://app_rw@127.0.0.1:{}/{}?sslmode={parameters}", self.port, self.database.name());
        let settings = from_env(|name| (name == "DATABASE_URL").then(|| url.clone()), ".bgc").unwrap();
        let DatabasePlace::External { app, .. } = settings.place else { panic!("external") };
        *app
    }
}

async fn hand_on(mut stream: TcpStream, tls: &TlsServer, socket: &Path) -> std::io::Result<()> {
    let mut request = [0; 8];
    stream.read_exact(&mut request).await?;
    assert_eq!(request, SSL_REQUEST, "the client asks for TLS first");
    stream.write_all(b"S").await?;
    let mut client = tls.accept(stream).await?;
    let mut server = UnixStream::connect(socket).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop)
}

fn shown(identity: &IdentityFiles) -> String {
    format!("&sslcert={}&sslkey={}", identity.certificate.display(), identity.key.display())
}

async fn answers(target: &Target) -> Result<i32, tokio_postgres::Error> {
    let client = target.connect().await?;
    client.query_one("SELECT 42", &[]).await?.try_get(0)
}

#[tokio::test]
async fn a_server_that_asks_is_shown_a_certificate_and_is_looked_at_as_the_mode_says() {
    let authority = TestAuthority::new();
    let stranger = TestAuthority::issuing(Issuance { name: "stranger", ..Issuance::default() });
    let front = Front::start(&authority).await;
    let me = shown(&authority.keep("client", &authority.client("client.test", false)));
    let (right, wrong) = (authority.root_file(), stranger.root_file());
    let rooted = |mode: &str, root: &Path| format!("{mode}&sslrootcert={}{me}", root.display());
    for parameters in [rooted("verify-full", &right), rooted("verify-ca", &right), format!("require{me}")] {
        assert_eq!(answers(&front.target(&parameters)).await.unwrap(), 42, "{parameters}");
    }
    for mode in ["verify-full", "verify-ca", "require"] {
        assert!(answers(&front.target(&rooted(mode, &wrong))).await.is_err(), "{mode}");
    }
    assert!(answers(&front.target("require")).await.is_err(), "nobody is not let in");
    let size = PoolSize { min_connections: 1, max_connections: 2 };
    let pool = build(&front.target(&rooted("verify-full", &right)), &PoolOptions::new(size, "test")).unwrap();
    let client = pool.get().await.unwrap();
    assert_eq!(client.query_one("SELECT 42", &[]).await.unwrap().get::<_, i32>(0), 42);
}

#[tokio::test]
async fn a_certificate_that_is_replaced_is_shown_by_the_next_connection() {
    let authority = TestAuthority::new();
    let front = Front::start(&authority).await;
    let files = authority.keep("client", &authority.client("client.test", true));
    let target = front.target(&format!("verify-full&sslrootcert={}{}", authority.root_file().display(), shown(&files)));
    assert!(answers(&target).await.is_err(), "it has expired");
    authority.keep("client", &authority.client("client.test", false));
    let renewed = async {
        while answers(&target).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), renewed).await.expect("the new files are read");
}

#[test]
fn half_an_identity_is_refused() {
    let url = "postgres://u@h/d?sslmode=require&sslcert=%2Fa.pem";
    let error = from_env(|name| (name == "DATABASE_URL").then(|| url.to_owned()), ".bgc").unwrap_err();
    assert!(error.to_string().contains("sslkey"), "{error}");
    let parts = [("DB_HOST", "h"), ("DB_USER", "u"), ("DB_NAME", "d"), ("DB_SSL_KEY", "/a.key")];
    let error = from_env(|name| parts.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), "");
    assert!(error.unwrap_err().to_string().contains("DB_SSL_CERT"));
}
