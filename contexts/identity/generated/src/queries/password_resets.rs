// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertPasswordResetParams<T1: crate::StringSql, T2: crate::BytesSql> {
    pub user_id: T1,
    pub token_hash: T2,
    pub now: chrono::DateTime<chrono::Utc>,
    pub expires_at: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct OpenPasswordResetParams<T1: crate::BytesSql> {
    pub token_hash: T1,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct TakePasswordResetParams<T1: crate::BytesSql> {
    pub token_hash: T1,
    pub now: chrono::DateTime<chrono::Utc>,
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
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
pub struct InsertPasswordResetStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_password_reset() -> InsertPasswordResetStmt {
    InsertPasswordResetStmt(
        "INSERT INTO identity.password_resets (user_id, token_hash, created_at, expires_at) VALUES ($1::text::uuid, $2, $3, $4) RETURNING id::text AS id",
        None,
    )
}
impl InsertPasswordResetStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
        token_hash: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
        expires_at: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        StringQuery {
            client,
            params: [user_id, token_hash, now, expires_at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertPasswordResetParams<T1, T2>,
        StringQuery<'c, 'a, 's, C, String, 4>,
        C,
    > for InsertPasswordResetStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertPasswordResetParams<T1, T2>,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        self.bind(client, &params.user_id, &params.token_hash, &params.now, &params.expires_at)
    }
}
pub struct OpenPasswordResetStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_password_reset() -> OpenPasswordResetStmt {
    OpenPasswordResetStmt(
        "SELECT u.email FROM identity.password_resets r JOIN identity.users u ON u.id = r.user_id WHERE r.token_hash = $1 AND r.expires_at > $2",
        None,
    )
}
impl OpenPasswordResetStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        token_hash: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [token_hash, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, OpenPasswordResetParams<T1>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for OpenPasswordResetStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a OpenPasswordResetParams<T1>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.token_hash, &params.now)
    }
}
pub struct LockUserOfResetStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_user_of_reset() -> LockUserOfResetStmt {
    LockUserOfResetStmt(
        "SELECT u.id::text AS id FROM identity.users u WHERE u.id = (SELECT r.user_id FROM identity.password_resets r WHERE r.token_hash = $1) FOR UPDATE",
        None,
    )
}
impl LockUserOfResetStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        token_hash: &'a T1,
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [token_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct TakePasswordResetStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn take_password_reset() -> TakePasswordResetStmt {
    TakePasswordResetStmt(
        "DELETE FROM identity.password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id::text AS user_id",
        None,
    )
}
impl TakePasswordResetStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        token_hash: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [token_hash, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, TakePasswordResetParams<T1>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for TakePasswordResetStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a TakePasswordResetParams<T1>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.token_hash, &params.now)
    }
}
pub struct DeletePasswordResetsOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_password_resets_of_user() -> DeletePasswordResetsOfUserStmt {
    DeletePasswordResetsOfUserStmt(
        "DELETE FROM identity.password_resets WHERE user_id = $1::text::uuid RETURNING id::text AS id",
        None,
    )
}
impl DeletePasswordResetsOfUserStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
