//! What an XLSX says of itself: the question, what is covered, where the numbers come from.

use chrono::NaiveDate;
use platform::http::language::Language;
use serde_json::Value;

use super::labels::Labels;
use super::render::meta;
use super::request::{Dimension, Request};
use super::rows::{Answer, Questions};
use crate::cube::question::ProductLevel;
use crate::domain::code::Ncm;

/// Most products or countries that are named one by one.
const NAMES_MAX: usize = 30;

/// What a client asked, as it was written, and when.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// The parameters.
    pub(super) pairs: Vec<(String, String)>,
    /// The part of the address after `?`.
    pub(super) query: String,
    /// The day in Brasília.
    pub(super) day: NaiveDate,
}

impl Asked {
    fn parameter(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// A file's name that says the question: `exportacoes_ncm-12019000_year_country.csv`.
    pub(super) fn file_name(&self, extension: &str) -> String {
        let listed = |name: &str| self.parameter(name).split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut name = String::from("exportacoes");
        for part in listed("cuts").into_iter().chain(listed("drilldowns")).filter(|part| !part.trim().is_empty()) {
            name.push('_');
            let mut gap = false;
            for letter in part.trim().to_lowercase().chars() {
                if letter.is_ascii_alphanumeric() {
                    name.push(letter);
                } else if !gap {
                    name.push('-');
                }
                gap = !letter.is_ascii_alphanumeric();
            }
        }
        name.truncate(120);
        format!("{name}.{extension}")
    }
}

/// A value of the sheet.
pub(super) enum Said {
    Text(String),
    Number(u64),
    Day(NaiveDate),
}

/// A line of the sheet: what is said, and what of.
pub(super) type Line = (&'static str, Said);

/// Texts in the language of an answer.
#[derive(Clone, Copy)]
struct Speech(Language);

impl Speech {
    const fn say(self, portuguese: &'static str, english: &'static str) -> &'static str {
        match self.0 {
            Language::PtBr => portuguese,
            Language::En => english,
        }
    }
}

/// The lines of the sheet, in order.
pub(super) fn lines(questions: &Questions<'_>, answer: &Answer, asked: &Asked) -> Vec<Line> {
    let request = questions.request;
    let say = Speech(request.language);
    let meta = meta(questions, answer);
    let text = |value: &Value| value.as_str().unwrap_or("—").to_owned();
    let mut lines: Vec<Line> = vec![(
        say.say("Conteúdo", "Content"),
        Said::Text(say.say("Exportações do Brasil, valor FOB em US$", "Exports of Brazil, FOB value in US$").into()),
    )];
    lines.push((say.say("Pergunta", "Question"), Said::Text(format!("/v1/exports?{}", asked.query))));
    lines.extend(question(request, asked, say));
    lines.extend(names(questions, say));
    lines.push((say.say("Linhas nesta planilha", "Rows in this sheet"), Said::Number(count(answer.rows.len()))));
    lines.push((
        say.say("Linhas da resposta inteira", "Rows of the whole answer"),
        Said::Number(count(answer.total_rows)),
    ));
    lines.push((say.say("Limite de linhas", "Limit of rows"), Said::Number(count(request.limit))));
    if request.offset > 0 {
        lines.push((say.say("Linhas puladas", "Rows left out first"), Said::Number(count(request.offset))));
    }
    lines.push((say.say("Dados até", "Data through"), Said::Text(text(&meta["through"]))));
    lines.push((say.say("Meses cobertos", "Months covered"), Said::Text(covered(&meta["covered"], say))));
    lines.push((say.say("Anos parciais", "Partial years"), Said::Text(partial(&meta["partial_years"], say))));
    lines.push((say.say("Fonte", "Source"), Said::Text(source(&text(&meta["source"]), say))));
    lines.push((say.say("Versão dos dados", "Version of the data"), Said::Text(text(&meta["snapshot"]))));
    let sample = questions.snapshot.sample;
    let sample = if sample {
        say.say("sim: não são dados reais", "yes: this is not real data")
    } else {
        say.say("não", "no")
    };
    lines.push((say.say("Dados de amostra", "Sample data"), Said::Text(sample.into())));
    lines.push((say.say("Gerado em", "Made on"), Said::Day(asked.day)));
    let notices = meta["notices"].as_array().into_iter().flatten().map(|notice| &notice["text"]);
    let notes = notices.chain([&meta["note"]]).filter_map(Value::as_str);
    lines.extend(notes.map(|note| (say.say("Aviso", "Notice"), Said::Text(note.to_owned()))));
    lines
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The parts of the question.
fn question(request: &Request, asked: &Asked, say: Speech) -> Vec<Line> {
    let or = |text: &str, otherwise: &str| Said::Text(if text.is_empty() { otherwise } else { text }.to_owned());
    let measures = request.measures.iter().map(|measure| measure.name()).collect::<Vec<_>>().join(", ");
    let listed = |name: &str| asked.parameter(name).split(',').map(str::trim).collect::<Vec<_>>().join(", ");
    let order = say.say(
        "tempo crescente, depois a primeira medida decrescente",
        "time ascending, then the first measure descending",
    );
    vec![
        (say.say("Uma linha para cada", "A row for each"), or(&listed("drilldowns"), say.say("total", "total"))),
        (say.say("Filtros", "Cuts"), or(&listed("cuts"), say.say("nenhum", "none"))),
        (say.say("Medidas", "Measures"), Said::Text(measures)),
        (say.say("Ordem", "Order"), or(asked.parameter("sort"), order)),
    ]
}

/// The products and countries of the cuts by their names.
fn names(questions: &Questions<'_>, say: Speech) -> Vec<Line> {
    let labels = Labels::new(&questions.snapshot.reference, questions.request.language);
    let cuts = &questions.request.cuts;
    let mut lines = Vec::new();
    let products = cuts.products.iter().flatten().take(NAMES_MAX).map(|span| product(*span, &labels));
    lines.extend(products.map(|name| (say.say("Produto", "Product"), Said::Text(name))));
    let countries = cuts.countries.iter().flatten().take(NAMES_MAX);
    let countries =
        countries.map(|code| labels.country(*code).map_or_else(|| labels.country_code(*code).into(), str::to_owned));
    lines.extend(countries.map(|name| (say.say("País", "Country"), Said::Text(name))));
    lines
}

/// A span of products by the coarsest code that stands for it.
fn product((first, last): (Ncm, Ncm), labels: &Labels<'_>) -> String {
    let levels = [
        (Dimension::Sh2, ProductLevel::Sh2, 2),
        (Dimension::Sh4, ProductLevel::Sh4, 4),
        (Dimension::Sh6, ProductLevel::Sh6, 6),
        (Dimension::Ncm, ProductLevel::Ncm, 8),
    ];
    let whole = levels.into_iter().find(|(_, level, _)| level.ncms_of(level.code_of(first.0)) == (first, last));
    let Some((dimension, level, width)) = whole else { return format!("{first}–{last}") };
    let code = level.code_of(first.0);
    let name = labels.product(dimension, code).map(|name| format!(" {name}")).unwrap_or_default();
    format!("{code:0width$}{name}")
}

fn covered(spans: &Value, say: Speech) -> String {
    let month = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let spans: Vec<String> = spans
        .as_array()
        .into_iter()
        .flatten()
        .map(|span| (month(&span["from"]), month(&span["to"])))
        .map(|(from, to)| if from == to { from } else { format!("{from} {} {to}", say.say("a", "to")) })
        .collect();
    if spans.is_empty() { say.say("nenhum dos pedidos", "none of those asked for").into() } else { spans.join("; ") }
}

fn partial(years: &Value, say: Speech) -> String {
    let years: Vec<String> = years.as_array().into_iter().flatten().map(Value::to_string).collect();
    if years.is_empty() { say.say("nenhum", "none").into() } else { years.join(", ") }
}

fn source(name: &str, say: Speech) -> String {
    match name {
        "comexstat" => say.say("ComexStat (MDIC/SECEX)", "ComexStat (MDIC/SECEX, Brazil)").into(),
        other => other.to_owned(),
    }
}

/// What a column means, by its name; empty for names that say it.
pub(super) fn meaning(column: &str, language: Language) -> &'static str {
    let (portuguese, english) = match column {
        "fob" => ("Valor FOB em US$", "FOB value in US$"),
        "kg" => ("Peso líquido em kg", "Net weight in kg"),
        "share" => (
            "Parte do valor FOB de todas as linhas, antes do limite",
            "Part of the FOB value of all rows, before the limit",
        ),
        "growth" => (
            "Variação do valor FOB contra os mesmos meses do ano anterior; vazia sem base",
            "Change of the FOB value against the same months a year earlier; empty without a base",
        ),
        "price" => ("US$ FOB por kg, do que tem peso", "US$ FOB a kg, of what has a weight"),
        "hhi" => ("Concentração dos destinos (HHI), 0–1", "Concentration over destinations (HHI), 0–1"),
        "qt" => ("Quantidade estatística, na unidade de qt_unit", "Statistical quantity, in the unit of qt_unit"),
        "months_covered" => ("Meses pedidos que têm dados", "Months asked for that are known"),
        "partial" => {
            ("Falta algum mês pedido: não é zero, é desconhecido", "Some month asked for is missing: unknown, not zero")
        }
        "through" => ("Último mês com dados, entre os pedidos", "Last known month among those asked for"),
        "ncm" | "sh6" | "sh4" | "sh2" => {
            ("Código, como texto com os zeros à esquerda", "Code, as text with its leading zeros")
        }
        "country" => ("Código ISO, ou CO_PAIS onde não há", "ISO code, or CO_PAIS where there is none"),
        "uf" => ("Estado produtor", "Producing state"),
        "urf" => ("Unidade da Receita Federal", "Customs unit"),
        "region" => ("Região do estado produtor", "Region of the producing state"),
        "bloc" => ("Bloco econômico do destino", "Economic bloc of the destination"),
        "sector" => ("Setor (seção da ISIC)", "Sector (section of ISIC)"),
        "via" => ("Via de transporte", "Way of transport"),
        "year" => ("Ano", "Year"),
        "month" => ("Mês, ano-mês", "Month, year-month"),
        _ => ("", ""),
    };
    Speech(language).say(portuguese, english)
}
