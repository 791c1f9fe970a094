// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct SavedProductsParams<T1: crate::StringSql> {
    pub subject: T1,
    pub most: i64,
}
#[derive(Debug)]
pub struct SaveProductParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub subject: T1,
    pub ncm: T2,
    pub now: chrono::DateTime<chrono::Utc>,
    pub most: i32,
}
#[derive(Debug)]
pub struct RemoveProductParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub subject: T1,
    pub ncm: T2,
}
#[derive(Debug, Clone, PartialEq)]
pub struct SavedProducts {
    pub ncm: String,
    pub saved_at: chrono::DateTime<chrono::Utc>,
}
pub struct SavedProductsBorrowed<'a> {
    pub ncm: &'a str,
    pub saved_at: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<SavedProductsBorrowed<'a>> for SavedProducts {
    fn from(SavedProductsBorrowed { ncm, saved_at }: SavedProductsBorrowed<'a>) -> Self {
        Self { ncm: ncm.into(), saved_at }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct SavedProductsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SavedProductsBorrowed, tokio_postgres::Error>,
    mapper: fn(SavedProductsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SavedProductsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SavedProductsBorrowed) -> R) -> SavedProductsQuery<'c, 'a, 's, C, R, N> {
        SavedProductsQuery {
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
pub struct I64Query<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<i64, tokio_postgres::Error>,
    mapper: fn(i64) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> I64Query<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(i64) -> R) -> I64Query<'c, 'a, 's, C, R, N> {
        I64Query {
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
pub struct SavedProductsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn saved_products() -> SavedProductsStmt {
    SavedProductsStmt(
        "SELECT ncm, saved_at FROM simulator.saved_product WHERE subject = $1 ORDER BY saved_at DESC, ncm LIMIT $2",
        None,
    )
}
impl SavedProductsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        subject: &'a T1,
        most: &'a i64,
    ) -> SavedProductsQuery<'c, 'a, 's, C, SavedProducts, 2> {
        SavedProductsQuery {
            client,
            params: [subject, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SavedProductsBorrowed, tokio_postgres::Error> {
                Ok(SavedProductsBorrowed { ncm: row.try_get(0)?, saved_at: row.try_get(1)? })
            },
            mapper: |it| SavedProducts::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SavedProductsParams<T1>,
        SavedProductsQuery<'c, 'a, 's, C, SavedProducts, 2>,
        C,
    > for SavedProductsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SavedProductsParams<T1>,
    ) -> SavedProductsQuery<'c, 'a, 's, C, SavedProducts, 2> {
        self.bind(client, &params.subject, &params.most)
    }
}
pub struct SaveProductStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn save_product() -> SaveProductStmt {
    SaveProductStmt("SELECT simulator.save_product($1, $2, $3, $4) AS saved", None)
}
impl SaveProductStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        subject: &'a T1,
        ncm: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i32,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [subject, ncm, now, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, SaveProductParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for SaveProductStmt
{
    fn params(&'s self, client: &'c C, params: &'a SaveProductParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.subject, &params.ncm, &params.now, &params.most)
    }
}
pub struct RemoveProductStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn remove_product() -> RemoveProductStmt {
    RemoveProductStmt(
        "WITH gone AS (DELETE FROM simulator.saved_product WHERE subject = $1 AND ncm = $2 RETURNING 1) SELECT count(*) AS removed FROM gone",
        None,
    )
}
impl RemoveProductStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        subject: &'a T1,
        ncm: &'a T2,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [subject, ncm],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, RemoveProductParams<T1, T2>, I64Query<'c, 'a, 's, C, i64, 2>, C>
    for RemoveProductStmt
{
    fn params(&'s self, client: &'c C, params: &'a RemoveProductParams<T1, T2>) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.subject, &params.ncm)
    }
}
