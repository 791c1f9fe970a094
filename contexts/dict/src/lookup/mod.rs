//! stub
pub mod grpc {
    use crate::{Dict, caller::CallerOf, failure::Failure};
    use proto::core::*;
    pub async fn lookup_key(_d: &Dict, _c: &CallerOf, _m: LookupKeyRequest) -> Result<LookupKeyResponse, Failure> {
        Err(Failure::Busy)
    }
    pub async fn report_payment_sent(
        _d: &Dict,
        _c: &CallerOf,
        _m: ReportPaymentSentRequest,
    ) -> Result<ReportPaymentSentResponse, Failure> {
        Err(Failure::Busy)
    }
}
