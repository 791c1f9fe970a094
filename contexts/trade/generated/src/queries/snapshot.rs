// This file was generated with `clorinde`. Do not modify.

#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotState {
    pub store_id: String,
    pub version: i64,
    pub updated_at: chrono::DateTime<chrono::Utc>,
}
pub struct SnapshotStateBorrowed<'a> {
    pub store_id: &'a str,
    pub version: i64,
    pub updated_at: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<SnapshotStateBorrowed<'a>> for SnapshotState {
    fn from(SnapshotStateBorrowed { store_id, version, updated_at }: SnapshotStateBorrowed<'a>) -> Self {
        Self { store_id: store_id.into(), version, updated_at }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct LiveYears {
    pub ano: i32,
    pub ingest_source: String,
    pub ingest_batch: Option<String>,
    pub version: i64,
    pub linhas: i64,
    pub valor_cents: i64,
    pub peso_g: i64,
    pub through_month: i16,
    pub updated_at: chrono::DateTime<chrono::Utc>,
}
pub struct LiveYearsBorrowed<'a> {
    pub ano: i32,
    pub ingest_source: &'a str,
    pub ingest_batch: Option<&'a str>,
    pub version: i64,
    pub linhas: i64,
    pub valor_cents: i64,
    pub peso_g: i64,
    pub through_month: i16,
    pub updated_at: chrono::DateTime<chrono::Utc>,
}
impl<'a> From<LiveYearsBorrowed<'a>> for LiveYears {
    fn from(
        LiveYearsBorrowed {
            ano,
            ingest_source,
            ingest_batch,
            version,
            linhas,
            valor_cents,
            peso_g,
            through_month,
            updated_at,
        }: LiveYearsBorrowed<'a>,
    ) -> Self {
        Self {
            ano,
            ingest_source: ingest_source.into(),
            ingest_batch: ingest_batch.map(|v| v.into()),
            version,
            linhas,
            valor_cents,
            peso_g,
            through_month,
            updated_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Slices {
    pub ncm: String,
    pub month_first: i32,
    pub month_last: i32,
}
pub struct SlicesBorrowed<'a> {
    pub ncm: &'a str,
    pub month_first: i32,
    pub month_last: i32,
}
impl<'a> From<SlicesBorrowed<'a>> for Slices {
    fn from(SlicesBorrowed { ncm, month_first, month_last }: SlicesBorrowed<'a>) -> Self {
        Self { ncm: ncm.into(), month_first, month_last }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Countries {
    pub co_pais: i16,
    pub co_pais_isoa3: String,
    pub no_pais: String,
    pub no_pais_ing: String,
}
pub struct CountriesBorrowed<'a> {
    pub co_pais: i16,
    pub co_pais_isoa3: &'a str,
    pub no_pais: &'a str,
    pub no_pais_ing: &'a str,
}
impl<'a> From<CountriesBorrowed<'a>> for Countries {
    fn from(CountriesBorrowed { co_pais, co_pais_isoa3, no_pais, no_pais_ing }: CountriesBorrowed<'a>) -> Self {
        Self { co_pais, co_pais_isoa3: co_pais_isoa3.into(), no_pais: no_pais.into(), no_pais_ing: no_pais_ing.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct UnlistedCountries {
    pub co_pais: i16,
    pub no_pais: String,
    pub co_pais_resolvido: Option<i16>,
}
pub struct UnlistedCountriesBorrowed<'a> {
    pub co_pais: i16,
    pub no_pais: &'a str,
    pub co_pais_resolvido: Option<i16>,
}
impl<'a> From<UnlistedCountriesBorrowed<'a>> for UnlistedCountries {
    fn from(UnlistedCountriesBorrowed { co_pais, no_pais, co_pais_resolvido }: UnlistedCountriesBorrowed<'a>) -> Self {
        Self { co_pais, no_pais: no_pais.into(), co_pais_resolvido }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Sectors {
    pub id: i16,
    pub nome: String,
}
pub struct SectorsBorrowed<'a> {
    pub id: i16,
    pub nome: &'a str,
}
impl<'a> From<SectorsBorrowed<'a>> for Sectors {
    fn from(SectorsBorrowed { id, nome }: SectorsBorrowed<'a>) -> Self {
        Self { id, nome: nome.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct SectorOverrides {
    pub tipo: String,
    pub codigo: String,
    pub setor: String,
}
pub struct SectorOverridesBorrowed<'a> {
    pub tipo: &'a str,
    pub codigo: &'a str,
    pub setor: &'a str,
}
impl<'a> From<SectorOverridesBorrowed<'a>> for SectorOverrides {
    fn from(SectorOverridesBorrowed { tipo, codigo, setor }: SectorOverridesBorrowed<'a>) -> Self {
        Self { tipo: tipo.into(), codigo: codigo.into(), setor: setor.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Products {
    pub co_ncm: String,
    pub co_isic_classe: Option<String>,
    pub no_ncm_por: String,
    pub no_ncm_ing: Option<String>,
    pub co_unid: Option<i16>,
}
pub struct ProductsBorrowed<'a> {
    pub co_ncm: &'a str,
    pub co_isic_classe: Option<&'a str>,
    pub no_ncm_por: &'a str,
    pub no_ncm_ing: Option<&'a str>,
    pub co_unid: Option<i16>,
}
impl<'a> From<ProductsBorrowed<'a>> for Products {
    fn from(
        ProductsBorrowed { co_ncm, co_isic_classe, no_ncm_por, no_ncm_ing, co_unid }: ProductsBorrowed<'a>,
    ) -> Self {
        Self {
            co_ncm: co_ncm.into(),
            co_isic_classe: co_isic_classe.map(|v| v.into()),
            no_ncm_por: no_ncm_por.into(),
            no_ncm_ing: no_ncm_ing.map(|v| v.into()),
            co_unid,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Headings {
    pub nivel: i16,
    pub codigo: String,
    pub nome: String,
}
pub struct HeadingsBorrowed<'a> {
    pub nivel: i16,
    pub codigo: &'a str,
    pub nome: &'a str,
}
impl<'a> From<HeadingsBorrowed<'a>> for Headings {
    fn from(HeadingsBorrowed { nivel, codigo, nome }: HeadingsBorrowed<'a>) -> Self {
        Self { nivel, codigo: codigo.into(), nome: nome.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Ways {
    pub co_via: i16,
    pub no_via: String,
}
pub struct WaysBorrowed<'a> {
    pub co_via: i16,
    pub no_via: &'a str,
}
impl<'a> From<WaysBorrowed<'a>> for Ways {
    fn from(WaysBorrowed { co_via, no_via }: WaysBorrowed<'a>) -> Self {
        Self { co_via, no_via: no_via.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct CustomsUnits {
    pub co_urf: i32,
    pub no_urf: String,
}
pub struct CustomsUnitsBorrowed<'a> {
    pub co_urf: i32,
    pub no_urf: &'a str,
}
impl<'a> From<CustomsUnitsBorrowed<'a>> for CustomsUnits {
    fn from(CustomsUnitsBorrowed { co_urf, no_urf }: CustomsUnitsBorrowed<'a>) -> Self {
        Self { co_urf, no_urf: no_urf.into() }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct StatisticalUnits {
    pub co_unid: i16,
    pub sg_unid: String,
}
pub struct StatisticalUnitsBorrowed<'a> {
    pub co_unid: i16,
    pub sg_unid: &'a str,
}
impl<'a> From<StatisticalUnitsBorrowed<'a>> for StatisticalUnits {
    fn from(StatisticalUnitsBorrowed { co_unid, sg_unid }: StatisticalUnitsBorrowed<'a>) -> Self {
        Self { co_unid, sg_unid: sg_unid.into() }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct SnapshotStateQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SnapshotStateBorrowed, tokio_postgres::Error>,
    mapper: fn(SnapshotStateBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SnapshotStateQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SnapshotStateBorrowed) -> R) -> SnapshotStateQuery<'c, 'a, 's, C, R, N> {
        SnapshotStateQuery {
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
pub struct LiveYearsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LiveYearsBorrowed, tokio_postgres::Error>,
    mapper: fn(LiveYearsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LiveYearsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LiveYearsBorrowed) -> R) -> LiveYearsQuery<'c, 'a, 's, C, R, N> {
        LiveYearsQuery {
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
pub struct SlicesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SlicesBorrowed, tokio_postgres::Error>,
    mapper: fn(SlicesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SlicesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SlicesBorrowed) -> R) -> SlicesQuery<'c, 'a, 's, C, R, N> {
        SlicesQuery {
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
pub struct CountriesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CountriesBorrowed, tokio_postgres::Error>,
    mapper: fn(CountriesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CountriesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CountriesBorrowed) -> R) -> CountriesQuery<'c, 'a, 's, C, R, N> {
        CountriesQuery {
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
pub struct UnlistedCountriesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<UnlistedCountriesBorrowed, tokio_postgres::Error>,
    mapper: fn(UnlistedCountriesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> UnlistedCountriesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(UnlistedCountriesBorrowed) -> R) -> UnlistedCountriesQuery<'c, 'a, 's, C, R, N> {
        UnlistedCountriesQuery {
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
pub struct SectorsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SectorsBorrowed, tokio_postgres::Error>,
    mapper: fn(SectorsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SectorsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SectorsBorrowed) -> R) -> SectorsQuery<'c, 'a, 's, C, R, N> {
        SectorsQuery {
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
pub struct SectorOverridesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SectorOverridesBorrowed, tokio_postgres::Error>,
    mapper: fn(SectorOverridesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SectorOverridesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SectorOverridesBorrowed) -> R) -> SectorOverridesQuery<'c, 'a, 's, C, R, N> {
        SectorOverridesQuery {
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
pub struct ProductsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ProductsBorrowed, tokio_postgres::Error>,
    mapper: fn(ProductsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ProductsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ProductsBorrowed) -> R) -> ProductsQuery<'c, 'a, 's, C, R, N> {
        ProductsQuery {
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
pub struct HeadingsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<HeadingsBorrowed, tokio_postgres::Error>,
    mapper: fn(HeadingsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> HeadingsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(HeadingsBorrowed) -> R) -> HeadingsQuery<'c, 'a, 's, C, R, N> {
        HeadingsQuery {
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
pub struct WaysQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<WaysBorrowed, tokio_postgres::Error>,
    mapper: fn(WaysBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> WaysQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(WaysBorrowed) -> R) -> WaysQuery<'c, 'a, 's, C, R, N> {
        WaysQuery {
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
pub struct CustomsUnitsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CustomsUnitsBorrowed, tokio_postgres::Error>,
    mapper: fn(CustomsUnitsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CustomsUnitsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CustomsUnitsBorrowed) -> R) -> CustomsUnitsQuery<'c, 'a, 's, C, R, N> {
        CustomsUnitsQuery {
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
pub struct StatisticalUnitsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<StatisticalUnitsBorrowed, tokio_postgres::Error>,
    mapper: fn(StatisticalUnitsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> StatisticalUnitsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(StatisticalUnitsBorrowed) -> R) -> StatisticalUnitsQuery<'c, 'a, 's, C, R, N> {
        StatisticalUnitsQuery {
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
pub struct SnapshotStateStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn snapshot_state() -> SnapshotStateStmt {
    SnapshotStateStmt("SELECT store_id::text AS store_id, version, updated_at FROM stg.snapshot", None)
}
impl SnapshotStateStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> SnapshotStateQuery<'c, 'a, 's, C, SnapshotState, 0> {
        SnapshotStateQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SnapshotStateBorrowed, tokio_postgres::Error> {
                Ok(SnapshotStateBorrowed {
                    store_id: row.try_get(0)?,
                    version: row.try_get(1)?,
                    updated_at: row.try_get(2)?,
                })
            },
            mapper: |it| SnapshotState::from(it),
        }
    }
}
pub struct LiveYearsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn live_years() -> LiveYearsStmt {
    LiveYearsStmt(
        "SELECT ano, ingest_source, ingest_batch, version, linhas, (valor_usd * 100)::bigint AS valor_cents, (peso_kg * 1000)::bigint AS peso_g, through_month, updated_at FROM stg.live_year ORDER BY ano",
        None,
    )
}
impl LiveYearsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> LiveYearsQuery<'c, 'a, 's, C, LiveYears, 0> {
        LiveYearsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LiveYearsBorrowed, tokio_postgres::Error> {
                Ok(LiveYearsBorrowed {
                    ano: row.try_get(0)?,
                    ingest_source: row.try_get(1)?,
                    ingest_batch: row.try_get(2)?,
                    version: row.try_get(3)?,
                    linhas: row.try_get(4)?,
                    valor_cents: row.try_get(5)?,
                    peso_g: row.try_get(6)?,
                    through_month: row.try_get(7)?,
                    updated_at: row.try_get(8)?,
                })
            },
            mapper: |it| LiveYears::from(it),
        }
    }
}
pub struct SlicesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn slices() -> SlicesStmt {
    SlicesStmt(
        "SELECT ncm, (extract(year FROM mes_inicial) * 12 + extract(month FROM mes_inicial) - 1)::integer AS month_first, (extract(year FROM mes_final) * 12 + extract(month FROM mes_final) - 1)::integer AS month_last FROM stg.slice_coverage ORDER BY ncm, mes_inicial",
        None,
    )
}
impl SlicesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> SlicesQuery<'c, 'a, 's, C, Slices, 0> {
        SlicesQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SlicesBorrowed, tokio_postgres::Error> {
                Ok(SlicesBorrowed { ncm: row.try_get(0)?, month_first: row.try_get(1)?, month_last: row.try_get(2)? })
            },
            mapper: |it| Slices::from(it),
        }
    }
}
pub struct CountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn countries() -> CountriesStmt {
    CountriesStmt("SELECT co_pais, co_pais_isoa3, no_pais, no_pais_ing FROM cfg.pais ORDER BY co_pais", None)
}
impl CountriesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> CountriesQuery<'c, 'a, 's, C, Countries, 0> {
        CountriesQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CountriesBorrowed, tokio_postgres::Error> {
                Ok(CountriesBorrowed {
                    co_pais: row.try_get(0)?,
                    co_pais_isoa3: row.try_get(1)?,
                    no_pais: row.try_get(2)?,
                    no_pais_ing: row.try_get(3)?,
                })
            },
            mapper: |it| Countries::from(it),
        }
    }
}
pub struct UnlistedCountriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn unlisted_countries() -> UnlistedCountriesStmt {
    UnlistedCountriesStmt("SELECT co_pais, no_pais, co_pais_resolvido FROM cfg.pais_sem_tabela ORDER BY co_pais", None)
}
impl UnlistedCountriesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> UnlistedCountriesQuery<'c, 'a, 's, C, UnlistedCountries, 0> {
        UnlistedCountriesQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UnlistedCountriesBorrowed, tokio_postgres::Error> {
                Ok(UnlistedCountriesBorrowed {
                    co_pais: row.try_get(0)?,
                    no_pais: row.try_get(1)?,
                    co_pais_resolvido: row.try_get(2)?,
                })
            },
            mapper: |it| UnlistedCountries::from(it),
        }
    }
}
pub struct SectorsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn sectors() -> SectorsStmt {
    SectorsStmt("SELECT id, nome FROM cfg.setor ORDER BY id", None)
}
impl SectorsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> SectorsQuery<'c, 'a, 's, C, Sectors, 0> {
        SectorsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SectorsBorrowed, tokio_postgres::Error> {
                Ok(SectorsBorrowed { id: row.try_get(0)?, nome: row.try_get(1)? })
            },
            mapper: |it| Sectors::from(it),
        }
    }
}
pub struct SectorOverridesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn sector_overrides() -> SectorOverridesStmt {
    SectorOverridesStmt("SELECT tipo, codigo, setor FROM cfg.setores ORDER BY tipo, codigo", None)
}
impl SectorOverridesStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> SectorOverridesQuery<'c, 'a, 's, C, SectorOverrides, 0> {
        SectorOverridesQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SectorOverridesBorrowed, tokio_postgres::Error> {
                Ok(SectorOverridesBorrowed { tipo: row.try_get(0)?, codigo: row.try_get(1)?, setor: row.try_get(2)? })
            },
            mapper: |it| SectorOverrides::from(it),
        }
    }
}
pub struct ProductsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn products() -> ProductsStmt {
    ProductsStmt("SELECT co_ncm, co_isic_classe, no_ncm_por, no_ncm_ing, co_unid FROM cfg.ncm ORDER BY co_ncm", None)
}
impl ProductsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> ProductsQuery<'c, 'a, 's, C, Products, 0> {
        ProductsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ProductsBorrowed, tokio_postgres::Error> {
                Ok(ProductsBorrowed {
                    co_ncm: row.try_get(0)?,
                    co_isic_classe: row.try_get(1)?,
                    no_ncm_por: row.try_get(2)?,
                    no_ncm_ing: row.try_get(3)?,
                    co_unid: row.try_get(4)?,
                })
            },
            mapper: |it| Products::from(it),
        }
    }
}
pub struct HeadingsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn headings() -> HeadingsStmt {
    HeadingsStmt("SELECT nivel, codigo, nome FROM cfg.ncm_sh ORDER BY nivel, codigo", None)
}
impl HeadingsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> HeadingsQuery<'c, 'a, 's, C, Headings, 0> {
        HeadingsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<HeadingsBorrowed, tokio_postgres::Error> {
                Ok(HeadingsBorrowed { nivel: row.try_get(0)?, codigo: row.try_get(1)?, nome: row.try_get(2)? })
            },
            mapper: |it| Headings::from(it),
        }
    }
}
pub struct WaysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn ways() -> WaysStmt {
    WaysStmt("SELECT co_via, no_via FROM cfg.via ORDER BY co_via", None)
}
impl WaysStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> WaysQuery<'c, 'a, 's, C, Ways, 0> {
        WaysQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<WaysBorrowed, tokio_postgres::Error> {
                Ok(WaysBorrowed { co_via: row.try_get(0)?, no_via: row.try_get(1)? })
            },
            mapper: |it| Ways::from(it),
        }
    }
}
pub struct YearVersionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn year_version() -> YearVersionStmt {
    YearVersionStmt("SELECT version FROM stg.live_year WHERE ano = $1", None)
}
impl YearVersionStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        ano: &'a i32,
    ) -> I64Query<'c, 'a, 's, C, i64, 1> {
        I64Query {
            client,
            params: [ano],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct CustomsUnitsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn customs_units() -> CustomsUnitsStmt {
    CustomsUnitsStmt("SELECT co_urf, no_urf FROM cfg.urf ORDER BY co_urf", None)
}
impl CustomsUnitsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> CustomsUnitsQuery<'c, 'a, 's, C, CustomsUnits, 0> {
        CustomsUnitsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CustomsUnitsBorrowed, tokio_postgres::Error> {
                Ok(CustomsUnitsBorrowed { co_urf: row.try_get(0)?, no_urf: row.try_get(1)? })
            },
            mapper: |it| CustomsUnits::from(it),
        }
    }
}
pub struct StatisticalUnitsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn statistical_units() -> StatisticalUnitsStmt {
    StatisticalUnitsStmt("SELECT co_unid, sg_unid FROM cfg.ncm_unidade ORDER BY co_unid", None)
}
impl StatisticalUnitsStmt {
    pub async fn prepare<'a, C: GenericClient>(mut self, client: &'a C) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
    ) -> StatisticalUnitsQuery<'c, 'a, 's, C, StatisticalUnits, 0> {
        StatisticalUnitsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<StatisticalUnitsBorrowed, tokio_postgres::Error> {
                Ok(StatisticalUnitsBorrowed { co_unid: row.try_get(0)?, sg_unid: row.try_get(1)? })
            },
            mapper: |it| StatisticalUnits::from(it),
        }
    }
}
