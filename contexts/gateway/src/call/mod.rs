//! The use case: arguments in, an answer out of the cache or the source.

pub mod http;
mod schema;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use platform::clock::Clock;
use platform::postgres::StoreError;
use serde_json::{Map, Value};

use crate::cache::cascade::Cascade;
use crate::cache::{CacheKey, FlightFailure};
use crate::domain::connector::{CacheRule, Endpoint, EndpointKind};
use crate::domain::entry::{Entry, EntryKind, Level, Origin};
use crate::domain::mapping::Mapped;
use crate::domain::parameter::WrongArgument;
use crate::upstream::{Received, Upstream, UpstreamError};

/// Every connector with its cache: what the routes and the commands of this product call sources through.
#[derive(Debug)]
pub struct Gateway {
    upstreams: BTreeMap<String, Arc<Upstream>>,
    cache: Cascade<CallFailure>,
    clock: Arc<dyn Clock>,
    deadline: Duration,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// JSON; empty where the source has no such thing.
    pub entry: Entry,
    /// Where it came from.
    pub origin: Origin,
    /// Seconds since the source was asked.
    pub age_s: u64,
}

/// Why a source that was asked gave no answer. Shared by everyone who waited for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// The source.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// It was not made, or ended without a result.
    #[error(transparent)]
    Flight(#[from] FlightFailure),
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// There is no such connector.
    #[error("there is no connector {0:?}")]
    UnknownConnector(String),
    /// There is no such endpoint.
    #[error("the connector {connector} has no endpoint {endpoint:?}")]
    UnknownEndpoint {
        /// The connector.
        connector: String,
        /// As asked.
        endpoint: String,
    },
    /// The endpoint answers a file, which is downloaded and not called.
    #[error("{connector}/{endpoint} is a file; `bgc ingest sync` downloads it")]
    IsFile {
        /// The connector.
        connector: String,
        /// The endpoint.
        endpoint: String,
    },
    /// Arguments are wrong.
    #[error("{} arguments are wrong", .0.len())]
    Arguments(Vec<WrongArgument>),
    /// The source failed, and nothing usable is kept.
    #[error("{connector}: {failure}")]
    Source {
        /// The connector.
        connector: String,
        /// How.
        failure: CallFailure,
    },
}

impl Gateway {
    /// A gateway over these sources. `deadline` bounds all attempts at a source for one call.
    #[must_use]
    pub fn new(
        upstreams: Vec<Upstream>,
        cache: Cascade<CallFailure>,
        clock: Arc<dyn Clock>,
        deadline: Duration,
    ) -> Self {
        let named = |upstream: Upstream| (upstream.connector().id.clone(), Arc::new(upstream));
        Self { upstreams: upstreams.into_iter().map(named).collect(), cache, clock, deadline }
    }

    /// Every source, by name.
    #[must_use]
    pub fn upstreams(&self) -> &BTreeMap<String, Arc<Upstream>> {
        &self.upstreams
    }

    /// A source and one of its endpoints.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn find(&self, connector: &str, endpoint: &str) -> Result<(&Arc<Upstream>, &Endpoint), CallError> {
        let upstream =
            self.upstreams.get(connector).ok_or_else(|| CallError::UnknownConnector(connector.to_owned()))?;
        let found = upstream.connector().endpoints.get(endpoint).ok_or_else(|| CallError::UnknownEndpoint {
            connector: connector.to_owned(),
            endpoint: endpoint.to_owned(),
        })?;
        Ok((upstream, found))
    }

    /// Asks: the cache first, then the source.
    ///
    /// # Errors
    /// [`CallError`]; nothing wrong is kept.
    pub async fn call(
        &self,
        connector: &str,
        endpoint: &str,
        arguments: &Map<String, Value>,
    ) -> Result<Answer, CallError> {
        let (upstream, found) = self.find(connector, endpoint)?;
        if found.kind != EndpointKind::Json {
            return Err(CallError::IsFile { connector: connector.to_owned(), endpoint: endpoint.to_owned() });
        }
        let arguments = found.check(arguments).map_err(CallError::Arguments)?;
        let key = CacheKey::of(upstream.connector(), found, &arguments);
        if let Some(entry) = self.cache.get(&key) {
            return Ok(self.answer(entry, Origin::Hit(Level::L1)));
        }
        let fetch = {
            let (upstream, endpoint, clock) = (Arc::clone(upstream), endpoint.to_owned(), Arc::clone(&self.clock));
            let deadline = Instant::now() + self.deadline;
            async move {
                let Some(endpoint) = upstream.connector().endpoints.get(&endpoint) else {
                    return Err(FlightFailure::Abandoned.into());
                };
                match upstream.ask(endpoint, &arguments, deadline).await {
                    Ok((mapped, received)) => Ok(entry(&endpoint.cache, mapped, &received, clock.now())),
                    // Only what an argument names can be missing; an address that is always the same is gone, and that
                    // is a failure of the source (or of something before it), never an answer.
                    Err(UpstreamError::NotFound) if endpoint.request.path.names().next().is_none() => {
                        Err(UpstreamError::Failed(404).into())
                    }
                    Err(UpstreamError::NotFound) => Ok(missing(&endpoint.cache, clock.now())),
                    Err(error) => Err(error.into()),
                }
            }
        };
        let failed = |failure| CallError::Source { connector: connector.to_owned(), failure };
        let (entry, origin) = self.cache.fetch(&key, fetch).await.map_err(failed)?;
        Ok(self.answer(entry, origin))
    }

    /// Forgets what is of no use at `now`; how many rows of the table went.
    ///
    /// # Errors
    /// When PostgreSQL cannot be asked.
    pub async fn cleanup(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.cache.cleanup(now).await
    }

    fn answer(&self, entry: Entry, origin: Origin) -> Answer {
        let age_s = (self.clock.now() - entry.fetched_at).num_seconds().max(0).unsigned_abs();
        Answer { entry, origin, age_s }
    }
}

fn seconds(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

fn entry(rule: &CacheRule, mapped: Mapped, received: &Received, now: DateTime<Utc>) -> Entry {
    let (value, empty) = match mapped {
        Mapped::Found { answer, empty } => (answer, empty),
        Mapped::Missing => return missing(rule, now),
    };
    let mut fresh = if empty { rule.missing.min(rule.fresh) } else { rule.fresh };
    if let (true, Some(said)) = (rule.obey_source, received.fresh_seconds) {
        fresh = fresh.min(Duration::from_secs(said));
    }
    let fresh_until = now + seconds(fresh);
    // An empty list may be a misunderstanding: it is not what anybody should get in a month.
    let keep_until = if empty { fresh_until } else { fresh_until + seconds(rule.stale_if_error) };
    // A source whose clock is ahead of ours does not make answers of the future.
    let source_time = received.last_modified.or(received.date).unwrap_or(now).min(now);
    Entry {
        kind: if empty { EntryKind::Empty } else { EntryKind::Found },
        body: Bytes::from(value.to_string()),
        fetched_at: now,
        source_time,
        fresh_until,
        keep_until,
    }
}

fn missing(rule: &CacheRule, now: DateTime<Utc>) -> Entry {
    let until = now + seconds(rule.missing);
    Entry {
        kind: EntryKind::Missing,
        body: Bytes::new(),
        fetched_at: now,
        source_time: now,
        fresh_until: until,
        keep_until: until,
    }
}
