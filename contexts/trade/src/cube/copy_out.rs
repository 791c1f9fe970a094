//! Rows of the store, as binary COPY sends them, back into cube rows.

use std::collections::HashMap;

use super::segment::CubeRow;
use crate::domain::code::{CountryCode, Ncm, SectorId, Uf};
use crate::domain::fact::{QUANTITY_NONE, URF_NONE};
use crate::domain::reference::Reference;
use crate::ingest::copy::read_numeric;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
const FIELD_COUNT: i16 = 8;

/// The columns that are read, in their order. Four small ones travel as one number, which costs PostgreSQL a third of
/// what four fields do.
pub(super) const COLUMNS: &str = "ncm, sg_uf, setor, valor_usd, peso_kg, qt_estat, co_urf, \
    (co_pais::bigint << 48) | (co_via::bigint << 32) | (coalesce(co_unid, 0)::bigint << 16) | mes::bigint";

/// Reads [`COLUMNS`] of a binary COPY stream,
/// in chunks of any size.
#[derive(Debug)]
pub struct CopyRows {
    rest: Vec<u8>,
    started: bool,
    ended: bool,
    sectors: HashMap<Vec<u8>, SectorId>,
    merged: HashMap<CountryCode, CountryCode>,
}

impl CopyRows {
    /// A reader that merges countries and numbers sectors as `reference` does.
    #[must_use]
    pub fn new(reference: &Reference) -> Self {
        let sectors = reference.sectors.iter().enumerate();
        Self {
            rest: Vec::new(),
            started: false,
            ended: false,
            sectors: sectors
                .filter_map(|(at, name)| Some((name.clone().into_bytes(), SectorId::try_from(at).ok()?)))
                .collect(),
            merged: reference.merged.clone(),
        }
    }

    /// Reads the rows that `chunk` completes into `rows`; an error says which part of a row cannot be read.
    ///
    /// # Errors
    /// When the bytes are not such a stream.
    pub fn feed(&mut self, chunk: &[u8], rows: &mut Vec<CubeRow>) -> Result<(), String> {
        // PostgreSQL sends one row a message, so a chunk is nearly always whole rows and nothing is copied.
        let joined;
        let mut bytes: &[u8] = if self.rest.is_empty() {
            chunk
        } else {
            self.rest.extend_from_slice(chunk);
            joined = std::mem::take(&mut self.rest);
            &joined
        };
        if !self.started {
            if bytes.len() < SIGNATURE.len() + 8 {
                self.rest = bytes.to_vec();
                return Ok(());
            }
            if !bytes.starts_with(SIGNATURE) {
                return Err("the stream is not a binary COPY".into());
            }
            bytes = &bytes[SIGNATURE.len() + 8..];
            self.started = true;
        }
        while !self.ended && bytes.len() >= 2 {
            match i16::from_be_bytes([bytes[0], bytes[1]]) {
                -1 => {
                    self.ended = true;
                    return Ok(());
                }
                FIELD_COUNT => {}
                count => return Err(format!("{count} fields in a row of {FIELD_COUNT}")),
            }
            let Some((fields, length)) = split(&bytes[2..])? else { break };
            rows.push(self.row(&fields)?);
            bytes = &bytes[2 + length..];
        }
        self.rest = bytes.to_vec();
        Ok(())
    }

    /// The stream must have ended by its trailer.
    ///
    /// # Errors
    /// When it did not.
    pub fn finish(&self) -> Result<(), String> {
        if self.ended { Ok(()) } else { Err("the stream of rows ended early".into()) }
    }

    fn row(&self, fields: &[&[u8]; FIELD_COUNT as usize]) -> Result<CubeRow, String> {
        let [ncm, uf, sector, fob, weight, quantity, urf, small] = fields;
        let sector = self.sectors.get(*sector).copied();
        let [code, via, unit, month] = four(fixed(small, "co_pais, co_via, co_unid, mes")?);
        // These two are NULL, which comes as no bytes, where the file gave none.
        let urf = if urf.is_empty() { URF_NONE } else { u32::from_be_bytes(fixed(urf, "co_urf")?) };
        let quantity =
            if quantity.is_empty() { QUANTITY_NONE } else { i64::from_be_bytes(fixed(quantity, "qt_estat")?) };
        let row = CubeRow {
            fob_cents: read_numeric::<2>(fob).ok_or("valor_usd")?,
            weight_g: read_numeric::<3>(weight).ok_or("peso_kg")?,
            ncm: std::str::from_utf8(ncm).ok().and_then(Ncm::parse).ok_or("ncm")?,
            country: self.merged.get(&code).copied().unwrap_or(code),
            month: u8::try_from(month).map_err(|_| "mes")?,
            uf: Uf::parse(uf).ok_or("sg_uf")?,
            via: u8::try_from(via).map_err(|_| "co_via")?,
            sector: sector.ok_or("setor is not in cfg.setor")?,
            urf,
            ..CubeRow::BLANK
        };
        Ok(row.with_quantity(quantity, u8::try_from(unit).map_err(|_| "co_unid")?))
    }
}

const fn four([a, b, c, d, e, f, g, h]: [u8; 8]) -> [u16; 4] {
    [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]), u16::from_be_bytes([e, f]), u16::from_be_bytes([g, h])]
}

fn fixed<const N: usize>(field: &[u8], what: &str) -> Result<[u8; N], String> {
    field.try_into().map_err(|_| what.to_owned())
}

/// The fields of one row and the bytes they take, or `None` when the row is not complete yet.
#[expect(clippy::type_complexity, reason = "a pair of fields and length, used once")]
fn split(bytes: &[u8]) -> Result<Option<([&[u8]; FIELD_COUNT as usize], usize)>, String> {
    let mut fields: [&[u8]; FIELD_COUNT as usize] = [&[]; FIELD_COUNT as usize];
    let mut at = 0;
    for field in &mut fields {
        let Some(prefix) = bytes.get(at..at + 4) else { return Ok(None) };
        let length = i32::from_be_bytes([prefix[0], prefix[1], prefix[2], prefix[3]]);
        // -1 is NULL. Columns that have none are told by their type: no bytes are no value of theirs.
        let length = usize::try_from(length.max(0)).unwrap_or_default();
        if prefix[0] == 0xff && prefix != [0xff; 4] {
            return Err("a field of negative length".into());
        }
        let Some(value) = bytes.get(at + 4..at + 4 + length) else { return Ok(None) };
        *field = value;
        at += 4 + length;
    }
    Ok(Some((fields, at)))
}
