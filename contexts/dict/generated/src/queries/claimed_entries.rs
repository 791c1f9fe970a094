// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct RemoveEntryParams<T1: crate::BytesSql, T2: crate::StringSql> {
    pub key_hash: T1,
    pub participant: T2,
    pub created_before: chrono::DateTime<chrono::Utc>,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct RemoveOlderEntryParams<T1: crate::BytesSql> {
    pub key_hash: T1,
    pub request_id: uuid::Uuid,
    pub created_before: chrono::DateTime<chrono::Utc>,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct InsertEntryParams<
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
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct LockAccountParams<T1: crate::BytesSql, T2: crate::StringSql> {
    pub account_hash: T1,
    pub participant: T2,
}
#[derive(Debug)]
pub struct InsertEventParams<T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub key_hash: T1,
    pub topic: T2,
    pub payload: T3,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct LockEntry {
    pub key_hash: Vec<u8>,
    pub key_type: String,
    pub participant: String,
    pub status: String,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
    pub request_id: uuid::Uuid,
}
pub struct LockEntryBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub key_type: &'a str,
    pub participant: &'a str,
    pub status: &'a str,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
    pub request_id: uuid::Uuid,
}
impl<'a> From<LockEntryBorrowed<'a>> for LockEntry {
    fn from(
        LockEntryBorrowed {
            key_hash,
            key_type,
            participant,
            status,
            data_key_id,
            sealed,
            created_at,
            key_owned_since,
            request_id,
        }: LockEntryBorrowed<'a>,
    ) -> Self {
        Self {
            key_hash: key_hash.into(),
            key_type: key_type.into(),
            participant: participant.into(),
            status: status.into(),
            data_key_id,
            sealed: sealed.into(),
            created_at,
            key_owned_since,
            request_id,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct RemoveEntry {
    pub participant: String,
    pub cid: Vec<u8>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
}
pub struct RemoveEntryBorrowed<'a> {
    pub participant: &'a str,
    pub cid: &'a [u8],
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<RemoveEntryBorrowed<'a>> for RemoveEntry {
    fn from(RemoveEntryBorrowed { participant, cid, key_owned_since }: RemoveEntryBorrowed<'a>) -> Self {
        Self { participant: participant.into(), cid: cid.into(), key_owned_since }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct RemoveOlderEntry {
    pub participant: String,
    pub cid: Vec<u8>,
}
pub struct RemoveOlderEntryBorrowed<'a> {
    pub participant: &'a str,
    pub cid: &'a [u8],
}
impl<'a> From<RemoveOlderEntryBorrowed<'a>> for RemoveOlderEntry {
    fn from(RemoveOlderEntryBorrowed { participant, cid }: RemoveOlderEntryBorrowed<'a>) -> Self {
        Self { participant: participant.into(), cid: cid.into() }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct LockEntryQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LockEntryBorrowed, tokio_postgres::Error>,
    mapper: fn(LockEntryBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LockEntryQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LockEntryBorrowed) -> R) -> LockEntryQuery<'c, 'a, 's, C, R, N> {
        LockEntryQuery {
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
pub struct RemoveEntryQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RemoveEntryBorrowed, tokio_postgres::Error>,
    mapper: fn(RemoveEntryBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RemoveEntryQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RemoveEntryBorrowed) -> R) -> RemoveEntryQuery<'c, 'a, 's, C, R, N> {
        RemoveEntryQuery {
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
pub struct RemoveOlderEntryQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RemoveOlderEntryBorrowed, tokio_postgres::Error>,
    mapper: fn(RemoveOlderEntryBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RemoveOlderEntryQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RemoveOlderEntryBorrowed) -> R) -> RemoveOlderEntryQuery<'c, 'a, 's, C, R, N> {
        RemoveOlderEntryQuery {
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
pub struct I32Query<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<i32, tokio_postgres::Error>,
    mapper: fn(i32) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> I32Query<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(i32) -> R) -> I32Query<'c, 'a, 's, C, R, N> {
        I32Query {
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
pub struct LockEntryStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_entry() -> LockEntryStmt {
    LockEntryStmt(
        "SELECT key_hash, key_type, participant, status, data_key_id, sealed, created_at, key_owned_since, request_id FROM dict.entries WHERE key_hash = $1 FOR UPDATE",
        None,
    )
}
impl LockEntryStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
    ) -> LockEntryQuery<'c, 'a, 's, C, LockEntry, 1> {
        LockEntryQuery {
            client,
            params: [key_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LockEntryBorrowed, tokio_postgres::Error> {
                Ok(LockEntryBorrowed {
                    key_hash: row.try_get(0)?,
                    key_type: row.try_get(1)?,
                    participant: row.try_get(2)?,
                    status: row.try_get(3)?,
                    data_key_id: row.try_get(4)?,
                    sealed: row.try_get(5)?,
                    created_at: row.try_get(6)?,
                    key_owned_since: row.try_get(7)?,
                    request_id: row.try_get(8)?,
                })
            },
            mapper: |it| LockEntry::from(it),
        }
    }
}
pub struct RemoveEntryStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn remove_entry() -> RemoveEntryStmt {
    RemoveEntryStmt(
        "WITH gone AS ( DELETE FROM dict.entries WHERE key_hash = $1 AND participant = $2 AND created_at <= $3 RETURNING key_hash, participant, key_type, account_hash, status, cid, key_owned_since ), counted AS ( UPDATE dict.accounts SET key_count = greatest(key_count - 1, 0) FROM gone WHERE accounts.account_hash = gone.account_hash RETURNING 1 ), told AS ( INSERT INTO dict.cid_events (key_hash, participant, key_type, added, cid, occurred_at) SELECT key_hash, participant, key_type, false, cid, CAST($4 AS timestamptz) FROM gone WHERE status <> 'PENDING' RETURNING 1 ) SELECT participant, cid, key_owned_since FROM gone",
        None,
    )
}
impl RemoveEntryStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        participant: &'a T2,
        created_before: &'a chrono::DateTime<chrono::Utc>,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> RemoveEntryQuery<'c, 'a, 's, C, RemoveEntry, 4> {
        RemoveEntryQuery {
            client,
            params: [key_hash, participant, created_before, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RemoveEntryBorrowed, tokio_postgres::Error> {
                Ok(RemoveEntryBorrowed {
                    participant: row.try_get(0)?,
                    cid: row.try_get(1)?,
                    key_owned_since: row.try_get(2)?,
                })
            },
            mapper: |it| RemoveEntry::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RemoveEntryParams<T1, T2>,
        RemoveEntryQuery<'c, 'a, 's, C, RemoveEntry, 4>,
        C,
    > for RemoveEntryStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RemoveEntryParams<T1, T2>,
    ) -> RemoveEntryQuery<'c, 'a, 's, C, RemoveEntry, 4> {
        self.bind(client, &params.key_hash, &params.participant, &params.created_before, &params.now)
    }
}
pub struct RemoveOlderEntryStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn remove_older_entry() -> RemoveOlderEntryStmt {
    RemoveOlderEntryStmt(
        "WITH gone AS ( DELETE FROM dict.entries WHERE key_hash = $1 AND request_id <> $2 AND created_at <= $3 RETURNING key_hash, participant, key_type, account_hash, status, cid ), counted AS ( UPDATE dict.accounts SET key_count = greatest(key_count - 1, 0) FROM gone WHERE accounts.account_hash = gone.account_hash RETURNING 1 ), told AS ( INSERT INTO dict.cid_events (key_hash, participant, key_type, added, cid, occurred_at) SELECT key_hash, participant, key_type, false, cid, CAST($4 AS timestamptz) FROM gone WHERE status <> 'PENDING' RETURNING 1 ) SELECT participant, cid FROM gone",
        None,
    )
}
impl RemoveOlderEntryStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        request_id: &'a uuid::Uuid,
        created_before: &'a chrono::DateTime<chrono::Utc>,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> RemoveOlderEntryQuery<'c, 'a, 's, C, RemoveOlderEntry, 4> {
        RemoveOlderEntryQuery {
            client,
            params: [key_hash, request_id, created_before, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RemoveOlderEntryBorrowed, tokio_postgres::Error> {
                Ok(RemoveOlderEntryBorrowed { participant: row.try_get(0)?, cid: row.try_get(1)? })
            },
            mapper: |it| RemoveOlderEntry::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RemoveOlderEntryParams<T1>,
        RemoveOlderEntryQuery<'c, 'a, 's, C, RemoveOlderEntry, 4>,
        C,
    > for RemoveOlderEntryStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RemoveOlderEntryParams<T1>,
    ) -> RemoveOlderEntryQuery<'c, 'a, 's, C, RemoveOlderEntry, 4> {
        self.bind(client, &params.key_hash, &params.request_id, &params.created_before, &params.now)
    }
}
pub struct InsertEntryStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_entry() -> InsertEntryStmt {
    InsertEntryStmt(
        "WITH written AS ( INSERT INTO dict.entries (key_hash, key_type, participant, account_hash, owner_hash, status, cid, request_id, data_key_id, sealed, created_at, key_owned_since, updated_at) VALUES ($1, $2, $3, $4, $5, 'ACTIVE', $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (key_hash) DO NOTHING RETURNING key_hash, participant, key_type, account_hash, cid ), counted AS ( INSERT INTO dict.accounts (account_hash, participant, key_count) SELECT account_hash, participant, 1 FROM written ON CONFLICT (account_hash) DO UPDATE SET key_count = accounts.key_count + 1 RETURNING 1 ), told AS ( INSERT INTO dict.cid_events (key_hash, participant, key_type, added, cid, occurred_at) SELECT key_hash, participant, key_type, true, cid, CAST($12 AS timestamptz) FROM written RETURNING 1 ) SELECT true AS written FROM written",
        None,
    )
}
impl InsertEntryStmt {
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
        created_at: &'a chrono::DateTime<chrono::Utc>,
        key_owned_since: &'a chrono::DateTime<chrono::Utc>,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 12> {
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
                created_at,
                key_owned_since,
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
        InsertEntryParams<T1, T2, T3, T4, T5, T6, T7>,
        BoolQuery<'c, 'a, 's, C, bool, 12>,
        C,
    > for InsertEntryStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertEntryParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 12> {
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
            &params.created_at,
            &params.key_owned_since,
            &params.now,
        )
    }
}
pub struct LockAccountStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_account() -> LockAccountStmt {
    LockAccountStmt(
        "INSERT INTO dict.accounts (account_hash, participant, key_count) VALUES ($1, $2, 0) ON CONFLICT (account_hash) DO UPDATE SET key_count = accounts.key_count RETURNING key_count",
        None,
    )
}
impl LockAccountStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        account_hash: &'a T1,
        participant: &'a T2,
    ) -> I32Query<'c, 'a, 's, C, i32, 2> {
        I32Query {
            client,
            params: [account_hash, participant],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, LockAccountParams<T1, T2>, I32Query<'c, 'a, 's, C, i32, 2>, C>
    for LockAccountStmt
{
    fn params(&'s self, client: &'c C, params: &'a LockAccountParams<T1, T2>) -> I32Query<'c, 'a, 's, C, i32, 2> {
        self.bind(client, &params.account_hash, &params.participant)
    }
}
pub struct InsertEventStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_event() -> InsertEventStmt {
    InsertEventStmt(
        "INSERT INTO dict.outbox (key_hash, topic, payload, created_at) VALUES ($1, $2, CAST($3::text AS jsonb), $4) RETURNING true AS written",
        None,
    )
}
impl InsertEventStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        topic: &'a T2,
        payload: &'a T3,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [key_hash, topic, payload, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, InsertEventParams<T1, T2, T3>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for InsertEventStmt
{
    fn params(&'s self, client: &'c C, params: &'a InsertEventParams<T1, T2, T3>) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.key_hash, &params.topic, &params.payload, &params.now)
    }
}
