//! Why a destination stands where it stands, in words: every figure named, every gap said.

use super::answer::{Detail, Part};
use super::number::{Language, human, push_human, push_integer, push_month, push_usd_short};
use super::ranking::Ranking;
use crate::domain::score::{DemandLevel, WINDOWS};

/// Appends the sentence of one destination.
pub fn push(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    push_place(out, detail, ranking, language);
    push_size(out, detail, ranking, language);
    push_growth(out, detail, language);
    if let Some(price) = detail.price.value {
        out.push_str(language.pick(" Preço médio de US$ ", " Average price US$ "));
        push_human(out, price, if price < 10.0 { 2 + u32::from(price < 0.1) } else { 0 }, language);
        out.push_str("/kg.");
    }
    out.push(' ');
    push_human(out, detail.destination.distance_km, 0, language);
    out.push_str(language.pick(" km de São Paulo.", " km from São Paulo."));
    push_gaps(out, detail, ranking, language);
}

fn names(language: Language) -> [&'static str; 4] {
    match language {
        Language::Portuguese => ["tamanho do mercado", "crescimento", "preço", "distância"],
        Language::English => ["market size", "growth", "price", "distance"],
    }
}

fn parts<'a>(detail: &'a Detail<'_>) -> [&'a Part; 4] {
    [&detail.market_size, &detail.growth, &detail.price, &detail.distance]
}

fn push_place(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    if language == Language::English {
        out.push_str("No. ");
    }
    push_integer(out, i64::from(detail.rank));
    out.push_str(language.pick("º de ", " of "));
    push_integer(out, i64::try_from(ranking.reference_count).unwrap_or(i64::MAX));
    out.push_str(match (ranking.reference_count, language) {
        (1, Language::Portuguese) => " destino",
        (_, Language::Portuguese) => " destinos",
        (1, Language::English) => " destination",
        (_, Language::English) => " destinations",
    });
    // Only a part that was measured can be the reason.
    let strongest = (0..4)
        .filter(|at| !parts(detail)[*at].insufficient)
        .max_by(|a, b| parts(detail)[*a].contribution.total_cmp(&parts(detail)[*b].contribution));
    if let Some(strongest) = strongest.filter(|at| parts(detail)[*at].contribution > 0.0) {
        out.push_str(language.pick("; pesa mais: ", "; strongest part: "));
        out.push_str(names(language)[strongest]);
        out.push_str(" (");
        push_human(out, parts(detail)[strongest].contribution, 1, language);
        out.push_str(language.pick(" de ", " of "));
        push_human(out, detail.score, 1, language);
        out.push_str(language.pick(" pontos)", " points)"));
    }
    out.push('.');
}

fn push_size(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    let months = ranking.product.months_covered();
    out.push_str(language.pick(" Exportações do Brasil: ", " Exports of Brazil: "));
    push_usd_short(out, detail.fob_cents[WINDOWS - 1], language);
    if months == 12 {
        out.push_str(language.pick(" nos 12 meses até ", " in the 12 months to "));
    } else {
        out.push_str(language.pick(" em ", " in "));
        push_integer(out, i64::from(months));
        out.push_str(language.pick(" meses com dados, dos 12 até ", " months with data, of the 12 to "));
    }
    if let Some(through) = ranking.product.through {
        push_month(out, through, language);
    }
    out.push_str(match (detail.demand, language) {
        (DemandLevel::High, Language::Portuguese) => " (demanda alta).",
        (DemandLevel::Medium, Language::Portuguese) => " (demanda média).",
        (DemandLevel::Low, Language::Portuguese) => " (demanda baixa).",
        (DemandLevel::High, Language::English) => " (high demand).",
        (DemandLevel::Medium, Language::English) => " (medium demand).",
        (DemandLevel::Low, Language::English) => " (low demand).",
    });
}

fn push_growth(out: &mut String, detail: &Detail<'_>, language: Language) {
    match (detail.growth_rate_pct, detail.growth.value) {
        (Some(rate), _) => {
            out.push_str(match (rate < 0.0, language) {
                (false, Language::Portuguese) => " Crescimento de ",
                (true, Language::Portuguese) => " Queda de ",
                (false, Language::English) => " Growth of ",
                (true, Language::English) => " Decline of ",
            });
            push_human(out, rate.abs(), 1, language);
            out.push_str(language.pick("% ao ano.", "% a year."));
        }
        (None, Some(slope)) => out.push_str(match (slope > 0.0, slope < 0.0, language) {
            (true, _, Language::Portuguese) => " Tendência de alta, com janelas sem exportações.",
            (_, true, Language::Portuguese) => " Tendência de queda, com janelas sem exportações.",
            (_, _, Language::Portuguese) => " Sem tendência, com janelas sem exportações.",
            (true, _, Language::English) => " Upward trend, with windows without exports.",
            (_, true, Language::English) => " Downward trend, with windows without exports.",
            (_, _, Language::English) => " No trend, with windows without exports.",
        }),
        (None, None) => {}
    }
}

fn push_gaps(out: &mut String, detail: &Detail<'_>, ranking: &Ranking, language: Language) {
    let missing: Vec<&str> =
        parts(detail).iter().zip(names(language)).filter(|(part, _)| part.insufficient).map(|(_, name)| name).collect();
    if !missing.is_empty() {
        out.push_str(language.pick(" Dados insuficientes para ", " Not enough data for "));
        out.push_str(&missing.join(", "));
        out.push_str(language.pick(": conta o valor neutro de ", ": the neutral value of "));
        out.push_str(&human(0.5, 1, language));
        out.push_str(language.pick(".", " counts."));
    }
    let months = ranking.product.months_covered();
    if months < 12 {
        out.push_str(language.pick(" Só ", " Only "));
        push_integer(out, i64::from(months));
        out.push_str(language.pick(" dos últimos 12 meses têm dados.", " of the last 12 months have data."));
    }
}
