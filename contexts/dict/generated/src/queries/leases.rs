// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct TakeLeaseParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub name: T1,
    pub holder: T2,
    pub held_until: chrono::DateTime<chrono::Utc>,
    pub now: chrono::DateTime<chrono::Utc>,
    pub latest: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct GiveUpLeaseParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub name: T1,
    pub holder: T2,
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
pub struct TakeLeaseStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn take_lease() -> TakeLeaseStmt {
    TakeLeaseStmt(
        "INSERT INTO dict.leases (name, holder, held_until) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until WHERE dict.leases.holder = excluded.holder OR dict.leases.held_until < $4 OR dict.leases.held_until > $5 RETURNING true AS taken",
        None,
    )
}
impl TakeLeaseStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        name: &'a T1,
        holder: &'a T2,
        held_until: &'a chrono::DateTime<chrono::Utc>,
        now: &'a chrono::DateTime<chrono::Utc>,
        latest: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        BoolQuery {
            client,
            params: [name, holder, held_until, now, latest],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, TakeLeaseParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 5>, C>
    for TakeLeaseStmt
{
    fn params(&'s self, client: &'c C, params: &'a TakeLeaseParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 5> {
        self.bind(client, &params.name, &params.holder, &params.held_until, &params.now, &params.latest)
    }
}
pub struct GiveUpLeaseStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn give_up_lease() -> GiveUpLeaseStmt {
    GiveUpLeaseStmt("DELETE FROM dict.leases WHERE name = $1 AND holder = $2 RETURNING true AS gone", None)
}
impl GiveUpLeaseStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        name: &'a T1,
        holder: &'a T2,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [name, holder],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, GiveUpLeaseParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for GiveUpLeaseStmt
{
    fn params(&'s self, client: &'c C, params: &'a GiveUpLeaseParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.name, &params.holder)
    }
}
