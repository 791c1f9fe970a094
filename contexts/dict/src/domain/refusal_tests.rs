use std::collections::BTreeSet;

use super::*;

fn rows(status: u16, names: &[&str]) {
    for name in names {
        let kind = RefusalKind::from_name(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!((kind.name(), kind.http_status()), (*name, status));
    }
}

#[test]
fn section_5_general() {
    rows(403, &["Forbidden"]);
    rows(404, &["NotFound"]);
    rows(410, &["Gone"]);
    rows(429, &["RateLimited"]);
    rows(500, &["InternalServerError"]);
    rows(503, &["ServiceUnavailable"]);
    rows(400, &["BadRequest", "RequestSignatureInvalid", "RequestIdAlreadyUsed", "InvalidReason"]);
    rows(400, &["ParticipantInvalid", "TaxIdNumberBlocked"]);
}

#[test]
fn section_5_general_since_2_12() {
    rows(409, &["ResourceConflict"]);
    assert_eq!(RefusalKind::from_name("DeprecatedResource"), Some(RefusalKind::Gone));
    assert_eq!(RefusalKind::from_reason("DEPRECATED_RESOURCE"), Some(RefusalKind::Gone));
}

#[test]
fn section_5_entry() {
    rows(400, &["EntryInvalid", "EntryLimitExceeded", "EntryAlreadyExists", "EntryCannotBeQueriedForBookTransfer"]);
    rows(400, &["EntryKeyOwnedByDifferentPerson", "EntryKeyInCustodyOfDifferentParticipant", "EntryLockedByClaim"]);
    rows(400, &["EntryTaxIdNumberByDifferentOwner", "EntryBlocked", "EntryWithFraudRelatedRestriction"]);
}

#[test]
fn section_5_claim() {
    rows(404, &["ClaimKeyNotFound"]);
    rows(400, &["ClaimInvalid", "ClaimTypeInconsistent", "ClaimAlreadyExistsForKey", "ClaimOperationInvalid"]);
    rows(400, &["ClaimResultingEntryAlreadyExists", "ClaimResolutionPeriodNotEnded", "ClaimCompletionPeriodNotEnded"]);
}

#[test]
fn section_5_reasons_are_the_names_in_upper_snake_case() {
    for kind in RefusalKind::ALL {
        let mut snake = String::new();
        for (at, c) in kind.name().chars().enumerate() {
            if at > 0 && c.is_ascii_uppercase() {
                snake.push('_');
            }
            snake.push(c.to_ascii_uppercase());
        }
        assert_eq!(kind.reason(), snake);
        assert!(snake.len() <= 63, "AIP-193 allows 63 characters: {snake}");
        assert_eq!(RefusalKind::from_reason(kind.reason()), Some(kind));
        assert_eq!(RefusalKind::from_name(kind.name()), Some(kind));
    }
    assert_eq!(RefusalKind::ALL.iter().collect::<BTreeSet<_>>().len(), RefusalKind::ALL.len());
    assert_eq!(RefusalKind::from_name("Nonsense"), None);
    assert_eq!(RefusalKind::from_reason(""), None);
}

#[test]
fn a_violation_is_named_by_its_path() {
    let violation = Violation::new("number", "it is too long").under("account");
    assert_eq!(violation, Violation { property: "account.number".into(), reason: "it is too long".into() });
}
