//! Events to Apache Pulsar, and messages from it.

mod consumer;
mod publisher;

use std::fmt;
use std::time::Duration;

use platform::random::hex;
use pulsar::error::ConnectionError;
use pulsar::producer::Message;
use pulsar::proto::ServerError;
use pulsar::{Authentication, ConnectionRetryOptions, OperationRetryOptions, Pulsar, TokioExecutor};

use super::metrics::EventMetrics;
use super::{Event, EventSink, SinkError, TOPICS};
use publisher::Publisher;

pub use consumer::{SUBSCRIPTION, StatusConsumer};

/// Where Pulsar is, and how long it may take.
#[derive(Clone)]
pub struct PulsarOptions {
    /// `pulsar://host:6650`, or `pulsar+ssl://host:6651`.
    pub url: String,
    /// What every topic begins with: `dict.prod` makes `dict.prod.entries.created`. With `persistent://tenant/namespace/`
    /// before it, topics are there instead of in `public/default`.
    pub topic_prefix: String,
    /// The token that proves who we are, where one is asked for.
    pub token: Option<String>,
    /// Certificates that are trusted besides the public ones, in PEM.
    pub trusted_pem: Option<Vec<u8>>,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long an answer may take. A batch of events is given twice this, with all that it needs.
    pub answer: Duration,
}

impl PulsarOptions {
    /// A broker and the prefix of its topics, with five seconds for each step.
    #[must_use]
    pub fn new(url: &str, topic_prefix: &str) -> Self {
        let step = Duration::from_secs(5);
        Self {
            url: url.to_owned(),
            topic_prefix: topic_prefix.to_owned(),
            token: None,
            trusted_pem: None,
            connect: step,
            answer: step,
        }
    }

    /// The whole name of one of our topics.
    #[must_use]
    pub fn topic(&self, topic: &str) -> String {
        format!("{}.{topic}", self.topic_prefix)
    }

    /// Connects. It gives up by itself; dropped before, it leaves nothing behind that others could wait for, because
    /// each connection has a client of its own.
    async fn connect(&self) -> Result<Pulsar<TokioExecutor>, pulsar::Error> {
        let mut builder = Pulsar::builder(&self.url, TokioExecutor)
            .with_connection_retry_options(ConnectionRetryOptions {
                min_backoff: Duration::from_millis(50),
                max_backoff: Duration::from_millis(500),
                // Who asks tries again; many tries inside one only hide why.
                max_retries: 1,
                connection_timeout: self.connect,
                keep_alive: Duration::from_secs(10),
                ..ConnectionRetryOptions::default()
            })
            .with_operation_retry_options(OperationRetryOptions {
                operation_timeout: self.answer,
                retry_delay: Duration::from_millis(200),
                max_retries: Some(3),
            })
            .with_outbound_channel_size(1_000);
        if let Some(token) = &self.token {
            let data = token.clone().into_bytes();
            builder = builder.with_auth(Authentication { name: "token".to_owned(), data });
        }
        if let Some(pem) = &self.trusted_pem {
            builder = builder.with_certificate_chain(pem.clone());
        }
        builder.build().await
    }
}

impl fmt::Debug for PulsarOptions {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PulsarOptions")
            .field("url", &self.url)
            .field("topic_prefix", &self.topic_prefix)
            .finish_non_exhaustive()
    }
}

/// Publishes events to their topics; the key's hash decides the partition.
#[derive(Debug)]
pub struct PulsarSink {
    publisher: Publisher,
    metrics: EventMetrics,
}

impl PulsarSink {
    /// One that connects when there is something to send.
    #[must_use]
    pub fn new(options: PulsarOptions, metrics: EventMetrics) -> Self {
        Self { publisher: Publisher::new(options), metrics }
    }
}

#[tonic::async_trait]
impl EventSink for PulsarSink {
    fn name(&self) -> &'static str {
        "pulsar"
    }

    async fn publish(&self, events: &[Event]) -> Vec<Result<(), SinkError>> {
        let outgoing = events.iter().map(|event| (topic_of(event), message_of(event))).collect();
        let outcomes = self.publisher.publish(outgoing).await;
        let confirmed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        self.metrics.published.inc_by(confirmed as u64);
        outcomes
    }
}

/// The topic if it is one of ours: a word from elsewhere makes no topic.
fn topic_of(event: &Event) -> Result<&'static str, SinkError> {
    let known = TOPICS.into_iter().find(|topic| *topic == event.topic);
    known.ok_or_else(|| SinkError::Refused(format!("event {} has no topic that is known", event.event_number)))
}

fn message_of(event: &Event) -> Message {
    Message {
        payload: event.payload.clone().into_bytes(),
        partition_key: Some(hex(&event.key_hash)),
        event_time: u64::try_from(event.created_at.timestamp_millis()).ok(),
        ..Message::default()
    }
}

/// What went wrong, without what was sent.
fn explain(error: &pulsar::Error) -> SinkError {
    use pulsar::Error;
    use pulsar::error::{ConsumerError, ProducerError, ServiceDiscoveryError};
    let answered = |kind: &Option<ServerError>, text: &Option<String>| {
        let what = kind.map_or("an unknown error", |kind| kind.as_str_name());
        let text = format!("Pulsar answered {what}: {}", text.as_deref().unwrap_or("no reason given"));
        match kind {
            // About the broker, not about what it was asked for.
            Some(ServerError::ServiceNotReady | ServerError::MetadataError | ServerError::PersistenceError) | None => {
                SinkError::Unreachable(text)
            }
            Some(_) => SinkError::Refused(text),
        }
    };
    match error {
        Error::Connection(cause)
        | Error::Producer(ProducerError::Connection(cause))
        | Error::Consumer(ConsumerError::Connection(cause))
        | Error::ServiceDiscovery(ServiceDiscoveryError::Connection(cause)) => match cause {
            ConnectionError::PulsarError(kind, text) => answered(kind, text),
            // The client's words for an error in place of a receipt: its command with all fields, of which one says why.
            ConnectionError::UnexpectedResponse(command) => {
                let said = command.split("CommandSendError").nth(1).and_then(|rest| rest.split('}').next());
                SinkError::Refused(format!("Pulsar refused the message:{}", said.unwrap_or(" no reason given")))
            }
            _ => SinkError::Unreachable(format!("no connection to Pulsar: {cause}")),
        },
        Error::ServiceDiscovery(ServiceDiscoveryError::Query(kind, text)) => answered(kind, text),
        _ => SinkError::Unreachable(format!("Pulsar failed: {error}")),
    }
}
