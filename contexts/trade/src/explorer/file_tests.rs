//! Answers as files: CSV for programs, CSV for spreadsheets in Brazil, workbooks; and the order of their rows.

use std::io::Cursor;

use axum::http::{HeaderMap, Request, StatusCode};
use calamine::{Data, Reader, Xlsx};
use insta::assert_snapshot;
use serde_json::Value;

use super::http::routes;
use crate::cube::segment_tests::Scratch;
use crate::fixture::{Server, snapshot};

fn server() -> (Scratch, Server) {
    let scratch = Scratch::new();
    let server = Server::new(routes(), snapshot(&scratch));
    (scratch, server)
}

fn text(query: &str) -> String {
    let (status, _, body) = server().1.get(&format!("/v1/exports?{query}"), &[]);
    assert_eq!(status, StatusCode::OK, "{body}");
    body.replace("\r\n", "\n")
}

fn codes(query: &str) -> String {
    let rows = text(&format!("{query}&format=csv"));
    rows.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The cells of a sheet, and the headers of the answer.
fn sheet(query: &str, name: &str) -> (Vec<Vec<Data>>, HeaderMap) {
    let (status, headers, body) = server().1.bytes(Request::get(format!("/v1/exports?{query}&format=xlsx")), &[]);
    assert_eq!(status, StatusCode::OK);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(body)).unwrap();
    let range = workbook.worksheet_range(name).unwrap();
    (range.rows().map(<[Data]>::to_vec).collect(), headers)
}

#[test]
fn a_csv_ends_with_what_is_covered() {
    assert_snapshot!(text("drilldowns=country&measures=fob&format=csv"), @r"
    country,country_name,fob,months_covered,partial,through
    CN,China,191998,26,true,2025-02
    US,Estados Unidos,16000,26,true,2025-02
    AR,Argentina,6500,26,true,2025-02
    990,Provisão de Navios e Aeronaves,175,26,true,2025-02
    ");
    assert_snapshot!(text("drilldowns=year&cuts=year:2024-2025&measures=fob&format=csv"), @r"
    year,months_covered,partial,fob,through
    2024,12,false,95877,2024-12
    2025,2,true,38912,2025-02
    ");
    assert_snapshot!(text("drilldowns=month&cuts=month:2025-02..2025-03&measures=fob&format=csv"), @r"
    month,partial,fob,months_covered,through
    2025-02,false,9457,1,2025-02
    2025-03,true,9999,0,
    ");
    // Soy alone is known to April.
    assert_snapshot!(text("drilldowns=ncm&cuts=year:2025&measures=kg&format=csv"), @r#"
    ncm,ncm_description,kg,months_covered,partial,through
    12019000,"Soja, mesmo triturada, exceto para semeadura",45000,4,true,2025-04
    27090010,,18000,2,true,2025-02
    17011400,"'=Outros ""açúcares"" de cana",1600,2,true,2025-02
    "#);
    assert_snapshot!(text("cuts=year:2023&format=csv"), @r"
    fob,kg,months_covered,partial,through
    79884,147600,12,false,2023-12
    ");
}

#[test]
fn a_spreadsheet_in_brazil_opens_the_other_csv() {
    let query = "drilldowns=year,ncm&cuts=year:2025&measures=fob,price,share&format=csv";
    let table = text(&format!("{query}&dialect=br"));
    assert!(table.starts_with('\u{feff}'));
    assert_snapshot!(table.trim_start_matches('\u{feff}'), @r#"
    year;ncm;ncm_description;months_covered;partial;fob;price;share;through
    2025;12019000;Soja, mesmo triturada, exceto para semeadura;4;true;26498;0,588844;0,680972;2025-04
    2025;27090010;;2;true;10000;0,555556;0,25699;2025-02
    2025;17011400;"'=Outros ""açúcares"" de cana";2;true;2414;1,5;0,062037;2025-02
    "#);
    assert_eq!(text(&format!("{query}&dialect=plain")), text(query));
    let raw = server().1.get(&format!("/v1/exports?{query}&dialect=br"), &[]).2;
    assert_eq!(raw.matches("\r\n").count(), raw.matches('\n').count());
}

#[test]
fn a_workbook_has_typed_cells() {
    let query = "drilldowns=year,country,ncm,via&cuts=ncm:17011400,year:2025&measures=fob,kg,share,price,growth";
    let (rows, headers) = sheet(query, "Dados");
    assert_eq!(headers["content-type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"exportacoes_ncm-17011400_year-2025_year_country_ncm_via.xlsx\""
    );
    assert_snapshot!(format!("{:?}\n{:?}\n{:?}", rows[0], rows[1], rows[2]), @r#"
    [String("year"), String("country"), String("country_name"), String("ncm"), String("ncm_description"), String("via"), String("via_name"), String("months_covered"), String("partial"), String("fob"), String("kg"), String("share"), String("price"), String("growth"), String("through")]
    [Float(2025.0), String("US"), String("Estados Unidos"), String("17011400"), String("=Outros \"açúcares\" de cana"), String("1"), String("MARITIMA"), Float(2.0), Bool(true), Float(2400.0), Float(1600.0), Float(0.9942), Float(1.5), Float(2.0), String("2025-02")]
    [Float(2025.0), String("990"), String("Provisão de Navios e Aeronaves"), String("17011400"), String("=Outros \"açúcares\" de cana"), String("1"), String("MARITIMA"), Float(2.0), Bool(true), Float(14.0), Float(0.0), Float(0.0058), Empty, Float(1.0), String("2025-02")]
    "#);
}

#[test]
fn a_workbook_is_the_answer_on_screen() {
    let query = "drilldowns=month,sh4,uf&measures=fob,hhi,share&sort=share.asc&limit=9&offset=2";
    let json: Value = serde_json::from_str(&text(query)).unwrap();
    let (rows, _) = sheet(query, "Dados");
    let answered = json["data"].as_array().unwrap();
    assert_eq!(rows.len(), answered.len() + 1);
    for (cells, row) in rows[1..].iter().zip(answered) {
        for (name, cell) in rows[0].iter().zip(cells).take(row.as_object().unwrap().len()) {
            let value = &row[name.to_string()];
            match cell {
                Data::Empty => assert!(value.is_null(), "{name}"),
                Data::Float(number) => assert_eq!(Some(*number), value.as_f64(), "{name}"),
                Data::Bool(truth) => assert_eq!(Some(*truth), value.as_bool(), "{name}"),
                other => assert_eq!(Some(other.to_string().as_str()), value.as_str(), "{name}"),
            }
        }
    }
}

/// The lines of a sheet, its cells apart by a bar; the day, which is the clock's, left out.
fn lines(rows: &[Vec<Data>]) -> String {
    let line = |row: &Vec<Data>| {
        let cells = row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
        cells.trim_matches([' ', '|']).to_owned()
    };
    rows.iter()
        .map(line)
        .filter(|line| !line.starts_with("Gerado em") && !line.starts_with("Made on"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_workbook_says_what_it_is() {
    let query = "drilldowns=ncm&cuts=sh2:12,country:CN,year:2024-2025&measures=fob";
    let (rows, _) = sheet(query, "Sobre");
    assert_snapshot!(lines(&rows), @r"
    Conteúdo | Exportações do Brasil, valor FOB em US$
    Pergunta | /v1/exports?drilldowns=ncm&cuts=sh2:12,country:CN,year:2024-2025&measures=fob&format=xlsx
    Uma linha para cada | ncm
    Filtros | sh2:12, country:CN, year:2024-2025
    Medidas | fob
    Ordem | tempo crescente, depois a primeira medida decrescente
    Produto | 12 Sementes e frutos oleaginosos
    País | China
    Linhas nesta planilha | 1
    Linhas da resposta inteira | 1
    Limite de linhas | 1000
    Dados até | 2025-04
    Meses cobertos | 2024-01 a 2025-04
    Anos parciais | 2025
    Fonte | ComexStat (MDIC/SECEX)
    Versão dos dados | s1
    Dados de amostra | não

    Colunas
    ncm | Código, como texto com os zeros à esquerda
    fob | Valor FOB em US$
    months_covered | Meses pedidos que têm dados
    partial | Falta algum mês pedido: não é zero, é desconhecido
    through | Último mês com dados, entre os pedidos
    ");
    let made = rows.iter().find(|row| row[0] == Data::String("Gerado em".into())).unwrap();
    assert!(matches!(made[1], Data::DateTime(_)), "{made:?}");
    let (rows, _) = sheet("drilldowns=country&cuts=year:2024&limit=2&offset=1&sort=kg.desc&lang=en", "About");
    assert_snapshot!(lines(&rows), @r"
    Content | Exports of Brazil, FOB value in US$
    Question | /v1/exports?drilldowns=country&cuts=year:2024&limit=2&offset=1&sort=kg.desc&lang=en&format=xlsx
    A row for each | country
    Cuts | year:2024
    Measures | fob, kg
    Order | kg.desc
    Rows in this sheet | 2
    Rows of the whole answer | 4
    Limit of rows | 2
    Rows left out first | 1
    Data through | 2025-02
    Months covered | 2024-01 to 2024-12
    Partial years | none
    Source | ComexStat (MDIC/SECEX, Brazil)
    Version of the data | s1
    Sample data | no

    Columns
    country | ISO code, or CO_PAIS where there is none
    fob | FOB value in US$
    kg | Net weight in kg
    months_covered | Months asked for that are known
    partial | Some month asked for is missing: unknown, not zero
    through | Last known month among those asked for
    ");
    assert_eq!(sheet("drilldowns=country&lang=en", "Data").0[0][0], Data::String("country".into()));
}

#[test]
fn a_workbook_is_the_same_for_the_same_question_and_day() {
    let (_scratch, server) = server();
    let ask = |path: &str, headers: &[(&str, &str)]| server.bytes(Request::get(path), headers);
    let path = "/v1/exports?drilldowns=country&format=xlsx";
    let (first, second) = (ask(path, &[]), ask(path, &[]));
    assert_eq!((first.0, &first.2), (StatusCode::OK, &second.2));
    assert_eq!(first.1["etag"], second.1["etag"]);
    let tag = first.1["etag"].to_str().unwrap();
    let again = ask(path, &[("if-none-match", tag)]);
    assert_eq!((again.0, again.2.len()), (StatusCode::NOT_MODIFIED, 0));
    // Another way to write it is told in the file, and another language too.
    for other in ["/v1/exports?format=xlsx&drilldowns=country", "/v1/exports?drilldowns=country&format=xlsx&lang=en"] {
        assert_ne!(ask(other, &[]).1["etag"], tag);
    }
    let head = server.bytes(Request::head(path), &[]);
    assert_eq!((head.0, head.2.len()), (StatusCode::OK, 0));
    assert_eq!(head.1["content-disposition"], "attachment; filename=\"exportacoes_country.xlsx\"");
}

#[test]
fn the_first_line_stays_and_columns_fit() {
    let (_, _, body) = server().1.bytes(Request::get("/v1/exports?drilldowns=ncm&format=xlsx"), &[]);
    let mut archive = zip::ZipArchive::new(Cursor::new(body)).unwrap();
    let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    for part in ["ySplit=\"1\"", "state=\"frozen\"", "<autoFilter ref=\"A1:", "numberStoredAsText=\"1\""] {
        assert!(sheet.contains(part), "{part}");
    }
}

#[test]
fn files_are_named_after_their_question() {
    let name = |query: &str| {
        let headers = server().1.get(&format!("/v1/exports?{query}&format=csv"), &[]).1;
        headers["content-disposition"].to_str().unwrap().to_owned()
    };
    assert_eq!(name(""), "attachment; filename=\"exportacoes.csv\"");
    assert_eq!(
        name("drilldowns=year,country&cuts=ncm:1201.90.00,year:2023%7C2024"),
        "attachment; filename=\"exportacoes_ncm-1201-90-00_year-2023-2024_year_country.csv\""
    );
    let long = format!("cuts=ncm:{}", vec!["12019000"; 300].join("%7C"));
    assert!(name(&long).len() < 160);
}

#[test]
fn rows_are_sorted_by_the_code_shown() {
    assert_eq!(codes("drilldowns=uf&sort=uf"), "MT ND PR SP");
    assert_eq!(codes("drilldowns=uf&sort=uf.desc"), "SP PR ND MT");
    assert_eq!(codes("drilldowns=country&sort=country"), "990 AR CN US");
    assert_eq!(codes("drilldowns=country&sort=country.desc"), "US CN AR 990");
    assert_eq!(
        codes("drilldowns=sector&sort=sector.asc"),
        "agropecuaria industria-de-transformacao industria-extrativa"
    );
    assert_eq!(codes("drilldowns=via&sort=via.desc"), "7 1");
    // Rows of one chapter are equal in it: time and value settle the order.
    assert_eq!(
        codes("drilldowns=country,sh2,ncm&cuts=ncm:12019000%7C17011400&measures=fob&sort=sh2.desc"),
        "US 990 CN AR"
    );
}
