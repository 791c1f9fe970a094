// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct RegisterKeyParams<
    T1: crate::StringSql,
    T2: crate::BytesSql,
    T3: crate::StringSql,
    T4: crate::BytesSql,
    T5: crate::BytesSql,
    T6: crate::StringSql,
    T7: crate::BytesSql,
    T8: crate::BytesSql,
    T9: crate::BytesSql,
    T10: crate::BytesSql,
> {
    pub participant: T1,
    pub request_id: uuid::Uuid,
    pub fingerprint: T2,
    pub request_status: T3,
    pub request_data_key_id: i32,
    pub request_sealed: T4,
    pub now: chrono::DateTime<chrono::Utc>,
    pub key_hash: Option<T5>,
    pub key_type: T6,
    pub account_hash: T7,
    pub owner_hash: T8,
    pub cid: Option<T9>,
    pub entry_data_key_id: i32,
    pub entry_sealed: Option<T10>,
    pub keys_max: i32,
    pub possession_id: Option<uuid::Uuid>,
    pub confirmed_after: chrono::DateTime<chrono::Utc>,
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
pub struct ActivateKeyParams<
    T1: crate::StringSql,
    T2: crate::BytesSql,
    T3: crate::BytesSql,
    T4: crate::StringSql,
    T5: crate::BytesSql,
    T6: crate::BytesSql,
    T7: crate::StringSql,
    T8: crate::BytesSql,
    T9: crate::BytesSql,
> {
    pub participant: T1,
    pub request_id: uuid::Uuid,
    pub request_data_key_id: i32,
    pub request_sealed: T2,
    pub now: chrono::DateTime<chrono::Utc>,
    pub key_hash: T3,
    pub key_type: T4,
    pub account_hash: T5,
    pub owner_hash: T6,
    pub status: T7,
    pub cid: T8,
    pub entry_data_key_id: i32,
    pub entry_sealed: T9,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
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
pub struct RegisterKey {
    pub outcome: String,
    pub data_key_id: Option<i32>,
    pub sealed: Option<Vec<u8>>,
}
pub struct RegisterKeyBorrowed<'a> {
    pub outcome: &'a str,
    pub data_key_id: Option<i32>,
    pub sealed: Option<&'a [u8]>,
}
impl<'a> From<RegisterKeyBorrowed<'a>> for RegisterKey {
    fn from(RegisterKeyBorrowed { outcome, data_key_id, sealed }: RegisterKeyBorrowed<'a>) -> Self {
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
pub struct RegisterKeyQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RegisterKeyBorrowed, tokio_postgres::Error>,
    mapper: fn(RegisterKeyBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RegisterKeyQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RegisterKeyBorrowed) -> R) -> RegisterKeyQuery<'c, 'a, 's, C, R, N> {
        RegisterKeyQuery {
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
pub struct RegisterKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn register_key() -> RegisterKeyStmt {
    RegisterKeyStmt(
        "SELECT outcome, data_key_id, sealed FROM dict.register_key( ROW($1, $2, 'CREATE_KEY', $3, $4, NULL, $5, $6, $7, $7)::dict.requests, ROW($8, $9, $1, $10, $11, 'ACTIVE', $12, $2, $13, $14, $7, $7, $7)::dict.entries, $15, $16, $17)",
        None,
    )
}
impl RegisterKeyStmt {
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
        T2: crate::BytesSql,
        T3: crate::StringSql,
        T4: crate::BytesSql,
        T5: crate::BytesSql,
        T6: crate::StringSql,
        T7: crate::BytesSql,
        T8: crate::BytesSql,
        T9: crate::BytesSql,
        T10: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        request_id: &'a uuid::Uuid,
        fingerprint: &'a T2,
        request_status: &'a T3,
        request_data_key_id: &'a i32,
        request_sealed: &'a T4,
        now: &'a chrono::DateTime<chrono::Utc>,
        key_hash: &'a Option<T5>,
        key_type: &'a T6,
        account_hash: &'a T7,
        owner_hash: &'a T8,
        cid: &'a Option<T9>,
        entry_data_key_id: &'a i32,
        entry_sealed: &'a Option<T10>,
        keys_max: &'a i32,
        possession_id: &'a Option<uuid::Uuid>,
        confirmed_after: &'a chrono::DateTime<chrono::Utc>,
    ) -> RegisterKeyQuery<'c, 'a, 's, C, RegisterKey, 17> {
        RegisterKeyQuery {
            client,
            params: [
                participant,
                request_id,
                fingerprint,
                request_status,
                request_data_key_id,
                request_sealed,
                now,
                key_hash,
                key_type,
                account_hash,
                owner_hash,
                cid,
                entry_data_key_id,
                entry_sealed,
                keys_max,
                possession_id,
                confirmed_after,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RegisterKeyBorrowed, tokio_postgres::Error> {
                Ok(RegisterKeyBorrowed {
                    outcome: row.try_get(0)?,
                    data_key_id: row.try_get(1)?,
                    sealed: row.try_get(2)?,
                })
            },
            mapper: |it| RegisterKey::from(it),
        }
    }
}
impl<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::StringSql,
        T2: crate::BytesSql,
        T3: crate::StringSql,
        T4: crate::BytesSql,
        T5: crate::BytesSql,
        T6: crate::StringSql,
        T7: crate::BytesSql,
        T8: crate::BytesSql,
        T9: crate::BytesSql,
        T10: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RegisterKeyParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>,
        RegisterKeyQuery<'c, 'a, 's, C, RegisterKey, 17>,
        C,
    > for RegisterKeyStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RegisterKeyParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>,
    ) -> RegisterKeyQuery<'c, 'a, 's, C, RegisterKey, 17> {
        self.bind(
            client,
            &params.participant,
            &params.request_id,
            &params.fingerprint,
            &params.request_status,
            &params.request_data_key_id,
            &params.request_sealed,
            &params.now,
            &params.key_hash,
            &params.key_type,
            &params.account_hash,
            &params.owner_hash,
            &params.cid,
            &params.entry_data_key_id,
            &params.entry_sealed,
            &params.keys_max,
            &params.possession_id,
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
pub struct ActivateKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn activate_key() -> ActivateKeyStmt {
    ActivateKeyStmt(
        "SELECT dict.activate_key( ROW($1, $2, 'CREATE_KEY', NULL, 'DONE', NULL, $3, $4, $5, $5)::dict.requests, ROW($6, $7, $1, $8, $9, $10, $11, $2, $12, $13, $14, $15, $5)::dict.entries) AS outcome",
        None,
    )
}
impl ActivateKeyStmt {
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
        T2: crate::BytesSql,
        T3: crate::BytesSql,
        T4: crate::StringSql,
        T5: crate::BytesSql,
        T6: crate::BytesSql,
        T7: crate::StringSql,
        T8: crate::BytesSql,
        T9: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        request_id: &'a uuid::Uuid,
        request_data_key_id: &'a i32,
        request_sealed: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
        key_hash: &'a T3,
        key_type: &'a T4,
        account_hash: &'a T5,
        owner_hash: &'a T6,
        status: &'a T7,
        cid: &'a T8,
        entry_data_key_id: &'a i32,
        entry_sealed: &'a T9,
        created_at: &'a chrono::DateTime<chrono::Utc>,
        key_owned_since: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 15> {
        StringQuery {
            client,
            params: [
                participant,
                request_id,
                request_data_key_id,
                request_sealed,
                now,
                key_hash,
                key_type,
                account_hash,
                owner_hash,
                status,
                cid,
                entry_data_key_id,
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
        T2: crate::BytesSql,
        T3: crate::BytesSql,
        T4: crate::StringSql,
        T5: crate::BytesSql,
        T6: crate::BytesSql,
        T7: crate::StringSql,
        T8: crate::BytesSql,
        T9: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ActivateKeyParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
        StringQuery<'c, 'a, 's, C, String, 15>,
        C,
    > for ActivateKeyStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ActivateKeyParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
    ) -> StringQuery<'c, 'a, 's, C, String, 15> {
        self.bind(
            client,
            &params.participant,
            &params.request_id,
            &params.request_data_key_id,
            &params.request_sealed,
            &params.now,
            &params.key_hash,
            &params.key_type,
            &params.account_hash,
            &params.owner_hash,
            &params.status,
            &params.cid,
            &params.entry_data_key_id,
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
