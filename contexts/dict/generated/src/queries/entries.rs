// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct EntriesOfAccountParams<T1: crate::BytesSql, T2: crate::BytesSql> {
    pub account_hash: T1,
    pub after_created_at: Option<chrono::DateTime<chrono::Utc>>,
    pub after_key_hash: Option<T2>,
    pub most: i64,
}
#[derive(Debug)]
pub struct PutKeyParams<
    T1: crate::BytesSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::BytesSql,
    T5: crate::BytesSql,
    T6: crate::StringSql,
    T7: crate::BytesSql,
    T8: crate::BytesSql,
    T9: crate::BytesSql,
> {
    pub key_hash: T1,
    pub key_type: T2,
    pub participant: T3,
    pub account_hash: T4,
    pub owner_hash: T5,
    pub status: T6,
    pub cid: T7,
    pub request_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: T8,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
    pub now: chrono::DateTime<chrono::Utc>,
    pub expected_cid: Option<T9>,
    pub keys_max: Option<i32>,
}
#[derive(Debug)]
pub struct HoldEntryParams<T1: crate::BytesSql, T2: crate::BytesSql> {
    pub key_hash: T1,
    pub cid: T2,
}
#[derive(Debug)]
pub struct RemoveKeyParams<T1: crate::BytesSql, T2: crate::StringSql, T3: crate::BytesSql> {
    pub key_hash: T1,
    pub participant: T2,
    pub cid: T3,
    pub unless_claimed: bool,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct MarkBlockedParams<T1: crate::StringSql, T2: crate::BytesSql, T3: crate::BytesSql> {
    pub status: T1,
    pub now: chrono::DateTime<chrono::Utc>,
    pub key_hash: T2,
    pub cid: T3,
}
#[derive(Debug, Clone, PartialEq)]
pub struct SealedEntry {
    pub key_hash: Vec<u8>,
    pub key_type: String,
    pub participant: String,
    pub status: String,
    pub cid: Vec<u8>,
    pub request_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
    pub claim_opened_at: Option<chrono::DateTime<chrono::Utc>>,
}
pub struct SealedEntryBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub key_type: &'a str,
    pub participant: &'a str,
    pub status: &'a str,
    pub cid: &'a [u8],
    pub request_id: uuid::Uuid,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
    pub claim_opened_at: Option<chrono::DateTime<chrono::Utc>>,
}
impl<'a> From<SealedEntryBorrowed<'a>> for SealedEntry {
    fn from(
        SealedEntryBorrowed {
            key_hash,
            key_type,
            participant,
            status,
            cid,
            request_id,
            data_key_id,
            sealed,
            created_at,
            key_owned_since,
            claim_opened_at,
        }: SealedEntryBorrowed<'a>,
    ) -> Self {
        Self {
            key_hash: key_hash.into(),
            key_type: key_type.into(),
            participant: participant.into(),
            status: status.into(),
            cid: cid.into(),
            request_id,
            data_key_id,
            sealed: sealed.into(),
            created_at,
            key_owned_since,
            claim_opened_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct SealedEntryQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SealedEntryBorrowed, tokio_postgres::Error>,
    mapper: fn(SealedEntryBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SealedEntryQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SealedEntryBorrowed) -> R) -> SealedEntryQuery<'c, 'a, 's, C, R, N> {
        SealedEntryQuery {
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
pub struct EntryByKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn entry_by_key() -> EntryByKeyStmt {
    EntryByKeyStmt(
        "SELECT e.key_hash, e.key_type, e.participant, e.status, e.cid, e.request_id, e.data_key_id, e.sealed, e.created_at, e.key_owned_since, c.opened_at AS claim_opened_at FROM dict.entries e LEFT JOIN dict.claims c ON c.key_hash = e.key_hash AND c.status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED') WHERE e.key_hash = $1",
        None,
    )
}
impl EntryByKeyStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
    ) -> SealedEntryQuery<'c, 'a, 's, C, SealedEntry, 1> {
        SealedEntryQuery {
            client,
            params: [key_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SealedEntryBorrowed, tokio_postgres::Error> {
                Ok(SealedEntryBorrowed {
                    key_hash: row.try_get(0)?,
                    key_type: row.try_get(1)?,
                    participant: row.try_get(2)?,
                    status: row.try_get(3)?,
                    cid: row.try_get(4)?,
                    request_id: row.try_get(5)?,
                    data_key_id: row.try_get(6)?,
                    sealed: row.try_get(7)?,
                    created_at: row.try_get(8)?,
                    key_owned_since: row.try_get(9)?,
                    claim_opened_at: row.try_get(10)?,
                })
            },
            mapper: |it| SealedEntry::from(it),
        }
    }
}
pub struct EntriesOfAccountStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn entries_of_account() -> EntriesOfAccountStmt {
    EntriesOfAccountStmt(
        "SELECT e.key_hash, e.key_type, e.participant, e.status, e.cid, e.request_id, e.data_key_id, e.sealed, e.created_at, e.key_owned_since, c.opened_at AS claim_opened_at FROM dict.entries e LEFT JOIN dict.claims c ON c.key_hash = e.key_hash AND c.status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED') WHERE e.account_hash = $1 AND ($2::timestamptz IS NULL OR (e.created_at, e.key_hash) > ($2, $3)) ORDER BY e.created_at, e.key_hash LIMIT $4",
        None,
    )
}
impl EntriesOfAccountStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::BytesSql>(
        &'s self,
        client: &'c C,
        account_hash: &'a T1,
        after_created_at: &'a Option<chrono::DateTime<chrono::Utc>>,
        after_key_hash: &'a Option<T2>,
        most: &'a i64,
    ) -> SealedEntryQuery<'c, 'a, 's, C, SealedEntry, 4> {
        SealedEntryQuery {
            client,
            params: [account_hash, after_created_at, after_key_hash, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SealedEntryBorrowed, tokio_postgres::Error> {
                Ok(SealedEntryBorrowed {
                    key_hash: row.try_get(0)?,
                    key_type: row.try_get(1)?,
                    participant: row.try_get(2)?,
                    status: row.try_get(3)?,
                    cid: row.try_get(4)?,
                    request_id: row.try_get(5)?,
                    data_key_id: row.try_get(6)?,
                    sealed: row.try_get(7)?,
                    created_at: row.try_get(8)?,
                    key_owned_since: row.try_get(9)?,
                    claim_opened_at: row.try_get(10)?,
                })
            },
            mapper: |it| SealedEntry::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        EntriesOfAccountParams<T1, T2>,
        SealedEntryQuery<'c, 'a, 's, C, SealedEntry, 4>,
        C,
    > for EntriesOfAccountStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a EntriesOfAccountParams<T1, T2>,
    ) -> SealedEntryQuery<'c, 'a, 's, C, SealedEntry, 4> {
        self.bind(client, &params.account_hash, &params.after_created_at, &params.after_key_hash, &params.most)
    }
}
pub struct RegisteredKeysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn registered_keys() -> RegisteredKeysStmt {
    RegisteredKeysStmt("SELECT key_hash FROM dict.entries WHERE key_hash = ANY($1) AND status <> 'PENDING'", None)
}
impl RegisteredKeysStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        key_hashes: &'a T2,
    ) -> Vecu8Query<'c, 'a, 's, C, Vec<u8>, 1> {
        Vecu8Query {
            client,
            params: [key_hashes],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct KeysOfAccountStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn keys_of_account() -> KeysOfAccountStmt {
    KeysOfAccountStmt("SELECT key_count FROM dict.accounts WHERE account_hash = $1", None)
}
impl KeysOfAccountStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        account_hash: &'a T1,
    ) -> I32Query<'c, 'a, 's, C, i32, 1> {
        I32Query {
            client,
            params: [account_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct PutKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn put_key() -> PutKeyStmt {
    PutKeyStmt(
        "SELECT dict.put_key( ROW($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)::dict.entries, $14, $15) AS outcome",
        None,
    )
}
impl PutKeyStmt {
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
        T6: crate::StringSql,
        T7: crate::BytesSql,
        T8: crate::BytesSql,
        T9: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        key_type: &'a T2,
        participant: &'a T3,
        account_hash: &'a T4,
        owner_hash: &'a T5,
        status: &'a T6,
        cid: &'a T7,
        request_id: &'a uuid::Uuid,
        data_key_id: &'a i32,
        sealed: &'a T8,
        created_at: &'a chrono::DateTime<chrono::Utc>,
        key_owned_since: &'a chrono::DateTime<chrono::Utc>,
        now: &'a chrono::DateTime<chrono::Utc>,
        expected_cid: &'a Option<T9>,
        keys_max: &'a Option<i32>,
    ) -> StringQuery<'c, 'a, 's, C, String, 15> {
        StringQuery {
            client,
            params: [
                key_hash,
                key_type,
                participant,
                account_hash,
                owner_hash,
                status,
                cid,
                request_id,
                data_key_id,
                sealed,
                created_at,
                key_owned_since,
                now,
                expected_cid,
                keys_max,
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
        T1: crate::BytesSql,
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::BytesSql,
        T5: crate::BytesSql,
        T6: crate::StringSql,
        T7: crate::BytesSql,
        T8: crate::BytesSql,
        T9: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        PutKeyParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
        StringQuery<'c, 'a, 's, C, String, 15>,
        C,
    > for PutKeyStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a PutKeyParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
    ) -> StringQuery<'c, 'a, 's, C, String, 15> {
        self.bind(
            client,
            &params.key_hash,
            &params.key_type,
            &params.participant,
            &params.account_hash,
            &params.owner_hash,
            &params.status,
            &params.cid,
            &params.request_id,
            &params.data_key_id,
            &params.sealed,
            &params.created_at,
            &params.key_owned_since,
            &params.now,
            &params.expected_cid,
            &params.keys_max,
        )
    }
}
pub struct HoldEntryStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn hold_entry() -> HoldEntryStmt {
    HoldEntryStmt(
        "SELECT cid FROM dict.entries WHERE key_hash = $1 AND cid = $2 AND status <> 'PENDING' FOR UPDATE",
        None,
    )
}
impl HoldEntryStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        cid: &'a T2,
    ) -> Vecu8Query<'c, 'a, 's, C, Vec<u8>, 2> {
        Vecu8Query {
            client,
            params: [key_hash, cid],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, HoldEntryParams<T1, T2>, Vecu8Query<'c, 'a, 's, C, Vec<u8>, 2>, C>
    for HoldEntryStmt
{
    fn params(&'s self, client: &'c C, params: &'a HoldEntryParams<T1, T2>) -> Vecu8Query<'c, 'a, 's, C, Vec<u8>, 2> {
        self.bind(client, &params.key_hash, &params.cid)
    }
}
pub struct RemoveKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn remove_key() -> RemoveKeyStmt {
    RemoveKeyStmt("SELECT dict.remove_key($1, $2, $3, $4, $5) AS removed", None)
}
impl RemoveKeyStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        participant: &'a T2,
        cid: &'a T3,
        unless_claimed: &'a bool,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        BoolQuery {
            client,
            params: [key_hash, participant, cid, unless_claimed, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, RemoveKeyParams<T1, T2, T3>, BoolQuery<'c, 'a, 's, C, bool, 5>, C>
    for RemoveKeyStmt
{
    fn params(&'s self, client: &'c C, params: &'a RemoveKeyParams<T1, T2, T3>) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        self.bind(client, &params.key_hash, &params.participant, &params.cid, &params.unless_claimed, &params.now)
    }
}
pub struct MarkBlockedStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn mark_blocked() -> MarkBlockedStmt {
    MarkBlockedStmt(
        "UPDATE dict.entries SET status = $1, updated_at = $2 WHERE key_hash = $3 AND cid = $4 AND status <> 'PENDING' AND status <> $1 RETURNING true AS marked",
        None,
    )
}
impl MarkBlockedStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql, T3: crate::BytesSql>(
        &'s self,
        client: &'c C,
        status: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
        key_hash: &'a T2,
        cid: &'a T3,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [status, now, key_hash, cid],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql, T3: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, MarkBlockedParams<T1, T2, T3>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for MarkBlockedStmt
{
    fn params(&'s self, client: &'c C, params: &'a MarkBlockedParams<T1, T2, T3>) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.status, &params.now, &params.key_hash, &params.cid)
    }
}
