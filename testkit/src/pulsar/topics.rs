//! What a broker keeps: messages by topic, and how far each subscription has come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tokio::sync::mpsc::UnboundedSender;

use super::wire::{self, Body, Delivery, MessageId, ServerError};

/// Who a connection is.
pub type SessionId = u64;

/// A message that was accepted.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its place among all messages of the broker.
    pub arrival: u64,
    pub metadata: wire::Metadata,
    pub payload: Bytes,
    /// As it came: mark, checksum and all.
    whole: Bytes,
}

#[derive(Debug, Default)]
pub struct Topics {
    topics: BTreeMap<String, Topic>,
    arrivals: AtomicU64,
}

#[derive(Debug, Default)]
struct Topic {
    messages: Vec<Stored>,
    subscriptions: BTreeMap<String, Subscription>,
}

#[derive(Debug, Default)]
struct Subscription {
    /// The first message that was never delivered.
    next: u64,
    /// Delivered once, and to be delivered again.
    again: BTreeSet<u64>,
    /// Delivered, and to whom.
    out: BTreeMap<u64, (SessionId, u64)>,
    acknowledged: BTreeSet<u64>,
    deliveries: BTreeMap<u64, u32>,
    consumers: Vec<Consumer>,
    /// Whether all consumers take turns; otherwise the first gets everything.
    shared: bool,
    turn: usize,
}

#[derive(Debug)]
struct Consumer {
    session: SessionId,
    id: u64,
    permits: u64,
    frames: UnboundedSender<Bytes>,
}

/// `persistent://public/default/a` and `a` are the same.
pub fn short(topic: &str) -> String {
    topic.strip_prefix("persistent://public/default/").unwrap_or(topic).to_owned()
}

impl Topics {
    /// Keeps a message; its place in the topic. `None` where its checksum is wrong.
    pub fn keep(&mut self, topic: &str, whole: Bytes) -> Option<MessageId> {
        let (metadata, payload) = wire::parse_message(whole.clone())?;
        let arrival = self.arrivals.fetch_add(1, Ordering::Relaxed);
        let topic = self.topics.entry(short(topic)).or_default();
        topic.messages.push(Stored { arrival, metadata, payload, whole });
        topic.dispatch();
        Some(MessageId { ledger_id: 1, entry_id: topic.messages.len() as u64 - 1 })
    }

    /// The messages of topics and partitions by their names, with the topic or partition each is in, as they came.
    pub fn messages(&self, named: impl Fn(&str) -> bool) -> Vec<(String, Stored)> {
        let mine = self.topics.iter().filter(|(name, _)| named(name));
        let mut found: Vec<_> =
            mine.flat_map(|(name, topic)| topic.messages.iter().map(|stored| (name.clone(), stored.clone()))).collect();
        found.sort_by_key(|(_, stored)| stored.arrival);
        found
    }

    /// How many messages of a topic and its partitions a subscription has not acknowledged.
    pub fn unacknowledged(&self, topic: &str, subscription: &str) -> usize {
        let of_partition = format!("{topic}-partition-");
        let mine = self.topics.iter().filter(|(name, _)| *name == topic || name.starts_with(&of_partition));
        mine.map(|(_, topic)| {
            let acknowledged = topic.subscriptions.get(subscription).map_or(0, |it| it.acknowledged.len());
            topic.messages.len() - acknowledged
        })
        .sum()
    }

    /// Adds a consumer, or says why not.
    pub fn subscribe(
        &mut self,
        session: SessionId,
        ask: &wire::Subscribe,
        frames: UnboundedSender<Bytes>,
    ) -> Result<(), (ServerError, &'static str)> {
        let topic = self.topics.entry(short(&ask.topic)).or_default();
        let from = if ask.initial_position == Some(1) { 0 } else { topic.messages.len() as u64 };
        let subscription = topic
            .subscriptions
            .entry(ask.subscription.clone())
            .or_insert_with(|| Subscription { next: from, ..Subscription::default() });
        match ask.subscription_type {
            0 if !subscription.consumers.is_empty() => {
                return Err((ServerError::ConsumerBusy, "another consumer has this exclusive subscription"));
            }
            0..=2 => {}
            _ => return Err((ServerError::NotAllowed, "this broker knows no such subscription type")),
        }
        subscription.shared = ask.subscription_type == 1;
        subscription.consumers.push(Consumer { session, id: ask.consumer_id, permits: 0, frames });
        Ok(())
    }

    pub fn flow(&mut self, session: SessionId, consumer: u64, permits: u32) {
        self.with_consumer(session, consumer, |subscription, at| {
            subscription.consumers[at].permits += u64::from(permits);
        });
    }

    pub fn acknowledge(&mut self, session: SessionId, ack: &wire::Ack) {
        self.with_consumer(session, ack.consumer_id, |subscription, _| {
            for id in &ack.message_ids {
                let first = if ack.ack_type == 1 { 0 } else { id.entry_id };
                for entry in first..=id.entry_id {
                    subscription.out.remove(&entry);
                    subscription.again.remove(&entry);
                    subscription.acknowledged.insert(entry);
                }
            }
        });
    }

    /// Delivers again what a consumer has: these, or all where none is named.
    pub fn redeliver(&mut self, session: SessionId, consumer: u64, ids: &[MessageId]) {
        self.with_consumer(session, consumer, |subscription, _| {
            let named = |entry: u64| ids.is_empty() || ids.iter().any(|id| id.entry_id == entry);
            subscription.take_back(|entry, holder| holder == (session, consumer) && named(entry));
        });
    }

    /// Removes a consumer; what it did not acknowledge goes to the next.
    pub fn leave(&mut self, session: SessionId, consumer: u64) {
        self.remove(|it| it.session == session && it.id == consumer);
    }

    /// Removes every consumer of a connection that ended.
    pub fn end(&mut self, session: SessionId) {
        self.remove(|it| it.session == session);
    }

    fn remove(&mut self, gone: impl Fn(&Consumer) -> bool) {
        for topic in self.topics.values_mut() {
            for subscription in topic.subscriptions.values_mut() {
                let left: Vec<_> =
                    subscription.consumers.iter().filter(|it| gone(it)).map(|it| (it.session, it.id)).collect();
                subscription.consumers.retain(|it| !gone(it));
                subscription.take_back(|_, holder| left.contains(&holder));
            }
            topic.dispatch();
        }
    }

    fn with_consumer(&mut self, session: SessionId, consumer: u64, change: impl FnOnce(&mut Subscription, usize)) {
        for topic in self.topics.values_mut() {
            for subscription in topic.subscriptions.values_mut() {
                let at = subscription.consumers.iter().position(|it| it.session == session && it.id == consumer);
                if let Some(at) = at {
                    change(subscription, at);
                    topic.dispatch();
                    return;
                }
            }
        }
    }
}

impl Topic {
    /// Delivers what may be delivered now.
    fn dispatch(&mut self) {
        for subscription in self.subscriptions.values_mut() {
            while let Some(entry) = subscription.next_entry(self.messages.len() as u64) {
                let Some(at) = subscription.next_consumer() else { break };
                let Some(stored) = usize::try_from(entry).ok().and_then(|entry| self.messages.get(entry)) else {
                    break;
                };
                subscription.deliver(entry, at, &stored.whole);
            }
        }
    }
}

impl Subscription {
    fn next_entry(&self, count: u64) -> Option<u64> {
        self.again.first().copied().or_else(|| (self.next..count).find(|entry| !self.acknowledged.contains(entry)))
    }

    fn next_consumer(&mut self) -> Option<usize> {
        let count = self.consumers.len();
        if !self.shared {
            return self.consumers.first().filter(|it| it.permits > 0).map(|_| 0);
        }
        let at = (0..count).map(|step| (self.turn + step) % count).find(|at| self.consumers[*at].permits > 0)?;
        self.turn = (at + 1) % count;
        Some(at)
    }

    fn deliver(&mut self, entry: u64, at: usize, whole: &[u8]) {
        self.again.remove(&entry);
        self.next = self.next.max(entry + 1);
        let deliveries = self.deliveries.entry(entry).or_default();
        let consumer = &mut self.consumers[at];
        consumer.permits -= 1;
        let delivery = Delivery {
            consumer_id: consumer.id,
            message_id: MessageId { ledger_id: 1, entry_id: entry },
            redelivery_count: Some(*deliveries),
        };
        *deliveries += 1;
        self.out.insert(entry, (consumer.session, consumer.id));
        // Where the connection has just ended, its end takes the message back.
        if consumer.frames.send(wire::frame(Body::Message(delivery), whole)).is_err() {}
    }

    fn take_back(&mut self, theirs: impl Fn(u64, (SessionId, u64)) -> bool) {
        let back: Vec<u64> =
            self.out.iter().filter(|(entry, holder)| theirs(**entry, **holder)).map(|it| *it.0).collect();
        for entry in back {
            self.out.remove(&entry);
            self.again.insert(entry);
        }
    }
}
