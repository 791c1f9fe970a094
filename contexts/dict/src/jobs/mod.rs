//! Jobs: what must happen without anybody asking. Of all servers one leads, by a lease that it renews; every duty may be
//! done twice without harm, so that a lease that changes hands in the middle costs nothing.

pub mod due;
pub mod metrics;
pub mod poll;
pub mod retention;

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use self::metrics::JobMetrics;
use crate::Dict;
use crate::failure::Failure;
use crate::{entries, reconciliation};

/// The lease that the leader holds.
const LEASE: &str = "dict.jobs";

/// Keys that one run of [`Duty::Pending`] asks after.
const PENDING_BATCH: i64 = 200;

/// How often keys are counted: of millions it takes seconds.
const COUNT_ENTRIES_EVERY: Duration = Duration::from_secs(600);

/// Rows that are sealed anew at once.
const RESEAL_BATCH: i64 = 500;
/// How often open claims are counted, for everybody to see.
const MEASURE_EVERY: Duration = Duration::from_secs(60);

/// Something that must be done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Claims heard of and acknowledged.
    Poll,
    /// Steps of claims whose time has come.
    Due,
    /// Keys of which the directory did not say whether they are registered.
    Pending,
    /// Changes and removals of which it is not noted whether the directory did them.
    Intents,
    /// This base compared with the directory's.
    Reconciliation,
    /// What is over forgotten.
    Retention,
    /// Rows moved to the newest data key.
    Reseal,
}

impl Duty {
    /// All.
    pub const ALL: [Duty; 7] =
        [Duty::Poll, Duty::Due, Duty::Pending, Duty::Intents, Duty::Reconciliation, Duty::Retention, Duty::Reseal];

    /// Its name in metrics and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Duty::Poll => "claims_poll",
            Duty::Due => "claims_due",
            Duty::Pending => "pending_keys",
            Duty::Intents => "change_intents",
            Duty::Reconciliation => "reconciliation",
            Duty::Retention => "retention",
            Duty::Reseal => "reseal",
        }
    }
}

/// How often things happen.
#[derive(Debug, Clone)]
pub struct JobOptions {
    /// How long the lease lasts without being renewed: how long nobody leads after the leader died.
    pub lease: TimeDelta,
    /// How often it is renewed, and how often the others try to get it.
    pub renew_every: Duration,
    /// The pause between two runs of [`Duty::Poll`]. With the lease and a renewal it stays under a minute, which is how
    /// soon a claim must be acknowledged even where the leader has just died.
    pub poll_every: Duration,
    /// The same of [`Duty::Due`].
    pub due_every: Duration,
    /// The same of [`Duty::Pending`] and [`Duty::Intents`].
    pub pending_every: Duration,
    /// The same of [`Duty::Reconciliation`], which knows by itself what is due (at least every 36 hours).
    pub reconciliation_every: Duration,
    /// The same of [`Duty::Retention`].
    pub retention_every: Duration,
    /// The same of [`Duty::Reseal`].
    pub reseal_every: Duration,
}

impl Default for JobOptions {
    fn default() -> Self {
        Self {
            lease: TimeDelta::seconds(15),
            renew_every: Duration::from_secs(5),
            poll_every: Duration::from_secs(20),
            due_every: Duration::from_secs(20),
            pending_every: Duration::from_secs(10),
            reconciliation_every: Duration::from_secs(600),
            retention_every: Duration::from_secs(3600),
            reseal_every: Duration::from_secs(600),
        }
    }
}

/// The jobs of one server.
#[derive(Debug, Clone)]
pub struct Jobs {
    /// What they work with.
    pub dict: Dict,
    /// This server's name in the lease; no two servers have the same.
    pub holder: String,
    /// How often.
    pub options: JobOptions,
    /// What is measured.
    pub metrics: JobMetrics,
}

impl Jobs {
    /// Leads whenever nobody else does, until `stop`; then the lease is given up at once.
    pub async fn run(&self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.take_turns() => {}
            () = self.measure() => {}
        }
        self.metrics.leads.set(0);
        let given_up = self.dict.store.give_up_lease(LEASE, &self.holder);
        match timeout(self.lease_lasts(), given_up).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the lease of the jobs was not given up; it ends by itself"),
            Err(_) => tracing::warn!("the lease of the jobs was not given up in time; it ends by itself"),
        }
    }

    async fn take_turns(&self) {
        loop {
            if self.lead().await {
                tracing::info!(holder = self.holder, "leads the jobs");
                self.metrics.leads.set(1);
                // Whoever led before may have died between the directory's answer and ours.
                if let Err(error) = reconciliation::compare_soon(&self.dict).await {
                    tracing::warn!(%error, "the next comparison with the directory is not brought forward");
                }
                tokio::select! {
                    () = self.until_lost() => {}
                    () = self.work() => {}
                }
                self.metrics.leads.set(0);
                tracing::warn!(holder = self.holder, "no longer leads the jobs");
            }
            sleep(self.options.renew_every).await;
        }
    }

    fn lease_lasts(&self) -> Duration {
        self.options.lease.to_std().unwrap_or_default()
    }

    /// Takes or renews the lease; whether this server leads. A store that does not answer in the lease's time has given
    /// it to somebody else.
    pub async fn lead(&self) -> bool {
        let now = self.dict.clock.now();
        let asked = self.dict.store.take_lease(LEASE, &self.holder, now, self.options.lease);
        match timeout(self.lease_lasts(), asked).await {
            Ok(Ok(leads)) => leads,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the lease of the jobs could not be asked for");
                false
            }
            Err(_) => {
                tracing::warn!("the lease of the jobs was not answered in time");
                false
            }
        }
    }

    async fn until_lost(&self) {
        loop {
            sleep(self.options.renew_every).await;
            if !self.lead().await {
                return;
            }
        }
    }

    /// Every duty at its own pace: one that takes long keeps no other waiting.
    async fn work(&self) {
        let options = &self.options;
        tokio::join!(
            self.again_and_again(Duty::Poll, options.poll_every),
            self.again_and_again(Duty::Due, options.due_every),
            self.again_and_again(Duty::Pending, options.pending_every),
            self.again_and_again(Duty::Intents, options.pending_every),
            self.again_and_again(Duty::Reconciliation, options.reconciliation_every),
            self.again_and_again(Duty::Retention, options.retention_every),
            self.again_and_again(Duty::Reseal, options.reseal_every),
        );
    }

    async fn again_and_again(&self, duty: Duty, pause: Duration) {
        loop {
            self.perform(duty).await;
            sleep(pause).await;
        }
    }

    /// Does a duty once, and notes how it went. A defect in one is logged and ends nothing else.
    pub async fn perform(&self, duty: Duty) {
        let done = AssertUnwindSafe(self.perform_now(duty)).catch_unwind().await;
        match done {
            Ok(Ok(())) => self.metrics.succeeded(duty, self.dict.clock.now().timestamp()),
            Ok(Err(failure)) => {
                self.metrics.failed(duty);
                tracing::warn!(job = duty.name(), %failure, "a job did not do all of its work; it runs again");
            }
            Err(_) => {
                self.metrics.failed(duty);
                tracing::error!(job = duty.name(), "a job panicked; it runs again");
            }
        }
    }

    async fn perform_now(&self, duty: Duty) -> Result<(), Failure> {
        let dict = &self.dict;
        match duty {
            Duty::Poll => poll::poll_and_acknowledge(dict).await.map(drop),
            Duty::Due => due::carry_out_due(dict).await.map(drop),
            Duty::Pending => entries::resolve_pending(dict, PENDING_BATCH).await.map(drop),
            Duty::Intents => reconciliation::settle_intents(dict, PENDING_BATCH).await.map(drop),
            Duty::Reconciliation => reconciliation::run_due(dict).await.map(drop),
            Duty::Retention => retention::forget(dict).await.map(drop),
            Duty::Reseal if !dict.store.vault.has_older_data_keys() => Ok(()),
            Duty::Reseal => dict.store.reseal(&*dict.entropy, RESEAL_BATCH).await.map(drop),
        }
    }

    /// Counts what every server shows, whether it leads or not.
    async fn measure(&self) {
        let mut counted: Option<Instant> = None;
        loop {
            if counted.is_none_or(|at| at.elapsed() >= COUNT_ENTRIES_EVERY) {
                match self.dict.store.count_entries().await {
                    Ok(counts) => counts.iter().for_each(|(key_type, count)| self.metrics.entries(*key_type, *count)),
                    Err(error) => tracing::warn!(%error, "keys could not be counted"),
                }
                counted = Some(Instant::now());
            }
            match self.dict.store.count_open_claims().await {
                Ok(open) => drop(self.metrics.claims_active.set(open)),
                Err(error) => tracing::warn!(%error, "open claims could not be counted"),
            }
            sleep(MEASURE_EVERY).await;
        }
    }
}
