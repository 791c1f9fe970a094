//! The list of countries as JSON.

use std::borrow::Cow;

use crate::domain::country::build_countries;
use crate::domain::reference::{Country, Reference};
use crate::domain::text::fold;
use crate::simulator::json::push_text;
use crate::simulator::number::{push_decimal, push_integer};

/// The countries as a JSON array in the order of their Portuguese names, and how many they are.
/// Before any table was loaded, those of the embedded table.
pub(super) fn json(reference: &Reference) -> (String, usize) {
    let countries = if reference.countries.is_empty() {
        Cow::Owned(build_countries(None, &[]).0)
    } else {
        Cow::Borrowed(&reference.countries)
    };
    let mut sorted: Vec<(String, &Country)> =
        countries.values().map(|country| (fold(&country.name_pt), country)).collect();
    sorted.sort_by(|left, right| (&left.0, left.1.code).cmp(&(&right.0, right.1.code)));
    let mut out = String::with_capacity(sorted.len() * 220);
    out.push('[');
    for (at, (_, country)) in sorted.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        push_country(&mut out, country);
    }
    out.push(']');
    (out, sorted.len())
}

fn push_country(out: &mut String, country: &Country) {
    out.push_str("{\"code\":");
    push_text(out, &country.public_code());
    out.push_str(",\"co_pais\":\"");
    if country.code < 100 {
        out.push_str(if country.code < 10 { "00" } else { "0" });
    }
    push_integer(out, i64::from(country.code));
    out.push('"');
    for (name, value) in [(",\"iso2\":", &country.iso2), (",\"iso3\":", &country.iso3)] {
        out.push_str(name);
        match value {
            Some(iso) => push_text(out, iso),
            None => out.push_str("null"),
        }
    }
    out.push_str(",\"name_pt\":");
    push_text(out, &country.name_pt);
    out.push_str(",\"name_en\":");
    push_text(out, &country.name_en);
    out.push_str(",\"flag_emoji\":");
    push_text(out, &country.flag_emoji);
    out.push_str(",\"distance_km\":");
    match country.distance_km {
        Some(km) => push_decimal(out, km, 1),
        None => out.push_str("null"),
    }
    out.push_str(",\"group\":");
    push_text(out, &country.group);
    out.push_str(if country.rankable { ",\"rankable\":true}" } else { ",\"rankable\":false}" });
}
