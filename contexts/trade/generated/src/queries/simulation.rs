// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertSimulationsParams<
    T1: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::ArraySql<Item = Option<f64>>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::StringSql,
    T8: crate::ArraySql<Item = T7>,
    T9: crate::StringSql,
    T10: crate::ArraySql<Item = T9>,
    T11: crate::ArraySql<Item = i32>,
    T12: crate::StringSql,
    T13: crate::ArraySql<Item = T12>,
> {
    pub simulated_at: T1,
    pub ncm: T3,
    pub volume_kg_magnitude: T4,
    pub countries: T6,
    pub destinations: T8,
    pub scores: T10,
    pub total_destinations: T11,
    pub snapshot: T13,
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
pub struct InsertSimulationsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_simulations() -> InsertSimulationsStmt {
    InsertSimulationsStmt(
        "WITH added AS ( INSERT INTO rpt.simulator_recommendations (simulated_at, ncm, volume_kg_magnitude, countries, destinations, scores, total_destinations, snapshot) SELECT s.simulated_at, s.ncm, s.volume_kg_magnitude, string_to_array(s.countries, ','), string_to_array(s.destinations, ','), string_to_array(s.scores, ',')::real[], s.total_destinations, s.snapshot FROM unnest($1::timestamptz[], $2::text[], $3::double precision[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::text[]) AS s (simulated_at, ncm, volume_kg_magnitude, countries, destinations, scores, total_destinations, snapshot) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertSimulationsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::ArraySql<Item = Option<f64>>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::StringSql,
        T8: crate::ArraySql<Item = T7>,
        T9: crate::StringSql,
        T10: crate::ArraySql<Item = T9>,
        T11: crate::ArraySql<Item = i32>,
        T12: crate::StringSql,
        T13: crate::ArraySql<Item = T12>,
    >(
        &'s self,
        client: &'c C,
        simulated_at: &'a T1,
        ncm: &'a T3,
        volume_kg_magnitude: &'a T4,
        countries: &'a T6,
        destinations: &'a T8,
        scores: &'a T10,
        total_destinations: &'a T11,
        snapshot: &'a T13,
    ) -> I64Query<'c, 'a, 's, C, i64, 8> {
        I64Query {
            client,
            params: [
                simulated_at,
                ncm,
                volume_kg_magnitude,
                countries,
                destinations,
                scores,
                total_destinations,
                snapshot,
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
        T1: crate::ArraySql<Item = chrono::DateTime<chrono::Utc>>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::ArraySql<Item = Option<f64>>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::StringSql,
        T8: crate::ArraySql<Item = T7>,
        T9: crate::StringSql,
        T10: crate::ArraySql<Item = T9>,
        T11: crate::ArraySql<Item = i32>,
        T12: crate::StringSql,
        T13: crate::ArraySql<Item = T12>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertSimulationsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>,
        I64Query<'c, 'a, 's, C, i64, 8>,
        C,
    > for InsertSimulationsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertSimulationsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>,
    ) -> I64Query<'c, 'a, 's, C, i64, 8> {
        self.bind(
            client,
            &params.simulated_at,
            &params.ncm,
            &params.volume_kg_magnitude,
            &params.countries,
            &params.destinations,
            &params.scores,
            &params.total_destinations,
            &params.snapshot,
        )
    }
}
pub struct ForgetSimulationsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_simulations() -> ForgetSimulationsStmt {
    ForgetSimulationsStmt("SELECT rpt.forget_simulations($1) AS forgotten", None)
}
impl ForgetSimulationsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a chrono::DateTime<chrono::Utc>,
    ) -> I64Query<'c, 'a, 's, C, i64, 1> {
        I64Query {
            client,
            params: [before],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
