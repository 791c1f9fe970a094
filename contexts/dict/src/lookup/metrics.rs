//! What can be measured about look-ups.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::domain::ispb::Ispb;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    source: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DirectoryLabels {
    participant: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ParticipantLabels {
    participant: String,
}

/// The metrics of look-ups. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct LookupMetrics {
    lookups: Family<Labels, Counter>,
    directory: Family<DirectoryLabels, Counter>,
    payments: Family<ParticipantLabels, Counter>,
    hit_ratio: Gauge<f64, AtomicU64>,
    hits: Counter,
    misses: Counter,
}

/// Who answered a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    OwnBase,
    Cache,
    Directory,
}

impl LookupMetrics {
    /// `core_dict_lookups_total{source,outcome}`; and by participant, to see what the directory's rules want to be
    /// watched (Manual Operacional do DICT, 13.2.3: look-ups for each payment, the share of keys that are not there):
    /// `core_dict_directory_lookups_total{participant,outcome}` and `core_dict_lookup_payments_total{participant}`.
    #[must_use]
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register("core_dict_lookups", "Look-ups by who answered and how", metrics.lookups.clone());
        let help = "Look-ups that went to the directory, by who asked and what came of it";
        registry.register("core_dict_directory_lookups", help, metrics.directory.clone());
        let help = "Payments that were reported after a look-up in the directory";
        registry.register("core_dict_lookup_payments", help, metrics.payments.clone());
        let help = "Of the look-ups that the own base did not answer, the share that the cache of this process did";
        registry.register("core_dict_redis_hit_ratio", help, metrics.hit_ratio.clone());
        metrics
    }

    pub(super) fn answered(&self, source: Source, outcome: &'static str) {
        let source = match source {
            Source::OwnBase => "own_base",
            Source::Cache => "cache",
            Source::Directory => "directory",
        };
        self.lookups.get_or_create_owned(&Labels { source, outcome }).inc();
    }

    /// Notes whether the cache had what the own base had not. The metric has the name that dashboards know; the cache is
    /// in this process, because Redis is no place for personal data.
    pub(super) fn cached(&self, hit: bool) {
        if hit {
            self.hits.inc()
        } else {
            self.misses.inc()
        };
        let (hits, misses) = (self.hits.get(), self.misses.get());
        #[expect(clippy::cast_precision_loss, reason = "a share of counts that are far below 2^52")]
        self.hit_ratio.set(hits as f64 / (hits + misses).max(1) as f64);
    }

    pub(super) fn asked(&self, participant: Ispb, outcome: &'static str) {
        self.answered(Source::Directory, outcome);
        let participant = participant.to_string();
        self.directory.get_or_create_owned(&DirectoryLabels { participant, outcome }).inc();
    }

    pub(super) fn paid(&self, participant: Ispb) {
        self.payments.get_or_create_owned(&ParticipantLabels { participant: participant.to_string() }).inc();
    }
}
