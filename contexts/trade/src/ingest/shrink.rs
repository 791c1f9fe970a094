//! What a load would lose, asked of the store: the guard of slices and countries, and notices about extracts.

use std::collections::BTreeMap;

use trade_queries::queries::history;

use super::guard::{self, Amount, Replace};
use super::load::{LoadError, Run};
use super::stage::Staged;
use super::summary::ReadSummary;
use crate::cube::segment::CubeRow;
use crate::domain::code::{COUNTRY_CODE_UNLISTED, SECTORS};
use crate::domain::country_name;

/// Products below which a file of a year is compared with its neighbours and the table.
const PRODUCTS_LOOKED_AT: usize = 2_000;
/// A year has at least this share of the products of its neighbour, or of the table of products.
const NEIGHBOUR_SHARE: usize = 4;
const TABLE_SHARE: usize = 20;
/// Unknown names that a load says one by one.
const NAMES_SAID: usize = 50;

/// Refuses a part that keeps less than half of what it would replace.
pub(super) async fn check(
    run: &Run<'_>,
    summary: &ReadSummary,
    staged: &Staged,
    ncms: &[String],
    co_pais: &[i16],
) -> Result<(), LoadError> {
    let (Some((first, _)), Some((last, _))) = (summary.months.first_key_value(), summary.months.last_key_value())
    else {
        return Ok(());
    };
    let years = (i32::from(first.year()), i32::from(last.year()));
    let months = (i32::from(first.0), i32::from(last.0));
    let source = &run.options.source;
    let client = run.loader.store.pool.get().await?;
    let reference = &run.live.reference;
    let amount = |rows: i64, cents: i64| (rows.unsigned_abs(), i128::from(cents));
    let mut live: BTreeMap<String, Amount> = BTreeMap::new();
    let mut live_countries = 0;
    let by_country = run.options.replace == Replace::Countries;
    let name = |code: u16| {
        let code = reference.country_of(code);
        reference.countries.get(&code).map_or_else(|| format!("{code:03}"), |country| country.name_pt.clone())
    };
    if by_country {
        let statement = history::live_by_country();
        let query = statement.bind(&client, &years.0, &years.1, source, &co_pais, &months.0, &months.1);
        for row in query.all().await? {
            let (rows, cents) = amount(row.linhas, row.valor_cents);
            live.entry(name(row.part.parse().unwrap_or_default())).or_default().add(rows, cents);
        }
    } else {
        let statement = history::live_by_ncm();
        for row in statement.bind(&client, &years.0, &years.1, source, &ncms, &months.0, &months.1).all().await? {
            let (rows, cents) = amount(row.linhas, row.valor_cents);
            live.entry(row.part).or_default().add(rows, cents);
        }
        let statement = history::live_countries();
        let countries = statement.bind(&client, &years.0, &years.1, source, &ncms, &months.0, &months.1).one().await?;
        live_countries = usize::try_from(countries).unwrap_or_default();
    }
    let mut file: BTreeMap<String, Amount> = BTreeMap::new();
    let key = |row: &CubeRow| if by_country { name(row.country) } else { row.ncm.to_string() };
    let mut parts: BTreeMap<(u32, u16), Amount> = BTreeMap::new();
    let mut keys: BTreeMap<(u32, u16), String> = BTreeMap::new();
    for row in staged.rows.values().flatten() {
        let part = if by_country { (0, row.country) } else { (row.ncm.0, 0) };
        keys.entry(part).or_insert_with(|| key(row));
        parts.entry(part).or_default().add(1, i128::from(row.fob_cents));
    }
    for (part, amount) in parts {
        let name = keys.remove(&part).unwrap_or_default();
        file.entry(name).or_default().add(amount.rows, amount.fob_cents);
    }
    Ok(guard::check_part(run.options.replace, &live, &file, staged.countries().len(), live_countries)?)
}

/// Countries and sectors of the file that no table knows, the most valuable first: loaded, and said.
fn unknown_names(run: &Run<'_>, staged: &Staged) -> Vec<String> {
    let mut countries: BTreeMap<u16, Amount> = BTreeMap::new();
    let mut sectors: BTreeMap<u8, Amount> = BTreeMap::new();
    let ours = SECTORS.len();
    for row in staged.rows.values().flatten() {
        if row.country >= COUNTRY_CODE_UNLISTED {
            countries.entry(row.country).or_default().add(1, i128::from(row.fob_cents));
        }
        if usize::from(row.sector) >= ours {
            sectors.entry(row.sector).or_default().add(1, i128::from(row.fob_cents));
        }
    }
    let reference = &run.live.reference;
    let country = |code: &u16| {
        let new = staged.new_countries.iter().find(|(new, _)| new == code).map(|(_, name)| name.as_str());
        new.or_else(|| reference.countries.get(code).map(|country| country.name_pt.as_str())).unwrap_or_default()
    };
    let sector = |id: &u8| {
        let new = staged.new_sectors.iter().find(|(new, _)| new == id).map(|(_, name)| name.as_str());
        new.or_else(|| reference.sectors.get(usize::from(*id)).map(String::as_str)).unwrap_or_default()
    };
    let mut found: Vec<(Amount, String)> = Vec::new();
    for (code, amount) in &countries {
        let name = country(code);
        let hint = country_name::hint(name).1;
        found.push((
            *amount,
            format!("country {name:?} is in no table: {} count in totals and are never ranked.{hint}", amount.text()),
        ));
    }
    for (id, amount) in &sectors {
        found.push((
            *amount,
            format!("sector {:?} is none of the ministry's: {} are loaded under it", sector(id), amount.text()),
        ));
    }
    found.sort_by(|left, right| right.0.fob_cents.cmp(&left.0.fob_cents).then_with(|| left.1.cmp(&right.1)));
    let more = found.len().saturating_sub(NAMES_SAID);
    let mut notices: Vec<String> = found.into_iter().take(NAMES_SAID).map(|(_, text)| text).collect();
    if more > 0 {
        notices.push(format!("and {more} more countries or sectors that no table knows"));
    }
    notices
}

/// What looks odd of a file that is loaded all the same.
pub(super) async fn notices(run: &Run<'_>, summary: &ReadSummary, staged: &Staged) -> Result<Vec<String>, LoadError> {
    let mut notices = Vec::new();
    if staged.row_parity == 0 && summary.rows_accepted >= 2 {
        notices.push(
            "every row stands in the file twice, or an even number of times: was the file joined with itself? Rows \
             that are alike are summed, never left out"
                .to_owned(),
        );
    }
    notices.extend(unknown_names(run, staged));
    if run.options.replace != Replace::Year {
        return Ok(notices);
    }
    for year in summary.years().keys() {
        let variety = staged.variety(*year);
        if variety.products >= PRODUCTS_LOOKED_AT {
            continue;
        }
        let real = |live: &&crate::store::LiveYear| live.year != *year && live.source == run.options.source;
        let neighbour = run.live.years.iter().filter(real).min_by_key(|live| live.year.abs_diff(*year));
        let known = match neighbour {
            Some(live) => {
                let client = run.loader.store.pool.get().await?;
                let counted = history::live_products().bind(&client, &i32::from(live.year)).one().await?;
                let products = usize::try_from(counted.products).unwrap_or_default();
                (products / NEIGHBOUR_SHARE, format!("{} has {products}", live.year))
            }
            None => {
                let products = run.live.reference.products.len();
                (products / TABLE_SHARE, format!("the table of products has {products}"))
            }
        };
        if variety.products < known.0 {
            notices.push(format!(
                "{year} has {} products and {}: the file looks like an extract, and {year} now counts as complete with \
                 it. Load an extract with --replace slice (some products) or --replace countries (some countries), or \
                 take this load back with `bgc ingest drop --batch {}`",
                variety.products, known.1, run.batch
            ));
        }
    }
    Ok(notices)
}
