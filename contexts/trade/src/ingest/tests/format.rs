//! Facts as lines of a file, for tests that read them back.

use crate::domain::fact::Fact;

/// Header of the official layout, quoted as the ministry writes it.
pub const OFFICIAL_HEADER: &str = "\"CO_ANO\";\"CO_MES\";\"CO_NCM\";\"CO_UNID\";\"CO_PAIS\";\"SG_UF_NCM\";\"CO_VIA\";\"CO_URF\";\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\"\n";
/// Header of the simple layout.
pub const SIMPLE_HEADER: &str = "ano,mes,pais,setor,ncm,valor_usd,peso_kg\n";

/// How codes are written: the ministry quotes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// `"2025";"01";…;64;1489`.
    Codes,
    /// `2025;01;…;64;1489`.
    Nothing,
}

/// Appends a line of the official layout. Values that are no whole numbers get their decimals, after a
/// point. The fact must have every field of that layout (unit, customs unit and quantity).
pub fn official_line(fact: &Fact, quoting: Quoting, out: &mut String) {
    let quote = if quoting == Quoting::Codes { "\"" } else { "" };
    let code = |number: u32, width: usize, out: &mut String| {
        out.push_str(quote);
        padded(u64::from(number), width, out);
        out.push_str(quote);
        out.push(';');
    };
    code(u32::from(fact.month.year()), 4, out);
    code(u32::from(fact.month.month()), 2, out);
    code(fact.ncm.0, 8, out);
    code(u32::from(fact.unit), 2, out);
    code(u32::from(fact.country), 3, out);
    for piece in [quote, fact.uf.letters(), quote, ";"] {
        out.push_str(piece);
    }
    code(u32::from(fact.via), 2, out);
    code(fact.urf, 7, out);
    padded(fact.quantity.unsigned_abs(), 1, out);
    out.push(';');
    decimal(fact.weight_g.unsigned_abs(), 1_000, out);
    out.push(';');
    decimal(fact.fob_cents.unsigned_abs(), 100, out);
    out.push('\n');
}

/// Appends a line of the simple layout, with the names given.
pub fn simple_line(fact: &Fact, country: &str, sector: &str, out: &mut String) {
    padded(u64::from(fact.month.year()), 4, out);
    out.push(',');
    padded(u64::from(fact.month.month()), 1, out);
    out.push(',');
    for name in [country, sector] {
        if name.contains([',', ';', '"']) {
            out.push('"');
            out.push_str(&name.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(name);
        }
        out.push(',');
    }
    padded(u64::from(fact.ncm.0), 8, out);
    out.push(',');
    decimal(fact.fob_cents.unsigned_abs(), 100, out);
    out.push(',');
    decimal(fact.weight_g.unsigned_abs(), 1_000, out);
    out.push('\n');
}

/// A number with leading zeros up to `width`.
fn padded(number: u64, width: usize, out: &mut String) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    for _ in digits.len()..width {
        out.push('0');
    }
    out.push_str(digits);
}

/// A value in units of 1/`scale` (a power of ten), without needless zeros.
fn decimal(value: u64, scale: u64, out: &mut String) {
    padded(value / scale, 1, out);
    let rest = value % scale;
    if rest == 0 {
        return;
    }
    out.push('.');
    padded(rest, scale.ilog10() as usize, out);
    out.truncate(out.trim_end_matches('0').len());
}
