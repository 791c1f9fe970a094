//! A store of a test's own, and short ways to load into it and to look at it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use platform::postgres::Role;
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use prometheus_client::registry::Registry;
use serde_json::Value;
use testkit::{FakeClock, TempDir, TestDatabase, http};
use tokio_postgres::{Client, SimpleQueryMessage};
use trade::TradeState;
use trade::cube::directory::CubeDirectory;
use trade::cube::live::assemble;
use trade::ingest::guard::Replace;
use trade::ingest::input::Input;
use trade::ingest::load::{LoadError, LoadOptions, LoadReport, Loader};
use trade::store::Store;

/// The header of the official layout.
pub const HEADER: &str = "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB\n";
/// The header of the simple layout.
pub const SIMPLE: &str = "ano,mes,pais,setor,ncm,valor_usd,peso_kg\n";

pub const SOY: u32 = 12_019_000;
pub const SUGAR: u32 = 17_011_400;
pub const ORE: u32 = 26_011_100;
pub const CHINA: u16 = 160;
pub const USA: u16 = 249;
pub const ARGENTINA: u16 = 63;

/// A row of the official layout by way of sea from Santos; its weight in kg is twice its value.
pub fn row(year: u16, month: u8, ncm: u32, country: u16, fob: i64) -> String {
    format!("{year};{month:02};{ncm:08};10;{country:03};SP;01;0817800;{fob};{};{fob}\n", fob * 2)
}

/// A file of such rows.
pub fn file(rows: &[(u16, u8, u32, u16, i64)]) -> String {
    rows.iter().fold(HEADER.to_owned(), |text, (year, month, ncm, country, fob)| {
        text + &row(*year, *month, *ncm, *country, *fob)
    })
}

/// A database, a data directory, a clock and a loader.
pub struct World {
    pub database: TestDatabase,
    pub dir: TempDir,
    pub clock: FakeClock,
    pub loader: Loader,
    /// As `migration_admin`, who may look at everything.
    pub sql: Client,
    /// The routes over the last snapshot that was asked, and its version.
    asked: tokio::sync::Mutex<Option<(i64, Router)>>,
}

impl World {
    pub async fn new() -> Self {
        let database = TestDatabase::create(&[trade::MIGRATIONS]).await;
        let dir = TempDir::new("trade");
        let clock = FakeClock::default();
        let mut options = PoolOptions::new(PoolSize { min_connections: 1, max_connections: 16 }, "trade tests");
        options.statement_timeout = Duration::ZERO;
        let pool = pool::build(&database.target(Role::AppRw), &options).unwrap();
        let store = Store { pool, queries: QueryMetrics::register(&mut Registry::default()) };
        let loader = Loader {
            store,
            cube: CubeDirectory::new(dir.path()),
            clock: Arc::new(clock.clone()),
            keep_replaced_days: 30,
        };
        let sql = database.connect(Role::MigrationAdmin).await;
        Self { database, dir, clock, loader, sql, asked: tokio::sync::Mutex::default() }
    }

    /// Writes a file into the data directory.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// What `bgc ingest load-csv FILE` says without further words.
    pub fn options(&self, path: &Path) -> LoadOptions {
        LoadOptions {
            input: Input::Csv { path: path.to_owned() },
            source: "comexstat".to_owned(),
            replace: Replace::Year,
            allow_shrink: false,
            max_rejects: 0.001,
            rejects: self.dir.join("rejects.csv"),
            totals: None,
            through: None,
            only_year: None,
            decimal: None,
        }
    }

    /// A small load whose countries and totals a test can predict.
    pub async fn try_load(&self, options: LoadOptions) -> Result<LoadReport, LoadError> {
        self.clock.advance(chrono::TimeDelta::minutes(1));
        self.loader.load(options, Arc::new(|_| {})).await
    }

    /// Loads a text as whole years, whatever it replaces.
    pub async fn load(&self, content: &str) -> LoadReport {
        let path = self.file("EXP.csv", content);
        self.try_load(LoadOptions { allow_shrink: true, ..self.options(&path) }).await.unwrap()
    }

    /// Loads a text as a slice, whatever it replaces.
    pub async fn slice(&self, content: &str) -> LoadReport {
        self.try_slice(content).await.unwrap()
    }

    pub async fn try_slice(&self, content: &str) -> Result<LoadReport, LoadError> {
        let path = self.file("SLICE.csv", content);
        self.try_load(LoadOptions { replace: Replace::Slice, allow_shrink: true, ..self.options(&path) }).await
    }

    /// The refusal of a load that must be refused, after which nothing may have changed.
    pub async fn refused(&self, options: LoadOptions) -> String {
        let before = self.fingerprint().await;
        let error = self.try_load(options).await.unwrap_err().to_string();
        assert_eq!(self.fingerprint().await, before, "a refused load changed something: {error}");
        self.no_leftovers().await;
        error
    }

    /// One number.
    pub async fn number(&self, sql: &str) -> i64 {
        self.sql.query_one(sql, &[]).await.unwrap().get::<_, i64>(0)
    }

    /// A table as text, a line a row, columns apart by `|`.
    pub async fn text(&self, sql: &str) -> String {
        let mut out = String::new();
        for message in self.sql.simple_query(sql).await.unwrap() {
            if let SimpleQueryMessage::Row(row) = message {
                let cells: Vec<&str> = (0..row.len()).map(|at| row.get(at).unwrap_or("NULL")).collect();
                writeln!(out, "{}", cells.join("|")).unwrap();
            }
        }
        out
    }

    /// Everything that is live in the store: facts, reports, coverage, names and the snapshot's version.
    pub async fn fingerprint(&self) -> String {
        let mut out = String::new();
        for sql in [
            "SELECT md5(string_agg(e::text, ';' ORDER BY e::text)), count(*) FROM stg.exportacao e",
            "SELECT * FROM stg.live_year ORDER BY ano",
            "SELECT * FROM stg.slice_coverage ORDER BY ncm, mes_inicial, mes_final",
            "SELECT version, updated_at FROM stg.snapshot",
            "SELECT md5(string_agg(r::text, ';' ORDER BY r::text)) FROM rpt.resumo_anual_vivo r",
            "SELECT md5(string_agg(r::text, ';' ORDER BY r::text)) FROM rpt.mv_resumo_pais r",
            "SELECT md5(string_agg(r::text, ';' ORDER BY r::text)) FROM rpt.mv_resumo_setor r",
            "SELECT * FROM rpt.mv_resumo_geral",
            "SELECT * FROM cfg.pais_sem_tabela ORDER BY co_pais",
            "SELECT * FROM cfg.setor ORDER BY id",
        ] {
            out += &self.text(sql).await;
        }
        out
    }

    /// No staging table, no totals of a version that is not live, no batch that says it is still loading.
    pub async fn no_leftovers(&self) {
        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'stg'::regnamespace AND relkind = 'r' \
                      AND NOT relispartition AND relname LIKE 'exportacao\\_%'";
        assert_eq!(self.number(tables).await, 0, "staging tables");
        let totals = "SELECT count(*) FROM rpt.resumo_anual r WHERE NOT EXISTS \
                      (SELECT FROM stg.live_year y WHERE y.ano = r.ano AND y.version = r.version)";
        assert_eq!(self.number(totals).await, 0, "totals of no live version");
        assert_eq!(self.number("SELECT count(*) FROM stg.ingest_batch WHERE outcome = 'loading'").await, 0);
    }

    /// The routes over what is live now.
    pub async fn router(&self) -> Router {
        let version = self.loader.store.snapshot_version().await.unwrap();
        let mut asked = self.asked.lock().await;
        if let Some((known, router)) = asked.as_ref()
            && *known == version
        {
            return router.clone();
        }
        let router = self.restarted().await;
        *asked = Some((version, router.clone()));
        router
    }

    /// The routes of a server that starts now.
    pub async fn restarted(&self) -> Router {
        let snapshot = assemble(&self.loader.store, &self.loader.cube).await.unwrap();
        trade::routes(TradeState::new(Arc::new(ArcSwap::from_pointee(snapshot)), Arc::new(self.clock.clone()))).into()
    }

    /// What the routes answer to a `GET`, which must be 200.
    pub async fn get(&self, uri: &str) -> Value {
        let answer = http::get(&self.router().await, uri).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        answer.json()
    }

    /// `/v1/exports` as CSV, its lines without the carriage returns.
    pub async fn csv(&self, query: &str) -> String {
        csv(&self.router().await, query).await
    }

    /// Drops every segment: the next snapshot is built from PostgreSQL.
    pub fn forget_cube(&self) {
        std::fs::remove_dir_all(self.dir.join("cube")).unwrap();
    }

    /// The cube says what PostgreSQL says, year by year, country by country and sector by sector, to the cent;
    /// and a cube built anew from PostgreSQL gives the same answers as the one that the loads wrote.
    pub async fn agrees(&self) {
        self.agrees_on(&QUESTIONS).await;
    }

    /// The same of a large store, where the finest questions would take a test build too long.
    pub async fn agrees_in_the_large(&self) {
        self.agrees_on(&["/metrics/resumo", "/v1/exports?drilldowns=month,sh2&measures=fob,kg&limit=50000&format=csv"])
            .await;
    }

    async fn agrees_on(&self, questions: &[&str]) {
        let by_year = "SELECT ano::bigint, (sum(valor_usd) * 100)::bigint, (sum(peso_kg) * 1000)::bigint \
                       FROM stg.exportacao GROUP BY ano ORDER BY ano";
        let snapshot = assemble(&self.loader.store, &self.loader.cube).await.unwrap();
        let segments: Vec<(i64, i64, i64)> = snapshot
            .segments
            .iter()
            .map(|segment| (i64::from(segment.year()), segment.totals().fob_cents, segment.totals().weight_g))
            .filter(|(_, fob, weight)| (*fob, *weight) != (0, 0))
            .collect();
        let facts = self.sql.query(by_year, &[]).await.unwrap();
        let facts: Vec<(i64, i64, i64)> = facts.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        assert_eq!(segments, facts);
        let written = answers(&self.restarted().await, questions).await;
        self.forget_cube();
        let rebuilt = answers(&self.restarted().await, questions).await;
        assert_eq!(written, rebuilt, "a cube built from PostgreSQL answers otherwise than the one the loads wrote");
        let live = "SELECT coalesce(sum(linhas), 0)::bigint FROM stg.live_year";
        assert_eq!(self.number(live).await, self.number("SELECT count(*) FROM stg.exportacao").await);
    }
}

/// `/v1/exports` of a router as CSV, without the last columns, which say what is covered in a file.
pub async fn csv(router: &Router, query: &str) -> String {
    let answer = http::get(router, &format!("/v1/exports?{query}&format=csv")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let text = answer.text().replace('\r', "");
    let header = text.lines().next().unwrap();
    let ends = [",months_covered,partial,through", ",months_covered,through", ",through"];
    let columns = ends.into_iter().find(|end| header.ends_with(end)).map_or(0, |end| end.matches(',').count());
    text.lines().map(|line| line.rsplitn(columns + 1, ',').last().unwrap().to_owned() + "\n").collect()
}

/// Enough questions that every part of every segment is asked.
const QUESTIONS: [&str; 12] = [
    "/v1/exports?drilldowns=year&measures=fob,kg&format=csv",
    "/v1/exports?drilldowns=month,ncm&measures=fob,kg&limit=50000&format=csv",
    "/v1/exports?drilldowns=month,country,uf&measures=fob,kg&limit=50000&format=csv",
    "/v1/exports?drilldowns=year,ncm,country&measures=fob,kg&limit=50000&format=csv",
    "/v1/exports?drilldowns=year,sh2,sector&measures=fob,kg&limit=50000&format=csv",
    "/v1/exports?drilldowns=month,ncm,country,uf,via,sector&measures=fob,kg&limit=50000&format=csv",
    "/v1/exports?drilldowns=year,via&measures=fob,kg&format=csv",
    "/v1/exports?drilldowns=month,ncm,country,urf&measures=fob,kg,qt,price&limit=50000&format=csv",
    "/metrics/resumo",
    "/metrics/pais",
    "/v1/countries",
    "/v1/ncm?q=soja",
];

async fn answers(router: &Router, questions: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for uri in questions {
        let answer = http::get(router, uri).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        all.push(answer.text());
    }
    for ncm in [SOY, SUGAR, ORE] {
        let body = serde_json::json!({"ncm": format!("{ncm:08}"), "max_results": 50});
        all.push(http::post(router, "/v1/simulator/destinations", &body).await.text());
    }
    all
}

/// A program that a test can wait for in bounded time.
pub async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited too long for {what}");
}
