// This file was generated with `clorinde`. Do not modify.

#[derive(Debug, Clone, PartialEq)]
pub struct NcmSuccession {
    pub co_ncm_old: String,
    pub co_ncm_new: String,
    pub since: Option<i32>,
}
pub struct NcmSuccessionBorrowed<'a> {
    pub co_ncm_old: &'a str,
    pub co_ncm_new: &'a str,
    pub since: Option<i32>,
}
impl<'a> From<NcmSuccessionBorrowed<'a>> for NcmSuccession {
    fn from(NcmSuccessionBorrowed { co_ncm_old, co_ncm_new, since }: NcmSuccessionBorrowed<'a>) -> Self {
        Self { co_ncm_old: co_ncm_old.into(), co_ncm_new: co_ncm_new.into(), since }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct NcmSuccessionQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<NcmSuccessionBorrowed, tokio_postgres::Error>,
    mapper: fn(NcmSuccessionBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> NcmSuccessionQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(NcmSuccessionBorrowed) -> R) -> NcmSuccessionQuery<'c, 'a, 's, C, R, N> {
        NcmSuccessionQuery {
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
pub struct NcmSuccessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn ncm_succession() -> NcmSuccessionStmt {
    NcmSuccessionStmt(
        "SELECT co_ncm_old, co_ncm_new, (extract(year FROM since) * 12 + extract(month FROM since) - 1)::integer AS since FROM cfg.ncm_succession ORDER BY co_ncm_old, co_ncm_new",
        None,
    )
}
impl NcmSuccessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> NcmSuccessionQuery<'c, 'a, 's, C, NcmSuccession, 0> {
        NcmSuccessionQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<NcmSuccessionBorrowed, tokio_postgres::Error> {
                Ok(NcmSuccessionBorrowed {
                    co_ncm_old: row.try_get(0)?,
                    co_ncm_new: row.try_get(1)?,
                    since: row.try_get(2)?,
                })
            },
            mapper: |it| NcmSuccession::from(it),
        }
    }
}
