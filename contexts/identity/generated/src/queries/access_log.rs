// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertAccessParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
    T5: crate::StringSql,
    T6: crate::StringSql,
    T7: crate::BytesSql,
> {
    pub at: chrono::DateTime<chrono::Utc>,
    pub actor: T1,
    pub user_id: Option<T2>,
    pub action: T3,
    pub result: T4,
    pub credential: T5,
    pub credential_id: Option<T6>,
    pub address_hash: Option<T7>,
}
#[derive(Debug)]
pub struct ActivityParams<T1: crate::StringSql> {
    pub user_id: T1,
    pub limit: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    pub at: chrono::DateTime<chrono::Utc>,
    pub action: String,
    pub result: String,
    pub credential: String,
}
pub struct ActivityBorrowed<'a> {
    pub at: chrono::DateTime<chrono::Utc>,
    pub action: &'a str,
    pub result: &'a str,
    pub credential: &'a str,
}
impl<'a> From<ActivityBorrowed<'a>> for Activity {
    fn from(ActivityBorrowed { at, action, result, credential }: ActivityBorrowed<'a>) -> Self {
        Self { at, action: action.into(), result: result.into(), credential: credential.into() }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
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
pub struct ActivityQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ActivityBorrowed, tokio_postgres::Error>,
    mapper: fn(ActivityBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ActivityQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ActivityBorrowed) -> R) -> ActivityQuery<'c, 'a, 's, C, R, N> {
        ActivityQuery {
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
pub struct InsertAccessStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_access() -> InsertAccessStmt {
    InsertAccessStmt(
        "INSERT INTO identity.access_log (at, actor, user_id, action, result, credential, credential_id, address_hash) VALUES ($1, $2, $3::text::uuid, $4, $5, $6, $7, $8) RETURNING id",
        None,
    )
}
impl InsertAccessStmt {
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
        T4: crate::StringSql,
        T5: crate::StringSql,
        T6: crate::StringSql,
        T7: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        at: &'a chrono::DateTime<chrono::Utc>,
        actor: &'a T1,
        user_id: &'a Option<T2>,
        action: &'a T3,
        result: &'a T4,
        credential: &'a T5,
        credential_id: &'a Option<T6>,
        address_hash: &'a Option<T7>,
    ) -> I64Query<'c, 'a, 's, C, i64, 8> {
        I64Query {
            client,
            params: [at, actor, user_id, action, result, credential, credential_id, address_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
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
        T4: crate::StringSql,
        T5: crate::StringSql,
        T6: crate::StringSql,
        T7: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertAccessParams<T1, T2, T3, T4, T5, T6, T7>,
        I64Query<'c, 'a, 's, C, i64, 8>,
        C,
    > for InsertAccessStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertAccessParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> I64Query<'c, 'a, 's, C, i64, 8> {
        self.bind(
            client,
            &params.at,
            &params.actor,
            &params.user_id,
            &params.action,
            &params.result,
            &params.credential,
            &params.credential_id,
            &params.address_hash,
        )
    }
}
pub struct ActivityStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn activity() -> ActivityStmt {
    ActivityStmt(
        "SELECT at, action, result, credential FROM identity.access_log WHERE user_id = $1::text::uuid ORDER BY id DESC LIMIT $2",
        None,
    )
}
impl ActivityStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        user_id: &'a T1,
        limit: &'a i64,
    ) -> ActivityQuery<'c, 'a, 's, C, Activity, 2> {
        ActivityQuery {
            client,
            params: [user_id, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ActivityBorrowed, tokio_postgres::Error> {
                Ok(ActivityBorrowed {
                    at: row.try_get(0)?,
                    action: row.try_get(1)?,
                    result: row.try_get(2)?,
                    credential: row.try_get(3)?,
                })
            },
            mapper: |it| Activity::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, ActivityParams<T1>, ActivityQuery<'c, 'a, 's, C, Activity, 2>, C>
    for ActivityStmt
{
    fn params(&'s self, client: &'c C, params: &'a ActivityParams<T1>) -> ActivityQuery<'c, 'a, 's, C, Activity, 2> {
        self.bind(client, &params.user_id, &params.limit)
    }
}
