//! Facts as PostgreSQL's binary COPY format.
//!
//! Source of the format: PostgreSQL documentation, COPY, "Binary Format", and `numeric_recv` for the
//! digits of a numeric. Our own encoder, because a row through the driver's general one costs several
//! times as much as parsing it did.

use bytes::{BufMut, BytesMut};

use crate::domain::fact::{Fact, QUANTITY_NONE, UNIT_NONE, URF_NONE};

/// The columns, in the order of [`encode`], as they stand in a COPY statement.
pub const COLUMNS: &str =
    "mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via, co_unid, co_urf, qt_estat";
const COLUMN_COUNT: i16 = 12;

/// Starts a stream: signature, flags, no extension.
pub fn header(out: &mut BytesMut) {
    out.put_slice(b"PGCOPY\n\xff\r\n\0");
    out.put_i32(0);
    out.put_i32(0);
}

/// Ends a stream.
pub fn trailer(out: &mut BytesMut) {
    out.put_i16(-1);
}

/// One row. `country` and `sector` are the names that the code tables give for the fact.
pub fn encode(out: &mut BytesMut, fact: &Fact, country: &str, sector: &str) {
    out.reserve(160 + country.len() + sector.len());
    out.put_i16(COLUMN_COUNT);
    int4(out, i32::from(fact.month.month()));
    text(out, country.as_bytes());
    text(out, sector.as_bytes());
    text(out, &ncm_digits(fact.ncm.0));
    numeric::<2>(out, fact.fob_cents);
    numeric::<3>(out, fact.weight_g);
    int2(out, fact.country);
    text(out, fact.uf.letters().as_bytes());
    int2(out, u16::from(fact.via));
    match fact.unit {
        UNIT_NONE => out.put_i32(-1),
        unit => int2(out, u16::from(unit)),
    }
    match i32::try_from(fact.urf) {
        Ok(urf) if fact.urf != URF_NONE => int4(out, urf),
        _ => out.put_i32(-1),
    }
    match fact.quantity {
        QUANTITY_NONE => out.put_i32(-1),
        quantity => {
            out.put_i32(8);
            out.put_i64(quantity);
        }
    }
}

fn int2(out: &mut BytesMut, value: u16) {
    out.put_i32(2);
    out.put_u16(value);
}

fn int4(out: &mut BytesMut, value: i32) {
    out.put_i32(4);
    out.put_i32(value);
}

fn text(out: &mut BytesMut, value: &[u8]) {
    // Names are bounded far below 2 GiB by varchar(100).
    out.put_i32(i32::try_from(value.len()).unwrap_or(i32::MAX));
    out.put_slice(value);
}

fn ncm_digits(code: u32) -> [u8; 8] {
    let mut digits = [b'0'; 8];
    let mut rest = code;
    for digit in digits.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    digits
}

/// A value of 10^-SCALE units as a numeric: groups of four decimal digits, the most significant first.
fn numeric<const SCALE: u32>(out: &mut BytesMut, value: i64) {
    let one = 10_i64.pow(SCALE);
    let fraction = (value % one) * 10_i64.pow(4 - SCALE);
    let mut groups = [0_i16; 6];
    let mut count = 0;
    let mut whole = value / one;
    while whole > 0 {
        groups[count] = (whole % 10_000) as i16;
        whole /= 10_000;
        count += 1;
    }
    let has_fraction = fraction != 0;
    let digits = count + usize::from(has_fraction);
    out.put_i32(8 + 2 * digits as i32);
    out.put_i16(digits as i16);
    out.put_i16(if digits == 0 { 0 } else { count as i16 - 1 });
    out.put_i16(0);
    out.put_i16(SCALE as i16);
    for group in groups[..count].iter().rev() {
        out.put_i16(*group);
    }
    if has_fraction {
        out.put_i16(fraction as i16);
    }
}

/// Reads a numeric of at most SCALE decimals back into 10^-SCALE units; `None` for what no row of ours holds
/// (negative, NaN, more decimals, too large).
#[must_use]
pub fn read_numeric<const SCALE: u32>(bytes: &[u8]) -> Option<i64> {
    let word = |at: usize| bytes.get(2 * at..2 * at + 2).map(|two| i16::from_be_bytes([two[0], two[1]]));
    let (digits, weight, sign) = (word(0)?, word(1)?, word(2)?);
    if sign != 0 || bytes.len() != 8 + 2 * usize::try_from(digits).ok()? {
        return None;
    }
    let mut value = 0_i64;
    for at in 0..digits {
        let group = i64::from(word(4 + usize::try_from(at).ok()?)?);
        let exponent = 4 * i32::from(weight - at) + SCALE as i32;
        let scaled = if exponent >= 0 {
            group.checked_mul(10_i64.checked_pow(exponent.unsigned_abs())?)?
        } else {
            let divisor = 10_i64.checked_pow(exponent.unsigned_abs())?;
            if group % divisor != 0 {
                return None;
            }
            group / divisor
        };
        value = value.checked_add(scaled)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded<const SCALE: u32>(value: i64) -> Vec<u8> {
        let mut out = BytesMut::new();
        numeric::<SCALE>(&mut out, value);
        out[4..].to_vec()
    }

    proptest! {
        #[test]
        fn numerics_read_back(value in 0_i64..1_000_000_000_000_000_000) {
            prop_assert_eq!(read_numeric::<2>(&encoded::<2>(value)), Some(value));
            prop_assert_eq!(read_numeric::<3>(&encoded::<3>(value)), Some(value));
        }

        #[test]
        fn codes_keep_their_leading_zeros(code in 0_u32..100_000_000) {
            let digits = ncm_digits(code);
            prop_assert_eq!(String::from_utf8_lossy(&digits).into_owned(), format!("{code:08}"));
        }
    }

    #[test]
    fn a_numeric_that_is_not_ours_is_refused() {
        assert_eq!(read_numeric::<2>(&[0, 1, 0, 0, 0x40, 0, 0, 2, 0, 1]), None, "negative");
        assert_eq!(read_numeric::<2>(&[0, 0, 0, 0, 0xc0, 0, 0, 0]), None, "NaN");
        assert_eq!(read_numeric::<2>(&[0, 1, 0xff, 0xff, 0, 0, 0, 4, 0, 1]), None, "0.0001 cents");
    }
}
