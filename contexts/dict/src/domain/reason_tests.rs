use super::*;
use crate::domain::fixture::{fields, refused};

use EntryReason::{AccountClosure, BranchTransfer, Fraud, Reconciliation, RfbValidation, UserRequested};

fn fitting(operation: EntryOperation, key_type: KeyType) -> Vec<EntryReason> {
    EntryReason::ALL.into_iter().filter(|it| it.fits(operation, key_type).is_ok()).collect()
}

#[test]
fn section_3_create_entry() {
    for key_type in KeyType::ALL {
        assert_eq!(fitting(EntryOperation::Create, key_type), [UserRequested, Reconciliation]);
    }
}

#[test]
fn section_3_update_entry() {
    for key_type in [KeyType::Cpf, KeyType::Cnpj, KeyType::Phone, KeyType::Email] {
        let reasons = [UserRequested, BranchTransfer, Reconciliation, RfbValidation];
        assert_eq!(fitting(EntryOperation::Update, key_type), reasons);
    }
}

#[test]
fn section_3_update_entry_of_a_random_key() {
    assert_eq!(fitting(EntryOperation::Update, KeyType::Evp), [RfbValidation]);
}

#[test]
fn section_3_delete_entry() {
    for key_type in KeyType::ALL {
        let reasons = [UserRequested, AccountClosure, Reconciliation, Fraud, RfbValidation];
        assert_eq!(fitting(EntryOperation::Delete, key_type), reasons);
    }
}

#[test]
fn section_3_a_reason_that_does_not_fit_is_invalid() {
    let result = || Fraud.fits(EntryOperation::Create, KeyType::Cpf);
    assert_eq!(refused(result()), Some(RefusalKind::InvalidReason));
    assert_eq!(fields(result()), ["reason"]);
}

#[test]
fn section_3_entry_inactivity_is_no_reason_any_more() {
    let names = ["USER_REQUESTED", "ACCOUNT_CLOSURE", "BRANCH_TRANSFER", "RECONCILIATION", "FRAUD", "RFB_VALIDATION"];
    assert_eq!(EntryReason::ALL.map(EntryReason::name), names);
    assert!(EntryReason::ALL.iter().all(|it| EntryReason::parse(it.name()) == Some(*it)));
    for name in ["ENTRY_INACTIVITY", "PARTICIPANT_EXCLUSION", "user_requested", "DEFAULT_OPERATION", ""] {
        assert_eq!(EntryReason::parse(name), None, "{name}");
    }
}

#[test]
fn section_4_2_reasons_of_claims_have_the_directory_s_names() {
    let names = ["USER_REQUESTED", "ACCOUNT_CLOSURE", "DEFAULT_OPERATION", "FRAUD", "RECONCILIATION", "RFB_VALIDATION"];
    assert_eq!(ClaimReason::ALL.map(ClaimReason::name), names);
    assert!(ClaimReason::ALL.iter().all(|it| ClaimReason::parse(it.name()) == Some(*it)));
    assert_eq!(ClaimReason::parse("BRANCH_TRANSFER"), None);
}
