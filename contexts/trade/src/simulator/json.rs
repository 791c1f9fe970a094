//! A simulation as JSON, written by hand: what repeats is serialised when the index is built, money
//! is printed from integers, and nothing passes through a tree of values.

use chrono::{DateTime, SecondsFormat, Utc};
use platform::http::language::Language;

use super::answer::{DataLabel, Detail, Part, Simulation};
use super::estimates::Range;
use super::number::{push_decimal, push_integer};
use super::reason;
use crate::answer::push_usd;
use crate::domain::code::Month;
use crate::domain::score::WINDOWS;

/// Bytes that one destination takes, roughly.
const DESTINATION_BYTES: usize = 2_400;

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
    push_estimates(out, simulation, detail);
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

fn push_estimates(out: &mut String, simulation: &Simulation<'_>, detail: &Detail<'_>) {
    let Some(estimates) = &detail.estimates else {
        out.push_str(",\"estimated_margin_pct\":null,\"logistics_cost_usd\":null,\"tariff_pct\":null,\"lead_time_days\":null,\"estimates\":null");
        return;
    };
    out.push_str(",\"estimated_margin_pct\":");
    push_decimal(out, estimates.margin_pct.value, 2);
    out.push_str(",\"logistics_cost_usd\":");
    push_decimal(out, estimates.logistics_usd.value, 2);
    out.push_str(",\"tariff_pct\":");
    push_decimal(out, estimates.tariff_pct.value, 2);
    out.push_str(",\"lead_time_days\":");
    push_decimal(out, estimates.lead_time_days.value, 0);
    push_range(out, ",\"estimates\":{\"margin\":", &estimates.margin_pct, estimates.basis);
    push_range(out, "},\"tariff\":", &estimates.tariff_pct, estimates.basis);
    push_range(out, "},\"logistics\":", &estimates.logistics_usd, estimates.basis);
    out.push_str(",\"volume_kg\":");
    push_decimal(out, simulation.volume_kg(), 3);
    let assumed = simulation.request.volume_kg.is_none();
    out.push_str(if assumed { ",\"volume_assumed\":true" } else { ",\"volume_assumed\":false" });
    push_range(out, "},\"lead_time\":", &estimates.lead_time_days, estimates.basis);
    out.push_str("}}");
}

/// Appends a range and its basis as an object that is left open.
fn push_range(out: &mut String, start: &str, range: &Range, basis: &str) {
    out.push_str(start);
    out.push_str("{\"value\":");
    push_decimal(out, range.value, 2);
    out.push_str(",\"low\":");
    push_decimal(out, range.low, 2);
    out.push_str(",\"high\":");
    push_decimal(out, range.high, 2);
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
