// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct HoldTokensParams<T1: crate::BytesSql> {
    pub bucket: T1,
    pub capacity: i64,
    pub unit_us: i64,
    pub unit_micro_tokens: i64,
    pub asked_at: chrono::DateTime<chrono::Utc>,
    pub known_since: Option<chrono::DateTime<chrono::Utc>>,
    pub hold_id: uuid::Uuid,
    pub least_held: i64,
    pub most_held: i64,
    pub held_until: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct SettleTokensParams<T1: crate::BytesSql> {
    pub bucket: T1,
    pub capacity: i64,
    pub unit_us: i64,
    pub unit_micro_tokens: i64,
    pub asked_at: chrono::DateTime<chrono::Utc>,
    pub known_since: Option<chrono::DateTime<chrono::Utc>>,
    pub hold_id: Option<uuid::Uuid>,
    pub cost: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ForgetBucketsParams {
    pub untouched_since: chrono::DateTime<chrono::Utc>,
    pub most_rows: i64,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct HoldTokens {
    pub granted: i64,
    pub micro_tokens: i64,
    pub free_micro_tokens: i64,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct SettleTokens {
    pub micro_tokens: i64,
    pub free_micro_tokens: i64,
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct HoldTokensQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<HoldTokens, tokio_postgres::Error>,
    mapper: fn(HoldTokens) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> HoldTokensQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(HoldTokens) -> R) -> HoldTokensQuery<'c, 'a, 's, C, R, N> {
        HoldTokensQuery {
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
pub struct SettleTokensQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SettleTokens, tokio_postgres::Error>,
    mapper: fn(SettleTokens) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SettleTokensQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SettleTokens) -> R) -> SettleTokensQuery<'c, 'a, 's, C, R, N> {
        SettleTokensQuery {
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
pub struct HoldTokensStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn hold_tokens() -> HoldTokensStmt {
    HoldTokensStmt(
        "SELECT granted, micro_tokens, free_micro_tokens FROM dict.hold_tokens( $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 )",
        None,
    )
}
impl HoldTokensStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        bucket: &'a T1,
        capacity: &'a i64,
        unit_us: &'a i64,
        unit_micro_tokens: &'a i64,
        asked_at: &'a chrono::DateTime<chrono::Utc>,
        known_since: &'a Option<chrono::DateTime<chrono::Utc>>,
        hold_id: &'a uuid::Uuid,
        least_held: &'a i64,
        most_held: &'a i64,
        held_until: &'a chrono::DateTime<chrono::Utc>,
    ) -> HoldTokensQuery<'c, 'a, 's, C, HoldTokens, 10> {
        HoldTokensQuery {
            client,
            params: [
                bucket,
                capacity,
                unit_us,
                unit_micro_tokens,
                asked_at,
                known_since,
                hold_id,
                least_held,
                most_held,
                held_until,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<HoldTokens, tokio_postgres::Error> {
                Ok(HoldTokens {
                    granted: row.try_get(0)?,
                    micro_tokens: row.try_get(1)?,
                    free_micro_tokens: row.try_get(2)?,
                })
            },
            mapper: |it| HoldTokens::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, HoldTokensParams<T1>, HoldTokensQuery<'c, 'a, 's, C, HoldTokens, 10>, C>
    for HoldTokensStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a HoldTokensParams<T1>,
    ) -> HoldTokensQuery<'c, 'a, 's, C, HoldTokens, 10> {
        self.bind(
            client,
            &params.bucket,
            &params.capacity,
            &params.unit_us,
            &params.unit_micro_tokens,
            &params.asked_at,
            &params.known_since,
            &params.hold_id,
            &params.least_held,
            &params.most_held,
            &params.held_until,
        )
    }
}
pub struct SettleTokensStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn settle_tokens() -> SettleTokensStmt {
    SettleTokensStmt(
        "SELECT micro_tokens, free_micro_tokens FROM dict.settle_tokens( $1, $2, $3, $4, $5, $6, $7, $8 )",
        None,
    )
}
impl SettleTokensStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        bucket: &'a T1,
        capacity: &'a i64,
        unit_us: &'a i64,
        unit_micro_tokens: &'a i64,
        asked_at: &'a chrono::DateTime<chrono::Utc>,
        known_since: &'a Option<chrono::DateTime<chrono::Utc>>,
        hold_id: &'a Option<uuid::Uuid>,
        cost: &'a i64,
    ) -> SettleTokensQuery<'c, 'a, 's, C, SettleTokens, 8> {
        SettleTokensQuery {
            client,
            params: [bucket, capacity, unit_us, unit_micro_tokens, asked_at, known_since, hold_id, cost],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SettleTokens, tokio_postgres::Error> {
                Ok(SettleTokens { micro_tokens: row.try_get(0)?, free_micro_tokens: row.try_get(1)? })
            },
            mapper: |it| SettleTokens::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SettleTokensParams<T1>,
        SettleTokensQuery<'c, 'a, 's, C, SettleTokens, 8>,
        C,
    > for SettleTokensStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SettleTokensParams<T1>,
    ) -> SettleTokensQuery<'c, 'a, 's, C, SettleTokens, 8> {
        self.bind(
            client,
            &params.bucket,
            &params.capacity,
            &params.unit_us,
            &params.unit_micro_tokens,
            &params.asked_at,
            &params.known_since,
            &params.hold_id,
            &params.cost,
        )
    }
}
pub struct ForgetBucketsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_buckets() -> ForgetBucketsStmt {
    ForgetBucketsStmt(
        "DELETE FROM dict.buckets WHERE bucket_hash IN ( SELECT bucket_hash FROM dict.buckets WHERE refilled_at < $1 LIMIT $2 ) RETURNING true AS gone",
        None,
    )
}
impl ForgetBucketsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        untouched_since: &'a chrono::DateTime<chrono::Utc>,
        most_rows: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [untouched_since, most_rows],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, ForgetBucketsParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetBucketsStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetBucketsParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.untouched_since, &params.most_rows)
    }
}
