// This file was generated with `clorinde`. Do not modify.

#[derive(Clone, Copy, Debug)]
pub struct OpenStagingParams {
    pub ano: i32,
    pub version: i64,
}
#[derive(Debug)]
pub struct SealStagingParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub ano: i32,
    pub version: i64,
    pub ingest_batch: T1,
    pub ingest_source: T2,
    pub ingest_at: chrono::DateTime<chrono::Utc>,
}
#[derive(Clone, Copy, Debug)]
pub struct IndexStagingParams {
    pub ano: i32,
    pub version: i64,
    pub which: i32,
}
#[derive(Debug)]
pub struct RecordTotalsParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::ArraySql<Item = i64>,
    T6: crate::ArraySql<Item = i64>,
    T7: crate::ArraySql<Item = i64>,
> {
    pub ano: i32,
    pub version: i64,
    pub pais: T2,
    pub setor: T4,
    pub valor_cents: T5,
    pub peso_g: T6,
    pub linhas: T7,
}
#[derive(Debug)]
pub struct PublishYearParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub ano: i32,
    pub version: i64,
    pub ingest_batch: T1,
    pub ingest_source: T2,
    pub through_month: i32,
    pub ingest_at: chrono::DateTime<chrono::Utc>,
    pub keep: bool,
}
#[derive(Debug)]
pub struct PublishPartParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::ArraySql<Item = i16>,
> {
    pub ano: i32,
    pub version: i64,
    pub ingest_batch: T1,
    pub ingest_source: T2,
    pub replace_mode: T3,
    pub ncm: T5,
    pub co_pais: T6,
    pub mes_inicial: i32,
    pub mes_final: i32,
    pub ingest_at: chrono::DateTime<chrono::Utc>,
    pub keep: bool,
}
#[derive(Debug)]
pub struct CoverSliceParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
> {
    pub ingest_batch: T1,
    pub ingest_source: T2,
    pub ncm: T4,
    pub mes_inicial: chrono::NaiveDate,
    pub mes_final: chrono::NaiveDate,
}
#[derive(Debug)]
pub struct ReclassifyYearParams<
    T1: crate::ArraySql<Item = i16>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::StringSql,
    T7: crate::ArraySql<Item = T6>,
> {
    pub ano: i32,
    pub co_pais: T1,
    pub pais: T3,
    pub ncm: T5,
    pub setor: T7,
}
#[derive(Clone, Copy, Debug)]
pub struct RenewYearParams {
    pub ano: i32,
    pub version: i64,
    pub updated_at: chrono::DateTime<chrono::Utc>,
}
#[derive(Clone, Copy, Debug)]
pub struct AnnounceParams {
    pub version: i64,
    pub updated_at: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct PublishPart {
    pub linhas: i64,
    pub valor_cents: i64,
    pub peso_g: i64,
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
pub struct PublishPartQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<PublishPart, tokio_postgres::Error>,
    mapper: fn(PublishPart) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> PublishPartQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(PublishPart) -> R) -> PublishPartQuery<'c, 'a, 's, C, R, N> {
        PublishPartQuery {
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
pub struct TryIngestLockStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn try_ingest_lock() -> TryIngestLockStmt {
    TryIngestLockStmt("SELECT pg_try_advisory_lock(hashtext('bgc.trade.ingest')) AS locked", None)
}
impl TryIngestLockStmt {
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
pub struct SweepStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn sweep() -> SweepStmt {
    SweepStmt("SELECT stg.sweep() AS dropped", None)
}
impl SweepStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> I64Query<'c, 'a, 's, C, i64, 0> {
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
pub struct OpenStagingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_staging() -> OpenStagingStmt {
    OpenStagingStmt("SELECT stg.open_staging($1, $2) AS table_name", None)
}
impl OpenStagingStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        version: &'a i64,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [ano, version],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, OpenStagingParams, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for OpenStagingStmt
{
    fn params(&'s self, client: &'c C, params: &'a OpenStagingParams) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.ano, &params.version)
    }
}
pub struct SealStagingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn seal_staging() -> SealStagingStmt {
    SealStagingStmt("SELECT stg.seal_staging($1, $2, $3, $4, $5) AS sealed", None)
}
impl SealStagingStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        version: &'a i64,
        ingest_batch: &'a T1,
        ingest_source: &'a T2,
        ingest_at: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        BoolQuery {
            client,
            params: [ano, version, ingest_batch, ingest_source, ingest_at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, SealStagingParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 5>, C>
    for SealStagingStmt
{
    fn params(&'s self, client: &'c C, params: &'a SealStagingParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        self.bind(client, &params.ano, &params.version, &params.ingest_batch, &params.ingest_source, &params.ingest_at)
    }
}
pub struct IndexStagingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn index_staging() -> IndexStagingStmt {
    IndexStagingStmt("SELECT stg.index_staging($1, $2, $3) AS indexed", None)
}
impl IndexStagingStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        version: &'a i64,
        which: &'a i32,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        BoolQuery {
            client,
            params: [ano, version, which],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, IndexStagingParams, BoolQuery<'c, 'a, 's, C, bool, 3>, C>
    for IndexStagingStmt
{
    fn params(&'s self, client: &'c C, params: &'a IndexStagingParams) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        self.bind(client, &params.ano, &params.version, &params.which)
    }
}
pub struct RecordTotalsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_totals() -> RecordTotalsStmt {
    RecordTotalsStmt("SELECT stg.record_totals($1, $2, $3, $4, $5, $6, $7) AS recorded", None)
}
impl RecordTotalsStmt {
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::ArraySql<Item = i64>,
        T6: crate::ArraySql<Item = i64>,
        T7: crate::ArraySql<Item = i64>,
    >(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        version: &'a i64,
        pais: &'a T2,
        setor: &'a T4,
        valor_cents: &'a T5,
        peso_g: &'a T6,
        linhas: &'a T7,
    ) -> I64Query<'c, 'a, 's, C, i64, 7> {
        I64Query {
            client,
            params: [ano, version, pais, setor, valor_cents, peso_g, linhas],
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::ArraySql<Item = i64>,
        T6: crate::ArraySql<Item = i64>,
        T7: crate::ArraySql<Item = i64>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RecordTotalsParams<T1, T2, T3, T4, T5, T6, T7>,
        I64Query<'c, 'a, 's, C, i64, 7>,
        C,
    > for RecordTotalsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RecordTotalsParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> I64Query<'c, 'a, 's, C, i64, 7> {
        self.bind(
            client,
            &params.ano,
            &params.version,
            &params.pais,
            &params.setor,
            &params.valor_cents,
            &params.peso_g,
            &params.linhas,
        )
    }
}
pub struct PublishYearStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn publish_year() -> PublishYearStmt {
    PublishYearStmt("SELECT stg.publish_year($1, $2, $3, $4, $5, $6, $7) AS published", None)
}
impl PublishYearStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        version: &'a i64,
        ingest_batch: &'a T1,
        ingest_source: &'a T2,
        through_month: &'a i32,
        ingest_at: &'a chrono::DateTime<chrono::Utc>,
        keep: &'a bool,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        BoolQuery {
            client,
            params: [ano, version, ingest_batch, ingest_source, through_month, ingest_at, keep],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, PublishYearParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 7>, C>
    for PublishYearStmt
{
    fn params(&'s self, client: &'c C, params: &'a PublishYearParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        self.bind(
            client,
            &params.ano,
            &params.version,
            &params.ingest_batch,
            &params.ingest_source,
            &params.through_month,
            &params.ingest_at,
            &params.keep,
        )
    }
}
pub struct PublishPartStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn publish_part() -> PublishPartStmt {
    PublishPartStmt(
        "SELECT linhas, valor_cents, peso_g FROM stg.publish_part($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        None,
    )
}
impl PublishPartStmt {
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
        T5: crate::ArraySql<Item = T4>,
        T6: crate::ArraySql<Item = i16>,
    >(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        version: &'a i64,
        ingest_batch: &'a T1,
        ingest_source: &'a T2,
        replace_mode: &'a T3,
        ncm: &'a T5,
        co_pais: &'a T6,
        mes_inicial: &'a i32,
        mes_final: &'a i32,
        ingest_at: &'a chrono::DateTime<chrono::Utc>,
        keep: &'a bool,
    ) -> PublishPartQuery<'c, 'a, 's, C, PublishPart, 11> {
        PublishPartQuery {
            client,
            params: [
                ano,
                version,
                ingest_batch,
                ingest_source,
                replace_mode,
                ncm,
                co_pais,
                mes_inicial,
                mes_final,
                ingest_at,
                keep,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<PublishPart, tokio_postgres::Error> {
                Ok(PublishPart { linhas: row.try_get(0)?, valor_cents: row.try_get(1)?, peso_g: row.try_get(2)? })
            },
            mapper: |it| PublishPart::from(it),
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
        T5: crate::ArraySql<Item = T4>,
        T6: crate::ArraySql<Item = i16>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        PublishPartParams<T1, T2, T3, T4, T5, T6>,
        PublishPartQuery<'c, 'a, 's, C, PublishPart, 11>,
        C,
    > for PublishPartStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a PublishPartParams<T1, T2, T3, T4, T5, T6>,
    ) -> PublishPartQuery<'c, 'a, 's, C, PublishPart, 11> {
        self.bind(
            client,
            &params.ano,
            &params.version,
            &params.ingest_batch,
            &params.ingest_source,
            &params.replace_mode,
            &params.ncm,
            &params.co_pais,
            &params.mes_inicial,
            &params.mes_final,
            &params.ingest_at,
            &params.keep,
        )
    }
}
pub struct CoverSliceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cover_slice() -> CoverSliceStmt {
    CoverSliceStmt("SELECT stg.cover_slice($1, $2, $3, $4, $5) AS covered", None)
}
impl CoverSliceStmt {
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
        T4: crate::ArraySql<Item = T3>,
    >(
        &'s self,
        client: &'c C,
        ingest_batch: &'a T1,
        ingest_source: &'a T2,
        ncm: &'a T4,
        mes_inicial: &'a chrono::NaiveDate,
        mes_final: &'a chrono::NaiveDate,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        I64Query {
            client,
            params: [ingest_batch, ingest_source, ncm, mes_inicial, mes_final],
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
        T4: crate::ArraySql<Item = T3>,
    > crate::client::async_::Params<'c, 'a, 's, CoverSliceParams<T1, T2, T3, T4>, I64Query<'c, 'a, 's, C, i64, 5>, C>
    for CoverSliceStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CoverSliceParams<T1, T2, T3, T4>,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        self.bind(
            client,
            &params.ingest_batch,
            &params.ingest_source,
            &params.ncm,
            &params.mes_inicial,
            &params.mes_final,
        )
    }
}
pub struct RemoveYearStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn remove_year() -> RemoveYearStmt {
    RemoveYearStmt("SELECT stg.remove_year($1) AS removed", None)
}
impl RemoveYearStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 1> {
        BoolQuery {
            client,
            params: [ano],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct ExpireKeptStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn expire_kept() -> ExpireKeptStmt {
    ExpireKeptStmt("SELECT stg.expire_kept($1) AS dropped", None)
}
impl ExpireKeptStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
    ) -> I64Query<'c, 'a, 's, C, i64, 1> {
        I64Query {
            client,
            params: [before],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct ProductsOfYearStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn products_of_year() -> ProductsOfYearStmt {
    ProductsOfYearStmt("SELECT DISTINCT ncm FROM stg.exportacao WHERE ano = $1", None)
}
impl ProductsOfYearStmt {
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
pub struct ReclassifyYearStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reclassify_year() -> ReclassifyYearStmt {
    ReclassifyYearStmt("SELECT stg.reclassify_year($1, $2, $3, $4, $5) AS changed", None)
}
impl ReclassifyYearStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
    >(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        co_pais: &'a T1,
        pais: &'a T3,
        ncm: &'a T5,
        setor: &'a T7,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        I64Query {
            client,
            params: [ano, co_pais, pais, ncm, setor],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ReclassifyYearParams<T1, T2, T3, T4, T5, T6, T7>,
        I64Query<'c, 'a, 's, C, i64, 5>,
        C,
    > for ReclassifyYearStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ReclassifyYearParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        self.bind(client, &params.ano, &params.co_pais, &params.pais, &params.ncm, &params.setor)
    }
}
pub struct RenewYearStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn renew_year() -> RenewYearStmt {
    RenewYearStmt("SELECT stg.renew_year($1, $2, $3) AS renewed", None)
}
impl RenewYearStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
        version: &'a i64,
        updated_at: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        BoolQuery {
            client,
            params: [ano, version, updated_at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, RenewYearParams, BoolQuery<'c, 'a, 's, C, bool, 3>, C> for RenewYearStmt
{
    fn params(&'s self, client: &'c C, params: &'a RenewYearParams) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        self.bind(client, &params.ano, &params.version, &params.updated_at)
    }
}
pub struct AnnounceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn announce() -> AnnounceStmt {
    AnnounceStmt("SELECT stg.announce($1, $2) AS announced", None)
}
impl AnnounceStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        version: &'a i64,
        updated_at: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [version, updated_at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, AnnounceParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C> for AnnounceStmt
{
    fn params(&'s self, client: &'c C, params: &'a AnnounceParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.version, &params.updated_at)
    }
}
pub struct RefreshReportsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn refresh_reports() -> RefreshReportsStmt {
    RefreshReportsStmt("SELECT rpt.refresh() AS refreshed", None)
}
impl RefreshReportsStmt {
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
