//! The explorer: one product, the documented rollups, and every other shape.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use trade::cube::Snapshot;

use crate::http::{get, product};
use crate::report::{Report, percentile};
use crate::world::say;

/// The dimensions of the documented rollups.
const ROLLUPS: [&str; 6] = ["year", "month", "country", "uf", "sector", "sh2"];
/// Every dimension.
const DIMENSIONS: [&str; 13] =
    ["year", "month", "ncm", "sh6", "sh4", "sh2", "country", "uf", "sector", "via", "region", "bloc", "urf"];
/// Slowest shapes that are named.
const SLOWEST_SHOWN: usize = 12;
/// Rounds over the rollups.
const ROUNDS: usize = 20;

/// All three bounds of `/v1/exports`.
pub async fn shapes(snapshot: &Arc<Snapshot>, report: &mut Report) -> Result<()> {
    let routes = product(snapshot);
    let mut one_product = Vec::new();
    for entry in snapshot.ranking.products().step_by(31).take(200) {
        for drilldowns in ["year", "month", "country", "year,country", "uf,via", "year,country,uf"] {
            let uri = format!("/v1/exports?drilldowns={drilldowns}&cuts=ncm:{}&measures=fob,kg,share,price", entry.ncm);
            let (status, took) = get(&routes, &uri).await?;
            ensure!(status == 200, "{uri} was answered {status}");
            one_product.push(took);
        }
    }
    report.at_most("/v1/exports of one NCM, p99", percentile(&mut one_product, 0.99, 1e3), "ms", 5.0);
    let mut rollups = Vec::new();
    for _ in 0..ROUNDS {
        for drilldown in ROLLUPS {
            let (status, took) =
                get(&routes, &format!("/v1/exports?drilldowns={drilldown}&measures=fob,kg&limit=50")).await?;
            ensure!(status == 200, "{drilldown} was answered {status}");
            rollups.push(took);
        }
    }
    report.at_most(
        "/v1/exports documented rollups, whole history, p99",
        percentile(&mut rollups, 0.99, 1e3),
        "ms",
        30.0,
    );
    let mut answered: Vec<(Duration, String)> = Vec::new();
    let mut refused: Vec<(Duration, String)> = Vec::new();
    for shape in other_shapes(snapshot) {
        let (status, took) = get(&routes, &shape).await?;
        ensure!(status == 200 || status == 422, "{shape} was answered {status}");
        if status == 200 { answered.push((took, shape)) } else { refused.push((took, shape)) }
    }
    say(&format!("other shapes: {} answered, {} refused with the reason", answered.len(), refused.len()));
    for (name, mut shapes) in [("answered", answered), ("refused", refused)] {
        shapes.sort_unstable_by(|a, b| b.cmp(a));
        for (took, shape) in shapes.iter().take(SLOWEST_SHOWN) {
            say(&format!("  {name} {:>7.1} ms  {shape}", took.as_secs_f64() * 1e3));
        }
        let slowest = shapes.first().map_or(0.0, |(took, _)| took.as_secs_f64() * 1e3);
        report.at_most(format!("/v1/exports any other shape, slowest {name}"), slowest, "ms", 150.0);
    }
    Ok(())
}

/// Pairs and triples of dimensions, alone and with cuts of every kind.
fn other_shapes(snapshot: &Snapshot) -> Vec<String> {
    let mut shapes = Vec::new();
    let year = snapshot.segments.last().map_or(2025, |segment| segment.year());
    let cuts = [
        "".to_owned(),
        "&cuts=country:CN".to_owned(),
        "&cuts=uf:SP".to_owned(),
        "&cuts=via:1".to_owned(),
        format!("&cuts=year:{year}"),
        "&cuts=sh2:12|17".to_owned(),
    ];
    for (at, first) in DIMENSIONS.iter().enumerate() {
        for cut in &cuts {
            shapes.push(format!("/v1/exports?drilldowns={first}{cut}&measures=fob&limit=100"));
            for second in &DIMENSIONS[at + 1..] {
                shapes.push(format!("/v1/exports?drilldowns={first},{second}{cut}&measures=fob&limit=100"));
            }
        }
    }
    shapes.push("/v1/exports?drilldowns=year,country,uf&measures=fob,share&limit=100".to_owned());
    shapes.push("/v1/exports?drilldowns=year,sh2&measures=fob,hhi&limit=100".to_owned());
    for drilldowns in ["year,ncm", "year,sh6", "year,sh4", "month,sh2", "year,bloc", "year,urf"] {
        for measures in ["fob,growth", "fob,qt", "growth,qt,hhi"] {
            shapes.push(format!("/v1/exports?drilldowns={drilldowns}&measures={measures}&limit=100"));
        }
    }
    shapes
}
