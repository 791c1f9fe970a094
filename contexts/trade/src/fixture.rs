//! A small store for the tests of what answers from the cube: soy, sugar and crude oil, four destinations.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use platform::clock::SystemClock;
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

use crate::TradeState;
use crate::cube::Snapshot;
use crate::cube::segment::{CubeRow, Segment, write};
use crate::cube::segment_tests::Scratch;
use crate::domain::code::{Month, Ncm, SECTORS, Uf};
use crate::domain::coverage::{Coverage, YearCoverage};
use crate::domain::fact::{UNIT_NONE, URF_NONE};
use crate::domain::reference::{Country, Product, Reference};

pub(crate) const SOY: Ncm = Ncm(12_019_000);
pub(crate) const SUGAR: Ncm = Ncm(17_011_400);
const KILOGRAMS: u8 = 10;
const TONNES: u8 = 21;
pub(crate) const CRUDE: Ncm = Ncm(27_090_010);

fn country(code: u16, iso: Option<(&str, &str)>, name_pt: &str, name_en: &str) -> (u16, Country) {
    let country = Country {
        code,
        iso2: iso.map(|iso| iso.0.to_owned()),
        iso3: iso.map(|iso| iso.1.to_owned()),
        name_pt: name_pt.into(),
        name_en: name_en.into(),
        flag_emoji: String::new(),
        distance_km: None,
        group: String::new(),
        rankable: iso.is_some(),
    };
    (code, country)
}

fn reference() -> Reference {
    let product = |name_pt: &str, name_en: Option<&str>, sector| Product {
        name_pt: name_pt.into(),
        name_en: name_en.map(Into::into),
        sector,
    };
    Reference {
        countries: [
            country(160, Some(("CN", "CHN")), "China", "China"),
            country(249, Some(("US", "USA")), "Estados Unidos", "United States"),
            country(63, Some(("AR", "ARG")), "Argentina", "Argentina"),
            country(990, None, "Provisão de Navios e Aeronaves", "Ships' and aircraft stores"),
        ]
        .into(),
        merged: [(873, 249), (396, 249)].into(),
        products: [
            (SOY, product("Soja, mesmo triturada, exceto para semeadura", Some("Soya beans"), 0)),
            (SUGAR, product("=Outros \"açúcares\" de cana", None, 2)),
            (Ncm(99_980_101), product("Consumo de bordo", None, 4)),
        ]
        .into(),
        sectors: SECTORS.map(Into::into).to_vec(),
        chapters: [(12, "Sementes e frutos oleaginosos".to_owned())].into(),
        ways: [(1, "MARITIMA".to_owned()), (7, "RODOVIARIA".to_owned())].into(),
        urfs: [(817_800, "PORTO DE SANTOS".to_owned()), (927_700, "ITAJAI".to_owned())].into(),
        units: [(KILOGRAMS, "KGL".to_owned()), (TONNES, "TML".to_owned())].into(),
        ..Reference::default()
    }
}

fn row(month: u8, ncm: Ncm, country: u16, uf: &str, usd: i64, kg: i64) -> CubeRow {
    let sector = if ncm == SOY {
        0
    } else if ncm == CRUDE {
        1
    } else {
        2
    };
    let via = if country == 63 { 7 } else { 1 };
    let unit = match ncm {
        SOY => TONNES,
        SUGAR => KILOGRAMS,
        _ => UNIT_NONE,
    };
    CubeRow {
        fob_cents: usd * 100,
        weight_g: kg * 1000,
        ncm,
        country,
        month,
        uf: Uf::parse(uf.as_bytes()).unwrap(),
        via,
        sector,
        // Lorries cross the border without a customs unit here, and crude oil has no quantity.
        urf: if via == 1 { 817_800 } else { URF_NONE },
        ..CubeRow::BLANK
    }
    .with_quantity(if unit == TONNES { kg / 1_000 } else { kg }, unit)
}

/// 2023 and 2024 whole, 2025 to February; soy also from March to April 2025 by a slice; no sugar in 2024-02.
pub(crate) fn snapshot(scratch: &Scratch) -> Snapshot {
    let mut segments = Vec::new();
    for year in [2023_u16, 2024, 2025] {
        let mut rows = Vec::new();
        let grown = i64::from(year - 2022);
        for month in 1..=if year == 2025 { 2 } else { 12 } {
            rows.push(row(month, SOY, 160, "MT", 1_000 * grown, 2_000));
            rows.push(row(month, SOY, 63, "PR", 250, 500));
            if (year, month) != (2024, 2) {
                rows.push(row(month, SUGAR, 249, "SP", 400 * grown, 800));
                rows.push(row(month, SUGAR, 990, "SP", 7, 0));
            }
            rows.push(row(month, CRUDE, 160, "ND", 5_000, 9_000));
        }
        if year == 2025 {
            rows.extend((3..=4).map(|month| row(month, SOY, 160, "MT", 9_999, 20_000)));
        }
        let directory = scratch.join(&year.to_string());
        write(&directory, year, rows).unwrap();
        segments.push(Arc::new(Segment::open(&directory).unwrap()));
    }
    let whole = |through_month| YearCoverage { source: "comexstat".into(), through_month };
    let slice = (Month::new(2025, 1).unwrap(), Month::new(2025, 4).unwrap());
    let coverage = Coverage {
        years: [(2023, whole(12)), (2024, whole(12)), (2025, whole(2))].into(),
        slices: HashMap::from([(SOY, vec![slice])]),
    };
    Snapshot::new("s1".into(), segments, Arc::new(reference()), coverage, "comexstat".into(), false, None)
}

/// A server of `routes` that answers from `snapshot`.
pub(crate) struct Server(Router);

impl Server {
    pub(crate) fn new(routes: OpenApiRouter<TradeState>, snapshot: Snapshot) -> Self {
        Self::of(|state| routes.with_state(state).into(), snapshot)
    }

    pub(crate) fn of(routes: impl FnOnce(TradeState) -> Router, snapshot: Snapshot) -> Self {
        let snapshot = Arc::new(ArcSwap::from_pointee(snapshot));
        Self(routes(TradeState::new(snapshot, Arc::new(SystemClock))))
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        let (status, headers, body) = self.bytes(Request::get(path), headers);
        (status, headers, String::from_utf8(body).unwrap())
    }

    /// The answer to a request of any method, in bytes.
    pub(crate) fn bytes(
        &self,
        mut request: axum::http::request::Builder,
        headers: &[(&str, &str)],
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let response = self.0.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            (parts.status, parts.headers, body.to_vec())
        })
    }
}

/// A CSV without the columns that files say their coverage in, which are its last ones and hold no text.
pub(crate) fn without_coverage(csv: &str) -> String {
    let header = csv.lines().next().unwrap();
    let ends = [",months_covered,partial,through", ",months_covered,through", ",through"];
    let end = ends.into_iter().find(|end| header.ends_with(end)).unwrap_or_else(|| panic!("{header} has no coverage"));
    let columns = end.matches(',').count();
    csv.lines().map(|line| line.rsplitn(columns + 1, ',').last().unwrap().to_owned() + "\n").collect()
}
