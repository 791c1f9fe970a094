// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct RememberLookupParams<T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub lookup_hash: T1,
    pub participant: T2,
    pub key_type: T3,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct UnpaidLookupParams<T1: crate::BytesSql> {
    pub lookup_hash: T1,
    pub remembered_since: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct PayLookupBackParams<T1: crate::BytesSql> {
    pub now: chrono::DateTime<chrono::Utc>,
    pub lookup_hash: T1,
}
#[derive(Clone, Copy, Debug)]
pub struct ForgetLookupsParams {
    pub remembered_since: chrono::DateTime<chrono::Utc>,
    pub most_rows: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct OwnEntry {
    pub key_hash: Vec<u8>,
    pub participant: String,
    pub key_type: String,
    pub status: String,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
}
pub struct OwnEntryBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub participant: &'a str,
    pub key_type: &'a str,
    pub status: &'a str,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub key_owned_since: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<OwnEntryBorrowed<'a>> for OwnEntry {
    fn from(
        OwnEntryBorrowed {
            key_hash,
            participant,
            key_type,
            status,
            data_key_id,
            sealed,
            created_at,
            key_owned_since,
        }: OwnEntryBorrowed<'a>,
    ) -> Self {
        Self {
            key_hash: key_hash.into(),
            participant: participant.into(),
            key_type: key_type.into(),
            status: status.into(),
            data_key_id,
            sealed: sealed.into(),
            created_at,
            key_owned_since,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct OwnEntryQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OwnEntryBorrowed, tokio_postgres::Error>,
    mapper: fn(OwnEntryBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OwnEntryQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(OwnEntryBorrowed) -> R) -> OwnEntryQuery<'c, 'a, 's, C, R, N> {
        OwnEntryQuery {
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
pub struct OwnEntryStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn own_entry() -> OwnEntryStmt {
    OwnEntryStmt(
        "SELECT key_hash, participant, key_type, status, data_key_id, sealed, created_at, key_owned_since FROM dict.entries WHERE key_hash = $1",
        None,
    )
}
impl OwnEntryStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
    ) -> OwnEntryQuery<'c, 'a, 's, C, OwnEntry, 1> {
        OwnEntryQuery {
            client,
            params: [key_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OwnEntryBorrowed, tokio_postgres::Error> {
                Ok(OwnEntryBorrowed {
                    key_hash: row.try_get(0)?,
                    participant: row.try_get(1)?,
                    key_type: row.try_get(2)?,
                    status: row.try_get(3)?,
                    data_key_id: row.try_get(4)?,
                    sealed: row.try_get(5)?,
                    created_at: row.try_get(6)?,
                    key_owned_since: row.try_get(7)?,
                })
            },
            mapper: |it| OwnEntry::from(it),
        }
    }
}
pub struct OwnEntriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn own_entries() -> OwnEntriesStmt {
    OwnEntriesStmt(
        "SELECT e.key_hash, e.participant, e.key_type, e.status, e.data_key_id, e.sealed, e.created_at, e.key_owned_since FROM unnest($1::bytea[]) AS asked (key_hash) CROSS JOIN LATERAL (SELECT * FROM dict.entries WHERE dict.entries.key_hash = asked.key_hash) e",
        None,
    )
}
impl OwnEntriesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        key_hashes: &'a T2,
    ) -> OwnEntryQuery<'c, 'a, 's, C, OwnEntry, 1> {
        OwnEntryQuery {
            client,
            params: [key_hashes],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OwnEntryBorrowed, tokio_postgres::Error> {
                Ok(OwnEntryBorrowed {
                    key_hash: row.try_get(0)?,
                    participant: row.try_get(1)?,
                    key_type: row.try_get(2)?,
                    status: row.try_get(3)?,
                    data_key_id: row.try_get(4)?,
                    sealed: row.try_get(5)?,
                    created_at: row.try_get(6)?,
                    key_owned_since: row.try_get(7)?,
                })
            },
            mapper: |it| OwnEntry::from(it),
        }
    }
}
pub struct RememberLookupStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn remember_lookup() -> RememberLookupStmt {
    RememberLookupStmt(
        "INSERT INTO dict.lookups (lookup_hash, participant, key_type, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (lookup_hash) DO NOTHING RETURNING true AS remembered",
        None,
    )
}
impl RememberLookupStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql>(
        &'s self,
        client: &'c C,
        lookup_hash: &'a T1,
        participant: &'a T2,
        key_type: &'a T3,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [lookup_hash, participant, key_type, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, RememberLookupParams<T1, T2, T3>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for RememberLookupStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RememberLookupParams<T1, T2, T3>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.lookup_hash, &params.participant, &params.key_type, &params.now)
    }
}
pub struct UnpaidLookupStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn unpaid_lookup() -> UnpaidLookupStmt {
    UnpaidLookupStmt(
        "SELECT key_type FROM dict.lookups WHERE lookup_hash = $1 AND paid_back_at IS NULL AND created_at > $2",
        None,
    )
}
impl UnpaidLookupStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        lookup_hash: &'a T1,
        remembered_since: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [lookup_hash, remembered_since],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, UnpaidLookupParams<T1>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for UnpaidLookupStmt
{
    fn params(&'s self, client: &'c C, params: &'a UnpaidLookupParams<T1>) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.lookup_hash, &params.remembered_since)
    }
}
pub struct PayLookupBackStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn pay_lookup_back() -> PayLookupBackStmt {
    PayLookupBackStmt(
        "UPDATE dict.lookups SET paid_back_at = $1 WHERE lookup_hash = $2 AND paid_back_at IS NULL RETURNING true AS first_time",
        None,
    )
}
impl PayLookupBackStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        now: &'a chrono::DateTime<chrono::Utc>,
        lookup_hash: &'a T1,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [now, lookup_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, PayLookupBackParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for PayLookupBackStmt
{
    fn params(&'s self, client: &'c C, params: &'a PayLookupBackParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.now, &params.lookup_hash)
    }
}
pub struct ForgetLookupsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_lookups() -> ForgetLookupsStmt {
    ForgetLookupsStmt(
        "DELETE FROM dict.lookups WHERE lookup_hash IN ( SELECT lookup_hash FROM dict.lookups WHERE created_at <= $1 LIMIT $2 ) RETURNING true AS gone",
        None,
    )
}
impl ForgetLookupsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        remembered_since: &'a chrono::DateTime<chrono::Utc>,
        most_rows: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [remembered_since, most_rows],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, ForgetLookupsParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetLookupsStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetLookupsParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.remembered_since, &params.most_rows)
    }
}
