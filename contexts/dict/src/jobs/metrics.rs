//! What can be measured about jobs.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::Duty;
use crate::domain::key::KeyType;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DutyLabels {
    job: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KeyTypeLabels {
    key_type: &'static str,
}

/// The metrics of jobs. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct JobMetrics {
    last_success: Family<DutyLabels, Gauge>,
    failures: Family<DutyLabels, Counter>,
    pub(super) leads: Gauge,
    pub(super) claims_active: Gauge,
    entries: Family<KeyTypeLabels, Gauge>,
}

impl JobMetrics {
    /// `core_dict_job_last_success_timestamp_seconds{job}`, `core_dict_job_failures_total{job}`, `core_dict_jobs_leader`
    /// and `core_dict_claims_active_total`. Once per registry.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register(
            "core_dict_job_last_success_timestamp_seconds",
            "When each job last did all of its work on this server, in seconds since 1970; absent where it never led",
            metrics.last_success.clone(),
        );
        registry.register(
            "core_dict_job_failures",
            "Runs of a job that did not do all of their work; each is run again",
            metrics.failures.clone(),
        );
        registry.register(
            "core_dict_jobs_leader",
            "1 where this server leads the jobs, otherwise 0",
            metrics.leads.clone(),
        );
        registry.register(
            "core_dict_claims_active_total",
            "Claims and portabilities that are neither cancelled nor completed, of all servers together",
            metrics.claims_active.clone(),
        );
        registry.register(
            "core_dict_entries_total",
            "Keys in the own base by kind, of all servers together; counted every ten minutes",
            metrics.entries.clone(),
        );
        metrics
    }

    pub(super) fn entries(&self, key_type: KeyType, count: i64) {
        self.entries.get_or_create(&KeyTypeLabels { key_type: key_type.name() }).set(count);
    }

    pub(super) fn succeeded(&self, duty: Duty, at_seconds: i64) {
        self.last_success.get_or_create(&DutyLabels { job: duty.name() }).set(at_seconds);
    }

    pub(super) fn failed(&self, duty: Duty) {
        self.failures.get_or_create(&DutyLabels { job: duty.name() }).inc();
    }
}
