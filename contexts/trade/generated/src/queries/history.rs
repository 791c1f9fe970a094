// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct RestoreYearParams<T1: crate::StringSql> {
    pub ingest_batch: T1,
    pub ano: i32,
    pub version: i64,
    pub at: chrono::DateTime<chrono::Utc>,
}
#[derive(Clone, Copy, Debug)]
pub struct DropYearParams {
    pub ano: i32,
    pub at: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct CompareBatchParams<T1: crate::StringSql> {
    pub ingest_batch: T1,
    pub ano: i32,
}
#[derive(Debug)]
pub struct LiveByNcmParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>> {
    pub ano_inicial: i32,
    pub ano_final: i32,
    pub ingest_source: T1,
    pub ncm: T3,
    pub month_first: i32,
    pub month_last: i32,
}
#[derive(Debug)]
pub struct LiveByCountryParams<T1: crate::StringSql, T2: crate::ArraySql<Item = i16>> {
    pub ano_inicial: i32,
    pub ano_final: i32,
    pub ingest_source: T1,
    pub co_pais: T2,
    pub month_first: i32,
    pub month_last: i32,
}
#[derive(Debug)]
pub struct LiveCountriesParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>> {
    pub ano_inicial: i32,
    pub ano_final: i32,
    pub ingest_source: T1,
    pub ncm: T3,
    pub month_first: i32,
    pub month_last: i32,
}
#[derive(Debug)]
pub struct ReportServingParams<T1: crate::StringSql> {
    pub server_id: T1,
    pub version: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Batches {
    pub ingest_batch: String,
    pub ingest_source: String,
    pub ingest_at: chrono::DateTime<chrono::Utc>,
    pub origin: String,
    pub file_name: String,
    pub sha256: String,
    pub replace_mode: String,
    pub rows_read: i64,
    pub rows_loaded: i64,
    pub rows_rejected: i64,
    pub valor_cents: i64,
    pub peso_g: i64,
    pub duration_ms: i64,
    pub outcome: String,
    pub message: String,
}
pub struct BatchesBorrowed<'a> {
    pub ingest_batch: &'a str,
    pub ingest_source: &'a str,
    pub ingest_at: chrono::DateTime<chrono::Utc>,
    pub origin: &'a str,
    pub file_name: &'a str,
    pub sha256: &'a str,
    pub replace_mode: &'a str,
    pub rows_read: i64,
    pub rows_loaded: i64,
    pub rows_rejected: i64,
    pub valor_cents: i64,
    pub peso_g: i64,
    pub duration_ms: i64,
    pub outcome: &'a str,
    pub message: &'a str,
}
impl<'a> From<BatchesBorrowed<'a>> for Batches {
    fn from(
        BatchesBorrowed {
            ingest_batch,
            ingest_source,
            ingest_at,
            origin,
            file_name,
            sha256,
            replace_mode,
            rows_read,
            rows_loaded,
            rows_rejected,
            valor_cents,
            peso_g,
            duration_ms,
            outcome,
            message,
        }: BatchesBorrowed<'a>,
    ) -> Self {
        Self {
            ingest_batch: ingest_batch.into(),
            ingest_source: ingest_source.into(),
            ingest_at,
            origin: origin.into(),
            file_name: file_name.into(),
            sha256: sha256.into(),
            replace_mode: replace_mode.into(),
            rows_read,
            rows_loaded,
            rows_rejected,
            valor_cents,
            peso_g,
            duration_ms,
            outcome: outcome.into(),
            message: message.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ReplacedYears {
    pub ingest_batch: String,
    pub ano: i32,
    pub replace_mode: String,
    pub version: i64,
    pub rows_before: i64,
    pub cents_before: i64,
    pub g_before: i64,
    pub rows_after: i64,
    pub cents_after: i64,
    pub g_after: i64,
    pub had_data: bool,
    pub kept_table: Option<String>,
    pub kept_bytes: i64,
    pub dropped_at: Option<chrono::DateTime<chrono::Utc>>,
}
pub struct ReplacedYearsBorrowed<'a> {
    pub ingest_batch: &'a str,
    pub ano: i32,
    pub replace_mode: &'a str,
    pub version: i64,
    pub rows_before: i64,
    pub cents_before: i64,
    pub g_before: i64,
    pub rows_after: i64,
    pub cents_after: i64,
    pub g_after: i64,
    pub had_data: bool,
    pub kept_table: Option<&'a str>,
    pub kept_bytes: i64,
    pub dropped_at: Option<chrono::DateTime<chrono::Utc>>,
}
impl<'a> From<ReplacedYearsBorrowed<'a>> for ReplacedYears {
    fn from(
        ReplacedYearsBorrowed {
            ingest_batch,
            ano,
            replace_mode,
            version,
            rows_before,
            cents_before,
            g_before,
            rows_after,
            cents_after,
            g_after,
            had_data,
            kept_table,
            kept_bytes,
            dropped_at,
        }: ReplacedYearsBorrowed<'a>,
    ) -> Self {
        Self {
            ingest_batch: ingest_batch.into(),
            ano,
            replace_mode: replace_mode.into(),
            version,
            rows_before,
            cents_before,
            g_before,
            rows_after,
            cents_after,
            g_after,
            had_data,
            kept_table: kept_table.map(|v| v.into()),
            kept_bytes,
            dropped_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct CompareBatch {
    pub mes: i32,
    pub ncm: String,
    pub added: i64,
    pub changed: i64,
    pub removed: i64,
    pub same: i64,
    pub cents_before: i64,
    pub cents_after: i64,
    pub g_before: i64,
    pub g_after: i64,
}
pub struct CompareBatchBorrowed<'a> {
    pub mes: i32,
    pub ncm: &'a str,
    pub added: i64,
    pub changed: i64,
    pub removed: i64,
    pub same: i64,
    pub cents_before: i64,
    pub cents_after: i64,
    pub g_before: i64,
    pub g_after: i64,
}
impl<'a> From<CompareBatchBorrowed<'a>> for CompareBatch {
    fn from(
        CompareBatchBorrowed {
            mes,
            ncm,
            added,
            changed,
            removed,
            same,
            cents_before,
            cents_after,
            g_before,
            g_after,
        }: CompareBatchBorrowed<'a>,
    ) -> Self {
        Self { mes, ncm: ncm.into(), added, changed, removed, same, cents_before, cents_after, g_before, g_after }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct LiveByNcm {
    pub part: String,
    pub linhas: i64,
    pub valor_cents: i64,
}
pub struct LiveByNcmBorrowed<'a> {
    pub part: &'a str,
    pub linhas: i64,
    pub valor_cents: i64,
}
impl<'a> From<LiveByNcmBorrowed<'a>> for LiveByNcm {
    fn from(LiveByNcmBorrowed { part, linhas, valor_cents }: LiveByNcmBorrowed<'a>) -> Self {
        Self { part: part.into(), linhas, valor_cents }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct LiveByCountry {
    pub part: String,
    pub linhas: i64,
    pub valor_cents: i64,
}
pub struct LiveByCountryBorrowed<'a> {
    pub part: &'a str,
    pub linhas: i64,
    pub valor_cents: i64,
}
impl<'a> From<LiveByCountryBorrowed<'a>> for LiveByCountry {
    fn from(LiveByCountryBorrowed { part, linhas, valor_cents }: LiveByCountryBorrowed<'a>) -> Self {
        Self { part: part.into(), linhas, valor_cents }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct LiveProducts {
    pub products: i64,
    pub countries: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Serving {
    pub server_id: String,
    pub version: i64,
}
pub struct ServingBorrowed<'a> {
    pub server_id: &'a str,
    pub version: i64,
}
impl<'a> From<ServingBorrowed<'a>> for Serving {
    fn from(ServingBorrowed { server_id, version }: ServingBorrowed<'a>) -> Self {
        Self { server_id: server_id.into(), version }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct BatchesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<BatchesBorrowed, tokio_postgres::Error>,
    mapper: fn(BatchesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> BatchesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(BatchesBorrowed) -> R) -> BatchesQuery<'c, 'a, 's, C, R, N> {
        BatchesQuery {
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
pub struct ReplacedYearsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ReplacedYearsBorrowed, tokio_postgres::Error>,
    mapper: fn(ReplacedYearsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ReplacedYearsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ReplacedYearsBorrowed) -> R) -> ReplacedYearsQuery<'c, 'a, 's, C, R, N> {
        ReplacedYearsQuery {
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
pub struct CompareBatchQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CompareBatchBorrowed, tokio_postgres::Error>,
    mapper: fn(CompareBatchBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CompareBatchQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CompareBatchBorrowed) -> R) -> CompareBatchQuery<'c, 'a, 's, C, R, N> {
        CompareBatchQuery {
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
pub struct LiveByNcmQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LiveByNcmBorrowed, tokio_postgres::Error>,
    mapper: fn(LiveByNcmBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LiveByNcmQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LiveByNcmBorrowed) -> R) -> LiveByNcmQuery<'c, 'a, 's, C, R, N> {
        LiveByNcmQuery {
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
pub struct LiveByCountryQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LiveByCountryBorrowed, tokio_postgres::Error>,
    mapper: fn(LiveByCountryBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LiveByCountryQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LiveByCountryBorrowed) -> R) -> LiveByCountryQuery<'c, 'a, 's, C, R, N> {
        LiveByCountryQuery {
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
pub struct LiveProductsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LiveProducts, tokio_postgres::Error>,
    mapper: fn(LiveProducts) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LiveProductsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LiveProducts) -> R) -> LiveProductsQuery<'c, 'a, 's, C, R, N> {
        LiveProductsQuery {
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
pub struct ServingQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ServingBorrowed, tokio_postgres::Error>,
    mapper: fn(ServingBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ServingQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ServingBorrowed) -> R) -> ServingQuery<'c, 'a, 's, C, R, N> {
        ServingQuery {
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
pub struct BatchesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn batches() -> BatchesStmt {
    BatchesStmt(
        "SELECT b.ingest_batch, b.ingest_source, b.ingest_at, b.origin, b.file_name, b.sha256, b.replace_mode, b.rows_read, b.rows_loaded, b.rows_rejected, (b.valor_usd * 100)::bigint AS valor_cents, (b.peso_kg * 1000)::bigint AS peso_g, b.duration_ms, b.outcome, b.message FROM stg.ingest_batch b ORDER BY b.ingest_at DESC, b.ingest_batch DESC LIMIT $1",
        None,
    )
}
impl BatchesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        most: &'a i64,
    ) -> BatchesQuery<'c, 'a, 's, C, Batches, 1> {
        BatchesQuery {
            client,
            params: [most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<BatchesBorrowed, tokio_postgres::Error> {
                Ok(BatchesBorrowed {
                    ingest_batch: row.try_get(0)?,
                    ingest_source: row.try_get(1)?,
                    ingest_at: row.try_get(2)?,
                    origin: row.try_get(3)?,
                    file_name: row.try_get(4)?,
                    sha256: row.try_get(5)?,
                    replace_mode: row.try_get(6)?,
                    rows_read: row.try_get(7)?,
                    rows_loaded: row.try_get(8)?,
                    rows_rejected: row.try_get(9)?,
                    valor_cents: row.try_get(10)?,
                    peso_g: row.try_get(11)?,
                    duration_ms: row.try_get(12)?,
                    outcome: row.try_get(13)?,
                    message: row.try_get(14)?,
                })
            },
            mapper: |it| Batches::from(it),
        }
    }
}
pub struct BatchOutcomeStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn batch_outcome() -> BatchOutcomeStmt {
    BatchOutcomeStmt("SELECT outcome FROM stg.ingest_batch WHERE ingest_batch = $1", None)
}
impl BatchOutcomeStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        ingest_batch: &'a T1,
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [ingest_batch],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct ReplacedYearsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn replaced_years() -> ReplacedYearsStmt {
    ReplacedYearsStmt(
        "SELECT r.ingest_batch, r.ano, r.replace_mode, r.version, r.rows_before, (r.usd_before * 100)::bigint AS cents_before, (r.kg_before * 1000)::bigint AS g_before, r.rows_after, (r.usd_after * 100)::bigint AS cents_after, (r.kg_after * 1000)::bigint AS g_after, r.previous IS NOT NULL AS had_data, r.kept_table, coalesce(pg_total_relation_size(to_regclass('stg.' || r.kept_table)), 0)::bigint AS kept_bytes, r.dropped_at FROM stg.replaced_year r WHERE r.ingest_batch = ANY ($1) ORDER BY r.ingest_batch, r.ano",
        None,
    )
}
impl ReplacedYearsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        ingest_batches: &'a T2,
    ) -> ReplacedYearsQuery<'c, 'a, 's, C, ReplacedYears, 1> {
        ReplacedYearsQuery {
            client,
            params: [ingest_batches],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ReplacedYearsBorrowed, tokio_postgres::Error> {
                Ok(ReplacedYearsBorrowed {
                    ingest_batch: row.try_get(0)?,
                    ano: row.try_get(1)?,
                    replace_mode: row.try_get(2)?,
                    version: row.try_get(3)?,
                    rows_before: row.try_get(4)?,
                    cents_before: row.try_get(5)?,
                    g_before: row.try_get(6)?,
                    rows_after: row.try_get(7)?,
                    cents_after: row.try_get(8)?,
                    g_after: row.try_get(9)?,
                    had_data: row.try_get(10)?,
                    kept_table: row.try_get(11)?,
                    kept_bytes: row.try_get(12)?,
                    dropped_at: row.try_get(13)?,
                })
            },
            mapper: |it| ReplacedYears::from(it),
        }
    }
}
pub struct NewestBatchStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_batch() -> NewestBatchStmt {
    NewestBatchStmt(
        "SELECT r.ingest_batch FROM stg.replaced_year r WHERE r.ano = $1 AND r.dropped_at IS NULL ORDER BY r.version DESC LIMIT 1",
        None,
    )
}
impl NewestBatchStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [ano],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct RestoreYearStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn restore_year() -> RestoreYearStmt {
    RestoreYearStmt("SELECT stg.restore_year($1, $2, $3, $4) AS has_data", None)
}
impl RestoreYearStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        ingest_batch: &'a T1,
        ano: &'a i32,
        version: &'a i64,
        at: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [ingest_batch, ano, version, at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, RestoreYearParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for RestoreYearStmt
{
    fn params(&'s self, client: &'c C, params: &'a RestoreYearParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.ingest_batch, &params.ano, &params.version, &params.at)
    }
}
pub struct CloseDroppedStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn close_dropped() -> CloseDroppedStmt {
    CloseDroppedStmt("SELECT stg.close_dropped($1) AS closed", None)
}
impl CloseDroppedStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        ingest_batch: &'a T1,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 1> {
        BoolQuery {
            client,
            params: [ingest_batch],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct DropYearStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn drop_year() -> DropYearStmt {
    DropYearStmt("SELECT stg.drop_year($1, $2) AS had_data", None)
}
impl DropYearStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        at: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [ano, at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, DropYearParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C> for DropYearStmt
{
    fn params(&'s self, client: &'c C, params: &'a DropYearParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.ano, &params.at)
    }
}
pub struct CompareBatchStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn compare_batch() -> CompareBatchStmt {
    CompareBatchStmt(
        "SELECT mes, ncm, added, changed, removed, same, cents_before, cents_after, g_before, g_after FROM stg.compare_batch($1, $2)",
        None,
    )
}
impl CompareBatchStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        ingest_batch: &'a T1,
        ano: &'a i32,
    ) -> CompareBatchQuery<'c, 'a, 's, C, CompareBatch, 2> {
        CompareBatchQuery {
            client,
            params: [ingest_batch, ano],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CompareBatchBorrowed, tokio_postgres::Error> {
                Ok(CompareBatchBorrowed {
                    mes: row.try_get(0)?,
                    ncm: row.try_get(1)?,
                    added: row.try_get(2)?,
                    changed: row.try_get(3)?,
                    removed: row.try_get(4)?,
                    same: row.try_get(5)?,
                    cents_before: row.try_get(6)?,
                    cents_after: row.try_get(7)?,
                    g_before: row.try_get(8)?,
                    g_after: row.try_get(9)?,
                })
            },
            mapper: |it| CompareBatch::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CompareBatchParams<T1>,
        CompareBatchQuery<'c, 'a, 's, C, CompareBatch, 2>,
        C,
    > for CompareBatchStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CompareBatchParams<T1>,
    ) -> CompareBatchQuery<'c, 'a, 's, C, CompareBatch, 2> {
        self.bind(client, &params.ingest_batch, &params.ano)
    }
}
pub struct LiveByNcmStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn live_by_ncm() -> LiveByNcmStmt {
    LiveByNcmStmt(
        "SELECT ncm AS part, count(*) AS linhas, (sum(valor_usd) * 100)::bigint AS valor_cents FROM stg.exportacao WHERE ano BETWEEN $1 AND $2 AND ingest_source = $3 AND ncm = ANY ($4) AND ano * 12 + mes - 1 BETWEEN $5 AND $6 GROUP BY ncm",
        None,
    )
}
impl LiveByNcmStmt {
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
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        ano_inicial: &'a i32,
        ano_final: &'a i32,
        ingest_source: &'a T1,
        ncm: &'a T3,
        month_first: &'a i32,
        month_last: &'a i32,
    ) -> LiveByNcmQuery<'c, 'a, 's, C, LiveByNcm, 6> {
        LiveByNcmQuery {
            client,
            params: [ano_inicial, ano_final, ingest_source, ncm, month_first, month_last],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LiveByNcmBorrowed, tokio_postgres::Error> {
                Ok(LiveByNcmBorrowed { part: row.try_get(0)?, linhas: row.try_get(1)?, valor_cents: row.try_get(2)? })
            },
            mapper: |it| LiveByNcm::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        LiveByNcmParams<T1, T2, T3>,
        LiveByNcmQuery<'c, 'a, 's, C, LiveByNcm, 6>,
        C,
    > for LiveByNcmStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a LiveByNcmParams<T1, T2, T3>,
    ) -> LiveByNcmQuery<'c, 'a, 's, C, LiveByNcm, 6> {
        self.bind(
            client,
            &params.ano_inicial,
            &params.ano_final,
            &params.ingest_source,
            &params.ncm,
            &params.month_first,
            &params.month_last,
        )
    }
}
pub struct LiveByCountryStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn live_by_country() -> LiveByCountryStmt {
    LiveByCountryStmt(
        "SELECT co_pais::text AS part, count(*) AS linhas, (sum(valor_usd) * 100)::bigint AS valor_cents FROM stg.exportacao WHERE ano BETWEEN $1 AND $2 AND ingest_source = $3 AND co_pais = ANY ($4) AND ano * 12 + mes - 1 BETWEEN $5 AND $6 GROUP BY co_pais",
        None,
    )
}
impl LiveByCountryStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = i16>>(
        &'s self,
        client: &'c C,
        ano_inicial: &'a i32,
        ano_final: &'a i32,
        ingest_source: &'a T1,
        co_pais: &'a T2,
        month_first: &'a i32,
        month_last: &'a i32,
    ) -> LiveByCountryQuery<'c, 'a, 's, C, LiveByCountry, 6> {
        LiveByCountryQuery {
            client,
            params: [ano_inicial, ano_final, ingest_source, co_pais, month_first, month_last],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LiveByCountryBorrowed, tokio_postgres::Error> {
                Ok(LiveByCountryBorrowed {
                    part: row.try_get(0)?,
                    linhas: row.try_get(1)?,
                    valor_cents: row.try_get(2)?,
                })
            },
            mapper: |it| LiveByCountry::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = i16>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        LiveByCountryParams<T1, T2>,
        LiveByCountryQuery<'c, 'a, 's, C, LiveByCountry, 6>,
        C,
    > for LiveByCountryStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a LiveByCountryParams<T1, T2>,
    ) -> LiveByCountryQuery<'c, 'a, 's, C, LiveByCountry, 6> {
        self.bind(
            client,
            &params.ano_inicial,
            &params.ano_final,
            &params.ingest_source,
            &params.co_pais,
            &params.month_first,
            &params.month_last,
        )
    }
}
pub struct LiveCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn live_countries() -> LiveCountriesStmt {
    LiveCountriesStmt(
        "SELECT count(DISTINCT co_pais) AS countries FROM stg.exportacao WHERE ano BETWEEN $1 AND $2 AND ingest_source = $3 AND ncm = ANY ($4) AND ano * 12 + mes - 1 BETWEEN $5 AND $6",
        None,
    )
}
impl LiveCountriesStmt {
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
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        ano_inicial: &'a i32,
        ano_final: &'a i32,
        ingest_source: &'a T1,
        ncm: &'a T3,
        month_first: &'a i32,
        month_last: &'a i32,
    ) -> I64Query<'c, 'a, 's, C, i64, 6> {
        I64Query {
            client,
            params: [ano_inicial, ano_final, ingest_source, ncm, month_first, month_last],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>>
    crate::client::async_::Params<'c, 'a, 's, LiveCountriesParams<T1, T2, T3>, I64Query<'c, 'a, 's, C, i64, 6>, C>
    for LiveCountriesStmt
{
    fn params(&'s self, client: &'c C, params: &'a LiveCountriesParams<T1, T2, T3>) -> I64Query<'c, 'a, 's, C, i64, 6> {
        self.bind(
            client,
            &params.ano_inicial,
            &params.ano_final,
            &params.ingest_source,
            &params.ncm,
            &params.month_first,
            &params.month_last,
        )
    }
}
pub struct LiveProductsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn live_products() -> LiveProductsStmt {
    LiveProductsStmt(
        "SELECT count(DISTINCT ncm) AS products, count(DISTINCT co_pais) AS countries FROM stg.exportacao WHERE ano = $1",
        None,
    )
}
impl LiveProductsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
    ) -> LiveProductsQuery<'c, 'a, 's, C, LiveProducts, 1> {
        LiveProductsQuery {
            client,
            params: [ano],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LiveProducts, tokio_postgres::Error> {
                Ok(LiveProducts { products: row.try_get(0)?, countries: row.try_get(1)? })
            },
            mapper: |it| LiveProducts::from(it),
        }
    }
}
pub struct ReportServingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn report_serving() -> ReportServingStmt {
    ReportServingStmt(
        "INSERT INTO stg.serving (server_id, backend_pid, version, seen_at) VALUES ($1, pg_backend_pid(), $2, clock_timestamp()) ON CONFLICT (server_id) DO UPDATE SET backend_pid = excluded.backend_pid, version = excluded.version, seen_at = excluded.seen_at RETURNING server_id",
        None,
    )
}
impl ReportServingStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        server_id: &'a T1,
        version: &'a i64,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [server_id, version],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, ReportServingParams<T1>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for ReportServingStmt
{
    fn params(&'s self, client: &'c C, params: &'a ReportServingParams<T1>) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.server_id, &params.version)
    }
}
pub struct EndServingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn end_serving() -> EndServingStmt {
    EndServingStmt(
        "WITH gone AS ( DELETE FROM stg.serving WHERE server_id = $1 OR seen_at < clock_timestamp() - interval '1 day' RETURNING 1) SELECT count(*) AS gone FROM gone",
        None,
    )
}
impl EndServingStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        server_id: &'a T1,
    ) -> I64Query<'c, 'a, 's, C, i64, 1> {
        I64Query {
            client,
            params: [server_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct ServingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn serving() -> ServingStmt {
    ServingStmt(
        "SELECT s.server_id, s.version FROM stg.serving s JOIN pg_stat_activity a ON a.pid = s.backend_pid AND a.usename = current_user WHERE s.seen_at > clock_timestamp() - interval '40 seconds'",
        None,
    )
}
impl ServingStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> ServingQuery<'c, 'a, 's, C, Serving, 0> {
        ServingQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ServingBorrowed, tokio_postgres::Error> {
                Ok(ServingBorrowed { server_id: row.try_get(0)?, version: row.try_get(1)? })
            },
            mapper: |it| Serving::from(it),
        }
    }
}
