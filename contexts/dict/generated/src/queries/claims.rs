// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct ClaimOfParticipantParams<T1: crate::StringSql> {
    pub claim_id: uuid::Uuid,
    pub participant: T1,
}
#[derive(Debug)]
pub struct LockClaimParams<T1: crate::BytesSql> {
    pub key_hash: T1,
    pub claim_id: uuid::Uuid,
}
#[derive(Debug)]
pub struct ClaimsOfDonorParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
> {
    pub participant: T1,
    pub after_at: chrono::DateTime<chrono::Utc>,
    pub after_id: uuid::Uuid,
    pub modified_before: chrono::DateTime<chrono::Utc>,
    pub statuses: T3,
    pub claim_types: T5,
    pub most: i64,
}
#[derive(Debug)]
pub struct ClaimsOfClaimerParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
> {
    pub participant: T1,
    pub after_at: chrono::DateTime<chrono::Utc>,
    pub after_id: uuid::Uuid,
    pub modified_before: chrono::DateTime<chrono::Utc>,
    pub statuses: T3,
    pub claim_types: T5,
    pub most: i64,
}
#[derive(Debug)]
pub struct DueClaimsParams<T1: crate::StringSql, T2: crate::ArraySql<Item = T1>> {
    pub participants: T2,
    pub now: chrono::DateTime<chrono::Utc>,
    pub opened_before: chrono::DateTime<chrono::Utc>,
    pub after_at: chrono::DateTime<chrono::Utc>,
    pub after_id: uuid::Uuid,
    pub most: i64,
}
#[derive(Debug)]
pub struct InsertClaimParams<
    T1: crate::BytesSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
    T5: crate::StringSql,
    T6: crate::StringSql,
    T7: crate::BytesSql,
    T8: crate::StringSql,
    T9: crate::StringSql,
    T10: crate::StringSql,
> {
    pub key_hash: T1,
    pub claim_id: uuid::Uuid,
    pub claim_type: T2,
    pub key_type: T3,
    pub status: T4,
    pub donor_participant: T5,
    pub claimer_participant: T6,
    pub data_key_id: i32,
    pub sealed: T7,
    pub opened_at: chrono::DateTime<chrono::Utc>,
    pub resolution_period_end: chrono::DateTime<chrono::Utc>,
    pub completion_period_end: Option<chrono::DateTime<chrono::Utc>>,
    pub last_modified: chrono::DateTime<chrono::Utc>,
    pub confirm_reason: Option<T8>,
    pub cancel_reason: Option<T9>,
    pub cancelled_by: Option<T10>,
    pub request_id: Option<uuid::Uuid>,
}
#[derive(Debug)]
pub struct UpdateClaimParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
    T5: crate::BytesSql,
> {
    pub status: T1,
    pub resolution_period_end: chrono::DateTime<chrono::Utc>,
    pub completion_period_end: Option<chrono::DateTime<chrono::Utc>>,
    pub last_modified: chrono::DateTime<chrono::Utc>,
    pub confirm_reason: Option<T2>,
    pub cancel_reason: Option<T3>,
    pub cancelled_by: Option<T4>,
    pub key_owned_since: Option<chrono::DateTime<chrono::Utc>>,
    pub key_hash: T5,
    pub claim_id: uuid::Uuid,
}
#[derive(Debug)]
pub struct LinkClaimRequestParams<T1: crate::BytesSql> {
    pub request_id: uuid::Uuid,
    pub key_hash: T1,
    pub claim_id: uuid::Uuid,
}
#[derive(Debug)]
pub struct FixCompletionRequestParams<T1: crate::BytesSql> {
    pub request_id: uuid::Uuid,
    pub key_hash: T1,
    pub claim_id: uuid::Uuid,
}
#[derive(Debug)]
pub struct PostponeClaimParams<T1: crate::BytesSql> {
    pub retry_at: chrono::DateTime<chrono::Utc>,
    pub key_hash: T1,
    pub claim_id: uuid::Uuid,
}
#[derive(Debug)]
pub struct SettleClaimPossessionParams<T1: crate::BytesSql, T2: crate::StringSql> {
    pub key_hash: T1,
    pub claim_id: uuid::Uuid,
    pub participant: T2,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct ClaimRequestParams<T1: crate::StringSql> {
    pub request_id: uuid::Uuid,
    pub participant: T1,
}
#[derive(Debug)]
pub struct ReserveClaimRequestParams<
    T1: crate::StringSql,
    T2: crate::BytesSql,
    T3: crate::BytesSql,
    T4: crate::BytesSql,
> {
    pub participant: T1,
    pub request_id: uuid::Uuid,
    pub fingerprint: T2,
    pub key_hash: T3,
    pub data_key_id: i32,
    pub sealed: T4,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct FinishClaimRequestParams<T1: crate::StringSql, T2: crate::BytesSql, T3: crate::BytesSql, T4: crate::BytesSql>
{
    pub participant: T1,
    pub request_id: uuid::Uuid,
    pub fingerprint: T2,
    pub key_hash: T3,
    pub data_key_id: i32,
    pub sealed: T4,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct ReleaseClaimRequestParams<T1: crate::StringSql> {
    pub request_id: uuid::Uuid,
    pub participant: T1,
}
#[derive(Debug)]
pub struct CursorParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub participant: T1,
    pub name: T2,
}
#[derive(Debug)]
pub struct PutCursorParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub participant: T1,
    pub name: T2,
    pub at: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct InsertClaimEventParams<T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub key_hash: T1,
    pub topic: T2,
    pub payload: T3,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRow {
    pub key_hash: Vec<u8>,
    pub claim_id: uuid::Uuid,
    pub claim_type: String,
    pub key_type: String,
    pub status: String,
    pub donor_participant: String,
    pub claimer_participant: String,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
    pub opened_at: chrono::DateTime<chrono::Utc>,
    pub resolution_period_end: chrono::DateTime<chrono::Utc>,
    pub completion_period_end: Option<chrono::DateTime<chrono::Utc>>,
    pub last_modified: chrono::DateTime<chrono::Utc>,
    pub confirm_reason: Option<String>,
    pub cancel_reason: Option<String>,
    pub cancelled_by: Option<String>,
    pub completion_request_id: Option<uuid::Uuid>,
    pub possession_confirmed_at: Option<chrono::DateTime<chrono::Utc>>,
    pub request_id: Option<uuid::Uuid>,
    pub key_owned_since: Option<chrono::DateTime<chrono::Utc>>,
}
pub struct ClaimRowBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub claim_id: uuid::Uuid,
    pub claim_type: &'a str,
    pub key_type: &'a str,
    pub status: &'a str,
    pub donor_participant: &'a str,
    pub claimer_participant: &'a str,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
    pub opened_at: chrono::DateTime<chrono::Utc>,
    pub resolution_period_end: chrono::DateTime<chrono::Utc>,
    pub completion_period_end: Option<chrono::DateTime<chrono::Utc>>,
    pub last_modified: chrono::DateTime<chrono::Utc>,
    pub confirm_reason: Option<&'a str>,
    pub cancel_reason: Option<&'a str>,
    pub cancelled_by: Option<&'a str>,
    pub completion_request_id: Option<uuid::Uuid>,
    pub possession_confirmed_at: Option<chrono::DateTime<chrono::Utc>>,
    pub request_id: Option<uuid::Uuid>,
    pub key_owned_since: Option<chrono::DateTime<chrono::Utc>>,
}
impl<'a> From<ClaimRowBorrowed<'a>> for ClaimRow {
    fn from(
        ClaimRowBorrowed {
            key_hash,
            claim_id,
            claim_type,
            key_type,
            status,
            donor_participant,
            claimer_participant,
            data_key_id,
            sealed,
            opened_at,
            resolution_period_end,
            completion_period_end,
            last_modified,
            confirm_reason,
            cancel_reason,
            cancelled_by,
            completion_request_id,
            possession_confirmed_at,
            request_id,
            key_owned_since,
        }: ClaimRowBorrowed<'a>,
    ) -> Self {
        Self {
            key_hash: key_hash.into(),
            claim_id,
            claim_type: claim_type.into(),
            key_type: key_type.into(),
            status: status.into(),
            donor_participant: donor_participant.into(),
            claimer_participant: claimer_participant.into(),
            data_key_id,
            sealed: sealed.into(),
            opened_at,
            resolution_period_end,
            completion_period_end,
            last_modified,
            confirm_reason: confirm_reason.map(|v| v.into()),
            cancel_reason: cancel_reason.map(|v| v.into()),
            cancelled_by: cancelled_by.map(|v| v.into()),
            completion_request_id,
            possession_confirmed_at,
            request_id,
            key_owned_since,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct KnownClaims {
    pub claim_id: uuid::Uuid,
    pub status: String,
    pub last_modified: chrono::DateTime<chrono::Utc>,
}
pub struct KnownClaimsBorrowed<'a> {
    pub claim_id: uuid::Uuid,
    pub status: &'a str,
    pub last_modified: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<KnownClaimsBorrowed<'a>> for KnownClaims {
    fn from(KnownClaimsBorrowed { claim_id, status, last_modified }: KnownClaimsBorrowed<'a>) -> Self {
        Self { claim_id, status: status.into(), last_modified }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRequest {
    pub method: String,
    pub fingerprint: Vec<u8>,
    pub status: String,
    pub data_key_id: i32,
    pub sealed: Vec<u8>,
    pub created_at: chrono::DateTime<chrono::Utc>,
}
pub struct ClaimRequestBorrowed<'a> {
    pub method: &'a str,
    pub fingerprint: &'a [u8],
    pub status: &'a str,
    pub data_key_id: i32,
    pub sealed: &'a [u8],
    pub created_at: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<ClaimRequestBorrowed<'a>> for ClaimRequest {
    fn from(
        ClaimRequestBorrowed { method, fingerprint, status, data_key_id, sealed, created_at }: ClaimRequestBorrowed<'a>,
    ) -> Self {
        Self {
            method: method.into(),
            fingerprint: fingerprint.into(),
            status: status.into(),
            data_key_id,
            sealed: sealed.into(),
            created_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct ClaimRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ClaimRowBorrowed, tokio_postgres::Error>,
    mapper: fn(ClaimRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ClaimRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ClaimRowBorrowed) -> R) -> ClaimRowQuery<'c, 'a, 's, C, R, N> {
        ClaimRowQuery {
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
pub struct KnownClaimsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<KnownClaimsBorrowed, tokio_postgres::Error>,
    mapper: fn(KnownClaimsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> KnownClaimsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(KnownClaimsBorrowed) -> R) -> KnownClaimsQuery<'c, 'a, 's, C, R, N> {
        KnownClaimsQuery {
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
pub struct UuidUuidQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<uuid::Uuid, tokio_postgres::Error>,
    mapper: fn(uuid::Uuid) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> UuidUuidQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(uuid::Uuid) -> R) -> UuidUuidQuery<'c, 'a, 's, C, R, N> {
        UuidUuidQuery {
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
pub struct ClaimRequestQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ClaimRequestBorrowed, tokio_postgres::Error>,
    mapper: fn(ClaimRequestBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ClaimRequestQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ClaimRequestBorrowed) -> R) -> ClaimRequestQuery<'c, 'a, 's, C, R, N> {
        ClaimRequestQuery {
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
pub struct ClaimOfParticipantStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn claim_of_participant() -> ClaimOfParticipantStmt {
    ClaimOfParticipantStmt(
        "SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason, cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since FROM dict.claims WHERE claim_id = $1 AND (donor_participant = $2 OR claimer_participant = $2)",
        None,
    )
}
impl ClaimOfParticipantStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        claim_id: &'a uuid::Uuid,
        participant: &'a T1,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 2> {
        ClaimRowQuery {
            client,
            params: [claim_id, participant],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimRowBorrowed, tokio_postgres::Error> {
                Ok(ClaimRowBorrowed {
                    key_hash: row.try_get(0)?,
                    claim_id: row.try_get(1)?,
                    claim_type: row.try_get(2)?,
                    key_type: row.try_get(3)?,
                    status: row.try_get(4)?,
                    donor_participant: row.try_get(5)?,
                    claimer_participant: row.try_get(6)?,
                    data_key_id: row.try_get(7)?,
                    sealed: row.try_get(8)?,
                    opened_at: row.try_get(9)?,
                    resolution_period_end: row.try_get(10)?,
                    completion_period_end: row.try_get(11)?,
                    last_modified: row.try_get(12)?,
                    confirm_reason: row.try_get(13)?,
                    cancel_reason: row.try_get(14)?,
                    cancelled_by: row.try_get(15)?,
                    completion_request_id: row.try_get(16)?,
                    possession_confirmed_at: row.try_get(17)?,
                    request_id: row.try_get(18)?,
                    key_owned_since: row.try_get(19)?,
                })
            },
            mapper: |it| ClaimRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ClaimOfParticipantParams<T1>,
        ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 2>,
        C,
    > for ClaimOfParticipantStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ClaimOfParticipantParams<T1>,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 2> {
        self.bind(client, &params.claim_id, &params.participant)
    }
}
pub struct LockClaimStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_claim() -> LockClaimStmt {
    LockClaimStmt(
        "SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason, cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since FROM dict.claims WHERE key_hash = $1 AND claim_id = $2 FOR UPDATE",
        None,
    )
}
impl LockClaimStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        claim_id: &'a uuid::Uuid,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 2> {
        ClaimRowQuery {
            client,
            params: [key_hash, claim_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimRowBorrowed, tokio_postgres::Error> {
                Ok(ClaimRowBorrowed {
                    key_hash: row.try_get(0)?,
                    claim_id: row.try_get(1)?,
                    claim_type: row.try_get(2)?,
                    key_type: row.try_get(3)?,
                    status: row.try_get(4)?,
                    donor_participant: row.try_get(5)?,
                    claimer_participant: row.try_get(6)?,
                    data_key_id: row.try_get(7)?,
                    sealed: row.try_get(8)?,
                    opened_at: row.try_get(9)?,
                    resolution_period_end: row.try_get(10)?,
                    completion_period_end: row.try_get(11)?,
                    last_modified: row.try_get(12)?,
                    confirm_reason: row.try_get(13)?,
                    cancel_reason: row.try_get(14)?,
                    cancelled_by: row.try_get(15)?,
                    completion_request_id: row.try_get(16)?,
                    possession_confirmed_at: row.try_get(17)?,
                    request_id: row.try_get(18)?,
                    key_owned_since: row.try_get(19)?,
                })
            },
            mapper: |it| ClaimRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, LockClaimParams<T1>, ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 2>, C>
    for LockClaimStmt
{
    fn params(&'s self, client: &'c C, params: &'a LockClaimParams<T1>) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 2> {
        self.bind(client, &params.key_hash, &params.claim_id)
    }
}
pub struct OpenClaimOfKeyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_claim_of_key() -> OpenClaimOfKeyStmt {
    OpenClaimOfKeyStmt(
        "SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason, cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since FROM dict.claims WHERE key_hash = $1 AND status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED')",
        None,
    )
}
impl OpenClaimOfKeyStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 1> {
        ClaimRowQuery {
            client,
            params: [key_hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimRowBorrowed, tokio_postgres::Error> {
                Ok(ClaimRowBorrowed {
                    key_hash: row.try_get(0)?,
                    claim_id: row.try_get(1)?,
                    claim_type: row.try_get(2)?,
                    key_type: row.try_get(3)?,
                    status: row.try_get(4)?,
                    donor_participant: row.try_get(5)?,
                    claimer_participant: row.try_get(6)?,
                    data_key_id: row.try_get(7)?,
                    sealed: row.try_get(8)?,
                    opened_at: row.try_get(9)?,
                    resolution_period_end: row.try_get(10)?,
                    completion_period_end: row.try_get(11)?,
                    last_modified: row.try_get(12)?,
                    confirm_reason: row.try_get(13)?,
                    cancel_reason: row.try_get(14)?,
                    cancelled_by: row.try_get(15)?,
                    completion_request_id: row.try_get(16)?,
                    possession_confirmed_at: row.try_get(17)?,
                    request_id: row.try_get(18)?,
                    key_owned_since: row.try_get(19)?,
                })
            },
            mapper: |it| ClaimRow::from(it),
        }
    }
}
pub struct ClaimsOfDonorStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn claims_of_donor() -> ClaimsOfDonorStmt {
    ClaimsOfDonorStmt(
        "SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason, cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since FROM dict.claims WHERE donor_participant = $1 AND (last_modified, claim_id) > ($2, $3) AND last_modified <= $4 AND status = ANY($5) AND claim_type = ANY($6) ORDER BY last_modified, claim_id LIMIT $7",
        None,
    )
}
impl ClaimsOfDonorStmt {
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
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        after_at: &'a chrono::DateTime<chrono::Utc>,
        after_id: &'a uuid::Uuid,
        modified_before: &'a chrono::DateTime<chrono::Utc>,
        statuses: &'a T3,
        claim_types: &'a T5,
        most: &'a i64,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 7> {
        ClaimRowQuery {
            client,
            params: [participant, after_at, after_id, modified_before, statuses, claim_types, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimRowBorrowed, tokio_postgres::Error> {
                Ok(ClaimRowBorrowed {
                    key_hash: row.try_get(0)?,
                    claim_id: row.try_get(1)?,
                    claim_type: row.try_get(2)?,
                    key_type: row.try_get(3)?,
                    status: row.try_get(4)?,
                    donor_participant: row.try_get(5)?,
                    claimer_participant: row.try_get(6)?,
                    data_key_id: row.try_get(7)?,
                    sealed: row.try_get(8)?,
                    opened_at: row.try_get(9)?,
                    resolution_period_end: row.try_get(10)?,
                    completion_period_end: row.try_get(11)?,
                    last_modified: row.try_get(12)?,
                    confirm_reason: row.try_get(13)?,
                    cancel_reason: row.try_get(14)?,
                    cancelled_by: row.try_get(15)?,
                    completion_request_id: row.try_get(16)?,
                    possession_confirmed_at: row.try_get(17)?,
                    request_id: row.try_get(18)?,
                    key_owned_since: row.try_get(19)?,
                })
            },
            mapper: |it| ClaimRow::from(it),
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
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ClaimsOfDonorParams<T1, T2, T3, T4, T5>,
        ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 7>,
        C,
    > for ClaimsOfDonorStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ClaimsOfDonorParams<T1, T2, T3, T4, T5>,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 7> {
        self.bind(
            client,
            &params.participant,
            &params.after_at,
            &params.after_id,
            &params.modified_before,
            &params.statuses,
            &params.claim_types,
            &params.most,
        )
    }
}
pub struct ClaimsOfClaimerStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn claims_of_claimer() -> ClaimsOfClaimerStmt {
    ClaimsOfClaimerStmt(
        "SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason, cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since FROM dict.claims WHERE claimer_participant = $1 AND (last_modified, claim_id) > ($2, $3) AND last_modified <= $4 AND status = ANY($5) AND claim_type = ANY($6) ORDER BY last_modified, claim_id LIMIT $7",
        None,
    )
}
impl ClaimsOfClaimerStmt {
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
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        after_at: &'a chrono::DateTime<chrono::Utc>,
        after_id: &'a uuid::Uuid,
        modified_before: &'a chrono::DateTime<chrono::Utc>,
        statuses: &'a T3,
        claim_types: &'a T5,
        most: &'a i64,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 7> {
        ClaimRowQuery {
            client,
            params: [participant, after_at, after_id, modified_before, statuses, claim_types, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimRowBorrowed, tokio_postgres::Error> {
                Ok(ClaimRowBorrowed {
                    key_hash: row.try_get(0)?,
                    claim_id: row.try_get(1)?,
                    claim_type: row.try_get(2)?,
                    key_type: row.try_get(3)?,
                    status: row.try_get(4)?,
                    donor_participant: row.try_get(5)?,
                    claimer_participant: row.try_get(6)?,
                    data_key_id: row.try_get(7)?,
                    sealed: row.try_get(8)?,
                    opened_at: row.try_get(9)?,
                    resolution_period_end: row.try_get(10)?,
                    completion_period_end: row.try_get(11)?,
                    last_modified: row.try_get(12)?,
                    confirm_reason: row.try_get(13)?,
                    cancel_reason: row.try_get(14)?,
                    cancelled_by: row.try_get(15)?,
                    completion_request_id: row.try_get(16)?,
                    possession_confirmed_at: row.try_get(17)?,
                    request_id: row.try_get(18)?,
                    key_owned_since: row.try_get(19)?,
                })
            },
            mapper: |it| ClaimRow::from(it),
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
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ClaimsOfClaimerParams<T1, T2, T3, T4, T5>,
        ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 7>,
        C,
    > for ClaimsOfClaimerStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ClaimsOfClaimerParams<T1, T2, T3, T4, T5>,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 7> {
        self.bind(
            client,
            &params.participant,
            &params.after_at,
            &params.after_id,
            &params.modified_before,
            &params.statuses,
            &params.claim_types,
            &params.most,
        )
    }
}
pub struct DueClaimsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn due_claims() -> DueClaimsStmt {
    DueClaimsStmt(
        "SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason, cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since FROM dict.claims WHERE (status = 'OPEN' AND donor_participant = ANY($1) OR status IN ('OPEN', 'WAITING_RESOLUTION') AND resolution_period_end <= $2 AND (donor_participant = ANY($1) OR claimer_participant = ANY($1) AND claim_type = 'OWNERSHIP' AND opened_at <= $3) OR status = 'CONFIRMED' AND claimer_participant = ANY($1) AND (claim_type = 'PORTABILITY' OR completion_period_end <= $2 AND possession_confirmed_at IS NOT NULL OR opened_at <= $3)) AND (retry_at IS NULL OR retry_at <= $2) AND (resolution_period_end, claim_id) > ($4, $5) ORDER BY resolution_period_end, claim_id LIMIT $6",
        None,
    )
}
impl DueClaimsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        participants: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
        opened_before: &'a chrono::DateTime<chrono::Utc>,
        after_at: &'a chrono::DateTime<chrono::Utc>,
        after_id: &'a uuid::Uuid,
        most: &'a i64,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 6> {
        ClaimRowQuery {
            client,
            params: [participants, now, opened_before, after_at, after_id, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimRowBorrowed, tokio_postgres::Error> {
                Ok(ClaimRowBorrowed {
                    key_hash: row.try_get(0)?,
                    claim_id: row.try_get(1)?,
                    claim_type: row.try_get(2)?,
                    key_type: row.try_get(3)?,
                    status: row.try_get(4)?,
                    donor_participant: row.try_get(5)?,
                    claimer_participant: row.try_get(6)?,
                    data_key_id: row.try_get(7)?,
                    sealed: row.try_get(8)?,
                    opened_at: row.try_get(9)?,
                    resolution_period_end: row.try_get(10)?,
                    completion_period_end: row.try_get(11)?,
                    last_modified: row.try_get(12)?,
                    confirm_reason: row.try_get(13)?,
                    cancel_reason: row.try_get(14)?,
                    cancelled_by: row.try_get(15)?,
                    completion_request_id: row.try_get(16)?,
                    possession_confirmed_at: row.try_get(17)?,
                    request_id: row.try_get(18)?,
                    key_owned_since: row.try_get(19)?,
                })
            },
            mapper: |it| ClaimRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>
    crate::client::async_::Params<'c, 'a, 's, DueClaimsParams<T1, T2>, ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 6>, C>
    for DueClaimsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a DueClaimsParams<T1, T2>,
    ) -> ClaimRowQuery<'c, 'a, 's, C, ClaimRow, 6> {
        self.bind(
            client,
            &params.participants,
            &params.now,
            &params.opened_before,
            &params.after_at,
            &params.after_id,
            &params.most,
        )
    }
}
pub struct KnownClaimsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn known_claims() -> KnownClaimsStmt {
    KnownClaimsStmt("SELECT claim_id, status, last_modified FROM dict.claims WHERE claim_id = ANY($1)", None)
}
impl KnownClaimsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = uuid::Uuid>>(
        &'s self,
        client: &'c C,
        claim_ids: &'a T1,
    ) -> KnownClaimsQuery<'c, 'a, 's, C, KnownClaims, 1> {
        KnownClaimsQuery {
            client,
            params: [claim_ids],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<KnownClaimsBorrowed, tokio_postgres::Error> {
                Ok(KnownClaimsBorrowed {
                    claim_id: row.try_get(0)?,
                    status: row.try_get(1)?,
                    last_modified: row.try_get(2)?,
                })
            },
            mapper: |it| KnownClaims::from(it),
        }
    }
}
pub struct CountOpenClaimsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn count_open_claims() -> CountOpenClaimsStmt {
    CountOpenClaimsStmt(
        "SELECT count(*) AS open FROM dict.claims WHERE status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED')",
        None,
    )
}
impl CountOpenClaimsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> I64Query<'c, 'a, 's, C, i64, 0> {
        I64Query {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct InsertClaimStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_claim() -> InsertClaimStmt {
    InsertClaimStmt(
        "INSERT INTO dict.claims (key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason, cancelled_by, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (key_hash, claim_id) DO NOTHING RETURNING true AS written",
        None,
    )
}
impl InsertClaimStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::BytesSql,
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::StringSql,
        T5: crate::StringSql,
        T6: crate::StringSql,
        T7: crate::BytesSql,
        T8: crate::StringSql,
        T9: crate::StringSql,
        T10: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        claim_id: &'a uuid::Uuid,
        claim_type: &'a T2,
        key_type: &'a T3,
        status: &'a T4,
        donor_participant: &'a T5,
        claimer_participant: &'a T6,
        data_key_id: &'a i32,
        sealed: &'a T7,
        opened_at: &'a chrono::DateTime<chrono::Utc>,
        resolution_period_end: &'a chrono::DateTime<chrono::Utc>,
        completion_period_end: &'a Option<chrono::DateTime<chrono::Utc>>,
        last_modified: &'a chrono::DateTime<chrono::Utc>,
        confirm_reason: &'a Option<T8>,
        cancel_reason: &'a Option<T9>,
        cancelled_by: &'a Option<T10>,
        request_id: &'a Option<uuid::Uuid>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 17> {
        BoolQuery {
            client,
            params: [
                key_hash,
                claim_id,
                claim_type,
                key_type,
                status,
                donor_participant,
                claimer_participant,
                data_key_id,
                sealed,
                opened_at,
                resolution_period_end,
                completion_period_end,
                last_modified,
                confirm_reason,
                cancel_reason,
                cancelled_by,
                request_id,
            ],
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
        T1: crate::BytesSql,
        T2: crate::StringSql,
        T3: crate::StringSql,
        T4: crate::StringSql,
        T5: crate::StringSql,
        T6: crate::StringSql,
        T7: crate::BytesSql,
        T8: crate::StringSql,
        T9: crate::StringSql,
        T10: crate::StringSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertClaimParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>,
        BoolQuery<'c, 'a, 's, C, bool, 17>,
        C,
    > for InsertClaimStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertClaimParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 17> {
        self.bind(
            client,
            &params.key_hash,
            &params.claim_id,
            &params.claim_type,
            &params.key_type,
            &params.status,
            &params.donor_participant,
            &params.claimer_participant,
            &params.data_key_id,
            &params.sealed,
            &params.opened_at,
            &params.resolution_period_end,
            &params.completion_period_end,
            &params.last_modified,
            &params.confirm_reason,
            &params.cancel_reason,
            &params.cancelled_by,
            &params.request_id,
        )
    }
}
pub struct UpdateClaimStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn update_claim() -> UpdateClaimStmt {
    UpdateClaimStmt(
        "UPDATE dict.claims SET status = $1, resolution_period_end = $2, completion_period_end = $3, last_modified = $4, confirm_reason = $5, cancel_reason = $6, cancelled_by = $7, key_owned_since = coalesce($8, key_owned_since), retry_at = NULL WHERE key_hash = $9 AND claim_id = $10 RETURNING true AS written",
        None,
    )
}
impl UpdateClaimStmt {
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
        T5: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        status: &'a T1,
        resolution_period_end: &'a chrono::DateTime<chrono::Utc>,
        completion_period_end: &'a Option<chrono::DateTime<chrono::Utc>>,
        last_modified: &'a chrono::DateTime<chrono::Utc>,
        confirm_reason: &'a Option<T2>,
        cancel_reason: &'a Option<T3>,
        cancelled_by: &'a Option<T4>,
        key_owned_since: &'a Option<chrono::DateTime<chrono::Utc>>,
        key_hash: &'a T5,
        claim_id: &'a uuid::Uuid,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 10> {
        BoolQuery {
            client,
            params: [
                status,
                resolution_period_end,
                completion_period_end,
                last_modified,
                confirm_reason,
                cancel_reason,
                cancelled_by,
                key_owned_since,
                key_hash,
                claim_id,
            ],
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
        T5: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        UpdateClaimParams<T1, T2, T3, T4, T5>,
        BoolQuery<'c, 'a, 's, C, bool, 10>,
        C,
    > for UpdateClaimStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a UpdateClaimParams<T1, T2, T3, T4, T5>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 10> {
        self.bind(
            client,
            &params.status,
            &params.resolution_period_end,
            &params.completion_period_end,
            &params.last_modified,
            &params.confirm_reason,
            &params.cancel_reason,
            &params.cancelled_by,
            &params.key_owned_since,
            &params.key_hash,
            &params.claim_id,
        )
    }
}
pub struct LinkClaimRequestStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn link_claim_request() -> LinkClaimRequestStmt {
    LinkClaimRequestStmt(
        "UPDATE dict.claims SET request_id = $1 WHERE key_hash = $2 AND claim_id = $3 AND (request_id IS NULL OR request_id = $1) RETURNING true AS linked",
        None,
    )
}
impl LinkClaimRequestStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        request_id: &'a uuid::Uuid,
        key_hash: &'a T1,
        claim_id: &'a uuid::Uuid,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        BoolQuery {
            client,
            params: [request_id, key_hash, claim_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, LinkClaimRequestParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 3>, C>
    for LinkClaimRequestStmt
{
    fn params(&'s self, client: &'c C, params: &'a LinkClaimRequestParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        self.bind(client, &params.request_id, &params.key_hash, &params.claim_id)
    }
}
pub struct FixCompletionRequestStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn fix_completion_request() -> FixCompletionRequestStmt {
    FixCompletionRequestStmt(
        "UPDATE dict.claims SET completion_request_id = coalesce(completion_request_id, $1) WHERE key_hash = $2 AND claim_id = $3 RETURNING completion_request_id",
        None,
    )
}
impl FixCompletionRequestStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        request_id: &'a uuid::Uuid,
        key_hash: &'a T1,
        claim_id: &'a uuid::Uuid,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 3> {
        UuidUuidQuery {
            client,
            params: [request_id, key_hash, claim_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        FixCompletionRequestParams<T1>,
        UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 3>,
        C,
    > for FixCompletionRequestStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a FixCompletionRequestParams<T1>,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 3> {
        self.bind(client, &params.request_id, &params.key_hash, &params.claim_id)
    }
}
pub struct PostponeClaimStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn postpone_claim() -> PostponeClaimStmt {
    PostponeClaimStmt(
        "UPDATE dict.claims SET retry_at = $1 WHERE key_hash = $2 AND claim_id = $3 RETURNING true AS postponed",
        None,
    )
}
impl PostponeClaimStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        retry_at: &'a chrono::DateTime<chrono::Utc>,
        key_hash: &'a T1,
        claim_id: &'a uuid::Uuid,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        BoolQuery {
            client,
            params: [retry_at, key_hash, claim_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, PostponeClaimParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 3>, C>
    for PostponeClaimStmt
{
    fn params(&'s self, client: &'c C, params: &'a PostponeClaimParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        self.bind(client, &params.retry_at, &params.key_hash, &params.claim_id)
    }
}
pub struct SettleClaimPossessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn settle_claim_possession() -> SettleClaimPossessionStmt {
    SettleClaimPossessionStmt(
        "WITH before AS ( SELECT key_hash, claim_id, possession_confirmed_at AS settled_at FROM dict.claims WHERE key_hash = $1 AND claim_id = $2 AND claimer_participant = $3 AND status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED') FOR UPDATE ) UPDATE dict.claims AS c SET possession_confirmed_at = coalesce(before.settled_at, $4), retry_at = NULL FROM before WHERE c.key_hash = before.key_hash AND c.claim_id = before.claim_id RETURNING before.settled_at IS NULL AS newly",
        None,
    )
}
impl SettleClaimPossessionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        claim_id: &'a uuid::Uuid,
        participant: &'a T2,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [key_hash, claim_id, participant, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, SettleClaimPossessionParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for SettleClaimPossessionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SettleClaimPossessionParams<T1, T2>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.key_hash, &params.claim_id, &params.participant, &params.now)
    }
}
pub struct ClaimRequestStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn claim_request() -> ClaimRequestStmt {
    ClaimRequestStmt(
        "SELECT method, fingerprint, status, data_key_id, sealed, created_at FROM dict.requests WHERE request_id = $1 AND participant = $2",
        None,
    )
}
impl ClaimRequestStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        request_id: &'a uuid::Uuid,
        participant: &'a T1,
    ) -> ClaimRequestQuery<'c, 'a, 's, C, ClaimRequest, 2> {
        ClaimRequestQuery {
            client,
            params: [request_id, participant],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimRequestBorrowed, tokio_postgres::Error> {
                Ok(ClaimRequestBorrowed {
                    method: row.try_get(0)?,
                    fingerprint: row.try_get(1)?,
                    status: row.try_get(2)?,
                    data_key_id: row.try_get(3)?,
                    sealed: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                })
            },
            mapper: |it| ClaimRequest::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ClaimRequestParams<T1>,
        ClaimRequestQuery<'c, 'a, 's, C, ClaimRequest, 2>,
        C,
    > for ClaimRequestStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ClaimRequestParams<T1>,
    ) -> ClaimRequestQuery<'c, 'a, 's, C, ClaimRequest, 2> {
        self.bind(client, &params.request_id, &params.participant)
    }
}
pub struct ReserveClaimRequestStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reserve_claim_request() -> ReserveClaimRequestStmt {
    ReserveClaimRequestStmt(
        "INSERT INTO dict.requests (participant, request_id, method, fingerprint, status, key_hash, data_key_id, sealed, created_at, updated_at) VALUES ($1, $2, 'START_CLAIM', $3, 'PENDING', $4, $5, $6, $7, $7) ON CONFLICT (request_id, participant) DO NOTHING RETURNING true AS reserved",
        None,
    )
}
impl ReserveClaimRequestStmt {
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
        T2: crate::BytesSql,
        T3: crate::BytesSql,
        T4: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        request_id: &'a uuid::Uuid,
        fingerprint: &'a T2,
        key_hash: &'a T3,
        data_key_id: &'a i32,
        sealed: &'a T4,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        BoolQuery {
            client,
            params: [participant, request_id, fingerprint, key_hash, data_key_id, sealed, now],
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
        T2: crate::BytesSql,
        T3: crate::BytesSql,
        T4: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ReserveClaimRequestParams<T1, T2, T3, T4>,
        BoolQuery<'c, 'a, 's, C, bool, 7>,
        C,
    > for ReserveClaimRequestStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ReserveClaimRequestParams<T1, T2, T3, T4>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        self.bind(
            client,
            &params.participant,
            &params.request_id,
            &params.fingerprint,
            &params.key_hash,
            &params.data_key_id,
            &params.sealed,
            &params.now,
        )
    }
}
pub struct FinishClaimRequestStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn finish_claim_request() -> FinishClaimRequestStmt {
    FinishClaimRequestStmt(
        "INSERT INTO dict.requests (participant, request_id, method, fingerprint, status, key_hash, data_key_id, sealed, created_at, updated_at) VALUES ($1, $2, 'START_CLAIM', $3, 'DONE', $4, $5, $6, $7, $7) ON CONFLICT (request_id, participant) DO UPDATE SET status = excluded.status, data_key_id = excluded.data_key_id, sealed = excluded.sealed, updated_at = excluded.updated_at WHERE dict.requests.method = excluded.method AND dict.requests.fingerprint = excluded.fingerprint AND dict.requests.status = 'PENDING' RETURNING true AS finished",
        None,
    )
}
impl FinishClaimRequestStmt {
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
        T2: crate::BytesSql,
        T3: crate::BytesSql,
        T4: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        request_id: &'a uuid::Uuid,
        fingerprint: &'a T2,
        key_hash: &'a T3,
        data_key_id: &'a i32,
        sealed: &'a T4,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        BoolQuery {
            client,
            params: [participant, request_id, fingerprint, key_hash, data_key_id, sealed, now],
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
        T2: crate::BytesSql,
        T3: crate::BytesSql,
        T4: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        FinishClaimRequestParams<T1, T2, T3, T4>,
        BoolQuery<'c, 'a, 's, C, bool, 7>,
        C,
    > for FinishClaimRequestStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a FinishClaimRequestParams<T1, T2, T3, T4>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        self.bind(
            client,
            &params.participant,
            &params.request_id,
            &params.fingerprint,
            &params.key_hash,
            &params.data_key_id,
            &params.sealed,
            &params.now,
        )
    }
}
pub struct ReleaseClaimRequestStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn release_claim_request() -> ReleaseClaimRequestStmt {
    ReleaseClaimRequestStmt(
        "DELETE FROM dict.requests WHERE request_id = $1 AND participant = $2 AND method = 'START_CLAIM' AND status = 'PENDING' RETURNING true AS released",
        None,
    )
}
impl ReleaseClaimRequestStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        request_id: &'a uuid::Uuid,
        participant: &'a T1,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [request_id, participant],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, ReleaseClaimRequestParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ReleaseClaimRequestStmt
{
    fn params(&'s self, client: &'c C, params: &'a ReleaseClaimRequestParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.request_id, &params.participant)
    }
}
pub struct CursorStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cursor() -> CursorStmt {
    CursorStmt("SELECT at FROM dict.cursors WHERE participant = $1 AND name = $2", None)
}
impl CursorStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        name: &'a T2,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 2> {
        ChronoDateTimechronoUtcQuery {
            client,
            params: [participant, name],
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
        CursorParams<T1, T2>,
        ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 2>,
        C,
    > for CursorStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CursorParams<T1, T2>,
    ) -> ChronoDateTimechronoUtcQuery<'c, 'a, 's, C, chrono::DateTime<chrono::Utc>, 2> {
        self.bind(client, &params.participant, &params.name)
    }
}
pub struct PutCursorStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn put_cursor() -> PutCursorStmt {
    PutCursorStmt(
        "INSERT INTO dict.cursors (participant, name, at) VALUES ($1, $2, $3) ON CONFLICT (participant, name) DO UPDATE SET at = excluded.at, ok = true RETURNING true AS put",
        None,
    )
}
impl PutCursorStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        participant: &'a T1,
        name: &'a T2,
        at: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        BoolQuery {
            client,
            params: [participant, name, at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, PutCursorParams<T1, T2>, BoolQuery<'c, 'a, 's, C, bool, 3>, C>
    for PutCursorStmt
{
    fn params(&'s self, client: &'c C, params: &'a PutCursorParams<T1, T2>) -> BoolQuery<'c, 'a, 's, C, bool, 3> {
        self.bind(client, &params.participant, &params.name, &params.at)
    }
}
pub struct InsertClaimEventStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_claim_event() -> InsertClaimEventStmt {
    InsertClaimEventStmt(
        "INSERT INTO dict.outbox (key_hash, topic, payload, created_at) VALUES ($1, $2, CAST($3::text AS jsonb), $4) RETURNING true AS written",
        None,
    )
}
impl InsertClaimEventStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        topic: &'a T2,
        payload: &'a T3,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        BoolQuery {
            client,
            params: [key_hash, topic, payload, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, InsertClaimEventParams<T1, T2, T3>, BoolQuery<'c, 'a, 's, C, bool, 4>, C>
    for InsertClaimEventStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertClaimEventParams<T1, T2, T3>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 4> {
        self.bind(client, &params.key_hash, &params.topic, &params.payload, &params.now)
    }
}
