// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct PutCountriesParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::StringSql,
    T8: crate::ArraySql<Item = T7>,
    T9: crate::StringSql,
    T10: crate::ArraySql<Item = T9>,
    T11: crate::StringSql,
    T12: crate::ArraySql<Item = T11>,
    T13: crate::StringSql,
    T14: crate::ArraySql<Item = T13>,
    T15: crate::ArraySql<Item = f64>,
    T16: crate::ArraySql<Item = f64>,
    T17: crate::ArraySql<Item = f64>,
> {
    pub updated_at: chrono::DateTime<chrono::Utc>,
    pub code: T2,
    pub iso3: T4,
    pub name_pt: T6,
    pub name_en: T8,
    pub flag_emoji: T10,
    pub currency: T12,
    pub languages: T14,
    pub latitude: T15,
    pub longitude: T16,
    pub distance_brazil_km: T17,
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
pub struct PutCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn put_countries() -> PutCountriesStmt {
    PutCountriesStmt(
        "WITH changed AS ( INSERT INTO cfg.countries_metadata AS c (code, iso3, name_pt, name_en, flag_emoji, currency, languages, latitude, longitude, distance_brazil_km, updated_at) SELECT n.*, $1 FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::double precision[], $10::double precision[], $11::double precision[]) AS n ON CONFLICT (code) DO UPDATE SET iso3 = excluded.iso3, name_pt = excluded.name_pt, name_en = excluded.name_en, flag_emoji = excluded.flag_emoji, currency = excluded.currency, languages = excluded.languages, latitude = excluded.latitude, longitude = excluded.longitude, distance_brazil_km = excluded.distance_brazil_km, updated_at = excluded.updated_at WHERE (c.iso3, c.name_pt, c.name_en, c.flag_emoji, c.currency, c.languages, c.latitude, c.longitude, c.distance_brazil_km) IS DISTINCT FROM (excluded.iso3, excluded.name_pt, excluded.name_en, excluded.flag_emoji, excluded.currency, excluded.languages, excluded.latitude, excluded.longitude, excluded.distance_brazil_km) RETURNING 1), gone AS (DELETE FROM cfg.countries_metadata WHERE code <> ALL ($2) RETURNING 1) SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM gone) AS changed",
        None,
    )
}
impl PutCountriesStmt {
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::StringSql,
        T8: crate::ArraySql<Item = T7>,
        T9: crate::StringSql,
        T10: crate::ArraySql<Item = T9>,
        T11: crate::StringSql,
        T12: crate::ArraySql<Item = T11>,
        T13: crate::StringSql,
        T14: crate::ArraySql<Item = T13>,
        T15: crate::ArraySql<Item = f64>,
        T16: crate::ArraySql<Item = f64>,
        T17: crate::ArraySql<Item = f64>,
    >(
        &'s self,
        client: &'c C,
        updated_at: &'a chrono::DateTime<chrono::Utc>,
        code: &'a T2,
        iso3: &'a T4,
        name_pt: &'a T6,
        name_en: &'a T8,
        flag_emoji: &'a T10,
        currency: &'a T12,
        languages: &'a T14,
        latitude: &'a T15,
        longitude: &'a T16,
        distance_brazil_km: &'a T17,
    ) -> I64Query<'c, 'a, 's, C, i64, 11> {
        I64Query {
            client,
            params: [
                updated_at,
                code,
                iso3,
                name_pt,
                name_en,
                flag_emoji,
                currency,
                languages,
                latitude,
                longitude,
                distance_brazil_km,
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::StringSql,
        T8: crate::ArraySql<Item = T7>,
        T9: crate::StringSql,
        T10: crate::ArraySql<Item = T9>,
        T11: crate::StringSql,
        T12: crate::ArraySql<Item = T11>,
        T13: crate::StringSql,
        T14: crate::ArraySql<Item = T13>,
        T15: crate::ArraySql<Item = f64>,
        T16: crate::ArraySql<Item = f64>,
        T17: crate::ArraySql<Item = f64>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        PutCountriesParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17>,
        I64Query<'c, 'a, 's, C, i64, 11>,
        C,
    > for PutCountriesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a PutCountriesParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17>,
    ) -> I64Query<'c, 'a, 's, C, i64, 11> {
        self.bind(
            client,
            &params.updated_at,
            &params.code,
            &params.iso3,
            &params.name_pt,
            &params.name_en,
            &params.flag_emoji,
            &params.currency,
            &params.languages,
            &params.latitude,
            &params.longitude,
            &params.distance_brazil_km,
        )
    }
}
pub struct CountCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn count_countries() -> CountCountriesStmt {
    CountCountriesStmt("SELECT count(*) FROM cfg.countries_metadata", None)
}
impl CountCountriesStmt {
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
