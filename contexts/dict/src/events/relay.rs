//! The way out of the outbox: read, publish, delete, one server at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::clock::Clock;
use platform::random::Entropy;
use platform::resilience::backoff::Backoff;
use tokio_util::sync::CancellationToken;

use super::metrics::EventMetrics;
use super::{Event, EventSink, SinkError};
use crate::store::{OutboxTurn, Store, StoreError};

/// How often the backlog is measured.
const MEASURE_EVERY: Duration = Duration::from_secs(5);

/// The bounds of a relay.
#[derive(Debug, Clone)]
pub struct RelayOptions {
    /// Events that are sent at once, each of another key.
    pub events_max: i64,
    /// How long to wait when there was nothing to send.
    pub idle: Duration,
    /// The pauses while nothing can be sent at all.
    pub pause: Backoff,
    /// The first and the longest pause of one event that is not taken while others are.
    pub postpone: (Duration, Duration),
}

impl Default for RelayOptions {
    fn default() -> Self {
        Self {
            events_max: 500,
            idle: Duration::from_millis(250),
            pause: Backoff { base: Duration::from_millis(200), longest: Duration::from_secs(5) },
            postpone: (Duration::from_secs(1), Duration::from_secs(60)),
        }
    }
}

/// Sends what is in the outbox. Several may run, on one server or many: they take turns, a round each. A round is one
/// transaction, which is open while its events are published; a server that dies in it leaves the turn to the next, and
/// what it had sent is sent again.
#[derive(Debug)]
pub struct Relay {
    store: Store,
    sinks: Vec<Arc<dyn EventSink>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    metrics: EventMetrics,
    options: RelayOptions,
}

/// What became of a round.
#[derive(Debug, Default)]
struct Round {
    confirmed: Vec<i64>,
    failed: Vec<i64>,
    /// Why the first of `failed` was not taken.
    reason: Option<String>,
    /// Whether some sink could not be reached.
    unreachable: bool,
}

impl Relay {
    /// One that hands each event to `sinks`, one after the other; a later one gets what the earlier ones took.
    #[must_use]
    pub fn new(
        store: Store,
        sinks: Vec<Arc<dyn EventSink>>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        metrics: EventMetrics,
        options: RelayOptions,
    ) -> Self {
        Self { store, sinks, clock, entropy, metrics, options }
    }

    /// Works until `stop`; a round that is under way is ended first.
    pub async fn run(self, stop: CancellationToken) {
        // Confirmed, and not deleted yet because PostgreSQL failed in between.
        let mut owed = Vec::new();
        let mut failures = 0_u32;
        let mut measured: Option<Instant> = None;
        while !stop.is_cancelled() {
            if measured.is_none_or(|at| at.elapsed() >= MEASURE_EVERY) {
                self.measure().await;
                measured = Some(Instant::now());
            }
            let stuck = match self.round(&mut owed).await {
                Ok(None) => None,
                Ok(Some(round)) if round.is_stuck() => Some(round.reason.unwrap_or_default()),
                Ok(Some(round)) => {
                    if std::mem::take(&mut failures) > 0 {
                        tracing::info!("events can leave again");
                    }
                    if !round.confirmed.is_empty() || !round.failed.is_empty() {
                        continue;
                    }
                    None
                }
                Err(error) => Some(error.to_string()),
            };
            let pause = match stuck {
                Some(reason) => {
                    failures = failures.saturating_add(1);
                    self.is_stuck(failures, &reason)
                }
                None => self.options.idle,
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Says so once an outage, and how long to wait.
    fn is_stuck(&self, failures: u32, reason: &str) -> Duration {
        if failures == 1 {
            tracing::warn!(reason, "events cannot leave; they wait in the outbox, and are tried again");
        }
        let mut roll = [0; 8];
        // Without randomness servers that failed together come back together, which is all that is lost.
        if self.entropy.fill(&mut roll).is_err() {
            roll = [0xff; 8];
        }
        let pause = self.options.pause.pause(failures, u64::from_le_bytes(roll), None);
        pause.unwrap_or(self.options.pause.longest)
    }

    /// Where it is this server's turn: publishes some events, and deletes or postpones each. None where it is another's.
    async fn round(&self, owed: &mut Vec<i64>) -> Result<Option<Round>, StoreError> {
        let mut client = self.store.client().await?;
        let Some(turn) = OutboxTurn::take(&mut client, &self.store.queries).await? else { return Ok(None) };
        turn.delete(owed).await?;
        let events = turn.first_events(self.clock.now(), self.options.events_max).await?;
        let round = if events.is_empty() { Round::default() } else { self.publish(events).await };
        owed.extend_from_slice(&round.confirmed);
        turn.delete(&round.confirmed).await?;
        if !round.failed.is_empty() {
            self.metrics.failed.inc_by(round.failed.len() as u64);
            // Where nothing can be sent it is no fault of theirs, and the try does not count.
            if !round.is_stuck() {
                let reason = round.reason.as_deref().unwrap_or_default();
                tracing::warn!(events = round.failed.len(), reason, "events were not taken; they are tried again");
                turn.postpone(&round.failed, self.clock.now(), self.options.postpone).await?;
            }
        }
        turn.end().await?;
        owed.clear();
        Ok(Some(round))
    }

    async fn publish(&self, events: Vec<Event>) -> Round {
        let mut round = Round::default();
        let mut taken = events;
        for sink in &self.sinks {
            if taken.is_empty() {
                break;
            }
            let outcomes = sink.publish(&taken).await;
            let mut kept = Vec::with_capacity(taken.len());
            for (event, outcome) in taken.into_iter().zip(outcomes) {
                let Err(error) = outcome else {
                    kept.push(event);
                    continue;
                };
                round.failed.push(event.event_number);
                round.unreachable |= matches!(error, SinkError::Unreachable(_));
                round.reason.get_or_insert_with(|| format!("{}: {error}", sink.name()));
            }
            taken = kept;
        }
        round.confirmed = taken.iter().map(|event| event.event_number).collect();
        round
    }

    async fn measure(&self) {
        // Where it cannot be measured the figures stand still, and whoever asks for events will say why.
        let Ok(backlog) = self.store.outbox_backlog().await else { return };
        let waited = backlog.oldest_at.map_or(0, |at| (self.clock.now() - at).num_seconds().max(0));
        self.metrics.backlog.set(backlog.events);
        self.metrics.oldest_seconds.set(waited);
    }
}

impl Round {
    /// Whether nothing can be sent now: a sink is away, and nothing got through.
    fn is_stuck(&self) -> bool {
        self.unreachable && self.confirmed.is_empty()
    }
}
