//! Why a destination stands where it stands, in words: every figure named, every gap said.

use platform::http::language::Language;

use super::answer::{Detail, Part};
use super::freight_text;
use super::number::{human, pick, push_human, push_integer, push_month, push_usd_short};
use super::ranking::Ranking;
use crate::domain::score::{DemandLevel, WINDOWS};

/// Appends the sentence of one destination.
pub fn push(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    push_place(out, detail, ranking, language);
    push_size(out, detail, ranking, language);
    push_growth(out, detail, language);
    if let Some(price) = detail.price.value {
        out.push_str(pick(language, " Preço médio de US$ ", " Average price US$ "));
        push_human(out, price, if price < 10.0 { 2 + u32::from(price < 0.1) } else { 0 }, language);
        out.push_str("/kg.");
    }
    out.push(' ');
    push_human(out, detail.destination.distance_km, 0, language);
    out.push_str(pick(language, " km de São Paulo.", " km from São Paulo."));
    freight_text::push(out, detail, language);
    push_tariff(out, detail, language);
    push_gaps(out, detail, ranking, language);
}

fn names(language: Language) -> [&'static str; 4] {
    match language {
        Language::PtBr => ["tamanho do mercado", "crescimento", "preço", "distância"],
        Language::En => ["market size", "growth", "price", "distance"],
    }
}

fn parts<'a>(detail: &'a Detail<'_>) -> [&'a Part; 4] {
    [&detail.market_size, &detail.growth, &detail.price, &detail.distance]
}

fn push_place(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    if language == Language::En {
        out.push_str("No. ");
    }
    push_integer(out, i64::from(detail.rank));
    out.push_str(pick(language, "º de ", " of "));
    push_integer(out, i64::try_from(ranking.reference_count).unwrap_or(i64::MAX));
    out.push_str(match (ranking.reference_count, language) {
        (1, Language::PtBr) => " destino",
        (_, Language::PtBr) => " destinos",
        (1, Language::En) => " destination",
        (_, Language::En) => " destinations",
    });
    // Only a part that was measured can be the reason.
    let strongest = (0..4)
        .filter(|at| !parts(detail)[*at].insufficient)
        .max_by(|a, b| parts(detail)[*a].contribution.total_cmp(&parts(detail)[*b].contribution));
    if let Some(strongest) = strongest.filter(|at| parts(detail)[*at].contribution > 0.0) {
        out.push_str(pick(language, "; pesa mais: ", "; strongest part: "));
        out.push_str(names(language)[strongest]);
        out.push_str(" (");
        push_human(out, parts(detail)[strongest].contribution, 1, language);
        out.push_str(pick(language, " de ", " of "));
        push_human(out, detail.score, 1, language);
        out.push_str(pick(language, " pontos)", " points)"));
    }
    out.push('.');
}

fn push_size(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    let months = ranking.product.months_covered();
    out.push_str(pick(language, " Exportações do Brasil: ", " Exports of Brazil: "));
    push_usd_short(out, detail.fob_cents[WINDOWS - 1], language);
    if months == 12 {
        out.push_str(pick(language, " nos 12 meses até ", " in the 12 months to "));
    } else {
        out.push_str(pick(language, " em ", " in "));
        push_integer(out, i64::from(months));
        out.push_str(pick(language, " meses com dados, dos 12 até ", " months with data, of the 12 to "));
    }
    if let Some(through) = ranking.product.through {
        push_month(out, through, language);
    }
    out.push_str(match (detail.demand, language) {
        (DemandLevel::High, Language::PtBr) => " (demanda alta).",
        (DemandLevel::Medium, Language::PtBr) => " (demanda média).",
        (DemandLevel::Low, Language::PtBr) => " (demanda baixa).",
        (DemandLevel::High, Language::En) => " (high demand).",
        (DemandLevel::Medium, Language::En) => " (medium demand).",
        (DemandLevel::Low, Language::En) => " (low demand).",
    });
}

fn push_growth(out: &mut String, detail: &Detail<'_>, language: Language) {
    match (detail.growth_rate_pct, detail.growth.value) {
        (Some(rate), _) => {
            out.push_str(match (rate < 0.0, language) {
                (false, Language::PtBr) => " Crescimento de ",
                (true, Language::PtBr) => " Queda de ",
                (false, Language::En) => " Growth of ",
                (true, Language::En) => " Decline of ",
            });
            push_human(out, rate.abs(), 1, language);
            out.push_str(pick(language, "% ao ano.", "% a year."));
        }
        (None, Some(slope)) => out.push_str(match (slope > 0.0, slope < 0.0, language) {
            (true, _, Language::PtBr) => " Tendência de alta, com janelas sem exportações.",
            (_, true, Language::PtBr) => " Tendência de queda, com janelas sem exportações.",
            (_, _, Language::PtBr) => " Sem tendência, com janelas sem exportações.",
            (true, _, Language::En) => " Upward trend, with windows without exports.",
            (_, true, Language::En) => " Downward trend, with windows without exports.",
            (_, _, Language::En) => " No trend, with windows without exports.",
        }),
        (None, None) => {}
    }
}

/// An excepted product: the tariff is unknown, which a table of percentages would hide.
fn push_tariff(out: &mut String, detail: &Detail<'_>, language: Language) {
    let Some(agreement) = detail.estimates.and_then(|estimates| estimates.agreement) else { return };
    if agreement.tariff.is_none() {
        out.push_str(pick(language, " Tarifa desconhecida: ", " Tariff unknown: "));
        out.push_str(pick(language, agreement.reason_pt, agreement.reason_en));
        out.push('.');
    }
}

fn push_gaps(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    let missing: Vec<&str> =
        parts(detail).iter().zip(names(language)).filter(|(part, _)| part.insufficient).map(|(_, name)| name).collect();
    if !missing.is_empty() {
        out.push_str(pick(language, " Dados insuficientes para ", " Not enough data for "));
        out.push_str(&missing.join(", "));
        out.push_str(pick(language, ": conta o valor neutro de ", ": the neutral value of "));
        out.push_str(&human(0.5, 1, language));
        out.push_str(pick(language, ".", " counts."));
    }
    let months = ranking.product.months_covered();
    if months < 12 {
        out.push_str(pick(language, " Só ", " Only "));
        push_integer(out, i64::from(months));
        out.push_str(pick(language, " dos últimos 12 meses têm dados.", " of the last 12 months have data."));
    }
}
