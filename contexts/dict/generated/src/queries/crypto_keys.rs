// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct OfferCryptoKeyParams<T1: crate::StringSql, T2: crate::BytesSql> {
    pub key_id: i32,
    pub purpose: T1,
    pub wrapped: T2,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct CryptoKeys {
    pub key_id: i32,
    pub purpose: String,
    pub wrapped: Vec<u8>,
    pub created_at: chrono::DateTime<chrono::Utc>,
}
pub struct CryptoKeysBorrowed<'a> {
    pub key_id: i32,
    pub purpose: &'a str,
    pub wrapped: &'a [u8],
    pub created_at: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<CryptoKeysBorrowed<'a>> for CryptoKeys {
    fn from(CryptoKeysBorrowed { key_id, purpose, wrapped, created_at }: CryptoKeysBorrowed<'a>) -> Self {
        Self { key_id, purpose: purpose.into(), wrapped: wrapped.into(), created_at }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct CryptoKeysQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CryptoKeysBorrowed, tokio_postgres::Error>,
    mapper: fn(CryptoKeysBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CryptoKeysQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CryptoKeysBorrowed) -> R) -> CryptoKeysQuery<'c, 'a, 's, C, R, N> {
        CryptoKeysQuery {
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
pub struct CryptoKeysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn crypto_keys() -> CryptoKeysStmt {
    CryptoKeysStmt("SELECT key_id, purpose, wrapped, created_at FROM dict.crypto_keys ORDER BY key_id", None)
}
impl CryptoKeysStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> CryptoKeysQuery<'c, 'a, 's, C, CryptoKeys, 0> {
        CryptoKeysQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CryptoKeysBorrowed, tokio_postgres::Error> {
                Ok(CryptoKeysBorrowed {
                    key_id: row.try_get(0)?,
                    purpose: row.try_get(1)?,
                    wrapped: row.try_get(2)?,
                    created_at: row.try_get(3)?,
                })
            },
            mapper: |it| CryptoKeys::from(it),
        }
    }
}
pub struct OfferCryptoKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn offer_crypto_key() -> OfferCryptoKeyStmt {
    OfferCryptoKeyStmt(
        "INSERT INTO dict.crypto_keys (key_id, purpose, wrapped, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (key_id) DO NOTHING RETURNING true AS taken",
        None,
    )
}
impl OfferCryptoKeyStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_id: &'a i32,
        purpose: &'a T1,
        wrapped: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [key_id, purpose, wrapped, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, OfferCryptoKeyParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for OfferCryptoKeyStmt
{
    fn params(&'s self, client: &'c C, params: &'a OfferCryptoKeyParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.key_id, &params.purpose, &params.wrapped, &params.now)
    }
}
