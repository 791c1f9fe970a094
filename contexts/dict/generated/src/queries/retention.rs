// This file was generated with `clorinde`. Do not modify.

#[derive(Clone, Copy, Debug)]
pub struct ForgetClaimRequestsParams {
    pub before: chrono::DateTime<chrono::Utc>,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ForgetChangeIntentsParams {
    pub before: chrono::DateTime<chrono::Utc>,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ForgetPossessionsParams {
    pub before: chrono::DateTime<chrono::Utc>,
    pub most: i64,
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
pub struct ForgetClaimRequestsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_claim_requests() -> ForgetClaimRequestsStmt {
    ForgetClaimRequestsStmt(
        "DELETE FROM dict.requests r USING (SELECT d.request_id, d.participant FROM dict.requests d WHERE d.method = 'START_CLAIM' AND d.status = 'PENDING' AND d.created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED) AS old WHERE r.request_id = old.request_id AND r.participant = old.participant RETURNING true AS gone",
        None,
    )
}
impl ForgetClaimRequestsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [before, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, ForgetClaimRequestsParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetClaimRequestsStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetClaimRequestsParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.before, &params.most)
    }
}
pub struct ForgetChangeIntentsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_change_intents() -> ForgetChangeIntentsStmt {
    ForgetChangeIntentsStmt(
        "DELETE FROM dict.change_intents i USING (SELECT d.key_hash, d.intent_id FROM dict.change_intents d WHERE d.noted_at < $1 LIMIT $2) AS old WHERE i.key_hash = old.key_hash AND i.intent_id = old.intent_id RETURNING true AS gone",
        None,
    )
}
impl ForgetChangeIntentsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [before, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, ForgetChangeIntentsParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetChangeIntentsStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetChangeIntentsParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.before, &params.most)
    }
}
pub struct ForgetPossessionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_possessions() -> ForgetPossessionsStmt {
    ForgetPossessionsStmt(
        "DELETE FROM dict.possessions p USING (SELECT d.key_hash, d.possession_id FROM dict.possessions d WHERE d.expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED) AS old WHERE p.key_hash = old.key_hash AND p.possession_id = old.possession_id RETURNING true AS gone",
        None,
    )
}
impl ForgetPossessionsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i64,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [before, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, ForgetPossessionsParams, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetPossessionsStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetPossessionsParams) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.before, &params.most)
    }
}
