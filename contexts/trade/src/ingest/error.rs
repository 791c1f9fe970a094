//! Why a file is refused: where, what was found, what to do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What the caller's sink may fail with (a database that went away, say).
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// A file that was refused. Nothing of it counts, whatever batches were delivered before.
#[derive(Debug)]
pub struct ReadError {
    /// The file.
    pub file: PathBuf,
    /// Where in the file.
    pub place: Box<Place>,
    /// What is wrong.
    pub fault: Fault,
}

/// Where in a file something is. Everything unknown is left out of the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Line of a text file or row of a sheet, from 1.
    pub line: Option<u64>,
    /// Column: `3 (CO_NCM)` in a text file, `C (CO_NCM)` in a sheet.
    pub column: Option<String>,
}

impl Place {
    /// A place known by its line only.
    #[must_use]
    pub fn line(line: u64) -> Self {
        Self { line: Some(line), ..Self::default() }
    }
}

/// What is wrong with a file. The messages say what happened and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The operating system refused to open or read the file.
    #[error("cannot be read")]
    Unreadable(#[source] io::Error),
    /// A directory, device or pipe where a file is expected.
    #[error("is {0}, not a file: name one file")]
    NotAFile(&'static str),
    /// No bytes at all.
    #[error("is empty: download it again")]
    Empty,
    /// A header and nothing below it.
    #[error("has a header and no rows: nothing to load")]
    NoRows,
    /// Not a text file, told by its first bytes.
    #[error("is {found}, not a text file: {advice}")]
    NotText {
        /// What the first bytes say it is.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A gzip stream without its end.
    #[error("gzip stream ends too early: the file is truncated, download it again")]
    GzipTruncated(#[source] io::Error),
    /// Compressed data whose check fails.
    #[error("the compressed data is corrupt: download it again")]
    GzipCorrupt(#[source] io::Error),
    /// The header separates its columns with something else than `;` or `,`.
    #[error("columns are separated by {0}: write them with ; or ,")]
    Delimiter(&'static str),
    /// The first line names no column of either layout.
    #[error(
        "no known header, found {found:?}: expected the columns CO_ANO;CO_MES;CO_NCM;… of ComexStat, ano,mes,pais,setor,ncm,valor_usd,peso_kg, or an export of the ComexStat site (Ano;Mês;Países;Código NCM;Valor US$ FOB;Quilograma Líquido)"
    )]
    HeaderUnknown {
        /// The beginning of the first line.
        found: String,
    },
    /// Columns that the layout needs are not in the header.
    #[error("the header has no column {missing}")]
    ColumnMissing {
        /// Their names, comma-separated.
        missing: String,
    },
    /// Another kind of file of the ministry.
    #[error("is {0}")]
    OtherFile(&'static str),
    /// A site export without a column that the load needs.
    #[error("the site export has no {missing}: {advice}")]
    SiteColumn {
        /// The column.
        missing: &'static str,
        /// What to choose on the site.
        advice: &'static str,
    },
    /// A site export with imports, or with both flows.
    #[error("{0:?} is not exports: choose the flow \"Exportação\" on the site and download again")]
    SiteFlow(String),
    /// A site export that joins months.
    #[error("{0:?} joins several months: choose \"Detalhar por mês\" on the site and download again")]
    SiteSpan(String),
    /// A zip archive that does not hold one file.
    #[error("the zip archive {0}")]
    Zip(String),
    /// Two columns of one name.
    #[error("the header names column {0} twice")]
    ColumnRepeated(String),
    /// An import file (it has freight and insurance).
    #[error("column {0} belongs to import files: this command loads exports (EXP_<year>.csv)")]
    Imports(String),
    /// A row with more or fewer fields than the header.
    #[error("row has {found} fields, the header has {expected}{hint}")]
    FieldCount {
        /// Fields of the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
        /// What may have happened; empty or starts with a colon.
        hint: &'static str,
    },
    /// A quote that is not closed on its line, or text after the closing quote.
    #[error("{0}")]
    Quote(&'static str),
    /// A NUL byte.
    #[error("NUL byte: the file is damaged or not a text file")]
    NulByte,
    /// A line beyond the bound.
    #[error("line is longer than {max_bytes} bytes: the file is damaged or not an export file")]
    LineTooLong {
        /// The bound.
        max_bytes: usize,
    },
    /// Decimal point and decimal comma in one file.
    #[error("the decimal mark is the point ({point}) and the comma ({comma}) in one file: write all numbers one way")]
    MixedDecimalMarks {
        /// A number with a decimal point, and its place.
        point: String,
        /// A number with a decimal comma, and its place.
        comma: String,
    },
    /// Every fraction of a column has three digits: thousands or fractions.
    #[error("{0}")]
    AmbiguousDecimals(Box<AmbiguousNumber>),
    /// Later numbers prove other decimal marks than earlier ones were read with: the file is to be read again by them.
    #[error("the decimal marks were proved after they were needed: read the file again with them")]
    DecimalProved(super::marks::Decimals),
    /// More rows were rejected than the caller accepts.
    #[error("{rejected} of {read} rows rejected, more than {limit}; first: {first}{written}")]
    TooManyRejects {
        /// Rejected rows.
        rejected: u64,
        /// Rows read.
        read: u64,
        /// The limit, as text (`0.1 %`).
        limit: String,
        /// Place and reason of the first.
        first: String,
        /// Where the list is; empty or starts with a semicolon.
        written: String,
    },
    /// The file is not what it was when reading began.
    #[error("changed while it was read ({0}): wait until it is complete and load it again")]
    Changed(&'static str),
    /// More unknown names than a real file brings.
    #[error("more than {limit} unknown {kind} names: is the column the right one?")]
    TooManyNames {
        /// `country` or `sector`.
        kind: &'static str,
        /// The bound.
        limit: usize,
    },
    /// `--sheet` names no sheet of the workbook.
    #[error("no sheet {name:?}; the workbook has {sheets}")]
    SheetUnknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        sheets: String,
    },
    /// No sheet begins with a header of either layout.
    #[error("no sheet has a known header in its first {rows} rows; sheets: {sheets}")]
    NoSheetFits {
        /// How far the search goes.
        rows: u32,
        /// The names there are.
        sheets: String,
    },
    /// An error value such as `#REF!`.
    #[error("cell holds the error {0}: repair the formula, then save the workbook")]
    CellError(String),
    /// A formula that was never calculated.
    #[error(
        "formula without a stored value: open the workbook in a spreadsheet program, let it calculate, and save it"
    )]
    FormulaWithoutValue,
    /// A date where a year or a month is expected, or a number is.
    #[error(
        "cell holds a date where a number is expected: write year and month as plain numbers in columns of their own"
    )]
    DateCell,
    /// A file that is no XLSX workbook.
    #[error("is {found}, not an XLSX workbook: {advice}")]
    NotAWorkbook {
        /// What it seems to be.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// The workbook cannot be understood.
    #[error("workbook cannot be read: {0}")]
    Workbook(String),
    /// The workbook would take too much memory.
    #[error("workbook is too large ({0}): save the sheet as CSV and use load-csv")]
    WorkbookTooLarge(String),
    /// The file of rejected rows cannot be written.
    #[error("rejected rows cannot be written to {}", path.display())]
    RejectsUnwritable {
        /// Where they should go.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The caller could not take a batch.
    #[error("rows cannot be stored")]
    Sink(#[source] SinkError),
}

/// A number that may be a fraction or thousands.
#[derive(Debug)]
pub struct AmbiguousNumber {
    /// The text found.
    pub text: String,
    /// Its value as a fraction, and the value of `--decimal` that says so.
    pub fraction: (String, &'static str),
    /// Its value as thousands, likewise.
    pub whole: (String, &'static str),
}

impl fmt::Display for AmbiguousNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, fraction: (fraction, fraction_mark), whole: (whole, whole_mark) } = self;
        write!(
            f,
            "{text:?} may be {fraction} or {whole}, and no number of this column tells which: say --decimal \
             {fraction_mark} for {fraction}, --decimal {whole_mark} for {whole}"
        )
    }
}

impl Fault {
    /// Stable name of the fault, for logs, tests and machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "file_unreadable",
            Self::NotAFile(_) => "not_a_file",
            Self::Empty => "file_empty",
            Self::NoRows => "no_rows",
            Self::NotText { .. } => "not_text",
            Self::GzipTruncated(_) => "gzip_truncated",
            Self::GzipCorrupt(_) => "gzip_corrupt",
            Self::Delimiter(_) => "wrong_delimiter",
            Self::HeaderUnknown { .. } => "header_unknown",
            Self::ColumnMissing { .. } => "column_missing",
            Self::ColumnRepeated(_) => "column_repeated",
            Self::Imports(_) => "import_file",
            Self::FieldCount { .. } => "field_count",
            Self::Quote(_) => "quote_malformed",
            Self::NulByte => "nul_byte",
            Self::LineTooLong { .. } => "line_too_long",
            Self::MixedDecimalMarks { .. } => "mixed_decimal_marks",
            Self::AmbiguousDecimals(_) => "ambiguous_decimals",
            Self::DecimalProved(_) => "decimal_proved",
            Self::OtherFile(_) => "other_file",
            Self::SiteColumn { .. } => "site_column_missing",
            Self::SiteFlow(_) => "site_flow",
            Self::SiteSpan(_) => "site_months_joined",
            Self::Zip(_) => "zip_unfit",
            Self::TooManyRejects { .. } => "too_many_rejects",
            Self::Changed(_) => "changed_while_read",
            Self::TooManyNames { .. } => "too_many_names",
            Self::SheetUnknown { .. } => "sheet_unknown",
            Self::NoSheetFits { .. } => "no_sheet_fits",
            Self::CellError(_) => "cell_error",
            Self::FormulaWithoutValue => "formula_without_value",
            Self::DateCell => "date_cell",
            Self::NotAWorkbook { .. } => "not_a_workbook",
            Self::Workbook(_) => "workbook_unreadable",
            Self::WorkbookTooLarge(_) => "workbook_too_large",
            Self::RejectsUnwritable { .. } => "rejects_unwritable",
            Self::Sink(_) => "sink_failed",
        }
    }
}

impl ReadError {
    /// Stable name of what is wrong.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.fault.code()
    }
}

impl fmt::Display for Place {
    /// `sheet "Plan1", line 12, column 3 (CO_NCM): `, or nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::with_capacity(3);
        if let Some(sheet) = &self.sheet {
            parts.push(format!("sheet {sheet:?}"));
        }
        if let Some(line) = self.line {
            parts.push(format!("{} {line}", if self.sheet.is_some() { "row" } else { "line" }));
        }
        if let Some(column) = &self.column {
            parts.push(format!("column {column}"));
        }
        f.write_str(&parts.join(", "))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.display())?;
        if *self.place != Place::default() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}", self.fault)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.fault.source()
    }
}

/// A fault with its place inside the file, before the file's name is known.
#[derive(Debug)]
pub(crate) struct Located {
    /// Where.
    pub place: Box<Place>,
    /// What.
    pub fault: Fault,
}

impl Located {
    /// A fault at a line.
    pub fn at_line(line: u64, fault: Fault) -> Self {
        Self { place: Box::new(Place::line(line)), fault }
    }

    /// The public form.
    pub fn of_file(self, file: &std::path::Path) -> ReadError {
        ReadError { file: file.to_owned(), place: self.place, fault: self.fault }
    }
}

impl From<Fault> for Located {
    fn from(fault: Fault) -> Self {
        Self { place: Box::default(), fault }
    }
}
