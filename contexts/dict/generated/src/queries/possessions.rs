// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertPossessionParams<T1: crate::BytesSql, T2: crate::StringSql, T3: crate::BytesSql> {
    pub key_hash: T1,
    pub possession_id: uuid::Uuid,
    pub participant: T2,
    pub code_hash: T3,
    pub now: chrono::DateTime<chrono::Utc>,
    pub expires_at: chrono::DateTime<chrono::Utc>,
    pub window_start: chrono::DateTime<chrono::Utc>,
    pub most: i64,
}
#[derive(Debug)]
pub struct DeletePossessionParams<T1: crate::BytesSql> {
    pub key_hash: T1,
    pub possession_id: uuid::Uuid,
}
#[derive(Debug)]
pub struct TryPossessionParams<T1: crate::BytesSql, T2: crate::StringSql> {
    pub key_hash: T1,
    pub possession_id: uuid::Uuid,
    pub participant: T2,
    pub now: chrono::DateTime<chrono::Utc>,
    pub most: i32,
}
#[derive(Debug)]
pub struct ConfirmPossessionParams<T1: crate::BytesSql, T2: crate::StringSql> {
    pub now: chrono::DateTime<chrono::Utc>,
    pub key_hash: T1,
    pub possession_id: uuid::Uuid,
    pub participant: T2,
}
#[derive(Debug)]
pub struct UsePossessionParams<T1: crate::BytesSql, T2: crate::StringSql> {
    pub now: chrono::DateTime<chrono::Utc>,
    pub key_hash: T1,
    pub possession_id: uuid::Uuid,
    pub participant: T2,
    pub confirmed_after: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct GiveBackPossessionParams<T1: crate::BytesSql, T2: crate::StringSql> {
    pub key_hash: T1,
    pub possession_id: uuid::Uuid,
    pub participant: T2,
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
pub struct Vecu8Query<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<&[u8], tokio_postgres::Error>,
    mapper: fn(&[u8]) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> Vecu8Query<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(&[u8]) -> R) -> Vecu8Query<'c, 'a, 's, C, R, N> {
        Vecu8Query {
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
pub struct ChronoDateTimechronoUtcQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<chrono::DateTime<chrono::Utc>, tokio_postgres::Error>,
    mapper: fn(chrono::DateTime<chrono::Utc>) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(chrono::DateTime<chrono::Utc>) -> R,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, R, N> {
        ChronoDateTimechronoUtcQuery {
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
pub struct InsertPossessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_possession() -> InsertPossessionStmt {
    InsertPossessionStmt(
        "INSERT INTO dict.possessions (key_hash, possession_id, participant, code_hash, created_at, expires_at) SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM dict.possessions WHERE key_hash = $1 AND participant = $3 AND created_at > $7) < $8 RETURNING true AS written",
        None,
    )
}
impl InsertPossessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        possession_id: &'a uuid::Uuid,
        participant: &'a T2,
        code_hash: &'a T3,
        now: &'a chrono::DateTime<chrono::Utc>,
        expires_at: &'a chrono::DateTime<chrono::Utc>,
        window_start: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 8> {
        BoolQuery {
            client,
            params: [key_hash, possession_id, participant, code_hash, now, expires_at, window_start, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, InsertPossessionParams<T1, T2, T3>, BoolQuery<'c, 'a, 's, C, bool, 8>, C>
    for InsertPossessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertPossessionParams<T1, T2, T3>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 8> {
        self.bind(
            client,
            &params.key_hash,
            &params.possession_id,
            &params.participant,
            &params.code_hash,
            &params.now,
            &params.expires_at,
            &params.window_start,
            &params.most,
        )
    }
}
pub struct DeletePossessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_possession() -> DeletePossessionStmt {
    DeletePossessionStmt(
        "DELETE FROM dict.possessions WHERE key_hash = $1 AND possession_id = $2 RETURNING true AS gone",
        None,
    )
}
impl DeletePossessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        possession_id: &'a uuid::Uuid,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [key_hash, possession_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, DeletePossessionParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for DeletePossessionStmt
{
    fn params(&'s self, client: &'c C, params: &'a DeletePossessionParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.key_hash, &params.possession_id)
    }
}
pub struct TryPossessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn try_possession() -> TryPossessionStmt {
    TryPossessionStmt(
        "UPDATE dict.possessions SET tries = tries + 1 WHERE key_hash = $1 AND possession_id = $2 AND participant = $3 AND expires_at > $4 AND tries < $5 RETURNING code_hash",
        None,
    )
}
impl TryPossessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        possession_id: &'a uuid::Uuid,
        participant: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i32,
    ) -> Vecu8Query<'c, 'a, 's, C, Vec<u8>, 5> {
        Vecu8Query {
            client,
            params: [key_hash, possession_id, participant, now, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, TryPossessionParams<T1, T2>, Vecu8Query<'c, 'a, 's, C, Vec<u8>, 5>, C>
    for TryPossessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a TryPossessionParams<T1, T2>,
    ) -> Vecu8Query<'c, 'a, 's, C, Vec<u8>, 5> {
        self.bind(client, &params.key_hash, &params.possession_id, &params.participant, &params.now, &params.most)
    }
}
pub struct ConfirmPossessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn confirm_possession() -> ConfirmPossessionStmt {
    ConfirmPossessionStmt(
        "UPDATE dict.possessions SET confirmed_at = coalesce(confirmed_at, $1) WHERE key_hash = $2 AND possession_id = $3 AND participant = $4 RETURNING confirmed_at",
        None,
    )
}
impl ConfirmPossessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        now: &'a chrono::DateTime<chrono::Utc>,
        key_hash: &'a T1,
        possession_id: &'a uuid::Uuid,
        participant: &'a T2,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 4> {
        ChronoDateTimechronoUtcQuery {
            client,
            params: [now, key_hash, possession_id, participant],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ConfirmPossessionParams<T1, T2>,
        ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 4>,
        C,
    > for ConfirmPossessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ConfirmPossessionParams<T1, T2>,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 4> {
        self.bind(client, &params.now, &params.key_hash, &params.possession_id, &params.participant)
    }
}
pub struct UsePossessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn use_possession() -> UsePossessionStmt {
    UsePossessionStmt(
        "UPDATE dict.possessions SET used_at = $1 WHERE key_hash = $2 AND possession_id = $3 AND participant = $4 AND confirmed_at > $5 AND used_at IS NULL RETURNING true AS used",
        None,
    )
}
impl UsePossessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        now: &'a chrono::DateTime<chrono::Utc>,
        key_hash: &'a T1,
        possession_id: &'a uuid::Uuid,
        participant: &'a T2,
        confirmed_after: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        BoolQuery {
            client,
            params: [now, key_hash, possession_id, participant, confirmed_after],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, UsePossessionParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 5>, C>
    for UsePossessionStmt
{
    fn params(&'s self, client: &'c C, params: &'a UsePossessionParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        self.bind(
            client,
            &params.now,
            &params.key_hash,
            &params.possession_id,
            &params.participant,
            &params.confirmed_after,
        )
    }
}
pub struct GiveBackPossessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn give_back_possession() -> GiveBackPossessionStmt {
    GiveBackPossessionStmt(
        "UPDATE dict.possessions SET used_at = NULL WHERE key_hash = $1 AND possession_id = $2 AND participant = $3 RETURNING true AS given_back",
        None,
    )
}
impl GiveBackPossessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        possession_id: &'a uuid::Uuid,
        participant: &'a T2,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        BoolQuery {
            client,
            params: [key_hash, possession_id, participant],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, GiveBackPossessionParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 3>, C>
    for GiveBackPossessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a GiveBackPossessionParams<T1, T2>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        self.bind(client, &params.key_hash, &params.possession_id, &params.participant)
    }
}
