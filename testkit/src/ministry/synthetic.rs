//! Exports that never were, in the official layout: the same bytes in every run.

use std::fmt::Write;

use super::layout::COLUMNS;

/// NCM, unit, state, customs office, tonnes a month to the first destination, cents a kilogram, how many destinations.
type Product = (&'static str, u64, &'static str, &'static str, u64, u64, usize);

const PRODUCTS: [Product; 8] = [
    ("17011400", 21, "SP", "0817800", 90_000, 48, 18),
    ("12019000", 21, "MT", "0817800", 400_000, 45, 12),
    ("09011110", 21, "MG", "0817800", 9_000, 410, 10),
    ("02023000", 10, "GO", "0917800", 12_000, 520, 9),
    ("27090010", 16, "ND", "0717600", 300_000, 55, 6),
    ("26011100", 10, "PA", "0717600", 900_000, 9, 5),
    ("10059010", 10, "PR", "0917800", 80_000, 22, 14),
    ("99980101", 10, "SP", "0817600", 500, 70, 1),
];

/// Code, ISO numeric and three letters, name in Portuguese, English and Spanish. The last two are no countries.
pub(super) const COUNTRIES: [[&str; 6]; 19] = [
    ["160", "156", "CHN", "China", "China", "China"],
    ["249", "840", "USA", "Estados Unidos", "United States", "Estados Unidos"],
    ["063", "032", "ARG", "Argentina", "Argentina", "Argentina"],
    ["573", "528", "NLD", "Países Baixos (Holanda)", "Netherlands", "Países Bajos"],
    ["023", "276", "DEU", "Alemanha", "Germany", "Alemania"],
    ["245", "724", "ESP", "Espanha", "Spain", "España"],
    ["059", "012", "DZA", "Argélia", "Algeria", "Argelia"],
    ["240", "818", "EGY", "Egito", "Egypt", "Egipto"],
    ["361", "356", "IND", "Índia", "India", "India"],
    ["365", "360", "IDN", "Indonésia", "Indonesia", "Indonesia"],
    ["053", "682", "SAU", "Arábia Saudita", "Saudi Arabia", "Arabia Saudita"],
    ["528", "566", "NGA", "Nigéria", "Nigeria", "Nigeria"],
    ["244", "784", "ARE", "Emirados Árabes Unidos", "United Arab Emirates", "Emiratos Árabes Unidos"],
    ["158", "152", "CHL", "Chile", "Chile", "Chile"],
    ["845", "858", "URY", "Uruguai", "Uruguay", "Uruguay"],
    ["507", "516", "NAM", "Namíbia", "Namibia", "Namibia"],
    ["105", "076", "BRA", "Brasil", "Brazil", "Brasil"],
    ["994", "898", "ZZZ", "A Designar", "To define", "A designar"],
    ["990", "898", "ZZZ", "Provisão de Navios e Aeronaves", "Planes and ships provisions", "Disposiciones para buques"],
];

/// A year of exports from January to `through_month`, in the official layout. Each cell of month, product and country
/// has `rows_per_cell` rows (at most 100): with one, a whole year has 900 rows. A later vintage of a year differs in its
/// `revision`, from which a part of the values follows; some rows of the first vintage, 0, are gone from it.
#[must_use]
pub fn synthetic_year(year: u16, through_month: u8, rows_per_cell: u64, revision: u64) -> Vec<u8> {
    let mut file = format!("\"{}\"\n", COLUMNS.join("\";\""));
    for month in 1..=through_month {
        for (product, place) in PRODUCTS.iter().zip(0..) {
            for destination in 0..product.6 {
                for row in 0..rows_per_cell {
                    // Chapter 99 is what ships take on board; nothing else goes to the last of the list.
                    let country = if product.0.starts_with("99") { COUNTRIES.len() - 1 } else { destination };
                    let seed = [u64::from(year), u64::from(month), place, destination as u64, row];
                    line(&mut file, (year, month), product, country, &seed, revision);
                }
            }
        }
    }
    file.into_bytes()
}

fn line(
    file: &mut String,
    (year, month): (u16, u8),
    product: &Product,
    country: usize,
    seed: &[u64; 5],
    revision: u64,
) {
    let (ncm, unit, state, office, tonnes, cents, _) = *product;
    let [.., destination, row] = *seed;
    let noise = seed.iter().fold(0_u64, |sum, part| mixed(sum ^ part));
    if revision > 0 && noise % 100 == 13 {
        return;
    }
    let revised = if noise.is_multiple_of(20) { revision } else { 0 };
    // Destinations get smaller down the list, and each grows or shrinks at its own speed.
    let years = u64::from(year.saturating_sub(2000));
    let trend = 100 + years * (destination % 5) * 2;
    let weight_kg = tonnes * 10 * trend / (1 + destination) * (80 + noise % 40) / 100 + revised;
    // One line in a hundred weighs nothing: small samples, and rows that the ministry corrected.
    let weight_kg = if noise % 100 == 7 { 0 } else { weight_kg };
    let fob_usd = weight_kg * (cents + destination + noise % 7) / 100 + 21;
    let quantity = if unit == 21 { weight_kg / 1_000 } else { weight_kg };
    let country = COUNTRIES[country][0];
    let via = if row % 10 == 9 { "04" } else { "01" };
    // Rows of one cell differ in their customs office, as those of the ministry do.
    let office = if row == 0 { office.to_owned() } else { format!("{:07}", 800_000 + row * 100) };
    let written = writeln!(
        file,
        "\"{year}\";\"{month:02}\";\"{ncm}\";\"{unit}\";\"{country}\";\"{state}\";\"{via}\";\"{office}\";{quantity};{weight_kg};{fob_usd}"
    );
    if let Err(error) = written {
        panic!("writing into memory failed: {error}");
    }
}

/// SplitMix64's finisher.
const fn mixed(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

const NCM: &str = "\
CO_NCM|CO_UNID|CO_SH6|CO_PPE|CO_PPI|CO_FAT_AGREG|CO_CUCI_ITEM|CO_CGCE_N3|CO_SIIT|CO_ISIC_CLASSE|CO_EXP_SUBSET|NO_NCM_POR|NO_NCM_ESP|NO_NCM_ING
17011400|21|170114|2010|2990|02|06111|220|4000|1072|0101|Outros açúcares de cana|Otros azúcares de caña|Other cane sugar
12019000|21|120190|1315|1315|01|2222|210|9000|0111|1702|Soja, mesmo triturada, exceto para semeadura|Habas de soja|Soybeans, except for sowing
09011110|21|090111|1080|1990|01|07111|210|9000|0127|0301|Café não torrado, não descafeinado, em grão|Café sin tostar, en grano|Coffee, not roasted, in grain
02023000|10|020230|1100|1100|01|01122|324|4000|1010|0501|Carnes desossadas de bovino, congeladas|Carnes deshuesadas, congeladas|Frozen bovine meat, boneless
27090010|16|270900|1631|1631|01|3330|410|9000|0610|0605|Óleos brutos de petróleo|Aceites crudos de petróleo|Petroleum oils, crude
26011100|10|260111|1258|1990|01|2815|230|NA|0710|1202|Minérios de ferro não aglomerados|Minerales de hierro|Iron ores not agglomerated
10059010|10|100590|1240|1505|01|0449|210|9000|0111|8099|Milho em grão, exceto para semeadura|Maíz en grano|Maize (corn) in grain
99980101|10|999801|5020|4999|05|9310|421|9000|8999|0602|Consumo de bordo - combustíveis|Consumo de bordo|Onboard consumption of fuels
40118010|11|401180|3910|3910|03|6253|322|4000|2211|1399|Pneus para aros de 940 mm (37\"), para veículos|Neumáticos de 940 mm|Tyres of 940 mm";

const NCM_SH: &str = "\
CO_SH6|NO_SH6_POR|NO_SH6_ESP|NO_SH6_ING|CO_SH4|NO_SH4_POR|NO_SH4_ESP|NO_SH4_ING|CO_SH2|NO_SH2_POR|NO_SH2_ESP|NO_SH2_ING|CO_NCM_SECROM|NO_SEC_POR|NO_SEC_ESP|NO_SEC_ING
170114|Outros açúcares de cana|Otros azúcares de caña|Other cane sugar|1701|Açúcares, no estado sólido|Azúcares, en estado sólido|Sugars, in solid form|17|Açúcares e produtos de confeitaria|Azúcares y confitería|Sugars and confectionery|IV|Produtos das indústrias alimentares|Productos alimentarios|Foodstuffs
120190|Soja, exceto para semeadura|Soja|Soya beans|1201|Soja, mesmo triturada|Soja|Soya beans|12|Sementes e frutos oleaginosos; palhas|Semillas; paja|Oil seeds; straw|II|Produtos do reino vegetal|Productos vegetales|Vegetable products
090111|Café não torrado, não descafeinado|Café sin tostar|Coffee, not roasted|0901|Café, mesmo torrado; sucedâneos|Café|Coffee|09|Café, chá, mate e especiarias|Café y té|Coffee and tea|II|Produtos do reino vegetal|Productos vegetales|Vegetable products
020230|Carnes de bovino, desossadas, congeladas|Carne deshuesada|Boneless meat|0202|Carnes de bovino, congeladas|Carne congelada|Frozen meat|02|Carnes e miudezas, comestíveis|Carne|Meat|I|Produtos do reino animal|Productos animales|Animal products
270900|Óleos brutos de petróleo|Aceites crudos|Crude oils|2709|Óleos brutos de petróleo|Aceites crudos|Crude oils|27|Combustíveis minerais|Combustibles minerales|Mineral fuels|V|Produtos minerais|Productos minerales|Mineral products
260111|Minérios de ferro não aglomerados|Minerales de hierro|Iron ores|2601|Minérios de ferro|Minerales de hierro|Iron ores|26|Minérios, escórias e cinzas|Minerales|Ores|V|Produtos minerais|Productos minerales|Mineral products
100590|Milho, exceto para semeadura|Maíz|Maize|1005|Milho|Maíz|Maize|10|Cereais|Cereales|Cereals|II|Produtos do reino vegetal|Productos vegetales|Vegetable products
999801|Consumo de bordo|Consumo a bordo|Consumption on board|9998|Consumo de bordo|Consumo a bordo|Consumption on board|99|Transações especiais|Operaciones especiales|Special transactions|XXII|Transações especiais|Operaciones especiales|Special transactions";

const UNITS: &str = "\
CO_UNID|NO_UNID|SG_UNID
10|QUILOGRAMA LIQUIDO|KGL \x20
11|NUMERO (UNIDADE)|UNID.
16|METRO CUBICO|M3  \x20
21|TONELADA METRICA LIQUIDA|TML \x20";

const STATES: &str = "\
CO_UF|SG_UF|NO_UF|NO_REGIAO
15|PA|Pará|REGIAO NORTE
33|MG|Minas Gerais|REGIAO SUDESTE
36|RJ|Rio de Janeiro|REGIAO SUDESTE
41|SP|São Paulo|REGIAO SUDESTE
42|PR|Paraná|REGIAO SUL
52|MT|Mato Grosso|REGIAO CENTRO OESTE
53|GO|Goiás|REGIAO CENTRO OESTE
93|EX|Exterior|REGIAO NAO DECLARADA
95|ND|Não Declarada|REGIAO NAO DECLARADA";

const VIAS: &str = "CO_VIA|NO_VIA\n01|MARITIMA\n04|AEREA\n07|RODOVIARIA";

const OFFICES: &str = "\
CO_URF|NO_URF
0717600|0717600 - PORTO DO RIO DE JANEIRO
0817600|0817600 - AEROPORTO INTERNACIONAL DE SAO PAULO/GUARULHOS
0817800|0817800 - PORTO DE SANTOS
0917800|0917800 - PORTO DE PARANAGUA";

const BLOCS: &str = "\
CO_PAIS|CO_BLOCO|NO_BLOCO|NO_BLOCO_ING|NO_BLOCO_ESP
160|39|Ásia (Exclusive Oriente Médio)|Asia (minus MIDDLE EAST)|Asia (menos Oriente Medio)
063|48|América do Sul|South America|América del Sur
063|111|Mercado Comum do Sul - Mercosul|Southern Common Market (MERCOSUL)|Mercado Común del Sur (MERCOSUR)";

/// The code tables that go with the synthetic years, by name, as the ministry writes them: latin-1, CRLF, every cell
/// quoted but `NA`, an inch sign that nobody escaped.
pub(super) fn tables() -> Vec<(&'static str, Vec<u8>)> {
    let countries = COUNTRIES.map(|row| row.join("|")).join("\n");
    let countries = format!("CO_PAIS|CO_PAIS_ISON3|CO_PAIS_ISOA3|NO_PAIS|NO_PAIS_ING|NO_PAIS_ESP\n{countries}");
    let texts: [(&str, &str); 8] = [
        ("PAIS", &countries),
        ("NCM", NCM),
        ("NCM_SH", NCM_SH),
        ("NCM_UNIDADE", UNITS),
        ("UF", STATES),
        ("VIA", VIAS),
        ("URF", OFFICES),
        ("PAIS_BLOCO", BLOCS),
    ];
    texts.map(|(name, text)| (name, published(text))).into()
}

fn published(text: &str) -> Vec<u8> {
    let line = |line: &str| format!("\"{}\"\r\n", line.replace('|', "\";\"")).replace("\"NA\"", "NA");
    let text: String = text.lines().map(line).collect();
    text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
}
