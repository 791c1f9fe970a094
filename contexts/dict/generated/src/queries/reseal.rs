// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct EntriesToResealParams<T1: crate::BytesSql> {
    pub after: T1,
    pub current: i32,
    pub most: i64,
}
#[derive(Debug)]
pub struct ResealEntriesParams<
    T1: crate::BytesSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::BytesSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::BytesSql,
    T6: crate::ArraySql<Item = T5>,
> {
    pub current: i32,
    pub key_hashes: T2,
    pub before: T4,
    pub after: T6,
}
#[derive(Debug)]
pub struct ClaimsToResealParams<T1: crate::BytesSql> {
    pub after_key_hash: T1,
    pub after_claim_id: uuid::Uuid,
    pub current: i32,
    pub most: i64,
}
#[derive(Debug)]
pub struct ResealClaimsParams<
    T1: crate::BytesSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = uuid::Uuid>,
    T4: crate::BytesSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::BytesSql,
    T7: crate::ArraySql<Item = T6>,
> {
    pub current: i32,
    pub key_hashes: T2,
    pub claim_ids: T3,
    pub before: T5,
    pub after: T7,
}
#[derive(Debug)]
pub struct RequestsToResealParams<T1: crate::StringSql> {
    pub after_request_id: uuid::Uuid,
    pub after_participant: T1,
    pub current: i32,
    pub most: i64,
}
#[derive(Debug)]
pub struct ResealRequestsParams<
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::BytesSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::BytesSql,
    T7: crate::ArraySql<Item = T6>,
> {
    pub current: i32,
    pub request_ids: T1,
    pub participants: T3,
    pub before: T5,
    pub after: T7,
}
#[derive(Debug, Clone, PartialEq)]
pub struct EntriesToReseal {
    pub key_hash: Vec<u8>,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
}
pub struct EntriesToResealBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub data_key_id: i32,
    pub sealed: &'a [u8],
}
impl<'a> From<EntriesToResealBorrowed<'a>> for EntriesToReseal {
    fn from(EntriesToResealBorrowed { key_hash, data_key_id, sealed }: EntriesToResealBorrowed<'a>) -> Self {
        Self { key_hash: key_hash.into(), data_key_id, sealed: sealed.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimsToReseal {
    pub key_hash: Vec<u8>,
    pub claim_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
}
pub struct ClaimsToResealBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub claim_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
}
impl<'a> From<ClaimsToResealBorrowed<'a>> for ClaimsToReseal {
    fn from(ClaimsToResealBorrowed { key_hash, claim_id, data_key_id, sealed }: ClaimsToResealBorrowed<'a>) -> Self {
        Self { key_hash: key_hash.into(), claim_id, data_key_id, sealed: sealed.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct RequestsToReseal {
    pub request_id: uuid::Uuid,
    pub participant: String,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
}
pub struct RequestsToResealBorrowed<'a> {
    pub request_id: uuid::Uuid,
    pub participant: &'a str,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
}
impl<'a> From<RequestsToResealBorrowed<'a>> for RequestsToReseal {
    fn from(
        RequestsToResealBorrowed { request_id, participant, data_key_id, sealed }: RequestsToResealBorrowed<'a>,
    ) -> Self {
        Self { request_id, participant: participant.into(), data_key_id, sealed: sealed.into() }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct EntriesToResealQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<EntriesToResealBorrowed, tokio_postgres::Error>,
    mapper: fn(EntriesToResealBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> EntriesToResealQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(EntriesToResealBorrowed) -> R) -> EntriesToResealQuery<'c, 'a, 's, C, R, N> {
        EntriesToResealQuery {
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
pub struct ClaimsToResealQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ClaimsToResealBorrowed, tokio_postgres::Error>,
    mapper: fn(ClaimsToResealBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ClaimsToResealQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ClaimsToResealBorrowed) -> R) -> ClaimsToResealQuery<'c, 'a, 's, C, R, N> {
        ClaimsToResealQuery {
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
pub struct RequestsToResealQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RequestsToResealBorrowed, tokio_postgres::Error>,
    mapper: fn(RequestsToResealBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RequestsToResealQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RequestsToResealBorrowed) -> R) -> RequestsToResealQuery<'c, 'a, 's, C, R, N> {
        RequestsToResealQuery {
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
pub struct EntriesToResealStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn entries_to_reseal() -> EntriesToResealStmt {
    EntriesToResealStmt(
        "SELECT key_hash, data_key_id, sealed FROM dict.entries WHERE key_hash > $1 AND data_key_id < $2 ORDER BY key_hash LIMIT $3",
        None,
    )
}
impl EntriesToResealStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        after: &'a T1,
        current: &'a i32,
        most: &'a i64,
    ) -> EntriesToResealQuery<'c, 'a, 's, C, EntriesToReseal, 3> {
        EntriesToResealQuery {
            client,
            params: [after, current, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<EntriesToResealBorrowed, tokio_postgres::Error> {
                Ok(EntriesToResealBorrowed {
                    key_hash: row.try_get(0)?,
                    data_key_id: row.try_get(1)?,
                    sealed: row.try_get(2)?,
                })
            },
            mapper: |it| EntriesToReseal::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        EntriesToResealParams<T1>,
        EntriesToResealQuery<'c, 'a, 's, C, EntriesToReseal, 3>,
        C,
    > for EntriesToResealStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a EntriesToResealParams<T1>,
    ) -> EntriesToResealQuery<'c, 'a, 's, C, EntriesToReseal, 3> {
        self.bind(client, &params.after, &params.current, &params.most)
    }
}
pub struct ResealEntriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reseal_entries() -> ResealEntriesStmt {
    ResealEntriesStmt(
        "UPDATE dict.entries e SET data_key_id = $1, sealed = n.after FROM unnest($2::bytea[], $3::bytea[], $4::bytea[]) AS n (key_hash, before, after) WHERE e.key_hash = n.key_hash AND e.sealed = n.before RETURNING true AS resealed",
        None,
    )
}
impl ResealEntriesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::BytesSql,
        T2: crate::ArraySql<Item = T1>,
        T3: crate::BytesSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::BytesSql,
        T6: crate::ArraySql<Item = T5>,
    >(
        &'s self,
        client: &'c C,
        current: &'a i32,
        key_hashes: &'a T2,
        before: &'a T4,
        after: &'a T6,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [current, key_hashes, before, after],
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
        T1: crate::BytesSql,
        T2: crate::ArraySql<Item = T1>,
        T3: crate::BytesSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::BytesSql,
        T6: crate::ArraySql<Item = T5>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ResealEntriesParams<T1, T2, T3, T4, T5, T6>,
        BoolQuery<'c, 'a, 's, C, bool, 4>,
        C,
    > for ResealEntriesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ResealEntriesParams<T1, T2, T3, T4, T5, T6>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.current, &params.key_hashes, &params.before, &params.after)
    }
}
pub struct ClaimsToResealStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn claims_to_reseal() -> ClaimsToResealStmt {
    ClaimsToResealStmt(
        "SELECT key_hash, claim_id, data_key_id, sealed FROM dict.claims WHERE (key_hash, claim_id) > ($1, $2) AND data_key_id < $3 ORDER BY key_hash, claim_id LIMIT $4",
        None,
    )
}
impl ClaimsToResealStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        after_key_hash: &'a T1,
        after_claim_id: &'a uuid::Uuid,
        current: &'a i32,
        most: &'a i64,
    ) -> ClaimsToResealQuery<'c, 'a, 's, C, ClaimsToReseal, 4> {
        ClaimsToResealQuery {
            client,
            params: [after_key_hash, after_claim_id, current, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimsToResealBorrowed, tokio_postgres::Error> {
                Ok(ClaimsToResealBorrowed {
                    key_hash: row.try_get(0)?,
                    claim_id: row.try_get(1)?,
                    data_key_id: row.try_get(2)?,
                    sealed: row.try_get(3)?,
                })
            },
            mapper: |it| ClaimsToReseal::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ClaimsToResealParams<T1>,
        ClaimsToResealQuery<'c, 'a, 's, C, ClaimsToReseal, 4>,
        C,
    > for ClaimsToResealStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ClaimsToResealParams<T1>,
    ) -> ClaimsToResealQuery<'c, 'a, 's, C, ClaimsToReseal, 4> {
        self.bind(client, &params.after_key_hash, &params.after_claim_id, &params.current, &params.most)
    }
}
pub struct ResealClaimsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reseal_claims() -> ResealClaimsStmt {
    ResealClaimsStmt(
        "UPDATE dict.claims c SET data_key_id = $1, sealed = n.after FROM unnest($2::bytea[], $3::uuid[], $4::bytea[], $5::bytea[]) AS n (key_hash, claim_id, before, after) WHERE c.key_hash = n.key_hash AND c.claim_id = n.claim_id AND c.sealed = n.before RETURNING true AS resealed",
        None,
    )
}
impl ResealClaimsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::BytesSql,
        T2: crate::ArraySql<Item = T1>,
        T3: crate::ArraySql<Item = uuid::Uuid>,
        T4: crate::BytesSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::BytesSql,
        T7: crate::ArraySql<Item = T6>,
    >(
        &'s self,
        client: &'c C,
        current: &'a i32,
        key_hashes: &'a T2,
        claim_ids: &'a T3,
        before: &'a T5,
        after: &'a T7,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        BoolQuery {
            client,
            params: [current, key_hashes, claim_ids, before, after],
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
        T1: crate::BytesSql,
        T2: crate::ArraySql<Item = T1>,
        T3: crate::ArraySql<Item = uuid::Uuid>,
        T4: crate::BytesSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::BytesSql,
        T7: crate::ArraySql<Item = T6>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ResealClaimsParams<T1, T2, T3, T4, T5, T6, T7>,
        BoolQuery<'c, 'a, 's, C, bool, 5>,
        C,
    > for ResealClaimsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ResealClaimsParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        self.bind(client, &params.current, &params.key_hashes, &params.claim_ids, &params.before, &params.after)
    }
}
pub struct RequestsToResealStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn requests_to_reseal() -> RequestsToResealStmt {
    RequestsToResealStmt(
        "SELECT request_id, participant, data_key_id, sealed FROM dict.requests WHERE (request_id, participant) > ($1, $2) AND data_key_id < $3 ORDER BY request_id, participant LIMIT $4",
        None,
    )
}
impl RequestsToResealStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        after_request_id: &'a uuid::Uuid,
        after_participant: &'a T1,
        current: &'a i32,
        most: &'a i64,
    ) -> RequestsToResealQuery<'c, 'a, 's, C, RequestsToReseal, 4> {
        RequestsToResealQuery {
            client,
            params: [after_request_id, after_participant, current, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RequestsToResealBorrowed, tokio_postgres::Error> {
                Ok(RequestsToResealBorrowed {
                    request_id: row.try_get(0)?,
                    participant: row.try_get(1)?,
                    data_key_id: row.try_get(2)?,
                    sealed: row.try_get(3)?,
                })
            },
            mapper: |it| RequestsToReseal::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RequestsToResealParams<T1>,
        RequestsToResealQuery<'c, 'a, 's, C, RequestsToReseal, 4>,
        C,
    > for RequestsToResealStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RequestsToResealParams<T1>,
    ) -> RequestsToResealQuery<'c, 'a, 's, C, RequestsToReseal, 4> {
        self.bind(client, &params.after_request_id, &params.after_participant, &params.current, &params.most)
    }
}
pub struct ResealRequestsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reseal_requests() -> ResealRequestsStmt {
    ResealRequestsStmt(
        "UPDATE dict.requests r SET data_key_id = $1, sealed = n.after FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::bytea[]) AS n (request_id, participant, before, after) WHERE r.request_id = n.request_id AND r.participant = n.participant AND r.sealed = n.before RETURNING true AS resealed",
        None,
    )
}
impl ResealRequestsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = uuid::Uuid>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::BytesSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::BytesSql,
        T7: crate::ArraySql<Item = T6>,
    >(
        &'s self,
        client: &'c C,
        current: &'a i32,
        request_ids: &'a T1,
        participants: &'a T3,
        before: &'a T5,
        after: &'a T7,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        BoolQuery {
            client,
            params: [current, request_ids, participants, before, after],
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
        T1: crate::ArraySql<Item = uuid::Uuid>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::BytesSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::BytesSql,
        T7: crate::ArraySql<Item = T6>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ResealRequestsParams<T1, T2, T3, T4, T5, T6, T7>,
        BoolQuery<'c, 'a, 's, C, bool, 5>,
        C,
    > for ResealRequestsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ResealRequestsParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        self.bind(client, &params.current, &params.request_ids, &params.participants, &params.before, &params.after)
    }
}
