// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct VsyncParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub participant: T1,
    pub key_type: T2,
}
#[derive(Debug)]
pub struct CidsAfterParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::BytesSql> {
    pub participant: T1,
    pub key_type: T2,
    pub after: T3,
    pub most: i64,
}
#[derive(Debug)]
pub struct KeysOfCidsParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::BytesSql,
    T4: crate::ArraySql<Item = T3>,
> {
    pub participant: T1,
    pub key_type: T2,
    pub cids: T4,
}
#[derive(Debug)]
pub struct CidEventsParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub participant: T1,
    pub key_type: T2,
    pub after_occurred_at: chrono::DateTime<chrono::Utc>,
    pub after_event_number: i64,
    pub most: i64,
}
#[derive(Debug)]
pub struct VerificationParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub participant: T1,
    pub name: T2,
}
#[derive(Debug)]
pub struct RecordVerificationParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub participant: T1,
    pub name: T2,
    pub now: chrono::DateTime<chrono::Utc>,
    pub ok: bool,
}
#[derive(Debug)]
pub struct VerifyAgainParams<T1: crate::StringSql, T2: crate::ArraySql<Item = T1>> {
    pub long_ago: chrono::DateTime<chrono::Utc>,
    pub participants: T2,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Vsync {
    pub entries: i64,
    pub bits: Option<String>,
}
pub struct VsyncBorrowed<'a> {
    pub entries: i64,
    pub bits: Option<&'a str>,
}
impl<'a> From<VsyncBorrowed<'a>> for Vsync {
    fn from(VsyncBorrowed { entries, bits }: VsyncBorrowed<'a>) -> Self {
        Self { entries, bits: bits.map(|v| v.into()) }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct KeysOfCids {
    pub cid: Vec<u8>,
    pub key_hash: Vec<u8>,
}
pub struct KeysOfCidsBorrowed<'a> {
    pub cid: &'a [u8],
    pub key_hash: &'a [u8],
}
impl<'a> From<KeysOfCidsBorrowed<'a>> for KeysOfCids {
    fn from(KeysOfCidsBorrowed { cid, key_hash }: KeysOfCidsBorrowed<'a>) -> Self {
        Self { cid: cid.into(), key_hash: key_hash.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct CidEvents {
    pub event_number: i64,
    pub added: bool,
    pub cid: Vec<u8>,
    pub occurred_at: chrono::DateTime<chrono::Utc>,
}
pub struct CidEventsBorrowed<'a> {
    pub event_number: i64,
    pub added: bool,
    pub cid: &'a [u8],
    pub occurred_at: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<CidEventsBorrowed<'a>> for CidEvents {
    fn from(CidEventsBorrowed { event_number, added, cid, occurred_at }: CidEventsBorrowed<'a>) -> Self {
        Self { event_number, added, cid: cid.into(), occurred_at }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct Verification {
    pub at: chrono::DateTime<chrono::Utc>,
    pub ok: bool,
}
#[derive(Debug, Clone, PartialEq)]
pub struct EntryCounts {
    pub key_type: String,
    pub entries: i64,
}
pub struct EntryCountsBorrowed<'a> {
    pub key_type: &'a str,
    pub entries: i64,
}
impl<'a> From<EntryCountsBorrowed<'a>> for EntryCounts {
    fn from(EntryCountsBorrowed { key_type, entries }: EntryCountsBorrowed<'a>) -> Self {
        Self { key_type: key_type.into(), entries }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct VsyncQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<VsyncBorrowed, tokio_postgres::Error>,
    mapper: fn(VsyncBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> VsyncQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(VsyncBorrowed) -> R) -> VsyncQuery<'c, 'a, 's, C, R, N> {
        VsyncQuery {
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
pub struct KeysOfCidsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<KeysOfCidsBorrowed, tokio_postgres::Error>,
    mapper: fn(KeysOfCidsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> KeysOfCidsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(KeysOfCidsBorrowed) -> R) -> KeysOfCidsQuery<'c, 'a, 's, C, R, N> {
        KeysOfCidsQuery {
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
pub struct CidEventsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CidEventsBorrowed, tokio_postgres::Error>,
    mapper: fn(CidEventsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CidEventsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CidEventsBorrowed) -> R) -> CidEventsQuery<'c, 'a, 's, C, R, N> {
        CidEventsQuery {
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
pub struct VerificationQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<Verification, tokio_postgres::Error>,
    mapper: fn(Verification) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> VerificationQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(Verification) -> R) -> VerificationQuery<'c, 'a, 's, C, R, N> {
        VerificationQuery {
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
pub struct EntryCountsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<EntryCountsBorrowed, tokio_postgres::Error>,
    mapper: fn(EntryCountsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> EntryCountsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(EntryCountsBorrowed) -> R) -> EntryCountsQuery<'c, 'a, 's, C, R, N> {
        EntryCountsQuery {
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
pub struct VsyncStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn vsync() -> VsyncStmt {
    VsyncStmt(
        "SELECT count(*) FILTER (WHERE NOT reserved) - count(*) FILTER (WHERE reserved) AS entries, bit_xor(('x' || encode(cid, 'hex'))::bit(256))::text AS bits FROM (SELECT cid, false AS reserved FROM dict.entries WHERE participant = $1 AND key_type = $2 UNION ALL SELECT e.cid, true FROM dict.requests r JOIN dict.entries e ON e.key_hash = r.key_hash AND e.request_id = r.request_id AND e.status = 'PENDING' WHERE r.status = 'PENDING' AND e.participant = $1 AND e.key_type = $2) AS cids",
        None,
    )
}
impl VsyncStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        key_type: &'a T2,
    ) -> VsyncQuery<'c, 'a, 's, C, Vsync, 2> {
        VsyncQuery {
            client,
            params: [participant, key_type],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<VsyncBorrowed, tokio_postgres::Error> {
                Ok(VsyncBorrowed { entries: row.try_get(0)?, bits: row.try_get(1)? })
            },
            mapper: |it| Vsync::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, VsyncParams<T1, T2>, VsyncQuery<'c, 'a, 's, C, Vsync, 2>, C>
    for VsyncStmt
{
    fn params(&'s self, client: &'c C, params: &'a VsyncParams<T1, T2>) -> VsyncQuery<'c, 'a, 's, C, Vsync, 2> {
        self.bind(client, &params.participant, &params.key_type)
    }
}
pub struct CidsAfterStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cids_after() -> CidsAfterStmt {
    CidsAfterStmt(
        "SELECT cid FROM dict.entries WHERE participant = $1 AND key_type = $2 AND cid > $3 ORDER BY cid LIMIT $4",
        None,
    )
}
impl CidsAfterStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::BytesSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        key_type: &'a T2,
        after: &'a T3,
        most: &'a i64,
    ) -> Vecu8Query<'c, 'a, 's, C, Vec<u8>, 4> {
        Vecu8Query {
            client,
            params: [participant, key_type, after, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, CidsAfterParams<T1, T2, T3>, Vecu8Query<'c, 'a, 's, C, Vec<u8>, 4>, C>
    for CidsAfterStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CidsAfterParams<T1, T2, T3>,
    ) -> Vecu8Query<'c, 'a, 's, C, Vec<u8>, 4> {
        self.bind(client, &params.participant, &params.key_type, &params.after, &params.most)
    }
}
pub struct KeysOfCidsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn keys_of_cids() -> KeysOfCidsStmt {
    KeysOfCidsStmt(
        "SELECT cid, key_hash FROM dict.entries WHERE participant = $1 AND key_type = $2 AND cid = ANY($3) AND status <> 'PENDING'",
        None,
    )
}
impl KeysOfCidsStmt {
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
        T3: crate::BytesSql,
        T4: crate::ArraySql<Item = T3>,
    >(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        key_type: &'a T2,
        cids: &'a T4,
    ) -> KeysOfCidsQuery<'c, 'a, 's, C, KeysOfCids, 3> {
        KeysOfCidsQuery {
            client,
            params: [participant, key_type, cids],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<KeysOfCidsBorrowed, tokio_postgres::Error> {
                Ok(KeysOfCidsBorrowed { cid: row.try_get(0)?, key_hash: row.try_get(1)? })
            },
            mapper: |it| KeysOfCids::from(it),
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
        T3: crate::BytesSql,
        T4: crate::ArraySql<Item = T3>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        KeysOfCidsParams<T1, T2, T3, T4>,
        KeysOfCidsQuery<'c, 'a, 's, C, KeysOfCids, 3>,
        C,
    > for KeysOfCidsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a KeysOfCidsParams<T1, T2, T3, T4>,
    ) -> KeysOfCidsQuery<'c, 'a, 's, C, KeysOfCids, 3> {
        self.bind(client, &params.participant, &params.key_type, &params.cids)
    }
}
pub struct CidEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cid_events() -> CidEventsStmt {
    CidEventsStmt(
        "SELECT event_number, added, cid, occurred_at FROM dict.cid_events WHERE participant = $1 AND key_type = $2 AND (occurred_at, event_number) > ($3, $4) ORDER BY occurred_at, event_number LIMIT $5",
        None,
    )
}
impl CidEventsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        key_type: &'a T2,
        after_occurred_at: &'a chrono::DateTime<chrono::Utc>,
        after_event_number: &'a i64,
        most: &'a i64,
    ) -> CidEventsQuery<'c, 'a, 's, C, CidEvents, 5> {
        CidEventsQuery {
            client,
            params: [participant, key_type, after_occurred_at, after_event_number, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CidEventsBorrowed, tokio_postgres::Error> {
                Ok(CidEventsBorrowed {
                    event_number: row.try_get(0)?,
                    added: row.try_get(1)?,
                    cid: row.try_get(2)?,
                    occurred_at: row.try_get(3)?,
                })
            },
            mapper: |it| CidEvents::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, CidEventsParams<T1, T2>, CidEventsQuery<'c, 'a, 's, C, CidEvents, 5>, C>
    for CidEventsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CidEventsParams<T1, T2>,
    ) -> CidEventsQuery<'c, 'a, 's, C, CidEvents, 5> {
        self.bind(
            client,
            &params.participant,
            &params.key_type,
            &params.after_occurred_at,
            &params.after_event_number,
            &params.most,
        )
    }
}
pub struct VerificationStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn verification() -> VerificationStmt {
    VerificationStmt("SELECT at, ok FROM dict.cursors WHERE participant = $1 AND name = $2", None)
}
impl VerificationStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        name: &'a T2,
    ) -> VerificationQuery<'c, 'a, 's, C, Verification, 2> {
        VerificationQuery {
            client,
            params: [participant, name],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<Verification, tokio_postgres::Error> {
                Ok(Verification { at: row.try_get(0)?, ok: row.try_get(1)? })
            },
            mapper: |it| Verification::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        VerificationParams<T1, T2>,
        VerificationQuery<'c, 'a, 's, C, Verification, 2>,
        C,
    > for VerificationStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a VerificationParams<T1, T2>,
    ) -> VerificationQuery<'c, 'a, 's, C, Verification, 2> {
        self.bind(client, &params.participant, &params.name)
    }
}
pub struct RecordVerificationStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_verification() -> RecordVerificationStmt {
    RecordVerificationStmt(
        "INSERT INTO dict.cursors (participant, name, at, ok) VALUES ($1, $2, $3, $4) ON CONFLICT (participant, name) DO UPDATE SET at = excluded.at, ok = excluded.ok RETURNING true AS written",
        None,
    )
}
impl RecordVerificationStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        name: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
        ok: &'a bool,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [participant, name, now, ok],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, RecordVerificationParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for RecordVerificationStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RecordVerificationParams<T1, T2>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.participant, &params.name, &params.now, &params.ok)
    }
}
pub struct VerifyAgainStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn verify_again() -> VerifyAgainStmt {
    VerifyAgainStmt(
        "UPDATE dict.cursors SET at = $1 WHERE participant = ANY($2) AND name LIKE 'vsync.%' AND at > $1 RETURNING true AS forgotten",
        None,
    )
}
impl VerifyAgainStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        long_ago: &'a chrono::DateTime<chrono::Utc>,
        participants: &'a T2,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [long_ago, participants],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>
    crate::client::async_::Params<'c, 'a, 's, VerifyAgainParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for VerifyAgainStmt
{
    fn params(&'s self, client: &'c C, params: &'a VerifyAgainParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.long_ago, &params.participants)
    }
}
pub struct EntryCountsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn entry_counts() -> EntryCountsStmt {
    EntryCountsStmt(
        "SELECT key_type, count(*) AS entries FROM dict.entries WHERE status <> 'PENDING' GROUP BY key_type",
        None,
    )
}
impl EntryCountsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> EntryCountsQuery<'c, 'a, 's, C, EntryCounts, 0> {
        EntryCountsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<EntryCountsBorrowed, tokio_postgres::Error> {
                Ok(EntryCountsBorrowed { key_type: row.try_get(0)?, entries: row.try_get(1)? })
            },
            mapper: |it| EntryCounts::from(it),
        }
    }
}
