// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertUserParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub email: T1,
    pub name: T2,
    pub password_hash: T3,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct InsertTenantParams<T1: crate::StringSql> {
    pub name: T1,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct InsertMembershipParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub tenant_id: T1,
    pub user_id: T2,
    pub role: T3,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct AccountParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub session_id: Option<T1>,
    pub user_id: T2,
}
#[derive(Debug)]
pub struct UpdatePasswordParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub password_hash: T1,
    pub now: chrono::DateTime<chrono::Utc>,
    pub user_id: T2,
}
#[derive(Debug)]
pub struct RequestUpgradeParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub now: chrono::DateTime<chrono::Utc>,
    pub message: Option<T1>,
    pub user_id: T2,
}
#[derive(Debug)]
pub struct SetTierParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub tier: T1,
    pub now: chrono::DateTime<chrono::Utc>,
    pub who: T2,
}
#[derive(Clone, Copy, Debug)]
pub struct ListUsersParams {
    pub only_requested: bool,
    pub limit: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub id: String,
    pub email: String,
    pub name: String,
    pub tier: String,
    pub upgrade_requested_at: Option<chrono::DateTime<chrono::Utc>>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub tenant_id: String,
    pub tenant_name: String,
    pub session_expires_at: Option<chrono::DateTime<chrono::Utc>>,
}
pub struct AccountBorrowed<'a> {
    pub id: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    pub tier: &'a str,
    pub upgrade_requested_at: Option<chrono::DateTime<chrono::Utc>>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub tenant_id: &'a str,
    pub tenant_name: &'a str,
    pub session_expires_at: Option<chrono::DateTime<chrono::Utc>>,
}
impl<'a> From<AccountBorrowed<'a>> for Account {
    fn from(
        AccountBorrowed {
            id,
            email,
            name,
            tier,
            upgrade_requested_at,
            created_at,
            tenant_id,
            tenant_name,
            session_expires_at,
        }: AccountBorrowed<'a>,
    ) -> Self {
        Self {
            id: id.into(),
            email: email.into(),
            name: name.into(),
            tier: tier.into(),
            upgrade_requested_at,
            created_at,
            tenant_id: tenant_id.into(),
            tenant_name: tenant_name.into(),
            session_expires_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct CredentialsByEmail {
    pub id: String,
    pub password_hash: String,
}
pub struct CredentialsByEmailBorrowed<'a> {
    pub id: &'a str,
    pub password_hash: &'a str,
}
impl<'a> From<CredentialsByEmailBorrowed<'a>> for CredentialsByEmail {
    fn from(CredentialsByEmailBorrowed { id, password_hash }: CredentialsByEmailBorrowed<'a>) -> Self {
        Self { id: id.into(), password_hash: password_hash.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct CredentialsById {
    pub email: String,
    pub password_hash: String,
}
pub struct CredentialsByIdBorrowed<'a> {
    pub email: &'a str,
    pub password_hash: &'a str,
}
impl<'a> From<CredentialsByIdBorrowed<'a>> for CredentialsById {
    fn from(CredentialsByIdBorrowed { email, password_hash }: CredentialsByIdBorrowed<'a>) -> Self {
        Self { email: email.into(), password_hash: password_hash.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct SetTier {
    pub id: String,
    pub email: String,
}
pub struct SetTierBorrowed<'a> {
    pub id: &'a str,
    pub email: &'a str,
}
impl<'a> From<SetTierBorrowed<'a>> for SetTier {
    fn from(SetTierBorrowed { id, email }: SetTierBorrowed<'a>) -> Self {
        Self { id: id.into(), email: email.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ListUsers {
    pub id: String,
    pub email: String,
    pub name: String,
    pub tier: String,
    pub upgrade_requested_at: Option<chrono::DateTime<chrono::Utc>>,
    pub upgrade_message: Option<String>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub tenant_name: String,
}
pub struct ListUsersBorrowed<'a> {
    pub id: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    pub tier: &'a str,
    pub upgrade_requested_at: Option<chrono::DateTime<chrono::Utc>>,
    pub upgrade_message: Option<&'a str>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub tenant_name: &'a str,
}
impl<'a> From<ListUsersBorrowed<'a>> for ListUsers {
    fn from(
        ListUsersBorrowed {
            id,
            email,
            name,
            tier,
            upgrade_requested_at,
            upgrade_message,
            created_at,
            tenant_name,
        }: ListUsersBorrowed<'a>,
    ) -> Self {
        Self {
            id: id.into(),
            email: email.into(),
            name: name.into(),
            tier: tier.into(),
            upgrade_requested_at,
            upgrade_message: upgrade_message.map(|v| v.into()),
            created_at,
            tenant_name: tenant_name.into(),
        }
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
pub struct AccountQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<AccountBorrowed, tokio_postgres::Error>,
    mapper: fn(AccountBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> AccountQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(AccountBorrowed) -> R) -> AccountQuery<'c, 'a, 's, C, R, N> {
        AccountQuery {
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
pub struct CredentialsByEmailQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CredentialsByEmailBorrowed, tokio_postgres::Error>,
    mapper: fn(CredentialsByEmailBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CredentialsByEmailQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CredentialsByEmailBorrowed) -> R) -> CredentialsByEmailQuery<'c, 'a, 's, C, R, N> {
        CredentialsByEmailQuery {
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
pub struct CredentialsByIdQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CredentialsByIdBorrowed, tokio_postgres::Error>,
    mapper: fn(CredentialsByIdBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CredentialsByIdQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CredentialsByIdBorrowed) -> R) -> CredentialsByIdQuery<'c, 'a, 's, C, R, N> {
        CredentialsByIdQuery {
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
pub struct ChronoDateTimechronoUtcQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<chrono::DateTime<chrono::Utc>, tokio_postgres::Error>,
    mapper: fn(chrono::DateTime<chrono::Utc>) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(chrono::DateTime<chrono::Utc>) -> R,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, R, N> {
        ChronoDateTimechronoUtcQuery {
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
pub struct SetTierQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SetTierBorrowed, tokio_postgres::Error>,
    mapper: fn(SetTierBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SetTierQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SetTierBorrowed) -> R) -> SetTierQuery<'c, 'a, 's, C, R, N> {
        SetTierQuery {
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
pub struct ListUsersQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ListUsersBorrowed, tokio_postgres::Error>,
    mapper: fn(ListUsersBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ListUsersQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ListUsersBorrowed) -> R) -> ListUsersQuery<'c, 'a, 's, C, R, N> {
        ListUsersQuery {
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
pub struct InsertUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_user() -> InsertUserStmt {
    InsertUserStmt(
        "INSERT INTO identity.users (email, name, password_hash, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) ON CONFLICT (email) DO NOTHING RETURNING id::text AS id",
        None,
    )
}
impl InsertUserStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql>(
        &'s self,
        client: &'c C,
        email: &'a T1,
        name: &'a T2,
        password_hash: &'a T3,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        StringQuery {
            client,
            params: [email, name, password_hash, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, InsertUserParams<T1, T2, T3>, StringQuery<'c, 'a, 's, C, String, 4>, C>
    for InsertUserStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertUserParams<T1, T2, T3>,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        self.bind(client, &params.email, &params.name, &params.password_hash, &params.now)
    }
}
pub struct InsertTenantStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_tenant() -> InsertTenantStmt {
    InsertTenantStmt("INSERT INTO identity.tenants (name, created_at) VALUES ($1, $2) RETURNING id::text AS id", None)
}
impl InsertTenantStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        name: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [name, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, InsertTenantParams<T1>, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for InsertTenantStmt
{
    fn params(&'s self, client: &'c C, params: &'a InsertTenantParams<T1>) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.name, &params.now)
    }
}
pub struct InsertMembershipStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_membership() -> InsertMembershipStmt {
    InsertMembershipStmt(
        "INSERT INTO identity.memberships (tenant_id, user_id, role, created_at) VALUES ($1::text::uuid, $2::text::uuid, $3, $4) RETURNING role",
        None,
    )
}
impl InsertMembershipStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql>(
        &'s self,
        client: &'c C,
        tenant_id: &'a T1,
        user_id: &'a T2,
        role: &'a T3,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        StringQuery {
            client,
            params: [tenant_id, user_id, role, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertMembershipParams<T1, T2, T3>,
        StringQuery<'c, 'a, 's, C, String, 4>,
        C,
    > for InsertMembershipStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertMembershipParams<T1, T2, T3>,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        self.bind(client, &params.tenant_id, &params.user_id, &params.role, &params.now)
    }
}
pub struct AccountStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn account() -> AccountStmt {
    AccountStmt(
        "SELECT u.id::text AS id, u.email, u.name, u.tier, u.upgrade_requested_at, u.created_at, t.id::text AS tenant_id, t.name AS tenant_name, s.idle_expires_at AS session_expires_at FROM identity.users u JOIN LATERAL ( SELECT m.tenant_id FROM identity.memberships m WHERE m.user_id = u.id ORDER BY m.created_at, m.tenant_id LIMIT 1 ) AS first ON true JOIN identity.tenants t ON t.id = first.tenant_id LEFT JOIN identity.sessions s ON s.id = $1::text::uuid AND s.user_id = u.id WHERE u.id = $2::text::uuid",
        None,
    )
}
impl AccountStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        session_id: &'a Option<T1>,
        user_id: &'a T2,
    ) -> AccountQuery<'c, 'a, 's, C, Account, 2> {
        AccountQuery {
            client,
            params: [session_id, user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<AccountBorrowed, tokio_postgres::Error> {
                Ok(AccountBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    tier: row.try_get(3)?,
                    upgrade_requested_at: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                    tenant_id: row.try_get(6)?,
                    tenant_name: row.try_get(7)?,
                    session_expires_at: row.try_get(8)?,
                })
            },
            mapper: |it| Account::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, AccountParams<T1, T2>, AccountQuery<'c, 'a, 's, C, Account, 2>, C>
    for AccountStmt
{
    fn params(&'s self, client: &'c C, params: &'a AccountParams<T1, T2>) -> AccountQuery<'c, 'a, 's, C, Account, 2> {
        self.bind(client, &params.session_id, &params.user_id)
    }
}
pub struct CredentialsByEmailStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn credentials_by_email() -> CredentialsByEmailStmt {
    CredentialsByEmailStmt("SELECT id::text AS id, password_hash FROM identity.users WHERE email = $1", None)
}
impl CredentialsByEmailStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        email: &'a T1,
    ) -> CredentialsByEmailQuery<'c, 'a, 's, C, CredentialsByEmail, 1> {
        CredentialsByEmailQuery {
            client,
            params: [email],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CredentialsByEmailBorrowed, tokio_postgres::Error> {
                Ok(CredentialsByEmailBorrowed { id: row.try_get(0)?, password_hash: row.try_get(1)? })
            },
            mapper: |it| CredentialsByEmail::from(it),
        }
    }
}
pub struct CredentialsByIdStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn credentials_by_id() -> CredentialsByIdStmt {
    CredentialsByIdStmt("SELECT email, password_hash FROM identity.users WHERE id = $1::text::uuid", None)
}
impl CredentialsByIdStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
    ) -> CredentialsByIdQuery<'c, 'a, 's, C, CredentialsById, 1> {
        CredentialsByIdQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CredentialsByIdBorrowed, tokio_postgres::Error> {
                Ok(CredentialsByIdBorrowed { email: row.try_get(0)?, password_hash: row.try_get(1)? })
            },
            mapper: |it| CredentialsById::from(it),
        }
    }
}
pub struct LockUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_user() -> LockUserStmt {
    LockUserStmt("SELECT password_hash FROM identity.users WHERE id = $1::text::uuid FOR UPDATE", None)
}
impl LockUserStmt {
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
pub struct UpdatePasswordStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn update_password() -> UpdatePasswordStmt {
    UpdatePasswordStmt(
        "UPDATE identity.users SET password_hash = $1, updated_at = $2 WHERE id = $3::text::uuid RETURNING email",
        None,
    )
}
impl UpdatePasswordStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        password_hash: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
        user_id: &'a T2,
    ) -> StringQuery<'c, 'a, 's, C, String, 3> {
        StringQuery {
            client,
            params: [password_hash, now, user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, UpdatePasswordParams<T1, T2>, StringQuery<'c, 'a, 's, C, String, 3>, C>
    for UpdatePasswordStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a UpdatePasswordParams<T1, T2>,
    ) -> StringQuery<'c, 'a, 's, C, String, 3> {
        self.bind(client, &params.password_hash, &params.now, &params.user_id)
    }
}
pub struct RequestUpgradeStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn request_upgrade() -> RequestUpgradeStmt {
    RequestUpgradeStmt(
        "UPDATE identity.users SET upgrade_requested_at = CASE WHEN tier = 'free' THEN coalesce(upgrade_requested_at, $1) END, upgrade_message = CASE WHEN tier = 'free' THEN coalesce(upgrade_message, $2) END WHERE id = $3::text::uuid RETURNING coalesce(upgrade_requested_at, $1) AS upgrade_requested_at",
        None,
    )
}
impl RequestUpgradeStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        now: &'a chrono::DateTime<chrono::Utc>,
        message: &'a Option<T1>,
        user_id: &'a T2,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 3> {
        ChronoDateTimechronoUtcQuery {
            client,
            params: [now, message, user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RequestUpgradeParams<T1, T2>,
        ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 3>,
        C,
    > for RequestUpgradeStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RequestUpgradeParams<T1, T2>,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 3> {
        self.bind(client, &params.now, &params.message, &params.user_id)
    }
}
pub struct SetTierStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn set_tier() -> SetTierStmt {
    SetTierStmt(
        "UPDATE identity.users SET tier = $1, updated_at = $2, upgrade_requested_at = CASE WHEN $1 = 'premium' THEN NULL ELSE upgrade_requested_at END, upgrade_message = CASE WHEN $1 = 'premium' THEN NULL ELSE upgrade_message END WHERE email = $3 OR id::text = $3 RETURNING id::text AS id, email",
        None,
    )
}
impl SetTierStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        tier: &'a T1,
        now: &'a chrono::DateTime<chrono::Utc>,
        who: &'a T2,
    ) -> SetTierQuery<'c, 'a, 's, C, SetTier, 3> {
        SetTierQuery {
            client,
            params: [tier, now, who],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SetTierBorrowed, tokio_postgres::Error> {
                Ok(SetTierBorrowed { id: row.try_get(0)?, email: row.try_get(1)? })
            },
            mapper: |it| SetTier::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, SetTierParams<T1, T2>, SetTierQuery<'c, 'a, 's, C, SetTier, 3>, C>
    for SetTierStmt
{
    fn params(&'s self, client: &'c C, params: &'a SetTierParams<T1, T2>) -> SetTierQuery<'c, 'a, 's, C, SetTier, 3> {
        self.bind(client, &params.tier, &params.now, &params.who)
    }
}
pub struct ListUsersStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn list_users() -> ListUsersStmt {
    ListUsersStmt(
        "SELECT u.id::text AS id, u.email, u.name, u.tier, u.upgrade_requested_at, u.upgrade_message, u.created_at, (SELECT t.name FROM identity.memberships m JOIN identity.tenants t ON t.id = m.tenant_id WHERE m.user_id = u.id ORDER BY m.created_at, m.tenant_id LIMIT 1) AS tenant_name FROM identity.users u WHERE NOT $1 OR u.upgrade_requested_at IS NOT NULL ORDER BY u.created_at, u.id LIMIT $2",
        None,
    )
}
impl ListUsersStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        only_requested: &'a bool,
        limit: &'a i64,
    ) -> ListUsersQuery<'c, 'a, 's, C, ListUsers, 2> {
        ListUsersQuery {
            client,
            params: [only_requested, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ListUsersBorrowed, tokio_postgres::Error> {
                Ok(ListUsersBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    tier: row.try_get(3)?,
                    upgrade_requested_at: row.try_get(4)?,
                    upgrade_message: row.try_get(5)?,
                    created_at: row.try_get(6)?,
                    tenant_name: row.try_get(7)?,
                })
            },
            mapper: |it| ListUsers::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, ListUsersParams, ListUsersQuery<'c, 'a, 's, C, ListUsers, 2>, C>
    for ListUsersStmt
{
    fn params(&'s self, client: &'c C, params: &'a ListUsersParams) -> ListUsersQuery<'c, 'a, 's, C, ListUsers, 2> {
        self.bind(client, &params.only_requested, &params.limit)
    }
}
