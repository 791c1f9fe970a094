//! A simulation as a table of text, for the command line.

use std::fmt::Write as _;

use platform::http::language::Language;

use super::answer::{DataLabel, Detail, Simulation};
use super::number::{human, pick, push_month, push_usd_short};
use crate::domain::score::WINDOWS;

/// Characters that a country's name may take.
const NAME_WIDTH: usize = 28;
/// Columns of the table.
const COLUMNS: usize = 12;

/// The answer as text: a heading, one line per destination, the reasons, and what the figures are.
#[must_use]
pub fn write(simulation: &Simulation<'_>, label: DataLabel<'_>, language: Language) -> String {
    let mut out = String::with_capacity(4_096);
    push_heading(&mut out, simulation, label, language);
    push_notices(&mut out, simulation, language);
    if simulation.ranking.ranked.is_empty() {
        out.push_str(pick(
            language,
            "Nenhum destino: não há exportações deste NCM para estes países nos 60 meses analisados.\n",
            "No destination: no exports of this NCM to these countries in the 60 months analysed.\n",
        ));
        return out;
    }
    let mut rows = vec![header(language)];
    rows.extend(simulation.details().map(|detail| row(&detail, language)));
    push_rows(&mut out, &rows);
    out.push('\n');
    for detail in simulation.details() {
        let name = pick(language, &detail.destination.name_pt, &detail.destination.name_en);
        out.push_str(name);
        out.push_str(": ");
        super::reason::push(&mut out, &detail, &simulation.ranking, language);
        out.push('\n');
    }
    out.push_str(pick(
        language,
        "\nTarifa, margem, frete (US$) e prazo são estimativas por faixa, fora da pontuação; frete para ",
        "\nTariff, margin, freight (US$) and lead time are range estimates outside the score; freight for ",
    ));
    out.push_str(&human(simulation.volume_kg(), 0, language));
    out.push_str(match (simulation.request.volume_kg.is_none(), language) {
        (true, Language::PtBr) => " kg (volume não informado).\n",
        (true, Language::En) => " kg (no volume given).\n",
        (false, Language::PtBr) if simulation.request.containers => " kg (carga suposta por contêiner).\n",
        (false, Language::En) if simulation.request.containers => " kg (assumed payload of containers).\n",
        (false, _) => " kg.\n",
    });
    let unknown = |detail: Detail<'_>| detail.estimates.is_some_and(|estimates| estimates.tariff_pct.is_none());
    if simulation.details().any(unknown) {
        out.push_str(pick(
            language,
            "Tarifa ?: desconhecida, o acordo deixa o produto de fora.\n",
            "Tariff ?: unknown, the agreement leaves the product out.\n",
        ));
    }
    out
}

/// One line for each notice about the code.
fn push_notices(out: &mut String, simulation: &Simulation<'_>, language: Language) {
    let notices = simulation.notices(language);
    for text in notices.iter().filter_map(|notice| notice["text"].as_str()) {
        out.push_str(pick(language, "Atenção: ", "Note: "));
        out.push_str(text);
        out.push('\n');
    }
    if !notices.is_empty() {
        out.push('\n');
    }
}

fn push_heading(out: &mut String, simulation: &Simulation<'_>, label: DataLabel<'_>, language: Language) {
    let ncm = simulation.request.ncm;
    let dots = format!("{:04}.{:02}.{:02}", ncm.sh4(), ncm.0 / 100 % 100, ncm.0 % 100);
    let description =
        simulation.description(language).unwrap_or(pick(language, "descrição indisponível", "no description"));
    let total = simulation.ranking.total_destinations;
    out.push_str("NCM ");
    out.push_str(&dots);
    out.push_str(" – ");
    out.push_str(description);
    out.push('\n');
    out.push_str(&human(f64::from(u32::try_from(total).unwrap_or(u32::MAX)), 0, language));
    out.push_str(pick(language, " destinos; dados até ", " destinations; data to "));
    match simulation.ranking.product.through {
        Some(month) => push_month(out, month, language),
        None => out.push('–'),
    }
    out.push_str(pick(language, "; fonte ", "; source "));
    out.push_str(label.source);
    if label.sample {
        out.push_str(pick(language, " (AMOSTRA, não são dados reais)", " (SAMPLE, not real data)"));
    }
    out.push_str("\n\n");
}

fn header(language: Language) -> [String; COLUMNS] {
    let names = match language {
        Language::PtBr => [
            "#",
            "Destino",
            "Pontos",
            "Demanda",
            "Confiança",
            "Exportações",
            "Cresc./ano",
            "US$/kg",
            "km",
            "Tarifa*",
            "Frete*",
            "Frete/valor*",
        ],
        Language::En => [
            "#",
            "Destination",
            "Score",
            "Demand",
            "Confidence",
            "Exports",
            "Growth/yr",
            "US$/kg",
            "km",
            "Tariff*",
            "Freight*",
            "Freight/value*",
        ],
    };
    names.map(str::to_owned)
}

fn row(detail: &Detail<'_>, language: Language) -> [String; COLUMNS] {
    let dash = || "–".to_owned();
    let name = pick(language, &detail.destination.name_pt, &detail.destination.name_en);
    let mut exports = String::new();
    push_usd_short(&mut exports, detail.fob_cents[WINDOWS - 1], language);
    [
        detail.rank.to_string(),
        name.chars().take(NAME_WIDTH).collect(),
        human(detail.score, 2, language),
        detail.demand.name().to_owned(),
        detail.confidence.name().to_owned(),
        exports,
        detail.growth_rate_pct.map_or_else(dash, |rate| human(rate, 1, language) + "%"),
        detail.price.value.map_or_else(dash, |price| human(price, 2, language)),
        human(detail.destination.distance_km, 0, language),
        match detail.estimates.map(|estimates| estimates.tariff_pct) {
            None => dash(),
            Some(None) => "?".to_owned(),
            Some(Some(tariff)) => human(tariff.value, 1, language) + "%",
        },
        detail.estimates.map_or_else(dash, |estimates| human(estimates.logistics_usd.value, 0, language)),
        detail.freight_share_pct().map_or_else(dash, |share| freight_share(share, detail, language)),
    ]
}

/// The share of the value, and whether the freight closes.
fn freight_share(share: f64, detail: &Detail<'_>, language: Language) -> String {
    let mut text = human(share, 0, language) + "%";
    if detail.freight_closes() == Some(false) {
        text.push_str(pick(language, " não fecha", " does not close"));
    }
    text
}

/// Left-aligned text, right-aligned numbers, two spaces between.
fn push_rows(out: &mut String, rows: &[[String; COLUMNS]]) {
    let left = [false, true, false, true, true, false, false, false, false, false, false, true];
    let widths: [usize; COLUMNS] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for row in rows {
        let start = out.len();
        for (column, text) in row.iter().enumerate() {
            let width = widths[column];
            let gap = if column == 0 { "" } else { "  " };
            // Writing to a String cannot fail.
            let written =
                if left[column] { write!(out, "{gap}{text:<width$}") } else { write!(out, "{gap}{text:>width$}") };
            debug_assert!(written.is_ok());
        }
        out.truncate(start + out[start..].trim_end().len());
        out.push('\n');
    }
}
