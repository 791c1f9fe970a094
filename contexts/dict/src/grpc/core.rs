//! `CoreDictService`: each method finds out who calls, and hands over to its feature.

use proto::core as message;
use proto::core::core_dict_service_server::CoreDictService;
use tonic::{Request, Response, Status};

use super::status::status;
use super::{Face, caller_of, health};
use crate::{claims, entries, lookup};

/// `CoreDictService`: each method finds out who calls, and hands over to its feature.
#[derive(Debug, Clone)]
pub struct Core(pub Face);

#[tonic::async_trait]
impl CoreDictService for Core {
    async fn create_key(
        &self,
        request: Request<message::CreateKeyRequest>,
    ) -> Result<Response<message::CreateKeyResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        entries::grpc::create_key(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn list_keys(
        &self,
        request: Request<message::ListKeysRequest>,
    ) -> Result<Response<message::ListKeysResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        entries::grpc::list_keys(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn get_key(
        &self,
        request: Request<message::GetKeyRequest>,
    ) -> Result<Response<message::GetKeyResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        entries::grpc::get_key(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn delete_key(
        &self,
        request: Request<message::DeleteKeyRequest>,
    ) -> Result<Response<message::DeleteKeyResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        entries::grpc::delete_key(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn start_claim(
        &self,
        request: Request<message::StartClaimRequest>,
    ) -> Result<Response<message::StartClaimResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::start_claim(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn get_claim_status(
        &self,
        request: Request<message::GetClaimStatusRequest>,
    ) -> Result<Response<message::GetClaimStatusResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::get_claim_status(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn list_incoming_claims(
        &self,
        request: Request<message::ListClaimsRequest>,
    ) -> Result<Response<message::ListClaimsResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::list_incoming_claims(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn list_outgoing_claims(
        &self,
        request: Request<message::ListClaimsRequest>,
    ) -> Result<Response<message::ListClaimsResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::list_outgoing_claims(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn respond_to_claim(
        &self,
        request: Request<message::RespondToClaimRequest>,
    ) -> Result<Response<message::RespondToClaimResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::respond_to_claim(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn cancel_claim(
        &self,
        request: Request<message::CancelClaimRequest>,
    ) -> Result<Response<message::CancelClaimResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::cancel_claim(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn start_portability(
        &self,
        request: Request<message::StartPortabilityRequest>,
    ) -> Result<Response<message::StartPortabilityResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::start_portability(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn confirm_portability(
        &self,
        request: Request<message::ConfirmPortabilityRequest>,
    ) -> Result<Response<message::ConfirmPortabilityResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::confirm_portability(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn cancel_portability(
        &self,
        request: Request<message::CancelPortabilityRequest>,
    ) -> Result<Response<message::CancelPortabilityResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::cancel_portability(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn lookup_key(
        &self,
        request: Request<message::LookupKeyRequest>,
    ) -> Result<Response<message::LookupKeyResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        lookup::grpc::lookup_key(&self.0.dict, &self.0.lookups, &caller, message)
            .await
            .map(Response::new)
            .map_err(status)
    }

    async fn health_check(
        &self,
        _request: Request<message::HealthCheckRequest>,
    ) -> Result<Response<message::HealthCheckResponse>, Status> {
        Ok(Response::new(health::check(&self.0.dict, &self.0.dependencies).await))
    }
}
