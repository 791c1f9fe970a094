//! One look-up at a time for one key, however many ask for it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::key::CacheKey;

/// Keys that are looked up at once.
pub const FLIGHTS_MAX: usize = 4_096;

/// Why a look-up ended without a result. Nothing of it is kept; the next one starts anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlightFailure {
    /// It panicked, or the process is ending.
    #[error("the look-up ended without a result")]
    Abandoned,
    /// Too many different things are asked for at once.
    #[error("{FLIGHTS_MAX} different questions are being looked up already")]
    Crowded,
}

type UnderWay<T> = Arc<Mutex<HashMap<CacheKey, watch::Receiver<Option<T>>>>>;

/// Look-ups under way. Who asks first carries it out; when they hang up it goes on in a task of its own, so that they
/// cancel it for nobody.
#[derive(Debug)]
pub struct Flights<T> {
    under_way: UnderWay<T>,
    tasks: TaskTracker,
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    pub fn new(tasks: TaskTracker) -> Self {
        Self { under_way: Arc::default(), tasks }
    }

    /// The result of the look-up of `key` that is under way, or of `look_up` when there is none.
    pub async fn join<F>(&self, key: &CacheKey, look_up: impl FnOnce() -> F) -> Result<T, FlightFailure>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (sender, mut landing) = {
            let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            match under_way.get(key) {
                Some(landing) => (None, landing.clone()),
                None if under_way.len() >= FLIGHTS_MAX => return Err(FlightFailure::Crowded),
                None => {
                    let (sender, landing) = watch::channel(None);
                    under_way.insert(key.clone(), landing.clone());
                    (Some(sender), landing)
                }
            }
        };
        if let Some(sender) = sender {
            let departure = Departure { under_way: Arc::clone(&self.under_way), key: key.clone() };
            let look_up = look_up();
            let flight = Box::pin(async move {
                let result = look_up.await;
                // Before anybody hears of it: who asks from now on finds it in the cache, or asks anew.
                drop(departure);
                sender.send_replace(Some(result.clone()));
                result
            });
            return Ok(Carried { flight: Some(flight), tasks: self.tasks.clone() }.await);
        }
        // Where the look-up ends without a word the sender is dropped, and this is an error.
        match landing.wait_for(Option::is_some).await {
            Ok(result) => result.clone().ok_or(FlightFailure::Abandoned),
            Err(_) => Err(FlightFailure::Abandoned),
        }
    }
}

/// A look-up in the hands of its first caller.
struct Carried<F: Future<Output: Send + 'static> + Send + 'static> {
    flight: Option<Pin<Box<F>>>,
    tasks: TaskTracker,
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Future for Carried<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // It is taken out while it is polled, so that one that panics is not polled again.
        let Some(mut flight) = self.flight.take() else { return Poll::Pending };
        let polled = flight.as_mut().poll(context);
        if polled.is_pending() {
            self.flight = Some(flight);
        }
        polled
    }
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Drop for Carried<F> {
    fn drop(&mut self) {
        // Outside of a runtime everything ends, and those who wait hear that it does.
        if let (Some(flight), Ok(runtime)) = (self.flight.take(), Handle::try_current()) {
            self.tasks.spawn_on(flight.map(drop).in_current_span(), &runtime);
        }
    }
}

/// Takes a look-up off the list, however its task ends.
#[derive(Debug)]
struct Departure<T> {
    under_way: UnderWay<T>,
    key: CacheKey,
}

impl<T> Drop for Departure<T> {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
