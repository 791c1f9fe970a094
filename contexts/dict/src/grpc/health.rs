//! Whether this server works: `HealthCheck`, and the state that grpc.health.v1 is told.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use proto::core::HealthCheckResponse;
use proto::core::health_check_response::{Dependency, State};

use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use super::SERVICES;
use crate::Dict;

/// How long a dependency may take to show that it is there.
const DEADLINE: Duration = Duration::from_secs(2);

/// Whether something answers, as it was last seen.
type Probe = Arc<dyn Fn() -> bool + Send + Sync>;

/// What this server works with besides PostgreSQL, and can do without for a while.
#[derive(Clone, Default)]
pub struct Dependencies(Vec<(&'static str, Probe)>);

impl Dependencies {
    /// Adds one: its name, and what tells at once whether it was there when last seen.
    pub fn add(&mut self, name: &'static str, works: impl Fn() -> bool + Send + Sync + 'static) {
        self.0.push((name, Arc::new(works)));
    }
}

impl fmt::Debug for Dependencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Asks what this server depends on. It serves while PostgreSQL does; without the rest it is degraded.
pub async fn check(dict: &Dict, others: &Dependencies) -> HealthCheckResponse {
    let mut dependencies = vec![("postgresql", postgresql(dict).await)];
    dependencies.extend(others.0.iter().map(|(name, works)| (*name, works())));
    let state = match &dependencies[..] {
        [(_, false), ..] => State::NotServing,
        all if all.iter().all(|(_, works)| *works) => State::Serving,
        _ => State::Degraded,
    };
    let dependency = |(name, works): (&str, bool)| Dependency {
        name: name.to_owned(),
        state: (if works { State::Serving } else { State::NotServing }).into(),
    };
    HealthCheckResponse {
        state: state.into(),
        dependencies: dependencies.into_iter().map(dependency).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// How often grpc.health.v1 is told.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// Tells grpc.health.v1 of each service, and of the whole server as "", whether it serves, until `stop`: then it does not.
pub async fn report(reporter: HealthReporter, dict: Dict, stop: CancellationToken) {
    loop {
        let serves = !stop.is_cancelled() && postgresql(&dict).await;
        let status = if serves { ServingStatus::Serving } else { ServingStatus::NotServing };
        for service in SERVICES.into_iter().chain([""]) {
            reporter.set_service_status(service, status).await;
        }
        if stop.is_cancelled() {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(REPORT_EVERY) => {}
        }
    }
}

/// Whether PostgreSQL answers.
pub async fn postgresql(dict: &Dict) -> bool {
    matches!(tokio::time::timeout(DEADLINE, dict.store.ping()).await, Ok(Ok(())))
}
