use super::*;
use crate::domain::account::AccountType;
use crate::domain::fixture::{BANK, OTHER_BANK, account, ana, bakery, bruno, days, entry, fields, ispb, key, refused};

use EntryReason::{AccountClosure, BranchTransfer, Fraud, Reconciliation, RfbValidation, UserRequested};

fn create(key_type: KeyType, given: Option<&Key>, owner: &Owner) -> Result<(), Refusal> {
    check_new(key_type, given, &account(BANK), owner, UserRequested, true)
}

#[test]
fn section_3_create_entry() {
    for (key_type, owner) in [(KeyType::Cpf, ana()), (KeyType::Cnpj, bakery()), (KeyType::Phone, bakery())] {
        assert_eq!(refused(create(key_type, Some(&key(key_type)), &owner)), None, "{key_type:?}");
    }
    let phone = key(KeyType::Phone);
    let result = check_new(KeyType::Phone, Some(&phone), &account(BANK), &ana(), Fraud, true);
    assert_eq!(refused(result), Some(RefusalKind::InvalidReason));
    assert_eq!(refused(create(KeyType::Email, Some(&phone), &ana())), Some(RefusalKind::EntryInvalid));
    assert_eq!(fields(create(KeyType::Phone, None, &ana())), ["key"]);
}

#[test]
fn section_1_evp_is_sent_without_a_key() {
    assert_eq!(refused(create(KeyType::Evp, None, &ana())), None);
    assert_eq!(fields(create(KeyType::Evp, Some(&key(KeyType::Evp)), &ana())), ["key"]);
}

#[test]
fn section_3_create_entry_names_the_fields_that_are_wrong() {
    let mut odd = account(BANK);
    odd.branch = Some("00001".into());
    let owner = Owner { name: "A1".into(), ..ana() };
    let result = check_new(KeyType::Phone, Some(&key(KeyType::Phone)), &odd, &owner, UserRequested, false);
    assert_eq!(fields(result), ["account.branch", "owner.name"]);
}

#[test]
fn section_1_check_digits_of_the_owner_count_at_our_edge_only() {
    let owner = Owner { tax_id: TaxId::parse("11122233300").unwrap(), ..ana() };
    let phone = key(KeyType::Phone);
    let check = |edge| check_new(KeyType::Phone, Some(&phone), &account(BANK), &owner, UserRequested, edge);
    assert_eq!(fields(check(true)), ["owner.tax_id"]);
    assert_eq!(refused(check(false)), None);
}

#[test]
fn section_5_a_tax_id_key_belongs_to_its_owner() {
    let other = Some(RefusalKind::EntryTaxIdNumberByDifferentOwner);
    assert_eq!(refused(create(KeyType::Cpf, Some(&key(KeyType::Cpf)), &bruno())), other);
    assert_eq!(refused(create(KeyType::Cnpj, Some(&key(KeyType::Cnpj)), &ana())), other);
}

#[test]
fn section_1_limit_of_a_natural_and_a_legal_person_s_account() {
    for (person, most) in [(PersonType::Natural, 5), (PersonType::Legal, 20)] {
        assert_eq!(refused(check_limit(most - 1, person)), None);
        assert_eq!(refused(check_limit(most, person)), Some(RefusalKind::EntryLimitExceeded));
        assert_eq!(refused(check_limit(u32::MAX, person)), Some(RefusalKind::EntryLimitExceeded));
    }
}

#[test]
fn section_5_a_key_that_is_registered_says_which_way_is_left() {
    let existing = entry(key(KeyType::Phone), BANK, ana());
    let ask = |participant: &str, owner: &Owner| {
        refused(check_free(Some(&existing), ispb(participant), &owner.tax_id, false))
    };
    assert_eq!(ask(BANK, &ana()), Some(RefusalKind::EntryAlreadyExists));
    assert_eq!(ask(OTHER_BANK, &ana()), Some(RefusalKind::EntryKeyInCustodyOfDifferentParticipant));
    assert_eq!(ask(BANK, &bruno()), Some(RefusalKind::EntryKeyOwnedByDifferentPerson));
    assert_eq!(ask(OTHER_BANK, &bruno()), Some(RefusalKind::EntryKeyOwnedByDifferentPerson));
    assert_eq!(refused(check_free(None, ispb(BANK), &ana().tax_id, false)), None);
}

#[test]
fn section_4_3_a_key_cannot_be_registered_while_it_is_claimed() {
    assert_eq!(refused(check_free(None, ispb(BANK), &ana().tax_id, true)), Some(RefusalKind::EntryLockedByClaim));
}

#[test]
fn section_3_update_entry_changes_account_and_names_only() {
    let before = entry(key(KeyType::Phone), BANK, bakery());
    let moved = Account { number: "99".into(), account_type: AccountType::Tran, ..account(BANK) };
    let after = updated(Some(&before), &moved, "Outra", None, BranchTransfer).ok().unwrap();
    assert!(after.account == moved && after.owner.name == "Outra" && after.owner.trade_name.is_none());
    let back = Entry { account: before.account.clone(), owner: before.owner.clone(), ..after };
    assert!(back == before);
}

#[test]
fn section_3_update_entry_is_the_custodian_s() {
    let before = entry(key(KeyType::Phone), BANK, ana());
    let ask = |existing: Option<&Entry>, participant: &str, name: &str, reason| {
        refused(updated(existing, &account(participant), name, None, reason))
    };
    assert_eq!(ask(Some(&before), BANK, "Ana", UserRequested), None);
    assert_eq!(ask(None, BANK, "Ana", UserRequested), Some(RefusalKind::NotFound));
    assert_eq!(ask(Some(&before), OTHER_BANK, "Ana", UserRequested), Some(RefusalKind::Forbidden));
    assert_eq!(ask(Some(&before), BANK, "Ana", AccountClosure), Some(RefusalKind::InvalidReason));
    assert_eq!(ask(Some(&before), BANK, "Ana 2", UserRequested), Some(RefusalKind::EntryInvalid));
    let evp = entry(key(KeyType::Evp), BANK, ana());
    assert_eq!(ask(Some(&evp), BANK, "Ana", UserRequested), Some(RefusalKind::InvalidReason));
    assert_eq!(ask(Some(&evp), BANK, "Ana", RfbValidation), None);
}

#[test]
fn section_3_delete_entry_is_the_custodian_s_and_the_owner_s() {
    let existing = entry(key(KeyType::Evp), BANK, ana());
    let ask = |participant: &str, reason, requester: Option<&Owner>| {
        refused(check_delete(Some(&existing), ispb(participant), reason, requester.map(|it| &it.tax_id), false))
    };
    assert_eq!(ask(BANK, UserRequested, Some(&ana())), None);
    assert_eq!(ask(BANK, UserRequested, None), None);
    assert_eq!(ask(BANK, UserRequested, Some(&bruno())), Some(RefusalKind::Forbidden));
    assert_eq!(ask(BANK, Fraud, Some(&bruno())), None);
    assert_eq!(ask(OTHER_BANK, Reconciliation, None), Some(RefusalKind::Forbidden));
    assert_eq!(ask(BANK, BranchTransfer, None), Some(RefusalKind::InvalidReason));
    let none = check_delete(None, ispb(BANK), UserRequested, None, false);
    assert_eq!(refused(none), Some(RefusalKind::NotFound));
}

#[test]
fn section_3_delete_entry_waits_for_an_open_claim() {
    let existing = entry(key(KeyType::Phone), BANK, ana());
    let locked = check_delete(Some(&existing), ispb(BANK), UserRequested, None, true);
    assert_eq!(refused(locked), Some(RefusalKind::EntryLockedByClaim));
}

#[test]
fn section_3_get_entry() {
    let existing = entry(key(KeyType::Phone), BANK, ana());
    assert_eq!(refused(check_lookup(Some(&existing), ispb(OTHER_BANK))), None);
    assert_eq!(refused(check_lookup(None, ispb(OTHER_BANK))), Some(RefusalKind::NotFound));
    let own = check_lookup(Some(&existing), ispb(BANK));
    assert_eq!(refused(own), Some(RefusalKind::EntryCannotBeQueriedForBookTransfer));
}

#[test]
fn section_1_a_court_s_block_stops_lookup_update_and_delete() {
    let existing = Entry { blocked: true, ..entry(key(KeyType::Phone), BANK, ana()) };
    let blocked = Some(RefusalKind::EntryBlocked);
    assert_eq!(refused(check_lookup(Some(&existing), ispb(OTHER_BANK))), blocked);
    assert_eq!(refused(check_lookup(Some(&existing), ispb(BANK))), blocked);
    assert_eq!(refused(updated(Some(&existing), &account(BANK), "Ana", None, UserRequested)), blocked);
    assert_eq!(refused(check_delete(Some(&existing), ispb(BANK), UserRequested, None, false)), blocked);
}

#[test]
fn section_4_3_account_data_may_change_while_a_claim_waits() {
    let claimed = Entry {
        open_claim_created_at: Some(crate::domain::fixture::noon() - days(1)),
        ..entry(key(KeyType::Phone), BANK, ana())
    };
    assert_eq!(refused(updated(Some(&claimed), &account(BANK), "Ana", None, UserRequested)), None);
}
