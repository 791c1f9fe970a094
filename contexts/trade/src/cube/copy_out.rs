//! Rows of the store, as binary COPY sends them, back into cube rows.

use std::collections::HashMap;

use super::segment::CubeRow;
use crate::domain::code::{CountryCode, Ncm, SectorId, Uf};
use crate::domain::fact::{QUANTITY_NONE, URF_NONE};
use crate::domain::reference::Reference;
use crate::ingest::copy::read_numeric;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
const FIELD_COUNT: i16 = 11;

/// Reads `mes, ncm, co_pais, sg_uf, co_via, setor, valor_usd, peso_kg, co_unid, co_urf, qt_estat` of a binary COPY stream,
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
        let [month, ncm, country, uf, via, sector, fob, weight, unit, urf, quantity] = fields;
        let code = u16::from_be_bytes(fixed(country, "co_pais")?);
        let sector = self.sectors.get(*sector).copied();
        // These three are NULL, which comes as no bytes, where the file gave none.
        let unit = if unit.is_empty() { 0 } else { u16::from_be_bytes(fixed(unit, "co_unid")?) };
        let urf = if urf.is_empty() { URF_NONE } else { u32::from_be_bytes(fixed(urf, "co_urf")?) };
        let quantity =
            if quantity.is_empty() { QUANTITY_NONE } else { i64::from_be_bytes(fixed(quantity, "qt_estat")?) };
        let row = CubeRow {
            fob_cents: read_numeric::<2>(fob).ok_or("valor_usd")?,
            weight_g: read_numeric::<3>(weight).ok_or("peso_kg")?,
            ncm: std::str::from_utf8(ncm).ok().and_then(Ncm::parse).ok_or("ncm")?,
            country: self.merged.get(&code).copied().unwrap_or(code),
            month: u8::try_from(i32::from_be_bytes(fixed(month, "mes")?)).map_err(|_| "mes")?,
            uf: Uf::parse(uf).ok_or("sg_uf")?,
            via: u8::try_from(u16::from_be_bytes(fixed(via, "co_via")?)).map_err(|_| "co_via")?,
            sector: sector.ok_or("setor is not in cfg.setor")?,
            urf,
            ..CubeRow::BLANK
        };
        Ok(row.with_quantity(quantity, u8::try_from(unit).map_err(|_| "co_unid")?))
    }
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
