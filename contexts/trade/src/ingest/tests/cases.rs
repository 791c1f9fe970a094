//! Files that users of such systems met, and siblings of them.

use std::io::Write as _;

use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

use super::super::error::ReadError;
use super::super::number::Mark;
use super::super::summary::ReadSummary;
use super::super::xlsx::read_xlsx;
use super::{
    OFFICIAL, ROW, SIMPLE, Scratch, case, lenient, names, read_by_proved_marks, read_file, read_text, strict,
    with_decimal,
};
use crate::domain::code::{Month, Ncm};
use crate::domain::fact::Fact;

const SITE: &str = "Fluxo;Ano;Mês;Países;Código NCM;Descrição NCM;Valor US$ FOB;Quilograma Líquido\n";

type Read = Result<(ReadSummary, Vec<Fact>), ReadError>;

fn refused(read: Read) -> String {
    let error = read.unwrap_err();
    let text = error.to_string();
    format!("{}: {}", error.code(), text.rsplit_once(".csv: ").map_or(text.as_str(), |(_, message)| message))
}

fn case_csv(name: &str) -> Option<Read> {
    case(name).map(|path| read_file(&path, &strict()))
}

fn weights(read: Read) -> Vec<i64> {
    read.unwrap().1.iter().map(|fact| fact.weight_g).collect()
}

fn simple(kilograms: &[&str]) -> String {
    let row = |kg: &&str| format!("2001;1;China;;12019000;500000;{kg}\n");
    SIMPLE.replace(',', ";") + &kilograms.iter().map(row).collect::<String>()
}

#[test]
fn carriage_returns_in_cells_and_at_line_ends_are_read() {
    if let Some(read) = case_csv("11-web-ui-renamed-header-cr-in-quotes.csv") {
        let (summary, facts) = read.unwrap();
        assert_eq!((summary.rows_rejected, facts[0].month), (0, Month::new(2005, 1).unwrap()));
    }
    if let Some(read) = case_csv("30-old-mac-cr.csv") {
        let (summary, facts) = read.unwrap();
        assert_eq!((summary.rows_rejected, facts[1].ncm), (0, Ncm(9_011_110)));
    }
    let cr = format!("{OFFICIAL}{ROW}{ROW}").replace('\n', "\r");
    assert_eq!(read_text(&cr).unwrap().1, read_text(cr.replace('\r', "\r\n")).unwrap().1);
    let mixed = format!("{OFFICIAL}{}{ROW}", ROW.replace('\n', "\r"));
    assert!(refused(read_text(mixed)).contains("carriage return"));
}

#[test]
fn unbreakable_spaces_around_cells_are_no_part_of_them() {
    let expected = read_text(format!("{OFFICIAL}{ROW}")).unwrap().1;
    for blank in ["\u{a0}", "\u{2007}", "\u{202f}", "\u{feff}", "\t", "\r"] {
        let row = ROW.trim_end().split(';').map(|cell| format!("{blank}{cell}{blank}")).collect::<Vec<_>>().join(";");
        assert_eq!(read_text(format!("{OFFICIAL}{row}\n")).unwrap().1, expected, "{blank:?}");
    }
    let latin1: Vec<u8> = [OFFICIAL.as_bytes(), ROW.replace("580", "~580~").as_bytes()].concat();
    let latin1: Vec<u8> = latin1.into_iter().map(|byte| if byte == b'~' { 0xa0 } else { byte }).collect();
    assert_eq!(read_text(latin1).unwrap().1, expected);
    // The last byte of "à" in UTF-8 is that of an unbreakable space in latin-1.
    let (summary, _) = read_text(format!("{SIMPLE}2001,1,Vilà,,12019000,1,2\n")).unwrap();
    assert_eq!(summary.rows_accepted, 1);
}

#[test]
fn codes_written_as_floats_are_codes() {
    if let Some(read) = case_csv("17-pandas-floats.csv") {
        let (summary, facts) = read.unwrap();
        assert_eq!((summary.rows_rejected, facts[1].ncm), (0, Ncm(9_011_110)));
        assert_eq!((facts[1].country, facts[1].urf, facts[1].unit), (23, 817_800, 10));
    }
    let rejected = |ncm: &str| {
        let (summary, _) = read_text(format!("{OFFICIAL}{}", ROW.replace("73079100", ncm))).unwrap();
        summary.first_rejects.first().map(super::super::rejects::Reject::text_en)
    };
    let shown = |ncm: &str| Some(format!("line 2, column 3 (CO_NCM): {ncm:?}: not an NCM of eight digits"));
    for ncm in ["1.2019E+07", "7307910.5", "7307.9100.0", "730791000.0"] {
        assert_eq!(rejected(ncm), shown(ncm));
    }
    assert_eq!(rejected("7307.91.00"), None);
}

#[test]
fn a_zip_of_one_file_is_read_and_others_are_refused() {
    if let Some(path) = case("20-EXP_COMPLETA.zip") {
        assert!(read_file(&path, &strict()).unwrap().0.rows_accepted > 0);
    }
    let scratch = Scratch::new();
    let zip = |members: &[(&str, &str)]| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let rows = format!("{OFFICIAL}{}", ROW.repeat(100_000));
    let whole = zip(&[("EXP_2025.csv", &rows)]);
    let (summary, _) = read_file(&scratch.file("a.zip", &whole), &strict()).unwrap();
    assert_eq!((summary.rows_accepted, summary.sha256), (100_000, read_text(&rows).unwrap().0.sha256));
    let refusal = |bytes: &[u8]| refused(read_file(&scratch.file("b.csv", bytes), &strict()));
    assert!(refusal(&zip(&[("a.csv", &rows), ("b.csv", &rows)])).contains("holds 2 files (a.csv, b.csv)"));
    assert!(refusal(&zip(&[("a.xlsx", "")])).contains("use load-xlsx"));
    assert!(refusal(&whole[..whole.len() - 30]).starts_with("zip_unfit: "));
    let mut damaged = whole;
    damaged[400] ^= 0xff;
    let text = refusal(&damaged);
    assert!(text.starts_with("gzip_corrupt") || text.starts_with("gzip_truncated"), "{text}");
}

#[test]
fn other_files_of_the_ministry_are_refused_by_name() {
    if let Some(read) = case_csv("24-nbm-1996.csv") {
        assert!(refused(read).contains("an NBM file"));
    }
    let municipal = "CO_ANO;CO_MES;SH4;CO_PAIS;SG_UF_MUN;CO_MUN;KG_LIQUIDO;VL_FOB\n";
    assert!(refused(read_text(municipal)).contains("municipality"));
}

#[test]
fn weights_that_may_be_thousands_refuse_the_file() {
    for name in ["43-simple-kg-dot-thousands.csv", "69-official-kg-dot.csv"] {
        if let Some(read) = case_csv(name) {
            let text = refused(read);
            assert!(text.starts_with("ambiguous_decimals") && text.contains("--decimal comma"), "{name}: {text}");
        }
    }
    if let Some(path) = case("67-xlsx-text-kg-dot.xlsx") {
        let read = read_by_proved_marks(&strict(), |options, sink| {
            read_xlsx(&path, None, options, &mut names(), sink, &|_| {})
        });
        assert_eq!(read.unwrap_err().code(), "ambiguous_decimals");
    }
    insta::assert_snapshot!(refused(read_text(simple(&["7", "1.250", "2.500"]))), @r#"ambiguous_decimals: line 3, column 7 (peso_kg): "1.250" may be 1.25 or 1250, and no number of this column tells which: say --decimal point for 1.25, --decimal comma for 1250"#);
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", simple(&["1.250", "2.500,5"]));
    assert_eq!(weights(read_file(&path, &with_decimal(Mark::Comma))), [1_250_000, 2_500_500]);
    let path = scratch.file("a.csv", simple(&["1.250", "2,500.5"]));
    assert_eq!(weights(read_file(&path, &with_decimal(Mark::Point))), [1_250, 2_500_500]);
}

#[test]
fn one_number_that_proves_the_mark_decides_wherever_it_stands() {
    let read = |kilograms: &[&str]| weights(read_text(simple(kilograms)));
    assert_eq!(read(&["1.250", "850000.125"]), [1_250, 850_000_125]);
    assert_eq!(read(&["0.125", "1.250"]), [125, 1_250]);
    assert_eq!(read(&["1.250", "12.5"]), [1_250, 12_500]);
    // Proved after it was needed: the file is read again.
    assert_eq!(read(&["1.250", "7", "1.250,5"]), [1_250_000, 7_000, 1_250_500]);
    assert_eq!(read(&["1.250", "1.234.567"]), [1_250_000, 1_234_567_000]);
    assert_eq!(read(&["1,250", "1,250.5"]), [1_250_000, 1_250_500]);
    let many: Vec<&str> = std::iter::repeat_n("1.250", 90_000).chain(["0,5"]).collect();
    assert_eq!(weights(read_text(simple(&many)))[0], 1_250_000);
    // In a workbook the same texts mean the same; numbers that are stored as numbers prove nothing and need no proof.
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["ano", "mes", "pais", "setor", "ncm", "valor_usd", "peso_kg"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    for (row, kg) in (1..).zip(["1.250", "7", "1.250,5"]) {
        for (column, text) in (0..).zip(["2001", "1", "China", "", "12019000", "5", kg]) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    sheet.write_number(2, 6, 1.234).unwrap();
    book.save(&path).unwrap();
    let read =
        read_by_proved_marks(&lenient(), |options, sink| read_xlsx(&path, None, options, &mut names(), sink, &|_| {}));
    assert_eq!(weights(read), [1_250_000, 1_234, 1_250_500]);
}

#[test]
fn the_export_of_the_site_is_a_layout() {
    let row = "Exportação;2023;02. Fevereiro;China;12019000;Soja, mesmo triturada;500;1000\n";
    let (summary, facts) = read_text(format!("\u{feff}{SITE}{row}{}", row.replace("China", "Argentina"))).unwrap();
    assert_eq!((summary.layout.name(), facts.len(), facts[1].country), ("site", 2, 63));
    assert_eq!((facts[0].month, facts[0].fob_cents), (Month::new(2023, 2).unwrap(), 50_000));
    let english = "Flow;Year;Month;Countries;NCM Code;State;US$ FOB;Net Weight (kg)\nExports;2023;02. February;China;12019000;São Paulo;5;7\n";
    assert_eq!(read_text(english).unwrap().1[0].month, Month::new(2023, 2).unwrap());
    let side_by_side = "Fluxo;Código NCM;Países;Mês;2024 - Valor US$ FOB;2024 - Quilograma Líquido;2023 - Valor US$ FOB;2023 - Quilograma Líquido\n\
        Exportação;12019000;China;01. Janeiro;9;8;7;6\nExportação;12019000;China;02. Fevereiro;0;0;5;4\n";
    let (_, facts) = read_text(side_by_side).unwrap();
    let found: Vec<_> = facts.iter().map(|fact| (fact.month.to_string(), fact.fob_cents, fact.weight_g)).collect();
    let expected = [("2024-01", 900, 8_000), ("2023-01", 700, 6_000), ("2023-02", 500, 4_000)];
    assert_eq!(found, expected.map(|(month, cents, grams)| (month.to_owned(), cents, grams)));
}

#[test]
fn site_exports_that_are_no_monthly_exports_say_what_to_choose() {
    let row = "Exportação;2023;02. Fevereiro;China;12019000;Soja;500;1000\n";
    let with = |row: &str| refused(read_text(format!("{SITE}{row}")));
    assert!(with(&row.replace("02. Fevereiro", "Jan-Mar")).starts_with("site_months_joined"));
    assert!(
        with(&format!("{row}{}", row.replace("Exportação", "Importação"))).contains("\"Importação\" is not exports")
    );
    let spans = "Fluxo;Ano;Países;Código NCM;Jan-Mar 2023 - Valor US$ FOB;Jan-Mar 2023 - Quilograma Líquido\n";
    assert!(refused(read_text(spans)).starts_with("site_months_joined"));
    assert!(refused(read_text(SITE.replace("Mês;", ""))).contains("Detalhar por mês"));
    assert!(refused(read_text(SITE.replace("Código NCM;", "Código SH4;"))).contains("choose the detail NCM"));
    let (summary, _) = read_text(format!("{SITE}{row}Total;;;;;;500;1000\n")).unwrap();
    assert_eq!(summary.first_rejects[0].reason.code(), "total_row");
}

#[test]
fn rows_that_are_no_data_are_named() {
    let reason = |row: &str| {
        let (summary, _) = read_text(format!("{OFFICIAL}{ROW}{row}")).unwrap();
        summary.first_rejects[0].reason.code()
    };
    assert_eq!(reason(OFFICIAL), "repeated_header");
    assert_eq!(reason("TOTAL GERAL;;;;;;;;64;64;1489\n"), "total_row");
    assert_eq!(reason(&ROW.replace("2025;01", "2026;01")), "month_after_present");
    assert!(refused(read_text(format!("{OFFICIAL}{ROW}Total;1489\n"))).contains("a row of totals, delete it"));
}
