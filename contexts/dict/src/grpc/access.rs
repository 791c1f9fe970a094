//! Which token may call which method: one table, and a test that no method is missing.

use platform::grpc::{GrpcAccess, MethodRule, method_rule};

/// Registers, changes and removes keys.
pub const KEY_WRITE: &str = "dict.key.write";
/// Sees keys of the institution with all that is known of them.
pub const KEY_READ: &str = "dict.key.read";
/// Opens, answers and ends claims.
pub const CLAIM_WRITE: &str = "dict.claim.write";
/// Sees claims.
pub const CLAIM_READ: &str = "dict.claim.read";
/// Looks keys up to show whose they are.
pub const LOOKUP_DISPLAY: &str = "dict.lookup.display";
/// Looks keys up to pay.
pub const LOOKUP_PAYMENT: &str = "dict.lookup.payment";
/// Compares bases.
pub const RECONCILIATION: &str = "dict.reconciliation";
/// Sends and checks possession codes.
pub const POSSESSION: &str = "dict.possession";
/// Tells of payment orders.
pub const PAYMENT_REPORT: &str = "dict.payment.report";

/// Every scope, for those who issue tokens.
pub const SCOPES: [&str; 9] = [
    KEY_WRITE,
    KEY_READ,
    CLAIM_WRITE,
    CLAIM_READ,
    LOOKUP_DISPLAY,
    LOOKUP_PAYMENT,
    RECONCILIATION,
    POSSESSION,
    PAYMENT_REPORT,
];

const CORE: &str = "dict.core.v1.CoreDictService";
const EXTENSION: &str = "dict.core.v1.CoreDictExtensionService";
const RECONCILIATION_SERVICE: &str = "dict.core.v1.ReconciliationService";

const fn scope(service: &'static str, method: &'static str, scope: &'static str) -> MethodRule {
    method_rule(service, method, GrpcAccess::Scope(scope))
}

/// Who may call each method. A method that is not here is refused.
pub const ACCESS: &[MethodRule] = &[
    scope(CORE, "CreateKey", KEY_WRITE),
    scope(CORE, "ListKeys", KEY_READ),
    scope(CORE, "GetKey", KEY_READ),
    scope(CORE, "DeleteKey", KEY_WRITE),
    scope(CORE, "StartClaim", CLAIM_WRITE),
    scope(CORE, "GetClaimStatus", CLAIM_READ),
    scope(CORE, "ListIncomingClaims", CLAIM_READ),
    scope(CORE, "ListOutgoingClaims", CLAIM_READ),
    scope(CORE, "RespondToClaim", CLAIM_WRITE),
    scope(CORE, "CancelClaim", CLAIM_WRITE),
    scope(CORE, "StartPortability", CLAIM_WRITE),
    scope(CORE, "ConfirmPortability", CLAIM_WRITE),
    scope(CORE, "CancelPortability", CLAIM_WRITE),
    // The purpose that is asked for decides which of the two is needed.
    method_rule(CORE, "LookupKey", GrpcAccess::AnyScope(&[LOOKUP_DISPLAY, LOOKUP_PAYMENT])),
    method_rule(CORE, "HealthCheck", GrpcAccess::Open),
    scope(EXTENSION, "UpdateKey", KEY_WRITE),
    // What it answers is for the institution's own use (Manual 13.2.3): not for those who only look keys up.
    scope(EXTENSION, "CheckKeys", KEY_READ),
    scope(EXTENSION, "RequestPossessionCode", POSSESSION),
    scope(EXTENSION, "ConfirmPossession", POSSESSION),
    scope(EXTENSION, "ReportPaymentSent", PAYMENT_REPORT),
    scope(RECONCILIATION_SERVICE, "GetCid", RECONCILIATION),
    scope(RECONCILIATION_SERVICE, "GetVSync", RECONCILIATION),
    scope(RECONCILIATION_SERVICE, "ListCidEvents", RECONCILIATION),
    scope(RECONCILIATION_SERVICE, "Reconcile", RECONCILIATION),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_method_of_the_contract_lacks_a_rule() {
        let connect = |name: &String| name.starts_with("dict.connect.");
        let missing: Vec<String> =
            platform::grpc::missing_rules(proto::DESCRIPTORS, ACCESS).into_iter().filter(|it| !connect(it)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn only_health_is_open() {
        let open: Vec<&str> =
            ACCESS.iter().filter(|rule| rule.access == GrpcAccess::Open).map(|rule| rule.method).collect();
        assert_eq!(open, ["HealthCheck"]);
    }
}
