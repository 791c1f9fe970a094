//! A store of a test's own behind the real door, and short ways to call it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use identity::IdentityState;
use identity::authenticate::Authenticator;
use identity::mail::{FileOutbox, Mailer};
use identity::secrets::Secrets;
use identity::store::Store;
use identity::token::{API_AUDIENCE, Issuers};
use platform::auth::{Caller, Guard, PeerAddress, TrustedProxies, guard};
use platform::http::{HttpOptions, service};
use platform::postgres::Role;
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use platform::telemetry::metrics::Metrics;
use platform::telemetry::trace::TraceIds;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use testkit::http::{Answer, send};
use testkit::{CountingEntropy, FakeClock, TempDir, TestDatabase};
use tokio_postgres::{Client, SimpleQueryMessage};
use tokio_util::task::TaskTracker;

pub const EMAIL: &str = "ana@example.com";
pub const PASSWORD: &str = "um cavalo correto";
/// The secret that signs tokens in tests.
pub const SECRET: &str = "a secret of thirty-two bytes or more";

pub struct World {
    pub database: TestDatabase,
    pub dir: TempDir,
    pub clock: FakeClock,
    pub state: IdentityState,
    pub router: Router,
    /// As `migration_admin`, who may look at everything.
    pub sql: Client,
}

impl World {
    pub async fn new() -> Self {
        Self::trusting(|own| own).await
    }

    /// A world that trusts further issuers of tokens.
    pub async fn trusting(more: impl FnOnce(Issuers) -> Issuers) -> Self {
        let database = TestDatabase::create(&[identity::MIGRATIONS]).await;
        let dir = TempDir::new("identity");
        let clock = FakeClock::default();
        let options = PoolOptions::new(PoolSize { min_connections: 1, max_connections: 16 }, "identity tests");
        let pool = pool::build(&database.target(Role::AppRw), &options).unwrap();
        let store = Store { pool, queries: QueryMetrics::register(&mut Registry::default()) };
        let entropy = CountingEntropy::default();
        let secrets = Secrets::load(&store, &entropy, &clock, Some(SECRET)).await.unwrap();
        let issuers = more(secrets.own_issuer("bgc"));
        let mut state = IdentityState::new(
            store.clone(),
            Arc::new(clock.clone()),
            Arc::new(entropy),
            Arc::new(secrets),
            TaskTracker::new(),
            "http://bgc.test",
        );
        state.mailer = Some(Arc::new(FileOutbox::new(dir.join("outbox"))));
        let authenticator = Authenticator {
            store,
            clock: Arc::new(clock.clone()),
            issuers: Arc::new(issuers),
            audience: API_AUDIENCE.to_owned(),
        };
        let routes = Router::from(identity::routes(state.clone()));
        let proxies = TrustedProxies::parse("10.0.0.1").unwrap();
        let door = Guard::new(identity::ACCESS.iter().cloned(), Arc::new(authenticator), proxies);
        let options = HttpOptions { logged_query_params: identity::LOGGED_QUERY_PARAMS, ..HttpOptions::default() };
        let (metrics, trace_ids) = (Metrics::new().http.clone(), Arc::new(TraceIds::seeded(1)));
        let router = service(guard(routes, Arc::new(door)), options, metrics, trace_ids);
        let sql = database.connect(Role::MigrationAdmin).await;
        Self { database, dir, clock, state, router, sql }
    }

    /// Sends mail another way from now on. The door is another one then: everybody is somebody unknown.
    pub fn mail_by(&mut self, mailer: Option<Arc<dyn Mailer>>) {
        self.state.mailer = mailer;
        let caller = Caller { address: "203.0.113.7".parse().unwrap(), secure: false, principal: None };
        self.router = Router::from(identity::routes(self.state.clone())).layer(axum::Extension(caller));
    }

    pub fn call(&self, method: Method, uri: &str) -> Call<'_> {
        let builder = Request::builder().method(method).uri(uri);
        Call { world: self, builder, body: Body::empty(), address: "203.0.113.7".parse().unwrap() }
    }

    pub fn get(&self, uri: &str) -> Call<'_> {
        self.call(Method::GET, uri)
    }

    pub fn post(&self, uri: &str, body: Value) -> Call<'_> {
        self.call(Method::POST, uri).json(body)
    }

    /// Signs somebody up; the value of their cookie.
    pub async fn sign_up(&self, email: &str) -> String {
        let body = json!({"name": "Ana Souza", "email": email, "password": PASSWORD});
        let answer = self.post("/v1/account", body).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        cookie(&answer)
    }

    pub fn sign_in<'a>(&'a self, email: &str, password: &str) -> Call<'a> {
        self.post("/v1/session", json!({"email": email, "password": password}))
    }

    /// Rows as text, `|` between columns.
    pub async fn text(&self, sql: &str) -> String {
        let mut text = String::new();
        for message in self.sql.simple_query(sql).await.unwrap() {
            if let SimpleQueryMessage::Row(row) = message {
                let cells: Vec<&str> = (0..row.len()).map(|at| row.get(at).unwrap_or("NULL")).collect();
                text = text + &cells.join("|") + "\n";
            }
        }
        text
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.sql.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Waits until a statement waits for what [`World::sql`] has locked.
    pub async fn somebody_waits(&self) {
        let blocked =
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";
        let began = Instant::now();
        while self.number(blocked).await == 0 {
            assert!(began.elapsed() < Duration::from_secs(30), "nobody waits");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The mails in the outbox, in the order of their names.
    pub fn mails(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.dir.join("outbox")) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml") && !is_hidden(path));
        paths.sort();
        paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// The token of the `count`th mail, which is waited for: mails are sent after the answer.
    pub async fn reset_token(&self, count: usize) -> String {
        let began = Instant::now();
        while self.mails().len() < count {
            assert!(began.elapsed() < Duration::from_secs(30), "no mail came");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mail = self.mails().pop().unwrap();
        let token = mail.split("http://bgc.test/account#reset=").nth(1).unwrap();
        token.chars().take_while(char::is_ascii_hexdigit).collect()
    }

    /// Waits until no mail is under way.
    pub async fn mails_are_done(&self) {
        let all = u32::try_from(identity::MAILS_MAX).unwrap();
        drop(self.state.mails.acquire_many(all).await.unwrap());
    }
}

fn is_hidden(path: &std::path::Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// The session cookie's value that an answer sets; empty where it sets none or clears it.
pub fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    set.strip_prefix("bgc_session=").and_then(|rest| rest.split(';').next()).unwrap_or_default().to_owned()
}

pub struct Call<'a> {
    world: &'a World,
    builder: axum::http::request::Builder,
    body: Body,
    address: IpAddr,
}

impl Call<'_> {
    pub fn json(mut self, body: Value) -> Self {
        self.builder = self.builder.header(header::CONTENT_TYPE, "application/json");
        self.body = Body::from(body.to_string());
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub fn cookie(self, token: &str) -> Self {
        let value = format!("other=1; bgc_session={token}");
        self.header("cookie", &value)
    }

    pub fn bearer(self, token: &str) -> Self {
        let value = format!("Bearer {token}");
        self.header("authorization", &value)
    }

    pub fn from(mut self, address: &str) -> Self {
        self.address = address.parse().unwrap();
        self
    }

    pub async fn send(self) -> Answer {
        let mut request = self.builder.body(self.body).unwrap();
        request.extensions_mut().insert(PeerAddress(self.address));
        send(&self.world.router, request).await
    }

    /// Sends it and checks status and error code.
    #[track_caller]
    pub fn refused(self, status: u16, error: &'static str) -> impl Future<Output = Answer> {
        let place = std::panic::Location::caller();
        async move {
            let answer = self.send().await;
            assert_eq!(answer.status, status, "{place}: {}", answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json", "{place}");
            assert_eq!(answer.json()["error"], error, "{place}: {}", answer.text());
            answer
        }
    }

    /// Sends it and checks that it was done.
    #[track_caller]
    pub fn done(self, status: u16) -> impl Future<Output = Answer> {
        let place = std::panic::Location::caller();
        async move {
            let answer = self.send().await;
            assert_eq!(answer.status, status, "{place}: {}", answer.text());
            assert_eq!(answer.header("cache-control"), "no-store", "{place}");
            answer
        }
    }
}

/// The pointers of the wrong fields of an answer.
pub fn pointers(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}
