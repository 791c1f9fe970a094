//! The producers of the topics that were written to, over one client.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use futures_util::future::join_all;
use pulsar::producer::{Message, SendFuture};
use pulsar::routing_policy::RoutingPolicy;
use pulsar::{Producer, ProducerOptions, Pulsar, TokioExecutor};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::{PulsarOptions, explain};
use crate::events::SinkError;

/// Publishes messages; connects when there are some, and anew after nothing got through.
#[derive(Debug)]
pub(super) struct Publisher {
    options: PulsarOptions,
    session: Mutex<Option<Session>>,
}

struct Session {
    client: Pulsar<TokioExecutor>,
    producers: HashMap<&'static str, Producer<TokioExecutor>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("producers", &self.producers.len()).finish_non_exhaustive()
    }
}

type Outcome = Result<(), SinkError>;

impl Publisher {
    pub(super) fn new(options: PulsarOptions) -> Self {
        Self { options, session: Mutex::new(None) }
    }

    /// Publishes to the topic of each, all at once, and says in their order whether the broker confirmed. Ends after
    /// twice the time that an answer may take.
    pub(super) async fn publish(&self, outgoing: Vec<(Result<&'static str, SinkError>, Message)>) -> Vec<Outcome> {
        let deadline = Instant::now() + self.options.answer * 2;
        let count = outgoing.len();
        let Ok(mut place) = timeout_at(deadline, self.session.lock()).await else {
            return vec![Err(late()); count];
        };
        let session = match place.take() {
            Some(session) => Ok(session),
            None => self.open(deadline).await,
        };
        let mut session = match session {
            Ok(session) => session,
            Err(error) => return vec![Err(error); count],
        };
        let outcomes = self.send(&mut session, outgoing, deadline).await;
        // Where nothing gets through, the next try begins with a new connection; what this one still holds is dropped.
        let lost = |outcome: &Outcome| matches!(outcome, Err(SinkError::Unreachable(_)));
        if outcomes.iter().any(Result::is_ok) || !outcomes.iter().any(lost) {
            *place = Some(session);
        }
        outcomes
    }

    async fn open(&self, deadline: Instant) -> Result<Session, SinkError> {
        let options = self.options.clone();
        let client = apart(deadline, async move { options.connect().await }).await;
        // Whatever the broker says to a greeting is about all of us: no event is to blame.
        let client = client.map_err(|error| SinkError::Unreachable(error.to_string()))?;
        Ok(Session { client, producers: HashMap::new() })
    }

    async fn send(
        &self,
        session: &mut Session,
        outgoing: Vec<(Result<&'static str, SinkError>, Message)>,
        deadline: Instant,
    ) -> Vec<Outcome> {
        let failed = self.produce_for(session, &outgoing, deadline).await;
        let mut sent = Vec::with_capacity(outgoing.len());
        for (topic, message) in outgoing {
            sent.push(match topic {
                Ok(topic) => match (session.producers.get_mut(topic), failed.get(topic)) {
                    (Some(producer), _) => (Some(topic), begin(producer, message, deadline).await),
                    (None, error) => (None, Err(error.cloned().unwrap_or_else(late))),
                },
                Err(error) => (None, Err(error)),
            });
        }
        let confirmed = sent.into_iter().map(|(topic, receipt)| async move {
            let outcome = match receipt {
                Ok(receipt) => match timeout_at(deadline, receipt).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(explain(&error)),
                    Err(_) => Err(late()),
                },
                Err(error) => Err(error),
            };
            (topic, outcome)
        });
        let mut outcomes = Vec::new();
        for (topic, outcome) in join_all(confirmed).await {
            // A producer that lost touch is made anew next time.
            if let (Some(topic), Err(SinkError::Unreachable(_))) = (topic, &outcome) {
                session.producers.remove(topic);
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    /// Makes the producers that are missing, all at once; why those could not be made that are missing still.
    async fn produce_for(
        &self,
        session: &mut Session,
        outgoing: &[(Result<&'static str, SinkError>, Message)],
        deadline: Instant,
    ) -> HashMap<&'static str, SinkError> {
        let mut missing: Vec<&'static str> = outgoing
            .iter()
            .filter_map(|(topic, _)| topic.as_ref().ok().copied())
            .filter(|topic| !session.producers.contains_key(topic))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        let making = missing.into_iter().map(|topic| {
            let builder =
                session.client.producer().with_topic(self.options.topic(topic)).with_options(ProducerOptions {
                    // By the partition key: without a policy it is not looked at, and a key's events are strewn.
                    routing_policy: Some(RoutingPolicy::RoundRobin),
                    block_queue_if_full: true,
                    ..ProducerOptions::default()
                });
            async move { (topic, apart(deadline, builder.build()).await) }
        });
        let mut failed = HashMap::new();
        for (topic, made) in join_all(making).await {
            match (made, session.producers.entry(topic)) {
                (Ok(producer), Entry::Vacant(place)) => drop(place.insert(producer)),
                (Ok(_), Entry::Occupied(_)) => {}
                (Err(error), _) => drop(failed.insert(topic, error)),
            }
        }
        failed
    }
}

async fn begin(
    producer: &mut Producer<TokioExecutor>,
    message: Message,
    deadline: Instant,
) -> Result<SendFuture, SinkError> {
    match timeout_at(deadline, producer.send_non_blocking(message)).await {
        Ok(sent) => sent.map_err(|error| explain(&error)),
        Err(_) => Err(late()),
    }
}

/// Runs a step of the client as a task of its own and waits for it until `deadline`. A step that is dropped half-way
/// would leave others of the same client waiting for it for ever; this one goes on, and ends by its own deadlines.
pub(super) async fn apart<T: Send + 'static>(
    deadline: Instant,
    step: impl Future<Output = Result<T, pulsar::Error>> + Send + 'static,
) -> Result<T, SinkError> {
    match timeout_at(deadline, tokio::spawn(step)).await {
        Ok(Ok(done)) => done.map_err(|error| explain(&error)),
        Ok(Err(ended)) => Err(SinkError::Unreachable(format!("the Pulsar client failed: {ended}"))),
        Err(_) => Err(late()),
    }
}

fn late() -> SinkError {
    SinkError::Unreachable("Pulsar did not answer in time".to_owned())
}
