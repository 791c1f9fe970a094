// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertSessionParams<T1: crate::StringSql, T2: crate::BytesSql> {
    pub user_id: T1,
    pub token_hash: T2,
    pub now: chrono::DateTime<chrono::Utc>,
    pub idle_expires_at: chrono::DateTime<chrono::Utc>,
    pub absolute_expires_at: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct AuthenticateSessionParams<T1: crate::BytesSql> {
    pub token_hash: T1,
    pub now: chrono::DateTime<chrono::Utc>,
    pub idle_expires_at: chrono::DateTime<chrono::Utc>,
    pub touch_before: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct SessionIsOpenParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub session_id: T1,
    pub user_id: T2,
}
#[derive(Debug)]
pub struct DeleteSessionParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub session_id: T1,
    pub user_id: T2,
}
#[derive(Debug)]
pub struct DeleteSessionsOfUserParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub user_id: T1,
    pub keep_session_id: Option<T2>,
}
#[derive(Debug)]
pub struct DeleteOldestSessionsParams<T1: crate::StringSql> {
    pub user_id: T1,
    pub keep: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct AuthenticateSession {
    pub id: String,
    pub user_id: String,
    pub tier: String,
    pub tenant_id: Option<String>,
}
pub struct AuthenticateSessionBorrowed<'a> {
    pub id: &'a str,
    pub user_id: &'a str,
    pub tier: &'a str,
    pub tenant_id: Option<&'a str>,
}
impl<'a> From<AuthenticateSessionBorrowed<'a>> for AuthenticateSession {
    fn from(AuthenticateSessionBorrowed { id, user_id, tier, tenant_id }: AuthenticateSessionBorrowed<'a>) -> Self {
        Self { id: id.into(), user_id: user_id.into(), tier: tier.into(), tenant_id: tenant_id.map(|v| v.into()) }
    }
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
pub struct AuthenticateSessionQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<AuthenticateSessionBorrowed, tokio_postgres::Error>,
    mapper: fn(AuthenticateSessionBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> AuthenticateSessionQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(AuthenticateSessionBorrowed) -> R) -> AuthenticateSessionQuery<'c, 'a, 's, C, R, N> {
        AuthenticateSessionQuery {
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
pub struct InsertSessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_session() -> InsertSessionStmt {
    InsertSessionStmt(
        "INSERT INTO identity.sessions (user_id, token_hash, created_at, last_used_at, idle_expires_at, absolute_expires_at) VALUES ($1::text::uuid, $2, $3, $3, $4, $5) RETURNING id::text AS id",
        None,
    )
}
impl InsertSessionStmt {
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
        idle_expires_at: &'a chrono::DateTime<chrono::Utc>,
        absolute_expires_at: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 5> {
        StringQuery {
            client,
            params: [user_id, token_hash, now, idle_expires_at, absolute_expires_at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, InsertSessionParams<T1, T2>, StringQuery<'c, 'a, 's, C, String, 5>, C>
    for InsertSessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertSessionParams<T1, T2>,
    ) -> StringQuery<'c, 'a, 's, C, String, 5> {
        self.bind(
            client,
            &params.user_id,
            &params.token_hash,
            &params.now,
            &params.idle_expires_at,
            &params.absolute_expires_at,
        )
    }
}
pub struct AuthenticateSessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn authenticate_session() -> AuthenticateSessionStmt {
    AuthenticateSessionStmt(
        "WITH found AS ( SELECT s.id, s.user_id, s.last_used_at, u.tier, (SELECT m.tenant_id FROM identity.memberships m WHERE m.user_id = s.user_id ORDER BY m.created_at, m.tenant_id LIMIT 1) AS tenant_id FROM identity.sessions s JOIN identity.users u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.idle_expires_at > $2 AND s.absolute_expires_at > $2 ), touched AS ( UPDATE identity.sessions s SET last_used_at = $2, idle_expires_at = least($3, s.absolute_expires_at) FROM found WHERE s.id = found.id AND found.last_used_at <= $4 RETURNING s.id ) SELECT id::text AS id, user_id::text AS user_id, tier, tenant_id::text AS tenant_id FROM found",
        None,
    )
}
impl AuthenticateSessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        token_hash: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
        idle_expires_at: &'a chrono::DateTime<chrono::Utc>,
        touch_before: &'a chrono::DateTime<chrono::Utc>,
    ) -> AuthenticateSessionQuery<'c, 'a, 's, C, AuthenticateSession, 4> {
        AuthenticateSessionQuery {
            client,
            params: [token_hash, now, idle_expires_at, touch_before],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<AuthenticateSessionBorrowed, tokio_postgres::Error> {
                Ok(AuthenticateSessionBorrowed {
                    id: row.try_get(0)?,
                    user_id: row.try_get(1)?,
                    tier: row.try_get(2)?,
                    tenant_id: row.try_get(3)?,
                })
            },
            mapper: |it| AuthenticateSession::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        AuthenticateSessionParams<T1>,
        AuthenticateSessionQuery<'c, 'a, 's, C, AuthenticateSession, 4>,
        C,
    > for AuthenticateSessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a AuthenticateSessionParams<T1>,
    ) -> AuthenticateSessionQuery<'c, 'a, 's, C, AuthenticateSession, 4> {
        self.bind(client, &params.token_hash, &params.now, &params.idle_expires_at, &params.touch_before)
    }
}
pub struct SessionIsOpenStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn session_is_open() -> SessionIsOpenStmt {
    SessionIsOpenStmt(
        "SELECT EXISTS (SELECT FROM identity.sessions WHERE id = $1::text::uuid AND user_id = $2::text::uuid) AS open",
        None,
    )
}
impl SessionIsOpenStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        session_id: &'a T1,
        user_id: &'a T2,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [session_id, user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, SessionIsOpenParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for SessionIsOpenStmt
{
    fn params(&'s self, client: &'c C, params: &'a SessionIsOpenParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.session_id, &params.user_id)
    }
}
pub struct DeleteSessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_session() -> DeleteSessionStmt {
    DeleteSessionStmt(
        "DELETE FROM identity.sessions WHERE id = $1::text::uuid AND user_id = $2::text::uuid RETURNING id::text AS id",
        None,
    )
}
impl DeleteSessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        session_id: &'a T1,
        user_id: &'a T2,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [session_id, user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, DeleteSessionParams<T1, T2>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for DeleteSessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a DeleteSessionParams<T1, T2>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.session_id, &params.user_id)
    }
}
pub struct DeleteSessionsOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_sessions_of_user() -> DeleteSessionsOfUserStmt {
    DeleteSessionsOfUserStmt(
        "DELETE FROM identity.sessions WHERE user_id = $1::text::uuid AND id IS DISTINCT FROM $2::text::uuid RETURNING id::text AS id",
        None,
    )
}
impl DeleteSessionsOfUserStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
        keep_session_id: &'a Option<T2>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [user_id, keep_session_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        DeleteSessionsOfUserParams<T1, T2>,
        StringQuery<'c, 'a, 's, C, String, 2>,
        C,
    > for DeleteSessionsOfUserStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a DeleteSessionsOfUserParams<T1, T2>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.user_id, &params.keep_session_id)
    }
}
pub struct DeleteOldestSessionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_oldest_sessions() -> DeleteOldestSessionsStmt {
    DeleteOldestSessionsStmt(
        "DELETE FROM identity.sessions WHERE id IN (SELECT s.id FROM identity.sessions s WHERE s.user_id = $1::text::uuid ORDER BY s.last_used_at DESC, s.id OFFSET $2) RETURNING id::text AS id",
        None,
    )
}
impl DeleteOldestSessionsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
        keep: &'a i64,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [user_id, keep],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, DeleteOldestSessionsParams<T1>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for DeleteOldestSessionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a DeleteOldestSessionsParams<T1>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.user_id, &params.keep)
    }
}
