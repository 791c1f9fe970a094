//! x
#![allow(missing_docs)]
mod history;
use std::sync::Arc;
use std::time::Instant;
use trade::{
    cube::directory::CubeDirectory,
    ingest::{guard::Replace, input::Input, load::*},
    store::Store,
};
fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}
async fn run() -> anyhow::Result<()> {
    let dir = std::path::PathBuf::from("/tmp/benchdata");
    std::fs::create_dir_all(&dir)?;
    let f = dir.join("y2024.csv");
    let real = history::RealMonths::read(&history::shared_data()?)?;
    eprintln!("rows {}", real.write_year(2024, Some(1_000_000), &f)?);
    let mut c = tokio_postgres::Config::new();
    c.host_path("/tmp/scratch/run").user("app_rw").dbname("b1");
    let m = deadpool_postgres::Manager::from_config(c, tokio_postgres::NoTls, Default::default());
    let pool = deadpool_postgres::Pool::builder(m).max_size(8).build()?;
    let loader =
        Loader { store: Store { pool }, cube: CubeDirectory::new(&dir), clock: Arc::new(platform::clock::SystemClock) };
    for i in 0..3 {
        let t = Instant::now();
        let o = LoadOptions {
            input: Input::Csv { path: f.clone() },
            source: format!("comexstat"),
            replace: Replace::Year,
            allow_shrink: false,
            max_rejects: 0.001,
            rejects: dir.join("rej.csv"),
            totals: None,
            through: if i % 2 == 0 { None } else { trade::domain::code::Month::new(2024, 10) },
        };
        let r = loader.load(o, Arc::new(|_| ())).await?;
        eprintln!("loaded {:?} changed {} in {:?}", r.summary.rows_accepted, r.changed, t.elapsed());
    }
    Ok(())
}
