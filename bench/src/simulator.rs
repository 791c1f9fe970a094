//! The simulator beside PostgreSQL: the same question to an indexed report table over a warm connection.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::{Method, Request};
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;
use trade::cube::Snapshot;
use trade::domain::code::Ncm;
use trade::domain::score::Weights;
use trade::simulator::estimates::EstimateTable;
use trade::simulator::ranking::rank;
use trade::simulator::request::Request as Simulation;
use trade::simulator::{DataLabel, json as answer, simulate};

use crate::report::{Report, percentile};
use crate::world::World;

/// Products asked for.
const PRODUCTS: usize = 200;
/// Rounds over all of them.
const ROUNDS: usize = 25;

/// The report table a PostgreSQL user would build: windows by product and country, ready to rank.
const REPORT_TABLE: &str = "
DROP TABLE IF EXISTS rival_report;
CREATE TABLE rival_report AS
SELECT ncm, pais, (2027 * 12 - (ano * 12 + mes)) / 12 AS back, sum(valor_usd) AS fob,
       sum(valor_usd) FILTER (WHERE peso_kg > 0) AS fob_priced, sum(peso_kg) AS kg,
       count(DISTINCT mes) FILTER (WHERE peso_kg > 0) AS months_priced
FROM stg.exportacao WHERE ano * 12 + mes - 1 > $LAST - 60 GROUP BY 1, 2, 3;
CREATE UNIQUE INDEX ON rival_report (ncm, back, fob DESC, pais) INCLUDE (fob_priced, kg, months_priced);
VACUUM ANALYZE rival_report";

/// The least that can be called the question: the ten largest destinations by size and price.
/// It ranks by one part only and computes no growth, so it favours the rival.
const LEAN: &str = "
SELECT pais, fob::float8, (fob_priced / nullif(kg, 0))::float8 AS price
FROM rival_report WHERE ncm = $1 AND back = $2 ORDER BY fob DESC LIMIT 10";

/// The question itself: size, growth and price normalised over all destinations, weighed, ranked.
const FULL: &str = "
WITH w AS (
  SELECT pais, back, fob::float8 AS fob, fob_priced::float8 AS fob_priced, kg::float8 AS kg, months_priced FROM rival_report
  WHERE ncm = $1 AND back BETWEEN $2 AND $2 + 4),
d AS (SELECT DISTINCT pais FROM w),
grid AS (SELECT d.pais, b AS back, ln(1 + coalesce(w.fob, 0)) AS l, coalesce(w.fob, 0) AS fob FROM d CROSS JOIN generate_series($2, $2 + 4) b
         LEFT JOIN w ON w.pais = d.pais AND w.back = b),
slope AS (SELECT a.pais, percentile_cont(0.5) WITHIN GROUP (ORDER BY (a.l - c.l) / (c.back - a.back)) AS slope
          FROM grid a JOIN grid c ON c.pais = a.pais AND c.back > a.back GROUP BY a.pais
          HAVING (SELECT count(*) FROM grid g WHERE g.pais = a.pais AND g.fob > 0) >= 3),
part AS (SELECT g.pais, g.l, g.fob, s.slope,
                CASE WHEN w.fob_priced >= 10000 AND w.months_priced >= 2 THEN w.fob_priced / nullif(w.kg, 0) END AS price
         FROM grid g LEFT JOIN slope s USING (pais) LEFT JOIN w ON w.pais = g.pais AND w.back = $2 WHERE g.back = $2),
bounds AS (SELECT percentile_cont(0.05) WITHIN GROUP (ORDER BY l) AS lo, percentile_cont(0.95) WITHIN GROUP (ORDER BY l) AS hi FROM part)
SELECT pais, fob, price, slope,
       10 * (0.4 * coalesce((least(greatest(l, lo), hi) - lo) / nullif(hi - lo, 0), 0.5)
           + 0.3 * CASE WHEN slope IS NULL THEN 0.5 ELSE percent_rank() OVER (PARTITION BY slope IS NULL ORDER BY slope) END
           + 0.2 * CASE WHEN price IS NULL THEN 0.5 ELSE percent_rank() OVER (PARTITION BY price IS NULL ORDER BY price) END) AS score
FROM part, bounds ORDER BY score DESC, fob DESC LIMIT 10";

/// The products with the largest exports in the last full year.
fn largest(snapshot: &Snapshot) -> Vec<Ncm> {
    let Some(year) = snapshot.segments.iter().rev().nth(1).or(snapshot.segments.last()) else { return Vec::new() };
    let mut products: Vec<(i64, Ncm)> =
        year.ncms().map(|(ncm, rows)| (year.slice(rows).fob_cents.iter().sum(), ncm)).collect();
    products.sort_unstable_by(|a, b| b.cmp(a));
    products.into_iter().take(PRODUCTS).map(|(_, ncm)| ncm).collect()
}

/// Ranking alone, and with JSON, beside the report table.
pub async fn ranking(world: &World, snapshot: &Snapshot, report: &mut Report) -> Result<()> {
    let last = snapshot.coverage.through().context("nothing is covered")?;
    let superuser = world.superuser("bgc").await?;
    for statement in REPORT_TABLE.replace("$LAST", &last.0.to_string()).split(';') {
        superuser.batch_execute(statement).await?;
    }
    let back = i32::from(2027 * 12 - 1 - last.0) / 12;
    // One warm connection with its statements prepared: what a pool hands out at best.
    let client = superuser;
    let products = largest(snapshot);
    let (mut alone, mut with_json) = (Vec::new(), Vec::new());
    let mut rivals = [Vec::new(), Vec::new(), Vec::new()];
    let statements = [client.prepare(LEAN).await?, client.prepare(FULL).await?];
    for _ in 0..ROUNDS {
        for ncm in &products {
            let started = Instant::now();
            std::hint::black_box(rank(&snapshot.ranking, *ncm, &Weights::DEFAULT, None, 10));
            alone.push(started.elapsed());
            let started = Instant::now();
            std::hint::black_box(simulated(snapshot, *ncm)?);
            with_json.push(started.elapsed());
        }
    }
    for (at, ncm) in products.iter().cycle().take(PRODUCTS * 3).enumerate() {
        let code = ncm.to_string();
        let started = Instant::now();
        let rows = client.query(&statements[0], &[&code, &back]).await?;
        rivals[0].push(started.elapsed());
        std::hint::black_box(json_of(&rows)?);
        rivals[2].push(started.elapsed());
        if at < PRODUCTS {
            let started = Instant::now();
            std::hint::black_box(client.query(&statements[1], &[&code, &back]).await?);
            rivals[1].push(started.elapsed());
        }
    }
    let micro = |durations: &mut Vec<Duration>| percentile(durations, 0.5, 1e6);
    let [lean, full, lean_json] = &mut rivals;
    let alone = micro(&mut alone);
    report.times_faster(
        "ranking alone, p50, 200 largest NCMs",
        alone,
        "µs",
        ("report table, one part only", micro(lean)),
        20.0,
    );
    report.times_faster(
        "ranking alone, p50, against the whole score in SQL",
        alone,
        "µs",
        ("report table, three parts", micro(full)),
        20.0,
    );
    report.times_faster(
        "ranking with JSON, p50",
        micro(&mut with_json),
        "µs",
        ("report table, one part, JSON", micro(lean_json)),
        5.0,
    );
    Ok(())
}

/// One whole answer as the handler writes it.
pub fn simulated(snapshot: &Snapshot, ncm: Ncm) -> Result<String> {
    let language = platform::http::language::Language::PtBr;
    let body = json!({"ncm": ncm.to_string()});
    let request = Simulation::parse(&body, snapshot.ranking.lookup(), language)
        .map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    let estimates = EstimateTable::embedded();
    let simulation = simulate(&snapshot.ranking, &snapshot.reference, estimates, &request)
        .map_err(|_| anyhow::anyhow!("{ncm} not found"))?;
    let label = DataLabel { snapshot: &snapshot.id, source: &snapshot.source, sample: snapshot.sample };
    Ok(answer::write(&simulation, label, language, chrono::DateTime::UNIX_EPOCH))
}

fn json_of(rows: &[tokio_postgres::Row]) -> Result<String> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let price: Option<f64> = row.try_get(2)?;
        out.push(json!({"country_name": row.try_get::<_, &str>(0)?, "market_size_usd": row.try_get::<_, f64>(1)?, "avg_price_usd_per_kg": price}));
    }
    Ok(serde_json::to_string(&out)?)
}

/// The handler behind the product's own middleware, without a network.
pub async fn handler(_world: &World, snapshot: &std::sync::Arc<Snapshot>, report: &mut Report) -> Result<()> {
    let routes = crate::http::product(snapshot);
    let mut durations = Vec::new();
    for _ in 0..ROUNDS {
        for ncm in largest(snapshot) {
            let request = Request::builder()
                .method(Method::POST)
                .uri("/v1/simulator/destinations")
                .header("content-type", "application/json")
                .body(Body::from(format!("{{\"ncm\":\"{ncm}\"}}")))?;
            let started = Instant::now();
            let response = routes.clone().oneshot(request).await?;
            anyhow::ensure!(response.status().is_success(), "{ncm} was answered {}", response.status());
            std::hint::black_box(response.into_body().collect().await?);
            durations.push(started.elapsed());
        }
    }
    report.at_most("simulator handler, p50", percentile(&mut durations, 0.5, 1e3), "ms", 1.0);
    report.at_most("simulator handler, p99", percentile(&mut durations, 0.99, 1e3), "ms", 1.0);
    Ok(())
}
