//! A simulation as JSON, written by hand: what repeats is serialised when the index is built, money
//! is printed from integers, and nothing passes through a tree of values.

use chrono::{DateTime, SecondsFormat, Utc};
use platform::http::language::Language;

use super::answer::{DataLabel, Detail, Lot, Part, Simulation};
use super::estimates::{Estimates, Range};
use super::freight_text;
use super::number::{pick, push_decimal, push_integer};
use super::reason;
use crate::answer::push_usd;
use crate::domain::code::Month;
use crate::domain::score::WINDOWS;

/// Bytes that one destination takes, roughly.
const DESTINATION_BYTES: usize = 3_000;

/// The answer as JSON.
#[must_use]
pub fn write(simulation: &Simulation<'_>, label: DataLabel<'_>, language: Language, now: DateTime<Utc>) -> String {
    let mut out = String::with_capacity(600 + simulation.ranking.ranked.len() * DESTINATION_BYTES);
    out.push_str("{\"ncm\":\"");
    push_padded(&mut out, simulation.request.ncm.0, 8);
    out.push_str("\",\"ncm_description\":");
    match simulation.description(language) {
        Some(text) => push_text(&mut out, text),
        None => out.push_str("null"),
    }
    out.push_str(",\"destinations\":[");
    let windows = window_prefixes(simulation);
    let mut reason = String::with_capacity(400);
    for (at, detail) in simulation.details().enumerate() {
        if at > 0 {
            out.push(',');
        }
        reason.clear();
        reason::push(&mut reason, &detail, &simulation.ranking, language);
        push_destination(&mut out, simulation, &detail, language, &windows, &reason);
    }
    out.push_str("],\"total_destinations\":");
    push_integer(&mut out, i64::try_from(simulation.ranking.total_destinations).unwrap_or(i64::MAX));
    push_data(&mut out, simulation, label);
    let notices = simulation.notices(language);
    if !notices.is_empty() {
        out.push_str(",\"notices\":");
        out.push_str(&serde_json::Value::from(notices).to_string());
    }
    out.push_str(",\"calculated_at\":\"");
    out.push_str(&now.to_rfc3339_opts(SecondsFormat::Secs, true));
    out.push_str("\"}");
    out
}

fn push_data(out: &mut String, simulation: &Simulation<'_>, label: DataLabel<'_>) {
    out.push_str(",\"data\":{\"through\":");
    match simulation.ranking.product.through {
        Some(month) => {
            out.push('"');
            push_month(out, month);
            out.push('"');
        }
        None => out.push_str("null"),
    }
    out.push_str(",\"source\":");
    push_text(out, label.source);
    out.push_str(",\"snapshot\":");
    push_text(out, label.snapshot);
    out.push_str(if label.sample { ",\"sample\":true" } else { ",\"sample\":false" });
    out.push_str(",\"months_covered\":");
    push_integer(out, i64::from(simulation.ranking.product.months_covered()));
    out.push_str(",\"reference_destinations\":");
    push_integer(out, i64::try_from(simulation.ranking.reference_count).unwrap_or(i64::MAX));
    // "Market size" is what Brazil sells there, not what the country imports: the label travels with it.
    out.push_str(",\"market_size_basis\":\"exportacoes_do_brasil\"}");
}

fn push_destination(
    out: &mut String,
    simulation: &Simulation<'_>,
    detail: &Detail<'_>,
    language: Language,
    windows: &[String; WINDOWS],
    reason: &str,
) {
    out.push_str("{\"rank\":");
    push_integer(out, i64::from(detail.rank));
    out.push(',');
    out.push_str(&detail.destination.json[usize::from(language == Language::En)]);
    out.push_str(",\"score\":");
    push_decimal(out, detail.score, 2);
    out.push_str(",\"score_breakdown\":{\"market_size\":{\"value\":");
    push_usd(out, detail.fob_cents[WINDOWS - 1]);
    push_part(out, &detail.market_size);
    push_valued_part(out, ",\"growth\":{\"value\":", &detail.growth, 6);
    push_valued_part(out, ",\"price\":{\"value\":", &detail.price, 4);
    push_valued_part(out, ",\"distance\":{\"value\":", &detail.distance, 1);
    out.push_str("},\"demand_level\":\"");
    out.push_str(detail.demand.name());
    out.push_str("\",\"confidence\":\"");
    out.push_str(detail.confidence.name());
    out.push_str("\",\"market_size_usd\":");
    push_usd(out, detail.fob_cents[WINDOWS - 1]);
    out.push_str(",\"growth_rate_pct\":");
    push_optional(out, detail.growth_rate_pct, 2);
    out.push_str(",\"avg_price_usd_per_kg\":");
    push_optional(out, detail.price.value, 4);
    out.push_str(",\"distance_km\":");
    push_decimal(out, detail.destination.distance_km, 1);
    push_estimates(out, simulation, detail, language);
    out.push_str(",\"windows\":[");
    for (window, prefix) in windows.iter().enumerate() {
        out.push_str(prefix);
        if simulation.ranking.product.window_months[window] == 0 {
            out.push_str("null}");
        } else {
            push_usd(out, detail.fob_cents[window]);
            out.push('}');
        }
    }
    out.push_str("],\"recommendation_reason\":");
    push_text(out, reason);
    out.push('}');
}

fn push_valued_part(out: &mut String, start: &str, part: &Part, decimals: u32) {
    out.push_str(start);
    push_optional(out, part.value, decimals);
    push_part(out, part);
}

fn push_part(out: &mut String, part: &Part) {
    out.push_str(",\"normalized\":");
    push_decimal(out, part.normalized, 4);
    out.push_str(",\"weight\":");
    push_decimal(out, part.weight, 4);
    out.push_str(",\"contribution\":");
    push_decimal(out, part.contribution, 4);
    out.push_str(if part.insufficient { ",\"insufficient_data\":true}" } else { ",\"insufficient_data\":false}" });
}

fn push_estimates(out: &mut String, simulation: &Simulation<'_>, detail: &Detail<'_>, language: Language) {
    let estimates = detail.estimates.as_ref();
    out.push_str(",\"estimated_margin_pct\":");
    push_optional(out, estimates.map(|estimates| estimates.margin_pct.value), 2);
    out.push_str(",\"logistics_cost_usd\":");
    push_optional(out, estimates.map(|estimates| estimates.logistics_usd.value), 2);
    push_lot(out, detail, language);
    out.push_str(",\"tariff_pct\":");
    push_optional(out, estimates.and_then(|estimates| estimates.tariff_pct).map(|tariff| tariff.value), 2);
    out.push_str(",\"lead_time_days\":");
    push_optional(out, estimates.map(|estimates| estimates.lead_time_days.value), 0);
    let Some(estimates) = estimates else {
        out.push_str(",\"estimates\":null");
        return;
    };
    push_range(out, ",\"estimates\":{\"margin\":", Some(&estimates.margin_pct), estimates.basis);
    let tariff_basis = estimates.agreement.map_or(estimates.basis, |agreement| agreement.name);
    push_range(out, "},\"tariff\":", estimates.tariff_pct.as_ref(), tariff_basis);
    out.push_str(",\"note\":");
    match estimates.agreement {
        Some(agreement) => push_text(out, pick(language, agreement.reason_pt, agreement.reason_en)),
        None => out.push_str("null"),
    }
    push_logistics(out, simulation, detail, estimates);
    push_range(out, "},\"lead_time\":", Some(&estimates.lead_time_days), estimates.basis);
    out.push_str("}}");
}

/// The goods of the volume, and the freight beside their value.
fn push_lot(out: &mut String, detail: &Detail<'_>, language: Language) {
    let Lot { value_usd, product_price, .. } = detail.lot;
    out.push_str(",\"goods_value_usd\":");
    push_optional(out, value_usd, 2);
    out.push_str(",\"goods_value_basis\":");
    out.push_str(match (value_usd, product_price) {
        (None, _) => "null",
        (Some(_), false) => "\"preco_do_destino\"",
        (Some(_), true) => "\"preco_do_produto\"",
    });
    out.push_str(",\"logistics_share_pct\":");
    push_optional(out, detail.freight_share_pct(), 2);
    out.push_str(match detail.freight_closes() {
        Some(true) => ",\"freight_closes\":true",
        Some(false) => ",\"freight_closes\":false",
        None => ",\"freight_closes\":null",
    });
    let break_even = detail.estimates.and_then(|estimates| estimates.break_even);
    out.push_str(",\"break_even_volume_kg\":");
    push_optional(out, break_even.map(|found| found.kg), 0);
    out.push_str(",\"break_even_class\":");
    match break_even {
        Some(found) => push_text(out, found.class.name()),
        None => out.push_str("null"),
    }
    out.push_str(",\"freight_note\":");
    let mut note = String::new();
    freight_text::push_warning(&mut note, detail, language);
    if note.is_empty() {
        out.push_str("null");
    } else {
        push_text(out, note.trim_start());
    }
}

fn push_logistics(out: &mut String, simulation: &Simulation<'_>, detail: &Detail<'_>, estimates: &Estimates<'_>) {
    push_range(out, "},\"logistics\":", Some(&estimates.logistics_usd), estimates.basis);
    out.push_str(",\"cargo_class\":\"");
    out.push_str(estimates.quote.class.name());
    out.push_str("\",\"load\":\"");
    out.push_str(estimates.quote.load);
    out.push_str("\",\"volume_kg\":");
    push_decimal(out, detail.lot.volume_kg, 3);
    let assumed = simulation.request.volume_kg.is_none();
    out.push_str(if assumed { ",\"volume_assumed\":true" } else { ",\"volume_assumed\":false" });
    let containers = simulation.request.containers;
    out.push_str(if containers { ",\"payload_assumed\":true" } else { ",\"payload_assumed\":false" });
}

/// Appends a range and its basis as an object that is left open.
fn push_range(out: &mut String, start: &str, range: Option<&Range>, basis: &str) {
    out.push_str(start);
    out.push_str("{\"value\":");
    push_optional(out, range.map(|range| range.value), 2);
    out.push_str(",\"low\":");
    push_optional(out, range.map(|range| range.low), 2);
    out.push_str(",\"high\":");
    push_optional(out, range.map(|range| range.high), 2);
    out.push_str(",\"basis\":");
    push_text(out, basis);
}

/// What every destination says of each window, up to the value.
fn window_prefixes(simulation: &Simulation<'_>) -> [String; WINDOWS] {
    std::array::from_fn(|window| {
        let mut prefix = String::with_capacity(96);
        let Some((first, last)) = simulation.window(window) else { return prefix };
        prefix.push_str(if window == 0 { "{\"from\":\"" } else { ",{\"from\":\"" });
        push_month(&mut prefix, first);
        prefix.push_str("\",\"through\":\"");
        push_month(&mut prefix, last);
        let months = simulation.ranking.product.window_months[window];
        prefix.push_str("\",\"months_covered\":");
        push_integer(&mut prefix, i64::from(months));
        prefix.push_str(if months == 12 { ",\"covered\":true" } else { ",\"covered\":false" });
        prefix.push_str(",\"fob_usd\":");
        prefix
    })
}

fn push_optional(out: &mut String, value: Option<f64>, decimals: u32) {
    match value {
        Some(value) => push_decimal(out, value, decimals),
        None => out.push_str("null"),
    }
}

fn push_month(out: &mut String, month: Month) {
    push_padded(out, u32::from(month.year()), 4);
    out.push('-');
    push_padded(out, u32::from(month.month()), 2);
}

fn push_padded(out: &mut String, value: u32, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value);
    for _ in digits.len()..width {
        out.push('0');
    }
    out.push_str(digits);
}

/// Appends a text as a JSON string.
pub fn push_text(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        let escaped = serde_json::Value::from(text).to_string();
        out.push_str(&escaped[1..escaped.len() - 1]);
    }
    out.push('"');
}
