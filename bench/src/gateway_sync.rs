//! Three years of official files from a ministry on this machine: downloads beside a raw copy, and a whole sync beside
//! the loader alone.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use platform::telemetry::metrics::Metrics;
use serde_json::json;
use testkit::TempDir;
use testkit::ministry::FakeMinistry;
use tokio::io::AsyncWriteExt;
use tokio_util::task::TaskTracker;

use crate::gateway_http::{connectors, gateway};
use crate::history::{RealMonths, shared_data};
use crate::report::Report;

/// The years; each file repeats two real months six times: 1.5 M rows.
const YEARS: [u16; 3] = [2022, 2023, 2024];
/// Measurements of each download, in turns.
const TURNS: usize = 3;

/// Every figure of downloads and of a sync.
pub async fn sync(report: &mut Report) -> Result<()> {
    let work = TempDir::new("bench-sync");
    let months = RealMonths::read(&shared_data()?)?;
    let mut ministry = FakeMinistry::new();
    let mut files = Vec::new();
    for year in YEARS {
        let file = work.join(format!("EXP_{year}.csv"));
        months.write_year(year, None, 1, &file)?;
        ministry = ministry.with_year(year, std::fs::read(&file)?);
        files.push(file);
    }
    let served = ministry.serve().await;
    let (raw, ours) = downloads(&served.url(""), &work, report).await?;
    let (directory, loaded) = (TempDir::new("bench-sync-connectors"), load(&work, &files).await?);
    connectors(&directory, &served.url(""))?;
    let started = Instant::now();
    let data_dir = work.join("synced");
    run(&data_dir, &["ingest", "sync", "--years", "2022..2024"], Some(directory.path())).await?;
    let synced = started.elapsed();
    crate::world::say(&format!("raw copies {raw:.2?}, through the gateway {ours:.2?}, loads {loaded:.2?}"));
    // The first file has to be there before anything is loaded; the others come meanwhile.
    let rival = loaded + raw / u32::try_from(YEARS.len())?;
    let rival = ("first raw copy + load-csv of the three", rival.as_secs_f64());
    report.at_most_times("sync of three years, 4.5 M rows", synced.as_secs_f64(), "s", rival, 1.15);
    Ok(())
}

/// The three files by a plain client and through the gateway, the best of some turns each.
async fn downloads(base: &str, work: &TempDir, report: &mut Report) -> Result<(Duration, Duration)> {
    let (directory, tasks, metrics) = (TempDir::new("bench-download"), TaskTracker::new(), Metrics::new());
    connectors(&directory, base)?;
    let gateway = gateway(&directory, &metrics, &tasks)?;
    let (mut raw_best, mut ours_best) = (Duration::MAX, Duration::MAX);
    for _ in 0..TURNS {
        let started = Instant::now();
        for year in YEARS {
            raw_copy(&format!("{base}/balanca/bd/comexstat-bd/ncm/EXP_{year}.csv"), &work.join("raw")).await?;
        }
        raw_best = raw_best.min(started.elapsed());
        let started = Instant::now();
        for year in YEARS {
            let (upstream, endpoint) = gateway.find("comexstat-bulk", "exportacao_ano")?;
            let arguments = json!({ "ano": year });
            let arguments = endpoint.check(arguments.as_object().context("an object")?);
            let arguments = arguments.map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
            let request = endpoint.request.fill(&arguments);
            upstream.download(endpoint, &request, &work.join("ours"), &|_, _| {}).await?;
        }
        ours_best = ours_best.min(started.elapsed());
    }
    let rival = ("plain client to a file", raw_best.as_secs_f64());
    report.at_most_times("download of three years, hashed and synced", ours_best.as_secs_f64(), "s", rival, 1.5);
    Ok((raw_best, ours_best))
}

/// What a download is without any care: bytes from a connection into a file, synced to the disk at the end as ours is.
async fn raw_copy(url: &str, into: &Path) -> Result<()> {
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let mut response = client.request(Request::get(url).body(Body::empty())?).await?;
    ensure!(response.status().is_success(), "{url} answered {}", response.status());
    let mut file = tokio::fs::File::create(into).await?;
    while let Some(frame) = response.body_mut().frame().await {
        if let Ok(bytes) = frame?.into_data() {
            file.write_all(&bytes).await?;
        }
    }
    file.flush().await?;
    Ok(file.sync_all().await?)
}

/// The loader alone, on the same files.
async fn load(work: &TempDir, files: &[PathBuf]) -> Result<Duration> {
    let mut arguments = vec!["ingest", "load-csv"];
    for file in files.iter().rev() {
        arguments.push(file.to_str().context("a path of text")?);
    }
    let started = Instant::now();
    run(&work.join("loaded"), &arguments, None).await?;
    Ok(started.elapsed())
}

/// Runs the binary beside this one to its end.
async fn run(data_dir: &Path, arguments: &[&str], connectors: Option<&Path>) -> Result<()> {
    let bgc = std::env::current_exe()?.with_file_name("bgc");
    let mut command = tokio::process::Command::new(&bgc);
    command.args(arguments).arg("--data-dir").arg(data_dir).kill_on_drop(true);
    if let Some(connectors) = connectors {
        command.env("BGC_CONNECTORS_DIR", connectors);
    }
    let output = command.output().await.with_context(|| format!("start {}: build it first", bgc.display()))?;
    ensure!(output.status.success(), "bgc {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
