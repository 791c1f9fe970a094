// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertApiKeyParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::BytesSql,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
> {
    pub user_id: T1,
    pub name: T2,
    pub prefix: T3,
    pub key_hash: T4,
    pub scopes: T6,
    pub now: chrono::DateTime<chrono::Utc>,
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
}
#[derive(Debug)]
pub struct DeleteApiKeyParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub key_id: T1,
    pub user_id: T2,
}
#[derive(Debug)]
pub struct AuthenticateApiKeyParams<T1: crate::BytesSql> {
    pub key_hash: T1,
    pub now: chrono::DateTime<chrono::Utc>,
    pub touch_before: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct ListApiKeys {
    pub id: String,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub last_used_at: Option<chrono::DateTime<chrono::Utc>>,
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
}
pub struct ListApiKeysBorrowed<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub prefix: &'a str,
    pub scopes: crate::ArrayIterator<'a, &'a str>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub last_used_at: Option<chrono::DateTime<chrono::Utc>>,
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
}
impl<'a> From<ListApiKeysBorrowed<'a>> for ListApiKeys {
    fn from(
        ListApiKeysBorrowed { id, name, prefix, scopes, created_at, last_used_at, expires_at }: ListApiKeysBorrowed<'a>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            prefix: prefix.into(),
            scopes: scopes.map(|v| v.into()).collect(),
            created_at,
            last_used_at,
            expires_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct AuthenticateApiKey {
    pub id: String,
    pub user_id: String,
    pub scopes: Vec<String>,
    pub tier: String,
    pub tenant_id: Option<String>,
}
pub struct AuthenticateApiKeyBorrowed<'a> {
    pub id: &'a str,
    pub user_id: &'a str,
    pub scopes: crate::ArrayIterator<'a, &'a str>,
    pub tier: &'a str,
    pub tenant_id: Option<&'a str>,
}
impl<'a> From<AuthenticateApiKeyBorrowed<'a>> for AuthenticateApiKey {
    fn from(
        AuthenticateApiKeyBorrowed { id, user_id, scopes, tier, tenant_id }: AuthenticateApiKeyBorrowed<'a>,
    ) -> Self {
        Self {
            id: id.into(),
            user_id: user_id.into(),
            scopes: scopes.map(|v| v.into()).collect(),
            tier: tier.into(),
            tenant_id: tenant_id.map(|v| v.into()),
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct ListApiKeysQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ListApiKeysBorrowed, tokio_postgres::Error>,
    mapper: fn(ListApiKeysBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ListApiKeysQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ListApiKeysBorrowed) -> R) -> ListApiKeysQuery<'c, 'a, 's, C, R, N> {
        ListApiKeysQuery {
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
pub struct AuthenticateApiKeyQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<AuthenticateApiKeyBorrowed, tokio_postgres::Error>,
    mapper: fn(AuthenticateApiKeyBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> AuthenticateApiKeyQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(AuthenticateApiKeyBorrowed) -> R) -> AuthenticateApiKeyQuery<'c, 'a, 's, C, R, N> {
        AuthenticateApiKeyQuery {
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
pub struct ListApiKeysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn list_api_keys() -> ListApiKeysStmt {
    ListApiKeysStmt(
        "SELECT id::text AS id, name, prefix, scopes, created_at, last_used_at, expires_at FROM identity.api_keys WHERE user_id = $1::text::uuid ORDER BY created_at DESC, id",
        None,
    )
}
impl ListApiKeysStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
    ) -> ListApiKeysQuery<'c, 'a, 's, C, ListApiKeys, 1> {
        ListApiKeysQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ListApiKeysBorrowed, tokio_postgres::Error> {
                Ok(ListApiKeysBorrowed {
                    id: row.try_get(0)?,
                    name: row.try_get(1)?,
                    prefix: row.try_get(2)?,
                    scopes: row.try_get(3)?,
                    created_at: row.try_get(4)?,
                    last_used_at: row.try_get(5)?,
                    expires_at: row.try_get(6)?,
                })
            },
            mapper: |it| ListApiKeys::from(it),
        }
    }
}
pub struct CountApiKeysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn count_api_keys() -> CountApiKeysStmt {
    CountApiKeysStmt("SELECT count(*) AS kept FROM identity.api_keys WHERE user_id = $1::text::uuid", None)
}
impl CountApiKeysStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
    ) -> I64Query<'c, 'a, 's, C, i64, 1> {
        I64Query {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct InsertApiKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_api_key() -> InsertApiKeyStmt {
    InsertApiKeyStmt(
        "INSERT INTO identity.api_keys (user_id, name, prefix, key_hash, scopes, created_at, expires_at) VALUES ($1::text::uuid, $2, $3, $4, $5, $6, $7) RETURNING id::text AS id",
        None,
    )
}
impl InsertApiKeyStmt {
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
        T3: crate::StringSql,
        T4: crate::BytesSql,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
    >(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
        name: &'a T2,
        prefix: &'a T3,
        key_hash: &'a T4,
        scopes: &'a T6,
        now: &'a chrono::DateTime<chrono::Utc>,
        expires_at: &'a Option<chrono::DateTime<chrono::Utc>>,
    ) -> StringQuery<'c, 'a, 's, C, String, 7> {
        StringQuery {
            client,
            params: [user_id, name, prefix, key_hash, scopes, now, expires_at],
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
        T1: crate::StringSql,
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::BytesSql,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertApiKeyParams<T1, T2, T3, T4, T5, T6>,
        StringQuery<'c, 'a, 's, C, String, 7>,
        C,
    > for InsertApiKeyStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertApiKeyParams<T1, T2, T3, T4, T5, T6>,
    ) -> StringQuery<'c, 'a, 's, C, String, 7> {
        self.bind(
            client,
            &params.user_id,
            &params.name,
            &params.prefix,
            &params.key_hash,
            &params.scopes,
            &params.now,
            &params.expires_at,
        )
    }
}
pub struct DeleteApiKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_api_key() -> DeleteApiKeyStmt {
    DeleteApiKeyStmt(
        "DELETE FROM identity.api_keys WHERE id = $1::text::uuid AND user_id = $2::text::uuid RETURNING id::text AS id",
        None,
    )
}
impl DeleteApiKeyStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        key_id: &'a T1,
        user_id: &'a T2,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [key_id, user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, DeleteApiKeyParams<T1, T2>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for DeleteApiKeyStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a DeleteApiKeyParams<T1, T2>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.key_id, &params.user_id)
    }
}
pub struct DeleteApiKeysOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_api_keys_of_user() -> DeleteApiKeysOfUserStmt {
    DeleteApiKeysOfUserStmt(
        "DELETE FROM identity.api_keys WHERE user_id = $1::text::uuid RETURNING id::text AS id",
        None,
    )
}
impl DeleteApiKeysOfUserStmt {
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
pub struct AuthenticateApiKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn authenticate_api_key() -> AuthenticateApiKeyStmt {
    AuthenticateApiKeyStmt(
        "WITH found AS ( SELECT k.id, k.user_id, k.scopes, k.last_used_at, u.tier, (SELECT m.tenant_id FROM identity.memberships m WHERE m.user_id = k.user_id ORDER BY m.created_at, m.tenant_id LIMIT 1) AS tenant_id FROM identity.api_keys k JOIN identity.users u ON u.id = k.user_id WHERE k.key_hash = $1 AND (k.expires_at IS NULL OR k.expires_at > $2) ), touched AS ( UPDATE identity.api_keys k SET last_used_at = $2 FROM found WHERE k.id = found.id AND (found.last_used_at IS NULL OR found.last_used_at <= $3) RETURNING k.id ) SELECT id::text AS id, user_id::text AS user_id, scopes, tier, tenant_id::text AS tenant_id FROM found",
        None,
    )
}
impl AuthenticateApiKeyStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
        touch_before: &'a chrono::DateTime<chrono::Utc>,
    ) -> AuthenticateApiKeyQuery<'c, 'a, 's, C, AuthenticateApiKey, 3> {
        AuthenticateApiKeyQuery {
            client,
            params: [key_hash, now, touch_before],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<AuthenticateApiKeyBorrowed, tokio_postgres::Error> {
                Ok(AuthenticateApiKeyBorrowed {
                    id: row.try_get(0)?,
                    user_id: row.try_get(1)?,
                    scopes: row.try_get(2)?,
                    tier: row.try_get(3)?,
                    tenant_id: row.try_get(4)?,
                })
            },
            mapper: |it| AuthenticateApiKey::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        AuthenticateApiKeyParams<T1>,
        AuthenticateApiKeyQuery<'c, 'a, 's, C, AuthenticateApiKey, 3>,
        C,
    > for AuthenticateApiKeyStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a AuthenticateApiKeyParams<T1>,
    ) -> AuthenticateApiKeyQuery<'c, 'a, 's, C, AuthenticateApiKey, 3> {
        self.bind(client, &params.key_hash, &params.now, &params.touch_before)
    }
}
