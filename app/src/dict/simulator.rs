//! `bgc dict simulator`: the directory for others to call.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ::dict::domain::bucket::Category;
use ::dict::simulator::{Simulator, SimulatorOptions as Options};
use anyhow::{Context, Result, bail};
use platform::clock::Clock;
use platform::random::OsEntropy;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;

use crate::cli::dict::SimulatorOptions;
use crate::print;

/// Serves until it is told to stop. Whoever reaches it may do everything, so it stays on this machine.
pub async fn run(clock: Arc<dyn Clock>, options: SimulatorOptions) -> Result<ExitCode> {
    if !options.listen.ip().is_loopback() {
        bail!("the simulator asks nobody who they are: it listens on a loopback address only");
    }
    let category = Category::parse(&options.category)
        .with_context(|| format!("--category is {:?}: A to H are known", options.category))?;
    let with = Options { journal: options.journal, policies: !options.no_policies, category };
    let simulator = Simulator::open(&with, clock, Arc::new(OsEntropy)).context("open the simulator")?;
    let listener = platform::http::server::bind(options.listen).await?;
    print(&format!("the simulated directory is ready on http://{}", listener.local_addr()?))?;
    let stop = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "signals cannot be heard");
        }
    };
    Server::builder()
        .tcp_nodelay(true)
        .http2_keepalive_interval(Some(Duration::from_secs(20)))
        .add_routes(::dict::simulator::grpc::services(simulator))
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop)
        .await?;
    Ok(ExitCode::SUCCESS)
}
