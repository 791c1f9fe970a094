//! A small Pulsar in this process: as much of the binary protocol as a client needs to publish to and read from topics
//! of three partitions, and faults on demand. What it keeps outlives a [`PulsarBroker::kill`].

mod session;
mod topics;
mod wire;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use topics::Topics;

/// Partitions of every topic.
pub const PARTITIONS: u32 = 3;

/// A message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulsarMessage {
    /// The topic, with its partition if it came to one.
    pub topic: String,
    /// Its partition key.
    pub key: Option<String>,
    /// Its properties.
    pub properties: HashMap<String, String>,
    /// When what it tells of happened, in milliseconds since 1970, as its producer says.
    pub event_time_ms: Option<u64>,
    /// Its body.
    pub payload: Bytes,
}

/// A broker on a loopback port of its own, ended when this value is dropped.
#[derive(Debug)]
pub struct PulsarBroker {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// The server that runs now.
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// What connections share.
#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    topics: Topics,
    faults: Faults,
    sessions: u64,
    /// Ends every connection that there is now.
    cut: CancellationToken,
}

#[derive(Debug, Default)]
struct Faults {
    sends_refused: usize,
    receipts_cut: usize,
    receipts_withheld: bool,
    receipt_delay: Option<Duration>,
    token: Option<String>,
}

impl PulsarBroker {
    /// Starts one.
    ///
    /// # Panics
    /// If there is no port to be had.
    pub async fn start() -> Self {
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await;
        let Ok(address) = listener.local_addr() else { panic!("the broker's listener has no address") };
        let shared = Arc::new(Shared { address, state: Mutex::default() });
        let mut broker = Self { address, shared, stop: CancellationToken::new(), tasks: TaskTracker::new() };
        broker.serve(listener);
        broker
    }

    fn serve(&mut self, listener: TcpListener) {
        self.stop = CancellationToken::new();
        self.tasks = TaskTracker::new();
        self.shared.state().cut = self.stop.child_token();
        self.tasks.spawn(session::accept(listener, Arc::clone(&self.shared), self.stop.clone(), self.tasks.clone()));
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("pulsar://{}", self.address)
    }

    /// Ends it in the middle of whatever it does: connections break, nobody listens. It keeps what it has.
    pub async fn kill(&mut self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Starts it again on the same port with all that it kept; kills it first if it runs.
    pub async fn restart(&mut self) {
        self.kill().await;
        let listener = bind(self.address).await;
        self.serve(listener);
    }

    /// Breaks every connection, and takes new ones.
    pub fn disconnect(&self) {
        let mut state = self.shared.state();
        state.cut.cancel();
        state.cut = self.stop.child_token();
    }

    /// The messages of a topic, all its partitions together, in the order in which they were kept.
    #[must_use]
    pub fn messages(&self, topic: &str) -> Vec<PulsarMessage> {
        let of_partition = format!("{topic}-partition-");
        self.found(|name| name == topic || name.starts_with(&of_partition))
    }

    /// The messages of every topic whose name begins with `prefix`, in the order in which they were kept.
    #[must_use]
    pub fn messages_under(&self, prefix: &str) -> Vec<PulsarMessage> {
        self.found(|name| name.starts_with(prefix))
    }

    fn found(&self, named: impl Fn(&str) -> bool) -> Vec<PulsarMessage> {
        let found = self.shared.state().topics.messages(named);
        found
            .into_iter()
            .map(|(topic, stored)| PulsarMessage {
                topic,
                key: stored.metadata.partition_key,
                properties: stored.metadata.properties.into_iter().map(|it| (it.key, it.value)).collect(),
                event_time_ms: stored.metadata.event_time,
                payload: stored.payload,
            })
            .collect()
    }

    /// How many messages of a topic a subscription has not acknowledged.
    #[must_use]
    pub fn unacknowledged(&self, topic: &str, subscription: &str) -> usize {
        self.shared.state().topics.unacknowledged(topic, subscription)
    }

    /// The next `count` messages are refused.
    pub fn refuse_sends(&self, count: usize) {
        self.shared.state().faults.sends_refused = count;
    }

    /// The next `count` messages are kept, and their connection breaks where the receipt should come.
    pub fn cut_receipts(&self, count: usize) {
        self.shared.state().faults.receipts_cut = count;
    }

    /// Messages are kept and nothing is answered, until it is told otherwise.
    pub fn withhold_receipts(&self, withheld: bool) {
        self.shared.state().faults.receipts_withheld = withheld;
    }

    /// Each receipt comes so much later.
    pub fn delay_receipts(&self, delay: Duration) {
        self.shared.state().faults.receipt_delay = Some(delay);
    }

    /// Connections without this token are refused from now on.
    pub fn demand_token(&self, token: &str) {
        self.shared.state().faults.token = Some(token.to_owned());
    }
}

impl Drop for PulsarBroker {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn bind(address: SocketAddr) -> TcpListener {
    match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => panic!("the broker cannot listen on {address}: {error}"),
    }
}
