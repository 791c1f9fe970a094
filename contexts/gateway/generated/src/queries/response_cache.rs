// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct CachedResponseParams<T1: crate::StringSql> {
    pub cache_key: T1,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct KeepResponseParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
    T5: crate::BytesSql,
> {
    pub cache_key: T1,
    pub connector: T2,
    pub endpoint: T3,
    pub kind: T4,
    pub body: T5,
    pub fetched_at: chrono::DateTime<chrono::Utc>,
    pub source_time: chrono::DateTime<chrono::Utc>,
    pub fresh_until: chrono::DateTime<chrono::Utc>,
    pub keep_until: chrono::DateTime<chrono::Utc>,
}
#[derive(Clone, Copy, Debug)]
pub struct CleanupExpiredParams {
    pub before: chrono::DateTime<chrono::Utc>,
    pub most: i32,
}
#[derive(Clone, Copy, Debug)]
pub struct CleanupOversizedParams {
    pub most_bytes: i64,
    pub most: i32,
}
#[derive(Debug, Clone, PartialEq)]
pub struct CachedResponse {
    pub kind: String,
    pub body: Vec<u8>,
    pub fetched_at: chrono::DateTime<chrono::Utc>,
    pub source_time: chrono::DateTime<chrono::Utc>,
    pub fresh_until: chrono::DateTime<chrono::Utc>,
    pub keep_until: chrono::DateTime<chrono::Utc>,
}
pub struct CachedResponseBorrowed<'a> {
    pub kind: &'a str,
    pub body: &'a [u8],
    pub fetched_at: chrono::DateTime<chrono::Utc>,
    pub source_time: chrono::DateTime<chrono::Utc>,
    pub fresh_until: chrono::DateTime<chrono::Utc>,
    pub keep_until: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<CachedResponseBorrowed<'a>> for CachedResponse {
    fn from(
        CachedResponseBorrowed { kind, body, fetched_at, source_time, fresh_until, keep_until }: CachedResponseBorrowed<
            'a,
        >,
    ) -> Self {
        Self { kind: kind.into(), body: body.into(), fetched_at, source_time, fresh_until, keep_until }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct CachedResponseQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CachedResponseBorrowed, tokio_postgres::Error>,
    mapper: fn(CachedResponseBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CachedResponseQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CachedResponseBorrowed) -> R) -> CachedResponseQuery<'c, 'a, 's, C, R, N> {
        CachedResponseQuery {
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
pub struct CachedResponseStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cached_response() -> CachedResponseStmt {
    CachedResponseStmt(
        "SELECT kind, body, fetched_at, source_time, fresh_until, keep_until FROM gateway.comexstat_cache WHERE cache_key = $1 AND keep_until > $2",
        None,
    )
}
impl CachedResponseStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        cache_key: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> CachedResponseQuery<'c, 'a, 's, C, CachedResponse, 2> {
        CachedResponseQuery {
            client,
            params: [cache_key, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CachedResponseBorrowed, tokio_postgres::Error> {
                Ok(CachedResponseBorrowed {
                    kind: row.try_get(0)?,
                    body: row.try_get(1)?,
                    fetched_at: row.try_get(2)?,
                    source_time: row.try_get(3)?,
                    fresh_until: row.try_get(4)?,
                    keep_until: row.try_get(5)?,
                })
            },
            mapper: |it| CachedResponse::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CachedResponseParams<T1>,
        CachedResponseQuery<'c, 'a, 's, C, CachedResponse, 2>,
        C,
    > for CachedResponseStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CachedResponseParams<T1>,
    ) -> CachedResponseQuery<'c, 'a, 's, C, CachedResponse, 2> {
        self.bind(client, &params.cache_key, &params.now)
    }
}
pub struct KeepResponseStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn keep_response() -> KeepResponseStmt {
    KeepResponseStmt(
        "INSERT INTO gateway.comexstat_cache (cache_key, connector, endpoint, kind, body, fetched_at, source_time, fresh_until, keep_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (cache_key) DO UPDATE SET kind = excluded.kind, body = excluded.body, fetched_at = excluded.fetched_at, source_time = excluded.source_time, fresh_until = excluded.fresh_until, keep_until = excluded.keep_until WHERE gateway.comexstat_cache.fetched_at <= excluded.fetched_at RETURNING true AS kept",
        None,
    )
}
impl KeepResponseStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::StringSql,
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::StringSql,
        T5: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        cache_key: &'a T1,
        connector: &'a T2,
        endpoint: &'a T3,
        kind: &'a T4,
        body: &'a T5,
        fetched_at: &'a chrono::DateTime<chrono::Utc>,
        source_time: &'a chrono::DateTime<chrono::Utc>,
        fresh_until: &'a chrono::DateTime<chrono::Utc>,
        keep_until: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 9> {
        BoolQuery {
            client,
            params: [cache_key, connector, endpoint, kind, body, fetched_at, source_time, fresh_until, keep_until],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::StringSql,
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::StringSql,
        T5: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        KeepResponseParams<T1, T2, T3, T4, T5>,
        BoolQuery<'c, 'a, 's, C, bool, 9>,
        C,
    > for KeepResponseStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a KeepResponseParams<T1, T2, T3, T4, T5>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 9> {
        self.bind(
            client,
            &params.cache_key,
            &params.connector,
            &params.endpoint,
            &params.kind,
            &params.body,
            &params.fetched_at,
            &params.source_time,
            &params.fresh_until,
            &params.keep_until,
        )
    }
}
pub struct CleanupExpiredStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cleanup_expired() -> CleanupExpiredStmt {
    CleanupExpiredStmt("SELECT gateway.cleanup_expired_cache($1, $2) AS deleted", None)
}
impl CleanupExpiredStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i32,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [before, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, CleanupExpiredParams, I64Query<'c, 'a, 's, C, i64, 2>, C>
    for CleanupExpiredStmt
{
    fn params(&'s self, client: &'c C, params: &'a CleanupExpiredParams) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.before, &params.most)
    }
}
pub struct CleanupOversizedStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cleanup_oversized() -> CleanupOversizedStmt {
    CleanupOversizedStmt("SELECT gateway.cleanup_oversized_cache($1, $2) AS deleted", None)
}
impl CleanupOversizedStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        most_bytes: &'a i64,
        most: &'a i32,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [most_bytes, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, CleanupOversizedParams, I64Query<'c, 'a, 's, C, i64, 2>, C>
    for CleanupOversizedStmt
{
    fn params(&'s self, client: &'c C, params: &'a CleanupOversizedParams) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.most_bytes, &params.most)
    }
}
