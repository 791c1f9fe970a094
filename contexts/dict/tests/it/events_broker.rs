//! A broker for a test: the one in this process, or the real one that `PULSAR_URL` names.

use std::time::Duration;

use dict::events::TOPICS;
use dict::events::pulsar::PulsarOptions;
use futures_util::StreamExt;
use platform::random::{OsEntropy, hex_token};
use pulsar::consumer::{ConsumerOptions, InitialPosition};
use pulsar::{Pulsar, SubType, TokioExecutor};
use testkit::pulsar::PulsarBroker;

use crate::events_world::{PATIENCE, event_id};

/// A broker and topics that no other test uses.
pub struct Broker {
    /// What can be killed; none where a real one is used.
    pub own: Option<PulsarBroker>,
    pub options: PulsarOptions,
}

impl Broker {
    pub async fn start() -> Self {
        match std::env::var("PULSAR_URL") {
            Ok(url) => Self { own: None, options: options(&url) },
            Err(_) => Self::own().await,
        }
    }

    /// The one in this process, whatever there is else: for faults.
    pub async fn own() -> Self {
        let own = PulsarBroker::start().await;
        let options = options(&own.url());
        Self { own: Some(own), options }
    }

    pub fn faulty(&mut self) -> &mut PulsarBroker {
        self.own.as_mut().unwrap()
    }

    /// The events of all topics in the order of their arrival, by their ids; of a real broker topic by topic, until
    /// `count` have come.
    pub async fn arrived(&self, count: usize) -> Vec<Vec<String>> {
        if let Some(own) = &self.own {
            let messages = own.messages_under(&self.options.topic_prefix);
            return vec![messages.iter().map(|message| event_id(&message.payload)).collect()];
        }
        let mut sequences = Vec::new();
        let mut left = count;
        for topic in TOPICS.iter().filter(|topic| topic.starts_with("entries.")) {
            let messages = self.read(topic, left, Duration::from_secs(2)).await;
            left = left.saturating_sub(messages.len());
            sequences.push(messages.iter().map(|(_, payload)| event_id(payload)).collect());
        }
        sequences
    }

    /// Reads up to `count` messages of a topic from its beginning: key and payload. Gives up when none comes for
    /// `patience`.
    pub async fn read(&self, topic: &str, count: usize, patience: Duration) -> Vec<(Option<String>, Vec<u8>)> {
        let client = self.client().await;
        let options = ConsumerOptions { initial_position: InitialPosition::Earliest, ..ConsumerOptions::default() };
        let subscription = hex_token(&OsEntropy).unwrap();
        let consumer = client.consumer().with_topic(self.options.topic(topic)).with_subscription(subscription);
        let consumer = consumer.with_subscription_type(SubType::Exclusive).with_options(options);
        let mut consumer = consumer.build::<Vec<u8>>().await.unwrap();
        let mut messages = Vec::new();
        while messages.len() < count {
            let Ok(message) = tokio::time::timeout(patience, consumer.next()).await else { break };
            let message = message.unwrap().unwrap();
            consumer.ack(&message).await.unwrap();
            messages.push((message.key(), message.payload.data));
        }
        consumer.close().await.unwrap();
        messages
    }

    /// Publishes messages to a topic, one after the other, each with a key.
    pub async fn publish<'a>(&self, topic: &str, messages: impl IntoIterator<Item = (&'a str, String)>) {
        let client = self.client().await;
        let options = pulsar::ProducerOptions {
            routing_policy: Some(pulsar::routing_policy::RoutingPolicy::RoundRobin),
            ..pulsar::ProducerOptions::default()
        };
        let producer = client.producer().with_topic(self.options.topic(topic)).with_options(options);
        let mut producer = producer.build().await.unwrap();
        for (key, payload) in messages {
            let partition_key = Some(key.to_owned());
            let message =
                pulsar::producer::Message { payload: payload.into_bytes(), partition_key, ..Default::default() };
            let receipt = producer.send_non_blocking(message).await.unwrap();
            tokio::time::timeout(PATIENCE, receipt).await.unwrap().unwrap();
        }
        producer.close().await.unwrap();
    }

    async fn client(&self) -> Pulsar<TokioExecutor> {
        Pulsar::builder(&self.options.url, TokioExecutor).build().await.unwrap()
    }
}

fn options(url: &str) -> PulsarOptions {
    let name = hex_token(&OsEntropy).unwrap();
    PulsarOptions { answer: Duration::from_secs(2), ..PulsarOptions::new(url, &format!("dict.test{}", &name[..12])) }
}
