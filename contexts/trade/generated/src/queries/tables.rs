// This file was generated with `clorinde`. Do not modify.

#[derive(Debug)]
pub struct InsertCountriesParams<
    T1: crate::ArraySql<Item = i16>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::StringSql,
    T7: crate::ArraySql<Item = T6>,
> {
    pub co_pais: T1,
    pub co_pais_isoa3: T3,
    pub no_pais: T5,
    pub no_pais_ing: T7,
}
#[derive(Debug)]
pub struct InsertProductsParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = Option<i16>>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = Option<T4>>,
    T6: crate::StringSql,
    T7: crate::ArraySql<Item = T6>,
    T8: crate::StringSql,
    T9: crate::ArraySql<Item = Option<T8>>,
> {
    pub co_ncm: T2,
    pub co_unid: T3,
    pub co_isic_classe: T5,
    pub no_ncm_por: T7,
    pub no_ncm_ing: T9,
}
#[derive(Debug)]
pub struct InsertHeadingsParams<
    T1: crate::ArraySql<Item = i16>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
> {
    pub nivel: T1,
    pub codigo: T3,
    pub nome: T5,
}
#[derive(Debug)]
pub struct InsertStatesParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
> {
    pub sg_uf: T2,
    pub no_uf: T4,
    pub no_regiao: T6,
}
#[derive(Debug)]
pub struct InsertWaysParams<T1: crate::ArraySql<Item = i16>, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>> {
    pub co_via: T1,
    pub no_via: T3,
}
#[derive(Debug)]
pub struct InsertCustomsUnitsParams<
    T1: crate::ArraySql<Item = i32>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
> {
    pub co_urf: T1,
    pub no_urf: T3,
}
#[derive(Debug)]
pub struct InsertUnitsParams<
    T1: crate::ArraySql<Item = i16>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
> {
    pub co_unid: T1,
    pub no_unid: T3,
    pub sg_unid: T5,
}
#[derive(Debug)]
pub struct InsertBlocsParams<
    T1: crate::ArraySql<Item = i16>,
    T2: crate::ArraySql<Item = i16>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
> {
    pub co_pais: T1,
    pub co_bloco: T2,
    pub no_bloco: T4,
}
#[derive(Debug)]
pub struct InsertUnlistedCountriesParams<
    T1: crate::ArraySql<Item = i16>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
> {
    pub co_pais: T1,
    pub no_pais: T3,
}
#[derive(Debug)]
pub struct InsertSectorsParams<T1: crate::ArraySql<Item = i16>, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>> {
    pub id: T1,
    pub nome: T3,
}
#[derive(Debug)]
pub struct ResolveUnlistedCountriesParams<T1: crate::ArraySql<Item = i16>, T2: crate::ArraySql<Item = i16>> {
    pub co_pais: T1,
    pub resolvido: T2,
}
#[derive(Debug, Clone, PartialEq)]
pub struct TableRows {
    pub table_name: String,
    pub rows: i64,
}
pub struct TableRowsBorrowed<'a> {
    pub table_name: &'a str,
    pub rows: i64,
}
impl<'a> From<TableRowsBorrowed<'a>> for TableRows {
    fn from(TableRowsBorrowed { table_name, rows }: TableRowsBorrowed<'a>) -> Self {
        Self { table_name: table_name.into(), rows }
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
pub struct TableRowsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<TableRowsBorrowed, tokio_postgres::Error>,
    mapper: fn(TableRowsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> TableRowsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(TableRowsBorrowed) -> R) -> TableRowsQuery<'c, 'a, 's, C, R, N> {
        TableRowsQuery {
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
pub struct DeleteCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_countries() -> DeleteCountriesStmt {
    DeleteCountriesStmt("WITH gone AS (DELETE FROM cfg.pais RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteCountriesStmt {
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
pub struct InsertCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_countries() -> InsertCountriesStmt {
    InsertCountriesStmt(
        "WITH added AS ( INSERT INTO cfg.pais (co_pais, co_pais_isoa3, no_pais, no_pais_ing) SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertCountriesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
    >(
        &'s self,
        client: &'c C,
        co_pais: &'a T1,
        co_pais_isoa3: &'a T3,
        no_pais: &'a T5,
        no_pais_ing: &'a T7,
    ) -> I64Query<'c, 'a, 's, C, i64, 4> {
        I64Query {
            client,
            params: [co_pais, co_pais_isoa3, no_pais, no_pais_ing],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertCountriesParams<T1, T2, T3, T4, T5, T6, T7>,
        I64Query<'c, 'a, 's, C, i64, 4>,
        C,
    > for InsertCountriesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertCountriesParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> I64Query<'c, 'a, 's, C, i64, 4> {
        self.bind(client, &params.co_pais, &params.co_pais_isoa3, &params.no_pais, &params.no_pais_ing)
    }
}
pub struct DeleteProductsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_products() -> DeleteProductsStmt {
    DeleteProductsStmt("WITH gone AS (DELETE FROM cfg.ncm RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteProductsStmt {
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
pub struct InsertProductsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_products() -> InsertProductsStmt {
    InsertProductsStmt(
        "WITH added AS ( INSERT INTO cfg.ncm (co_ncm, co_unid, co_isic_classe, no_ncm_por, no_ncm_ing) SELECT * FROM unnest($1::text[], $2::smallint[], $3::text[], $4::text[], $5::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertProductsStmt {
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
        T3: crate::ArraySql<Item = Option<i16>>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = Option<T4>>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
        T8: crate::StringSql,
        T9: crate::ArraySql<Item = Option<T8>>,
    >(
        &'s self,
        client: &'c C,
        co_ncm: &'a T2,
        co_unid: &'a T3,
        co_isic_classe: &'a T5,
        no_ncm_por: &'a T7,
        no_ncm_ing: &'a T9,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        I64Query {
            client,
            params: [co_ncm, co_unid, co_isic_classe, no_ncm_por, no_ncm_ing],
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
        T3: crate::ArraySql<Item = Option<i16>>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = Option<T4>>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
        T8: crate::StringSql,
        T9: crate::ArraySql<Item = Option<T8>>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertProductsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
        I64Query<'c, 'a, 's, C, i64, 5>,
        C,
    > for InsertProductsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertProductsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
    ) -> I64Query<'c, 'a, 's, C, i64, 5> {
        self.bind(
            client,
            &params.co_ncm,
            &params.co_unid,
            &params.co_isic_classe,
            &params.no_ncm_por,
            &params.no_ncm_ing,
        )
    }
}
pub struct DeleteHeadingsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_headings() -> DeleteHeadingsStmt {
    DeleteHeadingsStmt("WITH gone AS (DELETE FROM cfg.ncm_sh RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteHeadingsStmt {
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
pub struct InsertHeadingsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_headings() -> InsertHeadingsStmt {
    InsertHeadingsStmt(
        "WITH added AS ( INSERT INTO cfg.ncm_sh (nivel, codigo, nome) SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertHeadingsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >(
        &'s self,
        client: &'c C,
        nivel: &'a T1,
        codigo: &'a T3,
        nome: &'a T5,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        I64Query {
            client,
            params: [nivel, codigo, nome],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertHeadingsParams<T1, T2, T3, T4, T5>,
        I64Query<'c, 'a, 's, C, i64, 3>,
        C,
    > for InsertHeadingsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertHeadingsParams<T1, T2, T3, T4, T5>,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        self.bind(client, &params.nivel, &params.codigo, &params.nome)
    }
}
pub struct DeleteStatesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_states() -> DeleteStatesStmt {
    DeleteStatesStmt("WITH gone AS (DELETE FROM cfg.uf RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteStatesStmt {
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
pub struct InsertStatesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_states() -> InsertStatesStmt {
    InsertStatesStmt(
        "WITH added AS ( INSERT INTO cfg.uf (sg_uf, no_uf, no_regiao) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertStatesStmt {
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
    >(
        &'s self,
        client: &'c C,
        sg_uf: &'a T2,
        no_uf: &'a T4,
        no_regiao: &'a T6,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        I64Query {
            client,
            params: [sg_uf, no_uf, no_regiao],
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
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertStatesParams<T1, T2, T3, T4, T5, T6>,
        I64Query<'c, 'a, 's, C, i64, 3>,
        C,
    > for InsertStatesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertStatesParams<T1, T2, T3, T4, T5, T6>,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        self.bind(client, &params.sg_uf, &params.no_uf, &params.no_regiao)
    }
}
pub struct DeleteWaysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_ways() -> DeleteWaysStmt {
    DeleteWaysStmt("WITH gone AS (DELETE FROM cfg.via RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteWaysStmt {
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
pub struct InsertWaysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_ways() -> InsertWaysStmt {
    InsertWaysStmt(
        "WITH added AS ( INSERT INTO cfg.via (co_via, no_via) SELECT * FROM unnest($1::smallint[], $2::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertWaysStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        co_via: &'a T1,
        no_via: &'a T3,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [co_via, no_via],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    > crate::client::async_::Params<'c, 'a, 's, InsertWaysParams<T1, T2, T3>, I64Query<'c, 'a, 's, C, i64, 2>, C>
    for InsertWaysStmt
{
    fn params(&'s self, client: &'c C, params: &'a InsertWaysParams<T1, T2, T3>) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.co_via, &params.no_via)
    }
}
pub struct DeleteCustomsUnitsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_customs_units() -> DeleteCustomsUnitsStmt {
    DeleteCustomsUnitsStmt("WITH gone AS (DELETE FROM cfg.urf RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteCustomsUnitsStmt {
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
pub struct InsertCustomsUnitsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_customs_units() -> InsertCustomsUnitsStmt {
    InsertCustomsUnitsStmt(
        "WITH added AS ( INSERT INTO cfg.urf (co_urf, no_urf) SELECT * FROM unnest($1::integer[], $2::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertCustomsUnitsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i32>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        co_urf: &'a T1,
        no_urf: &'a T3,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [co_urf, no_urf],
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
        T1: crate::ArraySql<Item = i32>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    >
    crate::client::async_::Params<'c, 'a, 's, InsertCustomsUnitsParams<T1, T2, T3>, I64Query<'c, 'a, 's, C, i64, 2>, C>
    for InsertCustomsUnitsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertCustomsUnitsParams<T1, T2, T3>,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.co_urf, &params.no_urf)
    }
}
pub struct DeleteUnitsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_units() -> DeleteUnitsStmt {
    DeleteUnitsStmt("WITH gone AS (DELETE FROM cfg.ncm_unidade RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteUnitsStmt {
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
pub struct InsertUnitsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_units() -> InsertUnitsStmt {
    InsertUnitsStmt(
        "WITH added AS ( INSERT INTO cfg.ncm_unidade (co_unid, no_unid, sg_unid) SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertUnitsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >(
        &'s self,
        client: &'c C,
        co_unid: &'a T1,
        no_unid: &'a T3,
        sg_unid: &'a T5,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        I64Query {
            client,
            params: [co_unid, no_unid, sg_unid],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >
    crate::client::async_::Params<'c, 'a, 's, InsertUnitsParams<T1, T2, T3, T4, T5>, I64Query<'c, 'a, 's, C, i64, 3>, C>
    for InsertUnitsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertUnitsParams<T1, T2, T3, T4, T5>,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        self.bind(client, &params.co_unid, &params.no_unid, &params.sg_unid)
    }
}
pub struct DeleteBlocsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_blocs() -> DeleteBlocsStmt {
    DeleteBlocsStmt("WITH gone AS (DELETE FROM cfg.pais_bloco RETURNING 1) SELECT count(*) AS deleted FROM gone", None)
}
impl DeleteBlocsStmt {
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
pub struct InsertBlocsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_blocs() -> InsertBlocsStmt {
    InsertBlocsStmt(
        "WITH added AS ( INSERT INTO cfg.pais_bloco (co_pais, co_bloco, no_bloco) SELECT * FROM unnest($1::smallint[], $2::smallint[], $3::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertBlocsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::ArraySql<Item = i16>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
    >(
        &'s self,
        client: &'c C,
        co_pais: &'a T1,
        co_bloco: &'a T2,
        no_bloco: &'a T4,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        I64Query {
            client,
            params: [co_pais, co_bloco, no_bloco],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::ArraySql<Item = i16>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
    > crate::client::async_::Params<'c, 'a, 's, InsertBlocsParams<T1, T2, T3, T4>, I64Query<'c, 'a, 's, C, i64, 3>, C>
    for InsertBlocsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertBlocsParams<T1, T2, T3, T4>,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        self.bind(client, &params.co_pais, &params.co_bloco, &params.no_bloco)
    }
}
pub struct InsertUnlistedCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_unlisted_countries() -> InsertUnlistedCountriesStmt {
    InsertUnlistedCountriesStmt(
        "WITH added AS ( INSERT INTO cfg.pais_sem_tabela (co_pais, no_pais) SELECT * FROM unnest($1::smallint[], $2::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertUnlistedCountriesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        co_pais: &'a T1,
        no_pais: &'a T3,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [co_pais, no_pais],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    >
    crate::client::async_::Params<
        'c,
        'a,
        's,
        InsertUnlistedCountriesParams<T1, T2, T3>,
        I64Query<'c, 'a, 's, C, i64, 2>,
        C,
    > for InsertUnlistedCountriesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a InsertUnlistedCountriesParams<T1, T2, T3>,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.co_pais, &params.no_pais)
    }
}
pub struct InsertSectorsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_sectors() -> InsertSectorsStmt {
    InsertSectorsStmt(
        "WITH added AS ( INSERT INTO cfg.setor (id, nome) SELECT * FROM unnest($1::smallint[], $2::text[]) RETURNING 1) SELECT count(*) AS inserted FROM added",
        None,
    )
}
impl InsertSectorsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        id: &'a T1,
        nome: &'a T3,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [id, nome],
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
        T1: crate::ArraySql<Item = i16>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    > crate::client::async_::Params<'c, 'a, 's, InsertSectorsParams<T1, T2, T3>, I64Query<'c, 'a, 's, C, i64, 2>, C>
    for InsertSectorsStmt
{
    fn params(&'s self, client: &'c C, params: &'a InsertSectorsParams<T1, T2, T3>) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.id, &params.nome)
    }
}
pub struct TableRowsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn table_rows() -> TableRowsStmt {
    TableRowsStmt(
        "SELECT 'PAIS' AS table_name, count(*) AS rows FROM cfg.pais UNION ALL SELECT 'NCM', count(*) FROM cfg.ncm UNION ALL SELECT 'UF', count(*) FROM cfg.uf UNION ALL SELECT 'VIA', count(*) FROM cfg.via UNION ALL SELECT 'URF', count(*) FROM cfg.urf UNION ALL SELECT 'NCM_UNIDADE', count(*) FROM cfg.ncm_unidade UNION ALL SELECT 'PAIS_BLOCO', count(*) FROM cfg.pais_bloco",
        None,
    )
}
impl TableRowsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> TableRowsQuery<'c, 'a, 's, C, TableRows, 0> {
        TableRowsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<TableRowsBorrowed, tokio_postgres::Error> {
                Ok(TableRowsBorrowed { table_name: row.try_get(0)?, rows: row.try_get(1)? })
            },
            mapper: |it| TableRows::from(it),
        }
    }
}
pub struct ResolveUnlistedCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn resolve_unlisted_countries() -> ResolveUnlistedCountriesStmt {
    ResolveUnlistedCountriesStmt(
        "WITH resolved AS ( UPDATE cfg.pais_sem_tabela p SET co_pais_resolvido = n.resolvido FROM unnest($1::smallint[], $2::smallint[]) AS n (co_pais, resolvido) WHERE p.co_pais = n.co_pais RETURNING 1) SELECT count(*) AS resolved FROM resolved",
        None,
    )
}
impl ResolveUnlistedCountriesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = i16>, T2: crate::ArraySql<Item = i16>>(
        &'s self,
        client: &'c C,
        co_pais: &'a T1,
        resolvido: &'a T2,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [co_pais, resolvido],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = i16>, T2: crate::ArraySql<Item = i16>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ResolveUnlistedCountriesParams<T1, T2>,
        I64Query<'c, 'a, 's, C, i64, 2>,
        C,
    > for ResolveUnlistedCountriesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ResolveUnlistedCountriesParams<T1, T2>,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.co_pais, &params.resolvido)
    }
}
