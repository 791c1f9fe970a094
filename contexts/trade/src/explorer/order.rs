//! The order of rows by a code as the answer shows it, where that is not the order of the number inside.

use std::borrow::Cow;
use std::collections::HashMap;

use super::labels::Labels;
use super::request::{Dimension, Request, SortField};
use super::rows::Row;
use crate::cube::Snapshot;
use crate::cube::question::Key;
use crate::domain::bloc;
use crate::domain::region::REGIONS;

/// The place of each value of the dimension that rows are sorted by, in the order of the codes shown.
#[derive(Debug, Default)]
pub(super) struct CodeRanks(HashMap<u32, usize>);

impl CodeRanks {
    pub(super) fn new(request: &Request, snapshot: &Snapshot, rows: &[Row]) -> Self {
        let Some((SortField::Dimension(dimension), _)) = request.sort else { return Self::default() };
        let mut ranks: HashMap<u32, usize> =
            rows.iter().filter_map(|row| number(dimension, &row.key)).map(|number| (number, 0)).collect();
        let labels = Labels::new(&snapshot.reference, request.language);
        let mut codes: Vec<(Cow<'_, str>, u32)> =
            ranks.keys().map(|number| (shown(dimension, *number, &labels), *number)).collect();
        codes.sort_unstable();
        ranks.extend(codes.iter().enumerate().map(|(rank, (_, number))| (*number, rank)));
        Self(ranks)
    }

    /// The rank of the key's value; `None` for dimensions that are ordered by their number.
    pub(super) fn of(&self, dimension: Dimension, key: &Key) -> Option<usize> {
        number(dimension, key).and_then(|number| self.0.get(&number).copied())
    }
}

/// What the cube calls the value, for dimensions that show something else.
fn number(dimension: Dimension, key: &Key) -> Option<u32> {
    match dimension {
        Dimension::Country => Some(key.country.into()),
        Dimension::Uf => Some(key.uf.into()),
        Dimension::Sector => Some(key.sector.into()),
        Dimension::Region => Some(key.region.into()),
        Dimension::Bloc => Some(key.bloc.into()),
        _ => None,
    }
}

/// What the answer calls it.
fn shown<'a>(dimension: Dimension, number: u32, labels: &Labels<'a>) -> Cow<'a, str> {
    // The number came from a key, where it is narrower.
    let narrow = || u8::try_from(number).unwrap_or(u8::MAX);
    match dimension {
        Dimension::Country => labels.country_code(u16::try_from(number).unwrap_or(u16::MAX)),
        Dimension::Uf => Cow::Borrowed(Labels::uf_code(narrow())),
        Dimension::Sector => labels.sector_slug(narrow()),
        Dimension::Region => REGIONS.get(usize::from(narrow())).map_or("", |(slug, _)| *slug).into(),
        Dimension::Bloc => bloc::bloc(narrow()).map_or(bloc::NO_BLOC.0, |bloc| bloc.code).into(),
        _ => Cow::Owned(number.to_string()),
    }
}
