//! Freight by class: the promises of its formula, and shipments that an exporter knows.

use proptest::prelude::*;

use super::*;

fn by_sea(ncm: u32) -> Profile {
    Profile { nature: nature_of_heading(Ncm(ncm)), mode: Mode::Sea }
}

/// US$ of a shipment of 17,600 km, as to China.
fn to_china(ncm: u32, kg: f64) -> Quote {
    quote(rates(by_sea(ncm)), kg, 17.6, 1.0).unwrap()
}

#[test]
fn every_profile_has_rates_and_every_line_is_read() {
    let read: usize = (0..9).map(|code| rates(Profile::of_code(code)).len()).sum();
    assert_eq!(read, RATES_CSV.lines().count() - 1);
    for code in 0..9 {
        let profile = Profile::of_code(code);
        assert_eq!(profile.code(), code);
        assert!(!rates(profile).is_empty());
    }
}

#[test]
fn the_worked_example_of_the_decision_holds() {
    // 25 t of sugar at US$ 0.45 a kg: one 20' container, 350 + 600 + 55 · 17.6.
    let sugar = to_china(17_011_400, 25_000.0);
    assert_eq!((sugar.class, sugar.load, sugar.units), (CargoClass::Container, "fcl_20", 1.0));
    assert!((sugar.usd - 1_918.0).abs() < 1e-6);
    let from = break_even(rates(by_sea(17_011_400)), 0.45, 17.6, 1.0).unwrap();
    assert_eq!((from.kg, from.class), (10_656.0, CargoClass::Container));
    // Iron ore at US$ 0.075 a kg: 25 t cost more than they are worth; a Panamax closes.
    let ore = to_china(26_011_100, 25_000.0);
    assert!(ore.usd > 0.075 * 25_000.0);
    let from = break_even(rates(by_sea(26_011_100)), 0.075, 17.6, 1.0).unwrap();
    assert_eq!((from.kg, from.class), (59_073_334.0, CargoClass::Bulk));
}

#[test]
fn kinds_of_goods_are_told_apart() {
    let kind = |ncm, unit, price| nature(Ncm(ncm), unit, price);
    assert_eq!(kind(2_023_000, Some(10), Some(4.5)), Nature::Chilled);
    assert_eq!(kind(26_011_100, Some(21), Some(0.08)), Nature::Bulk);
    assert_eq!(kind(9_011_110, Some(10), Some(4.0)), Nature::General);
    assert_eq!(kind(26_159_000, None, Some(25.0)), Nature::General, "a dear ore is packed");
    assert_eq!(kind(25_232_910, Some(21), None), Nature::Bulk);
    assert_eq!(kind(27_160_000, Some(18), None), Nature::General, "electricity has no mass");
    assert_eq!(kind(68_109_900, Some(21), Some(0.4)), Nature::Bulk, "by the tonne and cheap");
    assert_eq!((container_kg(Nature::Bulk, 20), container_kg(Nature::General, 40)), (25_000.0, 26_000.0));
}

#[test]
fn the_way_of_transport_follows_the_weights() {
    assert_eq!(mode([10, 5, 1], Some(1.0), false), Mode::Sea);
    assert_eq!(mode([1, 5, 1], None, false), Mode::Road);
    assert_eq!(mode([3, 0, 1], Some(90.0), false), Mode::Air, "dear goods");
    assert_eq!(mode([3, 0, 1], Some(9.0), false), Mode::Sea);
    assert_eq!(mode([0, 0, 0], None, true), Mode::Road);
    assert_eq!(mode([0, 0, 0], Some(100.0), true), Mode::Air);
}

#[test]
fn goods_that_fly_at_a_loss_are_shown_the_sea() {
    let flying = Profile { nature: Nature::General, mode: Mode::Air };
    let from = break_even_of(flying, 1.0, 17.6, 1.0).unwrap();
    assert_eq!(from.class, CargoClass::Container);
    assert_eq!(break_even_of(flying, 0.01, 17.6, 1.0), None, "no way closes");
    assert_eq!(break_even_of(flying, 0.0, 17.6, 1.0), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn freight_grows_with_volume_and_distance_and_falls_by_the_kilogram(
        code in 0..9_u8, kg in 0.1..1e9_f64, more in 1.0..50.0_f64, km in 0.1..20.0_f64, further in 1.0..3.0_f64,
    ) {
        let rates = rates(Profile::of_code(code));
        let usd = |kg, km| quote(rates, kg, km, 1.3).unwrap().usd;
        let here = usd(kg, km);
        prop_assert!(here > 0.0);
        prop_assert!(usd(kg * more, km) >= here * (1.0 - 1e-12));
        prop_assert!(usd(kg, km * further) >= here * (1.0 - 1e-12));
        prop_assert!(usd(kg * more, km) / (kg * more) <= here / kg * (1.0 + 1e-12));
    }

    #[test]
    fn a_break_even_closes_and_a_kilogram_less_does_not(
        code in 0..9_u8, price in 0.01..500.0_f64, km in 0.1..20.0_f64, factor in 0.5..2.0_f64,
    ) {
        let rates = rates(Profile::of_code(code));
        let closes = |kg: f64| quote(rates, kg, km, factor).unwrap().usd <= price * kg * 0.4 * (1.0 + 1e-12);
        match break_even(rates, price, km, factor) {
            Some(found) => {
                prop_assert!(closes(found.kg));
                prop_assert!(closes(found.kg * 3.0), "more volume closes as well");
                prop_assert!(found.kg <= 1.0 || !closes((found.kg - 1.0) * (1.0 - 1e-9)));
            }
            None => prop_assert!(!closes(BREAK_EVEN_KG_MAX * 0.999_999)),
        }
    }
}
