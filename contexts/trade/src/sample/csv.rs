//! Rows as text, in the layout of the ministry's files: every code quoted and padded, numbers bare.

use std::io::Write;

use crate::domain::fact::Fact;

/// The header of an official export file.
const HEADER: &[u8] = b"\"CO_ANO\";\"CO_MES\";\"CO_NCM\";\"CO_UNID\";\"CO_PAIS\";\"SG_UF_NCM\";\"CO_VIA\";\"CO_URF\";\
\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\"\n";
const BUFFER_BYTES: usize = 1 << 18;

/// Writes facts as lines. The first error is kept and later facts are dropped, because rows come through
/// a callback that cannot fail; [`Lines::finish`] tells.
pub(super) struct Lines<'a> {
    out: &'a mut dyn Write,
    buffer: Vec<u8>,
    outcome: std::io::Result<()>,
}

impl<'a> Lines<'a> {
    /// Starts with the header.
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        let mut buffer = Vec::with_capacity(BUFFER_BYTES + 256);
        buffer.extend_from_slice(HEADER);
        Self { out, buffer, outcome: Ok(()) }
    }

    /// Adds one line.
    pub(super) fn push(&mut self, fact: &Fact) {
        let buffer = &mut self.buffer;
        code(buffer, u32::from(fact.month.year()), 4);
        code(buffer, u32::from(fact.month.month()), 2);
        code(buffer, fact.ncm.0, 8);
        code(buffer, u32::from(fact.unit), 2);
        code(buffer, u32::from(fact.country), 3);
        buffer.push(b'"');
        buffer.extend_from_slice(fact.uf.letters().as_bytes());
        buffer.extend_from_slice(b"\";");
        code(buffer, u32::from(fact.via), 2);
        code(buffer, fact.urf, 7);
        let mut digits = itoa::Buffer::new();
        for (number, end) in [(fact.quantity, b';'), (fact.weight_g / 1000, b';'), (fact.fob_cents / 100, b'\n')] {
            buffer.extend_from_slice(digits.format(number).as_bytes());
            buffer.push(end);
        }
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush();
        }
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> std::io::Result<()> {
        self.flush();
        self.outcome.and_then(|()| self.out.flush())
    }

    fn flush(&mut self) {
        if self.outcome.is_ok() {
            self.outcome = self.out.write_all(&self.buffer);
        }
        self.buffer.clear();
    }
}

/// `"0042";`: a code of `width` digits, padded, quoted, with the separator.
fn code(buffer: &mut Vec<u8>, value: u32, width: usize) {
    buffer.push(b'"');
    let end = buffer.len() + width;
    buffer.resize(end, b'0');
    let mut rest = value;
    for digit in buffer.iter_mut().rev().take(width) {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    buffer.extend_from_slice(b"\";");
}
