use proptest::prelude::*;

use super::*;
use crate::domain::account::AccountType;
use crate::domain::fixture::{BANK, OTHER_BANK, ana, bakery, bruno, days, entry, ispb, key};
use crate::domain::key::KeyType;

const EXAMPLE: &str = "28c06eb41c4dc9c3ae114831efcac7446c8747777fca8b145ecd31ff8480ae88";

fn example() -> CidAttributes<'static> {
    CidAttributes {
        key_type: "PHONE",
        key: "+5511987654321",
        tax_id: "11122233300",
        name: "João Silva",
        trade_name: "",
        participant: "12345678",
        branch: "00001",
        account_number: "0007654321",
        account_type: "CACC",
    }
}

#[test]
fn section_7_cid_of_the_directory_s_example() {
    let request_id = Uuid::from_bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    // Its branch has five digits and its CPF wrong check digits: nothing is checked.
    assert_eq!(Cid::compute(&example(), request_id).to_string(), EXAMPLE);
}

#[test]
fn section_7_cid_reads_the_request_id_as_sixteen_bytes_in_order() {
    let request_id: Uuid = "01020304-0506-0708-090a-0b0c0d0e0f10".parse().unwrap();
    assert_eq!(Cid::compute(&example(), request_id).to_string(), EXAMPLE);
}

#[test]
fn section_7_cid_of_an_entry_is_that_of_its_attributes() {
    let entry = entry(key(KeyType::Cnpj), BANK, bakery());
    let attributes = CidAttributes {
        key_type: "CNPJ",
        key: "12ABC34501DE35",
        tax_id: "12ABC34501DE35",
        name: "Padaria Três Irmãos & Cia. Ltda",
        trade_name: "Padaria 3 Irmãos",
        participant: BANK,
        branch: "0001",
        account_number: "0007654321",
        account_type: "CACC",
    };
    assert_eq!(Cid::of(&entry), Cid::compute(&attributes, entry.request_id));
}

#[test]
fn section_7_cid_leaves_dates_out() {
    let before = entry(key(KeyType::Phone), BANK, ana());
    let mut after = before.clone();
    after.account.opened_at += days(1);
    after.created_at += days(1);
    after.key_owned_since += days(1);
    after.open_claim_created_at = Some(after.created_at);
    after.blocked = true;
    assert_eq!(Cid::of(&before), Cid::of(&after));
}

#[test]
fn section_6_the_same_request_id_with_anything_else_changed_has_another_cid() {
    let before = entry(key(KeyType::Phone), BANK, bakery());
    let changes: [fn(&mut Entry); 9] = [
        |it| it.key = key(KeyType::Email),
        |it| it.owner.tax_id = bruno().tax_id,
        |it| it.owner.name.push('a'),
        |it| it.owner.trade_name = None,
        |it| it.account.participant = ispb(OTHER_BANK),
        |it| it.account.branch = None,
        |it| it.account.number.push('0'),
        |it| it.account.account_type = AccountType::Tran,
        |it| it.request_id = Uuid::from_u128(7),
    ];
    let mut cids: Vec<_> = changes
        .iter()
        .map(|change| {
            let mut after = before.clone();
            change(&mut after);
            Cid::of(&after)
        })
        .chain([Cid::of(&before)])
        .collect();
    cids.sort_unstable();
    cids.dedup();
    assert_eq!(cids.len(), changes.len() + 1);
    assert_eq!(Cid::of(&before), Cid::of(&before.clone()));
}

#[test]
fn section_7_vsync_of_the_directory_s_example() {
    let cids = [
        EXAMPLE,
        "4d4abb9168114e349672b934d16ed201a919cb49e28b7f66a240e62c92ee007f",
        "fce514f84f37934bc8aa0f861e4f7392273d71b9d18e8209d21e4192a7842058",
    ]
    .map(|text| Cid::from_hex(text).unwrap());
    let vsync: VSync = cids.into_iter().collect();
    assert_eq!(vsync.to_string(), "996fc1dd3b6b14bcf0c9fe8320eb66d7e2a3fd874ccf767b2e939641b1ea8eaf");
    assert_eq!(VSync::from_hex(&vsync.to_string()), Some(vsync));
}

#[test]
fn section_7_vsync_of_nothing_is_zeros() {
    assert_eq!(VSync::default().to_string(), "0".repeat(64));
    assert_eq!([].into_iter().collect::<VSync>(), VSync::default());
}

#[test]
fn sixty_four_hexadecimal_digits_of_either_case_are_read() {
    assert_eq!(Cid::from_hex(&EXAMPLE.to_uppercase()).unwrap().to_string(), EXAMPLE);
    let sign = format!("+{}", &EXAMPLE[1..]);
    for text in ["", &EXAMPLE[..63], &EXAMPLE[..62], &format!("{EXAMPLE}0"), &format!("{EXAMPLE}00"), &sign] {
        assert_eq!(Cid::from_hex(text), None, "{text}");
    }
    assert_eq!(VSync::from_hex(&EXAMPLE.replace('a', "g")), None);
}

proptest! {
    #[test]
    fn vsync_knows_no_order_and_adding_again_removes(
        mut cids in proptest::collection::vec(any::<[u8; 32]>().prop_map(Cid), 0..20),
        other in any::<[u8; 32]>().prop_map(Cid),
        turn in 0_usize..20,
    ) {
        let vsync: VSync = cids.iter().copied().collect();
        let by = turn.min(cids.len());
        cids.rotate_left(by);
        cids.reverse();
        let mut turned: VSync = cids.iter().copied().collect();
        prop_assert_eq!(turned, vsync);
        turned.add(other);
        prop_assert_eq!(turned == vsync, other == Cid([0; 32]));
        turned.add(other);
        prop_assert_eq!(turned, vsync);
    }

    #[test]
    fn what_is_printed_is_read_and_nothing_panics(bytes in any::<[u8; 32]>(), text in "\\PC{0,70}|[0-9a-fA-F]{64}") {
        prop_assert_eq!(Cid::from_hex(&Cid(bytes).to_string()), Some(Cid(bytes)));
        if let Some(cid) = Cid::from_hex(&text) {
            prop_assert_eq!(cid.to_string(), text.to_lowercase());
        }
    }
}
