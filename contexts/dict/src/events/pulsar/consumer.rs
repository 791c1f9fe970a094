//! The subscription to Connect's status updates.
//!
//! One consumer for each partition, each over a client of its own: of two consumers that share a connection the client
//! library tells only one that it was lost. The subscription is of the fail-over kind: each partition is read by one
//! server at a time and message by message, so that what is said of one key or claim takes effect in its order.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt;
use platform::resilience::backoff::Backoff;
use pulsar::consumer::{InitialPosition, Message};
use pulsar::{Consumer, ConsumerOptions, SubType, TokioExecutor};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::publisher::{Publisher, apart};
use super::{PulsarOptions, explain};
use crate::events::SinkError;
use crate::events::status::{DEAD_LETTER_TOPIC, Handled, Inbox, STATUS_TOPIC};

/// The name of the subscription; all servers share it.
pub const SUBSCRIPTION: &str = "core-dict";

/// Messages that wait here for the one before them.
const WAITING_MAX: u32 = 100;
/// How often a consumer that hears nothing asks whether its broker is there.
const CHECK_EVERY: Duration = Duration::from_secs(10);
/// How often the number of partitions is asked for, and old marks are forgotten.
const REVIEW_EVERY: Duration = Duration::from_secs(600);
/// How long it is known which messages were dealt with. Pulsar keeps no message that long in a subscription that is read.
const MARKS_LAST: TimeDelta = TimeDelta::days(30);
/// The pauses while Pulsar cannot be reached.
const PAUSE: Backoff = Backoff { base: Duration::from_millis(200), longest: Duration::from_secs(10) };

/// Reads status updates and hands them to the inbox.
#[derive(Debug, Clone)]
pub struct StatusConsumer {
    options: PulsarOptions,
    inbox: Arc<Inbox>,
}

/// Why a consumer ended: the broker or the way to it failed.
type Lost = SinkError;

impl StatusConsumer {
    /// One that subscribes when it runs.
    #[must_use]
    pub fn new(options: PulsarOptions, inbox: Arc<Inbox>) -> Self {
        Self { options, inbox }
    }

    /// Reads until `stop`. What is not dealt with by then comes again.
    pub async fn run(self, stop: CancellationToken) {
        let mut readers: HashMap<String, AbortOnDropHandle<()>> = HashMap::new();
        let mut failures = 0_u32;
        while !stop.is_cancelled() {
            let pause = match self.partitions().await {
                Ok(found) => {
                    failures = 0;
                    // One that ended has met a defect of ours; its partition is not left unread for ever.
                    readers.retain(|_, reader| !reader.is_finished());
                    for topic in found {
                        let reading = || tokio::spawn(self.clone().read(topic.clone(), stop.clone()));
                        readers.entry(topic.clone()).or_insert_with(|| AbortOnDropHandle::new(reading()));
                    }
                    self.forget().await;
                    REVIEW_EVERY
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    self.pause(failures, &error)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(pause) => {}
            }
        }
        for reader in readers.into_values() {
            if let Err(error) = reader.await {
                tracing::error!(%error, "a reader of status updates did not end as it should");
            }
        }
    }

    /// The partitions of the topic, or the topic itself where it has none.
    async fn partitions(&self) -> Result<Vec<String>, Lost> {
        let (options, topic) = (self.options.clone(), self.options.topic(STATUS_TOPIC));
        let count = apart(self.deadline(), {
            let topic = topic.clone();
            async move { options.connect().await?.lookup_partitioned_topic_number(topic).await }
        });
        match count.await? {
            0 => Ok(vec![topic]),
            count => Ok((0..count).map(|at| format!("{topic}-partition-{at}")).collect()),
        }
    }

    async fn forget(&self) {
        let before = self.inbox.clock.now() - MARKS_LAST;
        match self.inbox.store.forget_consumed(before).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "marks of old status updates were forgotten"),
            Err(error) => tracing::warn!(%error, "marks of old status updates were not forgotten; tried again later"),
        }
    }

    /// Reads one partition until `stop`, and subscribes anew whenever that ends.
    async fn read(self, topic: String, stop: CancellationToken) {
        let mut failures = 0_u32;
        while !stop.is_cancelled() {
            let began = Instant::now();
            let Err(error) = self.subscribe_and_read(&topic, &stop).await else { continue };
            failures = if began.elapsed() > CHECK_EVERY { 1 } else { failures.saturating_add(1) };
            let pause = self.pause(failures, &error);
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Ends without an error at `stop`.
    async fn subscribe_and_read(&self, topic: &str, stop: &CancellationToken) -> Result<(), Lost> {
        let mut consumer = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            consumer = self.subscribe(topic) => consumer?,
        };
        // Dropped, the consumer tells the broker, which gives what is left to the next one.
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                message = consumer.next() => match message {
                    Some(Ok(message)) => match self.deal_with(&mut consumer, message, stop).await {
                        Ok(true) => {}
                        Ok(false) => return Ok(()),
                        Err(error) => return Err(error),
                    },
                    Some(Err(error)) => return Err(explain(&error)),
                    None => return Err(SinkError::Unreachable("the subscription ended".to_owned())),
                },
                () = sleep(CHECK_EVERY) => {
                    let asked = tokio::time::timeout(self.options.answer * 2, consumer.check_connection()).await;
                    if !matches!(asked, Ok(Ok(()))) {
                        return Err(SinkError::Unreachable("the broker of the subscription does not answer".to_owned()));
                    }
                }
            }
        }
    }

    async fn subscribe(&self, topic: &str) -> Result<Consumer<Vec<u8>, TokioExecutor>, Lost> {
        let (options, topic) = (self.options.clone(), topic.to_owned());
        let subscribed = async move {
            let consumer_options = ConsumerOptions {
                initial_position: InitialPosition::Earliest,
                receiver_queue_size: Some(WAITING_MAX),
                ..ConsumerOptions::default()
            };
            let client = options.connect().await?;
            let consumer = client.consumer().with_topic(topic).with_subscription(SUBSCRIPTION);
            let consumer = consumer.with_subscription_type(SubType::Failover).with_batch_size(WAITING_MAX);
            consumer.with_options(consumer_options).build().await
        };
        apart(self.deadline(), subscribed).await
    }

    /// Deals with a message and acknowledges it; false where `stop` came first.
    async fn deal_with(
        &self,
        consumer: &mut Consumer<Vec<u8>, TokioExecutor>,
        message: Message<Vec<u8>>,
        stop: &CancellationToken,
    ) -> Result<bool, Lost> {
        let Some(handled) = self.inbox.handle(&message.payload.data, stop).await else { return Ok(false) };
        if let Handled::Dead { reason, tries } = handled
            && !self.bury(&message, &reason, tries, stop).await
        {
            return Ok(false);
        }
        let acknowledged = consumer.ack(&message).await;
        acknowledged.map_err(|error| SinkError::Unreachable(format!("no acknowledgement is possible: {error}")))?;
        Ok(true)
    }

    /// Puts a message among the dead letters, however long that takes; false where `stop` came first.
    async fn bury(&self, message: &Message<Vec<u8>>, reason: &str, tries: u32, stop: &CancellationToken) -> bool {
        let id = message.message_id();
        let origin = format!("{}:{}:{}", id.ledger_id, id.entry_id, message.topic);
        tracing::warn!(origin, reason, tries, "a status update of Connect goes to the dead letters");
        let publisher = Publisher::new(self.options.clone());
        let letter = pulsar::producer::Message {
            payload: message.payload.data.clone(),
            properties: HashMap::from([
                ("reason".to_owned(), reason.to_owned()),
                ("tries".to_owned(), tries.to_string()),
                ("origin".to_owned(), origin),
                ("failed_at".to_owned(), self.inbox.clock.now().to_rfc3339()),
            ]),
            partition_key: message.key(),
            ..pulsar::producer::Message::default()
        };
        let mut failures = 0_u32;
        loop {
            failures = failures.saturating_add(1);
            let sent = publisher.publish(vec![(Ok(DEAD_LETTER_TOPIC), letter.clone())]).await;
            let Some(Err(error)) = sent.into_iter().next() else { return true };
            let pause = self.pause(failures, &error);
            tokio::select! {
                () = stop.cancelled() => return false,
                () = sleep(pause) => {}
            }
        }
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.options.connect + self.options.answer * 2
    }

    /// Says so once an outage, and how long to wait.
    fn pause(&self, failures: u32, error: &Lost) -> Duration {
        if failures == 1 {
            tracing::warn!(%error, "status updates of Connect cannot be read or put aside; trying again");
        }
        let mut roll = [0; 8];
        // Without randomness servers that failed together come back together, which is all that is lost.
        if self.inbox.entropy.fill(&mut roll).is_err() {
            roll = [0xff; 8];
        }
        PAUSE.pause(failures, u64::from_le_bytes(roll), None).unwrap_or(PAUSE.longest)
    }
}
