// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct MarkConsumedParams<T1: crate::StringSql> {
    pub message_id: T1,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Clone, Copy, Debug)]
pub struct ForgetConsumedParams {
    pub before: chrono::DateTime<chrono::Utc>,
    pub rows_max: i64,
}
#[derive(Debug)]
pub struct SetEntryBlockedParams<T1: crate::StringSql, T2: crate::BytesSql, T3: crate::StringSql> {
    pub status: T1,
    pub now: chrono::DateTime<chrono::Utc>,
    pub key_hash: T2,
    pub participant: T3,
    pub event_id: uuid::Uuid,
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
pub struct MarkConsumedStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn mark_consumed() -> MarkConsumedStmt {
    MarkConsumedStmt(
        "INSERT INTO dict.consumed_messages (message_id, consumed_at) VALUES ($1, $2) ON CONFLICT (message_id) DO NOTHING RETURNING true AS marked",
        None,
    )
}
impl MarkConsumedStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        message_id: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [message_id, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, MarkConsumedParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for MarkConsumedStmt
{
    fn params(&'s self, client: &'c C, params: &'a MarkConsumedParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.message_id, &params.now)
    }
}
pub struct ForgetConsumedStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_consumed() -> ForgetConsumedStmt {
    ForgetConsumedStmt(
        "DELETE FROM dict.consumed_messages WHERE message_id IN (SELECT message_id FROM dict.consumed_messages WHERE consumed_at < $1 LIMIT $2) RETURNING true AS gone",
        None,
    )
}
impl ForgetConsumedStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
        rows_max: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [before, rows_max],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, ForgetConsumedParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetConsumedStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetConsumedParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.before, &params.rows_max)
    }
}
pub struct SetEntryBlockedStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn set_entry_blocked() -> SetEntryBlockedStmt {
    SetEntryBlockedStmt(
        "WITH changed AS ( UPDATE dict.entries SET status = $1, updated_at = $2 WHERE key_hash = $3 AND participant = $4 AND status <> $1 AND status <> 'PENDING' RETURNING key_hash, key_type, participant ) INSERT INTO dict.outbox (key_hash, topic, payload, created_at) SELECT key_hash, 'entries.updated', jsonb_build_object( 'event_id', CAST($5 AS uuid), 'type', 'entries.updated', 'participant', participant, 'key_type', key_type, 'key_hash', encode(key_hash, 'hex'), 'status', CAST($1 AS text), 'occurred_at', CAST($2 AS timestamptz) ), $2 FROM changed RETURNING event_number",
        None,
    )
}
impl SetEntryBlockedStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql, T3: crate::StringSql>(
        &'s self,
        client: &'c C,
        status: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
        key_hash: &'a T2,
        participant: &'a T3,
        event_id: &'a uuid::Uuid,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        I64Query {
            client,
            params: [status, now, key_hash, participant, event_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql, T3: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, SetEntryBlockedParams<T1, T2, T3>, I64Query<'c, 'a, 's, C, i64, 5>, C>
    for SetEntryBlockedStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SetEntryBlockedParams<T1, T2, T3>,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        self.bind(client, &params.status, &params.now, &params.key_hash, &params.participant, &params.event_id)
    }
}
