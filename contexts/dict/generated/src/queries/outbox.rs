// This file was generated with `clorinde`. Do not modify.

#[derive(Clone, Copy, Debug)]
pub struct FirstEventsParams {
    pub now: chrono::DateTime<chrono::Utc>,
    pub latest: chrono::DateTime<chrono::Utc>,
    pub events_max: i64,
}
#[derive(Debug)]
pub struct PostponeEventsParams<T1: crate::ArraySql<Item = i64>> {
    pub now: chrono::DateTime<chrono::Utc>,
    pub longest_seconds: f64,
    pub first_seconds: f64,
    pub event_numbers: T1,
}
#[derive(Debug, Clone, PartialEq)]
pub struct FirstEvents {
    pub key_hash: Vec<u8>,
    pub event_number: i64,
    pub topic: String,
    pub payload: String,
    pub created_at: chrono::DateTime<chrono::Utc>,
}
pub struct FirstEventsBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub event_number: i64,
    pub topic: &'a str,
    pub payload: &'a str,
    pub created_at: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<FirstEventsBorrowed<'a>> for FirstEvents {
    fn from(
        FirstEventsBorrowed { key_hash, event_number, topic, payload, created_at }: FirstEventsBorrowed<'a>,
    ) -> Self {
        Self { key_hash: key_hash.into(), event_number, topic: topic.into(), payload: payload.into(), created_at }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct OutboxBacklog {
    pub events: i64,
    pub oldest_at: Option<chrono::DateTime<chrono::Utc>>,
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct BoolQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<bool, tokio_postgres::Error>,
    mapper: fn(bool) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> BoolQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(bool) -> R) -> BoolQuery<'c, 'a, 's, C, R, N> {
        BoolQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row = crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row = crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c, tokio_postgres::Error> {
        let stream =
            crate::client::async_::raw(self.client, self.query, crate::slice_iter(&self.params), self.cached).await?;
        let mapped = stream
            .map(move |res| {
                res.and_then(|row| {
                    let extracted = (self.extractor)(&row)?;
                    Ok((self.mapper)(extracted))
                })
            })
            .into_stream();
        Ok(mapped)
    }
}
pub struct FirstEventsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FirstEventsBorrowed, tokio_postgres::Error>,
    mapper: fn(FirstEventsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FirstEventsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(FirstEventsBorrowed) -> R) -> FirstEventsQuery<'c, 'a, 's, C, R, N> {
        FirstEventsQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row = crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row = crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c, tokio_postgres::Error> {
        let stream =
            crate::client::async_::raw(self.client, self.query, crate::slice_iter(&self.params), self.cached).await?;
        let mapped = stream
            .map(move |res| {
                res.and_then(|row| {
                    let extracted = (self.extractor)(&row)?;
                    Ok((self.mapper)(extracted))
                })
            })
            .into_stream();
        Ok(mapped)
    }
}
pub struct I64Query<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<i64, tokio_postgres::Error>,
    mapper: fn(i64) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> I64Query<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(i64) -> R) -> I64Query<'c, 'a, 's, C, R, N> {
        I64Query {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row = crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row = crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c, tokio_postgres::Error> {
        let stream =
            crate::client::async_::raw(self.client, self.query, crate::slice_iter(&self.params), self.cached).await?;
        let mapped = stream
            .map(move |res| {
                res.and_then(|row| {
                    let extracted = (self.extractor)(&row)?;
                    Ok((self.mapper)(extracted))
                })
            })
            .into_stream();
        Ok(mapped)
    }
}
pub struct OutboxBacklogQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OutboxBacklog, tokio_postgres::Error>,
    mapper: fn(OutboxBacklog) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OutboxBacklogQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(OutboxBacklog) -> R) -> OutboxBacklogQuery<'c, 'a, 's, C, R, N> {
        OutboxBacklogQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row = crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row = crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c, tokio_postgres::Error> {
        let stream =
            crate::client::async_::raw(self.client, self.query, crate::slice_iter(&self.params), self.cached).await?;
        let mapped = stream
            .map(move |res| {
                res.and_then(|row| {
                    let extracted = (self.extractor)(&row)?;
                    Ok((self.mapper)(extracted))
                })
            })
            .into_stream();
        Ok(mapped)
    }
}
pub struct TakeTurnStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn take_turn() -> TakeTurnStmt {
    TakeTurnStmt(
        "SELECT pg_try_advisory_xact_lock(hashtext('dict.outbox')) AND set_config('idle_in_transaction_session_timeout', '60s', true) IS NOT NULL AS taken",
        None,
    )
}
impl TakeTurnStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> BoolQuery<'c, 'a, 's, C, bool, 0> {
        BoolQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct FirstEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn first_events() -> FirstEventsStmt {
    FirstEventsStmt(
        "SELECT head.key_hash, head.event_number, head.topic, head.payload::text AS payload, head.created_at FROM dict.outbox AS head WHERE (head.postponed_until IS NULL OR head.postponed_until <= $1 OR head.postponed_until > $2) AND NOT EXISTS ( SELECT FROM dict.outbox AS earlier WHERE earlier.key_hash = head.key_hash AND earlier.event_number < head.event_number ) ORDER BY head.event_number LIMIT $3",
        None,
    )
}
impl FirstEventsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        now: &'a chrono::DateTime<chrono::Utc>,
        latest: &'a chrono::DateTime<chrono::Utc>,
        events_max: &'a i64,
    ) -> FirstEventsQuery<'c, 'a, 's, C, FirstEvents, 3> {
        FirstEventsQuery {
            client,
            params: [now, latest, events_max],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<FirstEventsBorrowed, tokio_postgres::Error> {
                Ok(FirstEventsBorrowed {
                    key_hash: row.try_get(0)?,
                    event_number: row.try_get(1)?,
                    topic: row.try_get(2)?,
                    payload: row.try_get(3)?,
                    created_at: row.try_get(4)?,
                })
            },
            mapper: |it| FirstEvents::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, FirstEventsParams, FirstEventsQuery<'c, 'a, 's, C, FirstEvents, 3>, C>
    for FirstEventsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a FirstEventsParams,
    ) -> FirstEventsQuery<'c, 'a, 's, C, FirstEvents, 3> {
        self.bind(client, &params.now, &params.latest, &params.events_max)
    }
}
pub struct DeleteEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_events() -> DeleteEventsStmt {
    DeleteEventsStmt("DELETE FROM dict.outbox WHERE event_number = ANY($1) RETURNING event_number", None)
}
impl DeleteEventsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = i64>>(
        &'s self,
        client: &'c C,
        event_numbers: &'a T1,
    ) -> I64Query<'c, 'a, 's, C, i64, 1> {
        I64Query {
            client,
            params: [event_numbers],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct PostponeEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn postpone_events() -> PostponeEventsStmt {
    PostponeEventsStmt(
        "UPDATE dict.outbox SET attempts = attempts + 1, postponed_until = CAST($1 AS timestamptz) + make_interval(secs => least($2, $3 * power(2, least(attempts, 30)))) WHERE event_number = ANY($4) RETURNING event_number",
        None,
    )
}
impl PostponeEventsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = i64>>(
        &'s self,
        client: &'c C,
        now: &'a chrono::DateTime<chrono::Utc>,
        longest_seconds: &'a f64,
        first_seconds: &'a f64,
        event_numbers: &'a T1,
    ) -> I64Query<'c, 'a, 's, C, i64, 4> {
        I64Query {
            client,
            params: [now, longest_seconds, first_seconds, event_numbers],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = i64>>
    crate::client::async_::Params<'c, 'a, 's, PostponeEventsParams<T1>, I64Query<'c, 'a, 's, C, i64, 4>, C>
    for PostponeEventsStmt
{
    fn params(&'s self, client: &'c C, params: &'a PostponeEventsParams<T1>) -> I64Query<'c, 'a, 's, C, i64, 4> {
        self.bind(client, &params.now, &params.longest_seconds, &params.first_seconds, &params.event_numbers)
    }
}
pub struct OutboxBacklogStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn outbox_backlog() -> OutboxBacklogStmt {
    OutboxBacklogStmt(
        "SELECT (SELECT count(*) FROM (SELECT FROM dict.outbox LIMIT $1) AS waiting) AS events, (SELECT created_at FROM dict.outbox ORDER BY event_number LIMIT 1) AS oldest_at",
        None,
    )
}
impl OutboxBacklogStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        count_max: &'a i64,
    ) -> OutboxBacklogQuery<'c, 'a, 's, C, OutboxBacklog, 1> {
        OutboxBacklogQuery {
            client,
            params: [count_max],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OutboxBacklog, tokio_postgres::Error> {
                Ok(OutboxBacklog { events: row.try_get(0)?, oldest_at: row.try_get(1)? })
            },
            mapper: |it| OutboxBacklog::from(it),
        }
    }
}
pub struct AnnounceEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn announce_events() -> AnnounceEventsStmt {
    AnnounceEventsStmt(
        "SELECT count(pg_notify('dict_events', word)) AS told FROM unnest(CAST($1 AS text[])) AS told (word)",
        None,
    )
}
impl AnnounceEventsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        words: &'a T2,
    ) -> I64Query<'c, 'a, 's, C, i64, 1> {
        I64Query {
            client,
            params: [words],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
