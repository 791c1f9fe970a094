//! Workbooks: every sheet with a known header, read as a stream of cells.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use calamine::{Reader, SheetType, Xlsx, XlsxCellReader, XlsxError};
use sha2::{Digest, Sha256};

use super::collect::{Collector, ParsedBlock};
use super::csv::{ReadOptions, Sink};
use super::error::{Fault, Located, Place, ReadError};
use super::layout::{Layout, LayoutKind, Role};
use super::marks::RowEvidence;
use super::names::{KnownNames, Names, fold};
use super::rejects::Reject;
use super::row::{Line, Row, Rules};
use super::source::SourceFile;
use super::summary::{Progress, ReadSummary};
use super::xlsx_bounds;
use super::xlsx_cell::{column_letters, text_of};

/// Rows in which the header is looked for: titles and merged cells may stand above it.
const HEADER_ROWS: u32 = 20;
/// Rows of one batch.
const BATCH_ROWS: usize = 16_384;
/// Rows that a sheet can have.
const MAX_ROWS: u32 = 1_048_576;
/// Columns looked at, from the first of the header.
const MAX_SHEET_COLUMNS: usize = 255;
/// Rows at the end of a sheet that may be totals and notes.
const MAX_TRAILING_ROWS: usize = 20;

/// Reads an XLSX workbook of either layout: the sheet named, or every sheet with a known header.
/// Places are those of the sheet. Stored results of formulas count as values.
///
/// # Errors
/// The workbook is refused as a whole: what `sink` was given before must not count.
pub fn read_xlsx(
    path: &Path,
    sheet: Option<&str>,
    options: &ReadOptions,
    names: &mut Names,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(Progress),
) -> Result<ReadSummary, ReadError> {
    let source = SourceFile::open(path).map_err(|fault| Located::from(fault).of_file(path))?;
    let read = read(&source, sheet, Collector::new(names, options), options.rules, sink, progress);
    let read = match (read, source.verify_unchanged()) {
        (Err(located), Err(_)) if matches!(located.fault, Fault::Sink(_)) => Err(located),
        (_, Err(changed)) => Err(changed.into()),
        (read, Ok(())) => read,
    };
    read.map_err(|located| located.of_file(path))
}

/// The layout of the first sheet with a known header.
///
/// # Errors
/// When the workbook cannot be read or no sheet fits.
pub fn layout_of(path: &Path, sheet: Option<&str>) -> Result<LayoutKind, Fault> {
    let source = SourceFile::open(path)?;
    xlsx_bounds::check(&source)?;
    let (mut workbook, sheets) = open(&source)?;
    for sheet in choose(&sheets, sheet)? {
        let cells = workbook.worksheet_cells_reader(&sheet).map_err(|error| workbook_fault(&error))?;
        let mut rows = Rows { cells, pending: None, end: false };
        if let Some(header) = find_header(&mut rows).map_err(|located| located.fault)? {
            return Ok(header.layout.kind);
        }
    }
    Err(Fault::NoSheetFits { rows: HEADER_ROWS, sheets: quoted(&sheets) })
}

/// The workbook and the names of its sheets.
fn open(source: &SourceFile) -> Result<(Xlsx<BufReader<File>>, Vec<String>), Fault> {
    let mut handle = source.handle()?;
    handle.seek(SeekFrom::Start(0)).map_err(Fault::Unreadable)?;
    let workbook: Xlsx<_> = Xlsx::new(BufReader::new(handle)).map_err(|error| workbook_fault(&error))?;
    let is_sheet = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    let sheets = workbook.sheets_metadata().iter().filter(is_sheet).map(|sheet| sheet.name.clone()).collect();
    Ok((workbook, sheets))
}

fn read(
    source: &SourceFile,
    wanted: Option<&str>,
    mut collector: Collector<'_>,
    rules: Rules,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(Progress),
) -> Result<ReadSummary, Located> {
    let sha256 = hash_workbook(source)?;
    xlsx_bounds::check(source)?;
    let (mut workbook, sheets) = open(source)?;
    let chosen = choose(&sheets, wanted)?;

    let mut layout = None;
    for (index, sheet) in chosen.iter().enumerate() {
        let at_sheet = |mut located: Located| {
            located.place.sheet.get_or_insert_with(|| sheet.clone());
            located
        };
        let cells = workbook.worksheet_cells_reader(sheet).map_err(|error| at_sheet(workbook_fault(&error).into()))?;
        let last_row = cells.dimensions().end.0.max(1);
        let mut report = |row: u32, rows: u64| {
            let share = f64::from(row.min(last_row)) / f64::from(last_row);
            let done = (index as f64 + share) / chosen.len() as f64;
            let bytes_total = source.bytes();
            progress(Progress { bytes_read: (bytes_total as f64 * done) as u64, bytes_total, rows });
        };
        let mut rows = Rows { cells, pending: None, end: false };
        let Some(header) = find_header(&mut rows).map_err(at_sheet)? else {
            collector.notices.push(format!("sheet {sheet:?} has no known header and was skipped"));
            continue;
        };
        let kind = header.layout.kind;
        if layout.is_some_and(|before: LayoutKind| before != kind) {
            return Err(at_sheet(
                Fault::Workbook("sheets have different layouts: name one with --sheet".to_owned()).into(),
            ));
        }
        layout = Some(kind);
        let sheet = Sheet { name: sheet, header: &header, rules };
        read_rows(&sheet, &mut rows, &mut collector, sink, &mut report).map_err(at_sheet)?;
    }
    let Some(layout) = layout else {
        return Err(Fault::NoSheetFits { rows: HEADER_ROWS, sheets: quoted(&sheets) }.into());
    };
    collector.finish(layout, sha256, source.bytes())
}

/// SHA-256 of the file, after a look at its first bytes.
fn hash_workbook(source: &SourceFile) -> Result<String, Fault> {
    let mut file = source.handle()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    let mut first = true;
    loop {
        let count = file.read(&mut buffer).map_err(Fault::Unreadable)?;
        if std::mem::take(&mut first) {
            let refused = match &buffer[..count] {
                [b'P', b'K', 3, 4, ..] => None,
                [0xd0, 0xcf, 0x11, 0xe0, ..] => {
                    Some(("an old or password-protected Excel workbook", "save it as XLSX without a password"))
                }
                [0x1f, 0x8b, ..] => Some(("gzip-compressed", "use load-csv for CSV files, or decompress it")),
                _ => Some(("another kind of file", "use load-csv for CSV files")),
            };
            if let Some((found, advice)) = refused {
                return Err(Fault::NotAWorkbook { found, advice });
            }
        }
        if count == 0 {
            return Ok(platform::random::hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..count]);
    }
}

fn workbook_fault(error: &XlsxError) -> Fault {
    match error {
        XlsxError::Password => {
            Fault::NotAWorkbook { found: "a password-protected workbook", advice: "save it without a password" }
        }
        error => Fault::Workbook(format!("{error}: open it in a spreadsheet program and save it again")),
    }
}

fn choose(sheets: &[String], wanted: Option<&str>) -> Result<Vec<String>, Fault> {
    let Some(wanted) = wanted else { return Ok(sheets.to_vec()) };
    let exact = sheets.iter().find(|sheet| *sheet == wanted);
    let found = exact.or_else(|| sheets.iter().find(|sheet| fold(sheet) == fold(wanted)));
    let unknown = || Fault::SheetUnknown { name: wanted.to_owned(), sheets: quoted(sheets) };
    found.map(|sheet| vec![sheet.clone()]).ok_or_else(unknown)
}

fn quoted(sheets: &[String]) -> String {
    sheets.iter().take(50).map(|sheet| format!("{sheet:?}")).collect::<Vec<_>>().join(", ")
}

type CellValue<'a> = calamine::DataRef<'a>;

/// One cell that holds something.
struct SheetCell<'a> {
    column: u32,
    value: CellValue<'a>,
    formula: bool,
}

/// The cells of a sheet, row by row.
struct Rows<'a, R: Read + Seek> {
    cells: XlsxCellReader<'a, R>,
    pending: Option<(u32, SheetCell<'a>)>,
    end: bool,
}

impl<'a, R: Read + Seek> Rows<'a, R> {
    /// The next row that has cells, with its index from 0; `row` is cleared first.
    fn next_row(&mut self, row: &mut Vec<SheetCell<'a>>) -> Result<Option<u32>, Located> {
        row.clear();
        let mut current = None;
        if let Some((index, cell)) = self.pending.take() {
            current = Some(index);
            row.push(cell);
        }
        while !self.end {
            let next = self.cells.next_cell_with_formula_metadata();
            let next = next.map_err(|error| Located {
                place: Box::new(Place { sheet: None, line: current.map(|index| u64::from(index) + 1), column: None }),
                fault: workbook_fault(&error),
            })?;
            let Some(record) = next else {
                self.end = true;
                break;
            };
            let (index, column) = record.pos;
            if index >= MAX_ROWS {
                return Err(Fault::WorkbookTooLarge("more than 1,048,576 rows in a sheet".to_owned()).into());
            }
            let cell = SheetCell { column, value: record.value, formula: record.formula.is_some() };
            if cell.value == CellValue::Empty && !cell.formula {
                continue;
            }
            if current.is_some_and(|current| current != index) {
                self.pending = Some((index, cell));
                break;
            }
            current = Some(index);
            row.push(cell);
        }
        Ok(current)
    }
}

/// The header of a sheet: its layout, and which role each sheet column has.
struct Header {
    layout: Layout,
    first_column: u32,
    roles: Vec<Option<Role>>,
}

fn find_header<R: Read + Seek>(rows: &mut Rows<'_, R>) -> Result<Option<Header>, Located> {
    let mut row = Vec::new();
    while let Some(index) = rows.next_row(&mut row)? {
        if index >= HEADER_ROWS {
            return Ok(None);
        }
        let Some(first_column) = row.first().map(|cell| cell.column) else { continue };
        let mut columns = Vec::new();
        for cell in &row {
            let place = cell.column.saturating_sub(first_column) as usize;
            if place < MAX_SHEET_COLUMNS {
                columns.resize(columns.len().max(place + 1), String::new());
                // Whatever is no text is no column name.
                columns[place] = text_of(&cell.value, false, Role::Country).unwrap_or_default();
            }
        }
        match Layout::of_columns(columns, b';') {
            Ok(layout) => {
                let roles = (0..layout.columns.len()).map(|place| layout.role_at(place)).collect();
                return Ok(Some(Header { layout, first_column, roles }));
            }
            Err(Fault::HeaderUnknown { .. }) => {}
            Err(fault) => return Err(Located::at_line(u64::from(index) + 1, fault)),
        }
    }
    Ok(None)
}

/// A sheet that is read.
struct Sheet<'a> {
    name: &'a str,
    header: &'a Header,
    rules: Rules,
}

/// One row of a sheet as texts by column of the layout.
struct TextRow {
    line: u64,
    fields: Vec<String>,
    /// Columns whose cell was stored as a number and not as text.
    stored: Vec<bool>,
}

impl TextRow {
    fn content(&self) -> String {
        self.fields.join(";")
    }

    /// Totals and notes: a row that begins with "Total", or holds one text that is no number.
    fn is_remark(&self) -> bool {
        let mut filled = self.fields.iter().filter(|field| !field.is_empty());
        let Some(first) = filled.next() else { return false };
        let alone = filled.next().is_none() && !first.starts_with(|character: char| character.is_ascii_digit());
        fold(first).starts_with("tota") || alone
    }
}

fn read_rows<R: Read + Seek>(
    sheet: &Sheet<'_>,
    rows: &mut Rows<'_, R>,
    collector: &mut Collector<'_>,
    sink: &mut Sink<'_>,
    report: &mut dyn FnMut(u32, u64),
) -> Result<(), Located> {
    let names = collector.known_names();
    let mut block = ParsedBlock::new(names.block(), BATCH_ROWS);
    let mut cells = Vec::new();
    let mut trailing: Vec<TextRow> = Vec::new();
    while let Some(index) = rows.next_row(&mut cells)? {
        let row = text_row(sheet.header, index, &cells)?;
        if row.fields.iter().all(String::is_empty) {
            continue;
        }
        if row.is_remark() && trailing.len() < MAX_TRAILING_ROWS {
            trailing.push(row);
            continue;
        }
        // What looked like the end of the table was in its middle: those rows are no remarks.
        for row in trailing.drain(..) {
            parse(sheet, &row, &mut block)?;
        }
        parse(sheet, &row, &mut block)?;
        if block.facts.len() + block.rejects.len() >= BATCH_ROWS {
            deliver(&mut block, &names, collector, sink)?;
            report(index, collector.rows());
        }
    }
    deliver(&mut block, &names, collector, sink)?;
    report(u32::MAX, collector.rows());
    for row in trailing {
        let begin: String = row.content().trim_matches(';').chars().take(40).collect();
        let (name, line) = (sheet.name, row.line);
        collector.notices.push(format!("sheet {name:?}, row {line}: skipped as a total or note: {begin}"));
    }
    Ok(())
}

fn text_row(header: &Header, index: u32, cells: &[SheetCell<'_>]) -> Result<TextRow, Located> {
    let line = u64::from(index) + 1;
    let mut fields = vec![String::new(); header.roles.len()];
    let mut stored = vec![false; header.roles.len()];
    for cell in cells {
        let place = cell.column.checked_sub(header.first_column).map(|place| place as usize);
        let Some((place, Some(role))) = place.and_then(|place| Some((place, *header.roles.get(place)?))) else {
            continue;
        };
        fields[place] = text_of(&cell.value, cell.formula, role).map_err(|fault| Located {
            place: Box::new(Place { sheet: None, line: Some(line), column: Some(column_label(header, place)) }),
            fault,
        })?;
        stored[place] = !matches!(cell.value, CellValue::String(_) | CellValue::SharedString(_));
    }
    Ok(TextRow { line, fields, stored })
}

fn column_label(header: &Header, place: usize) -> String {
    let letters = column_letters(header.first_column.saturating_add(u32::try_from(place).unwrap_or(u32::MAX)));
    format!("{letters} ({})", header.layout.columns.get(place).map_or("", String::as_str))
}

fn parse(sheet: &Sheet<'_>, row: &TextRow, block: &mut ParsedBlock) -> Result<(), Located> {
    let layout = &sheet.header.layout;
    let place = |column: usize| Place {
        sheet: Some(sheet.name.to_owned()),
        line: Some(row.line),
        column: Some(column_label(sheet.header, column)),
    };
    let mut evidence = RowEvidence::default();
    let mut reading = Row {
        layout,
        rules: &sheet.rules,
        names: &mut block.names,
        evidence: &mut evidence,
        stored: &|column| row.stored[column],
    };
    let field = |column: usize| row.fields[column].as_bytes();
    match reading.read(field) {
        Ok(Line::Fact(fact)) => block.add(fact),
        Ok(Line::Facts(facts)) => facts.into_iter().for_each(|fact| block.add(fact)),
        Ok(Line::Reject(reason, role, found)) => {
            block.rejects.push(Reject::new(place(layout.place(role)), reason, &found, row.content().as_bytes()));
        }
        Err((fault, column)) => {
            let place = Box::new(place(column.unwrap_or_default()));
            return Err(Located { place, fault });
        }
    }
    for (role, evidence) in evidence.shown() {
        block.marks.note(role, evidence, || place(layout.place(role)), field(layout.place(role)));
    }
    Ok(())
}

fn deliver(
    block: &mut ParsedBlock,
    names: &KnownNames,
    collector: &mut Collector<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Located> {
    let full = std::mem::replace(block, ParsedBlock::new(names.block(), BATCH_ROWS));
    let batch = collector.take(full)?;
    if !batch.facts.is_empty() {
        sink(batch).map_err(Fault::Sink)?;
    }
    Ok(())
}
