//! Events to the servers of this installation, by NOTIFY of PostgreSQL: what works without Pulsar, and beside it.
//!
//! Each server hears of every event that the key's hash and the topic say enough about, such as which keys to drop from
//! a cache. Nothing is kept: whoever does not listen at the moment hears of a gap when it listens again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use platform::postgres::target::Target;
use platform::random::hex;
use tokio_util::sync::CancellationToken;

use super::{Event, EventSink, SinkError};
use crate::store::Store;
use crate::vault::Hash;

/// The channel that events are announced on.
pub const CHANNEL: &str = "dict_events";

/// How long to wait before listening is tried again.
const LISTEN_PAUSE: Duration = Duration::from_secs(1);

/// The longest that an announcement may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Tells every server of this installation.
#[derive(Debug, Clone)]
pub struct Announcer {
    store: Store,
}

impl Announcer {
    /// One that announces through the database of `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

#[tonic::async_trait]
impl EventSink for Announcer {
    fn name(&self) -> &'static str {
        "announcer"
    }

    async fn publish(&self, events: &[Event]) -> Vec<Result<(), SinkError>> {
        let words: Vec<String> =
            events.iter().map(|event| format!("{} {}", event.topic, hex(&event.key_hash))).collect();
        let told = match tokio::time::timeout(DEADLINE, self.store.announce_events(&words)).await {
            Ok(told) => told.map_err(|error| SinkError::Unreachable(error.to_string())),
            Err(_) => Err(SinkError::Unreachable("PostgreSQL did not announce in time".to_owned())),
        };
        vec![told; events.len()]
    }
}

/// What a server hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Something happened to a key.
    Event {
        /// One of [`super::TOPICS`].
        topic: String,
        /// Which key.
        key_hash: Hash,
    },
    /// Events may have passed unheard: whatever was derived from them is to be forgotten.
    Gap,
}

/// Whom to tell what is heard: called one after the other, so it must not take long.
#[derive(Clone, Default)]
pub struct Subscribers(Vec<Subscriber>);

type Subscriber = Arc<dyn Fn(&Heard) + Send + Sync>;

impl fmt::Debug for Subscribers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subscribers").field(&self.0.len()).finish()
    }
}

impl Subscribers {
    /// The same and one more.
    #[must_use]
    pub fn and(mut self, subscriber: impl Fn(&Heard) + Send + Sync + 'static) -> Self {
        self.0.push(Arc::new(subscriber));
        self
    }

    fn tell(&self, heard: &Heard) {
        for subscriber in &self.0 {
            subscriber(heard);
        }
    }
}

/// Listens until `stop`, and tells the subscribers. They hear of a gap each time that listening begins.
pub async fn listen(database: Target, subscribers: Subscribers, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = listen_once(&database, &subscribers) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LISTEN_PAUSE) => {}
        }
    }
}

/// Returns when the connection is lost.
async fn listen_once(database: &Target, subscribers: &Subscribers) {
    let mut listener = match database.listen(&[CHANNEL]).await {
        Ok(listener) => listener,
        Err(error) => {
            let error = platform::postgres::describe(&error);
            tracing::warn!(error, "cannot listen for events of other servers; trying again");
            return;
        }
    };
    subscribers.tell(&Heard::Gap);
    while let Some(notification) = listener.next().await {
        // A word that is not understood is of a newer version: something happened, and it is not known to what.
        subscribers.tell(&parse(notification.payload()).unwrap_or(Heard::Gap));
    }
}

fn parse(word: &str) -> Option<Heard> {
    let (topic, hash) = word.split_once(' ')?;
    let mut key_hash: Hash = [0; 32];
    if hash.len() != 2 * key_hash.len() {
        return None;
    }
    for (at, byte) in key_hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hash.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(Heard::Event { topic: topic.to_owned(), key_hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        let key_hash: Hash = std::array::from_fn(|at| u8::try_from(at * 8).unwrap());
        let heard = parse(&format!("claims.open {}", hex(&key_hash)));
        assert_eq!(heard, Some(Heard::Event { topic: "claims.open".to_owned(), key_hash }));
        for odd in ["", "claims.open", "claims.open 00", &format!("claims.open {}", "é".repeat(32))] {
            assert_eq!(parse(odd), None, "{odd}");
        }
    }
}
