// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct NoteIntentParams<
    T1: crate::BytesSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::BytesSql,
    T5: crate::BytesSql,
> {
    pub key_hash: T1,
    pub intent_id: uuid::Uuid,
    pub participant: T2,
    pub key_type: T3,
    pub cid: T4,
    pub new_cid: Option<T5>,
    pub now: chrono::DateTime<chrono::Utc>,
}
#[derive(Debug)]
pub struct ForgetIntentParams<T1: crate::BytesSql> {
    pub key_hash: T1,
    pub intent_id: uuid::Uuid,
}
#[derive(Clone, Copy, Debug)]
pub struct OldIntentsParams {
    pub noted_before: chrono::DateTime<chrono::Utc>,
    pub most: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct OldIntents {
    pub key_hash: Vec<u8>,
    pub intent_id: uuid::Uuid,
    pub participant: String,
    pub key_type: String,
    pub cid: Vec<u8>,
    pub new_cid: Option<Vec<u8>>,
}
pub struct OldIntentsBorrowed<'a> {
    pub key_hash: &'a [u8],
    pub intent_id: uuid::Uuid,
    pub participant: &'a str,
    pub key_type: &'a str,
    pub cid: &'a [u8],
    pub new_cid: Option<&'a [u8]>,
}
impl<'a> From<OldIntentsBorrowed<'a>> for OldIntents {
    fn from(
        OldIntentsBorrowed { key_hash, intent_id, participant, key_type, cid, new_cid }: OldIntentsBorrowed<'a>,
    ) -> Self {
        Self {
            key_hash: key_hash.into(),
            intent_id,
            participant: participant.into(),
            key_type: key_type.into(),
            cid: cid.into(),
            new_cid: new_cid.map(|v| v.into()),
        }
    }
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
pub struct OldIntentsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OldIntentsBorrowed, tokio_postgres::Error>,
    mapper: fn(OldIntentsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OldIntentsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(OldIntentsBorrowed) -> R) -> OldIntentsQuery<'c, 'a, 's, C, R, N> {
        OldIntentsQuery {
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
pub struct NoteIntentStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn note_intent() -> NoteIntentStmt {
    NoteIntentStmt(
        "INSERT INTO dict.change_intents (key_hash, intent_id, participant, key_type, cid, new_cid, noted_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING true AS noted",
        None,
    )
}
impl NoteIntentStmt {
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
        T4: crate::BytesSql,
        T5: crate::BytesSql,
    >(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        intent_id: &'a uuid::Uuid,
        participant: &'a T2,
        key_type: &'a T3,
        cid: &'a T4,
        new_cid: &'a Option<T5>,
        now: &'a chrono::DateTime<chrono::Utc>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        BoolQuery {
            client,
            params: [key_hash, intent_id, participant, key_type, cid, new_cid, now],
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
        T4: crate::BytesSql,
        T5: crate::BytesSql,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        NoteIntentParams<T1, T2, T3, T4, T5>,
        BoolQuery<'c, 'a, 's, C, bool, 7>,
        C,
    > for NoteIntentStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a NoteIntentParams<T1, T2, T3, T4, T5>,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 7> {
        self.bind(
            client,
            &params.key_hash,
            &params.intent_id,
            &params.participant,
            &params.key_type,
            &params.cid,
            &params.new_cid,
            &params.now,
        )
    }
}
pub struct ForgetIntentStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_intent() -> ForgetIntentStmt {
    ForgetIntentStmt(
        "DELETE FROM dict.change_intents WHERE key_hash = $1 AND intent_id = $2 RETURNING true AS gone",
        None,
    )
}
impl ForgetIntentStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        key_hash: &'a T1,
        intent_id: &'a uuid::Uuid,
    ) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        BoolQuery {
            client,
            params: [key_hash, intent_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<'c, 'a, 's, ForgetIntentParams<T1>, BoolQuery<'c, 'a, 's, C, bool, 2>, C>
    for ForgetIntentStmt
{
    fn params(&'s self, client: &'c C, params: &'a ForgetIntentParams<T1>) -> BoolQuery<'c, 'a, 's, C, bool, 2> {
        self.bind(client, &params.key_hash, &params.intent_id)
    }
}
pub struct OldIntentsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn old_intents() -> OldIntentsStmt {
    OldIntentsStmt(
        "SELECT key_hash, intent_id, participant, key_type, cid, new_cid FROM dict.change_intents WHERE noted_at < $1 ORDER BY random() LIMIT $2",
        None,
    )
}
impl OldIntentsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        noted_before: &'a chrono::DateTime<chrono::Utc>,
        most: &'a i64,
    ) -> OldIntentsQuery<'c, 'a, 's, C, OldIntents, 2> {
        OldIntentsQuery {
            client,
            params: [noted_before, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OldIntentsBorrowed, tokio_postgres::Error> {
                Ok(OldIntentsBorrowed {
                    key_hash: row.try_get(0)?,
                    intent_id: row.try_get(1)?,
                    participant: row.try_get(2)?,
                    key_type: row.try_get(3)?,
                    cid: row.try_get(4)?,
                    new_cid: row.try_get(5)?,
                })
            },
            mapper: |it| OldIntents::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, OldIntentsParams, OldIntentsQuery<'c, 'a, 's, C, OldIntents, 2>, C>
    for OldIntentsStmt
{
    fn params(&'s self, client: &'c C, params: &'a OldIntentsParams) -> OldIntentsQuery<'c, 'a, 's, C, OldIntents, 2> {
        self.bind(client, &params.noted_before, &params.most)
    }
}
