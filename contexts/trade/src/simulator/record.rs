//! What is kept of a simulation: no address, no user, no exact volume.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::answer::Simulation;

/// Destinations that a record keeps.
const TOP_MAX: usize = 10;

/// One simulation as it is kept, without personal data.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationRecord {
    /// When it was answered.
    pub at: DateTime<Utc>,
    /// The product, in eight digits.
    pub ncm: String,
    /// Countries of the filter by public code, ascending; empty without a filter.
    pub countries: Vec<String>,
    /// Order of magnitude of the volume: the largest power of ten not above it, in kg. `None` when not given.
    pub volume_kg_magnitude: Option<f64>,
    /// The best destinations by public code with their scores, best first, at most ten.
    pub top: Vec<(String, f64)>,
    /// Destinations after the filter.
    pub total_destinations: usize,
    /// Snapshot that it was answered from.
    pub snapshot: String,
}

impl SimulationRecord {
    /// The record of an answer.
    #[must_use]
    pub fn of(simulation: &Simulation<'_>, snapshot: &str, at: DateTime<Utc>) -> Self {
        Self {
            at,
            ncm: simulation.request.ncm.to_string(),
            countries: simulation.request.country_codes.clone(),
            volume_kg_magnitude: simulation.request.volume_kg.map(|kg| 10_f64.powf(kg.log10().floor())),
            top: simulation
                .details()
                .take(TOP_MAX)
                .map(|detail| (detail.destination.public_code.clone(), detail.score))
                .collect(),
            total_destinations: simulation.ranking.total_destinations,
            snapshot: snapshot.to_owned(),
        }
    }
}

/// Where records go. Never waits: when the reader is behind, a record is dropped and counted.
#[derive(Debug, Clone)]
pub struct SimulationLog {
    sender: mpsc::Sender<SimulationRecord>,
    dropped: Arc<AtomicU64>,
}

impl SimulationLog {
    /// A log that holds at most `capacity` records (at least one), and the end to read them from.
    #[must_use]
    pub fn new(capacity: usize) -> (Self, mpsc::Receiver<SimulationRecord>) {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        (Self { sender, dropped: Arc::default() }, receiver)
    }

    /// Keeps a record if there is room.
    pub fn keep(&self, record: SimulationRecord) {
        if self.sender.try_send(record).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Records dropped since the start.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}
