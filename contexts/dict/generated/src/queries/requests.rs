// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct RegisterKeysParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = uuid::Uuid>,
    T4: crate::BytesSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::StringSql,
    T7: crate::ArraySql<Item = T6>,
    T8: crate::ArraySql<Item = i32>,
    T9: crate::BytesSql,
    T10: crate::ArraySql<Item = T9>,
    T11: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    T12: crate::BytesSql,
    T13: crate::ArraySql<Item = Option<T12>>,
    T14: crate::StringSql,
    T15: crate::ArraySql<Item = T14>,
    T16: crate::BytesSql,
    T17: crate::ArraySql<Item = T16>,
    T18: crate::BytesSql,
    T19: crate::ArraySql<Item = T18>,
    T20: crate::BytesSql,
    T21: crate::ArraySql<Item = Option<T20>>,
    T22: crate::ArraySql<Item = i32>,
    T23: crate::BytesSql,
    T24: crate::ArraySql<Item = Option<T23>>,
    T25: crate::ArraySql<Item = i32>,
    T26: crate::ArraySql<Item = Option<uuid::Uuid>>,
    T27: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
> {
    pub participants: T2,
    pub request_ids: T3,
    pub fingerprints: T5,
    pub statuses: T7,
    pub request_data_key_ids: T8,
    pub request_sealed: T10,
    pub moments: T11,
    pub key_hashes: T13,
    pub key_types: T15,
    pub account_hashes: T17,
    pub owner_hashes: T19,
    pub cids: T21,
    pub entry_data_key_ids: T22,
    pub entry_sealed: T24,
    pub keys_max: T25,
    pub possession_ids: T26,
    pub confirmed_after: T27,
}
#[derive(Debug)]
pub struct KeepPendingParams<
    T1: crate::BytesSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::BytesSql,
    T5: crate::BytesSql,
    T6: crate::BytesSql,
    T7: crate::BytesSql,
> {
    pub key_hash: T1,
    pub key_type: T2,
    pub participant: T3,
    pub account_hash: T4,
    pub owner_hash: T5,
    pub cid: T6,
    pub request_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: T7,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct ActivateKeysParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = uuid::Uuid>,
    T4: crate::ArraySql<Item = i32>,
    T5: crate::BytesSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    T8: crate::BytesSql,
    T9: crate::ArraySql<Item = T8>,
    T10: crate::StringSql,
    T11: crate::ArraySql<Item = T10>,
    T12: crate::BytesSql,
    T13: crate::ArraySql<Item = T12>,
    T14: crate::BytesSql,
    T15: crate::ArraySql<Item = T14>,
    T16: crate::StringSql,
    T17: crate::ArraySql<Item = T16>,
    T18: crate::BytesSql,
    T19: crate::ArraySql<Item = T18>,
    T20: crate::ArraySql<Item = i32>,
    T21: crate::BytesSql,
    T22: crate::ArraySql<Item = T21>,
    T23: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    T24: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
> {
    pub participants: T2,
    pub request_ids: T3,
    pub request_data_key_ids: T4,
    pub request_sealed: T6,
    pub moments: T7,
    pub key_hashes: T9,
    pub key_types: T11,
    pub account_hashes: T13,
    pub owner_hashes: T15,
    pub statuses: T17,
    pub cids: T19,
    pub entry_data_key_ids: T20,
    pub entry_sealed: T22,
    pub created_at: T23,
    pub key_owned_since: T24,
}
#[derive(Debug)]
pub struct ReleaseKeyParams<T1: crate::StringSql, T2: crate::BytesSql, T3: crate::BytesSql> {
    pub participant: T1,
    pub request_id: uuid::Uuid,
    pub key_hash: Option<T2>,
    pub account_hash: T3,
    pub possession_id: Option<uuid::Uuid>,
    pub unless_joined: bool,
}
#[derive(Clone, Copy, Debug)]
pub struct TakePendingRequestsParams {
    pub now: chrono::DateTime<chrono::Utc>,
    pub untouched_since: chrono::DateTime<chrono::Utc>,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ForgetRequestsParams {
    pub before: chrono::DateTime<chrono::Utc>,
    pub most: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterKeys {
    pub outcome: String,
    pub data_key_id: Option<i32>,
    pub sealed: Option<Vec<u8>>,
}
pub struct RegisterKeysBorrowed<'a> {
    pub outcome: &'a str,
    pub data_key_id: Option<i32>,
    pub sealed: Option<&'a [u8]>,
}
impl<'a> From<RegisterKeysBorrowed<'a>> for RegisterKeys {
    fn from(RegisterKeysBorrowed { outcome, data_key_id, sealed }: RegisterKeysBorrowed<'a>) -> Self {
        Self { outcome: outcome.into(), data_key_id, sealed: sealed.map(|v| v.into()) }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct TakePendingRequests {
    pub participant: String,
    pub request_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
}
pub struct TakePendingRequestsBorrowed<'a> {
    pub participant: &'a str,
    pub request_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
}
impl<'a> From<TakePendingRequestsBorrowed<'a>> for TakePendingRequests {
    fn from(
        TakePendingRequestsBorrowed { participant, request_id, data_key_id, sealed }: TakePendingRequestsBorrowed<'a>,
    ) -> Self {
        Self { participant: participant.into(), request_id, data_key_id, sealed: sealed.into() }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct RegisterKeysQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RegisterKeysBorrowed, tokio_postgres::Error>,
    mapper: fn(RegisterKeysBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RegisterKeysQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RegisterKeysBorrowed) -> R) -> RegisterKeysQuery<'c, 'a, 's, C, R, N> {
        RegisterKeysQuery {
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
pub struct TakePendingRequestsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<TakePendingRequestsBorrowed, tokio_postgres::Error>,
    mapper: fn(TakePendingRequestsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> TakePendingRequestsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(TakePendingRequestsBorrowed) -> R) -> TakePendingRequestsQuery<'c, 'a, 's, C, R, N> {
        TakePendingRequestsQuery {
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
pub struct RegisterKeysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn register_keys() -> RegisterKeysStmt {
    RegisterKeysStmt(
        "SELECT taken.outcome, taken.data_key_id, taken.sealed FROM unnest( $1::text[], $2::uuid[], $3::bytea[], $4::text[], $5::integer[], $6::bytea[], $7::timestamptz[], $8::bytea[], $9::text[], $10::bytea[], $11::bytea[], $12::bytea[], $13::integer[], $14::bytea[], $15::integer[], $16::uuid[], $17::timestamptz[] ) WITH ORDINALITY AS w ( participant, request_id, fingerprint, status, request_data_key_id, request_sealed, now, key_hash, key_type, account_hash, owner_hash, cid, entry_data_key_id, entry_sealed, keys_max, possession_id, confirmed_after, place) CROSS JOIN LATERAL dict.register_key( ROW(w.participant, w.request_id, 'CREATE_KEY', w.fingerprint, w.status, NULL, w.request_data_key_id, w.request_sealed, w.now, w.now)::dict.requests, ROW(w.key_hash, w.key_type, w.participant, w.account_hash, w.owner_hash, 'ACTIVE', w.cid, w.request_id, w.entry_data_key_id, w.entry_sealed, w.now, w.now, w.now)::dict.entries, w.keys_max, w.possession_id, w.confirmed_after) AS taken ORDER BY w.place",
        None,
    )
}
impl RegisterKeysStmt {
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
        T3: crate::ArraySql<Item = uuid::Uuid>,
        T4: crate::BytesSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
        T8: crate::ArraySql<Item = i32>,
        T9: crate::BytesSql,
        T10: crate::ArraySql<Item = T9>,
        T11: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T12: crate::BytesSql,
        T13: crate::ArraySql<Item = Option<T12>>,
        T14: crate::StringSql,
        T15: crate::ArraySql<Item = T14>,
        T16: crate::BytesSql,
        T17: crate::ArraySql<Item = T16>,
        T18: crate::BytesSql,
        T19: crate::ArraySql<Item = T18>,
        T20: crate::BytesSql,
        T21: crate::ArraySql<Item = Option<T20>>,
        T22: crate::ArraySql<Item = i32>,
        T23: crate::BytesSql,
        T24: crate::ArraySql<Item = Option<T23>>,
        T25: crate::ArraySql<Item = i32>,
        T26: crate::ArraySql<Item = Option<uuid::Uuid>>,
        T27: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    >(
        &'s self,
        client: &'c C,
        participants: &'a T2,
        request_ids: &'a T3,
        fingerprints: &'a T5,
        statuses: &'a T7,
        request_data_key_ids: &'a T8,
        request_sealed: &'a T10,
        moments: &'a T11,
        key_hashes: &'a T13,
        key_types: &'a T15,
        account_hashes: &'a T17,
        owner_hashes: &'a T19,
        cids: &'a T21,
        entry_data_key_ids: &'a T22,
        entry_sealed: &'a T24,
        keys_max: &'a T25,
        possession_ids: &'a T26,
        confirmed_after: &'a T27,
    ) -> RegisterKeysQuery<'c, 'a, 's, C, RegisterKeys, 17> {
        RegisterKeysQuery {
            client,
            params: [
                participants,
                request_ids,
                fingerprints,
                statuses,
                request_data_key_ids,
                request_sealed,
                moments,
                key_hashes,
                key_types,
                account_hashes,
                owner_hashes,
                cids,
                entry_data_key_ids,
                entry_sealed,
                keys_max,
                possession_ids,
                confirmed_after,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RegisterKeysBorrowed, tokio_postgres::Error> {
                Ok(RegisterKeysBorrowed {
                    outcome: row.try_get(0)?,
                    data_key_id: row.try_get(1)?,
                    sealed: row.try_get(2)?,
                })
            },
            mapper: |it| RegisterKeys::from(it),
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
        T3: crate::ArraySql<Item = uuid::Uuid>,
        T4: crate::BytesSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
        T8: crate::ArraySql<Item = i32>,
        T9: crate::BytesSql,
        T10: crate::ArraySql<Item = T9>,
        T11: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T12: crate::BytesSql,
        T13: crate::ArraySql<Item = Option<T12>>,
        T14: crate::StringSql,
        T15: crate::ArraySql<Item = T14>,
        T16: crate::BytesSql,
        T17: crate::ArraySql<Item = T16>,
        T18: crate::BytesSql,
        T19: crate::ArraySql<Item = T18>,
        T20: crate::BytesSql,
        T21: crate::ArraySql<Item = Option<T20>>,
        T22: crate::ArraySql<Item = i32>,
        T23: crate::BytesSql,
        T24: crate::ArraySql<Item = Option<T23>>,
        T25: crate::ArraySql<Item = i32>,
        T26: crate::ArraySql<Item = Option<uuid::Uuid>>,
        T27: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RegisterKeysParams<
            T1,
            T2,
            T3,
            T4,
            T5,
            T6,
            T7,
            T8,
            T9,
            T10,
            T11,
            T12,
            T13,
            T14,
            T15,
            T16,
            T17,
            T18,
            T19,
            T20,
            T21,
            T22,
            T23,
            T24,
            T25,
            T26,
            T27,
        >,
        RegisterKeysQuery<'c, 'a, 's, C, RegisterKeys, 17>,
        C,
    > for RegisterKeysStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RegisterKeysParams<
            T1,
            T2,
            T3,
            T4,
            T5,
            T6,
            T7,
            T8,
            T9,
            T10,
            T11,
            T12,
            T13,
            T14,
            T15,
            T16,
            T17,
            T18,
            T19,
            T20,
            T21,
            T22,
            T23,
            T24,
            T25,
            T26,
            T27,
        >,
    ) -> RegisterKeysQuery<'c, 'a, 's, C, RegisterKeys, 17> {
        self.bind(
            client,
            &params.participants,
            &params.request_ids,
            &params.fingerprints,
            &params.statuses,
            &params.request_data_key_ids,
            &params.request_sealed,
            &params.moments,
            &params.key_hashes,
            &params.key_types,
            &params.account_hashes,
            &params.owner_hashes,
            &params.cids,
            &params.entry_data_key_ids,
            &params.entry_sealed,
            &params.keys_max,
            &params.possession_ids,
            &params.confirmed_after,
        )
    }
}
pub struct KeepPendingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn keep_pending() -> KeepPendingStmt {
    KeepPendingStmt(
        "SELECT dict.keep_pending( ROW($1, $2, $3, $4, $5, 'PENDING', $6, $7, $8, $9, $10, $10, $10)::dict.entries) AS kept",
        None,
    )
}
impl KeepPendingStmt {
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
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::BytesSql,
        T5: crate::BytesSql,
        T6: crate::BytesSql,
        T7: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        key_type: &'a T2,
        participant: &'a T3,
        account_hash: &'a T4,
        owner_hash: &'a T5,
        cid: &'a T6,
        request_id: &'a uuid::Uuid,
        data_key_id: &'a i32,
        sealed: &'a T7,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 10> {
        BoolQuery {
            client,
            params: [
                key_hash,
                key_type,
                participant,
                account_hash,
                owner_hash,
                cid,
                request_id,
                data_key_id,
                sealed,
                now,
            ],
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
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::BytesSql,
        T5: crate::BytesSql,
        T6: crate::BytesSql,
        T7: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        KeepPendingParams<T1, T2, T3, T4, T5, T6, T7>,
        BoolQuery<'c, 'a, 's, C, bool, 10>,
        C,
    > for KeepPendingStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a KeepPendingParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 10> {
        self.bind(
            client,
            &params.key_hash,
            &params.key_type,
            &params.participant,
            &params.account_hash,
            &params.owner_hash,
            &params.cid,
            &params.request_id,
            &params.data_key_id,
            &params.sealed,
            &params.now,
        )
    }
}
pub struct ActivateKeysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn activate_keys() -> ActivateKeysStmt {
    ActivateKeysStmt(
        "SELECT activated.outcome FROM unnest( $1::text[], $2::uuid[], $3::integer[], $4::bytea[], $5::timestamptz[], $6::bytea[], $7::text[], $8::bytea[], $9::bytea[], $10::text[], $11::bytea[], $12::integer[], $13::bytea[], $14::timestamptz[], $15::timestamptz[] ) WITH ORDINALITY AS w ( participant, request_id, request_data_key_id, request_sealed, now, key_hash, key_type, account_hash, owner_hash, status, cid, entry_data_key_id, entry_sealed, created_at, key_owned_since, place) CROSS JOIN LATERAL dict.activate_key( ROW(w.participant, w.request_id, 'CREATE_KEY', NULL, 'DONE', NULL, w.request_data_key_id, w.request_sealed, w.now, w.now)::dict.requests, ROW(w.key_hash, w.key_type, w.participant, w.account_hash, w.owner_hash, w.status, w.cid, w.request_id, w.entry_data_key_id, w.entry_sealed, w.created_at, w.key_owned_since, w.now)::dict.entries) AS activated (outcome) ORDER BY w.place",
        None,
    )
}
impl ActivateKeysStmt {
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
        T3: crate::ArraySql<Item = uuid::Uuid>,
        T4: crate::ArraySql<Item = i32>,
        T5: crate::BytesSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T8: crate::BytesSql,
        T9: crate::ArraySql<Item = T8>,
        T10: crate::StringSql,
        T11: crate::ArraySql<Item = T10>,
        T12: crate::BytesSql,
        T13: crate::ArraySql<Item = T12>,
        T14: crate::BytesSql,
        T15: crate::ArraySql<Item = T14>,
        T16: crate::StringSql,
        T17: crate::ArraySql<Item = T16>,
        T18: crate::BytesSql,
        T19: crate::ArraySql<Item = T18>,
        T20: crate::ArraySql<Item = i32>,
        T21: crate::BytesSql,
        T22: crate::ArraySql<Item = T21>,
        T23: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T24: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    >(
        &'s self,
        client: &'c C,
        participants: &'a T2,
        request_ids: &'a T3,
        request_data_key_ids: &'a T4,
        request_sealed: &'a T6,
        moments: &'a T7,
        key_hashes: &'a T9,
        key_types: &'a T11,
        account_hashes: &'a T13,
        owner_hashes: &'a T15,
        statuses: &'a T17,
        cids: &'a T19,
        entry_data_key_ids: &'a T20,
        entry_sealed: &'a T22,
        created_at: &'a T23,
        key_owned_since: &'a T24,
    ) -> StringQuery<'c, 'a, 's, C, String, 15> {
        StringQuery {
            client,
            params: [
                participants,
                request_ids,
                request_data_key_ids,
                request_sealed,
                moments,
                key_hashes,
                key_types,
                account_hashes,
                owner_hashes,
                statuses,
                cids,
                entry_data_key_ids,
                entry_sealed,
                created_at,
                key_owned_since,
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::ArraySql<Item = uuid::Uuid>,
        T4: crate::ArraySql<Item = i32>,
        T5: crate::BytesSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T8: crate::BytesSql,
        T9: crate::ArraySql<Item = T8>,
        T10: crate::StringSql,
        T11: crate::ArraySql<Item = T10>,
        T12: crate::BytesSql,
        T13: crate::ArraySql<Item = T12>,
        T14: crate::BytesSql,
        T15: crate::ArraySql<Item = T14>,
        T16: crate::StringSql,
        T17: crate::ArraySql<Item = T16>,
        T18: crate::BytesSql,
        T19: crate::ArraySql<Item = T18>,
        T20: crate::ArraySql<Item = i32>,
        T21: crate::BytesSql,
        T22: crate::ArraySql<Item = T21>,
        T23: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T24: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ActivateKeysParams<
            T1,
            T2,
            T3,
            T4,
            T5,
            T6,
            T7,
            T8,
            T9,
            T10,
            T11,
            T12,
            T13,
            T14,
            T15,
            T16,
            T17,
            T18,
            T19,
            T20,
            T21,
            T22,
            T23,
            T24,
        >,
        StringQuery<'c, 'a, 's, C, String, 15>,
        C,
    > for ActivateKeysStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ActivateKeysParams<
            T1,
            T2,
            T3,
            T4,
            T5,
            T6,
            T7,
            T8,
            T9,
            T10,
            T11,
            T12,
            T13,
            T14,
            T15,
            T16,
            T17,
            T18,
            T19,
            T20,
            T21,
            T22,
            T23,
            T24,
        >,
    ) -> StringQuery<'c, 'a, 's, C, String, 15> {
        self.bind(
            client,
            &params.participants,
            &params.request_ids,
            &params.request_data_key_ids,
            &params.request_sealed,
            &params.moments,
            &params.key_hashes,
            &params.key_types,
            &params.account_hashes,
            &params.owner_hashes,
            &params.statuses,
            &params.cids,
            &params.entry_data_key_ids,
            &params.entry_sealed,
            &params.created_at,
            &params.key_owned_since,
        )
    }
}
pub struct ReleaseKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn release_key() -> ReleaseKeyStmt {
    ReleaseKeyStmt("SELECT dict.release_key($1, $2, $3, $4, $5, $6) AS released", None)
}
impl ReleaseKeyStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql, T3: crate::BytesSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        request_id: &'a uuid::Uuid,
        key_hash: &'a Option<T2>,
        account_hash: &'a T3,
        possession_id: &'a Option<uuid::Uuid>,
        unless_joined: &'a bool,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 6> {
        BoolQuery {
            client,
            params: [participant, request_id, key_hash, account_hash, possession_id, unless_joined],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql, T3: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, ReleaseKeyParams<T1, T2, T3>, BoolQuery<'c, 'a, 's, C, bool, 6>, C>
    for ReleaseKeyStmt
{
    fn params(&'s self, client: &'c C, params: &'a ReleaseKeyParams<T1, T2, T3>) -> BoolQuery<'c, 'a, 's, C, bool, 6> {
        self.bind(
            client,
            &params.participant,
            &params.request_id,
            &params.key_hash,
            &params.account_hash,
            &params.possession_id,
            &params.unless_joined,
        )
    }
}
pub struct TakePendingRequestsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn take_pending_requests() -> TakePendingRequestsStmt {
    TakePendingRequestsStmt(
        "UPDATE dict.requests r SET updated_at = $1 FROM (SELECT p.request_id, p.participant FROM dict.requests p WHERE p.status = 'PENDING' AND p.updated_at < $2 AND p.method = 'CREATE_KEY' ORDER BY p.updated_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS taken WHERE r.request_id = taken.request_id AND r.participant = taken.participant RETURNING r.participant, r.request_id, r.data_key_id, r.sealed",
        None,
    )
}
impl TakePendingRequestsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        now: &'a chrono::DateTime<chrono::Utc>,
        untouched_since: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i64,
    ) -> TakePendingRequestsQuery<'c, 'a, 's, C, TakePendingRequests, 3> {
        TakePendingRequestsQuery {
            client,
            params: [now, untouched_since, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<TakePendingRequestsBorrowed, tokio_postgres::Error> {
                Ok(TakePendingRequestsBorrowed {
                    participant: row.try_get(0)?,
                    request_id: row.try_get(1)?,
                    data_key_id: row.try_get(2)?,
                    sealed: row.try_get(3)?,
                })
            },
            mapper: |it| TakePendingRequests::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        TakePendingRequestsParams,
        TakePendingRequestsQuery<'c, 'a, 's, C, TakePendingRequests, 3>,
        C,
    > for TakePendingRequestsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a TakePendingRequestsParams,
    ) -> TakePendingRequestsQuery<'c, 'a, 's, C, TakePendingRequests, 3> {
        self.bind(client, &params.now, &params.untouched_since, &params.most)
    }
}
pub struct ForgetRequestsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_requests() -> ForgetRequestsStmt {
    ForgetRequestsStmt(
        "DELETE FROM dict.requests r USING (SELECT d.request_id, d.participant FROM dict.requests d WHERE d.status = 'DONE' AND d.created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED) AS old WHERE r.request_id = old.request_id AND r.participant = old.participant RETURNING true AS gone",
        None,
    )
}
impl ForgetRequestsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
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
    crate::client::async_::Params<'c, 'a, 's, ForgetRequestsParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetRequestsStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetRequestsParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.before, &params.most)
    }
}
