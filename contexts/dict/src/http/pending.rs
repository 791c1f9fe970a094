//! Stands for the use cases until they are there.

#![expect(clippy::unused_async, reason = "the use cases wait")]

pub(super) mod entries {
    pub(in crate::http) mod grpc {
        use proto::core;

        use crate::Dict;
        use crate::caller::CallerOf;
        use crate::failure::Failure;

        pub(in crate::http) async fn create_key(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::CreateKeyRequest,
        ) -> Result<core::CreateKeyResponse, Failure> {
            Err(Failure::Unavailable { what: "entries", retry_after_ms: None })
        }

        pub(in crate::http) async fn list_keys(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::ListKeysRequest,
        ) -> Result<core::ListKeysResponse, Failure> {
            Err(Failure::Unavailable { what: "entries", retry_after_ms: None })
        }

        pub(in crate::http) async fn get_key(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::GetKeyRequest,
        ) -> Result<core::GetKeyResponse, Failure> {
            Err(Failure::Unavailable { what: "entries", retry_after_ms: None })
        }

        pub(in crate::http) async fn delete_key(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::DeleteKeyRequest,
        ) -> Result<core::DeleteKeyResponse, Failure> {
            Err(Failure::Unavailable { what: "entries", retry_after_ms: None })
        }

        pub(in crate::http) async fn update_key(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::UpdateKeyRequest,
        ) -> Result<core::UpdateKeyResponse, Failure> {
            Err(Failure::Unavailable { what: "entries", retry_after_ms: None })
        }
    }
}

pub(super) mod claims {
    pub(in crate::http) mod grpc {
        use proto::core;

        use crate::Dict;
        use crate::caller::CallerOf;
        use crate::failure::Failure;

        pub(in crate::http) async fn start_claim(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::StartClaimRequest,
        ) -> Result<core::StartClaimResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn get_claim_status(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::GetClaimStatusRequest,
        ) -> Result<core::GetClaimStatusResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn list_incoming_claims(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::ListClaimsRequest,
        ) -> Result<core::ListClaimsResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn list_outgoing_claims(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::ListClaimsRequest,
        ) -> Result<core::ListClaimsResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn respond_to_claim(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::RespondToClaimRequest,
        ) -> Result<core::RespondToClaimResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn cancel_claim(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::CancelClaimRequest,
        ) -> Result<core::CancelClaimResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn start_portability(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::StartPortabilityRequest,
        ) -> Result<core::StartPortabilityResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn confirm_portability(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::ConfirmPortabilityRequest,
        ) -> Result<core::ConfirmPortabilityResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn cancel_portability(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::CancelPortabilityRequest,
        ) -> Result<core::CancelPortabilityResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn request_possession_code(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::RequestPossessionCodeRequest,
        ) -> Result<core::RequestPossessionCodeResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }

        pub(in crate::http) async fn confirm_possession(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::ConfirmPossessionRequest,
        ) -> Result<core::ConfirmPossessionResponse, Failure> {
            Err(Failure::Unavailable { what: "claims", retry_after_ms: None })
        }
    }
}

pub(super) mod lookup {
    pub(in crate::http) mod grpc {
        use proto::core;

        use crate::Dict;
        use crate::caller::CallerOf;
        use crate::failure::Failure;

        pub(in crate::http) async fn lookup_key(
            _dict: &Dict,
            _caller: &CallerOf,
            _message: core::LookupKeyRequest,
        ) -> Result<core::LookupKeyResponse, Failure> {
            Err(Failure::Unavailable { what: "lookup", retry_after_ms: None })
        }
    }
}
