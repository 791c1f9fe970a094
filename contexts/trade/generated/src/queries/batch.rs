// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct OpenBatchParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
    T5: crate::StringSql,
> {
    pub ingest_batch: T1,
    pub ingest_source: T2,
    pub ingest_at: chrono::DateTime<chrono::Utc>,
    pub origin: T3,
    pub file_name: T4,
    pub replace_mode: T5,
}
#[derive(Debug)]
pub struct CloseBatchParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
> {
    pub sha256: T1,
    pub rows_read: i64,
    pub rows_loaded: i64,
    pub rows_rejected: i64,
    pub valor_cents: i64,
    pub peso_g: i64,
    pub duration_ms: i64,
    pub outcome: T2,
    pub message: T3,
    pub ingest_batch: T4,
}
#[derive(Debug)]
pub struct SliceBatchesOfFileParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub sha256: T1,
    pub ingest_source: T2,
}
#[derive(Debug)]
pub struct SliceRowsLiveParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
> {
    pub ingest_batches: T2,
    pub ano_inicial: i32,
    pub ano_final: i32,
    pub ncm: T4,
    pub month_first: i32,
    pub month_last: i32,
}
#[derive(Debug, Clone, PartialEq)]
pub struct SliceBatchesOfFile {
    pub ingest_batch: String,
    pub rows_loaded: i64,
}
pub struct SliceBatchesOfFileBorrowed<'a> {
    pub ingest_batch: &'a str,
    pub rows_loaded: i64,
}
impl<'a> From<SliceBatchesOfFileBorrowed<'a>> for SliceBatchesOfFile {
    fn from(
        SliceBatchesOfFileBorrowed {
            ingest_batch,
            rows_loaded,
        }: SliceBatchesOfFileBorrowed<'a>,
    ) -> Self {
        Self {
            ingest_batch: ingest_batch.into(),
            rows_loaded,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct SliceRowsLive {
    pub linhas: i64,
    pub linhas_of_batches: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct BatchFile {
    pub sha256: String,
    pub rows_loaded: i64,
    pub replace_mode: String,
}
pub struct BatchFileBorrowed<'a> {
    pub sha256: &'a str,
    pub rows_loaded: i64,
    pub replace_mode: &'a str,
}
impl<'a> From<BatchFileBorrowed<'a>> for BatchFile {
    fn from(
        BatchFileBorrowed {
            sha256,
            rows_loaded,
            replace_mode,
        }: BatchFileBorrowed<'a>,
    ) -> Self {
        Self {
            sha256: sha256.into(),
            rows_loaded,
            replace_mode: replace_mode.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct BatchOutcomes {
    pub ingest_source: String,
    pub outcome: String,
    pub batches: i64,
    pub rows_loaded: i64,
    pub rows_rejected: i64,
}
pub struct BatchOutcomesBorrowed<'a> {
    pub ingest_source: &'a str,
    pub outcome: &'a str,
    pub batches: i64,
    pub rows_loaded: i64,
    pub rows_rejected: i64,
}
impl<'a> From<BatchOutcomesBorrowed<'a>> for BatchOutcomes {
    fn from(
        BatchOutcomesBorrowed {
            ingest_source,
            outcome,
            batches,
            rows_loaded,
            rows_rejected,
        }: BatchOutcomesBorrowed<'a>,
    ) -> Self {
        Self {
            ingest_source: ingest_source.into(),
            outcome: outcome.into(),
            batches,
            rows_loaded,
            rows_rejected,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct LastLoad {
    pub ingest_at: chrono::DateTime<chrono::Utc>,
    pub duration_ms: i64,
    pub rows_loaded: i64,
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
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
        let row =
            crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row =
            crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<
        impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c,
        tokio_postgres::Error,
    > {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
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
pub struct StringQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<&str, tokio_postgres::Error>,
    mapper: fn(&str) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> StringQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(&str) -> R) -> StringQuery<'c, 'a, 's, C, R, N> {
        StringQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row =
            crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row =
            crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<
        impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c,
        tokio_postgres::Error,
    > {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
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
pub struct SliceBatchesOfFileQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor:
        fn(&tokio_postgres::Row) -> Result<SliceBatchesOfFileBorrowed, tokio_postgres::Error>,
    mapper: fn(SliceBatchesOfFileBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SliceBatchesOfFileQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(SliceBatchesOfFileBorrowed) -> R,
    ) -> SliceBatchesOfFileQuery<'c, 'a, 's, C, R, N> {
        SliceBatchesOfFileQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row =
            crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row =
            crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<
        impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c,
        tokio_postgres::Error,
    > {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
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
pub struct SliceRowsLiveQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SliceRowsLive, tokio_postgres::Error>,
    mapper: fn(SliceRowsLive) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SliceRowsLiveQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SliceRowsLive) -> R) -> SliceRowsLiveQuery<'c, 'a, 's, C, R, N> {
        SliceRowsLiveQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row =
            crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row =
            crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<
        impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c,
        tokio_postgres::Error,
    > {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
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
pub struct BatchFileQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<BatchFileBorrowed, tokio_postgres::Error>,
    mapper: fn(BatchFileBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> BatchFileQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(BatchFileBorrowed) -> R) -> BatchFileQuery<'c, 'a, 's, C, R, N> {
        BatchFileQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row =
            crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row =
            crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<
        impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c,
        tokio_postgres::Error,
    > {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
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
pub struct BatchOutcomesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<BatchOutcomesBorrowed, tokio_postgres::Error>,
    mapper: fn(BatchOutcomesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> BatchOutcomesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(BatchOutcomesBorrowed) -> R,
    ) -> BatchOutcomesQuery<'c, 'a, 's, C, R, N> {
        BatchOutcomesQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row =
            crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row =
            crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<
        impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c,
        tokio_postgres::Error,
    > {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
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
pub struct LastLoadQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LastLoad, tokio_postgres::Error>,
    mapper: fn(LastLoad) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LastLoadQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LastLoad) -> R) -> LastLoadQuery<'c, 'a, 's, C, R, N> {
        LastLoadQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row =
            crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row =
            crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<
        impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c,
        tokio_postgres::Error,
    > {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
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
pub struct NextVersionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn next_version() -> NextVersionStmt {
    NextVersionStmt(
        "SELECT nextval('stg.snapshot_version_seq') AS version",
        None,
    )
}
impl NextVersionStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> I64Query<'c, 'a, 's, C, i64, 0> {
        I64Query {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct OpenBatchStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_batch() -> OpenBatchStmt {
    OpenBatchStmt(
        "INSERT INTO stg.ingest_batch (ingest_batch, ingest_source, ingest_at, origin, file_name, replace_mode, outcome) VALUES ($1, $2, $3, $4, $5, $6, 'loading') RETURNING ingest_batch",
        None,
    )
}
impl OpenBatchStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
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
        T5: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        ingest_batch: &'a T1,
        ingest_source: &'a T2,
        ingest_at: &'a chrono::DateTime<chrono::Utc>,
        origin: &'a T3,
        file_name: &'a T4,
        replace_mode: &'a T5,
    ) -> StringQuery<'c, 'a, 's, C, String, 6> {
        StringQuery {
            client,
            params: [
                ingest_batch,
                ingest_source,
                ingest_at,
                origin,
                file_name,
                replace_mode,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
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
    T5: crate::StringSql,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        OpenBatchParams<T1, T2, T3, T4, T5>,
        StringQuery<'c, 'a, 's, C, String, 6>,
        C,
    > for OpenBatchStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a OpenBatchParams<T1, T2, T3, T4, T5>,
    ) -> StringQuery<'c, 'a, 's, C, String, 6> {
        self.bind(
            client,
            &params.ingest_batch,
            &params.ingest_source,
            &params.ingest_at,
            &params.origin,
            &params.file_name,
            &params.replace_mode,
        )
    }
}
pub struct CloseBatchStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn close_batch() -> CloseBatchStmt {
    CloseBatchStmt(
        "UPDATE stg.ingest_batch SET sha256 = $1, rows_read = $2, rows_loaded = $3, rows_rejected = $4, valor_usd = $5::bigint / 100.0, peso_kg = $6::bigint / 1000.0, duration_ms = $7, outcome = $8, message = $9 WHERE ingest_batch = $10 RETURNING ingest_batch",
        None,
    )
}
impl CloseBatchStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
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
    >(
        &'s self,
        client: &'c C,
        sha256: &'a T1,
        rows_read: &'a i64,
        rows_loaded: &'a i64,
        rows_rejected: &'a i64,
        valor_cents: &'a i64,
        peso_g: &'a i64,
        duration_ms: &'a i64,
        outcome: &'a T2,
        message: &'a T3,
        ingest_batch: &'a T4,
    ) -> StringQuery<'c, 'a, 's, C, String, 10> {
        StringQuery {
            client,
            params: [
                sha256,
                rows_read,
                rows_loaded,
                rows_rejected,
                valor_cents,
                peso_g,
                duration_ms,
                outcome,
                message,
                ingest_batch,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
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
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CloseBatchParams<T1, T2, T3, T4>,
        StringQuery<'c, 'a, 's, C, String, 10>,
        C,
    > for CloseBatchStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CloseBatchParams<T1, T2, T3, T4>,
    ) -> StringQuery<'c, 'a, 's, C, String, 10> {
        self.bind(
            client,
            &params.sha256,
            &params.rows_read,
            &params.rows_loaded,
            &params.rows_rejected,
            &params.valor_cents,
            &params.peso_g,
            &params.duration_ms,
            &params.outcome,
            &params.message,
            &params.ingest_batch,
        )
    }
}
pub struct SliceBatchesOfFileStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn slice_batches_of_file() -> SliceBatchesOfFileStmt {
    SliceBatchesOfFileStmt(
        "SELECT ingest_batch, rows_loaded FROM stg.ingest_batch WHERE sha256 = $1 AND replace_mode = 'slice' AND ingest_source = $2 AND outcome = 'live' ORDER BY ingest_at DESC LIMIT 8",
        None,
    )
}
impl SliceBatchesOfFileStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        sha256: &'a T1,
        ingest_source: &'a T2,
    ) -> SliceBatchesOfFileQuery<'c, 'a, 's, C, SliceBatchesOfFile, 2> {
        SliceBatchesOfFileQuery {
            client,
            params: [sha256, ingest_source],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |
                row: &tokio_postgres::Row,
            | -> Result<SliceBatchesOfFileBorrowed, tokio_postgres::Error> {
                Ok(SliceBatchesOfFileBorrowed {
                    ingest_batch: row.try_get(0)?,
                    rows_loaded: row.try_get(1)?,
                })
            },
            mapper: |it| SliceBatchesOfFile::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SliceBatchesOfFileParams<T1, T2>,
        SliceBatchesOfFileQuery<'c, 'a, 's, C, SliceBatchesOfFile, 2>,
        C,
    > for SliceBatchesOfFileStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SliceBatchesOfFileParams<T1, T2>,
    ) -> SliceBatchesOfFileQuery<'c, 'a, 's, C, SliceBatchesOfFile, 2> {
        self.bind(client, &params.sha256, &params.ingest_source)
    }
}
pub struct SliceRowsLiveStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn slice_rows_live() -> SliceRowsLiveStmt {
    SliceRowsLiveStmt(
        "SELECT count(*) AS linhas, count(*) FILTER (WHERE ingest_batch = ANY ($1)) AS linhas_of_batches FROM stg.exportacao WHERE ano BETWEEN $2 AND $3 AND ncm = ANY ($4) AND ano * 12 + mes - 1 BETWEEN $5 AND $6",
        None,
    )
}
impl SliceRowsLiveStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::StringSql,
        T2: crate::ArraySql<Item = T1>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
    >(
        &'s self,
        client: &'c C,
        ingest_batches: &'a T2,
        ano_inicial: &'a i32,
        ano_final: &'a i32,
        ncm: &'a T4,
        month_first: &'a i32,
        month_last: &'a i32,
    ) -> SliceRowsLiveQuery<'c, 'a, 's, C, SliceRowsLive, 6> {
        SliceRowsLiveQuery {
            client,
            params: [
                ingest_batches,
                ano_inicial,
                ano_final,
                ncm,
                month_first,
                month_last,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SliceRowsLive, tokio_postgres::Error> {
                Ok(SliceRowsLive {
                    linhas: row.try_get(0)?,
                    linhas_of_batches: row.try_get(1)?,
                })
            },
            mapper: |it| SliceRowsLive::from(it),
        }
    }
}
impl<
    'c,
    'a,
    's,
    C: GenericClient,
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SliceRowsLiveParams<T1, T2, T3, T4>,
        SliceRowsLiveQuery<'c, 'a, 's, C, SliceRowsLive, 6>,
        C,
    > for SliceRowsLiveStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SliceRowsLiveParams<T1, T2, T3, T4>,
    ) -> SliceRowsLiveQuery<'c, 'a, 's, C, SliceRowsLive, 6> {
        self.bind(
            client,
            &params.ingest_batches,
            &params.ano_inicial,
            &params.ano_final,
            &params.ncm,
            &params.month_first,
            &params.month_last,
        )
    }
}
pub struct BatchFileStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn batch_file() -> BatchFileStmt {
    BatchFileStmt(
        "SELECT sha256, rows_loaded, replace_mode FROM stg.ingest_batch WHERE ingest_batch = $1",
        None,
    )
}
impl BatchFileStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        ingest_batch: &'a T1,
    ) -> BatchFileQuery<'c, 'a, 's, C, BatchFile, 1> {
        BatchFileQuery {
            client,
            params: [ingest_batch],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<BatchFileBorrowed, tokio_postgres::Error> {
                    Ok(BatchFileBorrowed {
                        sha256: row.try_get(0)?,
                        rows_loaded: row.try_get(1)?,
                        replace_mode: row.try_get(2)?,
                    })
                },
            mapper: |it| BatchFile::from(it),
        }
    }
}
pub struct BatchOutcomesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn batch_outcomes() -> BatchOutcomesStmt {
    BatchOutcomesStmt(
        "SELECT ingest_source, outcome, count(*) AS batches, coalesce(sum(rows_loaded), 0)::bigint AS rows_loaded, coalesce(sum(rows_rejected), 0)::bigint AS rows_rejected FROM stg.ingest_batch GROUP BY ingest_source, outcome",
        None,
    )
}
impl BatchOutcomesStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> BatchOutcomesQuery<'c, 'a, 's, C, BatchOutcomes, 0> {
        BatchOutcomesQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<BatchOutcomesBorrowed, tokio_postgres::Error> {
                    Ok(BatchOutcomesBorrowed {
                        ingest_source: row.try_get(0)?,
                        outcome: row.try_get(1)?,
                        batches: row.try_get(2)?,
                        rows_loaded: row.try_get(3)?,
                        rows_rejected: row.try_get(4)?,
                    })
                },
            mapper: |it| BatchOutcomes::from(it),
        }
    }
}
pub struct LastLoadStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn last_load() -> LastLoadStmt {
    LastLoadStmt(
        "SELECT ingest_at, duration_ms, rows_loaded FROM stg.ingest_batch WHERE outcome = 'live' ORDER BY ingest_at DESC LIMIT 1",
        None,
    )
}
impl LastLoadStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> LastLoadQuery<'c, 'a, 's, C, LastLoad, 0> {
        LastLoadQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LastLoad, tokio_postgres::Error> {
                Ok(LastLoad {
                    ingest_at: row.try_get(0)?,
                    duration_ms: row.try_get(1)?,
                    rows_loaded: row.try_get(2)?,
                })
            },
            mapper: |it| LastLoad::from(it),
        }
    }
}
