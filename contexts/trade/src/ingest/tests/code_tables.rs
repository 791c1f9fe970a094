//! The code tables as published.

use super::super::tables::{TablesError, read_tables};
use super::{Scratch, gzip, real_data};
use crate::domain::code::Ncm;

#[test]
fn published_tables_are_read_whole() {
    let Some(directory) = real_data("tables") else { return };
    let tables = read_tables(&directory).unwrap();
    assert_eq!(tables.notices, Vec::<String>::new());
    // Counted independently: rows of PAIS.csv, and lines of NCM.csv that begin with a quoted eight-digit code.
    assert_eq!(tables.countries.len(), 281);
    assert_eq!(tables.products.len(), 13_742);
    assert_eq!((tables.states.len(), tables.ways.len(), tables.units.len()), (34, 17, 15));
    let country = |code| tables.countries.iter().find(|country| country.code == code).unwrap();
    assert_eq!(country(507).iso3.as_deref(), Some("NAM"));
    assert_eq!((country(0).name_pt.as_str(), country(0).iso3.as_deref()), ("Não Definido", None));
    // Twelve placeholders ZZZ and one NA.
    assert_eq!(tables.countries.iter().filter(|country| country.iso3.is_none()).count(), 13);

    let name = |ncm| tables.products.iter().find(|product| product.ncm == Ncm(ncm)).unwrap();
    assert!(
        name(40_118_010).name_pt.ends_with("940 mm (37\"), para aros de diâmetro igual ou superior a 1.448 mm (57\")")
    );
    for ncm in [40_118_010, 40_118_020, 40_119_010] {
        assert!(name(ncm).name_pt.contains('"') && name(ncm).name_en.as_deref().unwrap().contains('"'), "{ncm}");
    }
    assert_eq!(name(90_192_040).name_en.as_deref(), Some("Appliances known as \"iron lungs\""));
    // Line breaks inside names became spaces.
    assert!(name(54_033_110).name_es.as_deref().unwrap().starts_with("Hiilado de rayón viscosa crudos o blanqueados"));
    assert!(name(15_132_911).name_en.as_deref().unwrap().starts_with("Other palm"));
    assert_eq!(name(88_069_100).isic_class.as_deref(), Some("2829"));
    let airbag = tables.harmonized.iter().find(|row| row.sh6 == 870_895).unwrap();
    assert!(airbag.sh6_name_pt.ends_with("posições 8701 a 8705"), "{}", airbag.sh6_name_pt);
    assert!(airbag.sh6_name_en.as_deref().unwrap().starts_with("Safety airbags"));
    assert_eq!(tables.harmonized.len(), 6_620);
    let section = &tables.harmonized[0];
    assert_eq!(
        (section.sh6, section.sh2_name_pt.as_str(), section.section.as_deref()),
        (10_110, "Animais vivos", Some("I"))
    );
    let files: Vec<_> = tables.files.iter().map(|file| file.path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(
        files,
        [
            "PAIS.csv",
            "NCM.csv.gz",
            "NCM_SH.csv.gz",
            "UF.csv",
            "VIA.csv",
            "URF.csv",
            "NCM_UNIDADE.csv",
            "PAIS_BLOCO_2026_utf8.csv"
        ]
    );
}

#[test]
fn the_copy_of_2020_has_other_columns() {
    let scratch = Scratch::new();
    let ncm = "\"CO_NCM\";\"CO_UNID\";\"CO_SH6\";\"CO_ISIC4\";\"NO_NCM_POR\"\r\n\"12019000\";\"21\";\"120190\";\"0111\";\"Soja \u{93}em gr\u{e3}os\u{94}\"\r\n";
    let bytes: Vec<u8> = ncm.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    scratch.file("NCM_2020.csv.gz", gzip(&bytes));
    let pais = "CO_PAIS;CO_PAIS_ISON3;CO_PAIS_ISOA3;NO_PAIS\n292;239;NA;Geórgia do Sul\n507;516;NAM;Namíbia\n292;1;XXX;Outra\n";
    scratch.file("PAIS_2020_utf8.csv", pais);
    let tables = read_tables(&scratch.path("")).unwrap();
    let product = &tables.products[0];
    assert_eq!((product.isic_class.as_deref(), product.name_pt.as_str()), (Some("0111"), "Soja “em grãos”"));
    let countries: Vec<_> = tables.countries.iter().map(|country| (country.code, country.iso3.as_deref())).collect();
    assert_eq!(countries, [(292, None), (507, Some("NAM"))]);
    // Six tables that are not there, and a code given twice.
    assert_eq!(tables.notices.len(), 7, "{:?}", tables.notices);
}

#[test]
fn plain_names_are_preferred() {
    let scratch = Scratch::new();
    let table = |name: &str| format!("CO_PAIS;NO_PAIS\n1;{name}\n");
    for name in ["PAIS_2024.csv", "PAIS_2026_utf8.csv", "PAIS_BLOCO.csv", "NCM_CUCI.csv"] {
        scratch.file(name, table(name).replace("1;", "2;"));
    }
    scratch.file("PAIS_BLOCO.csv", "CO_PAIS;CO_BLOCO;NO_BLOCO\n1;5;x\n");
    assert_eq!(read_tables(&scratch.path("")).unwrap().countries[0].name_pt, "PAIS_2026_utf8.csv");
    scratch.file("pais.csv", table("plain"));
    assert_eq!(read_tables(&scratch.path("")).unwrap().countries[0].name_pt, "plain");
}

#[test]
fn directories_without_tables_and_damaged_tables_are_refused() {
    let scratch = Scratch::new();
    let error = |scratch: &Scratch| read_tables(&scratch.path("")).unwrap_err();
    assert!(matches!(error(&scratch), TablesError::NoTables(_)));
    assert!(matches!(read_tables(&scratch.path("absent")).unwrap_err(), TablesError::Unreadable { .. }));
    scratch.file("PAIS.csv", "A;B\n1;2\n");
    assert!(matches!(error(&scratch), TablesError::ColumnMissing { column: "CO_PAIS", .. }));
    scratch.file("PAIS.csv", "CO_PAIS;NO_PAIS\n1;A\nx;B\n");
    assert!(matches!(error(&scratch), TablesError::Malformed { line: 3, bad: 1, rows: 2, .. }));
    let whole = gzip(b"CO_PAIS;NO_PAIS\n1;A\n");
    scratch.file("PAIS.csv", &whole[..whole.len() - 4]);
    assert!(matches!(error(&scratch), TablesError::Unreadable { .. }));
}
