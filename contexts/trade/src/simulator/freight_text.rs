//! Freight beside the value of the goods, in words.

use platform::http::language::Language;

use super::answer::Detail;
use super::number::{pick, push_human};
use crate::domain::cargo::{BreakEven, CargoClass};

/// Appends a weight as people write it: kilograms below a tonne, else tonnes.
pub(super) fn push_weight(out: &mut String, kg: f64, language: Language) {
    if kg < 1_000.0 {
        push_human(out, kg, u32::from(kg.fract() > 0.0), language);
        out.push_str(" kg");
        return;
    }
    let tonnes = kg / 1_000.0;
    push_human(out, tonnes, u32::from(tonnes < 1_000.0 && (tonnes * 10.0).round() % 10.0 > 0.0), language);
    out.push_str(" t");
}

/// Appends dollars without cents.
fn push_usd(out: &mut String, usd: f64, language: Language) {
    out.push_str("US$ ");
    push_human(out, usd, if usd < 10.0 { 2 } else { 0 }, language);
}

/// Appends a percentage: `17,4 %`, `17.4%`.
pub(super) fn push_percent(out: &mut String, pct: f64, language: Language) {
    push_human(out, pct, u32::from(pct < 1_000.0), language);
    out.push_str(pick(language, " %", "%"));
}

/// Name of a class of cargo for people.
pub(super) const fn class_name(class: CargoClass, language: Language) -> &'static str {
    match (class, language) {
        (CargoClass::Bulk, Language::PtBr) => "a granel",
        (CargoClass::Bulk, Language::En) => "in bulk",
        (CargoClass::Container, Language::PtBr) => "em contêiner",
        (CargoClass::Container, Language::En) => "by container",
        (CargoClass::Reefer, Language::PtBr) => "em contêiner refrigerado",
        (CargoClass::Reefer, Language::En) => "by reefer container",
        (CargoClass::Air, Language::PtBr) => "por avião",
        (CargoClass::Air, Language::En) => "by air",
        (CargoClass::Road, Language::PtBr) => "por rodovia",
        (CargoClass::Road, Language::En) => "by road",
    }
}

/// Appends the value of the goods and the share that the freight takes, then the warning, if any.
pub(super) fn push(out: &mut String, detail: &Detail<'_>, language: Language) {
    let Some(estimates) = detail.estimates else { return };
    out.push_str(pick(language, " Lote de ", " Lot of "));
    push_weight(out, detail.lot.volume_kg, language);
    match (detail.lot.value_usd, detail.freight_share_pct()) {
        (Some(value), Some(share)) => {
            out.push_str(": ");
            push_usd(out, value, language);
            if detail.lot.product_price {
                out.push_str(pick(language, " (preço médio do produto)", " (average price of the product)"));
            }
            out.push_str(pick(language, "; frete estimado ", "; estimated freight "));
            push_usd(out, estimates.logistics_usd.value, language);
            out.push_str(" (");
            out.push_str(class_name(estimates.quote.class, language));
            out.push_str(") = ");
            push_percent(out, share, language);
            out.push_str(pick(language, " do valor.", " of the value."));
        }
        _ => {
            out.push_str(pick(
                language,
                ": valor desconhecido, sem preço médio; frete estimado ",
                ": value unknown, no average price; estimated freight ",
            ));
            push_usd(out, estimates.logistics_usd.value, language);
            out.push_str(" (");
            out.push_str(class_name(estimates.quote.class, language));
            out.push_str(").");
        }
    }
    push_warning(out, detail, language);
}

/// Appends what an exporter must know before reading the margin: the freight does not close at this volume, or
/// takes more than the margin. Nothing otherwise.
pub(super) fn push_warning(out: &mut String, detail: &Detail<'_>, language: Language) {
    let (Some(estimates), Some(share)) = (detail.estimates, detail.freight_share_pct()) else { return };
    if detail.freight_closes() == Some(false) {
        out.push_str(pick(language, " Neste volume o frete não fecha", " At this volume the freight does not close"));
        push_break_even(out, estimates.break_even, estimates.quote.class, detail.lot.volume_kg, language);
    } else if share > estimates.margin_pct.value {
        out.push_str(pick(
            language,
            " O frete é maior que a margem estimada (",
            " The freight is larger than the estimated margin (",
        ));
        push_percent(out, estimates.margin_pct.value, language);
        out.push_str(").");
    }
}

fn push_break_even(out: &mut String, found: Option<BreakEven>, class: CargoClass, volume_kg: f64, language: Language) {
    let Some(found) = found else {
        out.push_str(pick(language, ", nem em volume maior.", ", nor at a larger one."));
        return;
    };
    // Another way of transport may close at less than the volume asked for.
    if found.kg <= volume_kg {
        out.push(' ');
        out.push_str(class_name(class, language));
        out.push_str(pick(language, "; fecha ", "; it closes "));
        out.push_str(class_name(found.class, language));
        out.push_str(pick(language, ", a partir de ", ", from "));
    } else {
        out.push_str(pick(language, "; fecha a partir de ", "; it closes from "));
    }
    push_weight(out, rounded_up(found.kg), language);
    if found.kg > volume_kg {
        out.push_str(", ");
        out.push_str(class_name(found.class, language));
    }
    out.push('.');
}

/// Up to three digits, so that the volume shown closes.
fn rounded_up(kg: f64) -> f64 {
    let step = 10_f64.powf((kg.log10().floor() - 2.0).max(0.0));
    (kg / step).ceil() * step
}
